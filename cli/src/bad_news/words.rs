//! The line of an error in the words of the command line: the library names its methods where options are meant here.

use std::borrow::Cow;

use xerus_rpc::Error;
use xerus_rpc::error::ErrorKind;

use crate::wire::Wire;

/// What the library says, and what is said in its place; the longer ones first, where one is a part of another.
const WORDS: &[(&str, &str)] = &[
    (
        "give user name and password to basic_auth when the agent is built, or to Agent::login",
        "log in with --user",
    ),
    (
        "give Ripex2Builder::login a user, or call Agent::login",
        "log in with --user",
    ),
    ("give others to Agent::login", "give others with --user"),
    ("; Agent::change_password does both", ""),
    ("give them to basic_auth", "give them with --user"),
    (
        "give what it asks for to WampBuilder::auth",
        "give what it asks for with --user and --auth-method",
    ),
    ("give it to WampBuilder::auth", "give it with --user"),
    (
        " (any_target accepts it where there is one)",
        ": write / for it",
    ),
    (
        " (WampBuilder::objects says how they do where there are several)",
        ": write / for it",
    ),
    (" (WampBuilder::objects says how they do)", ""),
    (
        "give the device's CA to root_certificate_pem",
        "give the device's CA with --ca",
    ),
    ("pin_certificate_sha256", "--pin"),
    ("pin_public_key_sha256", "--pin-key"),
    (
        "raise connect_timeout (timeout where that is shorter)",
        "give --timeout more",
    ),
    ("raise timeout", "give --timeout more"),
    ("bad value for connect_timeout", "bad value for --timeout"),
    ("bad value for timeout", "bad value for --timeout"),
    ("raise max_response_bytes or ask for less", "ask for less"),
    ("; raise max_depth if the device is right", ""),
    ("raise max_waiting or add servers", "add servers"),
    (
        ", or raise max_request_bytes where router and callee take more",
        "",
    ),
    ("use Serializer::Json, or other values", "give other values"),
    (
        "(use the https URL, or upgrade_redirects)",
        "(use the https URL)",
    ),
    (
        "build xerus-rpc with its feature `aws-lc`, which knows that curve, or give",
        "give",
    ),
    (
        "which this library cannot present",
        "which this program cannot present",
    ),
];

/// The same for wires whose URLs begin in another way.
const fn of_wire(wire: Wire) -> &'static [(&'static str, &'static str)] {
    match wire {
        Wire::Wamp => &[
            ("or try http://", "or try ws://"),
            ("the port is that of https", "the port is that of wss"),
            (
                "try https:// instead of http://",
                "try wss:// instead of ws://",
            ),
        ],
        Wire::Ripex2 => &[
            ("or try http://", "or try ripex2+http://"),
            (
                "try https:// instead of http://",
                "try ripex2+https:// instead of ripex2+http://",
            ),
            (
                "expected https://host or http://host",
                "expected ripex2+https://host or ripex2+http://host",
            ),
        ],
        // What has no scheme that is known is left to this wire, whatever was meant.
        Wire::Http => &[(
            "expected https://host or http://host",
            "known are https://HOST and http://HOST, netstring://HOST:PORT, netstring+srv://NAME, ws://ROUTER and wss://ROUTER, \
             ripex2+https://HOST and ripex2+http://HOST",
        )],
        Wire::Netstring | Wire::NetstringSrv => &[],
    }
}

/// The line of an error.
pub(crate) fn line(error: &Error, wire: Wire) -> String {
    let line = error.to_string();
    // These are mostly the words of the device, which mean what they say.
    if matches!(
        error.kind(),
        ErrorKind::Rpc(_)
            | ErrorKind::HttpStatus(_)
            | ErrorKind::Application(_)
            | ErrorKind::Cgi(_)
            | ErrorKind::Protocol(_)
    ) {
        return line;
    }
    // Where it was and what was called stay as they are.
    let origin = error.origin().filter(|origin| line.starts_with(*origin));
    let begin = origin.map_or(0, str::len);
    let call = error.method().map(|method| format!(" ({method}"));
    let end = call
        .and_then(|call| line.rfind(&call))
        .filter(|end| *end >= begin);
    let end = end.unwrap_or(line.len());
    let said = in_options(&line[begin..end], wire);
    format!("{}{said}{}", &line[..begin], &line[end..])
}

/// A text of the library with options in the place of methods.
pub(crate) fn in_options(text: &str, wire: Wire) -> String {
    let mut said = Cow::Borrowed(text);
    for (library, option) in WORDS.iter().chain(of_wire(wire)) {
        if said.contains(library) {
            said = said.replace(library, option).into();
        }
    }
    said.into_owned()
}

#[cfg(test)]
mod tests;
