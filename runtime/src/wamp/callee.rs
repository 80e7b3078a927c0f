//! The serving side: procedures that are registered on a router, and answered by servants.

mod builder;
mod change;
mod counters;
mod fault;
mod identity;
mod incoming;
mod interrupt;
mod lane;
mod options;
mod part;
mod plan;
mod procedure;
mod progress;
mod register;
mod routes;
mod serving;
mod table;
mod wanted;
mod work;

pub use builder::Callee;
pub use change::Change;
pub use counters::CalleeCounters;
pub(super) use fault::Told;
pub use identity::Caller;
pub use options::{Invoke, Match, RegisterOptions};
pub(super) use part::Procedures;
pub use procedure::Invocation;
pub use serving::CalleeServing;
