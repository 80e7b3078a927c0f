//! One call, from the router to the servant and back.

use std::panic::AssertUnwindSafe;
use std::sync::{Arc, Weak};
use std::time::Duration;

use bytes::Bytes;
use futures_util::FutureExt as _;
use tokio::time::Instant;

use super::fault::{self, Told};
use super::identity;
use super::incoming;
use super::interrupt::Interrupt;
use super::part::Procedures;
use super::procedure::Invocation;
use super::progress::Reports;
use super::wanted::Wanted;
use crate::error::Error;
use crate::server::{Context, Fault};
use crate::wamp::content::Received;
use crate::wamp::error::NotSent;
use crate::wamp::message::{Compose, ERROR, INVOCATION, Object, Payload, YIELD};
use crate::wamp::session::{Failed, Session};

/// How long an answer waits for a router that takes nothing.
const PATIENCE: Duration = Duration::from_secs(30);

/// A call that came in.
pub(super) struct Work {
    pub(super) session: Arc<Session>,
    pub(super) request: u64,
    pub(super) wanted: Arc<Wanted>,
    pub(super) details: Object,
    pub(super) payload: Payload,
    pub(super) interrupt: Arc<Interrupt>,
    pub(super) procedures: Weak<Procedures>,
}

/// What became of a call.
enum End {
    Results(Payload),
    Refused(Fault),
    Panicked,
    /// Nobody waits any more, and the servant did not end by itself.
    GivenUp,
    /// It was not begun when whoever serves it went.
    NotServed,
    /// The time for it is over.
    Late,
}

impl Work {
    /// Bytes that it holds while it waits.
    pub(super) fn bytes(&self) -> usize {
        payload_bytes(&self.payload) + self.details.bytes().len()
    }

    /// The same to wait, without what came beside it.
    pub(super) fn kept_alone(self) -> Self {
        Self {
            details: self.details.kept_alone(),
            payload: self.payload.kept_alone(),
            ..self
        }
    }

    pub(super) fn is_of(&self, interrupt: &Arc<Interrupt>) -> bool {
        Arc::ptr_eq(&self.interrupt, interrupt)
    }

    /// Serves the call and answers it.
    pub(super) async fn run(mut self) {
        let end = match self.interrupt.token.is_cancelled() {
            true if self.wanted.is_gone() => End::NotServed,
            true => End::GivenUp,
            false => self.serve().await,
        };
        self.answer(end).await;
    }

    /// Answers a call that was given up before it began.
    pub(super) fn never_began(self) {
        if self.over(&End::GivenUp) {
            self.wanted.setup.counts.errors.add();
            let _ = send(&self.session, self.request, &Told::canceled());
        }
    }

    /// The URI that was called.
    pub(super) fn procedure(&self) -> String {
        let told = identity::procedure(&self.details);
        told.unwrap_or_else(|| self.wanted.uri.clone())
    }

    async fn serve(&mut self) -> End {
        let setup = Arc::clone(&self.wanted.setup);
        let called = self.procedure();
        let mut context = self.context(&called);
        let reports = self.details.is_true("receive_progress").then(|| {
            let interrupt = Arc::clone(&self.interrupt);
            let session = Arc::clone(&self.session);
            Arc::new(Reports::new(session, self.request, interrupt))
        });
        if let Some(reports) = &reports {
            context = context.with_progress(Arc::clone(reports) as _);
        }
        let deadline = context.deadline;
        let invocation = Invocation {
            procedure: called,
            arguments: Received::new(std::mem::take(&mut self.payload)),
            context,
        };
        let token = &self.interrupt.token;
        let given_up = async {
            token.cancelled().await;
            tokio::time::sleep(setup.grace).await;
        };
        let late = async {
            match deadline {
                Some(deadline) => tokio::time::sleep_until(deadline.into()).await,
                None => std::future::pending().await,
            }
        };
        let end = {
            let work = AssertUnwindSafe(self.wanted.procedure.call(invocation)).catch_unwind();
            tokio::select! {
                biased;
                result = work => match result {
                    Ok(Ok(payload)) => End::Results(payload),
                    Ok(Err(fault)) => End::Refused(fault),
                    Err(_) => End::Panicked,
                },
                () = given_up => End::GivenUp,
                () = late => End::Late,
            }
        };
        if let Some(reports) = reports {
            reports.end().await;
        }
        end
    }

