//! Many calls in few requests.

mod answer;
mod auto;
mod batch;
mod calls;
mod request;
mod results;
mod send;
mod slot;

use std::fmt;
use std::future::IntoFuture;
use std::time::Duration;

pub use auto::AutoBulk;
pub use batch::{Batch, BatchResults, Handle};
pub use calls::{BulkCalls, BulkItem, BulkPart, SureItem};
pub(crate) use request::BULK_RID;
pub use results::{BulkOutput, BulkResults, OptionalResult};
use send::Sending;
use slot::Slots;

use crate::agent::Agent;
use crate::error::Error;
use crate::wire::BoxFuture;

impl Agent {
    /// Sends many calls in few requests.
    ///
    /// Takes a list (an iterator, a vector, an array) of calls and gives the list of their results. Or a tuple of two to
    /// twelve calls and lists, and gives a tuple of results. An item of a list is a call, an `Option` of a call (an absent
    /// sensor stays absent in its place), or a tuple of those:
    ///
    /// | calls | results |
    /// |---|---|
    /// | iterator of `Call<T>` | [`BulkResults`] of `Result<T, Error>` |
    /// | iterator of `Option<Call<T>>` | [`BulkResults`] of `Option<Result<T, Error>>` |
    /// | iterator of `(Call<A>, Call<B>)` | [`BulkResults`] of `(Result<A, Error>, Result<B, Error>)` |
    /// | `(Call<A>, Call<B>)` | `(Result<A, Error>, Result<B, Error>)` |
    /// | (iterator of `Call<A>`, `Option<Call<B>>`) | ([`BulkResults`], [`OptionalResult`]) |
    ///
    /// [`Bulk::all`] gives the values instead, or the first error. [`batch`](Self::batch) is for calls that come one by one.
    ///
    /// One call that fails leaves the others intact. The calls go in chunks (100 calls or 256 KiB by default), one chunk
    /// after the other; no request is made for no call. On a wire without bulk they are sent as single requests, pipelined
    /// where the wire can.
    ///
    /// The device executes the calls in order and not as a transaction.
    ///
    /// ```
    /// # use std::sync::Arc;
    /// # use xerus_rpc::{Agent, Json, MemoryTransport, server::Router};
    /// # async fn example() -> Result<(), xerus_rpc::Error> {
    /// # let agent = Agent::with_transport(Arc::new(MemoryTransport::new(Router::new())));
    /// let version = |rid| agent.call(rid, "getTypeInfo", Json::EMPTY_OBJECT);
    ///
    /// for result in agent.bulk(["/firmware", "/bulk"].map(version)).await? {
    ///     println!("{result:?}");
    /// }
    /// let (firmware, bulk) = agent.bulk((version("/firmware"), version("/bulk"))).all().await?;
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    ///
    /// The outer error is for the whole: the request of the first chunk failed, or its answer is no bulk
    /// answer. When a later chunk fails, the results so far are kept; its calls get that error, and so do the
    /// calls of the chunks behind it, which are not sent ([`Outcome::NotExecuted`](crate::Outcome::NotExecuted)).
    #[doc(alias("perform_bulk", "performBulk", "BulkRequestHelper"))]
    pub fn bulk<C: BulkCalls<Shape>, Shape>(&self, calls: C) -> Bulk<C::Output> {
        let (plans, slots) = calls.split_all();
        Bulk {
            sending: Sending::new(self, plans),
            slots,
        }
    }

    /// A bulk to which calls of any type are added one by one.
    #[doc(alias = "BulkRequestHelper")]
    pub fn batch(&self) -> Batch {
        Batch::new(self)
    }
}

/// Many calls that have not been sent; made by [`Agent::bulk`].
#[must_use = "calls are sent when the bulk is awaited"]
pub struct Bulk<O> {
    sending: Sending,
    slots: Box<dyn Slots<Output = O> + Send>,
}

impl<O: 'static> Bulk<O> {
    /// Sets how many calls go in one request, 1 to 200. Default: that of the agent, 100.
    ///
    /// A device executes the calls of a request one after the other, about 11 ms each, and answers nothing else on the
    /// connection meanwhile: a chunk of 100 holds up a switching command for about a second, one of 200 for two. The larger
    /// one saves a round trip for every 200 calls, which is less than a hundredth of their time.
    pub fn chunk(mut self, calls: usize) -> Self {
        self.sending.set_chunk(calls);
        self
    }

    /// Sets the time that each request may take. Default: the longest that a call in it has.
    pub fn timeout(mut self, timeout: Duration) -> Self {
        self.sending.set_timeout(timeout);
        self
    }

    /// Gives all values, in the shape of the calls, or the first error, instead of a result for each call.
    ///
    /// All calls are made, also those behind one that fails.
    #[doc(alias = "raise_subreq_failure")]
    pub fn all(self) -> BulkValues<O>
    where
        O: BulkOutput,
    {
        BulkValues(self)
    }

    /// Sends the calls; the same as awaiting the bulk.
    #[must_use = "calls are sent when the future is awaited"]
    pub fn send(self) -> BoxFuture<'static, Result<O, Error>> {
        self.into_future()
    }

    /// Sends the calls and blocks the thread until the results are there. Not for use inside async code.
    ///
    /// Needs the feature `blocking`.
    ///
    /// # Errors
    ///
    /// As awaiting the bulk.
    #[cfg(feature = "blocking")]
    pub fn send_blocking(self) -> Result<O, Error> {
        crate::agent::blocking::block_on(self.into_future())
    }
}

impl<O: 'static> IntoFuture for Bulk<O> {
    type Output = Result<O, Error>;
    type IntoFuture = BoxFuture<'static, Result<O, Error>>;

    fn into_future(self) -> Self::IntoFuture {
        let Self { sending, mut slots } = self;
        Box::pin(async move {
            sending.send(&mut *slots).await?;
            Ok(slots.finish())
        })
    }
}

/// Many calls that have not been sent, of which the values are wanted; made by [`Bulk::all`].
#[must_use = "calls are sent when this is awaited"]
pub struct BulkValues<O>(Bulk<O>);

impl<O: BulkOutput + 'static> BulkValues<O> {
    /// Sends the calls and blocks the thread until the values are there. Not for use inside async code.
    ///
    /// Needs the feature `blocking`.
    ///
    /// # Errors
    ///
    /// As awaiting it.
    #[cfg(feature = "blocking")]
    pub fn send_blocking(self) -> Result<O::Value, Error> {
        self.0.send_blocking()?.into_value()
    }
}

impl<O: BulkOutput + 'static> IntoFuture for BulkValues<O> {
    type Output = Result<O::Value, Error>;
    type IntoFuture = BoxFuture<'static, Self::Output>;

    fn into_future(self) -> Self::IntoFuture {
        let results = self.0.into_future();
        Box::pin(async move { results.await?.into_value() })
    }
}

impl<O> fmt::Debug for Bulk<O> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Bulk({} calls)", self.sending.len())
    }
}

impl<O> fmt::Debug for BulkValues<O> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}
