//! Calls, and what of them reaches the callee and comes back.

use serde_json::{Value, json};

use super::rows;
use crate::conformance::wamp::Router;
use crate::conformance::wamp::message::{
    CALL, ERROR, INVOCATION, REGISTER, REGISTERED, RESULT, YIELD,
};
use crate::conformance::{Notes, Outcome, not_tried, told};

/// Many calls take longer than one.
const TIMES: u32 = 10;

rows! { ROWS:
    "call", "a procedure that nobody has registered", "ERROR wamp.error.no_such_procedure", no_procedure;
    "W22", "CALL of a URI with a blank", "ERROR wamp.error.invalid_uri", |router| bad_uri(router, CALL, "xerus conformance");
    "W22", "CALL of a URI with #", "ERROR wamp.error.invalid_uri", |router| bad_uri(router, CALL, "xerus.#");
    "W22", "CALL of a URI with an empty part", "ERROR wamp.error.invalid_uri", |router| bad_uri(router, CALL, "xerus..conformance");
    "W22", "CALL of an empty URI", "ERROR wamp.error.invalid_uri", |router| bad_uri(router, CALL, "");
    "W22", "REGISTER of a URI with a blank", "ERROR wamp.error.invalid_uri", bad_registration;
    "W28", "arguments: none, null, by name, nested", "the same at the callee", arguments;
    "call", "an error of the callee, with arguments by position and by name", "the same at the caller", errors;
    "W29", "2^53 + 1, -2^63, 2^64 - 1 and 5.5 there and back", "the same numbers", numbers;
    "call", "texts there and back: not ASCII, not in one unit of UTF-16, U+0000", "the same texts", texts;
    "W35", "a call of the session's own procedure", "an INVOCATION and a RESULT", own;
    "W36", "2 000 calls at once", "an answer to each, and the right one", many;
    "W30", "an argument of 4 MB there and back", "the same, or an ERROR of that call", large;
    "call", "disclose_me", "the session of the caller at the callee, or an ERROR", disclosed;
}

async fn no_procedure(router: &Router<'_>) -> Outcome {
    let mut session = router.join().await?;
    let id = session
        .call(json!({}), &router.uri("nobody"), json!([]))
        .await;
    let said = session.answer(id).await?;
    if said.is_denied() {
        return Err(not_tried(format!(
            "this user may not call: {}",
            said.text()
        )));
    }
    told(said.is_error("wamp.error.no_such_procedure"), said.text())
}

async fn bad_uri(router: &Router<'_>, kind: u64, uri: &str) -> Outcome {
    let mut session = router.join().await?;
    let id = session.request();
    session.send(json!([kind, id, {}, uri])).await;
    let said = session.any().await?;
    if said.is(REGISTERED) {
        router.remember(uri, "exact");
    }
    told(
        said.answers(id) && said.is_error("wamp.error.invalid_uri"),
        said.text(),
    )
}

async fn bad_registration(router: &Router<'_>) -> Outcome {
    router.may_register()?;
    bad_uri(router, REGISTER, &format!("{} a", router.uri("blank"))).await
}

async fn arguments(router: &Router<'_>) -> Outcome {
    let mut pair = router.pair().await?;
    let cases = [
        (json!([]), json!({})),
        (json!([null]), json!({})),
        (json!([]), json!({"k": 1, "none": null})),
        (
            json!([[], {}, [{"a": [true, "x"]}]]),
            json!({"k": {"n": {}}}),
        ),
    ];
    let mut same = 0;
    for (args, kwargs) in &cases {
        let id = pair.caller.request();
        pair.caller
            .send(json!([CALL, id, {}, pair.uri, args, kwargs]))
            .await;
        let invocation = pair.callee.next(INVOCATION).await?;
        let is = |seen: &Value, sent: &Value, empty: Value| {
            // What is empty at the end is left out.
            seen == sent || *sent == empty && seen.is_null()
        };
        let is_same =
            is(invocation.args(), args, json!([])) && is(invocation.kwargs(), kwargs, json!({}));
        same += usize::from(is_same);
    }
    told(
        same == cases.len(),
        format!("{same} of {} the same", cases.len()),
    )
}

async fn errors(router: &Router<'_>) -> Outcome {
    let mut pair = router.pair().await?;
    let (id, invocation) = pair.invoke(json!({}), json!([])).await?;
    let (args, kwargs) = (json!(["no user", 7]), json!({"code": 404}));
    let uri = "com.example.error.no_such_user";
    let error = json!([ERROR, INVOCATION, invocation.id(), {}, uri, args, kwargs]);
    pair.callee.send(error).await;
    let said = pair.caller.answer(id).await?;
    let is_same = said.is_error(uri) && *said.args() == args && *said.kwargs() == kwargs;
    told(
        is_same,
        format!(
            "{}{}",
            said.text(),
            if is_same { ", the same" } else { ", changed" }
        ),
    )
}

