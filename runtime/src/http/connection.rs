//! One HTTP/1.1 connection to a device, owned by the call that uses it.
//!
//! Nothing runs in the background: the connection makes progress while the call on it is polled, and ends when it is
//! dropped. A call that is given up takes its connection with it, so that no later call can see its answer.

mod head;
mod stream;
mod traffic;

use std::future::poll_fn;
use std::pin::{Pin, pin};
use std::sync::Arc;
use std::task::{Context, Poll, Waker};

use ::http::{Request, Response};
use bytes::Bytes;
use http_body::{Body, Frame};
use http_body_util::Full;
use hyper::body::Incoming;
use hyper::client::conn::http1;
use hyper_util::rt::TokioIo;
use rustls::pki_types::ServerName;
use tokio::net::TcpStream;
use tokio::runtime;
use tokio::time::Instant;
use tokio_rustls::TlsConnector;

use head::HeadFault;
use stream::{Layer, Stream, Tcp};
use traffic::Traffic;

/// Largest head of an answer.
const MAX_HEAD_BYTES: usize = 128 << 10;

/// Most header lines of an answer.
const MAX_HEADERS: usize = 256;

/// An open connection.
pub(super) struct Connection<B: Body + 'static = Full<Bytes>> {
    sender: http1::SendRequest<B>,
    /// What makes the connection go on; `None` once it has ended.
    driver: Option<Driver<B>>,
    traffic: Arc<Traffic>,
    /// The runtime whose events the connection waits for; in another it would hang.
    runtime: runtime::Id,
    secure: bool,
    /// When the last answer was complete; `None` before the first.
    idle_since: Option<Instant>,
    /// Bytes written before the current request.
    written_before: u64,
}

type Driver<B> = http1::Connection<TokioIo<Stream>, B>;

