//! The device as a whole: what it consists of, its state, and who hears of what happens.

use std::collections::VecDeque;
use std::future::Future;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError, Weak};
use std::time::Duration;

use tokio::runtime::Handle;
use tokio::sync::watch;
use tokio::task::JoinSet;

use super::accounts::Accounts;
use super::clock::{Clock, END};
use super::event::{Changed, Event, Listener};
use super::firmware::Firmware;
use super::maintenance::{Maintenance, Reach};
use super::make_up::MakeUp;
use super::session::Sessions;
use super::state::State;
use crate::limits::Limits;

/// How many of the latest events the device remembers for its owner.
const REMEMBERED: usize = 256;

/// A simulated device, seen from inside.
///
/// What clients see over the network is computed from the same state, so a test can compare the two. Methods that
/// change something act at once and raise the same events as a client's call.
pub struct Device {
    /// Itself, for work that outlives a call.
    this: Weak<Self>,
    make_up: MakeUp,
    clock: Clock,
    accounts: Accounts,
    sessions: Sessions,
    state: Mutex<State>,
    maintenance: Mutex<Maintenance>,
    reach: watch::Sender<Reach>,
    heard: Mutex<Heard>,
    runtime: Handle,
    /// Work that waits for the clock.
    tasks: Mutex<JoinSet<()>>,
}

/// Events, and who wants to hear of them.
#[derive(Default)]
struct Heard {
    latest: VecDeque<Event>,
    listeners: Vec<Weak<dyn Listener>>,
}

/// What a device runs, and since when: two are equal when it has not started anew in between.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Boot {
    pub(crate) firmware: Firmware,
    /// How often the device has started before.
    pub(crate) number: u64,
}

/// Measures as long as there is a device.
async fn each_second(clock: Clock, device: Weak<Device>) {
    loop {
        let next = Duration::from_secs(clock.now().as_secs() + 1);
        if next > END {
            return;
        }
        clock.sleep_until(next).await;
        let Some(device) = device.upgrade() else {
            return;
        };
        device.tick();
    }
}

impl Device {
    /// Must be called inside a tokio runtime.
    pub(crate) fn new(make_up: MakeUp, clock: Clock, limits: &Limits) -> Arc<Self> {
        let make_up = make_up.normalized();
        let state = State::new(&make_up, clock.now());
        let device = Arc::new_cyclic(|this| Self {
            this: Weak::clone(this),
            accounts: Accounts::new(clock.clone()),
            sessions: Sessions::new(limits.sessions),
            state: Mutex::new(state),
            maintenance: Mutex::new(Maintenance::new(&make_up, clock.now())),
            reach: watch::Sender::default(),
            heard: Mutex::default(),
            runtime: Handle::current(),
            tasks: Mutex::default(),
            make_up,
            clock,
        });
        device.spawn(each_second(device.clock.clone(), Arc::downgrade(&device)));
        device
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

    /// The firmware that the device runs now.
    #[must_use]
    pub fn firmware(&self) -> Firmware {
        self.boot().firmware
    }

    pub(crate) fn boot(&self) -> Boot {
        self.state().boot
    }

    /// Runs another firmware from now on, as after an update, or the same anew. Everything stays as it is but for the
    /// event channels, which end.
    pub fn install_firmware(&self, firmware: Firmware) {
        self.maintenance().updater.set_version(firmware.version());
        self.boot_into(firmware);
    }

    pub(super) fn boot_into(&self, firmware: Firmware) {
        let old = {
            let mut state = self.state();
            let number = state.boot.number + 1;
            std::mem::replace(&mut state.boot, Boot { firmware, number })
        };
        if old.firmware != firmware {
            self.publish(Event::FirmwareChanged {
                firmware: Changed::new(old.firmware, firmware),
            });
        }
    }

    /// The latest events (at most 256), oldest first, whether a client asked for them or not.
    #[must_use]
    pub fn latest_events(&self) -> Vec<Event> {
        self.heard().latest.iter().cloned().collect()
    }

    /// Tells `listener` of every event from now on, as long as somebody keeps it.
    pub fn listen(&self, listener: &Arc<impl Listener + 'static>) {
        // First the type of the pointee changes, then the count: the other order is not inferred.
        let listener: Weak<dyn Listener> = Arc::<_>::downgrade(listener) as _;
        self.heard().listeners.push(listener);
    }

    /// The user of a session, which counts as used now. `None`: there is no such session.
    pub(crate) fn session_user(&self, token: &str) -> Option<String> {
        self.sessions.user(token, self.clock.now())
    }

    /// Ends all sessions, as a restart does; the answer says how many there were.
    pub fn end_sessions(&self) -> usize {
        self.sessions.end_all(self.clock.now())
    }

    pub(crate) fn sessions(&self) -> &Sessions {
        &self.sessions
    }

    /// Tells everybody. Must not be called while the state is locked: listeners may look at it.
    pub(crate) fn publish(&self, event: Event) {
        tracing::debug!(source = ?event.source(), "event");
        {
            let mut heard = self.heard();
            if heard.latest.len() == REMEMBERED {
                heard.latest.pop_front();
            }
            heard.latest.push_back(event.clone());
        }
        self.write_log(&event);
        for listener in self.listeners() {
            listener.hear(&event);
        }
    }

    /// Who listens now.
    pub(super) fn listeners(&self) -> Vec<Arc<dyn Listener>> {
        let mut heard = self.heard();
        heard
            .listeners
            .retain(|listener| listener.strong_count() > 0);
        heard.listeners.iter().filter_map(Weak::upgrade).collect()
    }

    /// Firmware updates and all that; never held across a wait or while an event is published.
    pub(crate) fn maintenance(&self) -> MutexGuard<'_, Maintenance> {
        self.maintenance
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
    }

    pub(super) fn reach_sender(&self) -> &watch::Sender<Reach> {
        &self.reach
    }

    /// The state; never held across a wait.
    pub(crate) fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn heard(&self) -> MutexGuard<'_, Heard> {
        self.heard.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// A handle for work that waits; `None` when nobody has the device any more.
    pub(super) fn handle(&self) -> Option<Arc<Self>> {
        self.this.upgrade()
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
