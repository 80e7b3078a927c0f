//! Switching outlets, so that it is done once and known to be done.
//!
//! [`Switching`] reads the state first, sends only what differs, and reads the state until it has settled. A call whose answer was
//! lost is never repeated: the state says what became of it.
//!
//! ```no_run
//! use xerus_api::pdumodel::Outlet;
//! use xerus_device::switching::{Change, SwitchError, Switching};
//! use xerus_rpc::Agent;
//!
//! async fn off(agent: &Agent) -> Result<(), SwitchError> {
//!     let fourth = Outlet::well_known(agent, 0, 3);
//!     let switched = Switching::of(agent).switch(&fourth, false).await?;
//!     if switched.change == Change::Already {
//!         println!("it was off");
//!     }
//!     Ok(())
//! }
//! ```

mod error;
mod goal;
mod many;
mod order;
mod settle;
mod switched;

use std::time::Duration;

use xerus_api::pdumodel::Outlet;
use xerus_rpc::Agent;

pub use error::SwitchError;
use goal::Goal;
use order::Order;
pub use switched::{Change, Report, Switched};

/// Switches outlets of a device, of any firmware.
///
/// Dropping one of its futures stops the reading; what was sent stays sent.
#[derive(Clone, Debug)]
#[must_use = "nothing is sent before one of its methods is awaited"]
#[doc(alias("setPowerState", "cyclePowerState"))]
pub struct Switching {
    agent: Agent,
    deadline: Duration,
    pause: Duration,
}

/// So often the state is read, unless said otherwise.
const PAUSE: Duration = Duration::from_millis(500);
const LEAST_PAUSE: Duration = Duration::from_millis(10);

impl Switching {
    /// Outlets of the device that this agent calls.
    pub fn of(agent: &Agent) -> Self {
        Self {
            agent: agent.clone(),
            deadline: Duration::from_secs(60),
            pause: PAUSE,
        }
    }

    /// How long the outlets may take until they have settled, counted from the first call. Default: 60 s, which is enough for a
    /// cycle with the usual delay of 10 s. Sequences of many outlets, and long cycle delays, need more.
    pub fn deadline(mut self, deadline: Duration) -> Self {
        self.deadline = deadline;
        self
    }

    /// The pause between two looks at the state, at least 10 ms. Default: 500 ms.
    pub fn pause(mut self, pause: Duration) -> Self {
        self.pause = pause.max(LEAST_PAUSE);
        self
    }

    /// Switches an outlet on or off, unless it is already, and waits until it is.
    ///
    /// # Errors
    ///
    /// See [`SwitchError`]: the refusal of the device with its name, the deadline, a state that cannot be read.
    pub async fn switch(&self, outlet: &Outlet, on: bool) -> Result<Switched, SwitchError> {
        self.one(outlet, Goal::of(on)).await
    }

    /// Switches an outlet off and on again, and waits until it is on. A cycle that is under way already is waited for.
    ///
    /// # Errors
    ///
    /// As [`switch`](Self::switch), and [`NotOn`](SwitchError::NotOn) for an outlet that is off: a cycle would switch it on.
    pub async fn cycle(&self, outlet: &Outlet) -> Result<Switched, SwitchError> {
        self.one(outlet, Goal::Cycle).await
    }

    /// Switches several outlets, with a result for each, in the order of `outlets`. Each outlet has a call of its own; several go
    /// in one request.
    pub async fn switch_all(&self, outlets: &[Outlet], on: bool) -> Vec<Report> {
        self.carry_out(outlets, Goal::of(on), Order::Each).await
    }

    /// Cycles several outlets, with a result for each.
    pub async fn cycle_all(&self, outlets: &[Outlet]) -> Vec<Report> {
        self.carry_out(outlets, Goal::Cycle, Order::Each).await
    }

    async fn one(&self, outlet: &Outlet, goal: Goal) -> Result<Switched, SwitchError> {
        let mut reports = self
            .carry_out(std::slice::from_ref(outlet), goal, Order::Each)
            .await;
        let report = reports.pop().expect("there is a report for each outlet");
        report.result
    }
}
