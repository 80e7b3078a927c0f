//! One request on one connection, which whoever waits for the answer drives: nothing of it is left when he stops waiting.

use std::future::{Future, poll_fn};
use std::pin::{Pin, pin};
use std::sync::Arc;
use std::task::{Context, Poll};

use ::http::header::HOST;
use ::http::{HeaderMap, HeaderValue, Method, Request, Response};
use bytes::Bytes;
use http_body::Body;
use hyper::body::Incoming;
use hyper::client::conn::http1::{self, SendRequest};
use hyper_util::rt::TokioIo;
use rustls::ClientConfig;

use super::dial::{Dialled, Stream, dial};
use super::socket::Signs;
use super::{Access, Url, fault};
use crate::error::Error;

/// A connection for one request.
pub(super) struct Connection<B: Body + 'static> {
    sender: SendRequest<B>,
    line: Line<B>,
    signs: Arc<Signs>,
}

type Driver<B> = Pin<Box<http1::Connection<TokioIo<Box<dyn Stream>>, B>>>;

/// What carries the bytes, as long as somebody drives it.
enum Line<B: Body + 'static> {
    Open(Driver<B>),
    Ended,
}

impl<B> Connection<B>
where
    B: Body<Data = Bytes> + Send + 'static,
    B::Error: Into<Box<dyn std::error::Error + Send + Sync>>,
{
    pub(super) async fn open(
        access: Access<'_>,
        url: &Url,
        tls: &Arc<ClientConfig>,
    ) -> Result<Self, Error> {
        let Dialled { stream, signs } = dial(url, tls, access.options.connect_timeout).await?;
        let (sender, driver) = http1::handshake(TokioIo::new(stream))
            .await
            .map_err(|error| fault::failed(&error).with_sent(false, false))?;
        Ok(Self {
            sender,
            line: Line::Open(Box::pin(driver)),
            signs,
        })
    }

    /// Sends the one request and waits for the head of its answer. An error says whether any of it was sent.
    pub(super) async fn send(
        &mut self,
        method: Method,
        url: &Url,
        mut headers: HeaderMap,
        body: B,
    ) -> Result<Response<Incoming>, Error> {
        let mut request = Request::new(body);
        *request.method_mut() = method;
        let path = match url.query() {
            Some(query) => format!("{}?{query}", url.path()),
            None => url.path().to_owned(),
        };
        let unusable = || Error::bad_rid("not usable in a URL");
        *request.uri_mut() = path.try_into().map_err(|_| unusable())?;
        let host = match (url.host_str().unwrap_or_default(), url.port()) {
            (host, Some(port)) => format!("{host}:{port}"),
            (host, None) => host.to_owned(),
        };
        headers.insert(HOST, HeaderValue::try_from(host).map_err(|_| unusable())?);
        *request.headers_mut() = headers;
        let answer = self.sender.try_send_request(request);
        self.drive(answer).await.map_err(|error| {
            let sent = error.message().is_none();
            fault::failed(error.error()).with_sent(sent, false)
        })
    }

    /// Waits for `future`, whatever part of the request or the answer it is about.
    pub(super) async fn drive<F: Future>(&mut self, future: F) -> F::Output {
        let mut future = pin!(future);
        let line = &mut self.line;
        poll_fn(|context| {
            line.poll(context);
            future.as_mut().poll(context)
        })
        .await
    }

    /// Lets the connection go on.
    pub(super) fn poll(&mut self, context: &mut Context<'_>) {
        self.line.poll(context);
    }

    /// Waits, after the answer, until the body that `taken` tells of went out; false when the device does not take it.
    pub(super) async fn all_is_out(&mut self, taken: impl Fn() -> bool) -> bool {
        poll_fn(|context| {
            self.line.poll(context);
            match self.line {
                _ if taken() && self.signs.all_sent() => Poll::Ready(true),
                _ if self.signs.hung_up() => Poll::Ready(false),
                Line::Ended => Poll::Ready(false),
                Line::Open(_) => Poll::Pending,
            }
        })
        .await
    }
}

impl<B> Line<B>
where
    B: Body<Data = Bytes> + Send + 'static,
    B::Error: Into<Box<dyn std::error::Error + Send + Sync>>,
{
    fn poll(&mut self, context: &mut Context<'_>) {
        if let Self::Open(driver) = self
            && driver.as_mut().poll(context).is_ready()
        {
            // What there is to say about its end, the request or the answer has been told.
            *self = Self::Ended;
        }
    }
}
