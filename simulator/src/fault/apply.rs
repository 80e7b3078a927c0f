//! Faults at work on one request.

use std::collections::VecDeque;
use std::sync::{Mutex, OnceLock, PoisonError};
use std::time::Instant;

use hyper::header::{CONTENT_TYPE, HeaderValue, RETRY_AFTER};
use hyper::{Response, StatusCode};

use super::kind::Fault;
use super::stale::Generation;
use super::{content, wire};
use crate::door::{self, AnswerBody, End, Link, Script, TornDown};

/// So many tokens of sessions that a fault has ended are remembered.
const EXPIRED: usize = 1_024;
/// An answer up to this size is remembered for [`Fault::StaleAnswer`].
const STALE: usize = 1024 * 1024;

/// What faults leave behind.
#[derive(Debug, Default)]
pub(crate) struct Memory {
    expired: Mutex<VecDeque<String>>,
    /// When references to sensors began to grow stale.
    began: OnceLock<Instant>,
}

impl Memory {
    /// Whether a fault has ended the session of this token.
    pub(crate) fn has_expired(&self, token: &str) -> bool {
        self.lock().iter().any(|expired| expired == token)
    }

    /// The present generation of references to sensors, if one of the faults lets them grow stale.
    pub(crate) fn generation(&self, faults: &[Fault]) -> Option<Generation> {
        let period = faults.iter().find_map(|fault| match fault {
            Fault::StaleReferences(period) => Some(*period),
            _ => None,
        })?;
        let began = self.began.get_or_init(Instant::now);
        Some(Generation::at(began.elapsed(), period))
    }

    fn expire(&self, token: String) {
        let mut expired = self.lock();
        if expired.len() == EXPIRED {
            expired.pop_front();
        }
        expired.push_back(token);
    }

    fn lock(&self) -> std::sync::MutexGuard<'_, VecDeque<String>> {
        self.expired.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// What comes of the faults of a request before it is executed.
pub(crate) enum Before {
    /// It is executed; this is done to its answer.
    Execute(After),
    /// The answer is this one.
    Answer(Response<AnswerBody>),
}

/// What faults do to an answer.
#[derive(Debug, Default)]
pub(crate) struct After(Vec<Fault>);

/// Applies faults in their order, up to the first that keeps the request from being executed. `Err`: the connection ends, or goes on by
/// a script.
pub(crate) async fn before(
    faults: Vec<Fault>,
    token: Option<&str>,
    memory: &Memory,
    reused: bool,
    link: &Link,
) -> Result<Before, TornDown> {
    let mut after = Vec::new();
    for fault in faults {
        tracing::debug!(?fault, "fault");
        let answer = match fault {
            Fault::CloseUnanswered => return Err(TornDown),
            Fault::NeverAnswer => {
                link.play(Script::new(Vec::new(), End::Stall));
                return Err(TornDown);
            }
            Fault::Delay(delay) => {
                tokio::time::sleep(delay).await;
                continue;
            }
            Fault::Status { code, body } => {
                status_of(code, "200 to 999", |status| Ok(door::text(status, body)))
            }
            Fault::Redirect { code, location } => status_of(code, "302 or 307", |status| {
                door::redirect(status, &location)
                    .ok_or("the location cannot stand in a header: escape what is not ASCII")
            }),
            Fault::RetryAfter(seconds) => {
                let mut answer = door::text(StatusCode::SERVICE_UNAVAILABLE, "Busy");
                answer.headers_mut().insert(RETRY_AFTER, seconds.into());
                answer
            }
            Fault::TimeoutOnReuse if reused => {
                if let Some(bytes) = door::written(door::text(StatusCode::REQUEST_TIMEOUT, "")) {
                    let steps = vec![door::Step::Write(bytes)];
                    link.play(Script::new(steps, End::Close));
                }
                return Err(TornDown);
            }
            Fault::SessionExpired => match token {
                Some(token) => {
                    memory.expire(token.to_owned());
                    door::unauthorized()
                }
                None => continue,
            },
            Fault::TimeoutOnReuse => continue,
            other => {
                after.push(other);
                continue;
            }
        };
        return Ok(Before::Answer(answer));
    }
    Ok(Before::Execute(After(after)))
}

impl After {
    /// The answer, after the faults. `Err`: the connection ends, or goes on by a script.
    pub(crate) fn finish(
        self,
        answer: Response<AnswerBody>,
        link: &Link,
    ) -> Result<Response<AnswerBody>, TornDown> {
        if self.0.is_empty() {
            return Ok(answer);
        }
        if self.0.contains(&Fault::CloseAfterExecution) {
            return Err(TornDown);
        }
        let mut answer = self.edited(answer);
        if self.0.contains(&Fault::StaleAnswer) {
            answer = stale(answer, link);
        }
        let (parts, body) = answer.into_parts();
        let body = match body.into_bytes() {
            Ok(bytes) => bytes,
            // What is a stream leaves as it is.
            Err(body) => return Ok(Response::from_parts(parts, body)),
        };
        let script = self
            .0
            .iter()
            .find_map(|fault| wire::script(fault, &parts, &body));
        match script {
            Some(script) => {
                link.play(script);
                Err(TornDown)
            }
            None => Ok(Response::from_parts(parts, AnswerBody::bytes(body))),
        }
    }

