//! HTTP/1.1 in front of the device.

mod admission;
mod answer;
mod auth;
mod body;
mod caller;
mod connection;
mod files;
mod listen;
#[cfg(feature = "mdns")]
mod mdns;
mod path;
mod reach;
mod routes;
mod rpc;
mod script;
mod site;
mod tls;
mod watch;
mod watched;

pub(crate) use self::answer::{HTML, redirect, text, unauthorized};
pub(crate) use self::body::{AnswerBody, TornDown};
pub(crate) use self::connection::Link;
pub(crate) use self::listen::{Door, Listening, Scheme};
#[cfg(feature = "mdns")]
pub(crate) use self::mdns::Announced;
pub(crate) use self::reach::Reach;
pub(crate) use self::script::{End, Script, Step, head, written};
pub(crate) use self::tls::{Identity, Keys, Tls, identity};

pub use self::files::{Form, Part};

#[cfg(feature = "mdns")]
pub use self::mdns::{Announce, AnnounceError};
pub use self::site::{Download, FileEndpoint, FileRequest, Refusal, Site, Uploaded};
pub use self::tls::Certificate;
