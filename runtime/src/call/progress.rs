//! Calls that report progress.

use std::borrow::Cow;
use std::fmt;
use std::future::IntoFuture;
use std::marker::PhantomData;
use std::pin::Pin;
use std::task::{Context, Poll};
use std::time::Duration;

use futures_core::Stream;

use super::results::{Callee, Form, Read};
use super::{Call, CallFuture, Plain, Plan, read_reply};
use crate::codec::{Decode, Reader};
use crate::error::{DecodeError, Error, ErrorKind};
use crate::wire::{BoxStream, Item, Meta, Overflow, Reply, Room};

/// A call of a method that reports values of type `P` before it gives its result.
///
/// Awaiting it drops the progress; [`stream`](Self::stream) gives it.
#[must_use = "a call is sent when it is awaited"]
pub struct ProgressCall<P, T, K = Plain> {
    call: Call<T, K>,
    room: Option<Room>,
    progress: PhantomData<fn() -> P>,
}

impl<P, T, K> ProgressCall<P, T, K> {
    pub(crate) fn new(call: Call<T, K>) -> Self {
        Self {
            call,
            room: None,
            progress: PhantomData,
        }
    }

    fn with(self, change: impl FnOnce(Call<T, K>) -> Call<T, K>) -> Self {
        Self {
            call: change(self.call),
            ..self
        }
    }

    /// Sets the time that the whole call may take, its progress included.
    pub fn timeout(self, timeout: Duration) -> Self {
        self.with(|call| call.timeout(timeout))
    }

    /// Sets how many reported values may wait for the program, at least 1, and what happens to more. How many were lost, and where,
    /// [`CallStream::missed`] tells. Without this it is as the wire was set up: 64 over WAMP, of which the oldest are dropped.
    ///
    /// ```
    /// use xerus_rpc::wire::Overflow;
    /// use xerus_rpc::{Error, ProgressCall};
    ///
    /// async fn all_or_none(count: ProgressCall<i32, i32>) -> Result<Vec<i32>, Error> {
    ///     let mut stream = count.room(1000, Overflow::Fail).stream();
    ///     let mut all = Vec::new();
    ///     while let Some(number) = stream.next().await {
    ///         all.push(number?);
    ///     }
    ///     Ok(all)
    /// }
    /// ```
    ///
    /// A wire that cannot do this ends the stream with `Config.Unsupported`, and nothing is sent: one without such a choice
    /// ([`Capabilities::room`](crate::wire::Capabilities::room)), and one that cannot hold back who reports, for [`Overflow::Wait`].
    pub fn room(self, values: usize, overflow: Overflow) -> Self {
        Self {
            room: Some(Room::new(values, overflow)),
            ..self
        }
    }

    /// Adds an attribute that only some wires understand; see [`Call::attribute`].
    pub fn attribute(self, name: impl Into<Cow<'static, str>>, value: impl Into<String>) -> Self {
        self.with(|call| call.attribute(name, value))
    }

    /// The call without its progress: for a bulk, or for the return code.
    pub fn without_progress(self) -> Call<T, K> {
        self.call
    }
}

impl<P: Decode, T, K> ProgressCall<P, T, K> {
    /// Sends the call, and gives what it reports and then its result.
    ///
    /// A wire that reports no progress ends the stream with `Config.Unsupported`, and nothing is sent.
    pub fn stream(self) -> CallStream<P, T> {
        let (plan, read) = self.call.into_parts();
        let transport = plan.agent.shared_transport();
        let request = plan.request().and_then(|request| match self.room {
            None => Ok(request),
            Some(room) if transport.capabilities().room => Ok(request.with_room(room)),
            Some(_) => Err(plan.blame(Error::unsupported(
                "this wire gives no choice of what happens to progress that is read too slowly: leave `room` out, or await the call",
            ))),
        });
        let (items, failed) = match request {
            Ok(request) => (Some(transport.stream(request)), None),
            Err(error) => (None, Some(error)),
        };
        CallStream {
            items,
            plan,
            read,
            result: failed.map(Err),
            meta: Meta::default(),
            missed: 0,
            told: false,
            begun: false,
            progress: PhantomData,
        }
    }
}

impl<P, T, K> IntoFuture for ProgressCall<P, T, K> {
    type Output = Result<T, Error>;
    type IntoFuture = CallFuture<T>;

    fn into_future(self) -> CallFuture<T> {
        self.call.into_future()
    }
}

impl<P, T, K> Clone for ProgressCall<P, T, K> {
    fn clone(&self) -> Self {
        Self {
            room: self.room,
            ..Self::new(self.call.clone())
        }
    }
}

impl<P, T, K> fmt::Debug for ProgressCall<P, T, K> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.call.fmt(f)
    }
}

/// A call on its way that reports progress: a stream of `P`, and at its end the result.
///
/// The stream yields each value as it comes. When the call fails or the device refuses, the error is its last item; a loop
/// that stops at the first error must look at it. [`finish`](Self::finish) gives the result, or the same error. Dropping
/// the stream gives the call up.
#[must_use = "a stream does nothing unless it is read"]
pub struct CallStream<P, T> {
    /// `None` once the call has ended.
    items: Option<BoxStream<'static, Result<Item, Error>>>,
    plan: Plan,
    read: Read<T>,
    result: Option<Result<T, Error>>,
    /// What came beside the result.
    meta: Meta,
    /// How many values were lost before the last item.
    missed: u64,
    /// Whether the error at the end was yielded.
    told: bool,
    /// Whether it was read, with which the call is sent.
    begun: bool,
    progress: PhantomData<fn() -> P>,
}

