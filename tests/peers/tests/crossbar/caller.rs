//! Our caller: 40 checks for each way to authenticate, with each serializer.

use std::collections::BTreeMap;
use std::time::{Duration, Instant};

use futures_util::future::join_all;
use serde_json::{Value, json};
use xerus_rpc::wamp::{ErrorArguments, Joined, Wamp};
use xerus_rpc::{Agent, Error, ErrorKind, Object, Outcome};

use crate::api::headings::Procedures;
use crate::router::{Router, SERIALIZERS, is_installed, users};

/// Counts what was checked, so that no check is left out in silence.
#[derive(Default)]
struct Checks(u32);

impl Checks {
    #[track_caller]
    fn that(&mut self, holds: bool, seen: impl std::fmt::Debug) {
        assert!(holds, "check {}: {seen:?}", self.0 + 1);
        self.0 += 1;
    }
}

async fn call(agent: &Agent, procedure: &str, params: Value) -> Result<Value, Error> {
    let params = params.to_string().parse().unwrap();
    let result = agent.call("", procedure, params).await?;
    Ok(serde_json::from_str(result.get()).unwrap())
}

fn uri(error: &Error) -> &str {
    error
        .as_rpc()
        .and_then(|told| told.code.text())
        .unwrap_or("")
}

async fn calls(checks: &mut Checks, agent: &Agent, procedures: &Procedures) {
    // The callee answers 5.0.
    let sum = procedures.add(2, 3).await;
    checks.that(matches!(sum, Ok(5)), sum);
    let sum = call(agent, "com.example.add", json!({"x": 2, "y": 3})).await;
    checks.that(matches!(&sum, Ok(sum) if *sum == json!(5.0)), sum);

    let echo = |layout: &'static str, params: Value| {
        let params = params.to_string().parse().unwrap();
        agent
            .call("", "com.example.echo", params)
            .attribute("wamp.layout", layout)
            .attribute("wamp.results", "whole")
    };
    let told = echo(
        "mixed 3",
        json!({"a": 1, "b": null, "c": "x", "k": {"a": [true]}}),
    );
    let told: Value = serde_json::from_str(told.await.unwrap().get()).unwrap();
    checks.that(
        told == json!({"args": [1, null, "x"], "kwargs": {"k": {"a": [true]}}}),
        told,
    );
    let told = echo("name", json!({"k": "ü\n\u{1F600}"})).await.unwrap();
    let told: Value = serde_json::from_str(told.get()).unwrap();
    checks.that(
        told == json!({"args": [], "kwargs": {"k": "ü\n\u{1F600}"}}),
        told,
    );
    let exact =
        r#"{"args":[9007199254740993,-9223372036854775808,18446744073709551615,0.1],"kwargs":{}}"#;
    let numbers =
        r#"{"a":9007199254740993,"b":-9223372036854775808,"c":18446744073709551615,"d":0.1}"#;
    let told = agent
        .call("", "com.example.echo", numbers.parse().unwrap())
        .attribute("wamp.results", "whole")
        .await;
    let told = told.unwrap().get().replace(", ", ",").replace(": ", ":");
    checks.that(told == exact, told);
    let nothing = call(agent, "com.example.echo", json!({})).await;
    checks.that(matches!(nothing, Ok(Value::Null)), nothing);
    let one = call(agent, "com.example.echo", json!({"a": [1]})).await;
    checks.that(matches!(&one, Ok(one) if *one == json!([1])), one);

    let many = join_all((0..2000).map(|number| procedures.add(number, 1).send())).await;
    let right = many
        .iter()
        .zip(1..)
        .all(|(sum, right)| matches!(sum, Ok(sum) if *sum == right));
    checks.that(right, "2000 calls at a time");
}

async fn errors(checks: &mut Checks, agent: &Agent, procedures: &Procedures) {
    let error = procedures.find_user(7).await.unwrap_err();
    let told = error.as_rpc().unwrap();
    checks.that(told.name == Some("NoSuchUser"), told);
    checks.that(told.message == "no user", told);
    checks.that(error.outcome() == Outcome::Unknown, error.outcome());
    let arguments = ErrorArguments::of(&error).unwrap();
    checks.that(arguments.argument::<i32>(1, "id").unwrap() == 7, &arguments);
    checks.that(
        arguments.argument::<i32>(9, "code").unwrap() == 404,
        &arguments,
    );

    let error = procedures.fall_over().await.unwrap_err();
    checks.that(uri(&error) == "wamp.error.runtime_error", &error);
    checks.that(error.to_string().contains("as the test wants"), &error);
    for params in [json!({"x": 1}), json!({"x": "one", "y": 2})] {
        let error = call(agent, "com.example.add", params).await.unwrap_err();
        checks.that(uri(&error) == "wamp.error.runtime_error", &error);
    }
    let error = procedures.nobody().await.unwrap_err();
    checks.that(error.is_method_not_found(), &error);
    checks.that(error.outcome() == Outcome::NotExecuted, error.outcome());
    let error = call(agent, "com.example a", json!({})).await.unwrap_err();
    checks.that(error.code() == "Config.Unsupported", &error);
    let sum = procedures.add(1, 1).await;
    checks.that(matches!(sum, Ok(2)), sum);
}

