//! `POST` of a form from streams.

use std::fmt::Write as _;
use std::sync::Arc;

use ::http::header::CONTENT_TYPE;
use ::http::{HeaderValue, Method, Response};
use bytes::BytesMut;
use http_body_util::BodyExt as _;
use hyper::body::Incoming;
use rustls::ClientConfig;
use rustls::crypto::CryptoProvider;
use tokio::time::Instant;

use super::connection::Connection;
use super::download::{headers_of, length_of};
use super::form::Form;
use super::incoming::NoBody;
use super::refusal::{Refusal, check_encoding, judge, refusal};
use super::sent::Sent;
use super::times::Times;
use super::trace::Trace;
use super::{Access, Files, Url, fault, url_of};
use crate::error::{ConfigError, Error, ErrorKind, Outcome, TimeoutPhase, TooLargeError};
use crate::http::redirect::Verdict;
use crate::http::url::Base;
use crate::wire::{Part, UploadAnswer, UploadRequest};

impl Files {
    /// Sends a form once and waits for the answer.
    pub(in crate::http) async fn upload(
        &self,
        access: Access<'_>,
        request: UploadRequest,
    ) -> Result<UploadAnswer, Error> {
        let mut trace = Trace::begin(access.origin, request.target(), "upload");
        let answer = self.send(access, request, &mut trace).await;
        match answer {
            Ok(answer) => {
                trace.done();
                Ok(answer)
            }
            Err(error) => Err(trace.failed(error)),
        }
    }

    async fn send(
        &self,
        access: Access<'_>,
        request: UploadRequest,
        trace: &mut Trace,
    ) -> Result<UploadAnswer, Error> {
        // Faults of the request itself cost no place in the queue.
        request.parts().iter().try_for_each(Part::check)?;
        url_of(&access.base(), request.target(), request.query())?;
        let tls = self.tls(access.options)?;
        let times = Times::begin(request.idle_timeout(), request.timeout());
        let turn = self.queue.enter(&times).await?;
        let base = where_it_ends(&tls, access, &times).await?;
        let url = url_of(&base, request.target(), request.query())?;
        let connection = times.connect(Connection::open(access, &url, &tls)).await?;
        turn.activity().touch();

        let limit = request.limit();
        let (parts, progress) = request.into_parts();
        let sent = Sent::new(turn.activity().clone());
        let boundary = boundary(tls.crypto_provider())?;
        let form = Form::new(parts, &boundary, Arc::clone(&sent), progress);
        let exchange = Exchange {
            access,
            base: &base,
            url: &url,
            times: &times,
            sent: &sent,
            limit,
        };
        let result = exchange.run(connection, form, &boundary).await;
        trace.moved(sent.taken());
        result.map_err(|error| error.with_sent(true, false))
    }
}

/// One request and its answer.
struct Exchange<'a> {
    access: Access<'a>,
    base: &'a Base,
    url: &'a Url,
    times: &'a Times,
    sent: &'a Sent,
    limit: u64,
}

