# What the device consists of: outlets, inlets, poles, overcurrent protectors, peripheral devices.
sub {
    my ($s, $device) = @_;
    my $pdu = $device->pdu;
    my $outlets = $s->step('outlets', sub { $pdu->getOutlets });
    my $inlets = $s->step('inlets', sub { $pdu->getInlets });
    for my $index (0 .. $#{ $inlets || [] }) {
        $s->step("inlet.$index.poles", sub { $inlets->[$index]->getPoles });
        $s->step("inlet.$index.enabled", sub { $inlets->[$index]->isEnabled });
    }
    my $protectors = $s->step('ocps', sub { $pdu->getOverCurrentProtectors });
    for my $index (0 .. $#{ $protectors || [] }) {
        $s->step("ocp.$index.poles", sub { $protectors->[$index]->getPoles });
        $s->step("ocp.$index.inlet", sub { $protectors->[$index]->getInlet });
    }
    $s->step('outlet.0.iop', sub { $outlets->[0]->getIOP(\my ($inlet, $protector, $poles)); [$inlet, $protector, $poles] });
    $s->block('peripherals', sub {
        my $manager = $pdu->getPeripheralDeviceManager;
        my $slots = $s->step('slots', sub { $manager->getDeviceSlots });
        for my $index (0 .. $#{ $slots || [] }) {
            $s->step("slot.$index.device", sub { $slots->[$index]->getDevice });
        }
        $s->step('manager.devices', sub { $manager->getDiscoveredDevices });
    });
    $s->step('pdu.controllers', sub { $pdu->getControllers });
    $s->step('firmware', sub { $device->proxy('/firmware', 'firmware.Firmware')->getVersion });
    $s->step('lookup', sub { $device->proxy('/ns', 'jsonrpc.NameService')->lookup('/model/pdu/0/outlet/0') });
}
