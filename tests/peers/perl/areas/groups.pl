# Several outlets with one call: those of a list, all, and the members of a group.
sub {
    my ($s, $device) = @_;
    my $pdu = $device->pdu;
    my $outlets = $device->outlets;
    my @watched = map { $_->getSensors->{outletState} } @$outlets;
    my $states = sub { [map { $_->getState->{value} } @watched] };
    $s->step('multiple.off', sub { $pdu->setMultipleOutletPowerStates([0, 5], 0, 1) });
    $s->step('multiple.states', $states);
    $s->step('all.on', sub { $pdu->setAllOutletPowerStates(1) });
    $s->advance(60);
    $s->until('all.states', [map { 1 } @$outlets], $states);
    $s->step('sequence', sub { $pdu->getOutletSequenceState });
    $s->block('group', sub {
        my $manager = $device->proxy('/model/outletgroup', 'pdumodel.OutletGroupManager');
        my $group;
        $s->step('group.create', sub { $manager->createGroup('driven', [$outlets->[0], $outlets->[1]], \$group) });
        $group or return;
        my $number = $s->step('group.meta_data', sub { $group->getMetaData })->{groupId};
        $s->step('group.all', sub { scalar keys %{ $manager->getAllGroups } });
        $s->step('group.get', sub { $manager->getGroup($number, \my $found) });
        $s->step('group.settings', sub { $group->getSettings });
        $s->step('group.sensors', sub { $group->getSensors });
        $s->step('group.off', sub { $group->setAllOutletPowerStates(0) });
        $s->step('group.states', $states);
        $s->step('group.on', sub { $group->setAllOutletPowerStates(1) });
        $s->step('group.delete', sub { $manager->deleteGroup($number) });
        $s->step('group.left', sub { scalar keys %{ $manager->getAllGroups } });
    });
}
