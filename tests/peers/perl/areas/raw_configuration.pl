# The raw configuration: downloaded, changed, uploaded, downloaded again; something else refused.
sub {
    my ($s, $device) = @_;
    my $configuration = $device->proxy('/rawcfg', 'rawcfg.RawConfiguration');
    my $status = sub { $configuration->getStatus(\my ($state, $time)); [$state, $time] };
    my $upload = sub { $device->upload('raw_config_update.cgi', ['config_file', 'config.txt', $_[0]])->header('X-Response-Code') };
    my $text = $device->download('raw_config_download.cgi');
    $s->show('raw.downloaded', $text =~ /^outlet\[6\]\.name=$/m ? 1 : 0);
    my $changed = $text =~ s/^outlet\[6\]\.name=$/outlet[6].name=raw/mr;
    $s->step('raw.upload', sub { $upload->($changed) });
    $s->step('raw.pending', $status);
    $s->advance(60);
    $s->until('raw.name', 'raw', sub { $device->outlets->[6]->getSettings->{name} });
    $s->step('raw.status', $status);
    $s->step('raw.again', sub { $device->download('raw_config_download.cgi') =~ /^outlet\[6\]\.name=raw$/m ? 1 : 0 });
    $s->step('raw.wrong', sub { $upload->('this is no configuration') });
}
