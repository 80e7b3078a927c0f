//! From the options of the command line to what can be called. Each wire has a module; the scheme of the URL chooses one.

pub(crate) mod ambient_user;
mod http;
pub(crate) mod netstring;
pub(crate) mod ripex2;
mod shown;
mod tls;
pub(crate) mod wamp;

use std::sync::Arc;
use std::time::Duration;

use xerus_rpc::http::request_url;
use xerus_rpc::recording::Recorder;
use xerus_rpc::wamp::Wamp;
use xerus_rpc::wire::Transport;
use xerus_rpc::{Agent, Error, Settings};

use crate::args::Device;
use crate::bad_news::BadNews;
use crate::failure::Failure;
use crate::terminal::Terminal;

pub(crate) use shown::shown;

/// A wire, as a URL names it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Wire {
    /// Xerus devices.
    Http,
    /// JSON-RPC in netstrings over TCP.
    Netstring,
    /// The same, with servers that DNS names.
    NetstringSrv,
    /// RipEX2 radio modems.
    Ripex2,
    /// Routers of WAMP.
    Wamp,
}

impl Wire {
    /// The wires with their schemes. What has none of these is left to HTTP, whose errors say what a URL looks like.
    const SCHEMES: [(&str, Self); 3] = [
        ("netstring://", Self::Netstring),
        ("netstring+srv://", Self::NetstringSrv),
        // What follows is the URL of the unit, https:// or http://.
        ("ripex2+", Self::Ripex2),
    ];

    /// Which wire a URL means, and the URL without the scheme that chose it.
    pub(crate) fn of(url: &str) -> (Self, &str) {
        let known = |(scheme, wire): (&str, Self)| {
            let (start, rest) = url.split_at_checked(scheme.len())?;
            start.eq_ignore_ascii_case(scheme).then_some((wire, rest))
        };
        // Of these the scheme is a part of what follows.
        if ["ws://", "wss://"]
            .iter()
            .any(|scheme| known((scheme, Self::Wamp)).is_some())
        {
            return (Self::Wamp, url);
        }
        let found = Self::SCHEMES.into_iter().find_map(known);
        found.unwrap_or((Self::Http, url))
    }
}

/// How long a device has for the end of its session.
const GOODBYE: Duration = Duration::from_secs(2);

/// What can be called, and what its transport knows.
pub(crate) struct Line {
    pub(crate) agent: Agent,
    /// How long [`Agent::close`] may take.
    pub(crate) goodbye: Duration,
    begun: Box<dyn Fn() -> bool>,
}

impl Line {
    fn new(agent: Agent, begun: impl Fn() -> bool + 'static) -> Self {
        Self {
            agent,
            goodbye: GOODBYE,
            begun: Box::new(begun),
        }
    }

    /// Whether the sending of a call may have begun. Where it has not, none that is given up now is executed.
    pub(crate) fn has_begun(&self) -> bool {
        (self.begun)()
    }
}

/// What the options name. Nothing is sent yet; the password may be asked for. What goes over its wire is written down by a
/// recorder, if there is one.
pub(crate) fn line(
    device: &Device,
    recorder: Option<&Recorder>,
    terminal: &Terminal,
) -> Result<Line, Failure> {
    let (wire, url) = Wire::of(&device.url);
    check(device)?;
    if wire != Wire::Wamp {
        refuse_realm(device)?;
    }
    match (wire, url) {
        (Wire::Wamp, url) => wamp::line(device, url, recorder),
        (Wire::Http, _) => http::line(device, recorder, terminal),
        (Wire::Netstring, servers) => netstring::of_servers(device, servers, recorder),
        (Wire::NetstringSrv, name) => netstring::of_srv(device, name, recorder),
        (Wire::Ripex2, url) => ripex2::line(device, url, recorder, terminal),
    }
}

/// Whether the URL can be used: whoever mistypes it is not told first what the wire that it seems to mean has no use for.
pub(crate) fn check(device: &Device) -> Result<(), Failure> {
    let (wire, url) = Wire::of(&device.url);
    let checked = match wire {
        Wire::Netstring => return netstring::check(url),
        Wire::NetstringSrv => return netstring::check_srv(url),
        Wire::Http | Wire::Ripex2 => request_url(url, "/").map(drop),
        Wire::Wamp => Wamp::builder(url, "realm").build().map(drop),
    };
    checked.map_err(|error| failed(error, device))
}

/// What calls over a transport, within the time that the options give.
fn over(mut transport: Arc<dyn Transport>, device: &Device, recorder: Option<&Recorder>) -> Agent {
    if let Some(recorder) = recorder {
        transport = recorder.around(transport);
    }
    let mut settings = Settings::default();
    settings.timeout = device.time();
    Agent::with_settings(transport, settings)
}

/// A call that did not work.
pub(crate) fn failed(error: Error, device: &Device) -> Failure {
    Failure::Device(BadNews::new(error, device))
}

/// Refuses what only routers have a use for.
pub(crate) fn refuse_realm(device: &Device) -> Result<(), Failure> {
    let is_given = [
        ("--realm", device.realm.is_some()),
        ("--auth-method", device.auth_method.is_some()),
    ];
    refuse("other wires than ws:// and wss://", &is_given)
}

/// Refuses options that a wire has no use for: one that is left out in silence would be missed too late.
pub(crate) fn refuse(wire: &str, options: &[(&str, bool)]) -> Result<(), Failure> {
    match options.iter().find(|(_, is_given)| *is_given) {
        Some((option, _)) => Err(Failure::Usage(format!(
            "{option} means nothing for {wire}: leave it out"
        ))),
        None => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use super::Wire;

    #[test]
    fn the_scheme_chooses_the_wire() {
        for (url, wire, rest) in [
            ("https://pdu", Wire::Http, "https://pdu"),
            ("pdu.example.com", Wire::Http, "pdu.example.com"),
            ("netstring://[::1]:9999", Wire::Netstring, "[::1]:9999"),
            ("NetString://a:1,b:2", Wire::Netstring, "a:1,b:2"),
            ("netstring:/a:1", Wire::Http, "netstring:/a:1"),
            (
                "netstring+srv://_rpc._tcp.example.com",
                Wire::NetstringSrv,
                "_rpc._tcp.example.com",
            ),
            ("wss://router/ws", Wire::Wamp, "wss://router/ws"),
            ("WS://router/ws", Wire::Wamp, "WS://router/ws"),
            (
                "ripex2+https://192.0.2.7",
                Wire::Ripex2,
                "https://192.0.2.7",
            ),
            ("ripex2://192.0.2.7", Wire::Http, "ripex2://192.0.2.7"),
            ("ünetstring://a", Wire::Http, "ünetstring://a"),
        ] {
            assert_eq!(Wire::of(url), (wire, rest));
        }
    }
}
