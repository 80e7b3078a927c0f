//! The agent of references that belong to no device.

use std::sync::{Arc, LazyLock};

use crate::agent::Agent;
use crate::error::Error;
use crate::wire::{BoxFuture, Reply, Request, Transport};

/// The transport of references that belong to no device.
struct Detached;

impl Transport for Detached {
    fn origin(&self) -> &str {
        "detached"
    }

    fn call<'a>(&'a self, _: &'a Request) -> BoxFuture<'a, Result<Reply, Error>> {
        let error = Error::unsupported("the reference belongs to no agent, so it cannot be called");
        Box::pin(std::future::ready(Err(error)))
    }
}

pub(super) fn detached_agent() -> Agent {
    static DETACHED: LazyLock<Agent> = LazyLock::new(|| Agent::with_transport(Arc::new(Detached)));
    DETACHED.clone()
}
