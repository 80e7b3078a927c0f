//! Registrations: refused, shared, by pattern, taken back.

use serde_json::json;

use super::rows;
use crate::conformance::wamp::Router;
use crate::conformance::wamp::message::{
    INVOCATION, REGISTERED, RESULT, UNREGISTER, UNREGISTERED, YIELD,
};
use crate::conformance::{Notes, Outcome, told};

const EXISTS: &str = "wamp.error.procedure_already_exists";
const POLICY: &str = "wamp.error.procedure_exists_with_different_invocation_policy";
const GONE: &str = "wamp.error.no_such_registration";

rows! { ROWS:
    "W27", "the same procedure registered again by the same session", "ERROR wamp.error.procedure_already_exists", |router| again(router, true);
    "W27", "the same procedure registered by another session", "ERROR wamp.error.procedure_already_exists", |router| again(router, false);
    "W27", "a shared procedure registered with another policy", "ERROR wamp.error.procedure_exists_with_different_invocation_policy", other_policy;
    "register", "a procedure shared by two with roundrobin, called four times", "each callee in turn", in_turn;
    "register", "match prefix", "an INVOCATION that names the procedure", |router| pattern(router, "prefix");
    "register", "match wildcard", "an INVOCATION that names the procedure", |router| pattern(router, "wildcard");
    "register", "a procedure registered exactly, by a shorter and a longer prefix", "the exact one, then the longer prefix", precedence;
    "W26", "force_reregister by another session", "REGISTERED, and UNREGISTERED with request 0 to the first one", revoked;
    "register", "UNREGISTER", "UNREGISTERED, and calls find no procedure", unregistered;
    "register", "UNREGISTER once more, and by another session", "ERROR wamp.error.no_such_registration", not_registered;
    "W23", "a call while its callee unregisters", "one end: RESULT or ERROR", race;
}

async fn again(router: &Router<'_>, is_same: bool) -> Outcome {
    let mut pair = router.pair().await?;
    let session = if is_same {
        &mut pair.callee
    } else {
        &mut pair.caller
    };
    let said = session.register(json!({}), &pair.uri).await?;
    told(said.is_error(EXISTS), said.text())
}

async fn other_policy(router: &Router<'_>) -> Outcome {
    let (mut first, mut second) = (router.join().await?, router.join().await?);
    let uri = router.uri("shared");
    let outcome = async {
        router
            .registered(&mut first, json!({"invoke": "roundrobin"}), &uri)
            .await?;
        let said = second.register(json!({"invoke": "last"}), &uri).await?;
        told(said.is_error(POLICY), said.text())
    };
    router.if_announced("shared_registration", outcome.await)
}

async fn in_turn(router: &Router<'_>) -> Outcome {
    let outcome = turns(router).await;
    router.if_announced("shared_registration", outcome)
}

async fn turns(router: &Router<'_>) -> Outcome {
    let (mut caller, mut first, mut second) = (
        router.join().await?,
        router.join().await?,
        router.join().await?,
    );
    let uri = router.uri("shared");
    for callee in [&mut first, &mut second] {
        router
            .registered(callee, json!({"invoke": "roundrobin"}), &uri)
            .await?;
    }
    let mut order = String::new();
    for _ in 0..4 {
        let id = caller.call(json!({}), &uri, json!([])).await;
        let (who, callee, invocation) = tokio::select! {
            invocation = first.next(INVOCATION) => ("1", &mut first, invocation),
            invocation = second.next(INVOCATION) => ("2", &mut second, invocation),
        };
        order.push_str(who);
        callee.send(json!([YIELD, invocation?.id(), {}])).await;
        caller.answer(id).await?;
    }
    let is_right = ["1212", "2121"].contains(&order.as_str());
    // Which one begins is no difference.
    let seen = if is_right {
        "in turn".to_owned()
    } else {
        format!("callees {order}")
    };
    told(is_right, seen)
}

async fn pattern(router: &Router<'_>, matching: &'static str) -> Outcome {
    let outcome = matched(router, matching).await;
    router.if_announced("pattern_based_registration", outcome)
}

async fn matched(router: &Router<'_>, matching: &'static str) -> Outcome {
    router.may_register()?;
    let (mut caller, mut callee) = (router.join().await?, router.join().await?);
    let base = router.uri("files");
    let (registered, called) = match matching {
        "prefix" => (base.clone(), format!("{base}.a.b")),
        _ => (format!("{base}..end"), format!("{base}.any.end")),
    };
    router
        .registered(&mut callee, json!({"match": matching}), &registered)
        .await?;
    let id = caller.call(json!({}), &called, json!([])).await;
    let invocation = tokio::select! {
        invocation = callee.next(INVOCATION) => invocation?,
        said = caller.answer(id) => return Err(said?.text().into()),
    };
    let named = invocation.details()["procedure"].as_str();
    let seen = match named {
        Some(name) if name == called => "INVOCATION with the procedure",
        Some(_) => "INVOCATION with another procedure",
        None => "INVOCATION without a procedure",
    };
    told(named == Some(&called), seen)
}

