//! A set of calls that is read again and again: what exporters and dashboards stand on.

mod options;
mod pace;
mod round;
mod set;
mod snapshot;
mod store;

use std::fmt;
use std::future::Future;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll, ready};
use std::time::Duration;

use futures_core::Stream;
use tokio::runtime::{self, Handle};
use tokio::time::{Instant, Sleep, sleep_until};

use options::{Options, Refresh};
use pace::Pace;
pub use round::Round;
use round::{Done, Job, Refreshing};
pub use set::ReadSet;
pub use snapshot::{DeviceStatus, Latest, Row, Snapshot};
use store::Store;

use crate::agent::Agent;
use crate::error::{AuthError, Error, ErrorKind};

/// Reads a set of calls of one device again and again, and keeps the last good value of each with its age.
///
/// * **Few requests**: all calls of a round go in one bulk, a chunk of 100 calls each by default.
/// * **At rest**: a round begins every [`interval`](Self::interval), a little earlier or later by [`jitter`](Self::jitter), so
///   that many programs do not ask at the same moment. There is never more than one round under way; what comes too late
///   because a round took longer is skipped and counted.
/// * **A device that is away** costs little: the pauses between attempts double up to
///   [`longest_pause`](Self::longest_pause), and the last values stay, with their age and the error. It may be away from
///   the start.
/// * **Stale references** are fetched anew: when an object is not there any more (404), or a value is
///   [suspicious](Self::stale_if), the closure given to [`refresh`](Self::refresh) makes the set anew from the device, and
///   it is read at once. Keys that are still there keep their values until then.
/// * **A refused login** ends it: an account is not tried again and again until it is blocked. See
///   [`login_pause`](Self::login_pause).
///
/// Nothing runs by itself: [`run`](Self::run), [`next`](Self::next) or the [`Stream`] of rounds reads while it is polled, in a
/// tokio runtime with timers. [`latest`](Self::latest) gives a handle through which other tasks see the values, at the cost of
/// a short lock. A future of `next` that is dropped loses nothing: the round goes on with the next one.
///
/// ```no_run
/// # use xerus_rpc::{Agent, Call};
/// # trait Sensor { fn get_reading(&self) -> Call<f64>; }
/// # async fn example(agent: Agent, power: &dyn Sensor, current: Option<&dyn Sensor>) {
/// use std::time::Duration;
/// use xerus_rpc::reading::{ReadSet, Readings};
///
/// let mut set: ReadSet<_, f64> = ReadSet::new();
/// set.add("power", power.get_reading());
/// set.add("current", current.map(|sensor| sensor.get_reading()));
///
/// let mut readings = Readings::new(&agent, set).interval(Duration::from_secs(10));
/// let latest = readings.latest();
/// while let Some(round) = readings.next().await {
///     println!("{} values, {} failed", round.read, round.failed);
///     for row in latest.snapshot().rows() {
///         println!("{}: {:?}, {:?} old", row.key(), row.value(), row.age());
///     }
/// }
/// # }
/// ```
#[must_use = "readings are read while they are polled"]
pub struct Readings<K, T> {
    agent: Agent,
    options: Arc<Options<K, T>>,
    store: Arc<Store<K, T>>,
    /// What is read; `None` until it was made for the first time.
    set: Option<Arc<ReadSet<K, T>>>,
    refreshing: Refreshing,
    pace: Pace,
    phase: Phase<K, T>,
    rounds: u64,
}

enum Phase<K, T> {
    /// Until the next round is due. A timer belongs to the runtime that it was made in.
    Waiting(Option<(runtime::Id, Pin<Box<Sleep>>)>),
    Reading(Pin<Box<dyn Future<Output = Done<K, T>> + Send>>),
    /// The login was refused; the stream has to end.
    Refused,
}