/// Lets a connection go on; true when it has ended. What became of it, those learn who wait for something from it: a request
/// that it never took is given back when it is gone.
fn drive<B>(driver: &mut Option<Driver<B>>, context: &mut Context<'_>) -> bool
where
    B: Body<Data = Bytes> + Send + 'static,
    B::Error: Into<Box<dyn std::error::Error + Send + Sync>>,
{
    let Some(connection) = driver else {
        return true;
    };
    let ended = Pin::new(connection).poll(context).is_ready();
    if ended {
        *driver = None;
    }
    ended
}

/// Why a request has no answer.
pub(super) enum SendFailure {
    /// The library gave the request back, or no byte of it was taken: it surely did not leave.
    NotSent(hyper::Error),
    /// Some of it, or all, may have arrived.
    Lost(hyper::Error),
    /// What came back has a head that cannot be relied on.
    Garbled(hyper::Error),
    /// What came back is TLS, in answer to plain HTTP.
    SpeaksTls(hyper::Error),
}

impl<B> Connection<B>
where
    B: Body<Data = Bytes> + Send + 'static,
    B::Error: Into<Box<dyn std::error::Error + Send + Sync>>,
{
    /// Begins with HTTP, or with TLS and then HTTP, on a TCP connection.
    pub(super) async fn open(
        stream: TcpStream,
        tls: Option<(&TlsConnector, ServerName<'static>)>,
    ) -> Result<Self, OpenFailure> {
        let traffic = Arc::new(Traffic::default());
        let secure = tls.is_some();
        let tcp = Tcp::new(stream, Arc::clone(&traffic));
        let layer = match tls {
            None => Layer::Plain(tcp),
            Some((connector, name)) => {
                let stream = connector.connect(name, tcp).await;
                Layer::Tls(Box::new(stream.map_err(OpenFailure::Tls)?))
            }
        };
        let stream = TokioIo::new(Stream::new(layer, Arc::clone(&traffic)));
        let (sender, driver) = http1::Builder::new()
            .allow_obsolete_multiline_headers_in_responses(true)
            .ignore_invalid_headers_in_responses(true)
            .max_headers(MAX_HEADERS)
            .max_header_size(MAX_HEAD_BYTES)
            .handshake(stream)
            .await
            .map_err(OpenFailure::Http)?;
        Ok(Self {
            sender,
            driver: Some(driver),
            traffic,
            runtime: runtime::Handle::current().id(),
            secure,
            idle_since: None,
            written_before: 0,
        })
    }

    /// Waits until a request can be sent; false when the device has ended the connection.
    ///
    /// With `certain` the operating system is asked whether it has, which the runtime may not have noticed yet.
    pub(super) async fn ready(&mut self, certain: bool) -> bool {
        if certain {
            self.traffic.ask_for_probe();
        }
        let ready = poll_fn(|context| {
            if drive(&mut self.driver, context) {
                return Poll::Ready(false);
            }
            self.sender.poll_ready(context).map(|ready| ready.is_ok())
        })
        .await;
        // Where nothing was read, the question must not be put while an answer is awaited.
        self.traffic.take_probe();
        ready
    }

    /// Sends a request and waits for the head of the answer.
    pub(super) async fn send(
        &mut self,
        request: Request<B>,
    ) -> Result<Response<Incoming>, SendFailure> {
        self.written_before = self.traffic.written();
        self.traffic.begin();
        let answer = self.sender.try_send_request(request);
        let mut answer = pin!(answer);
        let driver = &mut self.driver;
        let result = poll_fn(|context| {
            drive(driver, context);
            answer.as_mut().poll(context)
        })
        .await;
        match result {
            Ok(response) => Ok(response),
            Err(mut error) => {
                let given_back = error.take_message().is_some();
                let error = error.into_error();
                Err(match self.traffic.fault() {
                    _ if given_back || !self.was_sent() => SendFailure::NotSent(error),
                    Some(HeadFault::Tls) if !self.secure => SendFailure::SpeaksTls(error),
                    Some(_) => SendFailure::Garbled(error),
                    None if error.is_parse() => SendFailure::Garbled(error),
                    None => SendFailure::Lost(error),
                })
            }
        }
    }

    /// Lets the connection go on, and looks for the next frame of the body of the answer.
    pub(super) fn poll_frame(
        &mut self,
        body: &mut Incoming,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, hyper::Error>>> {
        let mut body = Pin::new(body);
        match body.as_mut().poll_frame(context) {
            Poll::Pending => {}
            frame => return frame,
        }
        // What it finds goes into the body, and its end ends the body.
        drive(&mut self.driver, context);
        body.poll_frame(context)
    }

    /// From now on a device may close the connection while a request is sent to it; its answer is still read.
    pub(super) fn be_patient(&self) {
        self.traffic.be_patient();
    }

    /// Waits, after the answer, until the body that `taken` tells of went out; false when the device does not take it.
    pub(super) async fn all_is_out(&mut self, taken: impl Fn() -> bool) -> bool {
        poll_fn(|context| {
            let ended = drive(&mut self.driver, context);
            if taken() && self.traffic.is_flushed() {
                Poll::Ready(true)
            } else if ended || self.traffic.is_hung_up() {
                Poll::Ready(false)
            } else {
                Poll::Pending
            }
        })
        .await
    }

    /// The next piece of the body of the answer; `None` at its end.
    pub(super) async fn chunk(
        &mut self,
        body: &mut Incoming,
    ) -> Result<Option<Bytes>, hyper::Error> {
        loop {
            match poll_fn(|context| self.poll_frame(body, context)).await {
                None => return Ok(None),
                Some(Err(error)) => return Err(error),
                Some(Ok(frame)) => {
                    if let Ok(data) = frame.into_data() {
                        return Ok(Some(data));
                    }
                }
            }
        }
    }

    /// Whether all chunks of the answer came, although the connection ended before the line that ends them.
    pub(super) fn has_all_chunks(&self) -> bool {
        self.traffic.ends_with_last_chunk()
    }

    /// Whether any byte of the last request may have left.
    pub(super) fn was_sent(&self) -> bool {
        self.traffic.written() != self.written_before
    }

    /// Whether all of the last request has left.
    pub(super) fn is_flushed(&self) -> bool {
        self.traffic.is_flushed()
    }

    /// Whether a request was answered on this connection before.
    pub(super) fn is_used(&self) -> bool {
        self.idle_since.is_some()
    }

    /// Notes that an answer is complete.
    pub(super) fn rest(&mut self) {
        self.idle_since = Some(Instant::now());
    }

    /// When the last answer was complete.
    pub(super) fn idle_since(&self) -> Option<Instant> {
        self.idle_since
    }

    /// Whether this is https.
    pub(super) fn is_secure(&self) -> bool {
        self.secure
    }

    pub(super) fn runtime(&self) -> runtime::Id {
        self.runtime
    }

    /// Closes the connection properly, as far as that takes no waiting.
    pub(super) fn close(self) {
        let Self {
            sender, mut driver, ..
        } = self;
        drop(sender);
        drive(&mut driver, &mut Context::from_waker(Waker::noop()));
    }
}

/// Why there is no connection although there was one of TCP.
pub(super) enum OpenFailure {
    Tls(std::io::Error),
    Http(hyper::Error),
}
