# Logging in and out.
sub {
    my ($s, $device) = @_;
    my $agent = $device->connect($device->{user}, $device->{password});
    my $manager = $agent->createProxy('/session', 'session.SessionManager');
    my ($opened, $token);
    my $code = $manager->newSession(\$opened, \$token);
    $s->show('session.new', [$code, $opened, length $token]);
    $agent->set_auth_token($token);
    $s->step('session.current', sub { $manager->getCurrentSession });
    $s->step('session.all', sub { $manager->getSessions });
    $s->step('session.version', sub { $agent->createProxy('/firmware', 'firmware.Firmware')->getVersion });
    $s->step('session.touch', sub { $manager->touchCurrentSession(1); undef });
    $s->step('session.close', sub { $manager->closeCurrentSession(0); undef });
    $s->step('session.after', sub { $manager->getSessions });
    my $stranger = $device->connect($device->{user}, 'no');
    $s->step('wrong_password', sub { (ref $device->pdu)->new($stranger, '/model/pdu/0')->getMetaData });
}
