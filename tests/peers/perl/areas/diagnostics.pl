# Diagnostic data and logs.
sub {
    my ($s, $device) = @_;
    $s->step('diagnostics.there', sub { length $device->download('diag-data.cgi') ? 1 : 0 });
    $s->step('diagnostics.levels', sub { $device->proxy('/diag', 'diag.DiagLogSettings')->getLogLevelsForAllCtxNames });
    my $log = $device->proxy('/eventlog', 'logging.EventLog');
    my $info = $s->step('log.info', sub { $log->getInfo }) or return;
    my $chunk = $log->getChunk($info->{idFirst}, 100, 0, []);
    my @ids = map { $_->{id} } @{ $chunk->{selEntries} };
    my @expected = map { $info->{idFirst} + $_ } 0 .. $#ids;
    $s->show('log.in_order', @ids && "@ids" eq "@expected" ? 1 : 0);
}
