# Steps of a run: calls whose outcome is printed, see drive.pl.

package Steps;

use strict;
use warnings;

use JSON;
use Scalar::Util qw(blessed);

my $json = JSON->new->canonical->allow_nonref->ascii;

sub new {
    my ($class, $area) = @_;
    return bless { area => $area }, $class;
}

# The JSON of a decoded value, as IDL marshalling defines it; maps stay objects, as the client has no other sign of them.
sub plain {
    my ($value) = @_;
    if (blessed $value && $value->isa('Raritan::RPC::RemoteObject')) {
        return { rid => $value->{rid}, type => $value->{typeId} };
    }
    if (JSON::is_bool($value)) {
        return $value;
    }
    if (ref $value eq 'HASH') {
        my %members = map { $_ => plain($value->{$_}) } grep { $_ ne '_typeId' } keys %$value;
        return defined $value->{_typeId} ? { type => $value->{_typeId}, value => \%members } : \%members;
    }
    if (ref $value eq 'ARRAY') {
        return [map { plain($_) } @$value];
    }
    return $value;
}

# An exception: its class and text, and what the client was calling when it was raised.
sub describe {
    my ($error) = @_;
    my $text = blessed $error && $error->isa('Error') ? $error->text : "$error";
    $text =~ s/\n.*//s;
    my %described = (class => (ref $error || 'die') =~ s/^Raritan::RPC:://r, text => $text);
    if ($text =~ /HTTP Error (\d+)/) { $described{status} = 0 + $1 }
    if ($text =~ /JSON RPC Error Response \((-?\d+)/) { $described{code} = 0 + $1 }
    if ($text =~ /Can't locate object method "(\w+)" via package "Raritan::RPC::(\w+)::(\w+)"/) {
        $described{lacks} = JSON::true;
        $described{method} = $1;
        my ($module, $name) = ($2, $3);
        my $version = $name =~ s/_(\d+)_(\d+)_(\d+)$// ? "$1.$2.$3" : '1.0.0';
        $described{interface} = "$module.$name:$version";
    }
    return \%described;
}

# Tells the caller, and waits until it has looked at the device.
sub say_it {
    my ($what) = @_;
    print $json->encode($what), "\n";
    my $go_on = <STDIN>;
}

# A step; what the call returned, `undef` if it failed.
sub step {
    my ($self, $name, $call) = @_;
    my $value = eval { [$call->()] };
    if (!defined $value) {
        say_it({ area => $self->{area}, step => $name, error => describe($@) });
        return undef;
    }
    $self->show($name, $value->[0]);
    return $value->[0];
}

sub show {
    my ($self, $name, $value) = @_;
    say_it({ area => $self->{area}, step => $name, value => plain($value) });
}

sub lacks {
    my ($self, $what) = @_;
    say_it({ area => $self->{area}, lacks => $what });
}

sub advance {
    my ($self, $seconds) = @_;
    say_it({ advance => $seconds });
}

# A step that gives the wanted value soon: time has passed on the device, which now does its work.
sub until {
    my ($self, $name, $wanted, $call) = @_;
    for (1 .. 200) {
        last if $json->encode(plain($call->())) eq $json->encode($wanted);
        select undef, undef, undef, 0.01;
    }
    return $self->step($name, $call);
}

# Steps that stand and fall together; the failure of one does not end the area.
sub block {
    my ($self, $name, $steps) = @_;
    if (!eval { $steps->(); 1 }) {
        say_it({ area => $self->{area}, step => $name, error => describe($@) });
    }
}

# How to reach the device, and the objects that nearly every area begins with.
package Steps::Device;

sub new {
    my ($class, $url, $user, $password) = @_;
    my $self = bless { url => $url, user => $user, password => $password, fits => $ENV{XERUS_FITS} eq 'yes' }, $class;
    $self->{agent} = $self->connect($user, $password);
    return $self;
}

sub connect {
    my ($self, $user, $password) = @_;
    return Raritan::RPC::Agent->new($self->{url}, $user, $password, 1);
}

# A proxy of the version that the device tells.
sub proxy {
    my ($self, $rid, $type) = @_;
    return $self->{agent}->createProxy($rid, $type);
}

# Files: the client has nothing for them, its examples use this library.
sub request {
    my ($self, $request) = @_;
    my $browser = LWP::UserAgent->new(ssl_opts => { verify_hostname => 0, SSL_verify_mode => IO::Socket::SSL::SSL_VERIFY_NONE() });
    $request->authorization_basic($self->{user}, $self->{password}) if defined $self->{user};
    my $answer = $browser->request($request);
    die 'HTTP Error ' . $answer->status_line . "\n" if $answer->code != 200;
    return $answer;
}

sub download {
    my ($self, $path) = @_;
    return $self->request(HTTP::Request::Common::GET("$self->{url}/cgi-bin/$path"))->content;
}

# Parts are name, file name and data.
sub upload {
    my ($self, $path, @parts) = @_;
    my @content = map { $_->[0] => [undef, $_->[1], Content => $_->[2], 'Content-Type' => 'application/octet-stream'] } @parts;
    my @form = (Content_Type => 'form-data', Content => [submit => 1, @content]);
    return $self->request(HTTP::Request::Common::POST("$self->{url}/cgi-bin/$path", @form));
}

sub read_file {
    my ($path) = @_;
    open my $file, '<:raw', $path or die "$path: $!";
    local $/;
    return scalar <$file>;
}

sub pdu { return $_[0]->proxy('/model/pdu/0', 'pdumodel.Pdu') }
sub outlets { return $_[0]->pdu->getOutlets }

1;
