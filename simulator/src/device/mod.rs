//! The device behind the server: its state, and the objects that show it.

mod accounts;
mod aliases;
mod electrics;
mod event;
mod firmware;
mod inlet;
mod make_up;
mod measured;
mod name_service;
mod nameplate;
mod ocp;
mod outlet;
mod pdu;
mod peripheral;
mod place;
mod quantity;
mod reference;
mod refusal;
mod sensor;
mod sensor_id;
mod session;
mod state;
mod table;
mod user;

use std::future::Future;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use tokio::runtime::Handle;
use tokio::task::JoinSet;
use xerus_rpc::{Extends, Polymorphic, ValueObject};

pub use self::accounts::{Accounts, FACTORY_PASSWORD, FACTORY_USER, Role};
pub use self::make_up::MakeUp;
pub use self::place::{Line, Place};
pub use self::quantity::Quantity;
pub use self::sensor_id::{SensorId, StateSensorId};
pub use self::state::Reported;

pub(crate) use self::session::{CLIENT_TYPE, SESSION_TOKEN};
pub(crate) use self::table::router;
pub(crate) use self::user::{CHANGE_PASSWORD, CURRENT_USER, rid as user_rid};

use self::event::Hub;
use self::reference::Name;
use self::session::Sessions;
use self::state::State;
use crate::api::idl::Event;
use crate::clock::Clock;
use crate::door::Limits;

/// A simulated device, seen from inside.
///
/// What clients see over the network is computed from the same state, so a test can compare the two. Methods that
/// change something act at once and raise the same events as a client's call.
pub struct Device {
    make_up: MakeUp,
    clock: Clock,
    accounts: Accounts,
    sessions: Sessions,
    events: Hub,
    state: Mutex<State>,
    runtime: Handle,
    /// Work that waits for the clock.
    tasks: Mutex<JoinSet<()>>,
}

impl Device {
    /// Must be called inside a tokio runtime.
    pub(crate) fn new(make_up: MakeUp, clock: Clock, limits: &Limits) -> Arc<Self> {
        let make_up = make_up.normalized();
        let state = State::new(&make_up, clock.now());
        Arc::new(Self {
            accounts: Accounts::default(),
            sessions: Sessions::new(limits.sessions),
            events: Hub::new(limits.channels, limits.queued_events),
            state: Mutex::new(state),
            runtime: Handle::current(),
            tasks: Mutex::default(),
            make_up,
            clock,
        })
    }

    /// Number and wiring of the parts.
    #[must_use]
    pub fn make_up(&self) -> &MakeUp {
        &self.make_up
    }

    /// The device's time.
    #[must_use]
    pub fn clock(&self) -> &Clock {
        &self.clock
    }

    /// Who may log in.
    #[must_use]
    pub fn accounts(&self) -> &Accounts {
        &self.accounts
    }

    /// The latest events (at most 256), oldest first, whether a client asked for them or not.
    #[must_use]
    pub fn latest_events(&self) -> Vec<Polymorphic<Event>> {
        self.events.latest()
    }

    /// The user of a session, which counts as used now. `None`: there is no such session.
    pub(crate) fn session_user(&self, token: &str) -> Option<String> {
        self.sessions.user(token, self.clock.now())
    }

    /// Ends all sessions, as a restart does; the answer says how many there were.
    pub fn end_sessions(&self) -> usize {
        self.sessions.end_all(self.clock.now())
    }

    fn sessions(&self) -> &Sessions {
        &self.sessions
    }

    pub(crate) fn events(&self) -> &Hub {
        &self.events
    }

    pub(crate) fn publish<E: ValueObject + Extends<Event>>(&self, event: E, source: &Name) {
        tracing::debug!(event = E::TYPE_ID, source = source.opaque, "event");
        self.events.publish(event, &source.opaque);
    }

    /// The state; never held across a wait.
    pub(crate) fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Runs something that outlives the call that started it.
    pub(crate) fn spawn(&self, work: impl Future<Output = ()> + Send + 'static) {
        let mut tasks = self.tasks();
        while tasks.try_join_next().is_some() {}
        tasks.spawn_on(work, &self.runtime);
    }

    /// Ends everything that waits. The state stays readable.
    pub(crate) fn stop(&self) {
        self.tasks().abort_all();
    }

    fn tasks(&self) -> MutexGuard<'_, JoinSet<()>> {
        self.tasks.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl std::fmt::Debug for Device {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Device")
            .field("make_up", &self.make_up)
            .field("clock", &self.clock)
            .finish_non_exhaustive()
    }
}