#[cfg(feature = "blocking")]
impl<P, T> CallStream<P, T> {
    /// Whether the call may be on its way.
    pub(super) fn is_under_way(&self) -> bool {
        self.begun && self.items.is_some()
    }

    /// Whether the result is there, or why there is none.
    pub(super) fn has_ended(&self) -> bool {
        self.items.is_none()
    }
}

impl<P: Decode, T> CallStream<P, T> {
    /// The next value that the device reports; `None` when the result is there.
    ///
    /// # Errors
    ///
    /// Why the call failed, as the last item.
    pub async fn next(&mut self) -> Option<Result<P, Error>> {
        std::future::poll_fn(|context| Pin::new(&mut *self).poll_next(context)).await
    }

    /// How many values were lost right before what [`next`](Self::next) gave last, because they were not read in time: a value, the
    /// error, or the end.
    #[must_use]
    pub fn missed(&self) -> u64 {
        self.missed
    }

    /// Drops what is reported from now on, and waits for the result.
    ///
    /// With [`Overflow::Fail`] what is reported so fast that it fills the room even now still ends the call with `Overflow`: for the result
    /// alone, choose another, or await the call.
    ///
    /// # Errors
    ///
    /// As awaiting the call. When a reported value cannot be read, the call goes on all the same.
    pub async fn finish(self) -> Result<T, Error> {
        self.finish_with_meta().await.map(|(value, _)| value)
    }

    /// The same, with what the wire knows beside the result.
    ///
    /// # Errors
    ///
    /// As [`finish`](Self::finish).
    pub async fn finish_with_meta(mut self) -> Result<(T, Meta), Error> {
        while self.items.is_some() {
            // What is wrong with a value on the way is told by the stream; what ends the call is in the result.
            let _ = self.next().await;
        }
        match self.result.take() {
            Some(result) => result.map(|value| (value, self.meta)),
            None => Err(self.plan.blame(ErrorKind::ConnectionLost.into())),
        }
    }

    fn take(&mut self, item: Result<Item, Error>) -> Option<Result<P, Error>> {
        self.missed = match &item {
            Ok(Item::Progress(reply) | Item::Final(reply)) => reply.meta().missed,
            Err(error) => error.meta().map_or(0, |meta| meta.missed),
        };
        match item {
            Ok(Item::Progress(mut reply)) => Some(self.progress(&mut reply)),
            Ok(Item::Final(mut reply)) => {
                self.end(read_reply(&self.plan, &mut reply, self.read));
                self.meta = reply.into_meta();
                None
            }
            Err(error) => {
                self.end(Err(self.plan.blame(error)));
                None
            }
        }
    }

    fn progress(&self, reply: &mut Reply) -> Result<P, Error> {
        // The call goes on, whatever is wrong with what it reports.
        read_reply(&self.plan, reply, reported::<P>).map_err(Error::before_the_result)
    }

    fn end(&mut self, result: Result<T, Error>) {
        self.items = None;
        self.result = Some(result);
    }
}

/// Reads what is reported: one value, whatever the results of the method are called. By position it stands in an array.
fn reported<P: Decode>(
    callee: &Callee<'_>,
    reader: &mut Reader<'_>,
) -> Result<Result<P, super::results::Refusal>, DecodeError> {
    match callee.form {
        Form::ByPosition => {
            let mut value = None;
            super::results::by_position(1, reader, &mut |_, reader| {
                value = Some(reader.value().map_err(|error| error.index(0))?);
                Ok(())
            })?;
            let missing = || DecodeError::missing("progress", reader.offset());
            value.map(Ok).ok_or_else(missing)
        }
        Form::ByName | Form::Bare | Form::Nothing => reader.value().map(Ok),
    }
}

// Nothing in it is pinned; the stream inside is on the heap.
impl<P, T> Unpin for CallStream<P, T> {}

impl<P: Decode, T> Stream for CallStream<P, T> {
    type Item = Result<P, Error>;

    fn poll_next(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        loop {
            let Some(items) = &mut self.items else {
                // The end: an error is told once.
                let error = match &self.result {
                    Some(Err(error)) if !self.told => Some(Err(error.clone())),
                    _ => None,
                };
                self.told = true;
                return Poll::Ready(error);
            };
            let next = items.as_mut().poll_next(context);
            self.begun = true;
            match next {
                Poll::Pending => return Poll::Pending,
                Poll::Ready(Some(item)) => {
                    if let Some(value) = self.take(item) {
                        return Poll::Ready(Some(value));
                    }
                }
                Poll::Ready(None) => {
                    let error = self.plan.blame(ErrorKind::ConnectionLost.into());
                    self.end(Err(error));
                }
            }
        }
    }
}

impl<P, T> fmt::Debug for CallStream<P, T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "CallStream({} on {})",
            self.plan.method.name(),
            self.plan.target
        )
    }
}
