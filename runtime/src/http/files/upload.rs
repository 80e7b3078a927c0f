//! `POST` of a form from streams.

use std::fmt::Write as _;
use std::sync::Arc;

use ::http::header::{CONTENT_TYPE, LOCATION};
use ::http::{HeaderValue, Method, Request, Response};
use bytes::BytesMut;
use hyper::body::Incoming;
use tokio::time::Instant;

use super::download::{headers_of, length_of, refused};
use super::form::Form;
use super::incoming::NoBody;
use super::sent::Sent;
use super::times::Times;
use super::trace::Trace;
use super::{Files, anonymous_headers, asked, headers, open};
use crate::error::{
    Error, ErrorKind, HttpProtocolError, Outcome, RedirectError, RedirectReason, TimeoutPhase,
    TooLargeError,
};
use crate::http::connection::Connection;
use crate::http::credentials::Authorization;
use crate::http::redirect::{Verdict, judge};
use crate::http::rpc::{Failure, Resend, cut, declares_end, is_plain, without_answer};
use crate::http::tls;
use crate::http::transport::{HttpTransport, Target, runtime_id};
use crate::http::url::Path;
use crate::wire::{Part, UploadAnswer, UploadRequest};

impl Files {
    /// Sends a form once and waits for the answer.
    pub(in crate::http) async fn upload(
        &self,
        device: &HttpTransport,
        request: UploadRequest,
    ) -> Result<UploadAnswer, Error> {
        let mut trace = Trace::begin(&device.origin, request.target(), "upload");
        let answer = self.send(device, request, &mut trace).await;
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
        device: &HttpTransport,
        request: UploadRequest,
        trace: &mut Trace,
    ) -> Result<UploadAnswer, Error> {
        runtime_id()?;
        let own = request.credentials().map(Authorization::new).transpose()?;
        // Faults of the request itself cost no place in the queue.
        request.parts().iter().try_for_each(Part::check)?;
        asked(&device.target().base, request.target(), request.query())?;
        let boundary = boundary()?;
        let times = Times::begin(request.idle_timeout(), request.timeout());
        let turn = self.queue.enter(&times).await?;
        let target = where_it_ends(device, &times).await?;
        let (path, uri) = asked(&target.base, request.target(), request.query())?;
        let connection = open(device, &target, &times).await?;
        turn.activity().touch();

        let limit = request.limit();
        let (parts, progress) = request.into_parts();
        let sent = Sent::new(turn.activity().clone());
        let form = Form::new(parts, &boundary, Arc::clone(&sent), progress);
        let mut posted = Request::new(form);
        *posted.method_mut() = Method::POST;
        *posted.uri_mut() = uri;
        let user = device.user(own.as_ref());
        *posted.headers_mut() = headers(device, &target, &user);
        let content_type =
            HeaderValue::try_from(format!("multipart/form-data; boundary={boundary}"));
        let content_type = content_type.expect("hexadecimal digits");
        posted.headers_mut().insert(CONTENT_TYPE, content_type);
        let exchange = Exchange {
            device,
            user: &user,
            target: &target,
            path: &path,
            times: &times,
            sent: &sent,
            limit,
        };
        let result = exchange.run(connection, posted).await;
        trace.moved(sent.taken());
        result.map_err(|error| error.with_sent(true, false))
    }
}

/// One request and its answer.
struct Exchange<'a> {
    device: &'a HttpTransport,
    user: &'a Authorization,
    target: &'a Target,
    path: &'a Path,
    times: &'a Times,
    sent: &'a Sent,
    limit: u64,
}

