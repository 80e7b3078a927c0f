# Which sensors the parts have, and what kind of sensors they are.
sub {
    my ($s, $device) = @_;
    my $pdu = $device->pdu;
    $s->step('pdu.sensors', sub { $pdu->getSensors });
    my %parts = (outlet => 'getOutlets', inlet => 'getInlets', ocp => 'getOverCurrentProtectors');
    for my $kind (sort keys %parts) {
        $s->block($kind, sub {
            my $get = $parts{$kind};
            my $index = 0;
            for my $part (@{ $pdu->$get }) {
                $s->step("$kind.$index.sensors", sub { $part->getSensors });
                $index++;
            }
        });
    }
    $s->block('sensors of an outlet', sub {
        my $found = $pdu->getOutlets->[0]->getSensors;
        my %sensors = (voltage => $found->{voltage}, energy => $found->{activeEnergy});
        for my $name (sort keys %sensors) {
            $s->step("$name.type", sub { $sensors{$name}->getTypeSpec });
            $s->step("$name.meta_data", sub { $sensors{$name}->getMetaData });
        }
    });
}
