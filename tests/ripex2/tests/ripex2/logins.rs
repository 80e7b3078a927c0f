//! Logins beside the calls that need them: they take long, the unit is busy, nobody waits any longer.

use std::time::{Duration, Instant};

use serde_json::json;
use xerus_rpc::{Agent, Error, Json, Outcome};

use crate::fake::{Fake, Say, result};

const MS: fn(u64) -> Duration = Duration::from_millis;

/// A unit whose logins take this long.
async fn slow(time: Duration) -> Fake {
    Fake::raw(move |asked, number| match asked.script.as_str() {
        "login.cgi" => Say::Late(
            time,
            Box::new(Say::Json(json!({"token": format!("token-{number}")}))),
        ),
        "logout.cgi" => Say::Json(json!({})),
        _ => result(json!(1)),
    })
    .await
}

async fn call(agent: &Agent) -> Result<Json, Error> {
    agent.call("", "settings_get", Json::EMPTY_OBJECT).await
}

/// Waits until a script was asked so often.
async fn until(fake: &Fake, script: &str, times: usize) {
    let asked = async {
        while fake.count(script) < times {
            tokio::time::sleep(MS(10)).await;
        }
    };
    let asked = tokio::time::timeout(Duration::from_secs(5), asked).await;
    asked.unwrap_or_else(|_| panic!("{script} {} times", fake.count(script)));
}

#[tokio::test]
async fn a_login_that_takes_longer_than_a_call_is_of_use_for_the_next() {
    let fake = slow(MS(700)).await;
    let agent = fake.builder().timeout(MS(300)).build().unwrap();
    let mut done = 0;
    for _ in 0..6 {
        match call(&agent).await {
            Ok(_) => done += 1,
            Err(error) => {
                assert_eq!(error.code(), "Timeout.Queue");
                assert_eq!(error.outcome(), Outcome::NotExecuted);
                let text = error.to_string();
                assert!(text.contains("waiting for the login"), "{text}");
                assert!(!text.contains("in bulk"), "{text}");
            }
        }
    }
    assert_eq!((fake.count("login.cgi"), fake.count("rpc.cgi")), (1, done));
    assert!(done >= 3, "{done}");
    agent.close().await;
    assert_eq!(fake.count("logout.cgi"), 1);
}

#[tokio::test]
async fn what_a_login_without_callers_opens_is_closed_with_the_agent() {
    let fake = slow(MS(200)).await;
    let agent = fake.agent();
    let given_up = tokio::time::timeout(MS(50), call(&agent)).await;
    assert!(given_up.is_err());
    agent.close().await;
    let closed = fake
        .asked()
        .into_iter()
        .map(|asked| (asked.script, asked.key));
    assert_eq!(
        closed.collect::<Vec<_>>(),
        [
            ("login.cgi".to_owned(), None),
            ("logout.cgi".to_owned(), Some("token-0".to_owned()))
        ]
    );
    // Dropped, and not closed.
    let agent = fake.agent();
    let given_up = tokio::time::timeout(MS(50), call(&agent)).await;
    assert!(given_up.is_err());
    drop(agent);
    until(&fake, "logout.cgi", 2).await;
}

#[tokio::test]
async fn an_agent_that_is_dropped_closes_its_session() {
    let fake = slow(MS(0)).await;
    let agent = fake.agent();
    call(&agent).await.unwrap();
    let other = agent.clone();
    drop(agent);
    call(&other).await.unwrap();
    assert_eq!(fake.count("logout.cgi"), 0);
    drop(other);
    until(&fake, "logout.cgi", 1).await;
    // The session of somebody else is left alone.
    let given = xerus_rpc::ripex2::Ripex2::builder(&*fake.url).token("given");
    call(&given.build().unwrap()).await.unwrap();
    tokio::time::sleep(MS(100)).await;
    assert_eq!(fake.count("logout.cgi"), 1);
}

#[test]
fn a_session_of_blocking_calls_is_closed_where_no_runtime_is_at_hand() {
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .worker_threads(1)
        .enable_all()
        .build()
        .unwrap();
    let fake = runtime.block_on(slow(MS(0)));
    let agent = fake.agent();
    let answer = agent.call("", "settings_get", Json::EMPTY_OBJECT);
    assert_eq!(answer.send_blocking().unwrap().get(), "1");
    drop(agent);
    runtime.block_on(until(&fake, "logout.cgi", 1));
}

