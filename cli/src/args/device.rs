//! The commands that call devices or play one.

use std::path::PathBuf;
use std::time::Duration;

use clap::builder::{PossibleValuesParser, TypedValueParser};
use clap::{Args, Subcommand};
use xerus_sim::{FaultRule, Firmware, Profile};

/// Which device, and how to reach it: the same for all commands that call one.
#[derive(Debug, Args)]
pub(crate) struct Device {
    /// The device: `https://pdu.example.com`; or a server of netstrings: `netstring://localhost:9999`, several with commas, or as DNS names them `netstring+srv://_rpc._tcp.example.com`; or a router of WAMP: `ws://localhost:8080/ws`; or a radio modem: `ripex2+https://192.0.2.7`
    #[arg(value_name = "URL")]
    pub(crate) url: String,
    /// Who logs in; the password is taken from XERUS_PASSWORD, from --password-file, or asked for. A name in XERUS_USER counts for https:// and http:// only
    #[arg(long, value_name = "NAME", env = "XERUS_USER")]
    pub(crate) user: Option<String>,
    /// Take the password from the first line of this file
    #[arg(long, value_name = "FILE", requires = "user")]
    pub(crate) password_file: Option<PathBuf>,
    /// Trust the certificate with this SHA-256 fingerprint, whoever signed it (repeatable)
    #[arg(long, value_name = "SHA256")]
    pub(crate) pin: Vec<String>,
    /// Trust certificates whose public key has this SHA-256 fingerprint, hexadecimal or base64 (repeatable)
    #[arg(long, value_name = "SHA256")]
    pub(crate) pin_key: Vec<String>,
    /// Trust the certificates in this PEM file and what they signed, instead of the operating system's (repeatable)
    #[arg(long, value_name = "FILE")]
    pub(crate) ca: Vec<PathBuf>,
    /// DANGEROUS: accept every certificate. Whoever answers in the place of the device gets the password
    #[arg(long, alias = "insecure", conflicts_with_all = ["pin", "pin_key", "ca"])]
    pub(crate) danger_accept_invalid_certs: bool,
    /// The realm at a router of WAMP
    #[arg(long, value_name = "REALM")]
    pub(crate) realm: Option<String>,
    /// How the user is shown to a router of WAMP; the password is the ticket, the secret, or the private key [default: wampcra]
    #[arg(long, value_name = "METHOD", requires = "user", value_parser = ["ticket", "wampcra", "cryptosign"])]
    pub(crate) auth_method: Option<String>,
    /// Seconds for a whole call, connecting included [default: 30; 60 for a unit behind a radio modem]
    #[arg(long, value_name = "SECONDS", value_parser = seconds)]
    pub(crate) timeout: Option<Duration>,
}

impl Device {
    /// The time for a whole call.
    pub(crate) fn time(&self) -> Duration {
        self.timeout.unwrap_or(Duration::from_secs(30))
    }

    /// The time for a connection, on wires that do not say how far they came when that for the whole call is over first.
    pub(crate) fn time_to_connect(&self) -> Duration {
        let time = self.time();
        time - (time / 10).min(Duration::from_millis(500))
    }
}

/// `xerus call`
#[derive(Debug, Args)]
#[command(after_help = "\
What the device answers goes to stdout as it came: the return value under \"_ret_\", out-parameters under their names. A
return code other than 0 is a refusal, told on stderr. Which methods return a code is known for those of firmwares up to
4.4.1; what another method returns is a value.

Parameters in a JSON object are sent by name. Over ws:// and wss:// a JSON list is taken as well, and sent by position: the
order in which the members of an object are written counts nowhere.

