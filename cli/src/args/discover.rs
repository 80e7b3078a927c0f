//! `xerus discover`

use std::time::Duration;

use clap::Args;

use super::device::seconds;
use crate::output::Output;

/// `xerus discover`
#[derive(Debug, Args)]
#[command(after_help = "\
Devices announce themselves with multicast DNS, which does not leave the local network. All products are listed. What has
no address that can be used is left out, unless --all asks for it; the notes say what is odd.

Nobody has vouched for what is found: any computer in the network can announce a device. Compare the fingerprint of its
certificate before a password goes there.

Examples:
  xerus discover
  xerus discover --timeout 10s --product PX4 --output csv > devices.csv
  xerus discover --interface loopback      # what `xerus simulate --https --announce` announces

Exit codes: 0 listened to the end, whether something was found or not, 1 the output cannot be
written, 2 the command line was not understood or names an interface that is not there, 3 the
network cannot be listened to, or somebody floods it.")]
pub(crate) struct Discover {
    /// How long to listen: 5s, 500ms; a number alone is seconds
    #[arg(long, value_name = "TIME", default_value = "5s", value_parser = seconds)]
    pub(crate) timeout: Duration,
    /// How to print the list
    #[arg(long, value_name = "FORMAT", default_value = "table")]
    pub(crate) output: Output,
    /// List also what has no address that can be used
    #[arg(long)]
    pub(crate) all: bool,
    /// Only devices whose name begins so, PX4 for example (repeatable)
    #[arg(long, value_name = "NAME")]
    pub(crate) product: Vec<String>,
    /// Listen through this network interface and not through all; loopback for simulated devices (repeatable)
    #[arg(long, value_name = "INTERFACE")]
    pub(crate) interface: Vec<String>,
}
