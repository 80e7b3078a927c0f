//! A device of a fleet, at rest and in the hands of the work on it.

use std::fmt;
use std::sync::Arc;

use crate::agent::Agent;
use crate::error::Error;

/// Makes the agent of a device.
pub(super) type Make<K> = dyn Fn(&K) -> Result<Agent, Error> + Send + Sync;

/// What a fleet keeps of a device.
pub(super) struct Source<K> {
    pub(super) key: K,
    agent: AgentOf<K>,
}

enum AgentOf<K> {
    Given(Agent),
    ToMake(Arc<Make<K>>),
}

impl<K> Source<K> {
    pub(super) fn given(key: K, agent: Agent) -> Self {
        let agent = AgentOf::Given(agent);
        Self { key, agent }
    }

    pub(super) fn to_make(key: K, make: Arc<Make<K>>) -> Self {
        let agent = AgentOf::ToMake(make);
        Self { key, agent }
    }

    pub(super) fn agent(&self) -> Result<Agent, Error> {
        match &self.agent {
            AgentOf::Given(agent) => Ok(agent.clone()),
            AgentOf::ToMake(make) => make(&self.key),
        }
    }
}

impl<K: Clone> Clone for Source<K> {
    fn clone(&self) -> Self {
        let agent = match &self.agent {
            AgentOf::Given(agent) => AgentOf::Given(agent.clone()),
            AgentOf::ToMake(make) => AgentOf::ToMake(Arc::clone(make)),
        };
        Self {
            key: self.key.clone(),
            agent,
        }
    }
}

/// One device, as the work on it gets it.
///
/// The agent is a clone of the fleet's; it can be given away like any other.
#[non_exhaustive]
pub struct Device<K> {
    pub(super) key: K,
    pub(super) agent: Agent,
    pub(super) index: usize,
}

impl<K> Device<K> {
    /// Its key.
    #[must_use]
    pub fn key(&self) -> &K {
        &self.key
    }

    /// The agent to call it with.
    #[must_use]
    pub fn agent(&self) -> &Agent {
        &self.agent
    }

    /// Its place in the list of the fleet, from 0.
    #[must_use]
    pub fn index(&self) -> usize {
        self.index
    }
}

impl<K> fmt::Debug for Device<K> {
    /// Without the key, which may hold a password.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Device")
            .field("index", &self.index)
            .field("agent", &self.agent)
            .finish_non_exhaustive()
    }
}
