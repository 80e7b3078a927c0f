//! Results that come on the way.

use serde_json::json;

use super::rows;
use crate::conformance::wamp::Router;
use crate::conformance::wamp::message::{INVOCATION, RESULT, YIELD};
use crate::conformance::wamp::router::plain_roles;
use crate::conformance::{Notes, Outcome, told};

const FEATURE: &str = "progressive_call_results";

rows! { ROWS:
    "W18", "progress that the caller asked for", "told to the callee, and passed on in order before the RESULT", |router| wanted(router, true);
    "W18", "progress that the caller did not ask for", "the RESULT, and no progress before it", |router| wanted(router, false);
    "W18", "progress that was asked for, of a callee that announces none", "a call without progress", plain;
    "W19", "progress and an error after the result", "nothing to the caller", late;
}

async fn wanted(router: &Router<'_>, is_asked: bool) -> Outcome {
    let outcome = passed(router, is_asked).await;
    router.if_announced(FEATURE, outcome)
}

async fn passed(router: &Router<'_>, is_asked: bool) -> Outcome {
    let mut pair = router.pair().await?;
    let mut notes = Notes::default();
    let options = if is_asked {
        json!({"receive_progress": true})
    } else {
        json!({})
    };
    let (id, invocation) = pair.invoke(options, json!([])).await?;
    if is_asked {
        let is_told = invocation.details()["receive_progress"] == true;
        notes.note(
            is_told,
            if is_told {
                "told"
            } else {
                "the callee is not told"
            },
        );
    }
    for number in 0..2 {
        pair.callee
            .send(json!([YIELD, invocation.id(), {"progress": true}, [number]]))
            .await;
    }
    pair.callee
        .send(json!([YIELD, invocation.id(), {}, [2]]))
        .await;
    let mut order = Vec::new();
    let last = loop {
        let said = pair.caller.wait(|said| said.answers(id)).await?;
        if !said.is_progress() {
            break said;
        }
        order.push(said.args()[0].clone());
    };
    notes.note(last.is(RESULT) && *last.args() == json!([2]), last.text());
    let expected = if is_asked {
        vec![json!(0), json!(1)]
    } else {
        Vec::new()
    };
    let seen = match order.len() {
        0 => "no progress before it".to_owned(),
        _ if order == [0, 1] => "progress before it, in order".to_owned(),
        count => format!("{count} before it"),
    };
    notes.note(order == expected, seen);
    notes.outcome()
}

async fn plain(router: &Router<'_>) -> Outcome {
    let mut pair = router.pair_with(plain_roles()).await?;
    let (id, invocation) = pair
        .invoke(json!({"receive_progress": true}), json!([]))
        .await?;
    let is_told = invocation.details()["receive_progress"] == true;
    pair.callee
        .send(json!([YIELD, invocation.id(), {}, [2]]))
        .await;
    let said = pair.caller.answer(id).await?;
    let what = if is_told {
        ", but the callee is told of progress"
    } else {
        ""
    };
    told(
        said.is(RESULT) && !is_told,
        format!("{}{what}", said.text()),
    )
}

async fn late(router: &Router<'_>) -> Outcome {
    let mut pair = router.pair().await?;
    let (id, invocation) = pair
        .invoke(json!({"receive_progress": true}), json!([]))
        .await?;
    pair.callee
        .send(json!([YIELD, invocation.id(), {}, [2]]))
        .await;
    pair.caller.answer(id).await?;
    pair.callee
        .send(json!([YIELD, invocation.id(), {"progress": true}, [3]]))
        .await;
    pair.callee
        .send(json!([
            8,
            INVOCATION,
            invocation.id(),
            {},
            "wamp.error.runtime_error"
        ]))
        .await;
    let more = pair.caller.more().await;
    let callee = pair.callee.more().await;
    let mut notes = Notes::default();
    let is_right = more.is_none();
    notes.note(
        is_right,
        format!(
            "the caller: {}",
            more.unwrap_or_else(|| "nothing".to_owned())
        ),
    );
    // Who is late need not be told, and may be thrown out.
    notes.note(
        true,
        format!(
            "the callee: {}",
            callee.unwrap_or_else(|| "nothing".to_owned())
        ),
    );
    notes.outcome()
}
