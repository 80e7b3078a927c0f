//! What depends on time.

use std::time::Duration;

use futures_util::future::join_all;
use tokio::time::{Instant, sleep};
use xerus_rpc::Outcome;
use xerus_rpc::error::AuthError;

use super::device::read;
use super::wire::Device;

#[tokio::test(start_paused = true)]
async fn a_session_is_over_after_its_time_without_calls() {
    let device = Device::new();
    let agent = device.agent();
    for seconds in [0, 599, 599, 600, 599] {
        sleep(Duration::from_secs(seconds)).await;
        assert_eq!(read(&agent).await.expect("read"), 7);
    }
    assert_eq!(
        device.take_seen(),
        [
            "newSession",
            "getState 1",
            "getState 1",
            "getState 1",
            "newSession",
            "getState 2",
            "getState 2"
        ]
    );
}

#[tokio::test(start_paused = true)]
async fn times_that_say_nothing_are_none() {
    for session in [
        "null",
        "{}",
        r#"{"timeout":0}"#,
        r#"{"timeout":-1}"#,
        r#"{"timeout":null}"#,
        r#"{"timeout":"soon"}"#,
        r#"{"timeout":1e400}"#,
        r#"{"timeout":99999999999999999999999999}"#,
        r#"{"timeout":9223372036854775807}"#,
        r#"{"creationTime":99999999999999999999999999,"timeout":{"a":[]}}"#,
        r#"{"creationTime":-1.5e300,"username":null,"sessionId":"x"}"#,
    ] {
        let device = Device::new();
        device.know().session = Some(session.to_owned());
        let agent = device.agent();
        read(&agent).await.expect(session);
        sleep(Duration::from_secs(86_400)).await;
        read(&agent).await.expect(session);
        assert_eq!(
            device.take_seen(),
            ["newSession", "getState 1", "getState 1"],
            "{session}"
        );
    }
}

#[tokio::test(start_paused = true)]
async fn a_thousand_calls_at_the_end_of_the_time_make_one_login() {
    let device = Device::new();
    let agent = device.agent();
    read(&agent).await.expect("read");
    device.know().slow = Duration::from_millis(300);
    sleep(Duration::from_secs(600)).await;
    let results = join_all((0..1000).map(|_| read(&agent).send())).await;
    assert!(results.iter().all(Result::is_ok));
    assert_eq!(device.know().opened, 2);
    assert_eq!(device.take_seen().len(), 2 + 1 + 1000);
}

#[tokio::test(start_paused = true)]
async fn a_call_does_not_wait_longer_than_its_own_time() {
    let device = Device::new();
    let agent = device.agent();
    device.know().slow = Duration::from_secs(20);
    let begun = Instant::now();
    let short = read(&agent).timeout(Duration::from_secs(5)).send();
    let long = read(&agent).timeout(Duration::from_secs(60)).send();
    let (short, long) = tokio::join!(async { (short.await, begun.elapsed().as_secs()) }, async {
        (long.await, begun.elapsed().as_secs())
    });
    let (error, after) = (short.0.expect_err("too slow"), short.1);
    assert_eq!((error.code(), after), ("Timeout.Queue", 5));
    assert_eq!(error.outcome(), Outcome::NotExecuted);
    assert_eq!((long.0.expect("read"), long.1), (7, 40));
    assert_eq!(device.take_seen(), ["newSession", "getState 1"]);
}

#[tokio::test(start_paused = true)]
async fn sessions_that_are_not_accepted_are_opened_twice_and_then_every_five_minutes() {
    let device = Device::new();
    let agent = device.agent();
    device.know().takes_none = true;
    // A call every 10 s for an hour.
    for _ in 0..360 {
        let error = read(&agent).await.expect_err("refused");
        assert_eq!(error.code(), "Auth.Unauthorized");
        sleep(Duration::from_secs(10)).await;
    }
    let opened = device.know().opened;
    assert!((12..=14).contains(&opened), "{opened} logins");
    // It may also have forgotten all sessions meanwhile.
    device.know().open = 0;
    device.know().takes_none = false;
    sleep(Duration::from_secs(300)).await;
    read(&agent).await.expect("read");
    assert_eq!(device.know().opened, opened + 1);
}

#[tokio::test(start_paused = true)]
async fn the_only_session_of_a_user_is_not_in_its_own_way() {
    let device = Device::new();
    device.know().single = true;
    let agent = device.agent();
    read(&agent).await.expect("read");
    // The device reckons otherwise, and still counts it.
    sleep(Duration::from_secs(600)).await;
    read(&agent).await.expect("read");
    assert_eq!(
        device.take_seen(),
        [
            "newSession",
            "getState 1",
            "newSession",
            "closeCurrentSession 1",
            "newSession",
            "getState 2"
        ]
    );
    // That of somebody else is.
    let error = read(&device.agent()).await.expect_err("one session only");
    assert_eq!(error.code(), "Auth.SessionLimit");
    assert_eq!(device.take_seen(), ["newSession"]);
    read(&agent).await.expect("read");
}

#[tokio::test(start_paused = true)]
async fn refusals_that_are_no_wrong_password_are_asked_again() {
    for (why, code) in [
        (AuthError::Forbidden, "Auth.Forbidden"),
        (
            AuthError::PasswordChangeRequired,
            "Auth.PasswordChangeRequired",
        ),
    ] {
        let device = Device::new();
        device.know().refusal = Some(why);
        device.know().slow = Duration::from_secs(1);
        let agent = device.agent();
        for result in join_all((0..50).map(|_| read(&agent).send())).await {
            let error = result.expect_err("refused");
            assert_eq!(error.code(), code);
            assert_eq!(error.outcome(), Outcome::NotExecuted);
        }
        assert_eq!(device.take_seen(), ["newSession"]);
        device.know().refusal = None;
        read(&agent).await.expect("read");
    }
}
