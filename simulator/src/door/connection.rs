//! One connection from its first byte to its last.

use std::pin::Pin;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use bytes::Bytes;
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper_util::rt::{TokioIo, TokioTimer};
use tokio::io::{AsyncRead, AsyncReadExt as _, AsyncWrite};
use tokio::net::TcpStream;
use tokio::sync::watch;
use tokio_rustls::TlsAcceptor;

use super::admission::Admitted;
use super::listen::{Door, Scheme};
use super::script::{End, Script};
use super::watch::Watch;
use super::watched::Watched;
use crate::limits::timeout;

/// What the HTTP library insists on.
const SMALLEST_BUFFER: usize = 8_192;
/// For so long the rest of a request is thrown away after the answer: closing at once could take the answer from the client.
const LINGER: Duration = Duration::from_secs(1);

/// What the requests of one connection share.
pub(crate) struct Link {
    pub(crate) watch: Arc<Watch>,
    /// Name of the scheme: `http` or `https`.
    pub(crate) scheme: &'static str,
    /// Whether a request was answered on it before.
    reused: AtomicBool,
    script: Mutex<Option<Script>>,
    latest: Mutex<Option<Bytes>>,
}

impl Link {
    fn new(watch: Arc<Watch>, scheme: &'static str) -> Self {
        Self {
            watch,
            scheme,
            reused: AtomicBool::new(false),
            script: Mutex::default(),
            latest: Mutex::default(),
        }
    }

    /// Of no connection.
    #[cfg(test)]
    pub(crate) fn detached() -> Self {
        let nobody = ([127, 0, 0, 1], 1).into();
        Self::new(Arc::new(Watch::new(nobody)), "http")
    }

    /// Whether a request was answered on the connection before this one; it is from now on.
    pub(crate) fn is_reused(&self) -> bool {
        self.reused.swap(true, Ordering::Relaxed)
    }

    /// Sends these bytes in place of an answer. The request must end with an error.
    pub(crate) fn play(&self, script: Script) {
        self.watch.answer();
        *lock(&self.script) = Some(script);
    }

    /// The latest answer to a call that was kept, and the one to keep in its place.
    pub(crate) fn swap_latest(&self, answer: Option<Bytes>) -> Option<Bytes> {
        std::mem::replace(&mut lock(&self.latest), answer)
    }
}

fn lock<T>(mutex: &Mutex<T>) -> std::sync::MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Serves a connection until it ends, is given up, or the door closes.
pub(super) async fn serve(
    door: Arc<Door>,
    stream: TcpStream,
    scheme: Scheme,
    admitted: Admitted,
    stop: watch::Receiver<bool>,
) {
    // Small answers, each awaited by the client: waiting for more to send only costs time.
    let _ = stream.set_nodelay(true);
    let watch = Arc::clone(admitted.watch());
    let peer = watch.peer();
    let stream = Watched::new(
        stream,
        Arc::clone(&watch),
        timeout(door.limits.write_timeout),
    );
    let link = Arc::new(Link::new(Arc::clone(&watch), scheme.name()));
    let encrypted = scheme.is_encrypted();
    let work = async {
        match scheme {
            Scheme::Http | Scheme::Redirect { .. } => {
                exchange(&door, stream, &scheme, link, stop).await;
            }
            Scheme::Https(ref tls) => {
                let handshake = TlsAcceptor::from(tls.config()).accept(stream);
                match tokio::time::timeout(timeout(door.limits.header_timeout), handshake).await {
                    Ok(Ok(stream)) => exchange(&door, stream, &scheme, link, stop).await,
                    Ok(Err(error)) => tracing::debug!(%peer, %error, "TLS handshake failed"),
                    Err(_) => tracing::debug!(%peer, "TLS handshake took too long"),
                }
            }
        }
    };
    tokio::select! {
        () = work => {}
        () = watch.is_cut() => {}
        () = door.reach.left(encrypted) => {}
    }
}

async fn exchange<S>(
    door: &Arc<Door>,
    mut stream: S,
    scheme: &Scheme,
    link: Arc<Link>,
    mut stop: watch::Receiver<bool>,
) where
    S: AsyncRead + AsyncWrite + Unpin,
{
    let encrypted = scheme.is_encrypted();
    loop {
        let service = service_fn(|request| {
            let (door, link) = (Arc::clone(door), Arc::clone(&link));
            let redirect = scheme.redirect();
            Box::pin(async move { door.request(request, redirect, link).await })
        });
        let mut connection = http1::Builder::new()
            .timer(TokioTimer::new())
            .header_read_timeout(timeout(door.limits.header_timeout))
            .max_header_size(door.limits.header_bytes.max(SMALLEST_BUFFER))
            .max_buf_size(door.limits.header_bytes.max(SMALLEST_BUFFER))
            .auto_date_header(false)
            .serve_connection(TokioIo::new(stream), service);
        let served = tokio::select! {
            biased;
            served = &mut connection => Some(served),
            () = stopped(&mut stop) => None,
            () = door.reach.leaving(encrypted) => None,
        };
        let served = match served {
            Some(served) => served,
            None => {
                Pin::new(&mut connection).graceful_shutdown();
                (&mut connection).await
            }
        };
        let parts = connection.into_parts();
        stream = parts.io.into_inner();
        let script = lock(&link.script).take();
        match (served, script) {
            (Err(_), Some(script)) => match script.play(&mut stream).await {
                // What the client has sent already would be lost with the HTTP library's buffer.
                Ok(End::Serve) if parts.read_buf.is_empty() && !*stop.borrow() => {}
                _ => return,
            },
            (Ok(()), _) => {
                linger(&mut stream).await;
                return;
            }
            (Err(error), None) => {
                tracing::debug!(peer = %link.watch.peer(), %error, "connection ended");
                return;
            }
        }
        link.watch.served();
    }
}

/// Waits until the door closes.
async fn stopped(stop: &mut watch::Receiver<bool>) {
    // An error means that the door is gone, which is the same.
    let _ = stop.wait_for(|stop| *stop).await;
}

/// Throws away what still arrives.
async fn linger<S: AsyncRead + Unpin>(stream: &mut S) {
    let rest = async {
        let mut ignored = [0; 4_096];
        while let Ok(1..) = stream.read(&mut ignored).await {}
    };
    let _ = tokio::time::timeout(LINGER, rest).await;
}
