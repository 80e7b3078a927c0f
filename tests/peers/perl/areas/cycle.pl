# An outlet that is switched off and on again after its delay.
sub {
    my ($s, $device) = @_;
    my $outlet = $device->outlets->[4];
    my $sensor = $outlet->getSensors->{outletState};
    $s->step('outlet.4.before', sub { $sensor->getState });
    $s->step('outlet.4.cycle', sub { $outlet->cyclePowerState });
    $s->step('outlet.4.off_meanwhile', sub { $sensor->getState->{value} });
    $s->step('outlet.4.in_progress', sub { $outlet->getState->{cycleInProgress} });
    $s->advance(60);
    $s->until('outlet.4.on_again', 1, sub { $sensor->getState->{value} });
    $s->step('outlet.4.after', sub { $outlet->getState });
}
