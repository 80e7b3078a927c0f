//! Calls that are given up: by time, by the caller, because somebody left.

use std::time::Duration;

use serde_json::{Value, json};
use tokio::time::Instant;

use super::rows;
use crate::conformance::wamp::Router;
use crate::conformance::wamp::message::{CANCEL, ERROR, INTERRUPT, INVOCATION, Said, YIELD};
use crate::conformance::wamp::pair::Pair;
use crate::conformance::wamp::router::{plain_roles, roles};
use crate::conformance::{Notes, Outcome, cannot, told};

const CANCELED: &str = "wamp.error.canceled";
/// How long at least it is waited for the end of a call that has a second.
const LEAST: Duration = Duration::from_secs(2);
const TIMEOUT: &str = "wamp.error.timeout";

rows! { ROWS:
    "W16", "a timeout of 300, and one of 1 if that does nothing", "milliseconds: ERROR wamp.error.timeout or wamp.error.canceled", timeout;
    "W12", "CANCEL killnowait", "ERROR wamp.error.canceled at once, INTERRUPT to the callee, nothing after it", killnowait;
    "W12", "CANCEL kill", "INTERRUPT to the callee, ERROR wamp.error.canceled when it has answered", kill;
    "W12", "CANCEL skip", "ERROR wamp.error.canceled at once, nothing to the callee", skip;
    "W12", "CANCEL killnowait, of a callee that announces no cancelling", "as with skip", without_feature;
    "W12", "CANCEL of a call that there is not", "nothing", nothing_to_cancel;
    "W10", "the callee leaves during a call, with GOODBYE", "ERROR wamp.error.canceled or wamp.error.no_eligible_callee", |router| callee_leaves(router, true);
    "W10", "the connection of the callee ends during a call", "ERROR wamp.error.canceled or wamp.error.no_eligible_callee", |router| callee_leaves(router, false);
    "W13", "the callee of a call that was cancelled leaves", "no second ERROR", second_end;
    "W11", "the connection of the caller ends during a call", "INTERRUPT to the callee", caller_leaves;
}

/// A call that is at its callee.
async fn begun(
    router: &Router<'_>,
    roles: Value,
) -> Result<(Pair, u64, u64), crate::conformance::Otherwise> {
    let mut pair = router.pair_with(roles).await?;
    let (id, invocation) = pair.invoke(json!({}), json!([])).await?;
    Ok((pair, id, invocation.id()))
}

async fn cancel(pair: &mut Pair, id: u64, mode: &str) {
    pair.caller.send(json!([CANCEL, id, {"mode": mode}])).await;
}

/// What the callee gets, which should be INTERRUPT or nothing.
async fn at_callee(pair: &mut Pair, is_wanted: bool, notes: &mut Notes) {
    let seen = match is_wanted {
        true => pair
            .callee
            .next(INTERRUPT)
            .await
            .map_or_else(|seen| seen, |said| said.text()),
        false => pair
            .callee
            .more()
            .await
            .unwrap_or_else(|| "nothing".to_owned()),
    };
    let is_right = if is_wanted {
        seen.starts_with("INTERRUPT")
    } else {
        seen == "nothing"
    };
    notes.note(is_right, format!("the callee: {seen}"));
}

/// What the caller gets, which should be the error for a cancelled call.
async fn at_caller(pair: &mut Pair, id: u64, notes: &mut Notes) {
    let seen = pair.caller.answer(id).await;
    let is_right = seen.as_ref().is_ok_and(|said| said.is_error(CANCELED));
    notes.note(
        is_right,
        format!(
            "the caller: {}",
            seen.map_or_else(|seen| seen, |said| said.text())
        ),
    );
}

/// That the caller gets nothing more.
async fn no_more(pair: &mut Pair, notes: &mut Notes) {
    if let Some(more) = pair.caller.more().await {
        notes.note(false, format!("then {more}"));
    }
}

fn if_cancelling(router: &Router<'_>, notes: Notes) -> Outcome {
    router.if_announced("call_canceling", notes.outcome())
}

async fn killnowait(router: &Router<'_>) -> Outcome {
    let (mut pair, id, invocation) = begun(router, roles()).await?;
    let mut notes = Notes::default();
    cancel(&mut pair, id, "killnowait").await;
    at_caller(&mut pair, id, &mut notes).await;
    at_callee(&mut pair, true, &mut notes).await;
    pair.callee
        .send(json!([ERROR, INVOCATION, invocation, {}, CANCELED]))
        .await;
    no_more(&mut pair, &mut notes).await;
    if_cancelling(router, notes)
}

