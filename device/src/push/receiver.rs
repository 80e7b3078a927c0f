//! The service that takes what devices push.

use std::convert::Infallible;
use std::fmt;
use std::future::Future;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};
use std::time::Duration;

use bytes::Bytes;
use futures_core::Stream;
use http::header::{ALLOW, AUTHORIZATION, CONTENT_LENGTH, RETRY_AFTER, WWW_AUTHENTICATE};
use http::{HeaderValue, Method, Request, Response, StatusCode};
use http_body::Body;
use http_body_util::{BodyExt as _, Empty, LengthLimitError, Limited};
use serde_json::value::RawValue;
use tokio::sync::mpsc::error::TrySendError;
use tokio::sync::mpsc::{self, Sender};
use tokio::time::timeout;
use tower_service::Service;

use super::Message;
use super::authentication::Authentication;

/// How a [`Receiver`] will be.
#[derive(Debug)]
#[must_use]
pub struct ReceiverBuilder {
    authentication: Authentication,
    limit: usize,
    time: Duration,
    waiting: usize,
}

impl ReceiverBuilder {
    fn new(authentication: Authentication) -> Self {
        Self {
            authentication,
            limit: 1 << 20,
            time: Duration::from_secs(10),
            waiting: 64,
        }
    }

    /// The largest message, in bytes; larger ones are answered with 413. Default: 1 MiB.
    pub fn max_bytes(mut self, limit: usize) -> Self {
        self.limit = limit;
        self
    }

    /// The time in which a message has to be there; 408 otherwise. Default: 10 s.
    pub fn time(mut self, time: Duration) -> Self {
        self.time = time;
        self
    }

    /// Messages that wait to be read, at least one; further ones are answered with 503, so that the device tries again. Default:
    /// 64.
    pub fn waiting(mut self, messages: usize) -> Self {
        self.waiting = messages.max(1);
        self
    }

    /// The service, and the messages that come in.
    pub fn build(self) -> (Receiver, Messages) {
        let (sender, receiver) = mpsc::channel(self.waiting);
        let receiver = Messages(receiver);
        let inner = Inner {
            authentication: self.authentication,
            limit: self.limit,
            time: self.time,
            sender,
        };
        (Receiver(Arc::new(inner)), receiver)
    }
}

/// A service that takes what devices push. Cheap to clone; clones share the messages.
///
/// | status | when |
/// |---|---|
/// | 200 | the message was taken, and waits to be read |
/// | 400 | it is no JSON in UTF-8 |
/// | 401 | user name or password are not the right ones |
/// | 405 | the method is not `POST` |
/// | 408 | it was not there in time |
/// | 413 | it is too large |
/// | 503 | too many messages wait to be read, or nobody reads any more |
///
/// Nothing of a message is read before the user is known. Works in a tokio runtime with time.
#[derive(Clone)]
pub struct Receiver(Arc<Inner>);

struct Inner {
    authentication: Authentication,
    limit: usize,
    time: Duration,
    sender: Sender<Message>,
}

impl Receiver {
    /// Takes messages from devices that send this user name and password. A user name has no colon in it.
    pub fn with_basic_auth(user: &str, password: &str) -> ReceiverBuilder {
        ReceiverBuilder::new(Authentication::basic(user, password))
    }

    /// Takes messages from everybody who reaches the server.
    pub fn open_to_everybody() -> ReceiverBuilder {
        ReceiverBuilder::new(Authentication::Everybody)
    }
}

impl Inner {
    async fn take<B>(&self, request: Request<B>) -> Result<(), StatusCode>
    where
        B: Body,
        B::Error: Into<Box<dyn std::error::Error + Send + Sync>>,
    {
        let (head, body) = request.into_parts();
        let authorization = head.headers.get(AUTHORIZATION);
        if !self
            .authentication
            .admits(authorization.map(HeaderValue::as_bytes))
        {
            return Err(StatusCode::UNAUTHORIZED);
        }
        if head.method != Method::POST {
            return Err(StatusCode::METHOD_NOT_ALLOWED);
        }
        let declared = head.headers.get(CONTENT_LENGTH);
        let declared = declared.and_then(|length| length.to_str().ok()?.parse::<u64>().ok());
        if declared.is_some_and(|length| length > self.limit as u64) {
            return Err(StatusCode::PAYLOAD_TOO_LARGE);
        }
        // No place, no reading: a device that is told so early has sent little.
        let place = self.sender.try_reserve().map_err(|error| match error {
            TrySendError::Full(()) | TrySendError::Closed(()) => StatusCode::SERVICE_UNAVAILABLE,
        })?;
        let body = timeout(self.time, Limited::new(body, self.limit).collect()).await;
        let body = match body {
            Ok(Ok(body)) => body.to_bytes(),
            Ok(Err(error)) if error.is::<LengthLimitError>() => {
                return Err(StatusCode::PAYLOAD_TOO_LARGE);
            }
            Ok(Err(_)) => return Err(StatusCode::BAD_REQUEST),
            Err(_) => return Err(StatusCode::REQUEST_TIMEOUT),
        };
        let text = String::from_utf8(body.into()).map_err(|_| StatusCode::BAD_REQUEST)?;
        if serde_json::from_str::<&RawValue>(&text).is_err() {
            return Err(StatusCode::BAD_REQUEST);
        }
        let path = head.uri.path_and_query().map_or("", |path| path.as_str());
        place.send(Message::new(path.to_owned(), text));
        Ok(())
    }
}

impl<B> Service<Request<B>> for Receiver
where
    B: Body + Send + 'static,
    B::Data: Send,
    B::Error: Into<Box<dyn std::error::Error + Send + Sync>>,
{
    type Response = Response<Empty<Bytes>>;
    type Error = Infallible;
    type Future = Pin<Box<dyn Future<Output = Result<Self::Response, Infallible>> + Send>>;

    fn poll_ready(&mut self, _: &mut Context<'_>) -> Poll<Result<(), Infallible>> {
        Poll::Ready(Ok(()))
    }

    fn call(&mut self, request: Request<B>) -> Self::Future {
        let inner = Arc::clone(&self.0);
        Box::pin(async move {
            let taken = inner.take(request).await;
            Ok(answer(taken.err().unwrap_or(StatusCode::OK)))
        })
    }
}

fn answer(status: StatusCode) -> Response<Empty<Bytes>> {
    let mut response = Response::new(Empty::new());
    *response.status_mut() = status;
    let header = match status {
        StatusCode::UNAUTHORIZED => (WWW_AUTHENTICATE, "Basic realm=\"push\", charset=\"UTF-8\""),
        StatusCode::METHOD_NOT_ALLOWED => (ALLOW, "POST"),
        StatusCode::SERVICE_UNAVAILABLE => (RETRY_AFTER, "10"),
        _ => return response,
    };
    response
        .headers_mut()
        .insert(header.0, HeaderValue::from_static(header.1));
    response
}

impl fmt::Debug for Receiver {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Receiver")
            .field("authentication", &self.0.authentication)
            .field("limit", &self.0.limit)
            .finish_non_exhaustive()
    }
}

/// The messages that came in, in the order in which they were complete. Ends when all services are gone.
#[derive(Debug)]
#[must_use = "messages wait until they are read, and then further ones are refused"]
pub struct Messages(mpsc::Receiver<Message>);

impl Stream for Messages {
    type Item = Message;

    fn poll_next(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Message>> {
        self.0.poll_recv(context)
    }
}