impl Exchange<'_> {
    async fn run(
        &self,
        mut connection: Connection<Form>,
        posted: Request<Form>,
    ) -> Result<UploadAnswer, Error> {
        let answer = connection.send(posted);
        let answer = self.watch(answer, TimeoutPhase::FirstByte).await?;
        let response = answer.map_err(|failure| {
            let error = self.sent.fault();
            let error = error.unwrap_or_else(|| without_answer(failure).error);
            error.with_sent(connection.was_sent(), false)
        })?;
        if response.status().as_u16() == 200 {
            return self.answer(response, connection).await;
        }
        // Whatever the device wants to say, it does not want the rest.
        self.sent.stop();
        let status = response.status().as_u16();
        let failure = refused(
            &mut connection,
            response,
            self.device,
            self.user,
            self.target,
            self.path,
            self.times,
        );
        match failure.await {
            Failure {
                resend: Resend::Upgraded(base),
                ..
            } => {
                let [from, to] = [&self.target.base, &*base].map(|base| base.as_str().to_owned());
                self.device.upgrade(*base)?;
                let reason = RedirectReason::AlreadySent;
                Err(RedirectError::new(reason, status, from, Some(to)).into())
            }
            failure => Err(failure.error),
        }
    }

    /// Reads an answer that says that the device let the upload in, and sees to it that it took all of it.
    async fn answer(
        &self,
        response: Response<Incoming>,
        mut connection: Connection<Form>,
    ) -> Result<UploadAnswer, Error> {
        if !is_plain(response.headers()) {
            return Err(HttpProtocolError::ContentEncoding.into());
        }
        if let Some(declared) = length_of(&response).filter(|&bytes| bytes > self.limit) {
            return Err(TooLargeError::new(self.limit, declared).into());
        }
        let headers = headers_of(response.headers());
        let declared = declares_end(&response);
        let mut incoming = response.into_body();
        let mut body = BytesMut::new();
        let broken = loop {
            let chunk = connection.chunk(&mut incoming);
            match self.watch(chunk, TimeoutPhase::Body).await? {
                Ok(Some(bytes)) => {
                    let seen = (body.len() + bytes.len()) as u64;
                    if seen > self.limit {
                        return Err(TooLargeError::new(self.limit, seen).into());
                    }
                    body.extend_from_slice(&bytes);
                }
                Ok(None) => break None,
                Err(error) => break Some(error),
            }
        };
        let answer = UploadAnswer::new(200, headers, body.freeze());
        if broken.is_none() && is_refusal(&answer) {
            // It does not want the rest, and may never read it.
            return Ok(answer);
        }
        // Some devices begin to answer before they have read everything.
        let out = connection.all_is_out(|| self.sent.is_finished());
        let complete = self.watch(out, TimeoutPhase::Write).await?;
        if let Some(fault) = self.sent.fault() {
            return Err(fault);
        }
        match broken {
            None if complete => Ok(answer),
            Some(error) if complete => Err(cut(error, declared).error),
            // It hung up with a reason, which is worth more than the complaint that it hung up.
            _ if is_refusal(&answer) => Ok(answer),
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

/// Whether an answer has a code other than 0, be it in the header or in the body.
fn is_refusal(answer: &UploadAnswer) -> bool {
    match answer.response_code() {
        Ok(code) => code != 0,
        Err(_) => matches!(answer.response_code_in_body(), Ok(code) if code != 0),
    }
}

/// The address to send to. A form can be sent only once, so a device that may want https is asked before, without
/// credentials: neither they nor the file go out in clear text then.
async fn where_it_ends(device: &HttpTransport, times: &Times) -> Result<Arc<Target>, Error> {
    let target = device.target();
    let upgrade = device.options.upgrade;
    if target.base.is_https() || !upgrade.enabled {
        return Ok(target);
    }
    let (path, uri) = asked(&target.base, "/", std::iter::empty())?;
    let mut connection = open(device, &target, times).await?;
    let mut asking = Request::new(NoBody::new());
    *asking.uri_mut() = uri;
    *asking.headers_mut() = anonymous_headers(device, &target);
    let begin = Instant::now();
    let answer = connection.send(asking);
    let answer = times
        .watch(answer, || (begin, TimeoutPhase::FirstByte))
        .await;
    let answer = answer
        .and_then(|answer| answer.map_err(|failure| without_answer(failure).error))
        // Nothing of the upload, at any rate.
        .map_err(|error| error.with_outcome(Outcome::NotExecuted))?;
    let status = answer.status().as_u16();
    if matches!(status, 301 | 302 | 307 | 308) {
        let location = answer.headers().get(LOCATION).map(HeaderValue::as_bytes);
        let asked = target.base.url_of(&path);
        if let Verdict::Follow(base) = judge(&target.base, &asked, status, location, upgrade) {
            return device.upgrade(base);
        }
    }
    Ok(target)
}

/// 128 random bits: the chance that a file contains them is negligible.
fn boundary() -> Result<String, Error> {
    let mut bits = [0; 16];
    tls::random(&mut bits)?;
    let mut text = String::with_capacity(32);
    for byte in bits {
        // Writing to a string cannot fail.
        let _ = write!(text, "{byte:02x}");
    }
    Ok(text)
}