    /// The answer with another document and another media type. What is no answer to a call stays as it is.
    fn edited(&self, answer: Response<AnswerBody>) -> Response<AnswerBody> {
        let (mut parts, body) = answer.into_parts();
        let body = match body.into_bytes() {
            Ok(bytes) if parts.status == StatusCode::OK => bytes,
            Ok(bytes) => return Response::from_parts(parts, AnswerBody::bytes(bytes)),
            Err(body) => return Response::from_parts(parts, body),
        };
        let mut document: Vec<u8> = body.into();
        for fault in &self.0 {
            document = content::changed(document, fault);
            match fault {
                Fault::HtmlPage => {
                    parts.headers.insert(CONTENT_TYPE, door::HTML);
                }
                Fault::ContentType(kind) => match HeaderValue::from_str(kind) {
                    Ok(kind) => {
                        parts.headers.insert(CONTENT_TYPE, kind);
                    }
                    Err(_) => {
                        return not_played(
                            "the media type cannot stand in a header: take one such as image/png",
                        );
                    }
                },
                _ => {}
            }
        }
        Response::from_parts(parts, AnswerBody::bytes(document.into()))
    }
}

/// The answer before this one, which is remembered in its place.
fn stale(answer: Response<AnswerBody>, link: &Link) -> Response<AnswerBody> {
    let (parts, body) = answer.into_parts();
    let body = match body.into_bytes() {
        Ok(bytes) => bytes,
        Err(body) => return Response::from_parts(parts, body),
    };
    let kept = Some(body.clone()).filter(|body| body.len() <= STALE);
    let previous = link.swap_latest(kept);
    Response::from_parts(parts, AnswerBody::bytes(previous.unwrap_or(body)))
}

/// The answer with this status, if an answer can have it: those below 200 announce one.
fn status_of(
    code: u16,
    take: &str,
    answer: impl FnOnce(StatusCode) -> Result<Response<AnswerBody>, &'static str>,
) -> Response<AnswerBody> {
    let status = StatusCode::from_u16(code)
        .ok()
        .filter(|status| !status.is_informational());
    match status {
        Some(status) => answer(status).unwrap_or_else(not_played),
        None => not_played(&format!("no answer can have status {code}: take {take}")),
    }
}

/// The answer in place of a fault that cannot be.
fn not_played(problem: &str) -> Response<AnswerBody> {
    tracing::warn!(problem, "an injected fault cannot be played");
    let text = format!("the injected fault cannot be played: {problem}");
    door::text(StatusCode::INTERNAL_SERVER_ERROR, text)
}

#[cfg(test)]
mod tests {
    use super::*;

    async fn early(fault: Fault) -> StatusCode {
        let link = Link::detached();
        let memory = Memory::default();
        match before(vec![fault], None, &memory, false, &link).await {
            Ok(Before::Answer(answer)) => answer.status(),
            _ => panic!("an answer"),
        }
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

    #[test]
    fn only_so_many_expired_sessions_are_remembered() {
        let memory = Memory::default();
        for number in 0..=EXPIRED {
            memory.expire(number.to_string());
        }
        assert!(!memory.has_expired("0"));
        assert!(memory.has_expired("1") && memory.has_expired(&EXPIRED.to_string()));
    }
}
