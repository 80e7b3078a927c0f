//! Calls that report progress.

use std::future::poll_fn;
use std::sync::Arc;

use super::transport::{Outgoing, Times};
use super::{options, outcome};
use crate::error::{Error, TimeoutPhase};
use crate::wamp::client::Wamp;
use crate::wamp::session::{Failed, Next, Progress, Session, StreamGuard};
use crate::wire::{BoxStream, Item, Request};

/// Where the stream of a call is.
enum State {
    Start,
    Running {
        outgoing: Times,
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
        progress,
        guard,
    } = state
    else {
        return None;
    };
    // What was reported fast enough would keep the clock from being looked at.
    if tokio::time::Instant::now() >= outgoing.deadline && !progress.has_end() {
        let phase = TimeoutPhase::FirstByte;
        let sent = guard.was_sent();
        return Some(Err(outcome::failed(
            request,
            Failed::TimedOut { phase, sent },
        )));
    }
    let next = poll_fn(|context| progress.poll(context));
    let item = match tokio::time::timeout_at(outgoing.deadline, next).await {
        Ok(Next::Progress(details, payload)) => Ok(Item::Progress(outcome::report(
            &details,
            &payload,
            outgoing.start,
        ))),
        Ok(Next::End(Ok(answer))) => {
            let binding = &wamp.inner().setup.binding;
            outcome::settle(binding, request, answer, outgoing.start).map(|reply| {
                Item::Final(match progress.dropped() {
                    0 => reply,
                    dropped => reply
                        .with_warning(format!(
                            "{dropped} reported values were dropped, because they were not read in time"
                        ))
                        .with_attribute("wamp.dropped", dropped.to_string()),
                })
            })
        }
        Ok(Next::End(Err(why))) => {
            let sent = guard.was_sent();
            Err(outcome::failed(request, Failed::Ended { why, sent }))
        }
        Err(_) => {
            let phase = TimeoutPhase::FirstByte;
            let sent = guard.was_sent();
            Err(outcome::failed(request, Failed::TimedOut { phase, sent }))
        }
    };
    Some(item)
}

async fn start(wamp: &Wamp, request: &Request) -> Result<State, Error> {
    let outgoing = Outgoing::new(wamp, request)?;
    let session: Arc<Session> = outgoing.session(wamp, request).await?;
    if !session.welcome().dealer_has("progressive_call_results") {
        return Err(Error::unsupported(
            "this router passes no progress on; await the call instead",
        ));
    }
    let options = options::of_call(request, session.welcome(), true);
    let progress = Arc::new(Progress::new(wamp.inner().setup.progress_room));
    let guard = session
        .stream(outgoing.times.deadline, Arc::clone(&progress), |id| {
            outgoing.call(id, &options)
        })
        .await
        .map_err(|failed| outcome::failed(request, failed))?;
    Ok(State::Running {
        outgoing: outgoing.times,
        progress,
        guard,
    })
}
