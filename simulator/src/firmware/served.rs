//! A device and the objects by which it is reached at the moment.

use std::sync::{Arc, Mutex, PoisonError};

use xerus_rpc::server::Router;

use super::{Objects, objects};
use crate::calls::CallLog;
use crate::door::Reach;
use crate::limits::Limits;
use crate::model::{Boot, Device};

/// Where a server finds who answers a call. Asked anew for each request: the answer changes with the firmware.
pub(crate) trait Routes: Send + Sync {
    /// Who answers now.
    fn router(&self) -> Router;

    /// Every resource id of the object with this one, itself among them.
    fn names(&self, rid: &str) -> Vec<String> {
        vec![rid.to_owned()]
    }

    /// Whether anybody answers.
    fn reach(&self) -> Reach {
        Reach::default()
    }
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
    calls: Option<CallLog>,
    current: Mutex<(Boot, Arc<Objects>)>,
}

impl Served {
    /// The objects of `device`; their calls are noted in `calls`.
    pub(crate) fn new(device: &Arc<Device>, limits: &Limits, calls: Option<CallLog>) -> Self {
        let boot = device.boot();
        let objects = objects(device, boot.firmware, limits, calls.clone());
        Self {
            device: Arc::clone(device),
            limits: limits.clone(),
            calls,
            current: Mutex::new((boot, objects)),
        }
    }

    /// After a start of the device all objects are new: those that clients made, event channels for example, are gone.
    fn current(&self) -> Arc<Objects> {
        let boot = self.device.boot();
        let mut current = self.current.lock().unwrap_or_else(PoisonError::into_inner);
        if current.0 != boot {
            let calls = self.calls.clone();
            let objects = objects(&self.device, boot.firmware, &self.limits, calls);
            *current = (boot, objects);
        }
        Arc::clone(&current.1)
    }
}

impl Routes for Served {
    fn reach(&self) -> Reach {
        Reach::new(self.device.reach())
    }

    fn router(&self) -> Router {
        self.current().router().clone()
    }

    fn names(&self, rid: &str) -> Vec<String> {
        self.current().names(rid)
    }
}
