//! What comes back: results, errors, and what they mean.

use std::error::Error as _;
use std::time::Duration;

use serde_json::{Value, json};
use xerus_rpc::wamp::ErrorArguments;
use xerus_rpc::{Error, ErrorKind, Json, Outcome};

use crate::router::{BONDY, CROSSBAR, Peer, Router, call, done};

/// What becomes of a call that is answered with this message, in which 0 stands for its id.
async fn answered(features: &[&str], answer: Value) -> Result<Json, Error> {
    let router = Router::start().await;
    let wamp = router.client().build().unwrap();
    let waiting = call(&wamp.agent(), "com.example.thing", "{}");
    let mut peer: Peer = router.session(features).await;
    let message = peer.takes(48).await;
    let id = message[1].clone();
    let mut answer = answer;
    let place = if answer[0] == 8 { 2 } else { 1 };
    answer[place] = id;
    peer.send(answer).await;
    done(waiting).await
}

#[tokio::test]
async fn w10_a_callee_that_leaves_is_a_lost_call_and_nobody_cancelled_it() {
    for (features, uri, args) in [
        (
            CROSSBAR,
            "wamp.error.canceled",
            json!(["callee disconnected from in-flight request"]),
        ),
        (BONDY, "wamp.error.no_eligible_callee", json!([])),
        (BONDY, "wamp.error.network_failure", json!(["gone"])),
    ] {
        let told = answered(features, json!([8, 48, 0, {}, uri, args])).await;
        let error = told.unwrap_err();
        assert!(
            matches!(error.kind(), ErrorKind::ConnectionLost),
            "{error:?}"
        );
        assert_eq!(error.outcome(), Outcome::Unknown);
        assert!(error.source().unwrap().to_string().contains(uri));
    }
}

#[tokio::test]
async fn w14_an_error_that_names_the_cancel_ends_the_call() {
    let told = answered(
        BONDY,
        json!([8, 49, 0, {}, "wamp.error.runtime_error", ["x"]]),
    )
    .await;
    assert_eq!(told.unwrap_err().code(), "Rpc");
}

#[tokio::test]
async fn w17_both_ways_to_say_that_the_time_is_over_are_timeouts() {
    for (features, uri, args) in [
        (CROSSBAR, "wamp.error.canceled", json!(["timeout reached"])),
        (BONDY, "wamp.error.timeout", json!([{"timeout": 100}])),
    ] {
        let told = answered(features, json!([8, 48, 0, {"procedure": "x"}, uri, args])).await;
        let error = told.unwrap_err();
        assert!(matches!(error.kind(), ErrorKind::Timeout(_)), "{error:?}");
        assert_eq!(error.outcome(), Outcome::Unknown);
    }
}

#[tokio::test]
async fn errors_of_routers_and_of_applications_say_what_they_mean() {
    for uri in [
        "wamp.error.no_such_procedure",
        "wamp.error.invalid_argument",
        "wamp.error.not_authorized",
        "crossbar.error.max_concurrency_reached",
        "wamp.error.runtime_error",
        "com.example.error.no_such_user",
    ] {
        let told = answered(
            CROSSBAR,
            json!([8, 48, 0, {}, uri, ["why", 7], {"code": 404}]),
        )
        .await;
        let error = told.unwrap_err();
        let rpc = error.as_rpc().expect("an answer");
        assert_eq!((rpc.code.text(), &*rpc.message), (Some(uri), "why"));
        // A callee may pass it on from a call of its own, with half of the work done.
        assert_eq!(error.outcome(), Outcome::Unknown, "{uri}");
        assert!(!error.is_retryable(), "{uri}");
        let arguments = ErrorArguments::of(&error).unwrap();
        assert_eq!(arguments.args()[1].get(), "7");
        assert_eq!(arguments.argument::<i32>(0, "code").unwrap(), 404);
    }
}

#[tokio::test]
async fn only_words_of_the_dealer_about_this_call_say_that_it_was_not_begun() {
    let none = "wamp.error.no_such_procedure";
    for (features, words) in [
        (CROSSBAR, "no callee registered for procedure <{}>"),
        (
            BONDY,
            "There are no registered procedures matching the uri '{}'.",
        ),
    ] {
        let words = |procedure| words.replace("{}", procedure);
        for (details, procedure, outcome) in [
            (json!({}), "com.example.thing", Outcome::NotExecuted),
            (
                json!({"callee": null}),
                "com.example.thing",
                Outcome::NotExecuted,
            ),
            // What a callee got for a call of its own.
            (json!({}), "com.example.other", Outcome::Unknown),
            (json!({"callee": 77}), "com.example.thing", Outcome::Unknown),
        ] {
            let answer = json!([8, 48, 0, details, none, [words(procedure)]]);
            let error = answered(features, answer).await.unwrap_err();
            assert!(error.is_method_not_found(), "{error:?}");
            assert_eq!(error.outcome(), outcome, "{details} {procedure}");
            let says_so = error.to_string().contains("may have executed the call");
            assert_eq!(says_so, outcome == Outcome::Unknown, "{error}");
        }
    }
}

