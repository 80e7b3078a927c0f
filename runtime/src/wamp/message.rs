//! The messages of WAMP as JSON text: what comes in is taken apart, what goes out is put together.
//!
//! Other serializations are [transcoded](super::codec), so nothing else knows that there is more than one.

mod compose;
mod elements;
mod kind;
pub(super) mod object;
mod payload;
mod read;

pub(super) use compose::Compose;
pub(super) use kind::*;
pub(super) use object::Object;
pub(super) use payload::Payload;
pub(super) use read::{Incoming, read};
