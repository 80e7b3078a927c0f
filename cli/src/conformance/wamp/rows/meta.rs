//! What the router tells of registrations.

use serde_json::{Value, json};

use super::rows;
use crate::conformance::wamp::Router;
use crate::conformance::wamp::message::{
    EVENT, RESULT, SUBSCRIBED, Said, UNREGISTER, UNREGISTERED,
};
use crate::conformance::wamp::pair::Pair;
use crate::conformance::wamp::session::Session;
use crate::conformance::{Notes, Otherwise, Outcome, cannot, not_tried, told};

const FEATURE: &str = "registration_meta_api";
const TOPICS: [&str; 4] = ["on_create", "on_register", "on_unregister", "on_delete"];

rows! { ROWS:
    "meta", "lookup of a procedure that is registered", "its id", |router| ours(router, "lookup");
    "meta", "match of a procedure that is registered", "its id", |router| ours(router, "match");
    "meta", "lookup of a procedure that is not registered", "null", |router| absent(router, "lookup");
    "meta", "match of a procedure that is not registered", "null", |router| absent(router, "match");
    "meta", "list", "lists exact, prefix and wildcard, with the id", list;
    "meta", "get of a registration", "its URI, with match and invoke", get;
    "meta", "get of an id that there is not", "ERROR wamp.error.no_such_registration", |router| unknown(router, "get");
    "W38", "list_callees", "the session of the callee", |router| callees(router, "list_callees");
    "W38", "count_callees", "1", |router| callees(router, "count_callees");
    "W38", "count_callees of an id that there is not", "ERROR wamp.error.no_such_registration", |router| unknown(router, "count_callees");
    "meta", "events of a registration that comes and goes", "on_create, on_register, on_unregister, on_delete with the session", events;
    "W37", "events of a registration whose session is leaving", "on_unregister and on_delete, the session or null", leaving;
}

/// Calls a procedure of the router.
async fn asked(
    router: &Router<'_>,
    session: &mut Session,
    name: &str,
    args: Value,
) -> Result<Said, Otherwise> {
    let uri = format!("wamp.registration.{name}");
    let id = session.call(json!({}), &uri, args).await;
    let said = session.answer(id).await?;
    if said.is_denied() {
        return Err(not_tried(format!("this user may not ask: {}", said.text())));
    }
    if said.is_error("wamp.error.no_such_procedure") {
        let seen = said.text();
        return Err(match router.announces(FEATURE) {
            true => seen.into(),
            false => cannot(format!("{seen}; {FEATURE} is not announced")),
        });
    }
    Ok(said)
}

async fn ours(router: &Router<'_>, name: &str) -> Outcome {
    let mut pair = router.pair().await?;
    let args = json!([pair.uri]);
    let said = asked(router, &mut pair.caller, name, args).await?;
    let is_right = said.is(RESULT) && *said.args() == json!([pair.registration]);
    told(
        is_right,
        if is_right {
            "its id".to_owned()
        } else {
            with_result(&said)
        },
    )
}

/// A result with its arguments, where they are the same from run to run.
fn with_result(said: &Said) -> String {
    match said.args() {
        args if said.is(RESULT) => crate::conformance::short(&format!("RESULT {args}")),
        _ => said.text(),
    }
}

async fn absent(router: &Router<'_>, name: &str) -> Outcome {
    let mut session = router.join().await?;
    let args = json!([router.uri("nobody")]);
    let said = asked(router, &mut session, name, args).await?;
    let is_null = said.is(RESULT) && said.args()[0].is_null();
    told(
        is_null,
        if is_null {
            "null".to_owned()
        } else {
            with_result(&said)
        },
    )
}

async fn list(router: &Router<'_>) -> Outcome {
    let mut pair = router.pair().await?;
    let said = asked(router, &mut pair.caller, "list", json!([])).await?;
    let lists = &said.args()[0];
    let are_lists = ["exact", "prefix", "wildcard"]
        .iter()
        .all(|name| lists[name].is_array());
    let has_id = lists["exact"]
        .as_array()
        .is_some_and(|ids| ids.contains(&json!(pair.registration)));
    let seen = match (said.is(RESULT), are_lists, has_id) {
        (false, ..) => said.text(),
        (_, true, true) => "three lists, with the id".to_owned(),
        (_, true, false) => "three lists, without the id".to_owned(),
        _ => "a RESULT that is not three lists".to_owned(),
    };
    told(are_lists && has_id, seen)
}

async fn get(router: &Router<'_>) -> Outcome {
    let mut pair = router.pair().await?;
    let args = json!([pair.registration]);
    let said = asked(router, &mut pair.caller, "get", args).await?;
    let found = &said.args()[0];
    let is_ours = found["uri"] == json!(pair.uri);
    let is_right = is_ours && found["match"] == "exact" && found["invoke"] == "single";
    let seen = match (is_right, is_ours) {
        (true, _) => "its URI, exact, single".to_owned(),
        (_, true) => "its URI, without match or invoke".to_owned(),
        _ => said.text(),
    };
    told(is_right, seen)
}

