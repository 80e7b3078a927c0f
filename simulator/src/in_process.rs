//! A device that is called in the same process.

use std::sync::Arc;

use xerus_rpc::server::Context;
use xerus_rpc::{Agent, MemoryTransport};

use crate::calls::{CallLog, Calls};
use crate::firmware::{Routes, Served};
use crate::limits::Limits;
use crate::model::{Device, Role};
use crate::push::Pusher;

/// A simulated device without a server; made by [`SimulatorBuilder::in_process`](crate::SimulatorBuilder::in_process). Dropping it
/// ends what waits for the clock; agents that are left still get answers.
///
/// ```
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> Result<(), xerus_rpc::Error> {
/// use xerus_api::pdumodel::Pdu;
/// use xerus_sim::Simulator;
///
/// let device = Simulator::builder().outlets(8).in_process();
/// let outlets = Pdu::at(&device.agent(), "/model/pdu/0").get_outlets().await?;
/// assert_eq!(outlets.len(), 8);
/// # Ok(())
/// # }
/// ```
pub struct InProcess {
    device: Arc<Device>,
    served: Arc<Served>,
    calls: Option<CallLog>,
    /// Sends what data push wants sent.
    _pusher: Arc<Pusher>,
}

impl InProcess {
    pub(crate) fn new(device: Arc<Device>, limits: &Limits, calls: Option<CallLog>) -> Self {
        Self {
            served: Arc::new(Served::new(&device, limits, calls.clone())),
            _pusher: Pusher::start(&device),
            device,
            calls,
        }
    }

    /// The device from inside.
    #[must_use]
    pub fn device(&self) -> &Arc<Device> {
        &self.device
    }

    pub(crate) fn served(&self) -> &Arc<Served> {
        &self.served
    }

    /// An agent that calls the device as its administrator (the first one by name), or as nobody on a device without accounts, where
    /// everybody may do everything. See [`agent_as`](Self::agent_as) for other users.
    #[must_use]
    pub fn agent(&self) -> Agent {
        let accounts = self.device.accounts().roles().into_iter();
        let mut administrators = accounts.filter(|(_, role)| *role == Role::Administrator);
        match administrators.next() {
            Some((user, _)) => self.agent_as(user),
            None => self.agent_in(Context::new()),
        }
    }

    /// An agent that calls the device as this user, who needs no password; what the user may do, the role says.
    #[must_use]
    pub fn agent_as(&self, user: impl Into<String>) -> Agent {
        self.agent_in(Context::new().with_user(user))
    }

    fn agent_in(&self, context: Context) -> Agent {
        let served = Arc::clone(&self.served);
        let transport = MemoryTransport::asking(move || served.router());
        Agent::with_transport(Arc::new(
            transport.with_context(context.with_transport("memory")),
        ))
    }

    /// The latest calls that came to the device's objects: 10 000, or as many as [`record`](crate::SimulatorBuilder::record) asked for.
    ///
    /// # Panics
    ///
    /// After `record(0)`: a test would find that nothing was called.
    #[must_use]
    pub fn calls(&self) -> Calls {
        let log = self.calls.as_ref();
        log.expect(
            "calls are not kept: give the builder record(1_000), or as many as the test makes",
        )
        .latest()
    }

    /// The resource ids of all objects that there are now, sorted.
    #[must_use]
    pub fn resource_ids(&self) -> Vec<String> {
        self.served.router().rids()
    }
}

impl Drop for InProcess {
    fn drop(&mut self) {
        self.device.stop();
    }
}

impl std::fmt::Debug for InProcess {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("InProcess")
            .field("device", &self.device)
            .finish_non_exhaustive()
    }
}
