//! A bulk to which calls are added one by one.

use std::any::Any;
use std::fmt;
use std::future::IntoFuture;
use std::marker::PhantomData;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use super::send::Sending;
use super::slot::{Accept, ItemSlot, Slot};
use crate::agent::Agent;
use crate::call::results::Callee;
use crate::call::{Call, Plan};
use crate::codec::Reader;
use crate::error::{BulkError, DecodeError, Error};
use crate::wire::BoxFuture;

/// Calls of any types, added one by one; made by [`Agent::batch`].
///
/// ```
/// # use xerus_rpc::{Agent, Error, Json};
/// # async fn example(agent: &Agent) -> Result<(), Error> {
/// let mut batch = agent.batch();
/// let firmware = batch.add(agent.call("/firmware", "getVersion", Json::EMPTY_OBJECT));
/// let bulk = batch.add(agent.call("/bulk", "getTypeInfo", Json::EMPTY_OBJECT));
/// let mut results = batch.await?;
/// println!("{} {}", results.take(firmware)?, results.take(bulk)?);
/// # Ok(())
/// # }
/// ```
#[must_use = "calls are sent when the batch is awaited"]
#[doc(alias("BulkRequestHelper", "perform_bulk"))]
pub struct Batch {
    id: u64,
    sending: Sending,
    slots: Vec<Box<dyn AnySlot>>,
}

/// Stands for the result of a call in a [`Batch`].
#[must_use = "the result of the call is taken with it"]
pub struct Handle<T> {
    batch: u64,
    place: usize,
    result: PhantomData<fn() -> T>,
}

impl Batch {
    pub(super) fn new(agent: &Agent) -> Self {
        // Unique in the process, so that a handle is never taken for one of another batch.
        static NEXT: AtomicU64 = AtomicU64::new(0);
        Self {
            id: NEXT.fetch_add(1, Ordering::Relaxed),
            sending: Sending::new(agent, Vec::new()),
            slots: Vec::new(),
        }
    }

    /// Adds a call; the handle gives its result when the batch was sent.
    #[doc(alias = "add_request")]
    pub fn add<T: Send + 'static, K>(&mut self, call: Call<T, K>) -> Handle<T> {
        let (plan, read) = call.into_parts();
        let place = self.slots.len();
        self.sending.push(plan);
        self.slots.push(Box::new(Slot::new(read)));
        Handle {
            batch: self.id,
            place,
            result: PhantomData,
        }
    }

    /// How many calls there are.
    #[must_use]
    pub fn len(&self) -> usize {
        self.slots.len()
    }

    /// Whether there are no calls.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.slots.is_empty()
    }

    /// Sets how many calls go in one request, 1 to 200. Default: that of the agent.
    pub fn chunk(mut self, calls: usize) -> Self {
        self.sending.set_chunk(calls);
        self
    }

    /// Sets the time that each request may take, as [`Bulk::timeout`](super::Bulk::timeout).
    pub fn timeout(mut self, timeout: Duration) -> Self {
        self.sending.set_timeout(timeout);
        self
    }

    /// Sends the calls and blocks the thread until the results are there. Not for use inside async code.
    ///
    /// Needs the feature `blocking`.
    ///
    /// # Errors
    ///
    /// As awaiting the batch.
    #[cfg(feature = "blocking")]
    pub fn send_blocking(self) -> Result<BatchResults, Error> {
        crate::agent::blocking::block_on(self.into_future())
    }
}

impl IntoFuture for Batch {
    type Output = Result<BatchResults, Error>;
    type IntoFuture = BoxFuture<'static, Self::Output>;

    /// Sends the calls as [`Agent::bulk`] does, with the same errors.
    fn into_future(self) -> Self::IntoFuture {
        let Self {
            id,
            sending,
            mut slots,
        } = self;
        Box::pin(async move {
            sending.send(&mut slots).await?;
            Ok(BatchResults {
                batch: id,
                slots: slots.into_iter().map(Some).collect(),
            })
        })
    }
}

/// The results of a [`Batch`].
#[must_use = "a result that nobody looks at may be a refusal"]
pub struct BatchResults {
    batch: u64,
    /// Those whose results were not taken yet.
    slots: Vec<Option<Box<dyn AnySlot>>>,
}

impl BatchResults {
    /// The result of a call.
    ///
    /// # Errors
    ///
    /// Why the call has no result; `Bulk.ForeignHandle` for a handle of another batch.
    pub fn take<T: 'static>(&mut self, handle: Handle<T>) -> Result<T, Error> {
        let ours = self.batch == handle.batch;
        let slot = self
            .slots
            .get_mut(handle.place)
            .filter(|_| ours)
            .and_then(Option::take)
            .ok_or(BulkError::ForeignHandle)?;
        let slot = slot.into_any().downcast::<Slot<T>>();
        slot.expect("the handle has the type of its call").finish()
    }

    /// Whether every call has a result that is no error, among those not taken yet.
    ///
    /// # Errors
    ///
    /// That of the first call that failed.
    #[doc(alias = "raise_subreq_failure")]
    pub fn check(&self) -> Result<(), Error> {
        let mut slots = self.slots.iter().flatten();
        let failed = slots.find_map(|slot| slot.failure());
        failed.map_or(Ok(()), Err)
    }
}

/// A slot of any type.
trait AnySlot: Accept + Send {
    fn into_any(self: Box<Self>) -> Box<dyn Any>;

    /// Why the call has no result.
    fn failure(&self) -> Option<Error>;
}

impl<T: Send + 'static> AnySlot for Slot<T> {
    fn into_any(self: Box<Self>) -> Box<dyn Any> {
        self
    }

    fn failure(&self) -> Option<Error> {
        Self::failure(self)
    }
}

impl Accept for Vec<Box<dyn AnySlot>> {
    fn accept(
        &mut self,
        index: usize,
        plan: &Plan,
        callee: &Callee<'_>,
        reader: &mut Reader<'_>,
    ) -> Result<(), DecodeError> {
        match self.get_mut(index) {
            Some(slot) => slot.accept(0, plan, callee, reader),
            None => reader.skip_value(),
        }
    }

    fn reject(&mut self, index: usize, error: Error) {
        if let Some(slot) = self.get_mut(index) {
            slot.reject(0, error);
        }
    }

    fn forget(&mut self, index: usize) {
        if let Some(slot) = self.get_mut(index) {
            slot.forget(0);
        }
    }
}

impl fmt::Debug for Batch {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Batch({} calls)", self.len())
    }
}

impl<T> fmt::Debug for Handle<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Handle({})", self.place)
    }
}

impl fmt::Debug for BatchResults {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "BatchResults({} calls)", self.slots.len())
    }
}
