//! Long polls, one after another, at a pace that no device can turn into a busy loop.

mod pace;

use std::fmt;
use std::time::Duration;

use futures_core::Stream;
use futures_util::stream::unfold;
use tokio::time::{Instant, sleep_until};

use self::pace::Pace;
use crate::error::{Absence, Error, ErrorKind};
use crate::wire::BoxStream;

/// A poll that is made again and again: calls that the device answers when something has happened, or after a while with
/// nothing.
///
/// * After an answer with something in it the next poll is made at once, as soon as the stream is asked for it.
/// * After an empty answer it is made at the earliest one [gap](Self::gap) after the last one began. A device that holds polls
///   back is not slowed down by that, one that answers at once with nothing is.
/// * After an error it is made after a [pause](Self::pause), which doubles with every further error.
///
/// Nothing runs in the background: no poll is made before the stream is asked for its answer.
///
/// ```
/// use futures_util::StreamExt;
/// use xerus_rpc::poll::Polls;
/// use xerus_rpc::{Agent, Json};
///
/// # async fn example(agent: Agent) {
/// let poll = move || agent.call("/queue", "pollItems", Json::EMPTY_OBJECT);
/// let mut answers = Polls::new(poll, |answer| answer.get().matches("item").count()).stream();
/// while let Some(answer) = answers.next().await {
///     match answer {
///         Ok(answer) => println!("{answer}"),
///         Err(error) => eprintln!("{error}"), // unless it is the last item, the polls go on
///     }
/// }
/// # }
/// ```
#[must_use = "nothing is polled before the stream is read"]
pub struct Polls<M, C> {
    make: M,
    count: C,
    pace: Pace,
    timeout_ends: bool,
}

impl<M, C> Polls<M, C> {
    /// Polls with the calls that `make` makes. `count` says how much is in an answer; what the device says of more to come does
    /// not count.
    pub fn new<F, T>(make: M, count: C) -> Self
    where
        M: FnMut() -> F,
        F: IntoFuture<Output = Result<T, Error>>,
        C: Fn(&T) -> usize,
    {
        Self {
            make,
            count,
            pace: Pace::new(),
            timeout_ends: false,
        }
    }

    /// The least time from the beginning of a poll that brought nothing to the beginning of the next. Default: 1 s; less than
    /// 10 ms counts as 10 ms.
    pub fn gap(mut self, gap: Duration) -> Self {
        self.pace.set_gap(gap);
        self
    }

    /// The pause after the first error in a row, and the longest that it grows to. Default: 1 s and 60 s; less than the gap
    /// counts as the gap.
    pub fn pause(mut self, first: Duration, longest: Duration) -> Self {
        self.pace.set_pause(first, longest);
        self
    }

    /// Says whether a poll that is not answered within its own time ends the stream. Default: no, the polls go on after a
    /// pause; what the device had to say is then in the next answer, or lost, as the device does it.
    pub fn timeout_ends(mut self, ends: bool) -> Self {
        self.timeout_ends = ends;
        self
    }

    /// The answers as they come, empty ones too, and the errors between them.
    ///
    /// The stream goes on after errors that pass: the device is away, or its answer makes no sense. Any other is the last
    /// item: the user is refused, there is no such object or method, the call cannot be sent.
    pub fn stream<F, T>(self) -> BoxStream<'static, Result<T, Error>>
    where
        M: FnMut() -> F + Send + 'static,
        F: IntoFuture<Output = Result<T, Error>> + Send + 'static,
        F::IntoFuture: Send + 'static,
        C: Fn(&T) -> usize + Send + 'static,
        T: Send + 'static,
    {
        Box::pin(self.answers())
    }

    fn answers<F, T>(self) -> impl Stream<Item = Result<T, Error>>
    where
        M: FnMut() -> F,
        F: IntoFuture<Output = Result<T, Error>>,
        C: Fn(&T) -> usize,
    {
        unfold(Some(self), |polls| async move {
            let mut polls = polls?;
            let answer = polls.poll().await;
            let ends = matches!(&answer, Err(error) if polls.ends(error));
            Some((answer, (!ends).then_some(polls)))
        })
    }

    async fn poll<F, T>(&mut self) -> Result<T, Error>
    where
        M: FnMut() -> F,
        F: IntoFuture<Output = Result<T, Error>>,
        C: Fn(&T) -> usize,
    {
        if let Some(due) = self.pace.due() {
            sleep_until(due).await;
        }
        self.pace.begin(Instant::now());
        let answer = (self.make)().await;
        match &answer {
            Ok(answer) if (self.count)(answer) > 0 => self.pace.something(),
            Ok(_) => self.pace.nothing(),
            Err(_) => self.pace.failed(Instant::now()),
        }
        answer
    }

    fn ends(&self, error: &Error) -> bool {
        match error.kind() {
            // Waiting in a queue or for a connection is no poll.
            ErrorKind::Timeout(timeout) if !timeout.phase.is_before_sending() => self.timeout_ends,
            _ => !matches!(error.absence(), Absence::Away | Absence::Nonsense),
        }
    }
}

impl<M, C> fmt::Debug for Polls<M, C> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Polls")
            .field("pace", &self.pace)
            .field("timeout_ends", &self.timeout_ends)
            .finish_non_exhaustive()
    }
}