async fn kill(router: &Router<'_>) -> Outcome {
    let (mut pair, id, invocation) = begun(router, roles()).await?;
    let mut notes = Notes::default();
    cancel(&mut pair, id, "kill").await;
    at_callee(&mut pair, true, &mut notes).await;
    if let Some(early) = pair.caller.more().await {
        notes.note(
            false,
            format!("the caller, before the callee has answered: {early}"),
        );
    } else {
        pair.callee
            .send(json!([ERROR, INVOCATION, invocation, {}, CANCELED]))
            .await;
        at_caller(&mut pair, id, &mut notes).await;
    }
    if_cancelling(router, notes)
}

/// The callee is not told, and what it answers is not passed on.
async fn skipped(router: &Router<'_>, roles: Value, mode: &str) -> Outcome {
    let (mut pair, id, invocation) = begun(router, roles).await?;
    let mut notes = Notes::default();
    cancel(&mut pair, id, mode).await;
    at_caller(&mut pair, id, &mut notes).await;
    at_callee(&mut pair, false, &mut notes).await;
    pair.callee.send(json!([YIELD, invocation, {}])).await;
    no_more(&mut pair, &mut notes).await;
    if_cancelling(router, notes)
}

async fn skip(router: &Router<'_>) -> Outcome {
    skipped(router, roles(), "skip").await
}

async fn without_feature(router: &Router<'_>) -> Outcome {
    skipped(router, plain_roles(), "killnowait").await
}

async fn nothing_to_cancel(router: &Router<'_>) -> Outcome {
    let mut session = router.join().await?;
    session.send(json!([CANCEL, 4711, {}])).await;
    let more = session.more().await;
    told(more.is_none(), more.unwrap_or_else(|| "nothing".to_owned()))
}

async fn callee_leaves(router: &Router<'_>, is_polite: bool) -> Outcome {
    let (mut pair, id, _) = begun(router, roles()).await?;
    let mut callee = pair.callee;
    if is_polite {
        callee.leave().await;
    } else {
        drop(callee);
    }
    let said = pair.caller.answer(id).await?;
    let is_right = [CANCELED, "wamp.error.no_eligible_callee"]
        .iter()
        .any(|uri| said.is_error(uri));
    told(is_right, said.text())
}

async fn second_end(router: &Router<'_>) -> Outcome {
    let (mut pair, id, _) = begun(router, roles()).await?;
    cancel(&mut pair, id, "killnowait").await;
    let first = pair.caller.answer(id).await;
    drop(pair.callee);
    let seen = pair.caller.more().await;
    let outcome = match first {
        Err(seen) => Err(format!("not cancelled: {seen}").into()),
        Ok(_) => told(
            seen.is_none(),
            seen.unwrap_or_else(|| "nothing more".to_owned()),
        ),
    };
    router.if_announced("call_canceling", outcome)
}

async fn caller_leaves(router: &Router<'_>) -> Outcome {
    let (mut pair, _, _) = begun(router, roles()).await?;
    drop(pair.caller);
    let said = pair.callee.next(INTERRUPT).await;
    let seen = said
        .as_ref()
        .map_or_else(|seen| format!("the callee: {seen}"), Said::text);
    router.if_announced("call_canceling", told(said.is_ok(), seen))
}

async fn timeout(router: &Router<'_>) -> Outcome {
    let is_announced = router.announces("call_timeout");
    let mut seen = Vec::new();
    let mut meaning = "nothing";
    for (time, unit) in [(300, "milliseconds"), (1, "seconds")] {
        let mut pair = router.pair().await?;
        let (id, _) = pair.invoke(json!({"timeout": time}), json!([])).await?;
        // One second has to be over, however short patience is.
        let until = Instant::now() + router.patience().max(LEAST);
        let is_end = |said: &Said| said.answers(id) && !said.is_progress();
        if let Ok(said) = pair.caller.wait_until(until, is_end).await {
            meaning = unit;
            let is_time = said.is_error(TIMEOUT) || said.is_error(CANCELED);
            if !is_time {
                return Err(said.text().into());
            }
            seen.push(said.text());
            let interrupted = pair.callee.more().await;
            seen.push(format!(
                "the callee: {}",
                interrupted.unwrap_or_else(|| "nothing".to_owned())
            ));
            break;
        }
    }
    seen.insert(0, format!("means {meaning}"));
    if !is_announced {
        seen.push("call_timeout is not announced".to_owned());
        return Err(cannot(seen.join(", ")));
    }
    told(meaning == "milliseconds", seen.join(", "))
}
