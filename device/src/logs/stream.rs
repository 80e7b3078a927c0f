//! Reading a log.

use std::collections::VecDeque;
use std::fmt;
use std::pin::Pin;
use std::task::{Context, Poll};

use futures_core::Stream;
use futures_util::stream::unfold;
use xerus_api::logging::LogEntry;

use super::LogError;
use super::walk::Walk;

/// What a stream of log entries gives.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub enum LogItem {
    /// An entry.
    Entry(LogEntry),
    /// Entries were thrown away by the device before they were read: so many, as far as their ids tell.
    Missing(u64),
    /// The log was begun anew, and what was read last is not in it. When the oldest come first, the entries of the new log
    /// follow; when the newest come first, nothing older is left.
    Restarted,
}

/// One step after another.
type Steps = Pin<Box<dyn Stream<Item = Result<Vec<LogItem>, LogError>> + Send>>;

/// The entries of a log, see [`Log`](super::Log). After an error it ends.
#[must_use = "nothing is sent before the stream is read"]
pub struct LogStream {
    steps: Steps,
    ready: VecDeque<LogItem>,
}

impl LogStream {
    pub(super) fn new(walk: Walk) -> Self {
        let steps = unfold(Some(walk), |walk| async move {
            let mut walk = walk?;
            match walk.step().await {
                Ok(Some(items)) => Some((Ok(items), Some(walk))),
                Ok(None) => None,
                Err(error) => Some((Err(error), None)),
            }
        });
        Self {
            steps: Box::pin(steps),
            ready: VecDeque::new(),
        }
    }
}

impl Stream for LogStream {
    type Item = Result<LogItem, LogError>;

    fn poll_next(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        loop {
            if let Some(item) = self.ready.pop_front() {
                return Poll::Ready(Some(Ok(item)));
            }
            match self.steps.as_mut().poll_next(context) {
                Poll::Ready(Some(Ok(items))) => self.ready = items.into(),
                Poll::Ready(Some(Err(error))) => return Poll::Ready(Some(Err(error))),
                Poll::Ready(None) => return Poll::Ready(None),
                Poll::Pending => return Poll::Pending,
            }
        }
    }
}

impl fmt::Debug for LogStream {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("LogStream")
            .field("ready", &self.ready.len())
            .finish_non_exhaustive()
    }
}