#[test]
fn a_login_in_a_runtime_that_rests_stops_nobody_elsewhere() {
    let served = tokio::runtime::Builder::new_multi_thread()
        .worker_threads(1)
        .enable_all()
        .build()
        .unwrap();
    let fake = served.block_on(slow(MS(300)));
    let runtime = || {
        let mut builder = tokio::runtime::Builder::new_current_thread();
        builder.enable_all().build().unwrap()
    };
    let (rests, other) = (runtime(), runtime());
    let agent = fake.agent();
    let given_up = rests.block_on(async { tokio::time::timeout(MS(50), call(&agent)).await });
    assert!(given_up.is_err());
    assert_eq!(other.block_on(call(&agent)).unwrap().get(), "1");
    assert_eq!(fake.count("login.cgi"), 2);
    // A call that needs no session is not held up, either: the login has the only connection.
    other.block_on(agent.close());
    let given_up = rests.block_on(async { tokio::time::timeout(MS(50), call(&agent)).await });
    assert!(given_up.is_err());
    let ping = agent.call("", "device_ping", Json::EMPTY_OBJECT);
    assert_eq!(other.block_on(ping.send()).unwrap().get(), "1");
    // A runtime that ended takes its login with it.
    other.block_on(agent.close());
    let given_up = rests.block_on(async { tokio::time::timeout(MS(50), call(&agent)).await });
    assert!(given_up.is_err());
    drop(rests);
    assert_eq!(other.block_on(call(&agent)).unwrap().get(), "1");
}

#[tokio::test]
async fn r2_calls_that_wait_for_a_busy_unit_make_no_more_logins_than_one_call() {
    let fake = Fake::raw(|_, _| Say::Status(503, "busy")).await;
    let agent = fake.builder().busy_logins(3, MS(100)).build().unwrap();
    let start = Instant::now();
    let calls = (0..10).map(|_| agent.call("", "settings_get", Json::EMPTY_OBJECT).send());
    for answer in futures_util::future::join_all(calls).await {
        let error = answer.unwrap_err();
        assert_eq!(error.code(), "HttpStatus.Server");
        assert_eq!(error.outcome(), Outcome::NotExecuted);
        assert!(error.is_retryable());
        let text = error.to_string();
        assert!(text.contains("login refused (503)"), "{text}");
        assert!(text.contains("nothing was executed"), "{text}");
        assert!(!text.contains("read its state"), "{text}");
    }
    assert_eq!(fake.count("login.cgi"), 3);
    assert!(
        start.elapsed() < Duration::from_secs(2),
        "{:?}",
        start.elapsed()
    );
    // A call whose time is over before the unit is asked again fails at once, for the same reason.
    let short = agent.call("", "settings_get", Json::EMPTY_OBJECT);
    let start = Instant::now();
    let error = short.timeout(MS(200)).await.unwrap_err();
    assert_eq!(error.code(), "HttpStatus.Server");
    assert!(start.elapsed() < MS(150), "{:?}", start.elapsed());
    assert_eq!(fake.count("login.cgi"), 3);
}

#[tokio::test]
async fn a_pause_that_nobody_waits_for_is_followed_by_no_login() {
    let fake = Fake::raw(|_, _| Say::Status(503, "")).await;
    let agent = fake.builder().busy_logins(5, MS(100)).build().unwrap();
    let given_up = tokio::time::timeout(MS(50), call(&agent)).await;
    assert!(given_up.is_err());
    tokio::time::sleep(MS(300)).await;
    assert_eq!(fake.count("login.cgi"), 1);
}

/// A runtime on one thread, as that of a small program.
fn small() -> tokio::runtime::Runtime {
    let mut builder = tokio::runtime::Builder::new_current_thread();
    builder.enable_all().build().unwrap()
}

#[test]
fn close_waits_for_a_login_however_long_that_takes_and_for_its_logout() {
    let served = tokio::runtime::Runtime::new().unwrap();
    let fake = served.block_on(slow(MS(5700)));
    let program = small();
    program.block_on(async {
        let agent = fake.builder().timeout(MS(300)).build().unwrap();
        assert_eq!(call(&agent).await.unwrap_err().code(), "Timeout.Queue");
        agent.close().await;
    });
    drop(program);
    let closed = fake.asked().pop().unwrap();
    assert_eq!(
        (&*closed.script, closed.key.as_deref()),
        ("logout.cgi", Some("token-0"))
    );
    assert_eq!(fake.asked().len(), 2);
}

