//! Misbehaviour on demand: what a device, a proxy or a network may do to an answer.

mod apply;
mod chance;
mod content;
mod kind;
mod kinds;
mod parse;
mod responses;
mod rule;
mod rules;
mod wire;

pub use kind::Fault;
pub use parse::BadFault;
pub use rule::FaultRule;
pub use rules::Faults;

pub(crate) use apply::{Before, Memory, before};
