# What sensors measure.
sub {
    my ($s, $device) = @_;
    my $pdu = $device->pdu;
    $s->block('pdu', sub {
        my $found = $pdu->getSensors;
        $s->step('pdu.active_energy', sub { $found->{activeEnergy}->getReading });
        $s->step('pdu.power_supply', sub { [map { $_->getState } @{ $found->{powerSupplyStatus} }] });
    });
    $s->block('outlets', sub {
        my $outlets = $pdu->getOutlets;
        for my $index (0 .. $#$outlets) {
            my $found = $outlets->[$index]->getSensors;
            $s->step("outlet.$index.outlet_state", sub { $found->{outletState}->getState });
            $s->step("outlet.$index.current", sub { $found->{current}->getReading });
            if ($index == 0) {
                $s->step('voltage.reading', sub { $found->{voltage}->getReading });
                $s->step('energy.reading', sub { $found->{activeEnergy}->getReading });
                $s->step('voltage.extremes', sub { $found->{voltage}->getMinMax });
            }
        }
    });
    $s->block('inlets', sub {
        my $inlets = $pdu->getInlets;
        for my $index (0 .. $#$inlets) {
            $s->step("inlet.$index.residual_current_status", sub { $inlets->[$index]->getSensors->{residualCurrentStatus}->getState });
            $s->step("inlet.$index.pole_currents", sub { [map { $_->{current}->getReading } @{ $inlets->[$index]->getPoles }] });
        }
    });
    $s->block('protectors', sub {
        my $protectors = $pdu->getOverCurrentProtectors;
        for my $index (0 .. $#$protectors) {
            $s->step("ocp.$index.trip", sub { $protectors->[$index]->getSensors->{trip}->getState });
        }
    });
    $s->block('peripherals', sub {
        my $slots = $pdu->getPeripheralDeviceManager->getDeviceSlots;
        for my $index (0 .. $#$slots) {
            my $plugged = $slots->[$index]->getDevice or next;
            $s->step("slot.$index.reading", sub { $plugged->{device}->getReading });
        }
    });
}
