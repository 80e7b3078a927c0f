//! Misbehaviour on demand: what a device, a proxy or a network may do to an answer.

mod apply;
mod chance;
mod content;
mod hits;
mod kind;
mod kinds;
mod parse;
mod responses;
mod rule;
mod rules;
mod stale;
mod subject;
mod target;
mod wire;

pub use hits::Injected;
pub use kind::Fault;
pub use parse::BadFault;
pub use rule::FaultRule;
pub use rules::Faults;

pub(crate) use apply::{Before, Memory, before};
pub(crate) use content::changed;
pub(crate) use stale::Generation;
pub(crate) use subject::{Call, Subject, spelled};
pub(crate) use target::check;
