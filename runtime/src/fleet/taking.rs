//! The ways to take the results of a run.

use std::future::{Future, poll_fn};
use std::pin::{Pin, pin};
use std::task::{Context, Poll, ready};

use futures_core::Stream;

use super::error::FleetError;
use super::progress::Counts;
use super::results::Ended;
use super::run::Run;
#[cfg(feature = "blocking")]
use crate::error::Error;

/// What became of the device with this key.
type Item<K, T, E> = (K, Result<T, FleetError<E>>);

impl<K: Clone, T, E> Run<K, T, E> {
    /// The next device that has ended, and what became of it; `None` when there is no other.
    ///
    /// Nothing is lost when the future is dropped.
    pub async fn next(&mut self) -> Option<Item<K, T, E>> {
        let ended = poll_fn(|context| self.poll_ended(context)).await?;
        Some(self.with_key(ended))
    }

    /// Gives each result to `handle` and waits for what it does, while the work on other devices goes on; the counts at the end.
    ///
    /// One at a time. Results wait meanwhile, as many as the [`cap`](super::Fleet::cap) allows.
    pub async fn for_each<H: Future<Output = ()>>(
        mut self,
        mut handle: impl FnMut(K, Result<T, FleetError<E>>) -> H,
    ) -> Counts {
        while let Some((key, result)) = self.next().await {
            let mut handling = pin!(handle(key, result));
            poll_fn(|context| {
                while self.go_on(context) {}
                handling.as_mut().poll(context)
            })
            .await;
        }
        self.progress().counts()
    }

    /// All results, in the order of the list. They are all in memory then.
    pub async fn collect_all(mut self) -> Vec<Item<K, T, E>> {
        let mut all = Vec::with_capacity(self.left());
        while let Some(ended) = poll_fn(|context| self.poll_ended(context)).await {
            all.push(ended);
        }
        all.sort_unstable_by_key(|ended| ended.0);
        all.into_iter().map(|ended| self.with_key(ended)).collect()
    }

    /// All results, in the order of the list; blocks the thread until they are there. Not for use inside async code.
    ///
    /// Needs the feature `blocking`.
    ///
    /// # Errors
    ///
    /// `Config.Unsupported` inside async code that this would stop; nothing was sent then.
    #[cfg(feature = "blocking")]
    pub fn collect_all_blocking(self) -> Result<Vec<Item<K, T, E>>, Error> {
        crate::agent::blocking::block_on(async { Ok(self.collect_all().await) })
    }

    fn with_key(&self, ended: Ended<T, E>) -> Item<K, T, E> {
        (self.key(ended.0), ended.1)
    }
}

impl<K: Clone, T, E> Stream for Run<K, T, E> {
    type Item = Item<K, T, E>;

    fn poll_next(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        let ended = ready!(self.poll_ended(context));
        Poll::Ready(ended.map(|ended| self.with_key(ended)))
    }

    fn size_hint(&self) -> (usize, Option<usize>) {
        (self.left(), Some(self.left()))
    }
}
