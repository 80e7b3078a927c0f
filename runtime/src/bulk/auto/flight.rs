//! A request under way, with one call or with many.

use std::sync::Arc;
use std::task::{Context, Poll};

use super::super::send::Sending;
use super::kept::Kept;
use super::seat::{Seat, Verdict};
use crate::agent::Agent;
use crate::call::Plan;
use crate::error::{Error, ErrorKind, Outcome};
use crate::wire::BoxFuture;

/// A request that carries the calls of some seats.
pub(super) struct Flight {
    /// Tells the seats when it ends.
    request: BoxFuture<'static, ()>,
    seats: Vec<Arc<Seat>>,
}

impl Flight {
    pub(super) fn new(agent: &Agent, seats: Vec<Arc<Seat>>) -> Self {
        let (agent, carried) = (agent.clone(), seats.clone());
        Self {
            request: match carried.as_slice() {
                [seat] => Box::pin(alone(agent, Arc::clone(seat))),
                _ => Box::pin(together(agent, carried)),
            },
            seats,
        }
    }

    pub(super) fn poll(&mut self, context: &mut Context<'_>) -> Poll<()> {
        self.request.as_mut().poll(context)
    }

    /// Whether nobody waits for any call in it.
    pub(super) fn is_left(&self) -> bool {
        self.seats.iter().all(|seat| seat.is_left())
    }

    /// Ends it without an answer.
    pub(super) fn lose(&self) {
        for seat in &self.seats {
            let request = &seat.request;
            let error = Error::new(ErrorKind::ConnectionLost)
                .with_outcome(Outcome::Unknown)
                .of_call_inside(
                    request.shared_target(),
                    request.called().shown(),
                    request.is_repeatable(),
                );
            seat.tell(Verdict::told(Err(error)));
        }
    }
}

/// A call that nobody shares the request with.
async fn alone(agent: Agent, seat: Arc<Seat>) {
    let request = seat.request.clone().with_timeout(seat.time_left());
    let reply = agent.transport().call(&request).await;
    let limit = seat.request.timeout();
    seat.tell(Verdict::told(
        reply.map_err(|error| error.with_limit(limit)),
    ));
}

async fn together(agent: Agent, seats: Vec<Arc<Seat>>) {
    let plans = seats
        .iter()
        .map(|seat| Plan::of_request(&agent, &seat.request, seat.time_left()));
    let sending = Sending::new(&agent, plans.collect());
    let mut kept = Kept::new(seats.len());
    let failure = match sending.send(&mut kept).await {
        Ok(()) => {
            for (seat, reply) in seats.iter().zip(kept.finish()) {
                let reply = reply.map_err(|error| own(&error, seat));
                seat.tell(Verdict::told(reply));
            }
            return;
        }
        Err(failure) => failure,
    };
    let lacking = failure.is_method_not_found();
    for seat in &seats {
        let harmless = seat.request.is_repeatable() || !failure.may_have_executed();
        seat.tell(if harmless && (lacking || failure.is_object_not_found()) {
            Verdict::NoBulk { sure: lacking }
        } else {
            Verdict::told(Err(own(&failure, seat)))
        });
    }
}

/// An error as that of the call in a seat.
fn own(error: &Error, seat: &Seat) -> Error {
    let request = &seat.request;
    error
        .of_call_inside(
            request.shared_target(),
            request.called().shown(),
            request.is_repeatable(),
        )
        .with_limit(request.timeout())
}
