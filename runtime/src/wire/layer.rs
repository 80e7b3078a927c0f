//! Transports around transports.

use std::sync::Arc;
use std::time::Duration;

use super::capabilities::Capabilities;
use super::credentials::Credentials;
use super::files::{DownloadRequest, IncomingFile, UploadAnswer, UploadRequest};
use super::reply::Reply;
use super::request::Request;
use super::stream::Item;
use super::transport::{BoxFuture, BoxStream, Transport};
use crate::error::Error;

/// A [`Transport`] around another: for traces, records, limits.
///
/// Everything that it does not change goes to the inner one, also methods that later versions add to transports.
///
/// On wires that carry JSON-RPC, HTTP among them, an error of the device comes as a reply that is not read yet:
/// [`Reply::error`] tells.
///
/// ```
/// use std::sync::Arc;
/// use std::sync::atomic::{AtomicU64, Ordering};
/// use xerus_rpc::wire::{BoxFuture, Layer, Reply, Request, Transport};
/// use xerus_rpc::{Agent, Error, MemoryTransport, server::Router};
///
/// struct Count(Arc<dyn Transport>, AtomicU64);
///
/// impl Layer for Count {
///     fn inner(&self) -> &Arc<dyn Transport> {
///         &self.0
///     }
///
///     fn call<'a>(&'a self, request: &'a Request) -> BoxFuture<'a, Result<Reply, Error>> {
///         self.1.fetch_add(1, Ordering::Relaxed);
///         self.0.call(request)
///     }
/// }
///
/// let device = Arc::new(MemoryTransport::new(Router::new()));
/// let agent = Agent::with_transport(Arc::new(Count(device, AtomicU64::new(0))));
/// # drop(agent);
/// ```
pub trait Layer: Send + Sync + 'static {
    /// What this is wrapped around.
    fn inner(&self) -> &Arc<dyn Transport>;

    /// See [`Transport::origin`].
    fn origin(&self) -> &str {
        self.inner().origin()
    }

    /// See [`Transport::capabilities`].
    fn capabilities(&self) -> Capabilities {
        self.inner().capabilities()
    }

    /// See [`Transport::check_target`].
    ///
    /// # Errors
    ///
    /// What is wrong with the target.
    fn check_target(&self, target: &str) -> Result<(), &'static str> {
        self.inner().check_target(target)
    }

    /// See [`Transport::default_timeout`].
    fn default_timeout(&self, target: &str) -> Option<Duration> {
        self.inner().default_timeout(target)
    }

    /// See [`Transport::call`].
    fn call<'a>(&'a self, request: &'a Request) -> BoxFuture<'a, Result<Reply, Error>> {
        self.inner().call(request)
    }

    /// See [`Transport::notify`].
    fn notify<'a>(&'a self, request: &'a Request) -> BoxFuture<'a, Result<(), Error>> {
        self.inner().notify(request)
    }

    /// See [`Transport::stream`].
    fn stream(self: Arc<Self>, request: Request) -> BoxStream<'static, Result<Item, Error>> {
        Arc::clone(self.inner()).stream(request)
    }

    /// See [`Transport::download`].
    fn download(&self, request: DownloadRequest) -> BoxFuture<'_, Result<IncomingFile, Error>> {
        self.inner().download(request)
    }

    /// See [`Transport::upload`].
    fn upload(&self, request: UploadRequest) -> BoxFuture<'_, Result<UploadAnswer, Error>> {
        self.inner().upload(request)
    }

    /// See [`Transport::login`].
    fn login(&self, credentials: Credentials) -> BoxFuture<'_, Result<(), Error>> {
        self.inner().login(credentials)
    }

    /// See [`Transport::close`].
    fn close(&self) -> BoxFuture<'_, ()> {
        self.inner().close()
    }
}

impl<L: Layer> Transport for L {
    fn origin(&self) -> &str {
        Layer::origin(self)
    }

    fn capabilities(&self) -> Capabilities {
        Layer::capabilities(self)
    }

    fn check_target(&self, target: &str) -> Result<(), &'static str> {
        Layer::check_target(self, target)
    }

    fn default_timeout(&self, target: &str) -> Option<Duration> {
        Layer::default_timeout(self, target)
    }

    fn call<'a>(&'a self, request: &'a Request) -> BoxFuture<'a, Result<Reply, Error>> {
        Layer::call(self, request)
    }

    fn notify<'a>(&'a self, request: &'a Request) -> BoxFuture<'a, Result<(), Error>> {
        Layer::notify(self, request)
    }

    fn stream(self: Arc<Self>, request: Request) -> BoxStream<'static, Result<Item, Error>> {
        Layer::stream(self, request)
    }

    fn download(&self, request: DownloadRequest) -> BoxFuture<'_, Result<IncomingFile, Error>> {
        Layer::download(self, request)
    }

    fn upload(&self, request: UploadRequest) -> BoxFuture<'_, Result<UploadAnswer, Error>> {
        Layer::upload(self, request)
    }

    fn login(&self, credentials: Credentials) -> BoxFuture<'_, Result<(), Error>> {
        Layer::login(self, credentials)
    }

    fn close(&self) -> BoxFuture<'_, ()> {
        Layer::close(self)
    }
}
