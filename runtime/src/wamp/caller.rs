//! The calling side: from requests to CALL, and from what comes back to replies and errors.

mod layout;
mod meaning;
mod names;
mod numbered;
mod options;
mod outcome;
mod refusal;
mod stream;
mod transport;
mod uris;

pub use layout::{Layout, Objects, OneWay};
pub use meaning::ErrorArguments;
pub(super) use meaning::{meaning, rpc_error};
pub(super) use names::procedure;
pub(super) use numbered::{CODE, DATA, EXECUTED, PROCEDURE};
pub(super) use uris::Uris;