#[tokio::test]
async fn a_callee_that_has_not_begun_says_of_which_call() {
    for (uri, named) in [
        ("wamp.error.unavailable", "com.example.thing"),
        ("wamp.error.unavailable", "com.example.other"),
        ("wamp.error.invalid_argument", "com.example.thing"),
        ("wamp.error.invalid_argument", "com.example.other"),
        ("wamp.error.no_such_registration", "com.example.thing"),
        ("wamp.error.no_such_registration", "com.example.other"),
    ] {
        let said = json!({"executed": false, "procedure": named});
        let told = answered(CROSSBAR, json!([8, 48, 0, {}, uri, ["why"], said])).await;
        let error = told.unwrap_err();
        let is_ours = named == "com.example.thing";
        assert_eq!(!error.may_have_executed(), is_ours, "{uri} {named}");
        let may_pass = uri == "wamp.error.unavailable";
        assert_eq!(error.is_retryable(), may_pass && is_ours, "{uri} {named}");
    }
    // What callees of older versions say, which may be passed on.
    let said = json!({"executed": false});
    let answer = json!([8, 48, 0, {}, "wamp.error.unavailable", ["why"], said]);
    let error = answered(CROSSBAR, answer).await.unwrap_err();
    assert_eq!(error.outcome(), Outcome::Unknown);
}

#[tokio::test]
async fn w38_a_meta_procedure_that_is_not_there_is_an_error_of_the_router() {
    let told = answered(BONDY, json!([8, 48, 0, {}, "bondy.error.not_implemented"])).await;
    let error = told.unwrap_err();
    assert_eq!(
        error.as_rpc().unwrap().code.text(),
        Some("bondy.error.not_implemented")
    );
}

#[tokio::test]
async fn results_without_bindings_come_as_they_are() {
    for (tail, seen) in [
        (json!([]), "null"),
        (json!([[5.0]]), "5.0"),
        (json!([[1, "a"]]), r#"[1,"a"]"#),
        (json!([[], {"k": 1}]), r#"{"k":1}"#),
        (json!([[1], {"k": 1}]), r#"{"args":[1],"kwargs":{"k":1}}"#),
        (json!([[[]]]), "[]"),
    ] {
        let mut answer = json!([50, 0, {}]);
        answer
            .as_array_mut()
            .unwrap()
            .extend(tail.as_array().unwrap().iter().cloned());
        assert_eq!(answered(CROSSBAR, answer).await.unwrap().get(), seen);
    }
}

#[tokio::test]
async fn w34_members_behind_those_that_are_known_are_left_out() {
    let told = answered(
        CROSSBAR,
        json!([50, 0, {"new": [1]}, [5], {}, "more", {"and": "more"}]),
    )
    .await;
    assert_eq!(told.unwrap().get(), "5");
}

#[tokio::test]
async fn who_answered_is_told_beside_the_result() {
    let router = Router::start().await;
    let wamp = router.client().build().unwrap();
    let asked = wamp
        .agent()
        .call("", "com.example.thing", "{}".parse().unwrap());
    let waiting = tokio::spawn(asked.with_meta());
    let mut peer = router.session(CROSSBAR).await;
    let message = peer.takes(48).await;
    let details = json!({"callee": 77, "callee_authid": "kim", "callee_authrole": "operator"});
    peer.send(json!([50, message[1], details, [5], {"unit": "A"}]))
        .await;
    let (_, meta) = waiting.await.unwrap().unwrap();
    assert_eq!(meta.peer.as_deref(), Some("kim"));
    assert_eq!(meta.attribute("wamp.callee"), Some("77"));
    assert_eq!(meta.attribute("wamp.callee_authrole"), Some("operator"));
    assert_eq!(meta.attribute("wamp.kwargs"), Some(r#"{"unit":"A"}"#));
    assert!(
        meta.elapsed
            .is_some_and(|time| time < Duration::from_secs(20))
    );
}

#[tokio::test]
async fn an_answer_larger_than_the_agent_takes_ends_that_call_only() {
    let router = Router::start().await;
    let wamp = router.client().build().unwrap();
    let mut settings = xerus_rpc::Settings::default();
    settings.max_response_bytes = 100;
    let agent = xerus_rpc::Agent::with_settings(std::sync::Arc::new(wamp.clone()), settings);
    let large = call(&agent, "com.example.large", "{}");
    let mut peer = router.session(CROSSBAR).await;
    let message = peer.takes(48).await;
    peer.result(&message, json!(["x".repeat(1000)])).await;
    let error = done(large).await.unwrap_err();
    assert_eq!(
        (error.code(), error.outcome()),
        ("ResponseTooLarge", Outcome::Executed)
    );
    let small = call(&agent, "com.example.small", "{}");
    let message = peer.takes(48).await;
    peer.result(&message, json!(["x"])).await;
    assert!(done(small).await.is_ok());
}