/// An id of nobody: one that was a registration, or where this user has none, the last that there can be.
async fn no_registration(router: &Router<'_>, session: &mut Session) -> Result<u64, Otherwise> {
    if router.may_register().is_err() {
        return Ok(1 << 53);
    }
    let uri = router.uri("unregistered");
    let registration = router.registered(session, json!({}), &uri).await?;
    let request = session.request();
    session
        .send(json!([UNREGISTER, request, registration]))
        .await;
    let said = session.answer(request).await?;
    match said.is(UNREGISTERED) {
        true => Ok(registration),
        false => Err(format!("unregistering: {}", said.text()).into()),
    }
}

async fn unknown(router: &Router<'_>, name: &str) -> Outcome {
    let mut session = router.join().await?;
    let id = no_registration(router, &mut session).await?;
    let said = asked(router, &mut session, name, json!([id])).await?;
    told(
        said.is_error("wamp.error.no_such_registration"),
        with_result(&said),
    )
}

async fn callees(router: &Router<'_>, name: &str) -> Outcome {
    let mut pair = router.pair().await?;
    let args = json!([pair.registration]);
    let said = asked(router, &mut pair.caller, name, args).await?;
    let (is_right, what) = match name {
        "list_callees" => (said.args()[0] == json!([pair.callee.id]), "its session"),
        _ => (said.args()[0] == 1, "1"),
    };
    if said.is(RESULT) {
        return told(
            is_right,
            if is_right {
                what.to_owned()
            } else {
                with_result(&said)
            },
        );
    }
    // One that says that it does not do this is a router that need not.
    match router.announces(FEATURE) {
        true => Err(said.text().into()),
        false => Err(cannot(format!(
            "{}; {FEATURE} is not announced",
            said.text()
        ))),
    }
}

/// A registration, and a session that is told of what becomes of it.
async fn watched(router: &Router<'_>) -> Result<(Pair, Vec<(u64, &'static str)>), Otherwise> {
    router.may_register()?;
    let (mut caller, mut callee) = (router.join().await?, router.join().await?);
    let mut topics = Vec::new();
    for topic in TOPICS {
        let said = caller
            .subscribe(&format!("wamp.registration.{topic}"))
            .await?;
        if !said.is(SUBSCRIBED) {
            return Err(not_tried(format!(
                "this user may not subscribe: {}",
                said.text()
            )));
        }
        topics.push((said.at(2).as_u64().unwrap_or(0), topic));
    }
    let uri = router.uri("watched");
    let registration = router.registered(&mut callee, json!({}), &uri).await?;
    Ok((
        Pair {
            caller,
            callee,
            uri,
            registration,
        },
        topics,
    ))
}

/// The events of the registration until one of this topic, with whose session they are about.
async fn told_of(
    pair: &mut Pair,
    topics: &[(u64, &'static str)],
    last: &str,
) -> Vec<(&'static str, &'static str)> {
    let registration = json!(pair.registration);
    let mut seen = Vec::new();
    while seen.last().is_none_or(|(topic, _)| *topic != last) {
        let is_ours = |said: &Said| {
            let args = said.args();
            said.is(EVENT) && (args[1] == registration || args[1]["id"] == registration)
        };
        let Ok(event) = pair.caller.wait(is_ours).await else {
            break;
        };
        let topic = topics.iter().find(|(id, _)| event.at(1) == &json!(id));
        let session = match &event.args()[0] {
            session if *session == json!(pair.callee.id) => "the session",
            Value::Null => "null",
            _ => "another",
        };
        seen.push((topic.map_or("another", |(_, topic)| *topic), session));
    }
    seen
}

fn none(router: &Router<'_>) -> Outcome {
    match router.announces(FEATURE) {
        true => Err("nothing".to_owned().into()),
        false => Err(cannot(format!("nothing; {FEATURE} is not announced"))),
    }
}

fn shown(seen: &[(&str, &str)]) -> String {
    let shown: Vec<_> = seen
        .iter()
        .map(|(topic, session)| format!("{topic} with {session}"))
        .collect();
    shown.join(", ")
}

async fn events(router: &Router<'_>) -> Outcome {
    let (mut pair, topics) = watched(router).await?;
    let request = pair.callee.request();
    pair.callee
        .send(json!([UNREGISTER, request, pair.registration]))
        .await;
    let seen = told_of(&mut pair, &topics, "on_delete").await;
    if seen.is_empty() {
        return none(router);
    }
    let is_right = seen.iter().map(|(topic, _)| *topic).eq(TOPICS);
    told(
        is_right && seen.iter().all(|(_, session)| *session == "the session"),
        shown(&seen),
    )
}

async fn leaving(router: &Router<'_>) -> Outcome {
    let (mut pair, topics) = watched(router).await?;
    if told_of(&mut pair, &topics, "on_register").await.is_empty() {
        return none(router);
    }
    pair.callee.leave().await;
    let seen = told_of(&mut pair, &topics, "on_delete").await;
    let mut notes = Notes::default();
    let topics_seen = seen.iter().map(|(topic, _)| *topic);
    let is_right = topics_seen.eq(["on_unregister", "on_delete"]);
    let is_known = seen.iter().all(|(_, session)| *session != "another");
    notes.note(
        is_right && is_known,
        if seen.is_empty() {
            "nothing".to_owned()
        } else {
            shown(&seen)
        },
    );
    notes.outcome()
}