impl Exchange<'_> {
    async fn run(
        &self,
        mut connection: Connection<Form>,
        form: Form,
        boundary: &str,
    ) -> Result<UploadAnswer, Error> {
        let mut headers = self.access.headers();
        let content_type =
            HeaderValue::try_from(format!("multipart/form-data; boundary={boundary}"));
        headers.insert(CONTENT_TYPE, content_type.expect("hexadecimal digits"));
        let answer = connection.send(Method::POST, self.url, headers, form);
        let answer = self.watch(answer, TimeoutPhase::FirstByte).await?;
        let response = answer.map_err(|error| self.sent.fault().unwrap_or(error))?;
        if response.status().as_u16() == 200 {
            return self.answer(response, connection).await;
        }
        // Whatever the device wants to say, it does not want the rest.
        self.sent.stop();
        let refused = refusal(
            response,
            &mut connection,
            self.access,
            self.base,
            self.url,
            self.times,
        );
        Err(match refused.await {
            Refusal::Failed(error) => error,
            Refusal::Upgraded(upgraded, error) => {
                self.access.upgrade(upgraded);
                error.into()
            }
        })
    }

    /// Reads an answer that says that the device let the upload in, and sees to it that it took all of it.
    async fn answer(
        &self,
        response: Response<Incoming>,
        mut connection: Connection<Form>,
    ) -> Result<UploadAnswer, Error> {
        check_encoding(response.headers())?;
        if let Some(declared) = length_of(&response).filter(|&bytes| bytes > self.limit) {
            return Err(TooLargeError::new(self.limit, declared).into());
        }
        let headers = headers_of(response.headers());
        let mut incoming = response.into_body();
        let mut body = BytesMut::new();
        let broken = loop {
            let frame = connection.drive(incoming.frame());
            match self.watch(frame, TimeoutPhase::Body).await? {
                Some(Ok(frame)) => {
                    let bytes = frame.into_data().unwrap_or_default();
                    let seen = (body.len() + bytes.len()) as u64;
                    if seen > self.limit {
                        return Err(TooLargeError::new(self.limit, seen).into());
                    }
                    body.extend_from_slice(&bytes);
                }
                None => break None,
                Some(Err(error)) => break Some(error),
            }
        };
        // Some devices begin to answer before they have read everything.
        let out = connection.all_is_out(|| self.sent.is_finished());
        let complete = self.watch(out, TimeoutPhase::Write).await?;
        if let Some(fault) = self.sent.fault() {
            return Err(fault);
        }
        let answer = UploadAnswer::new(200, headers, body.freeze());
        match broken {
            None if complete => Ok(answer),
            Some(error) if complete => Err(fault::in_body(&error)),
            // It hung up with a reason, which is worth more than the complaint that it hung up.
            _ if matches!(answer.response_code(), Ok(code) if code != 0) => Ok(answer),
            _ => Err(ErrorKind::ConnectionLost.into()),
        }
    }

    /// Waits as long as the device takes something; `then` is what is waited for when it has everything.
    async fn watch<F: Future>(&self, future: F, then: TimeoutPhase) -> Result<F::Output, Error> {
        let begin = Instant::now();
        let state = || {
            let (moved, phase) = self.sent.progress(then);
            (moved.max(begin), phase)
        };
        self.times.watch(future, state).await
    }
}

/// The address to send to. A form can be sent only once, so a device that may want https is asked before, without
/// credentials: neither they nor the file go out in clear text then.
async fn where_it_ends(
    tls: &Arc<ClientConfig>,
    access: Access<'_>,
    times: &Times,
) -> Result<Base, Error> {
    let base = access.base();
    if base.is_https() || !access.options.upgrade.enabled {
        return Ok(base);
    }
    let url = base.url("/")?;
    let mut connection = times.connect(Connection::open(access, &url, tls)).await?;
    let begin = Instant::now();
    let answer = connection.send(Method::GET, &url, access.anonymous_headers(), NoBody::new());
    let answer = times
        .watch(answer, || (begin, TimeoutPhase::FirstByte))
        .await;
    let answer = answer
        .and_then(|answer| answer)
        // Nothing of the upload, at any rate.
        .map_err(|error| error.with_outcome(Outcome::NotExecuted))?;
    let status = answer.status().as_u16();
    if matches!(status, 301 | 302 | 307 | 308)
        && let Verdict::Follow(upgraded) = judge(answer.headers(), status, access, &base, &url)
    {
        access.upgrade(upgraded.clone());
        return Ok(upgraded);
    }
    Ok(base)
}

/// 128 random bits, which no file has in it but by a chance that nobody has to think of.
fn boundary(provider: &CryptoProvider) -> Result<String, Error> {
    let mut bits = [0; 16];
    provider.secure_random.fill(&mut bits).map_err(|_| {
        Error::from(ConfigError::Unsupported(
            "no random numbers on this system, which uploads need; check that it has a source of them",
        ))
    })?;
    let mut text = String::with_capacity(32);
    for byte in bits {
        // Writing to a string cannot fail.
        let _ = write!(text, "{byte:02x}");
    }
    Ok(text)
}
