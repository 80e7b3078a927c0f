//! What only the wire with sessions has.

use std::sync::atomic::Ordering;
use std::time::Duration;

use xerus_rpc::error::ErrorMeaning;
use xerus_rpc::{Agent, Credentials, Json, Outcome};
use xerus_wires_tests::api::bench::Scale;
use xerus_wires_tests::bench::{RID, reading, router};
use xerus_wires_tests::session::Door;

use crate::aids::{Bench, session, until, wrapped};

/// The wires that report and cancel, to another side that goes on by itself.
async fn with_sessions() -> Vec<Bench> {
    let mut all = crate::aids::all().await;
    let can = |bench: &Bench| bench.agent.capabilities().stream;
    let passes = |wire: &str| !wire.starts_with("memory") && !wire.contains("without progress");
    all.retain(|bench| can(bench) && passes(bench.wire));
    assert_eq!(all.len(), 5);
    all
}

fn bench() -> Bench {
    Bench::new("session", |router| {
        wrapped(session(&Door::new(router.clone(), &[])))
    })
}

#[tokio::test]
async fn reports_come_before_the_result() {
    for bench in crate::aids::all().await {
        if !bench.agent.capabilities().stream {
            continue;
        }
        let mut stream = bench.scale.weigh(5).stream();
        let mut reports = Vec::new();
        if bench.wire.contains("without progress") {
            let error = stream.next().await.unwrap().unwrap_err();
            assert_eq!(error.code(), "Config.Unsupported", "{error:?}");
            assert_eq!(bench.watched.begun.load(Ordering::SeqCst), 0);
            continue;
        }
        while let Some(report) = stream.next().await {
            reports.push(report.unwrap());
        }
        assert_eq!(
            reports,
            (0..5).map(reading).collect::<Vec<_>>(),
            "{}",
            bench.wire
        );
        assert_eq!(stream.finish().await.unwrap(), reading(5), "{}", bench.wire);
    }
}

#[tokio::test]
async fn a_slow_reader_loses_the_oldest_reports_and_nothing_else() {
    for bench in with_sessions().await {
        reads_slowly(&bench).await;
    }
}

async fn reads_slowly(bench: &Bench) {
    let mut stream = bench.scale.weigh(500).stream();
    assert_eq!(stream.next().await.unwrap().unwrap(), reading(0));
    // The wire goes on for others while nobody reads.
    for x in 0..50 {
        assert_eq!(bench.scale.add(x, 1).await.unwrap(), x + 1);
    }
    until(|| bench.watched.finished.load(Ordering::SeqCst) == 1).await;
    // What the other side said before its last word has come when an answer that was asked for later has.
    assert_eq!(bench.scale.add(0, 0).await.unwrap(), 0);
    let mut last = None;
    let mut count = 0;
    while let Some(report) = stream.next().await {
        last = Some(report.unwrap());
        count += 1;
    }
    assert_eq!(last, Some(reading(499)));
    assert!(count <= 64, "{count}");
    let (value, meta) = stream.finish_with_meta().await.unwrap();
    assert_eq!(value, reading(500));
    let dropped = meta.warnings.iter().any(|text| text.contains("dropped"));
    assert!(dropped, "{:?}", meta.warnings);
}

#[tokio::test]
async fn dropping_a_call_gives_it_up_on_the_other_side() {
    for (streaming, bench) in [true, false]
        .into_iter()
        .zip([with_sessions().await, with_sessions().await])
        .flat_map(|(streaming, all)| all.into_iter().map(move |bench| (streaming, bench)))
    {
        if streaming {
            let mut stream = bench.scale.weigh(-1).stream();
            let nothing = tokio::time::timeout(Duration::from_millis(20), stream.next());
            assert!(nothing.await.is_err());
            drop(stream);
        } else {
            let call = bench.scale.weigh(-1).without_progress().send();
            let nothing = tokio::time::timeout(Duration::from_millis(20), call);
            assert!(nothing.await.is_err());
        }
        let given_up = || bench.watched.given_up.load(Ordering::SeqCst);
        until(|| given_up() == 1).await;
        assert_eq!(given_up(), 1, "{streaming}");
        assert_eq!(bench.scale.add(1, 1).await.unwrap(), 2);
    }
}

#[tokio::test]
async fn the_deadline_goes_over_the_wire() {
    for bench in with_sessions().await {
        // The session is there, so that the time is that of the call.
        assert_eq!(bench.scale.add(1, 1).await.unwrap(), 2);
        let call = bench.scale.weigh(-1).timeout(Duration::from_millis(30));
        let mut stream = call.stream();
        let error = stream.next().await.unwrap().unwrap_err();
        assert_eq!(error.code(), "Timeout.FirstByte", "{}", bench.wire);
        assert_eq!(error.outcome(), Outcome::Unknown, "{}", bench.wire);
        assert_eq!(
            stream.finish().await.unwrap_err().code(),
            "Timeout.FirstByte"
        );
        let given_up = || bench.watched.given_up.load(Ordering::SeqCst);
        until(|| given_up() == 1).await;
    }
}

