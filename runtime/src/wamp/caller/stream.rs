//! Calls that report progress.

use std::future::poll_fn;
use std::sync::Arc;

use super::refusal::Called;
use super::transport::{Outgoing, Times};
use super::{options, outcome};
use crate::error::{Error, Outcome, OverflowError, TimeoutPhase};
use crate::wamp::client::Wamp;
use crate::wamp::error::no_waiting;
use crate::wamp::session::{Failed, Next, Progress, Session, StreamGuard};
use crate::wire::{BoxStream, Item, Overflow, Reply, Request};

/// Where the stream of a call is.
enum State {
    Start,
    Running {
        outgoing: Times,
        procedure: Box<str>,
        session: u64,
        progress: Arc<Progress>,
        guard: StreamGuard,
    },
    Over,
}

/// What a call reports, and its result. Nothing is sent before it is polled; dropping it gives the call up.
pub(super) fn stream(wamp: Wamp, request: Request) -> BoxStream<'static, Result<Item, Error>> {
    let stream = futures_util::stream::unfold(
        (wamp, request, State::Start),
        |(wamp, request, mut state)| async move {
            let item = next(&wamp, &request, &mut state).await?;
            if matches!(item, Err(_) | Ok(Item::Final(_))) {
                state = State::Over;
            }
            Some((item, (wamp, request, state)))
        },
    );
    Box::pin(stream)
}

async fn next(wamp: &Wamp, request: &Request, state: &mut State) -> Option<Result<Item, Error>> {
    if let State::Start = state {
        match start(wamp, request).await {
            Ok(running) => *state = running,
            Err(error) => return Some(Err(error)),
        }
    }
    let State::Running {
        outgoing,
        procedure,
        session,
        progress,
        guard,
    } = state
    else {
        return None;
    };
    if tokio::time::Instant::now() >= outgoing.deadline {
        // What came in time is read; what comes from now on would keep the clock from being looked at.
        progress.close();
    }
    let next = poll_fn(|context| progress.poll(context));
    let item = match guard.home().in_time(outgoing.deadline, next).await {
        Ok(Next::Progress(missed, details, payload)) => {
            let reply = outcome::report(&details, &payload, outgoing.start);
            Ok(Item::Progress(reply.with_missed(missed)))
        }
        Ok(Next::End(missed, Ok(answer))) => {
            let binding = &wamp.inner().setup.binding;
            let called = Called {
                procedure,
                session: *session,
            };
            let settled = outcome::settle(binding, request, called, answer, outgoing.start);
            settled
                .map(|reply| Item::Final(with_dropped(reply, missed, progress.dropped())))
                .map_err(|error| error.with_missed(missed))
        }
        Ok(Next::End(missed, Err(why))) => {
            let sent = guard.was_sent();
            let error = outcome::failed(request, Failed::Ended { why, sent });
            Err(error.with_missed(missed))
        }
        Ok(Next::Failed { lost, executed }) => {
            let error = Error::from(OverflowError::new(lost, progress.room()));
            let error = error
                .with_sent(true, request.is_repeatable())
                .with_missed(lost);
            // It was cancelled, perhaps too late.
            Err(match executed {
                true => error.with_outcome(Outcome::Executed),
                false => error,
            })
        }
        Err(late) => {
            let sent = guard.was_sent();
            let phase = late.phase(match sent {
                true => TimeoutPhase::FirstByte,
                false => TimeoutPhase::Write,
            });
            let error = outcome::failed(request, Failed::TimedOut { phase, sent });
            Err(error.with_missed(progress.missed()))
        }
    };
    Some(item)
}

/// A result that tells what was lost before it.
fn with_dropped(reply: Reply, missed: u64, dropped: u64) -> Reply {
    let reply = reply.with_missed(missed);
    match dropped {
        0 => reply,
        dropped => reply
            .with_warning(format!(
                "{dropped} reported values were dropped, because they were not read in time"
            ))
            .with_attribute("wamp.dropped", dropped.to_string()),
    }
}

async fn start(wamp: &Wamp, request: &Request) -> Result<State, Error> {
    let room = request.room().unwrap_or(wamp.inner().setup.progress_room);
    if room.overflow == Overflow::Wait {
        return Err(no_waiting());
    }
    let outgoing = Outgoing::new(wamp, request)?;
    let session: Arc<Session> = outgoing.session(wamp, request).await?;
    if !session.welcome().dealer_has("progressive_call_results") {
        return Err(Error::unsupported(
            "this router passes no progress on; await the call instead",
        ));
    }
    let options = options::of_call(request, session.welcome(), true);
    let progress = Arc::new(Progress::new(room));
    let guard = session
        .stream(outgoing.times.deadline, Arc::clone(&progress), |id| {
            outgoing.call(id, &options)
        })
        .await
        .map_err(|failed| outcome::failed(request, failed))?;
    let called = outgoing.called(&session);
    Ok(State::Running {
        outgoing: outgoing.times,
        procedure: called.procedure.into(),
        session: called.session,
        progress,
        guard,
    })
}
