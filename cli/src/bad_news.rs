//! Errors of a device on the command line: the exit code, and the options that help.

pub(crate) mod beside;
pub(crate) mod code;
pub(crate) mod words;

use std::env;
use std::fmt;
use std::io;

use tokio_tungstenite::tungstenite;
use xerus_rpc::Error;
use xerus_rpc::error::{
    AuthError, ConfigError, ConnectError, ErrorKind, ErrorMeaning, TlsError, TlsErrorKind,
};
use xerus_rpc::netstring::NoServer;
use xerus_rpc::wamp::{ClosedBy, NoRouter, RouterCause, Stage};

use crate::args::Device;
use crate::wire::{Wire, shown};

/// What is to be done where the outcome is not known, and the error does not say so.
const MAY_BE_EXECUTED: &str =
    "help: the device may have executed the call: read its state before you repeat a change";

/// What is known about a call that did not work.
#[derive(Debug)]
pub(crate) struct BadNews {
    error: Box<Error>,
    wire: Wire,
    help: Option<String>,
}

impl BadNews {
    /// An error, with the options of the command line that may help.
    pub(crate) fn new(error: Error, device: &Device) -> Self {
        Self {
            help: help(&error, device),
            wire: Wire::of(&device.url).0,
            error: Box::new(error),
        }
    }

    /// What the process ends with.
    pub(crate) fn exit_code(&self) -> u8 {
        code::exit_code(&self.error)
    }
}

impl fmt::Display for BadNews {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let line = words::line(&self.error, self.wire);
        f.write_str(&line)?;
        for cause in causes(&self.error) {
            write!(f, "\n  {}", words::in_options(&cause, self.wire))?;
        }
        for beside in beside::lines(&self.error) {
            write!(f, "\n  {beside}")?;
        }
        if let Some(help) = &self.help {
            write!(f, "\nhelp: {help}")?;
        }
        match self.exit_code() == code::UNKNOWN && !line.contains("may have executed") {
            true => write!(f, "\n{MAY_BE_EXECUTED}"),
            false => Ok(()),
        }
    }
}

/// What the error alone does not say: why each of several servers takes no call, how far it went with a router.
fn causes(error: &Error) -> Vec<String> {
    let Some(source) = std::error::Error::source(error) else {
        return Vec::new();
    };
    if let Some(none) = source.downcast_ref::<NoRouter>() {
        return none.causes.iter().filter_map(no_session).collect();
    }
    let causes = source.downcast_ref::<NoServer>();
    match causes.map_or(&[][..], |none| &none.causes) {
        [only] if only.dns.is_none() => Vec::new(),
        causes => causes.iter().map(ToString::to_string).collect(),
    }
}

/// What the kind of an error leaves open about one router.
fn no_session(cause: &RouterCause) -> Option<String> {
    let is_beyond_tcp = matches!(cause.stage, Stage::WebSocket | Stage::Join);
    let source = std::error::Error::source(&cause.error);
    match cause.error.kind() {
        ErrorKind::Timeout(_) if is_beyond_tcp => Some(format!(
            "TCP is open; there was no answer in {}",
            cause.stage
        )),
        ErrorKind::Connect(ConnectError::NoWebSocket) => Some(source?.to_string()),
        ErrorKind::Connect(ConnectError::Other) => {
            let told = source.and_then(|source| source.downcast_ref::<ClosedBy>());
            let why = source.and_then(|source| {
                let io = source.downcast_ref::<io::Error>();
                match source.downcast_ref::<tungstenite::Error>() {
                    Some(tungstenite::Error::Io(io)) => Some(io.kind()),
                    _ => io.map(io::Error::kind),
                }
            });
            match (told, why) {
                (Some(closed), _) => Some(closed.to_string()),
                (None, Some(why)) => Some(format!("{why} in {}", cause.stage)),
                (None, None) if is_beyond_tcp => Some(format!(
                    "TCP is open; the connection was closed in {}",
                    cause.stage
                )),
                (None, None) => None,
            }
        }
        _ => None,
    }
}

/// What can be done about an error with the options of the command line.
fn help(error: &Error, device: &Device) -> Option<String> {
    match error.kind() {
        ErrorKind::Tls(tls) => about_certificate(tls),
        ErrorKind::Auth(AuthError::Unauthorized)
        | ErrorKind::Config(ConfigError::NoCredentials(_))
            if device.user.is_none() =>
        {
            // It may be why somebody thinks that they are logged in.
            let ambient = match env::var_os("XERUS_USER") {
                Some(_) if Wire::of(&device.url).0 != Wire::Http => {
                    "; XERUS_USER counts for https:// and http:// only"
                }
                _ => "",
            };
            Some(format!(
                "log in with --user NAME; the password is taken from XERUS_PASSWORD, from --password-file, or asked for{ambient}"
            ))
        }
        ErrorKind::Auth(AuthError::PasswordChangeRequired) => {
            let user = device.user.as_deref().unwrap_or("NAME");
            Some(format!(
                "choose a password, and give it on standard input: the JSON {{\"password\": \"…\"}} to\n      \
                 xerus call {} /auth/user/{user} setAccountPassword - --user {user}{}",
                shown(&device.url),
                trust(device)
            ))
        }
        ErrorKind::Rpc(rpc) if rpc.meaning == Some(ErrorMeaning::MethodNotFound) => {
            Some(how_methods_are_called(Wire::of(&device.url).0).to_owned())
        }
        _ => None,
    }
}

/// What stands for METHOD on a wire.
const fn how_methods_are_called(wire: Wire) -> &'static str {
    match wire {
        Wire::Http => "METHOD is the name of the method in the IDL, such as getState",
        Wire::Netstring | Wire::NetstringSrv => {
            "over this wire METHOD is the name to which the server answers: what the mark @wire in its IDL says, or else the bare name there"
        }
        Wire::Wamp => {
            "over this wire METHOD is the whole URI under which the procedure is registered, such as com.example.store.shelf.get_all"
        }
        Wire::Ripex2 => {
            "over this wire METHOD is the name that the unit has for it, such as settings_get"
        }
    }
}

/// The options by which the device is trusted, once more.
fn trust(device: &Device) -> String {
    let pins = device.pin.iter().map(|pin| format!(" --pin {pin}"));
    let keys = device.pin_key.iter().map(|pin| format!(" --pin-key {pin}"));
    let files = device.ca.iter();
    let files = files.map(|file| format!(" --ca {}", file.display()));
    pins.chain(keys).chain(files).collect()
}

/// Which options make a certificate a trusted one.
pub(crate) fn about_certificate(error: &TlsError) -> Option<String> {
    let print = error.certificate_sha256()?;
    match error.kind() {
        // Nothing makes up for these.
        TlsErrorKind::BadKeyProof | TlsErrorKind::Revoked => None,
        TlsErrorKind::PinMismatch => Some(format!(
            "if you replaced the certificate yourself, give its new fingerprint: --pin {print}"
        )),
        TlsErrorKind::UnknownIssuer => Some(format!(
            "compare that SHA-256 with the one that the device itself shows, then trust it: --pin {print}\n      \
             or trust the authority that signed it: --ca FILE"
        )),
        _ => Some(format!(
            "compare that SHA-256 with the one that the device itself shows, then trust it: --pin {print}"
        )),
    }
}
