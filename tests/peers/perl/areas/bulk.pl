# Many calls in one request. With `performRequest`, where each call is a text: what this client makes of `performBulk` is `null` in
# the place of every call.
use JSON;

sub {
    my ($s, $device) = @_;
    my $outlets = $device->outlets;
    my $id = 0;
    my @calls = map { [$_->{rid}, 'getSettings', {}] } @$outlets;
    push @calls, ['/model/pdu/0', 'getNameplate', {}], [$outlets->[0]{rid}, 'setPowerState', { pstate => 1 }],
        ['/model/pdu/0', 'cancelOutletSequence', {}], ['/model/pdu/0/outlet/999', 'getState', {}], [$outlets->[0]{rid}, 'getPoles', {}];
    my @requests = map {
        { rid => $_->[0], json => encode_json({ jsonrpc => '2.0', method => $_->[1], params => $_->[2], id => ++$id }) }
    } @calls;
    my $responses;
    $device->proxy('/bulk', 'bulkrpc.BulkRequest')->performRequest(\@requests, \$responses);
    my @answers = map { $_->{statcode} == 200 ? JSON->new->decode($_->{json}) : { error => $_->{statcode} } } @$responses;
    $s->show('bulk.names', [map { $_->{result}{_ret_}{name} } @answers[0 .. $#$outlets]]);
    $s->show('bulk.failed', [map { exists $_->{error} ? 1 : 0 } @answers]);
}
