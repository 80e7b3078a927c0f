# Outlets switched one by one.
sub {
    my ($s, $device) = @_;
    my $outlets = $device->outlets;
    for my $index (0 .. $#$outlets) {
        $s->step("outlet.$index.state", sub { $outlets->[$index]->getState });
    }
    $s->step('outlet.2.set_power_state', sub { $outlets->[2]->setPowerState(0) });
    $s->step('outlet.2.new_state', sub { $outlets->[2]->getState });
    $s->step('outlet.2.new_current', sub { $outlets->[2]->getSensors->{current}->getReading });
    my $class = ref $outlets->[0];
    $s->step('unknown_rid', sub { $class->new($device->{agent}, '/model/pdu/0/outlet/999')->getState });
    $s->step('unknown_method', sub { (ref $device->pdu->getInlets->[0])->new($device->{agent}, $outlets->[0]{rid})->getPoles });
}