async fn times(checks: &mut Checks, wamp: &Wamp, procedures: &Procedures) {
    let start = Instant::now();
    let late = procedures
        .sleep(5000)
        .timeout(Duration::from_millis(200))
        .await;
    let error = late.unwrap_err();
    checks.that(matches!(error.kind(), ErrorKind::Timeout(_)), &error);
    checks.that(error.outcome() == Outcome::Unknown, &error);
    checks.that(start.elapsed() < Duration::from_secs(2), start.elapsed());
    // The time that Crossbar would take for seconds is not announced, so it does not end the call early.
    let slow = procedures
        .sleep(1500)
        .timeout(Duration::from_secs(10))
        .await;
    checks.that(matches!(slow, Ok(1500)), slow);
    checks.that(wamp.status().waiting == 0, wamp.status());
}

async fn identity(checks: &mut Checks, joined: &Joined, agent: &Agent, procedures: &Procedures) {
    let who = call(agent, "com.example.who", json!({})).await.unwrap();
    let expected = json!([
        joined.session,
        joined.authid,
        joined.authrole,
        "com.example.who"
    ]);
    checks.that(who[0] == expected[0] && who[1] == expected[1], &who);
    checks.that(who[2] == expected[2], &who);
    let (_, meta) = procedures.add(1, 2).with_meta().await.unwrap();
    checks.that(meta.peer.is_some(), &meta);
    checks.that(meta.attribute("wamp.callee").is_some(), &meta);
    checks.that(
        meta.attribute("wamp.callee_authrole") == Some("anonymous"),
        &meta,
    );
}

async fn progress(checks: &mut Checks, procedures: &Procedures) {
    let mut stream = procedures.count(5, 10).stream();
    let mut seen = Vec::new();
    while let Some(number) = stream.next().await {
        seen.push(number.unwrap());
    }
    checks.that(seen == [0, 1, 2, 3, 4], &seen);
    let last = stream.finish().await;
    checks.that(matches!(last, Ok(5)), last);
    let last = procedures.count(3, 0).await;
    checks.that(matches!(last, Ok(3)), last);
}

async fn places(checks: &mut Checks, agent: &Agent) {
    for (procedure, kind) in [
        ("docs.read", "exact"),
        ("docs.write", "prefix"),
        ("docsystem", "prefix"),
        ("docs.old.x", "longer"),
        ("disk.status", "wildcard"),
    ] {
        let told = call(agent, &format!("com.example.{procedure}"), json!({})).await;
        checks.that(
            matches!(&told, Ok(told) if told[0] == kind),
            (procedure, told),
        );
    }
}

async fn shared(checks: &mut Checks, agent: &Agent) {
    for policy in ["roundrobin", "first", "last"] {
        let mut seen = BTreeMap::new();
        for _ in 0..10 {
            let procedure = format!("com.example.shared.{policy}");
            let name = call(agent, &procedure, json!({})).await;
            *seen.entry(name.unwrap().to_string()).or_insert(0) += 1;
        }
        let (a, b) = ("\"A\"".to_owned(), "\"B\"".to_owned());
        let right = match policy {
            "roundrobin" => seen == BTreeMap::from([(a, 5), (b, 5)]),
            "first" => seen == BTreeMap::from([(a, 10)]),
            _ => seen == BTreeMap::from([(b, 10)]),
        };
        checks.that(right, (policy, seen));
    }
    let three = (0..3).map(|_| call(agent, "com.example.two_at_once", json!({"ms": 300})));
    let three = join_all(three).await;
    let busy: Vec<_> = three
        .iter()
        .filter_map(|told| told.as_ref().err())
        .collect();
    checks.that(
        busy.len() == 1 && uri(busy[0]) == "crossbar.error.max_concurrency_reached",
        &busy,
    );
    checks.that(
        // It names no procedure, so that it may be that of another call.
        busy[0].outcome() == Outcome::Unknown && !busy[0].is_retryable(),
        &busy,
    );
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn every_heading_with_each_way_to_authenticate_and_each_serializer() {
    if !is_installed() {
        return;
    }
    let router = Router::start().await;
    let _a = router.callee("A", &[]).await;
    let _b = router.callee("B", &["shared", "msgpack"]).await;
    for serializer in SERIALIZERS {
        for (method, auth) in users() {
            let shown = format!("{serializer:?}, {auth:?}");
            let wamp = router.client().auth(auth.clone()).serializer(serializer);
            let wamp = wamp.build().unwrap();
            let joined = wamp.join().await.expect(&shown);
            let agent = wamp.agent();
            let procedures: Procedures = Object::at(&agent, "").assume();
            let mut checks = Checks::default();
            checks.that(joined.authmethod.as_deref() == Some(method), &joined);
            if let Some(authid) = auth.authid() {
                assert_eq!(joined.authid.as_deref(), Some(authid));
                assert_eq!(joined.authrole.as_deref(), Some("operator"));
            }
            calls(&mut checks, &agent, &procedures).await;
            errors(&mut checks, &agent, &procedures).await;
            times(&mut checks, &wamp, &procedures).await;
            identity(&mut checks, &joined, &agent, &procedures).await;
            progress(&mut checks, &procedures).await;
            places(&mut checks, &agent).await;
            shared(&mut checks, &agent).await;
            assert!(checks.0 >= 40, "{shown}: {} checks", checks.0);
            wamp.leave().await;
            assert_eq!(wamp.status().session, None);
        }
    }
}
