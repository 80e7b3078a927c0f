//! The end of a session, and what is left.

use serde_json::json;
use tokio::time::{Duration, Instant, sleep};
use tokio_tungstenite::tungstenite::Message;

use super::rows;
use crate::conformance::wamp::Router;
use crate::conformance::wamp::message::{GOODBYE, INVOCATION, RESULT, YIELD};
use crate::conformance::wamp::session::Session;
use crate::conformance::{Notes, Outcome, cannot, not_tried, told};

rows! { ROWS:
    "W31", "a ping", "a pong with the same payload", ping;
    "W9", "GOODBYE", "GOODBYE", goodbye;
    "W9", "GOODBYE while a call is under way, which then gets its result", "GOODBYE, and nothing after it", goodbye_under_way;
    "W9", "GOODBYE while a call of the session's own procedure is under way", "GOODBYE, and nothing after it", goodbye_of_both;
    "W9", "a call after GOODBYE was answered", "no answer", after_goodbye;
    "end", "what was registered in all these rows", "gone", left;
}

async fn ping(router: &Router<'_>) -> Outcome {
    let mut session = router.join().await?;
    session.put([Message::Ping("xerus".into())]).await;
    let is_same = session.pong("xerus").await;
    told(is_same, if is_same { "a pong" } else { "no pong" })
}

async fn goodbye(router: &Router<'_>) -> Outcome {
    let mut session = router.join().await?;
    session.leave().await;
    let said = session.any().await?;
    told(said.is(GOODBYE), said.text())
}

async fn goodbye_under_way(router: &Router<'_>) -> Outcome {
    let mut pair = router.pair().await?;
    let (_, invocation) = pair.invoke(json!({}), json!([])).await?;
    pair.caller.leave().await;
    let mut notes = Notes::default();
    let said = pair.caller.next(GOODBYE).await?;
    notes.note(true, said.text());
    pair.callee.send(json!([YIELD, invocation.id(), {}])).await;
    // An end of the connection is what comes after a goodbye.
    if let Some(more) = pair.caller.more().await {
        notes.note(more.starts_with("closed"), format!("then {more}"));
    }
    notes.outcome()
}

async fn goodbye_of_both(router: &Router<'_>) -> Outcome {
    let mut session = router.join().await?;
    let uri = router.uri("own");
    router.registered(&mut session, json!({}), &uri).await?;
    session.call(json!({}), &uri, json!([])).await;
    session.next(INVOCATION).await?;
    session.leave().await;
    let mut notes = Notes::default();
    let said = session.next(GOODBYE).await?;
    notes.note(true, said.text());
    if let Some(more) = session.more().await {
        notes.note(more.starts_with("closed"), format!("then {more}"));
    }
    notes.outcome()
}

async fn after_goodbye(router: &Router<'_>) -> Outcome {
    let mut session = router.join().await?;
    session.leave().await;
    session.next(GOODBYE).await?;
    let (_, frame) = router.probe(&mut session);
    session.put([frame]).await;
    let more = session.more().await;
    let is_right = more
        .as_ref()
        .is_none_or(|more| more.starts_with("closed") || more.starts_with("ABORT"));
    told(is_right, more.unwrap_or_else(|| "nothing".to_owned()))
}

/// How many of them are still there.
async fn remaining(
    session: &mut Session,
    uris: &[(String, &str)],
) -> Result<usize, crate::conformance::Otherwise> {
    let mut count = 0;
    for (uri, matching) in uris {
        let args = json!([uri, {"match": matching}]);
        let id = session
            .call(json!({}), "wamp.registration.lookup", args)
            .await;
        let said = session.answer(id).await?;
        match said.is(RESULT) {
            true => count += usize::from(!said.args()[0].is_null()),
            false if said.is_denied() => {
                return Err(not_tried(format!("this user may not ask: {}", said.text())));
            }
            false => return Err(cannot(format!("lookup: {}", said.text()))),
        }
    }
    Ok(count)
}

async fn left(router: &Router<'_>) -> Outcome {
    router.may_register()?;
    let uris = router.all_registered();
    let mut session = router.join().await?;
    let until = Instant::now() + router.patience();
    // Connections that have ended are noticed in a moment.
    loop {
        let count = remaining(&mut session, &uris).await?;
        if count == 0 {
            return Ok("gone".to_owned());
        }
        if Instant::now() >= until {
            return Err(format!("{count} still registered").into());
        }
        sleep(Duration::from_millis(50)).await;
    }
}
