//! What carries requests.

use std::future::{Future, ready};
use std::pin::Pin;
use std::sync::Arc;
use std::time::Duration;

use futures_core::Stream;

use super::capabilities::Capabilities;
use super::credentials::Credentials;
use super::files::{DownloadRequest, IncomingFile, UploadAnswer, UploadRequest};
use super::reply::Reply;
use super::request::Request;
use super::stream::Item;
use crate::error::Error;

/// A future on the heap, as the object-safe traits of this crate return it.
pub type BoxFuture<'a, T> = Pin<Box<dyn Future<Output = T> + Send + 'a>>;

/// A stream on the heap, as the object-safe traits of this crate return it.
pub type BoxStream<'a, T> = Pin<Box<dyn Stream<Item = T> + Send + 'a>>;

/// Carries requests to one device and brings the answers back.
///
/// HTTP is one implementation; [`MemoryTransport`](crate::MemoryTransport) answers from a
/// [`Router`](crate::server::Router) in the same process. What wraps another transport implements [`Layer`](super::Layer)
/// instead, which passes on what it does not change, also methods that later versions add.
///
/// A transport keeps to the [timeout](Request::timeout) of each request, and ends with an error whose
/// [outcome](Error::outcome) says no more than the transport knows.
pub trait Transport: Send + Sync + 'static {
    /// Where the requests go, for error messages and for telling devices apart: a URL without credentials, a socket
    /// path. Two transports to different devices have different origins.
    fn origin(&self) -> &str;

    /// What it can do beside calls. Default: nothing.
    fn capabilities(&self) -> Capabilities {
        Capabilities::NONE
    }

    /// Whether a target can be one on this wire; why not, in words that follow "the resource id is". Asked before a request
    /// is made. Default: the rules for resource ids of Xerus devices, which must not be able to move a request to another
    /// host or another object than they seem to name.
    ///
    /// # Errors
    ///
    /// What is wrong with it.
    fn check_target(&self, target: &str) -> Result<(), &'static str> {
        crate::rid::check(target)
    }

    /// How long one check of an [action](crate::action) at this target has that was begun with an
    /// [`ActionCall`](crate::action::ActionCall) without a time for its checks: for what is reached over a slow link of something
    /// else. Calls, and actions that are begun in another way, do not ask for it. Default: `None`, as long as any check.
    fn default_timeout(&self, target: &str) -> Option<Duration> {
        let _ = target;
        None
    }

    /// Sends one request and waits for its answer. Dropping the future gives the answer up.
    fn call<'a>(&'a self, request: &'a Request) -> BoxFuture<'a, Result<Reply, Error>>;

    /// Sends one request to which no answer comes. Default: `Config.Unsupported`, and nothing is sent.
    fn notify<'a>(&'a self, request: &'a Request) -> BoxFuture<'a, Result<(), Error>> {
        let _ = request;
        Box::pin(ready(Err(Error::unsupported(
            "this wire has no calls without an answer; await the call instead",
        ))))
    }

    /// Sends one request and gives what is reported on the way, and then the answer. Dropping the stream gives the call
    /// up. Default: `Config.Unsupported`, and nothing is sent.
    fn stream(self: Arc<Self>, request: Request) -> BoxStream<'static, Result<Item, Error>> {
        let _ = request;
        Box::pin(Once(Some(Err(Error::unsupported(
            "this wire reports no progress; await the call instead",
        )))))
    }

    /// Gets a file: what is known about it, and then its bytes. Dropping it gives the transfer up. Default:
    /// `Config.Unsupported`, and nothing is sent.
    fn download(&self, request: DownloadRequest) -> BoxFuture<'_, Result<IncomingFile, Error>> {
        drop(request);
        Box::pin(ready(Err(no_files())))
    }

    /// Sends files and waits for the answer. Dropping the future gives the transfer up. Default: `Config.Unsupported`, and
    /// nothing is sent.
    fn upload(&self, request: UploadRequest) -> BoxFuture<'_, Result<UploadAnswer, Error>> {
        drop(request);
        Box::pin(ready(Err(no_files())))
    }

    /// Uses these credentials from the next request on; calls under way keep what they have. A wire that has sessions
    /// opens one. Default: `Config.Unsupported`.
    fn login(&self, credentials: Credentials) -> BoxFuture<'_, Result<(), Error>> {
        drop(credentials);
        Box::pin(ready(Err(Error::unsupported(
            "this wire has no users to log in",
        ))))
    }

    /// Closes the connections, after the calls under way. A request after that opens them again. Default: nothing.
    fn close(&self) -> BoxFuture<'_, ()> {
        Box::pin(ready(()))
    }
}

fn no_files() -> Error {
    Error::unsupported("this wire carries no files; use an agent over http or https")
}

/// A stream of one item.
struct Once<T>(Option<T>);

impl<T: Unpin> Stream for Once<T> {
    type Item = T;

    fn poll_next(
        mut self: Pin<&mut Self>,
        _: &mut std::task::Context<'_>,
    ) -> std::task::Poll<Option<T>> {
        std::task::Poll::Ready(self.0.take())
    }
}
