//! Listener, limits, and the way of a request through authentication and faults to the device.

use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;
use http_body_util::{BodyExt as _, LengthLimitError, Limited};
use hyper::body::Incoming;
use hyper::header::HeaderMap;
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper::{Method, Request, Response, StatusCode};
use hyper_util::rt::{TokioIo, TokioTimer};
use rustls::ServerConfig;
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::Semaphore;
use tokio::task::JoinSet;
use tokio_rustls::TlsAcceptor;
use xerus_rpc::server::Context;
use xerus_rpc::wire::Values;

use super::answer::{self, AnswerBody, TornDown};
use super::auth::{self, Presented};
use super::path::resource_id;
use crate::authenticator::Authenticator;
use crate::faults::{Fault, Faults};
use crate::firmware::{self, Routes};
use crate::limits::Limits;
use crate::record::Recorder;

/// What the HTTP library insists on.
const SMALLEST_BUFFER: usize = 8_192;
/// The HTTP library adds timeouts to the time, which must not overflow.
const LONGEST_TIMEOUT: Duration = Duration::from_secs(365 * 24 * 60 * 60);

/// Plain or encrypted.
#[derive(Clone)]
pub(crate) enum Scheme {
    Http,
    Https(Arc<ServerConfig>),
}

impl Scheme {
    pub(crate) fn name(&self) -> &'static str {
        match self {
            Self::Http => "http",
            Self::Https(_) => "https",
        }
    }
}

/// Everything that a request meets.
pub(crate) struct Server {
    pub(crate) routes: Arc<dyn Routes>,
    pub(crate) authenticator: Arc<dyn Authenticator>,
    pub(crate) faults: Faults,
    pub(crate) limits: Limits,
    pub(crate) scheme: Scheme,
    pub(crate) recorder: Arc<Recorder>,
}

/// Ends the listener and every connection when it is dropped.
pub(crate) struct Listening(tokio::task::JoinHandle<()>);

impl Drop for Listening {
    fn drop(&mut self) {
        // The accept loop owns the tasks of its connections: they end with it.
        self.0.abort();
    }
}

impl Server {
    /// Serves `listener` until the answer is dropped.
    pub(crate) fn listen(self, listener: TcpListener) -> Listening {
        Listening(tokio::spawn(Arc::new(self).accept(listener)))
    }

    async fn accept(self: Arc<Self>, listener: TcpListener) {
        let slots = Arc::new(Semaphore::new(
            self.limits.connections.min(Semaphore::MAX_PERMITS),
        ));
        let mut connections = JoinSet::new();
        // The semaphore is never closed, so this loop ends only with its task.
        while let Ok(slot) = Arc::clone(&slots).acquire_owned().await {
            match listener.accept().await {
                Ok((stream, peer)) => {
                    let server = Arc::clone(&self);
                    connections.spawn(async move {
                        server.connection(stream, peer).await;
                        drop(slot);
                    });
                }
                Err(error) => {
                    // Out of file handles, most likely: they come back as connections end.
                    tracing::warn!(%error, "accepting a connection failed");
                    tokio::time::sleep(Duration::from_millis(50)).await;
                }
            }
            while connections.try_join_next().is_some() {}
        }
    }

    async fn connection(self: Arc<Self>, stream: TcpStream, peer: SocketAddr) {
        // Small answers, each awaited by the client: waiting for more to send only costs time.
        let _ = stream.set_nodelay(true);
        match &self.scheme {
            Scheme::Http => self.serve(stream, peer).await,
            Scheme::Https(config) => {
                let handshake = TlsAcceptor::from(Arc::clone(config)).accept(stream);
                match tokio::time::timeout(self.limits.header_timeout, handshake).await {
                    Ok(Ok(stream)) => self.serve(stream, peer).await,
                    Ok(Err(error)) => tracing::debug!(%peer, %error, "TLS handshake failed"),
                    Err(_) => tracing::debug!(%peer, "TLS handshake took too long"),
                }
            }
        }
    }

