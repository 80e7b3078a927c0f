//! Streams that one call starts, another fetches and a third stops: those that an interface description marks with `@stream`.

mod pace;

use std::fmt;
use std::future::IntoFuture;
use std::pin::Pin;
use std::sync::{Arc, Mutex, PoisonError};
use std::task::{Context, Poll};
use std::time::Duration;

use futures_core::Stream;
use tokio::runtime::Handle;
use tokio::time::{Instant, sleep_until};

use self::pace::Pace;
use super::{Call, Plain, read_reply};
use crate::agent::Agent;
use crate::error::{DecodeError, Error, TimeoutError, TimeoutPhase};
use crate::json_text::Json;
use crate::wire::{Arguments, BoxFuture, BoxStream, Meta, Results};

/// The longest time that a stream goes on by default.
const LONGEST: Duration = Duration::from_secs(60 * 60);

/// The most time that is spent on stopping a stream that was dropped.
const STOP: Duration = Duration::from_secs(10);

type Make<T> = Arc<dyn Fn(&Agent, &str, &str) -> Call<T> + Send + Sync>;

/// A call that starts a stream, and knows the calls that fetch and stop it. Generated for methods that are marked with `@stream`
/// ([marks](https://github.com/xerus-rs/xerus-rs/blob/main/docs/idl-marks.md)).
///
/// Awaiting it sends the call, once, and gives the stream. Its answer tells the id of the stream (`process_id`) and how often to fetch,
/// in seconds: `min_interval` up to `min_interval_threshold` after the start, then more slowly, `max_interval` from
/// `max_interval_threshold` on.
///
/// ```
/// # use xerus_rpc::{Error, PolledCall};
/// # fn icmp_ping_start() -> PolledCall<(), Vec<String>> { unimplemented!() }
/// # async fn example() -> Result<(), Error> {
/// let mut ping = icmp_ping_start().await?; // as a generated method
/// while let Some(part) = ping.next().await {
///     println!("{}", part?.join("\n"));
/// }
/// # Ok(())
/// # }
/// ```
#[must_use = "nothing starts before it is awaited"]
pub struct PolledCall<S, T, K = Plain> {
    call: Call<S, K>,
    poll: Make<T>,
    stop: Make<Json>,
    longest: Duration,
}

impl<S, T: 'static, K> PolledCall<S, T, K> {
    pub(crate) fn new<C: 'static, E: 'static, D: 'static>(
        call: Call<S, K>,
        poll: impl Fn(&Agent, &str, &str) -> Call<T, C> + Send + Sync + 'static,
        stop: impl Fn(&Agent, &str, &str) -> Call<E, D> + Send + Sync + 'static,
    ) -> Self {
        Self {
            call,
            // A fetch takes what it gives: sent again, it would not have what an answer that was lost had.
            poll: Arc::new(move |agent, target, id| {
                poll(agent, target, id).without_kind().repeatable(false)
            }),
            stop: Arc::new(move |agent, target, id| stop(agent, target, id).raw()),
            longest: LONGEST,
        }
    }

    /// Sets the time for the call that starts the stream; see [`Call::timeout`].
    pub fn timeout(mut self, timeout: Duration) -> Self {
        self.call = self.call.timeout(timeout);
        self
    }

    /// Adds arguments to the call that starts the stream; see [`Call::extra_arguments`].
    pub fn extra_arguments(mut self, arguments: &Json) -> Self {
        self.call = self.call.extra_arguments(arguments);
        self
    }

    /// Sets how long the stream goes on at most. Default: 1 h. It is then stopped, and ends with `Timeout.Action`.
    pub fn max_duration(mut self, time: Duration) -> Self {
        self.longest = time.min(Duration::from_secs(7 * 24 * 60 * 60));
        self
    }

    /// The call alone. Whoever starts a stream with it has to stop it.
    pub fn without_stream(self) -> Call<S, K> {
        self.call
    }
}

impl<S: 'static, T: Send + 'static, K: 'static> IntoFuture for PolledCall<S, T, K> {
    type Output = Result<Polled<T>, Error>;
    type IntoFuture = BoxFuture<'static, Self::Output>;

    fn into_future(self) -> Self::IntoFuture {
        let call = self.call.repeatable(false);
        let target = call.rid().to_owned();
        let (plan, _) = call.clone().into_parts();
        let agent = plan.agent;
        let raw = call.raw();
        Box::pin(async move {
            let blamed = raw.clone();
            let (answer, meta) = raw.with_meta().await?;
            let warnings = Warnings::default();
            warnings.add(&meta);
            let Some((id, pace)) = pace::read(&answer, self.longest) else {
                let error = Error::in_the_result(DecodeError::missing("process_id", 0));
                return Err(blamed.blame(error));
            };
            let stop = Arc::new(Stop(Mutex::new(Some((self.stop)(&agent, &target, &id)))));
            let poll = self.poll;
            let fetch = Box::new(move || poll(&agent, &target, &id));
            Ok(Polled::new(fetch, pace, stop, warnings))
        })
    }
}

impl<S, T, K> fmt::Debug for PolledCall<S, T, K> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.call.fmt(f)
    }
}

/// A stream that has started: what each fetch answers, until one says that it is the last (`is_last`).
///
/// It is fetched while it is read, never faster than the device told. An error is its last item. However it ends, the device is told to stop it:
/// when it is read to its end that is part of reading the `None`; when it is dropped before, a task of the current tokio runtime does it, outside of
/// any one of that on which it started, which takes at most 10 s. [`stop`](Self::stop) waits for that.
#[must_use = "a stream does nothing unless it is read"]
pub struct Polled<T> {
    items: BoxStream<'static, Result<T, Error>>,
    stop: Arc<Stop>,
    warnings: Warnings,
    /// Where it started, and is stopped when it is dropped outside of any.
    runtime: Option<Handle>,
}