--bulk takes a JSON list of {\"rid\": …, \"method\": …, \"params\": …}, sends it in as few requests as possible, and
prints a list with {\"result\": …} or {\"error\": {\"code\": …, \"message\": …, \"outcome\": …}} for each. The code is the kind
of the error, such as \"Rpc\" or \"Connect.Refused\", listed in
https://github.com/xerus-rs/xerus-rs/blob/main/docs/protocol/errors.md; the outcome is \"not executed\", \"executed\" or
\"unknown\". Where the device answered with an error, \"rpc_code\" is its own code, a number or a text, and \"data\" and
\"result\" are what it sent with it. Of a single call that stands on stderr, below the error.

Ctrl-C and SIGTERM give the call up, end the session with the device, which takes up to 36 s with a
radio modem that is logging somebody in and else 2 s, and say what is known; a second one ends at
once.

Examples:
  xerus call https://pdu.example.com /model/pdu/0/outlet/3 getState --user admin
  xerus call https://pdu.example.com /model/pdu/0/outlet/3 setPowerState '{\"pstate\": 0}' --user admin --pin 3F:A2:…
  xerus call netstring://localhost:9999 / get_user '{\"id\": 1234}'
  xerus call netstring+srv://_rpc._tcp.example.com / get_user '{\"id\": 1234}'
  xerus call ripex2+https://192.0.2.7 10.9.9.9 settings_get --user admin --pin 3F:A2:…
  xerus call ws://localhost:8080/ws --realm com.example.realm / com.example.add '{\"x\": 2, \"y\": 3}'
  xerus call https://pdu.example.com --bulk calls.json --user admin --ca ca.pem

Exit codes: 0 answered, 1 a file cannot be read or written, or answered but not printed or recorded,
2 the command line was not understood, 3 the device was not reached and nothing was executed, 4 the
device refused or answered with an error, 5 its answer cannot be read, 7 the call was sent, but
whether it was executed is not known: read the state of the device before you call again. With
--bulk that of the first call that failed, and 7 where the outcome of any is \"unknown\", whatever the
others came to, or where 2 or 3 would not be true of all. Whether anybody reads the answer makes no difference. 130 interrupted by
Ctrl-C, or 143 by SIGTERM, before anything was sent that the device could execute; 7 after that.")]
pub(crate) struct Call {
    #[command(flatten)]
    pub(crate) device: Device,
    /// Resource id of the object: /model/pdu/0; / for a wire that names no objects, or for the unit that is connected
    #[arg(
        value_name = "RID",
        required_unless_present = "bulk",
        conflicts_with = "bulk"
    )]
    pub(crate) rid: Option<String>,
    /// The method: over https:// and http:// as the IDL calls it; over netstring:// and ripex2+ under its name on the wire, which a mark @wire in the IDL may give; over ws:// and wss:// the whole URI, com.example.store.shelf.get_all
    #[arg(
        value_name = "METHOD",
        required_unless_present = "bulk",
        conflicts_with = "bulk"
    )]
    pub(crate) method: Option<String>,
    /// The parameters, a JSON object, which goes by name; over ws:// and wss:// also a JSON list, which goes by position; - reads it from stdin and @FILE from a file, which others cannot see
    #[arg(value_name = "JSON", default_value = "{}", conflicts_with = "bulk")]
    pub(crate) params: String,
    /// Make the calls in this file; - reads it from stdin
    #[arg(long, value_name = "FILE")]
    pub(crate) bulk: Option<PathBuf>,
    /// Write down what goes over the wire, without secrets, as a recording that can be played again
    #[arg(long, value_name = "FILE")]
    pub(crate) record: Option<PathBuf>,
}

/// `xerus recording`
#[derive(Debug, Subcommand)]
pub(crate) enum Recording {
    /// Make a recording out of a VCR-style cassette (YAML)
    #[command(after_help = "\
Cassettes often hold no bodies of requests. Then the calls are found again from the answers, as far as they are those of a
metrics exporter: lists of inlets, outlets and slots, their data, their sensors, readings. What cannot be found again is
left out, and told on stderr. Secrets, names and addresses are replaced as when a device is recorded.

Example:
  xerus recording convert pdu.yaml --out pdu.recording

Exit codes: 0 written, 1 the cassette cannot be read or holds nothing that can be used, or the
recording cannot be written, 2 the command line was not understood.")]
    Convert(Convert),
}

/// `xerus recording convert`
#[derive(Debug, Args)]
pub(crate) struct Convert {
    /// The cassette; - reads it from stdin
    #[arg(value_name = "CASSETTE")]
    pub(crate) cassette: PathBuf,
    /// The file for the recording; - writes it to stdout
    #[arg(long, value_name = "FILE")]
    pub(crate) out: PathBuf,
    /// Which device of the cassette, counted from 1 in the order in which they come
    #[arg(long, value_name = "NUMBER")]
    pub(crate) device: Option<usize>,
}

/// `xerus simulate`
#[derive(Debug, Args)]
#[command(after_help = "\
The first line on stdout is the URL, printed when the device answers; with --count a URL for each device; then what a client
needs to reach it. It runs until it is interrupted. Without --user and --factory nobody needs to log in.

A scenario has a line for each thing that happens: `at 10s outlet 3 off`, `at 20s trip 1`, `at 30s read inlet 1 voltage 207.5`.
All lines: https://github.com/xerus-rs/xerus-rs/blob/main/docs/simulator.md#scenarios

Examples:
  xerus simulate --listen 127.0.0.1:8080 --outlets 24
  xerus simulate --https --factory --firmware 4.0.20
  xerus simulate --profile px4-48 --count 200 --listen 127.0.0.1:20000
  xerus simulate --https --announce        # for xerus discover --interface loopback
  xerus simulate --fault close-unanswered,times=2 --fault part-delay=11ms

