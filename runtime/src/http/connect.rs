//! From the address of a device to a connection: name lookup, TCP, proxy, TLS.

mod failure;
mod proxy;
mod resolve;

use std::net::IpAddr;
use std::sync::Arc;
use std::sync::atomic::{AtomicU8, Ordering};
use std::time::Duration;

use ::http::Uri;
use bytes::Bytes;
use http_body::Body;
use hyper_util::client::legacy::connect::HttpConnector;
use hyper_util::rt::TokioIo;
use rustls::ClientConfig;
use rustls::pki_types::ServerName;
use tokio::net::TcpStream;
use tokio_rustls::TlsConnector;
use tower_service::Service as _;

use super::connection::{Connection, OpenFailure};
use super::tls;
use super::url::Base;
use crate::error::{ConnectError, Error, TimeoutError, TimeoutPhase};

pub(crate) use proxy::Proxy;
use resolve::Resolver;

/// Addresses of the second family are tried after this long without an answer from the first.
const HAPPY_EYEBALLS: Duration = Duration::from_millis(250);

/// Stands for an address with a zone, which the connector would take for an address without: the resolver knows it.
const ZONED: &str = "zone.invalid";

/// How the way to the device begins.
#[derive(Clone, Debug, Default)]
pub(crate) struct Route {
    pub(crate) proxy: Option<Proxy>,
    /// The address of this machine that connections come from.
    pub(crate) local_address: Option<IpAddr>,
}

/// How far the opening of a connection has come: for whoever cuts it off.
#[derive(Debug, Default)]
pub(crate) struct Stage(AtomicU8);

impl Stage {
    const TCP: u8 = 1;
    const TLS: u8 = 2;

    pub(super) fn begin(&self) {
        self.0.store(Self::TCP, Ordering::Relaxed);
    }

    pub(super) fn end(&self) {
        self.0.store(0, Ordering::Relaxed);
    }

    /// What is going on, while a connection is opened.
    #[cfg(feature = "ripex2")]
    pub(crate) fn phase(&self) -> Option<TimeoutPhase> {
        match self.0.load(Ordering::Relaxed) {
            Self::TCP => Some(TimeoutPhase::Connect),
            Self::TLS => Some(TimeoutPhase::Tls),
            _ => None,
        }
    }

    /// The error of an opening that was cut off after `limit`.
    pub(super) fn timed_out(&self, limit: Duration) -> Error {
        let phase = match self.0.load(Ordering::Relaxed) {
            Self::TLS => TimeoutPhase::Tls,
            _ => TimeoutPhase::Connect,
        };
        TimeoutError::new(phase, limit).into()
    }
}

/// Opens connections to one address.
pub(super) struct Connector {
    tcp: HttpConnector<Resolver>,
    resolver: Resolver,
    proxy: Option<Proxy>,
    host: String,
    port: u16,
    tls: Option<(TlsConnector, ServerName<'static>)>,
    timeout: Duration,
}

impl Connector {
    pub(super) fn new(
        base: &Base,
        tls: Option<Arc<ClientConfig>>,
        route: &Route,
        timeout: Duration,
    ) -> Result<Self, Error> {
        let zoned = base.zoned_address();
        let host = if zoned.is_some() {
            ZONED
        } else {
            base.connect_host()
        };
        let host = host.to_owned();
        let resolver = Resolver::new(zoned);
        let mut tcp = HttpConnector::new_with_resolver(resolver.clone());
        tcp.set_nodelay(true);
        tcp.set_happy_eyeballs_timeout(Some(HAPPY_EYEBALLS));
        // Shared by all addresses of the device, so that one that is dead leaves time for the next.
        tcp.set_connect_timeout(Some(timeout));
        tcp.set_local_address(route.local_address);
        let tls = match tls {
            None => None,
            Some(config) => Some((TlsConnector::from(config), base.server_name()?)),
        };
        Ok(Self {
            tcp,
            resolver,
            proxy: route.proxy.clone(),
            host,
            port: base.port(),
            tls,
            timeout,
        })
    }

    /// Opens a connection. The time it may take, the caller limits.
    pub(super) async fn open<B>(&self, stage: &Stage) -> Result<Connection<B>, Error>
    where
        B: Body<Data = Bytes> + Send + 'static,
        B::Error: Into<Box<dyn std::error::Error + Send + Sync>>,
    {
        let stream = self.stream().await?;
        if self.tls.is_some() {
            stage.0.store(Stage::TLS, Ordering::Relaxed);
        }
        let tls = self
            .tls
            .as_ref()
            .map(|(connector, name)| (connector, name.clone()));
        Connection::open(stream, tls)
            .await
            .map_err(|failure| match failure {
                OpenFailure::Tls(error) => {
                    let refusal = tls::handshake_refusal(&error);
                    let Some(kind) = refusal else {
                        return Error::from(ConnectError::Other).with_source(error);
                    };
                    Error::from(kind).with_source(error)
                }
                OpenFailure::Http(error) => Error::from(ConnectError::Other).with_source(error),
            })
    }

    async fn stream(&self) -> Result<TcpStream, Error> {
        let Some(proxy) = &self.proxy else {
            let stream = self.tcp_to(&self.host, self.port).await;
            return Ok(stream
                .map_err(|error| failure::direct(error, self.timeout))?
                .into_inner());
        };
        let host = if proxy.looks_up_names() {
            self.host.clone()
        } else {
            self.resolver.first_address(&self.host).await?
        };
        let stream = self.tcp_to(proxy.host(), proxy.port()).await;
        let stream = stream.map_err(failure::of_proxy)?;
        Ok(proxy
            .lead(stream, uri(&host, self.port)?)
            .await?
            .into_inner())
    }

    async fn tcp_to(
        &self,
        host: &str,
        port: u16,
    ) -> Result<TokioIo<TcpStream>, Box<dyn std::error::Error + Send + Sync>> {
        let mut connector = self.tcp.clone();
        Ok(connector.call(uri(host, port)?).await?)
    }
}

/// The form in which the connectors take an address.
fn uri(host: &str, port: u16) -> Result<Uri, Error> {
    let authority = if host.contains(':') && !host.starts_with('[') {
        format!("[{host}]:{port}")
    } else {
        format!("{host}:{port}")
    };
    Uri::builder()
        .scheme("http")
        .authority(authority)
        .path_and_query("/")
        .build()
        .map_err(|error| Error::from(ConnectError::Dns).with_source(error))
}