async fn precedence(router: &Router<'_>) -> Outcome {
    let outcome = preceding(router).await;
    router.if_announced("pattern_based_registration", outcome)
}

async fn preceding(router: &Router<'_>) -> Outcome {
    router.may_register()?;
    let (mut caller, mut callee) = (router.join().await?, router.join().await?);
    let base = router.uri("files");
    let (longer, exact) = (format!("{base}.a"), format!("{base}.a.b"));
    let short = router
        .registered(&mut callee, json!({"match": "prefix"}), &base)
        .await?;
    let long = router
        .registered(&mut callee, json!({"match": "prefix"}), &longer)
        .await?;
    let one = router.registered(&mut callee, json!({}), &exact).await?;
    let mut seen = Vec::new();
    for uri in [exact, format!("{longer}.c"), format!("{base}.d")] {
        caller.call(json!({}), &uri, json!([])).await;
        let by = callee.next(INVOCATION).await?.at(2).as_u64();
        let names = [
            (one, "exact"),
            (long, "longer prefix"),
            (short, "shorter prefix"),
        ];
        let name = names.iter().find(|(id, _)| by == Some(*id));
        seen.push(name.map_or("another", |(_, name)| *name));
    }
    told(
        seen == ["exact", "longer prefix", "shorter prefix"],
        seen.join(", "),
    )
}

async fn revoked(router: &Router<'_>) -> Outcome {
    let outcome = revocation(router).await;
    router.if_announced("registration_revocation", outcome)
}

async fn revocation(router: &Router<'_>) -> Outcome {
    let mut pair = router.pair().await?;
    let mut notes = Notes::default();
    let options = json!({"force_reregister": true});
    let said = pair.caller.register(options, &pair.uri).await?;
    notes.note(said.is(REGISTERED), said.text());
    if said.is(REGISTERED) {
        let said = pair.callee.next(UNREGISTERED).await;
        let said =
            said.map_err(|seen| format!("REGISTERED, and the first one was told: {seen}"))?;
        let is_right = said.id() == 0 && said.at(2)["registration"] == pair.registration;
        let which = if is_right {
            "of its registration"
        } else {
            "of nothing that is its own"
        };
        notes.note(is_right, format!("the first one was told {which}"));
    }
    notes.outcome()
}

async fn unregistered(router: &Router<'_>) -> Outcome {
    let mut pair = router.pair().await?;
    let mut notes = Notes::default();
    let request = pair.callee.request();
    pair.callee
        .send(json!([UNREGISTER, request, pair.registration]))
        .await;
    let said = pair.callee.answer(request).await?;
    notes.note(said.is(UNREGISTERED), said.text());
    let id = pair.caller.call(json!({}), &pair.uri, json!([])).await;
    let said = pair.caller.answer(id).await?;
    notes.note(said.is_error("wamp.error.no_such_procedure"), said.text());
    notes.outcome()
}

async fn not_registered(router: &Router<'_>) -> Outcome {
    let mut pair = router.pair().await?;
    let mut notes = Notes::default();
    let request = pair.caller.request();
    pair.caller
        .send(json!([UNREGISTER, request, pair.registration]))
        .await;
    let said = pair.caller.answer(request).await?;
    notes.note(said.is_error(GONE), format!("by another: {}", said.text()));
    for is_second in [false, true] {
        let request = pair.callee.request();
        pair.callee
            .send(json!([UNREGISTER, request, pair.registration]))
            .await;
        let said = pair.callee.answer(request).await?;
        if is_second {
            notes.note(said.is_error(GONE), format!("once more: {}", said.text()));
        }
    }
    notes.outcome()
}

async fn race(router: &Router<'_>) -> Outcome {
    let mut pair = router.pair().await?;
    let (id, invocation) = pair.invoke(json!({}), json!([])).await?;
    let request = pair.callee.request();
    pair.callee
        .send(json!([UNREGISTER, request, pair.registration]))
        .await;
    pair.callee.answer(request).await?;
    pair.callee.send(json!([YIELD, invocation.id(), {}])).await;
    let said = pair.caller.answer(id).await?;
    let more = pair.caller.more().await;
    let seen = [Some(said.text()), more.clone()];
    let seen: Vec<_> = seen.into_iter().flatten().collect();
    told(
        more.is_none() && (said.is(RESULT) || said.is(8)),
        seen.join(", then "),
    )
}
