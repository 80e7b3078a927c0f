# An image: uploaded, inspected, put in force, and the new version afterwards. As in the client's own example, the upload is let in by the
# token of a session in its address.
sub {
    my ($s, $device) = @_;
    my $firmware = $device->proxy('/firmware', 'firmware.Firmware');
    $s->step('firmware.before', sub { $firmware->getVersion });
    $s->step('image.none', sub { $firmware->getImageInfo(\my $info) });
    my $image = Steps::Device::read_file($ENV{XERUS_IMAGE});
    $device->proxy('/session', 'session.SessionManager')->newSession(\my ($opened, $token));
    my $stranger = bless { %$device, user => undef }, ref $device;
    $s->step('image.upload', sub { $stranger->upload("fwupload.cgi?session=$token", ['upfile', 'upfile.bin', $image]); undef });
    $s->step('image.status', sub { $firmware->getImageStatus });
    my $present = $firmware->getImageInfo(\my $info);
    $s->show('image.info', [$present, $info]);
    $s->step('update.start', sub { $firmware->startUpdate([]); undef });
    my $status = Raritan::RPC::firmware::FirmwareUpdateStatus->new($device->{agent}, '/cgi-bin/fwupdate_progress.cgi');
    my @states;
    for (1 .. 300) {
        # No answer is normal while it restarts.
        my $state = eval { $status->getStatus->{state} } || 'absent';
        push @states, $state if !@states || $states[-1] ne $state;
        last if $state eq 'FAIL' || $state eq 'NONE';
        $s->advance(1);
    }
    $s->show('update.states', \@states);
    $s->step('firmware.after', sub { $firmware->getVersion });
    $s->step('update.history', sub { $firmware->getUpdateHistory });
}
