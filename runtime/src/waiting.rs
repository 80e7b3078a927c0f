//! Calls that wait for their answers on a connection that many of them share.
//!
//! A call costs one [`Slot`]: where its answer goes, and whether its frame may still be taken back. A [`Table`] finds who waits under an
//! id and ends those whose time is over, with one timer for all of them.

mod home;
mod slot;
mod table;

pub(crate) use home::Home;
pub(crate) use slot::{End, Slot};
#[cfg(feature = "wamp")]
pub(crate) use table::Late;
#[cfg(feature = "netstring")]
pub(crate) use table::NotAdded;
pub(crate) use table::Table;
