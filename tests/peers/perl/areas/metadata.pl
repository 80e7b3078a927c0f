# What nobody can change.
sub {
    my ($s, $device) = @_;
    my $pdu = $device->pdu;
    $s->step('pdu.meta_data', sub { $pdu->getMetaData });
    $s->step('pdu.nameplate', sub { $pdu->getNameplate });
    $s->step('pdu.statistic', sub { $pdu->getStatistic });
    my %parts = (outlet => 'getOutlets', inlet => 'getInlets', ocp => 'getOverCurrentProtectors');
    for my $kind (sort keys %parts) {
        $s->block($kind, sub {
            my $get = $parts{$kind};
            my $index = 0;
            for my $part (@{ $pdu->$get }) {
                $s->step("$kind.$index.meta_data", sub { $part->getMetaData });
                $index++;
            }
        });
    }
}