    async fn serve(
        self: &Arc<Self>,
        stream: impl AsyncRead + AsyncWrite + Unpin,
        peer: SocketAddr,
    ) {
        let service = service_fn(|request| Arc::clone(self).request(request, peer));
        let served = http1::Builder::new()
            .timer(TokioTimer::new())
            .header_read_timeout(self.limits.header_timeout.min(LONGEST_TIMEOUT))
            .max_buf_size(self.limits.header_bytes.max(SMALLEST_BUFFER))
            .auto_date_header(false)
            .serve_connection(TokioIo::new(stream), service)
            .await;
        if let Err(error) = served {
            tracing::debug!(%peer, %error, "connection ended");
        }
    }

    /// `Err` tears the connection down without an answer.
    async fn request(
        self: Arc<Self>,
        request: Request<Incoming>,
        peer: SocketAddr,
    ) -> Result<Response<AnswerBody>, TornDown> {
        let (head, body) = request.into_parts();
        let body = match self.body(body).await {
            Ok(body) => body,
            Err(status) => return Ok(answer::plain(status)),
        };
        let Some(rid) = resource_id(head.uri.path()) else {
            return Ok(answer::plain(StatusCode::BAD_REQUEST));
        };
        let mut edits = Edits::default();
        for fault in self.faults.take(&rid) {
            tracing::debug!(%rid, ?fault, "fault");
            if let Some(early) = edits.apply(fault).await? {
                return Ok(early);
            }
        }
        let Some(context) = self.context(&head.headers, peer) else {
            return Ok(answer::unauthorized());
        };
        if head.method != Method::POST {
            return Ok(answer::method_not_allowed());
        }
        if self.is_locked(&context, &rid, &body) {
            return Ok(answer::password_change_required());
        }
        self.recorder.note(&rid, &body);
        let outcome = self.routes.router().handle(&rid, &body, context).await;
        let status =
            StatusCode::from_u16(outcome.status).expect("the router answers with statuses of HTTP");
        edits.finish(status, outcome.body)
    }

    async fn body(&self, body: Incoming) -> Result<Bytes, StatusCode> {
        let whole = Limited::new(body, self.limits.body_bytes).collect();
        match tokio::time::timeout(self.limits.body_timeout, whole).await {
            Ok(Ok(body)) => Ok(body.to_bytes()),
            Ok(Err(error)) if error.is::<LengthLimitError>() => Err(StatusCode::PAYLOAD_TOO_LARGE),
            Ok(Err(_)) => Err(StatusCode::BAD_REQUEST),
            Err(_) => Err(StatusCode::REQUEST_TIMEOUT),
        }
    }

    /// Whether the caller has to change the password first, and this is something else.
    fn is_locked(&self, context: &Context, rid: &str, body: &[u8]) -> bool {
        let Some(user) = context.user.as_deref() else {
            return false;
        };
        let own = rid == firmware::CURRENT_USER || rid == firmware::user_rid(user);
        self.authenticator.must_change_password(user)
            && !(own && method_of(body).is_some_and(|method| method == firmware::CHANGE_PASSWORD))
    }

    /// `None`: not let in.
    fn context(&self, headers: &HeaderMap, peer: SocketAddr) -> Option<Context> {
        let context = Context::new()
            .with_peer(peer)
            .with_transport(self.scheme.name());
        let context = match headers
            .get("x-client-type")
            .and_then(|value| value.to_str().ok())
        {
            Some(client) => context.with_attribute(firmware::CLIENT_TYPE, client),
            None => context,
        };
        match auth::presented(headers) {
            Presented::Basic { user, password } => self
                .authenticator
                .login(&user, &password)
                .then(|| context.with_user(user)),
            Presented::Token(token) => {
                let user = self.authenticator.session_user(&token)?;
                Some(
                    context
                        .with_user(user)
                        .with_attribute(firmware::SESSION_TOKEN, token),
                )
            }
            Presented::Nothing => self.authenticator.is_open().then_some(context),
            Presented::Unreadable => None,
        }
    }
}

