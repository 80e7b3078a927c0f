//! A device and the objects by which it is reached at the moment.

use std::sync::{Arc, Mutex, PoisonError};

use xerus_rpc::server::Router;

use super::{Objects, objects};
use crate::limits::Limits;
use crate::model::{Boot, Device};

/// Where a server finds who answers a call. Asked anew for each request: the answer changes with the firmware.
pub(crate) trait Routes: Send + Sync {
    /// Who answers now.
    fn router(&self) -> Router;
}

/// The same objects for ever.
impl Routes for Router {
    fn router(&self) -> Router {
        self.clone()
    }
}

/// Objects of a device that follow its firmware.
pub(crate) struct Served {
    device: Arc<Device>,
    limits: Limits,
    current: Mutex<(Boot, Arc<Objects>)>,
}

impl Served {
    pub(crate) fn new(device: &Arc<Device>, limits: &Limits) -> Self {
        let boot = device.boot();
        Self {
            device: Arc::clone(device),
            limits: limits.clone(),
            current: Mutex::new((boot, objects(device, boot.firmware, limits))),
        }
    }
}

impl Routes for Served {
    /// After a start of the device all objects are new: those that clients made, event channels for example, are gone.
    fn router(&self) -> Router {
        let boot = self.device.boot();
        let mut current = self.current.lock().unwrap_or_else(PoisonError::into_inner);
        if current.0 != boot {
            *current = (boot, objects(&self.device, boot.firmware, &self.limits));
        }
        current.1.router().clone()
    }
}
