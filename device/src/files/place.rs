//! Which device, and which unit of its cascade.

use xerus_rpc::files::{Endpoint, UploadEndpoint};
use xerus_rpc::{Agent, Error, Interface};

/// A device, or a link unit that is reached through it.
#[derive(Clone, Debug)]
pub(super) struct Place {
    agent: Agent,
    /// 1 is the device itself.
    unit: u32,
}

impl Place {
    pub(super) fn of(agent: &Agent) -> Self {
        Self {
            agent: agent.clone(),
            unit: 1,
        }
    }

    pub(super) fn at_unit(self, unit: u32) -> Self {
        Self { unit, ..self }
    }

    pub(super) fn agent(&self) -> &Agent {
        &self.agent
    }

    #[cfg(feature = "certificates")]
    pub(super) fn is_primary(&self) -> bool {
        self.unit == 1
    }

    pub(super) fn path(&self, endpoint: Endpoint) -> Result<String, Error> {
        match self.unit {
            1 => Ok(endpoint.path().to_owned()),
            unit => endpoint.through_link(unit),
        }
    }

    pub(super) fn upload_path(&self, endpoint: UploadEndpoint) -> Result<String, Error> {
        self.path(Endpoint::new(endpoint.path()))
    }

    /// An object of the device, as the same object of the unit.
    pub(super) fn object<T: Interface>(&self, object: T) -> Result<T, Error> {
        match self.unit {
            1 => Ok(object),
            unit => object.as_object().through_link(unit),
        }
    }
}