impl<K, T> Readings<K, T>
where
    K: Eq + std::hash::Hash + Send + Sync + 'static,
    T: Send + Sync + 'static,
{
    /// Reads these calls. Nothing is sent yet.
    pub fn new(agent: &Agent, set: ReadSet<K, T>) -> Self {
        let set = Arc::new(set);
        let readings = Self::with(agent, Some(Arc::clone(&set)));
        readings.store.adopt(&set);
        readings
    }

    /// Asks the device what is to be read, when the first round begins, and whenever references are stale: `make` reads
    /// references from it and makes calls of them. Nothing is sent yet.
    ///
    /// If the device is away, `make` is tried again as rounds are.
    pub fn from_device<F>(agent: &Agent, make: impl Fn(Agent) -> F + Send + Sync + 'static) -> Self
    where
        F: Future<Output = Result<ReadSet<K, T>, Error>> + Send + 'static,
    {
        Self::with(agent, None).refresh(make)
    }

    fn with(agent: &Agent, set: Option<Arc<ReadSet<K, T>>>) -> Self {
        Self {
            agent: agent.clone(),
            options: Arc::new(Options::default()),
            store: Arc::new(Store::default()),
            set,
            refreshing: Refreshing::default(),
            pace: Pace::default(),
            phase: Phase::Waiting(None),
            rounds: 0,
        }
    }

    /// The time from the beginning of one round to that of the next, 10 ms to a day. Default: 30 s.
    pub fn interval(mut self, interval: Duration) -> Self {
        self.pace.set_interval(interval);
        self
    }

    /// By which part of the interval the time between rounds may differ from it, 0 to 1. Default: 0.1, so 27 to 33 s for 30 s.
    ///
    /// The mean stays the interval. The first round begins at once.
    pub fn jitter(mut self, part: f64) -> Self {
        self.pace.set_jitter(part);
        self
    }

    /// The longest pause before a device that did not answer is asked again. Default: 5 minutes.
    ///
    /// The first pause is the interval; each further one is twice as long. What is shorter than the interval counts as that.
    pub fn longest_pause(mut self, pause: Duration) -> Self {
        self.pace.set_longest(pause);
        self
    }

    /// How many calls go in one request, 1 to 200. Default: that of the agent, 100.
    pub fn chunk(self, calls: usize) -> Self {
        self.set(|options| options.chunk = Some(calls))
    }

    /// The time that each request may take. Default: the longest that a call in it has.
    pub fn timeout(self, timeout: Duration) -> Self {
        self.set(|options| options.timeout = Some(timeout))
    }

    /// Makes the set anew when references are stale, by reading them from the device again.
    ///
    /// It is called at most once in a round and once in [`refresh_gap`](Self::refresh_gap).
    pub fn refresh<F>(self, make: impl Fn(Agent) -> F + Send + Sync + 'static) -> Self
    where
        F: Future<Output = Result<ReadSet<K, T>, Error>> + Send + 'static,
    {
        let make: Box<Refresh<K, T>> = Box::new(move |agent| Box::pin(make(agent)));
        self.set(|options| options.refresh = Some(make))
    }

    /// The shortest time between two refreshes. Default: 30 s.
    ///
    /// After a refresh that changed nothing for the better it doubles, up to 16 times of this, so that a sensor that is unplugged
    /// does not cost a refresh each time.
    pub fn refresh_gap(mut self, gap: Duration) -> Self {
        self.refreshing.set_gap(gap);
        self
    }

    /// Says which values show that the reference is stale: such as a reading that is not `available` any more. Default: none.
    ///
    /// Such a value is not kept as a good one, unless it was read through references fetched in the same round: then it is what
    /// the device means.
    pub fn stale_if(self, is_stale: impl Fn(&K, &T) -> bool + Send + Sync + 'static) -> Self {
        self.set(|options| options.is_stale = Some(Box::new(is_stale)))
    }

    /// Tries again so long after a refused login. Default: never; [`run`](Self::run) and the stream end.
    ///
    /// For programs whose credentials are replaced while they run. Devices block accounts after a few refusals.
    pub fn login_pause(self, pause: Duration) -> Self {
        self.set(|options| options.login_pause = Some(pause))
    }

    fn set(mut self, set: impl FnOnce(&mut Options<K, T>)) -> Self {
        // Only a round that is under way shares them.
        if let Some(options) = Arc::get_mut(&mut self.options) {
            set(options);
        }
        self
    }

    /// A handle to the last values, for other tasks. Cheap to clone; it does not keep the reading going.
    #[must_use]
    pub fn latest(&self) -> Latest<K, T> {
        Latest::new(Arc::clone(&self.store))
    }

    /// Waits until the next round is due and reads. `None` when the login was refused in the last one; called once more, it
    /// reads again.
    pub async fn next(&mut self) -> Option<Round> {
        std::future::poll_fn(|context| self.poll_round(context)).await
    }

    /// Reads until the login is refused; gives that error. Dropping the future is the way to stop before.
    ///
    /// Called once more, it reads again.
    pub async fn run(&mut self) -> Error {
        let mut last = None;
        loop {
            match self.next().await {
                Some(round) => last = round.error,
                None => {
                    if let Some(error) = last {
                        return error;
                    }
                }
            }
        }
    }

    fn poll_round(&mut self, context: &mut Context<'_>) -> Poll<Option<Round>> {
        loop {
            match &mut self.phase {
                Phase::Refused => {
                    self.phase = Phase::Waiting(None);
                    return Poll::Ready(None);
                }
                Phase::Waiting(timer) => {
                    if let Some(due) = self.pace.due() {
                        ready!(poll_timer(timer, due, context));
                    }
                    self.begin();
                }
                Phase::Reading(round) => {
                    let done = ready!(round.as_mut().poll(context));
                    return Poll::Ready(Some(self.end(done)));
                }
            }
        }
    }

    fn begin(&mut self) {
        self.pace.begin(Instant::now());
        let job = Job {
            agent: self.agent.clone(),
            options: Arc::clone(&self.options),
            store: Arc::clone(&self.store),
            set: self.set.clone(),
            refreshing: self.refreshing.clone(),
        };
        self.phase = Phase::Reading(Box::pin(job.run()));
    }

    fn end(&mut self, done: Done<K, T>) -> Round {
        let Done {
            set,
            refreshing,
            mut round,
        } = done;
        self.set = set;
        self.refreshing = refreshing;
        self.phase = Phase::Waiting(None);
        self.rounds += 1;
        let now = Instant::now();
        match &round.error {
            Some(error) if is_login_refused(error) => match self.options.login_pause {
                Some(pause) => self.pace.pause(now, pause),
                None => {
                    self.pace.at_once();
                    self.phase = Phase::Refused;
                }
            },
            Some(_) => self.pace.failed(now),
            None => self.pace.succeeded(now),
        }
        round.number = self.rounds;
        round.skipped = self.pace.take_skipped();
        round.next_in = self
            .pace
            .due()
            .map_or(Duration::ZERO, |due| due.saturating_duration_since(now));
        self.store.count(&round, self.pace.failures());
        round
    }
}

fn poll_timer(
    timer: &mut Option<(runtime::Id, Pin<Box<Sleep>>)>,
    due: Instant,
    context: &mut Context<'_>,
) -> Poll<()> {
    if Instant::now() >= due {
        return Poll::Ready(());
    }
    let here = Handle::current().id();
    if timer.as_ref().is_none_or(|(of, _)| *of != here) {
        *timer = Some((here, Box::pin(sleep_until(due))));
    }
    match timer {
        Some((_, sleep)) => sleep.as_mut().poll(context),
        None => Poll::Ready(()),
    }
}

fn is_login_refused(error: &Error) -> bool {
    matches!(
        error.kind(),
        ErrorKind::Auth(
            AuthError::Unauthorized | AuthError::PasswordChangeRequired | AuthError::RefusedBefore
        )
    )
}

/// The rounds. It ends when the login is refused; polled once more, it reads again.
impl<K, T> Stream for Readings<K, T>
where
    K: Eq + std::hash::Hash + Send + Sync + 'static,
    T: Send + Sync + 'static,
{
    type Item = Round;

    fn poll_next(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Round>> {
        self.get_mut().poll_round(context)
    }
}

impl<K, T> fmt::Debug for Readings<K, T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Readings")
            .field("origin", &self.agent.origin())
            .field("calls", &self.set.as_ref().map(|set| set.len()))
            .field("rounds", &self.rounds)
            .finish_non_exhaustive()
    }
}