/// Whether what is sent comes back.
async fn echoed(router: &Router<'_>, args: Value) -> Outcome {
    let mut pair = router.pair().await?;
    let (id, invocation) = pair.invoke(json!({}), args.clone()).await?;
    pair.callee
        .send(json!([YIELD, invocation.id(), {}, invocation.args()]))
        .await;
    let said = pair.caller.answer(id).await?;
    let sent = args.as_array().map(Vec::as_slice).unwrap_or_default();
    let back = said
        .args()
        .as_array()
        .map(Vec::as_slice)
        .unwrap_or_default();
    let changed = sent.iter().zip(back).find(|(sent, back)| sent != back);
    match changed {
        _ if !said.is(RESULT) => Err(said.text().into()),
        Some((sent, back)) => Err(format!("{sent} came back as {back}").into()),
        None => told(sent.len() == back.len(), "the same"),
    }
}

async fn numbers(router: &Router<'_>) -> Outcome {
    echoed(
        router,
        json!([9_007_199_254_740_993_i64, i64::MIN, u64::MAX, 5.5]),
    )
    .await
}

async fn texts(router: &Router<'_>) -> Outcome {
    echoed(router, json!(["Žluťoučký kůň", "\u{1f50c}", "a\u{0}b"])).await
}

async fn own(router: &Router<'_>) -> Outcome {
    let mut session = router.join().await?;
    let uri = router.uri("own");
    router.registered(&mut session, json!({}), &uri).await?;
    let id = session.call(json!({}), &uri, json!([7])).await;
    let invocation = session.next(INVOCATION).await?;
    session.send(json!([YIELD, invocation.id(), {}, [8]])).await;
    let said = session.answer(id).await?;
    told(
        said.is(RESULT) && *said.args() == json!([8]),
        format!("INVOCATION, {}", said.text()),
    )
}

async fn many(router: &Router<'_>) -> Outcome {
    const CALLS: u64 = 2_000;
    let mut pair = router.pair().await?;
    let until = tokio::time::Instant::now() + router.patience() * TIMES;
    let uri = &pair.uri;
    let calling = async {
        let session = &mut pair.caller;
        let mut ids = Vec::new();
        let mut frames = Vec::new();
        for number in 0..CALLS {
            ids.push(session.request());
            frames.push(session.frame(&json!([CALL, ids[ids.len() - 1], {}, uri, [number]])));
        }
        session.put(frames).await;
        let mut right = 0;
        for _ in 0..CALLS {
            let Ok(said) = session
                .wait_until(until, |said| said.is(RESULT) || said.is(ERROR))
                .await
            else {
                break;
            };
            let number = ids.iter().position(|id| *id == said.id());
            right += u64::from(number.is_some_and(|number| *said.args() == json!([number])));
        }
        right
    };
    let serving = async {
        let session = &mut pair.callee;
        for _ in 0..CALLS {
            let Ok(said) = session.wait_until(until, |said| said.is(INVOCATION)).await else {
                break;
            };
            session
                .send(json!([YIELD, said.id(), {}, said.args()]))
                .await;
        }
    };
    let (right, ()) = tokio::join!(calling, serving);
    told(right == CALLS, format!("{right} answered"))
}

async fn large(router: &Router<'_>) -> Outcome {
    const BYTES: usize = 4_000_000;
    let mut pair = router.pair().await?;
    let until = tokio::time::Instant::now() + router.patience() * TIMES;
    let id = pair
        .caller
        .call(json!({}), &pair.uri, json!(["x".repeat(BYTES)]))
        .await;
    let is_end = |said: &crate::conformance::wamp::message::Said| said.answers(id);
    tokio::select! {
        // What the caller is told first is what there is to see.
        said = pair.caller.wait_until(until, is_end) => {
            let said = said?;
            told(said.is(ERROR), said.text())
        }
        invocation = pair.callee.wait_until(until, |said| said.is(INVOCATION)) => {
            let invocation = invocation.map_err(|seen| format!("the callee: {seen}"))?;
            pair.callee.send(json!([YIELD, invocation.id(), {}, invocation.args()])).await;
            let said = pair.caller.wait_until(until, is_end).await?;
            let back = said.args()[0].as_str().map_or(0, str::len);
            told(said.is(ERROR) || back == BYTES, format!("{} of {back} bytes", said.text()))
        }
    }
}

async fn disclosed(router: &Router<'_>) -> Outcome {
    let outcome = disclosure(router).await;
    router.if_announced("caller_identification", outcome)
}

async fn disclosure(router: &Router<'_>) -> Outcome {
    let mut pair = router.pair().await?;
    let mut notes = Notes::default();
    for options in [json!({"disclose_me": true}), json!({})] {
        let is_asked = options["disclose_me"] == true;
        let when = if is_asked { "asked" } else { "not asked" };
        let id = pair.caller.call(options, &pair.uri, json!([])).await;
        tokio::select! {
            said = pair.caller.answer(id) => {
                let said = said?;
                notes.note(is_asked && said.is(ERROR), format!("{when}: {}", said.text()));
            }
            invocation = pair.callee.next(INVOCATION) => {
                let invocation = invocation?;
                let is_told = invocation.details()["caller"] == json!(pair.caller.id);
                // Routers may tell without being asked.
                notes.note(is_told || !is_asked, format!("{when}: {}", if is_told { "told" } else { "not told" }));
                pair.callee.send(json!([YIELD, invocation.id(), {}])).await;
            }
        }
    }
    notes.outcome()
}