Exit codes: 0 interrupted, 1 it cannot listen or be announced there, the scenario or a fault cannot
be played, or the URL not printed, 2 the command line was not understood.")]
pub(crate) struct Simulate {
    /// Host and port; port 0 takes a free one
    #[arg(long, value_name = "ADDR", default_value = "127.0.0.1:0")]
    pub(crate) listen: String,
    /// Encrypt, with a fresh self-signed certificate whose fingerprint is printed
    #[arg(long)]
    pub(crate) https: bool,
    /// An administrator, who must log in
    #[arg(long, value_name = "NAME", requires = "password")]
    pub(crate) user: Option<String>,
    /// The password of that user; without --user it is refused, unless it comes from the variable
    #[arg(
        long,
        value_name = "PASSWORD",
        env = "XERUS_PASSWORD",
        hide_env_values = true
    )]
    pub(crate) password: Option<String>,
    /// As it leaves the factory: the default password, which must be changed before anything else is done
    #[arg(long, conflicts_with = "user")]
    pub(crate) factory: bool,
    /// Announce each device inside this computer, or through a network interface on whose address it listens; needs --https,
    /// since devices announce their HTTPS port; repeatable
    #[arg(
        long,
        value_name = "INTERFACE",
        num_args = 0..=1,
        default_missing_value = "loopback",
        requires = "https"
    )]
    pub(crate) announce: Vec<String>,
    /// The kind of device; its number of outlets and inlets can be changed
    #[arg(long, value_name = "PROFILE", value_parser = profile())]
    pub(crate) profile: Option<Profile>,
    /// The firmware that the device runs
    #[arg(long, value_name = "VERSION", default_value_t, value_parser = firmware())]
    pub(crate) firmware: Firmware,
    /// Number of outlets, 0 to 500; 8, or what the profile has
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u16).range(..=500))]
    pub(crate) outlets: Option<u16>,
    /// Number of inlets, 1 to 8; 1, or what the profile has
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u16).range(1..=8))]
    pub(crate) inlets: Option<u16>,
    /// Number of devices, 1 to 1000, on consecutive ports: each with a serial number and, encrypted, a certificate of its own
    #[arg(long, value_name = "N", default_value_t = 1, value_parser = clap::value_parser!(u16).range(1..=1000))]
    pub(crate) count: u16,
    /// Misbehave: a fault and when it applies, such as 'delay=500ms,rid=/model/pdu/0/*,probability=0.1'; a wrong one lists
    /// what is possible, one for an object or method that is not there is refused; may be repeated
    #[arg(long = "fault", value_name = "RULE")]
    pub(crate) faults: Vec<FaultRule>,
    /// The seed of the probabilities of faults
    #[arg(long, value_name = "NUMBER", default_value_t = 0, requires = "faults")]
    pub(crate) fault_seed: u64,
    /// What happens to the devices and when, one step a line: `at 10s outlet 3 off`
    #[arg(long, value_name = "FILE")]
    pub(crate) scenario: Option<PathBuf>,
}

/// A time that something may take: `5`, `5s`, `500ms`.
pub(super) fn seconds(text: &str) -> Result<Duration, String> {
    /// A day: longer than any call takes.
    const MOST: f64 = 86_400.0;
    let (number, unit) = match (text.strip_suffix("ms"), text.strip_suffix('s')) {
        (Some(number), _) => (number, 0.001),
        (None, Some(number)) => (number, 1.0),
        (None, None) => (text, 1.0),
    };
    match number.parse::<f64>().map(|number| number * unit) {
        Ok(seconds) if seconds > 0.0 && seconds <= MOST => Ok(Duration::from_secs_f64(seconds)),
        _ => Err("expected seconds, more than 0 and at most 86400: 5, 5s, 500ms".to_owned()),
    }
}

/// The names of all profiles, each as what it names.
fn profile() -> impl TypedValueParser<Value = Profile> {
    PossibleValuesParser::new(Profile::ALL.map(Profile::name))
        .try_map(|name| name.parse::<Profile>())
}

/// The names of all firmwares, each as what it names.
fn firmware() -> impl TypedValueParser<Value = Firmware> {
    PossibleValuesParser::new(Firmware::ALL.map(Firmware::name))
        .try_map(|name| name.parse::<Firmware>())
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use clap::Parser as _;

    use super::seconds;
    use crate::args::{Cli, Command};

    #[test]
    fn a_time_is_seconds_with_or_without_a_unit() {
        let milliseconds = |count| Ok(Duration::from_millis(count));
        for (text, time) in [
            ("5", milliseconds(5_000)),
            ("5s", milliseconds(5_000)),
            ("0.25", milliseconds(250)),
            ("1.5s", milliseconds(1_500)),
            ("500ms", milliseconds(500)),
            ("86400", milliseconds(86_400_000)),
        ] {
            assert_eq!(seconds(text), time, "{text}");
        }
        for text in [
            "", "s", "ms", "0", "-1s", "5m", "86401", "nan", "inf", "1e99s", "5 s s",
        ] {
            assert!(seconds(text).is_err(), "{text}");
        }
    }

    #[test]
    fn a_time_is_that_of_the_wire_until_one_is_given() {
        let timeout = |words: &[&str]| {
            let words = [&["xerus"], words].concat();
            let cli = Cli::try_parse_from(words).expect("a command line");
            match cli.command {
                Command::Call(call) => call.device.timeout,
                Command::Conformance(test) => test.device.timeout,
                other => panic!("{other:?}"),
            }
        };
        let call = ["call", "ripex2+https://192.0.2.7", "10.9.9.9", "name_get"];
        assert_eq!(timeout(&call), None);
        let given = [&call[..], &["--timeout", "30"]].concat();
        assert_eq!(timeout(&given), Some(Duration::from_secs(30)));
        let test = ["conformance", "ripex2+https://192.0.2.7"];
        assert_eq!(timeout(&test), Some(Duration::from_secs(2)));
    }
}
