# Thresholds: read, changed, exceeded, refused.
sub {
    my ($s, $device) = @_;
    my $found = $device->outlets->[0]->getSensors;
    $s->step('energy.thresholds', sub { $found->{activeEnergy}->getThresholds });
    my $voltage = $found->{voltage};
    my $thresholds = $s->step('voltage.thresholds', sub { $voltage->getThresholds }) or return;
    $thresholds->{upperWarningActive} = 1;
    $thresholds->{upperWarning} = 100.0;
    $s->step('voltage.set_thresholds', sub { $voltage->setThresholds($thresholds) });
    $s->step('voltage.new_thresholds', sub { $voltage->getThresholds });
    $s->step('voltage.warned_reading', sub { $voltage->getReading });
    $thresholds->{upperWarning} = 1e9;
    $s->step('voltage.bad_thresholds', sub { $voltage->setThresholds($thresholds) });
}