/// The method that a request is for, if it is one that can be read.
fn method_of(body: &[u8]) -> Option<String> {
    let members = Values::from_object(std::str::from_utf8(body).ok()?).ok()?;
    let (_, method) = members.iter().find(|(name, _)| *name == "method")?;
    let name = method.strip_prefix('"')?.strip_suffix('"')?;
    Some(name.to_owned())
}

/// What the faults of a request do to its answer.
#[derive(Default)]
struct Edits {
    wrong_id: bool,
    truncate: bool,
    close: bool,
    rewrites: Vec<(String, String)>,
}

impl Edits {
    /// Notes what comes later. `Some`: the answer is this one, the call is not executed.
    async fn apply(&mut self, fault: Fault) -> Result<Option<Response<AnswerBody>>, TornDown> {
        match fault {
            Fault::CloseUnanswered => return Err(TornDown),
            Fault::CloseAfterExecution => self.close = true,
            Fault::TruncateBody => self.truncate = true,
            Fault::WrongId => self.wrong_id = true,
            Fault::Rewrite { from, to } => self.rewrites.push((from, to)),
            Fault::Delay(delay) => tokio::time::sleep(delay).await,
            Fault::Status { code, body } => {
                return Ok(Some(match status(code) {
                    Some(status) => answer::text(status, body),
                    None => not_played(&format!(
                        "no answer can have status {code}: take 200 to 999"
                    )),
                }));
            }
            Fault::Redirect { code, location } => {
                return Ok(Some(match status(code) {
                    Some(status) => answer::redirect(status, &location).unwrap_or_else(|| {
                        not_played(
                            "the location cannot stand in a header: escape what is not ASCII",
                        )
                    }),
                    None => not_played(&format!(
                        "no answer can have status {code}: take 302 or 307"
                    )),
                }));
            }
        }
        Ok(None)
    }

    fn finish(
        self,
        status: StatusCode,
        mut body: Vec<u8>,
    ) -> Result<Response<AnswerBody>, TornDown> {
        if self.close {
            return Err(TornDown);
        }
        if status != StatusCode::OK {
            // The router's document is for items of a bulk request; alone, a status speaks for itself.
            return Ok(answer::plain(status));
        }
        for (from, to) in &self.rewrites {
            body = answer::rewritten(body, from, to);
        }
        if self.wrong_id {
            body = answer::with_wrong_id(body);
        }
        Ok(answer::json(body.into(), self.truncate))
    }
}

/// A status that an answer can have. Those below 200 announce one.
fn status(code: u16) -> Option<StatusCode> {
    StatusCode::from_u16(code)
        .ok()
        .filter(|status| !status.is_informational())
}

/// The answer in place of a fault that cannot be.
fn not_played(problem: &str) -> Response<AnswerBody> {
    tracing::warn!(problem, "an injected fault cannot be played");
    let text = format!("the injected fault cannot be played: {problem}");
    answer::text(StatusCode::INTERNAL_SERVER_ERROR, text)
}

#[cfg(test)]
mod tests {
    use super::*;

    async fn early(fault: Fault) -> StatusCode {
        let answer = Edits::default().apply(fault).await;
        answer.unwrap().unwrap().status()
    }

    #[tokio::test]
    async fn faults_that_cannot_be_are_answered_with_500() {
        let redirect = |code, location: &str| Fault::Redirect {
            code,
            location: location.to_owned(),
        };
        let status = |code| Fault::Status {
            code,
            body: String::new(),
        };
        assert_eq!(early(status(451)).await, 451);
        assert_eq!(early(redirect(302, "https://other.example/")).await, 302);
        for fault in [
            status(7),
            status(100),
            status(1_000),
            redirect(7, "/"),
            redirect(302, "/\n"),
        ] {
            assert_eq!(early(fault.clone()).await, 500, "{fault:?}");
        }
    }
}
