//! Many devices, a few at a time.
//!
//! A [`Fleet`] is a list of devices, each with a key of the program's: a name, an inventory number, a structure with address and
//! password. [`Fleet::run`] does the same work on all of them and gives a [`Run`], a stream of what became of each, as they
//! end.
//!
//! ```
//! # use std::sync::Arc;
//! # use xerus_rpc::{Agent, Json, MemoryTransport, server::Router};
//! use xerus_rpc::fleet::Fleet;
//! # async fn example() {
//! # let agent = || Agent::with_transport(Arc::new(MemoryTransport::new(Router::new())));
//! # let (left, right) = (agent(), agent());
//!
//! let fleet = Fleet::new([("rack 4, left", left), ("rack 4, right", right)]);
//! let mut run = fleet.run(|device| async move {
//!     device.agent().call("/model/pdu/0", "getTypeInfo", Json::EMPTY_OBJECT).await
//! });
//! while let Some((name, result)) = run.next().await {
//!     match result {
//!         Ok(answer) => println!("{name}: {answer}"),
//!         Err(error) => eprintln!("{name}: {error}"),
//!     }
//! }
//! # }
//! ```

mod device;
mod error;
mod places;
mod progress;
mod results;
mod run;
mod taking;
mod work;

use std::fmt;
use std::future::Future;
use std::sync::Arc;

pub use device::Device;
pub use error::{FleetError, Stop};
pub use progress::{Counts, Progress};
pub use run::Run;

use device::{Make, Source};
use places::Places;
use work::attend;

use crate::agent::Agent;
use crate::error::Error;

/// Devices under way at the same time by default.
const DEFAULT_CAP: usize = 16;
/// The most devices that can be under way at the same time.
const MAX_CAP: usize = 1024;

/// A list of devices to do the same work on.
///
/// Cheap to clone. Clones share the places of the [`cap`](Self::cap), and so do several runs: together they never have more
/// devices under way. Of the runs that wait for a place, the one that has the fewest gets it, so a long run does not shut out a
/// short one. A run that is not awaited goes on taking up its share.
pub struct Fleet<K> {
    devices: Arc<Vec<Source<K>>>,
    close: bool,
    cap: usize,
    places: Arc<Places>,
}

impl<K: Clone + Send + Sync + 'static> Fleet<K> {
    /// A fleet of agents that the program has. They stay open when a run ends; see
    /// [`close_agents`](Self::close_agents).
    ///
    /// The work on the devices begins in the order of the list. A key may come more than once.
    #[must_use]
    pub fn new(devices: impl IntoIterator<Item = (K, Agent)>) -> Self {
        let devices = devices.into_iter();
        Self::over(devices.map(|(key, agent)| Source::given(key, agent)))
    }

    /// A fleet whose agents are made when the work on their device begins, from its key. They are closed when it ends, and
    /// gone after that: ten thousand devices never cost more agents and connections than the [`cap`](Self::cap) allows.
    ///
    /// `make` is called in the task that awaits the run; building an agent sends nothing. A device whose agent cannot be
    /// made ends with [`FleetError::NoAgent`].
    ///
    /// ```
    /// use xerus_rpc::Agent;
    /// use xerus_rpc::fleet::Fleet;
    ///
    /// #[derive(Clone)]
    /// struct Pdu {
    ///     url: String,
    ///     fingerprint: String,
    /// }
    ///
    /// # let inventory: Vec<Pdu> = Vec::new();
    /// # let password = String::new();
    /// let fleet = Fleet::lazy(inventory, move |pdu| {
    ///     Agent::builder(&pdu.url)
    ///         .basic_auth("admin", &password)
    ///         .pin_certificate_sha256(&pdu.fingerprint)
    ///         .build()
    /// });
    /// # assert!(fleet.is_empty());
    /// ```
    #[must_use]
    pub fn lazy(
        devices: impl IntoIterator<Item = K>,
        make: impl Fn(&K) -> Result<Agent, Error> + Send + Sync + 'static,
    ) -> Self {
        let make: Arc<Make<K>> = Arc::new(make);
        let devices = devices.into_iter();
        Self::over(devices.map(|key| Source::to_make(key, Arc::clone(&make)))).close_agents(true)
    }

    fn over(devices: impl Iterator<Item = Source<K>>) -> Self {
        Self {
            devices: Arc::new(devices.collect()),
            close: false,
            cap: DEFAULT_CAP,
            places: Places::new(DEFAULT_CAP),
        }
    }

    /// Sets how many devices are under way at the same time, over all runs of this fleet together.
    ///
    /// Default: 16. 1 to 1024; what lies outside counts as the nearest of these. Clones and runs that were made before keep
    /// the places they had. More at once need more memory, and rarely save time: the devices are slow, and what a program does with
    /// sixteen answers fills a core.
    #[must_use]
    pub fn cap(mut self, devices: usize) -> Self {
        self.cap = devices.clamp(1, MAX_CAP);
        self.places = Places::new(self.cap);
        self
    }

    /// Whether the agent of a device is closed when the work on it ends.
    ///
    /// Default: `false` for agents that the program gave, so that the next run finds their connections open (they are closed
    /// after 10 s without a call); `true` for [`lazy`](Self::lazy) ones. Closing belongs to the device's time in its place,
    /// so there are never more connections than devices under way. It waits for calls of the same agent that the
    /// program has under way elsewhere, 5 s at most; a layer with sessions may send the end of the session.
    #[must_use]
    pub fn close_agents(mut self, close: bool) -> Self {
        self.close = close;
        self
    }

    /// The devices whose key `choose` approves of, as a fleet that shares the places of this one: those that failed, to
    /// try them again; one half of them, to run it in a task of its own.
    #[must_use]
    pub fn filter(&self, mut choose: impl FnMut(&K) -> bool) -> Self {
        let devices = self.devices.iter();
        let chosen = devices.filter(|device| choose(&device.key)).cloned();
        Self {
            devices: Arc::new(chosen.collect()),
            ..self.clone()
        }
    }

    /// Does this work on every device, and gives what becomes of each.
    ///
    /// Nothing happens before the run is awaited, and dropping it drops the work that is under way: calls of that work end as
    /// any dropped call does, with their connection, and what they had sent may have been executed.
    ///
    /// A panic in the work is not caught: it comes out where the run is awaited.
    #[must_use = "the work begins when the run is awaited"]
    pub fn run<T, E, W>(
        &self,
        mut work: impl FnMut(Device<K>) -> W + Send + 'static,
    ) -> Run<K, T, E>
    where
        W: Future<Output = Result<T, E>> + Send + 'static,
        T: Send + 'static,
        E: Send + 'static,
    {
        let attended = move |device, terms| attend(work(device), terms);
        Run::new(self.clone(), Box::new(attended))
    }
}

impl<K> Fleet<K> {
    /// How many devices there are.
    #[must_use]
    pub fn len(&self) -> usize {
        self.devices.len()
    }

    /// Whether there is no device.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.devices.is_empty()
    }

    /// The keys, in order.
    pub fn keys(&self) -> impl ExactSizeIterator<Item = &K> {
        self.devices.iter().map(|device| &device.key)
    }
}

impl<K> Clone for Fleet<K> {
    fn clone(&self) -> Self {
        Self {
            devices: Arc::clone(&self.devices),
            close: self.close,
            cap: self.cap,
            places: Arc::clone(&self.places),
        }
    }
}

impl<K> fmt::Debug for Fleet<K> {
    /// Without the keys, which may hold passwords.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Fleet")
            .field("devices", &self.len())
            .field("cap", &self.cap)
            .finish_non_exhaustive()
    }
}