#[test]
fn close_waits_for_the_logout_of_a_login_that_was_given_up_before() {
    let served = tokio::runtime::Runtime::new().unwrap();
    let fake = served.block_on(slow(MS(500)));
    let program = small();
    program.block_on(async {
        let agent = fake.agent();
        let given_up = tokio::time::timeout(MS(50), call(&agent)).await;
        assert!(given_up.is_err());
        // Nobody wants that login any more.
        agent.logout().await.unwrap();
        agent.close().await;
    });
    drop(program);
    assert_eq!((fake.count("login.cgi"), fake.count("logout.cgi")), (1, 1));
}

#[tokio::test]
async fn a_login_that_rests_is_not_made_again_for_close() {
    // The unit is busy before that, or while `close` waits.
    for (answer, wait) in [(MS(0), MS(100)), (MS(200), MS(50))] {
        let busy = move || Say::Late(answer, Box::new(Say::Status(503, "")));
        let fake = Fake::raw(move |_, _| busy()).await;
        let agent = fake.builder().busy_logins(5, MS(400)).build().unwrap();
        let given_up = tokio::time::timeout(wait, call(&agent)).await;
        assert!(given_up.is_err());
        let start = Instant::now();
        agent.close().await;
        assert!(start.elapsed() < MS(350), "{:?}", start.elapsed());
        tokio::time::sleep(MS(600)).await;
        assert_eq!(fake.asked().len(), 1);
    }
}

#[tokio::test]
async fn a_call_that_waits_for_a_busy_unit_outlives_close() {
    let fake = Fake::raw(|asked, number| match (&*asked.script, number) {
        ("login.cgi", 0) => Say::Status(503, ""),
        ("login.cgi", _) => Say::Json(json!({"token": "t"})),
        _ => result(json!(1)),
    })
    .await;
    let agent = fake.builder().busy_logins(2, MS(400)).build().unwrap();
    let start = Instant::now();
    let waiting = tokio::spawn(agent.call("", "a", Json::EMPTY_OBJECT).send());
    tokio::time::sleep(MS(100)).await;
    agent.close().await;
    assert_eq!(waiting.await.unwrap().unwrap().get(), "1");
    assert!(start.elapsed() >= MS(400), "{:?}", start.elapsed());
    assert_eq!(fake.count("login.cgi"), 2);
    agent.close().await;
    assert_eq!(fake.count("logout.cgi"), 1);
}

#[tokio::test]
async fn the_logout_waits_for_calls_however_long_they_take() {
    let fake = Fake::of(|asked, _| match asked.method() {
        "slow" => Say::Late(MS(5500), Box::new(result(json!(1)))),
        _ => result(json!(1)),
    })
    .await;
    let agent = fake.builder().timeout(MS(9000)).build().unwrap();
    call(&agent).await.unwrap();
    let slow = tokio::spawn(agent.call("", "slow", Json::EMPTY_OBJECT).send());
    until(&fake, "rpc.cgi", 2).await;
    agent.close().await;
    assert_eq!(slow.await.unwrap().unwrap().get(), "1");
    assert_eq!(fake.count("logout.cgi"), 1);
}

#[test]
fn close_ends_what_a_runtime_that_rests_has_begun_and_does_it_itself() {
    let served = tokio::runtime::Runtime::new().unwrap();
    let fake = served.block_on(Fake::raw(|asked, number| {
        match (&*asked.script, asked.key.as_deref()) {
            ("login.cgi", _) => Say::Json(json!({"token": format!("token-{number}")})),
            // The first time nobody reads the answer.
            ("logout.cgi", Some("token-0")) if number == 0 => Say::Silence,
            ("logout.cgi", _) => Say::Json(json!({})),
            (_, Some("token-0")) => Say::Status(401, ""),
            _ => result(json!(1)),
        }
    }));
    let (rests, other) = (small(), small());
    let agent = fake.agent();
    rests.block_on(async {
        call(&agent).await.unwrap();
        until(&fake, "logout.cgi", 1).await;
    });
    let closing = async { tokio::time::timeout(Duration::from_secs(4), agent.close()).await };
    other.block_on(closing).unwrap();
    let asked = fake.asked().into_iter();
    let logouts = asked.filter(|asked| asked.script == "logout.cgi");
    let mut keys: Vec<_> = logouts.filter_map(|asked| asked.key).collect();
    keys.sort();
    assert_eq!(keys, ["token-0", "token-0", "token-1"]);
}
