#!/usr/bin/perl
# Drives the vendor's Perl client against a device and prints what it got, as python/drive.py does:
#
#     XERUS_PASSWORD=… XERUS_FITS=yes|no drive.pl http|https HOST:PORT USER AREA…
#
# The areas are the files in `areas`. Standard output has a line of JSON for each step, and the script waits for a line on
# standard input after each.

use strict;
use warnings;
use FindBin;
use lib $FindBin::Bin;

use Raritan::RPC;
use Steps;

$| = 1;
# A device that goes away while it is written to is an error of the step, no end of this program.
$SIG{PIPE} = 'IGNORE';
my ($scheme, $host, $user, @areas) = @ARGV;
my $device = Steps::Device->new("$scheme://$host", $user, $ENV{XERUS_PASSWORD});
for my $name (@areas) {
    my $file = "$FindBin::Bin/areas/$name.pl";
    my $steps = Steps->new($name);
    if (!-e $file) {
        $steps->lacks($name);
        next;
    }
    my $drive = do $file or die "$file: " . ($@ || $!);
    $steps->block('area', sub { $drive->($steps, $device) });
}
