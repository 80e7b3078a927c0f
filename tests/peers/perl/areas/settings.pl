# Settings: read, changed, read again.
sub {
    my ($s, $device) = @_;
    my $pdu = $device->pdu;
    $s->step('pdu.settings', sub { $pdu->getSettings });
    my %parts = (outlet => 'getOutlets', inlet => 'getInlets', ocp => 'getOverCurrentProtectors');
    for my $kind (sort keys %parts) {
        $s->block($kind, sub {
            my $get = $parts{$kind};
            my $index = 0;
            for my $part (@{ $pdu->$get }) {
                $s->step("$kind.$index.settings", sub { $part->getSettings });
                $index++;
            }
        });
    }
    $s->block('peripherals', sub {
        my $manager = $pdu->getPeripheralDeviceManager;
        my $slots = $manager->getDeviceSlots;
        for my $index (0 .. $#$slots) {
            $s->step("slot.$index.settings", sub { $slots->[$index]->getSettings });
        }
        $s->step('manager.settings', sub { $manager->getSettings });
    });
    $s->block('change of an outlet', sub {
        my $outlet = $pdu->getOutlets->[1];
        my $settings = $outlet->getSettings;
        $settings->{name} = "driven \x{fc} \x{1f50c}";
        $settings->{cycleDelay} = 7;
        $settings->{startupState} = 2;    # as it was before
        $s->step('outlet.1.set_settings', sub { $outlet->setSettings($settings) });
        $s->step('outlet.1.new_settings', sub { $outlet->getSettings });
    });
    $s->block('change of the pdu', sub {
        my $settings = $pdu->getSettings;
        $settings->{name} = 'driven';
        $settings->{outletPowerStateSequence} = [reverse @{ $settings->{outletPowerStateSequence} }];
        $s->step('pdu.set_settings', sub { $pdu->setSettings($settings) });
        $s->step('pdu.new_settings', sub { $pdu->getSettings });
    });
}