    fn context(&self, called: &str) -> Context {
        let setup = &self.wanted.setup;
        let in_milliseconds = self.session.welcome().dealer_has("call_timeout");
        let token = self.interrupt.token.clone();
        let mut context = identity::context(
            &setup.context,
            &self.details,
            called,
            in_milliseconds,
            token,
        );
        let own = setup.deadline;
        let own = own.and_then(|time| std::time::Instant::now().checked_add(time));
        context.deadline = match (context.deadline, own) {
            (Some(told), Some(own)) => Some(told.min(own)),
            (told, own) => told.or(own),
        };
        context
    }

    /// Notes that the call is over; whether somebody waits for what became of it.
    fn over(&self, end: &End) -> bool {
        if let Some(procedures) = self.procedures.upgrade() {
            procedures.over(&self.session, self.request, &self.interrupt);
        }
        let counts = &self.wanted.setup.counts;
        if matches!(end, End::Panicked) {
            counts.panics.add();
        }
        if matches!(end, End::Late) {
            counts.timeouts.add();
        }
        let is_given_up = self.interrupt.token.is_cancelled();
        // What the servant started elsewhere learns that nobody waits any more.
        self.interrupt.token.cancel();
        if is_given_up && !self.interrupt.wants_answer() {
            counts.late.add();
            return false;
        }
        true
    }

    /// Sends what became of the call, unless nobody waits for it.
    async fn answer(self, end: End) {
        let is_given_up = self.interrupt.token.is_cancelled();
        if !self.over(&end) {
            return;
        }
        let counts = &self.wanted.setup.counts;
        let until = Instant::now() + PATIENCE;
        let told = match end {
            End::Results(payload) => {
                let message = Compose::with_room(YIELD, payload_bytes(&payload))
                    .number(self.request)
                    .object("{}")
                    .payload(&payload)
                    .finish();
                match self.session.send_with_room(until, message).await {
                    Ok(()) => {
                        counts.results.add();
                        return;
                    }
                    // The session is over, or the router takes nothing.
                    Err(Failed::Ended { .. } | Failed::TimedOut { .. }) => {
                        counts.late.add();
                        return;
                    }
                    Err(Failed::NotSent(why)) => {
                        if NotSent::is_size(&why) {
                            counts.too_large.add();
                        }
                        unsent("the result", &why)
                    }
                }
            }
            End::Refused(fault) if is_given_up => Told::new(fault::CANCELED, &fault.to_string()),
            End::Refused(fault) => Told::of(fault, &self.procedure()),
            End::Panicked => Told::new(fault::RUNTIME_ERROR, "the servant panicked"),
            End::GivenUp => Told::canceled(),
            End::NotServed => incoming::not_served(&self.procedure()),
            End::Late => Told::new(fault::TIMEOUT, "the call took too long"),
        };
        let mut sent = self
            .session
            .send_with_room(until, error(self.request, &told))
            .await;
        if let Err(Failed::NotSent(why)) = sent {
            let told = unsent("the error of the servant", &why);
            let message = error(self.request, &told);
            sent = self.session.send_with_room(until, message).await;
        }
        match sent {
            Ok(()) => counts.errors.add(),
            Err(_) => counts.late.add(),
        }
    }

    /// Answers a call that is not served.
    pub(super) fn refuse(self, told: &Told) {
        if let Some(procedures) = self.procedures.upgrade() {
            procedures.over(&self.session, self.request, &self.interrupt);
        }
        self.wanted.setup.counts.errors.add();
        let _ = send(&self.session, self.request, told);
    }
}

/// What the caller gets in place of an answer that cannot be sent.
fn unsent(what: &str, why: &Error) -> Told {
    let uri = match NotSent::is_size(why) {
        true => fault::TOO_LARGE,
        false => fault::RUNTIME_ERROR,
    };
    Told::new(uri, &NotSent::of_answer(what, why))
}

pub(super) fn payload_bytes(payload: &Payload) -> usize {
    let bytes = |text: &Option<Bytes>| text.as_ref().map_or(0, Bytes::len);
    bytes(&payload.args) + bytes(&payload.kwargs)
}

/// Sends a small error in answer to an invocation.
pub(super) fn send(session: &Session, request: u64, told: &Told) -> Result<(), Error> {
    session.send(error(request, told))
}

fn error(request: u64, told: &Told) -> Bytes {
    Compose::with_room(ERROR, payload_bytes(&told.payload))
        .number(INVOCATION)
        .number(request)
        .object("{}")
        .text(&told.uri)
        .payload(&told.payload)
        .finish()
}
