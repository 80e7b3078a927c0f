//! What goes wrong with a router: causes for the one error type, and what the errors of WAMP mean.

mod cause;
mod local;
mod unreachable;

pub use cause::{ClosedBy, SessionEnded};
pub(super) use cause::{Silence, Unread};
pub(super) use local::{NotSent, bad_uri, cannot_be_sent, no_waiting, too_large, turn_held};
pub(super) use unreachable::error as no_router;
pub use unreachable::{NoRouter, RouterCause, Stage};