/// The most warnings that are kept.
const MOST_WARNINGS: usize = 1000;

/// What was told as a warning, each once.
#[derive(Clone, Default)]
struct Warnings(Arc<Mutex<Vec<String>>>);

impl Warnings {
    fn add(&self, meta: &Meta) {
        let mut all = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        for warning in &meta.warnings {
            if all.len() < MOST_WARNINGS && !all.contains(warning) {
                all.push(warning.clone());
            }
        }
    }
}

/// The call that stops a stream, until it was made.
struct Stop(Mutex<Option<Call<Json>>>);

impl Stop {
    fn take(&self) -> Option<Call<Json>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).take()
    }

    /// Makes it. While that is under way it counts as not made, so that whoever drops the future leaves it to the next.
    async fn now(&self) -> Result<(), Error> {
        let call = self
            .0
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .clone();
        let Some(call) = call else {
            return Ok(());
        };
        let stopped = call.await;
        self.take();
        stopped.map(drop)
    }
}

/// What is fetched next.
struct Fetching<T> {
    fetch: Box<dyn Fn() -> Call<T> + Send>,
    pace: Pace,
    stop: Arc<Stop>,
    warnings: Warnings,
    ended: bool,
}

impl<T: Send + 'static> Fetching<T> {
    async fn next(mut self) -> Option<(Result<T, Error>, Self)> {
        if self.ended {
            // The stream is over for the device as well, or the device will end it.
            let _ = self.stop.now().await;
            return None;
        }
        let item = match self.pace.next() {
            Some(due) => {
                sleep_until(due).await;
                self.fetch_once().await
            }
            None => {
                let late = TimeoutError::new(TimeoutPhase::Action, self.pace.longest());
                Err((self.fetch)().blame(late.into()))
            }
        };
        let (item, is_last) = match item {
            Ok((value, is_last)) => (Ok(value), is_last),
            Err(error) => (Err(error), true),
        };
        // The device is told when the next item is asked for, or when the stream is dropped: this one waits for nothing.
        self.ended = is_last;
        Some((item, self))
    }

    async fn fetch_once(&mut self) -> Result<(T, bool), Error> {
        let (plan, read) = (self.fetch)().into_parts();
        let sent = plan.send().await;
        self.pace.fetched(Instant::now());
        let mut reply = sent?;
        let is_last = is_last(reply.results());
        let value = read_reply(&plan, &mut reply, read)?;
        self.warnings.add(reply.meta());
        Ok((value, is_last))
    }
}

/// Whether an answer says that it is the last.
fn is_last(results: &Results) -> bool {
    let says = |text: &str| {
        Arguments::parse(text)
            .is_ok_and(|members| members.get(usize::MAX, "is_last") == Some("true"))
    };
    let Ok(text) = std::str::from_utf8(results.body()) else {
        return false;
    };
    match results {
        Results::Envelope { .. } => Arguments::parse(text).is_ok_and(|document| {
            document.get(usize::MAX, "result").is_some_and(|result| {
                let inside = Arguments::parse(result).unwrap_or_default();
                says(result) || inside.get(usize::MAX, "_ret_").is_some_and(says)
            })
        }),
        _ => says(text),
    }
}

impl<T: Send + 'static> Polled<T> {
    fn new(
        fetch: Box<dyn Fn() -> Call<T> + Send>,
        pace: Pace,
        stop: Arc<Stop>,
        warnings: Warnings,
    ) -> Self {
        let fetching = Fetching {
            fetch,
            pace,
            stop: Arc::clone(&stop),
            warnings: warnings.clone(),
            ended: false,
        };
        Self {
            items: Box::pin(futures_util::stream::unfold(fetching, Fetching::next)),
            stop,
            warnings,
            runtime: Handle::try_current().ok(),
        }
    }

    /// What the next fetch answers; `None` at the end.
    ///
    /// # Errors
    ///
    /// Why the stream cannot go on, as the last item.
    pub async fn next(&mut self) -> Option<Result<T, Error>> {
        std::future::poll_fn(|context| self.items.as_mut().poll_next(context)).await
    }
}

impl<T> Polled<T> {
    /// What the device has warned of until now, beside the answers; each warning once, and at most 1000.
    #[must_use]
    pub fn warnings(&self) -> Vec<String> {
        let warnings = self.warnings.0.lock();
        warnings.unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// Stops the stream, and waits until the device has answered. Nothing is sent when it has ended.
    ///
    /// # Errors
    ///
    /// Why the device could not be told.
    pub async fn stop(self) -> Result<(), Error> {
        self.stop.now().await
    }
}

// Nothing in it is pinned; the stream inside is on the heap.
impl<T> Unpin for Polled<T> {}

impl<T> Stream for Polled<T> {
    type Item = Result<T, Error>;

    fn poll_next(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        self.items.as_mut().poll_next(context)
    }
}

impl<T> Drop for Polled<T> {
    fn drop(&mut self) {
        // Without a runtime nothing can be sent: the device then ends the stream when nobody fetches it.
        if let Some(call) = self.stop.take()
            && let Some(runtime) = Handle::try_current().ok().or_else(|| self.runtime.take())
        {
            // The timer is made there: here may be no runtime that has one.
            runtime.spawn(async move { tokio::time::timeout(STOP, call.send()).await });
        }
    }
}

impl<T> fmt::Debug for Polled<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Polled")
    }
}
