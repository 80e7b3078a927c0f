# The certificate: downloaded; another one uploaded, inspected, installed.
sub {
    my ($s, $device) = @_;
    my $server = $device->proxy('/server_ssl_cert', 'cert.ServerSSLCert');
    my $info = sub { $server->getInfo(\my $found); $found };
    my $active = sub { $device->download('server_ssl_cert_download.cgi?tag=active_cert') };
    $s->step('certificate.active', $active);
    $s->step('certificate.info', $info);
    my @parts = (
        ['cert_file', 'cert-file.crt', Steps::Device::read_file($ENV{XERUS_CERTIFICATE})],
        ['key_file', 'key-file.key', Steps::Device::read_file($ENV{XERUS_KEY})],
    );
    $s->step('certificate.upload', sub { 0 + ($device->upload('server_ssl_cert_upload.cgi', @parts)->content =~ /return_code=(\d+)/)[0] });
    $s->step('certificate.pending', $info);
    $s->step('certificate.install', sub { $server->installPendingKeyPair });
    $s->step('certificate.info', $info);
    $s->step('certificate.active', $active);
}
