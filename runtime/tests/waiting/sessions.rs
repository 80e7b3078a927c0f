//! A device that forgets who is logged in.

use std::sync::Arc;

use xerus_rpc::action::Action;
use xerus_rpc::error::{AuthError, ConnectError, ErrorKind, ErrorMeaning, RpcError};
use xerus_rpc::{Agent, Credentials, Error, Outcome};

use crate::device::{Device, Fail, Hang, Say, Step, begin, plan, story};

const GONE: Step = Fail(|| ErrorKind::Auth(AuthError::Unauthorized).into());
const DONE: Step = Say(r#"{"_ret_":100}"#);

async fn renewed(device: &Arc<Device>) -> Action<i64, String> {
    let login =
        |agent: Agent| async move { agent.login(Credentials::basic("admin", "secret")).await };
    begin(&device.agent(), plan())
        .on_session_gone(login)
        .await
        .unwrap()
}

#[tokio::test(start_paused = true)]
async fn logs_in_once_and_asks_again_at_once() {
    let gone: [Step; 2] = [
        GONE,
        Fail(|| {
            ErrorKind::Rpc(RpcError::new(-1, "who?").with_meaning(ErrorMeaning::NotLoggedIn)).into()
        }),
    ];
    for gone in gone {
        let device = Device::new([Say(r#"{"_ret_":1}"#), gone, Say(r#"{"_ret_":2}"#), DONE]);
        device.logs_in([Say("{}")]);
        let mut action = renewed(&device).await;
        assert_eq!(
            story(&mut action).await,
            ["started", "1", "logged in", "2", "4711 done"]
        );
        assert_eq!(device.count("login"), 1);
        let times = device.times("howFar");
        assert_eq!(times[1], times[2]);
        assert_eq!((times[3] - times[2]).as_secs(), 5);
    }
}

#[tokio::test(start_paused = true)]
async fn one_login_for_each_check() {
    let device = Device::new([GONE]);
    device.logs_in([Say("{}")]);
    let mut action = renewed(&device).await;
    let story = story(&mut action).await;
    // 401 for ever: after each login one check, no more.
    assert_eq!((device.count("login"), device.count("howFar")), (10, 20));
    assert!(
        story[2].starts_with("unknown 1: ") && story[2].contains("login refused (401)"),
        "{}",
        story[2]
    );
}

#[tokio::test(start_paused = true)]
async fn a_wrong_password_is_tried_once() {
    for refusal in [
        GONE,
        Fail(|| ErrorKind::Auth(AuthError::Forbidden).into()),
        Fail(|| ErrorKind::Auth(AuthError::PasswordChangeRequired).into()),
    ] {
        let device = Device::new([GONE]);
        device.logs_in([refusal]);
        let mut action = renewed(&device).await;
        let end = action.wait().await.unwrap_err();
        assert_eq!((device.count("login"), device.count("howFar")), (1, 1));
        assert_eq!(end.outcome(), Outcome::Unknown);
        assert_eq!(Error::from(end.clone()).outcome(), Outcome::Unknown);
        assert_eq!(end.ticket().unwrap().id(), "4711");
    }
}

#[tokio::test(start_paused = true)]
async fn a_device_may_be_away_when_it_is_logged_in_to() {
    let device = Device::new([GONE, GONE, GONE, DONE]);
    device.logs_in([
        Hang,
        Fail(|| ErrorKind::Connect(ConnectError::Refused).into()),
        Say("{}"),
    ]);
    let mut action = renewed(&device).await;
    assert_eq!(
        story(&mut action).await,
        [
            "started",
            "away 1, 0 s: Timeout.FirstByte",
            "away 2, 5 s: Connect.Refused",
            "back after 10 s",
            "logged in",
            "4711 done",
        ]
    );
    // A login that is never answered has 30 s.
    let times = device.times("login");
    assert_eq!(
        times
            .iter()
            .map(|at| (*at - times[0]).as_secs())
            .collect::<Vec<_>>(),
        [0, 35, 40]
    );
}

#[tokio::test(start_paused = true)]
async fn nobody_can_log_in() {
    let device = Device::new([GONE]);
    let end = begin(&device.agent(), plan())
        .await
        .unwrap()
        .wait()
        .await
        .unwrap_err();
    assert_eq!((device.count("login"), device.count("howFar")), (0, 1));
    assert_eq!(end.error().unwrap().code(), "Auth.Unauthorized");
    assert_eq!(end.ticket().unwrap().id(), "4711");
}
