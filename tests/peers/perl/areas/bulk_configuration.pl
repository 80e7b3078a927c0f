# The bulk configuration and the backup: downloaded and restored; something else refused.
sub {
    my ($s, $device) = @_;
    my $configuration = $device->proxy('/bulkcfg', 'bulkcfg.BulkConfiguration');
    my $status = sub { $configuration->getStatus(\my ($state, $time)); [$state, $time] };
    my $outlet = $device->outlets->[7];
    my $rename = sub { my $settings = $outlet->getSettings; $settings->{name} = $_[0]; $outlet->setSettings($settings) };
    my $upload = sub {
        my ($data, $query) = @_;
        $device->upload("bulk_config_restore.cgi$query", ['bulk_config_file', 'bulk_config.txt', $data])->header('X-Response-Code');
    };
    for ([bulk_config => ''], [backup => '?mode=backup']) {
        my ($name, $query) = @$_;
        $s->step("$name.kept", sub { $rename->('kept') });
        my $data = $device->download("bulk_config_save.cgi$query");
        $s->step("$name.lost", sub { $rename->('lost') });
        $s->step("$name.upload", sub { $upload->($data, $query) });
        $s->advance(60);
        $s->until("$name.done", 3, sub { $status->()->[0] });
        $s->step("$name.status", $status);
        $s->step("$name.name", sub { $outlet->getSettings->{name} });
    }
    $s->step('bulk_config.wrong', sub { $upload->('no configuration', '') });
    $s->step('bulk_config.profile', sub { $configuration->getDefaultFilterProfileName });
    $s->step('bulk_config.filters', sub { $configuration->getFilters });
}
