//! Many calls in one request (spec section 4).

mod answer;
mod calls;
mod request;

use std::fmt;
use std::future::IntoFuture;
use std::time::Duration;

use calls::{Accept, Slots};
pub use calls::{BulkCalls, Many};
pub(crate) use request::BULK_RID;
use request::Chunk;

use crate::agent::Agent;
use crate::call::Plan;
use crate::error::{BulkError, Error, Outcome};
use crate::settings::MAX_BULK_CALLS;
use crate::transport::BoxFuture;

impl Agent {
    /// Sends many calls in few requests.
    ///
    /// Takes an iterator of calls of one type and gives a vector of results, or a tuple of two to twelve
    /// calls and gives a tuple of results. One call that fails leaves the others intact. The calls go in
    /// chunks (100 calls or 256 KiB by default), one chunk after the other; no request is made for no call.
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
    /// let (firmware, bulk) = agent.bulk((version("/firmware"), version("/bulk"))).await?;
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    ///
    /// The outer error is for the whole: the request of the first chunk failed, or its answer is no bulk
    /// answer. When a later chunk fails, the results so far are kept; its calls get that error, and so do the
    /// calls of the chunks behind it, which are not sent ([`Outcome::NotExecuted`]).
    pub fn bulk<C: BulkCalls<Shape>, Shape>(&self, calls: C) -> Bulk<C::Output> {
        let (plans, slots) = calls.split();
        let settings = self.settings();
        Bulk {
            batch: Batch {
                agent: self.clone(),
                plans,
                calls: settings.bulk_calls,
                bytes: settings.bulk_bytes,
                timeout: None,
            },
            slots,
        }
    }
}

/// Many calls that have not been sent; made by [`Agent::bulk`].
#[must_use = "calls are sent when the bulk is awaited"]
pub struct Bulk<O> {
    batch: Batch,
    slots: Box<dyn Slots<Output = O> + Send>,
}

/// Everything of a bulk but the types of its results.
struct Batch {
    agent: Agent,
    plans: Vec<Plan>,
    /// Calls per chunk.
    calls: usize,
    /// Bytes per chunk.
    bytes: usize,
    timeout: Option<Duration>,
}

impl<O: 'static> Bulk<O> {
    /// Sets how many calls go in one request, 1 to 200. Default: that of the agent.
    pub fn chunk(mut self, calls: usize) -> Self {
        self.batch.calls = calls;
        self
    }

    /// Sets the time that each request may take. Default: the longest that a call in it asks for, or that of
    /// the agent.
    pub fn timeout(mut self, timeout: Duration) -> Self {
        self.batch.timeout = Some(timeout);
        self
    }

    /// Sends the calls; the same as awaiting the bulk.
    #[must_use = "calls are sent when the future is awaited"]
    pub fn send(self) -> BoxFuture<'static, Result<O, Error>> {
        self.into_future()
    }

    /// Sends the calls and blocks the thread until the results are there. Not for use inside async code.
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
        let Self { batch, mut slots } = self;
        Box::pin(async move {
            batch.send(&mut *slots).await?;
            Ok(slots.finish())
        })
    }
}

impl<O> fmt::Debug for Bulk<O> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Bulk({} calls)", self.batch.plans.len())
    }
}

impl Batch {
    async fn send(self, slots: &mut (dyn Accept + Send)) -> Result<(), Error> {
        let ready = self.prepare(slots);
        let calls = self.calls.clamp(1, MAX_BULK_CALLS);
        let mut rest = &ready[..];
        let mut answered = false;
        while !rest.is_empty() {
            let chunk = Chunk::take(&mut rest, &self.plans, calls, self.bytes);
            let Err(error) = self.send_chunk(&chunk, slots).await else {
                answered = true;
                continue;
            };
            if !answered {
                return Err(error);
            }
            for index in chunk.indexes() {
                slots.reject(index, error.clone());
            }
            let unsent = error.with_outcome(Outcome::NotExecuted);
            for index in rest {
                slots.reject(*index, unsent.clone());
            }
            break;
        }
        Ok(())
    }

    /// The calls that can be sent; the others get their error.
    fn prepare(&self, slots: &mut dyn Accept) -> Vec<usize> {
        let mut ready = Vec::with_capacity(self.plans.len());
        for (index, plan) in self.plans.iter().enumerate() {
            let refusal = if plan.agent.same_agent(&self.agent) {
                plan.request().err()
            } else {
                Some(plan.blame(BulkError::ForeignAgent.into()))
            };
            match refusal {
                Some(error) => slots.reject(index, error),
                None => ready.push(index),
            }
        }
        ready
    }

    async fn send_chunk(
        &self,
        chunk: &Chunk<'_>,
        slots: &mut (dyn Accept + Send),
    ) -> Result<(), Error> {
        let outer = chunk.outer_call(&self.agent, self.timeout);
        let response = outer.send().await?;
        let mut pairing = answer::Pairing::new(chunk, slots);
        outer.receive(&response, &mut |reader| pairing.read(reader))?;
        pairing.finish().map_err(|error| outer.blame(error))
    }
}
