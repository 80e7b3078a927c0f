//! What Rust sources use of an API: read as text, never built.
//!
//! [`Sources`] finds types that are named, methods that are called by name and all other names; [`Usage`] follows them
//! through a model: what a called method returns and takes, to the end.

mod reach;
mod scan;
mod sources;

pub(crate) use reach::{Usage, path};
pub(crate) use sources::Sources;
