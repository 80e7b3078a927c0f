//! `POST` of a form from streams.

use std::fmt::Write as _;
use std::sync::Arc;

use ::http::HeaderValue;
use ::http::header::CONTENT_TYPE;
use bytes::{Bytes, BytesMut};
use reqwest::Url;
use rustls::crypto::CryptoProvider;
use tokio::time::Instant;

use super::download::headers_of;
use super::form::Form;
use super::refusal::{self, Refusal, check_encoding};
use super::sent::{Gate, Sent};
use super::times::Times;
use super::trace::Trace;
use super::{Access, Client, Files, fault, url_of};
use crate::error::{ConfigError, Error, ErrorKind, TimeoutPhase, TooLargeError};
use crate::http::redirect::Verdict;
use crate::http::url::Base;
use crate::wire::{Part, UploadAnswer, UploadRequest};

/// Stops the connection from reading the form when nobody waits for the answer any more.
struct Abort(Arc<Sent>);

impl Drop for Abort {
    fn drop(&mut self) {
        self.0.set_gate(Gate::Aborted);
    }
}

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
        let client = self.client(access.options)?;
        let times = Times::begin(request.idle_timeout(), request.timeout());
        let turn = self.queue.enter(&times).await?;
        let base = where_it_ends(&client, access, &times).await?;
        let url = url_of(&base, request.target(), request.query())?;

        let limit = request.limit();
        let (parts, progress) = request.into_parts();
        let sent = Sent::new(turn.activity().clone());
        let _abort = Abort(Arc::clone(&sent));
        let boundary = boundary(&client.provider)?;
        let form = Form::new(parts, &boundary, Arc::clone(&sent), progress);
        let exchange = Exchange {
            access,
            base: &base,
            url: &url,
            times: &times,
            sent: &sent,
            limit,
        };
        let result = exchange.run(&client, form, &boundary).await;
        trace.moved(sent.taken());
        result.map_err(|error| error.with_sent(sent.begun(), false))
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
        client: &Client,
        form: Form,
        boundary: &str,
    ) -> Result<UploadAnswer, Error> {
        let mut headers = self.access.headers();
        let content_type =
            HeaderValue::try_from(format!("multipart/form-data; boundary={boundary}"));
        headers.insert(CONTENT_TYPE, content_type.expect("hexadecimal digits"));
        let request = client
            .http
            .post(self.url.clone())
            .headers(headers)
            .body(reqwest::Body::wrap(form));
        let response = self.watch(request.send(), TimeoutPhase::FirstByte).await?;
        let response = response.map_err(|error| {
            self.sent.fault().unwrap_or_else(|| {
                let https = self.base.is_https();
                fault::before_answer(error, self.sent.begun(), https, self.access.options)
            })
        })?;
        if response.status().as_u16() == 200 {
            return self.answer(response).await;
        }
        // Whatever the device wanted to say, it does not want the rest; a failing write would take its words away.
        self.sent.set_gate(Gate::Paused);
        let refusal =
            refusal::refusal(response, self.access, self.base, self.url, self.times).await;
        Err(match refusal {
            Refusal::Failed(error) => error,
            Refusal::Upgraded(upgraded, error) => {
                self.access.upgrade(upgraded);
                error.into()
            }
        })
    }

    /// Reads an answer that says that the device let the upload in, and sees to it that it took all of it.
    async fn answer(&self, mut response: reqwest::Response) -> Result<UploadAnswer, Error> {
        check_encoding(response.headers())?;
        let headers = headers_of(response.headers());
        if let Some(declared) = response
            .content_length()
            .filter(|&bytes| bytes > self.limit)
        {
            return Err(TooLargeError::new(self.limit, declared).into());
        }
        let mut body = BytesMut::new();
        let broken = loop {
            match self.watch(response.chunk(), TimeoutPhase::Body).await? {
                Ok(Some(chunk)) => {
                    let seen = (body.len() + chunk.len()) as u64;
                    if seen > self.limit {
                        return Err(TooLargeError::new(self.limit, seen).into());
                    }
                    body.extend_from_slice(&chunk);
                }
                Ok(None) => break None,
                Err(error) => break Some(error),
            }
        };
        // Some devices begin to answer before they have read everything.
        let complete = self.watch(self.sent.ended(), TimeoutPhase::Write).await?;
        if let Some(fault) = self.sent.fault() {
            return Err(fault);
        }
        let answer = UploadAnswer::new(200, headers, Bytes::from(body));
        match broken {
            None if complete => Ok(answer),
            Some(error) if complete => Err(fault::in_body(error)),
            // It hung up with a reason, which is worth more than the complaint that it hung up.
            _ if matches!(answer.response_code(), Ok(code) if code != 0) => Ok(answer),
            _ => Err(ErrorKind::ConnectionLost.into()),
        }
    }

    /// Waits as long as the device takes something; `then` is what is waited for when it has everything.
    async fn watch<F: Future>(&self, future: F, then: TimeoutPhase) -> Result<F::Output, Error> {
        let begin = Instant::now();
        self.times
            .watch(future, || match self.sent.progress() {
                (moved, TimeoutPhase::FirstByte) => (moved.max(begin), then),
                // Connecting has a limit of its own.
                (moved, TimeoutPhase::Connect) => {
                    let connected = begin + self.access.options.connect_timeout;
                    (moved.max(connected), TimeoutPhase::Connect)
                }
                (moved, phase) => (moved.max(begin), phase),
            })
            .await
    }
}

/// The address to send to. A form can be sent only once, so a device that may want https is asked before, without
/// credentials: neither they nor the file go out in clear text then.
async fn where_it_ends(client: &Client, access: Access<'_>, times: &Times) -> Result<Base, Error> {
    let base = access.base();
    if base.is_https() || !access.options.upgrade.enabled {
        return Ok(base);
    }
    let url = base.url("/")?;
    let begin = Instant::now();
    let answer = client
        .http
        .get(url.clone())
        .headers(access.anonymous_headers())
        .send();
    let patient = times.with_patience(access.options.connect_timeout);
    let answer = patient.watch(answer, || (begin, TimeoutPhase::Connect));
    let answer = answer
        .await
        .map_err(|error| error.with_sent(false, false))?;
    let answer = answer.map_err(|error| {
        let sent = !error.is_connect();
        fault::before_answer(error, sent, false, access.options).with_sent(false, false)
    })?;
    let status = answer.status().as_u16();
    if matches!(status, 301 | 302 | 307 | 308)
        && let Verdict::Follow(upgraded) =
            refusal::judge(answer.headers(), status, access, &base, &url)
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