#[tokio::test]
async fn answers_and_errors_tell_who_gave_them() {
    let bench = bench();
    let (sum, meta) = bench.scale.add(1, 1).with_meta().await.unwrap();
    assert_eq!(sum, 2);
    assert_eq!(meta.peer.as_deref(), Some("callee-7"));
    assert_eq!(meta.warnings, ["calibrate"]);
    assert_eq!(meta.attribute("clock"), Some("1700000000"));
    assert_eq!(meta.attempts, 1);
    assert!(meta.elapsed.is_some());

    let error = bench.scale.fail("half").await.unwrap_err();
    let rpc = error.as_rpc().unwrap();
    assert_eq!(rpc.result.as_ref().map(Json::get), Some(r#"{"kept":1}"#));
    let meta = error.meta().unwrap();
    assert_eq!(meta.warnings, ["calibrate"]);
    assert_eq!(meta.peer.as_deref(), Some("callee-7"));

    let error = bench.scale.add(i32::MAX, 1).await.unwrap_err();
    let rpc = error.as_rpc().unwrap();
    assert_eq!(rpc.code.text(), Some("com.example.error.overflow"));
    assert_eq!(rpc.name, Some("Overflow"));
}

#[tokio::test]
async fn users_log_in_and_servants_see_them() {
    let (router, _) = router();
    let door = Door::new(router, &[("ann", "secret"), ("bob", "other")]);
    let agent = Agent::with_transport(wrapped(session(&door)));
    assert!(agent.capabilities().login);
    let scale = Scale::at(&agent, RID);

    let error = scale.who_am_i().await.unwrap_err();
    assert_eq!(
        error.as_rpc().unwrap().meaning,
        Some(ErrorMeaning::NotLoggedIn)
    );
    assert_eq!(error.outcome(), Outcome::NotExecuted);
    // As with a wrong password over HTTP: the whole bulk fails, once.
    let error = agent
        .bulk([scale.clear(), scale.clear()])
        .await
        .unwrap_err();
    assert_eq!(
        error.as_rpc().unwrap().meaning,
        Some(ErrorMeaning::NotLoggedIn)
    );

    let error = agent
        .login(Credentials::basic("ann", "guess"))
        .await
        .unwrap_err();
    assert_eq!(error.origin(), Some(agent.origin()));
    assert!(!format!("{error:?}").contains("guess"));
    let error = agent.login(Credentials::basic("", "x")).await.unwrap_err();
    assert_eq!(error.code(), "Config.BadUserName");

    agent
        .login(Credentials::basic("ann", "secret"))
        .await
        .unwrap();
    let call = scale.who_am_i().attribute("language", "de");
    assert_eq!(call.await.unwrap(), ["ann", "session", "de"]);

    // The session lives on over a new connection, until the door forgets it.
    agent.close().await;
    assert_eq!(scale.who_am_i().await.unwrap(), ["ann", "session", "-"]);
    door.forget();
    agent.close().await;
    let error = scale.who_am_i().await.unwrap_err();
    assert_eq!(
        error.as_rpc().unwrap().meaning,
        Some(ErrorMeaning::NotLoggedIn)
    );

    agent
        .login(Credentials::basic("bob", "other"))
        .await
        .unwrap();
    assert_eq!(scale.who_am_i().await.unwrap()[0], "bob");
    agent.logout().await.unwrap();
    assert!(scale.who_am_i().await.is_err());
    agent.login(Credentials::token("session-2")).await.unwrap();
    assert_eq!(scale.who_am_i().await.unwrap()[0], "bob");
}

#[tokio::test]
async fn a_stream_carries_attributes_and_a_panic_ends_one_call_only() {
    for bench in with_sessions().await {
        goes_on(&bench).await;
    }
}

async fn goes_on(bench: &Bench) {
    let stream = bench.scale.weigh(1).attribute("language", "fr").stream();
    assert_eq!(stream.finish().await.unwrap(), reading(1));
    let error = bench.scale.fail("panic").await.unwrap_err();
    let rpc = error.as_rpc().unwrap();
    assert!(!error.to_string().contains("as told"), "{error}");
    assert_eq!(
        (rpc.meaning, error.outcome()),
        (None, Outcome::Unknown),
        "{error}"
    );
    // Untyped arguments go by name, beside nothing by place.
    let params: Json = r#"{"y":4,"x":3}"#.parse().unwrap();
    let answer = bench
        .agent
        .call(bench.rid, "com.example.add", params)
        .await
        .unwrap();
    let whole = if bench.wire.starts_with("WAMP") {
        "7"
    } else {
        r#"{"_ret_":7}"#
    };
    assert_eq!(answer.get(), whole, "{}", bench.wire);
    bench.scale.knock("ann").await.unwrap();
}
