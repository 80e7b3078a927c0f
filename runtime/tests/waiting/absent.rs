//! A device that is away while the action goes on, in each way.

use tokio::time::Instant;
use xerus_rpc::action::{Action, Check};
use xerus_rpc::error::{
    ConnectError, ErrorKind, ErrorMeaning, HttpProtocolError, HttpStatusError, ProtocolError,
    RpcError, TimeoutError, TimeoutPhase,
};

use xerus_rpc::{Error, Json};

use crate::device::{Device, Fail, Later, Say, begun, check, plan, seconds, story};

fn status(status: u16) -> Error {
    ErrorKind::HttpStatus(HttpStatusError::new(status, "<h1>Starting</h1>")).into()
}

/// How a check fails, and the code of it.
type Failure = (fn() -> Error, &'static str);

const AWAY: [Failure; 12] = [
    (
        || ErrorKind::Connect(ConnectError::Refused).into(),
        "Connect.Refused",
    ),
    (
        || ErrorKind::Connect(ConnectError::Unreachable).into(),
        "Connect.Unreachable",
    ),
    (
        || ErrorKind::Connect(ConnectError::Dns).into(),
        "Connect.Dns",
    ),
    (
        || ErrorKind::Timeout(TimeoutError::new(TimeoutPhase::Connect, seconds(1))).into(),
        "Timeout.Connect",
    ),
    (|| ErrorKind::ConnectionLost.into(), "ConnectionLost"),
    (
        || ErrorKind::HttpProtocol(HttpProtocolError::Truncated).into(),
        "HttpProtocol.Truncated",
    ),
    (
        || ErrorKind::Protocol(ProtocolError::new("no frame")).into(),
        "Protocol",
    ),
    (|| status(500), "HttpStatus.Server"),
    (|| status(502), "HttpStatus.Server"),
    (|| status(503), "HttpStatus.Server"),
    (|| status(504), "HttpStatus.Server"),
    (
        || ErrorKind::Rpc(RpcError::new(-1, "busy").with_meaning(ErrorMeaning::Unavailable)).into(),
        "Rpc",
    ),
];

#[tokio::test(start_paused = true)]
async fn goes_on_in_each_case() {
    for (error, code) in AWAY {
        let device = Device::new([
            Say(r#"{"_ret_":7}"#),
            Fail(error),
            Fail(error),
            Fail(error),
            Say(r#"{"_ret_":100}"#),
        ]);
        let mut action = begun(&device, plan()).await;
        let began = Instant::now();
        assert_eq!(
            story(&mut action).await,
            [
                "started".to_owned(),
                "7".to_owned(),
                format!("away 1, 0 s: {code}"),
                format!("away 2, 5 s: {code}"),
                format!("away 3, 10 s: {code}"),
                "back after 15 s".to_owned(),
                "4711 done".to_owned(),
            ]
        );
        assert_eq!(began.elapsed().as_secs(), 30);
    }
}

#[tokio::test(start_paused = true)]
async fn what_answers_in_its_place_is_no_answer() {
    let device = Device::new([
        Say(""),
        Say("<html><body>Please wait</body></html>"),
        Say("{\"_ret_\":"),
        Say(r#"{"_ret_":1}{"_ret_":1}"#),
        Say(r#"{"_ret_":100}"#),
    ]);
    let mut action = begun(&device, plan()).await;
    assert_eq!(
        story(&mut action).await,
        [
            "started",
            "away 1, 0 s: Json.Empty",
            "away 2, 5 s: Json.Syntax",
            "away 3, 10 s: Json.Syntax",
            "away 4, 15 s: Json.TrailingData",
            "back after 20 s",
            "4711 done",
        ]
    );
}

#[tokio::test(start_paused = true)]
async fn an_answer_that_comes_too_late_is_asked_for_again() {
    let late = Later(seconds(11), r#"{"_ret_":100}"#);
    let device = Device::new([late, Later(seconds(9), r#"{"_ret_":100}"#)]);
    let mut action = begun(&device, plan()).await;
    assert_eq!(
        story(&mut action).await,
        [
            "started",
            "away 1, 0 s: Timeout.FirstByte",
            "back after 14 s",
            "4711 done"
        ]
    );
}

#[tokio::test(start_paused = true)]
async fn an_object_may_be_missing_only_while_the_device_comes_back() {
    let missing = Fail(|| status(404));
    let device = Device::new([
        Fail(|| status(503)),
        missing.clone(),
        Say(r#"{"_ret_":1}"#),
        missing,
    ]);
    let mut action = begun(&device, plan()).await;
    let story = story(&mut action).await;
    assert_eq!(
        story[1..5],
        [
            "away 1, 0 s: HttpStatus.Server",
            "away 2, 5 s: HttpStatus.NotFound",
            "back after 10 s",
            "1"
        ]
    );
    assert_eq!(story.len(), 6);
    assert!(story[5].contains("cannot be asked"), "{}", story[5]);
    assert_eq!(device.count("howFar"), 4);
}

#[tokio::test(start_paused = true)]
async fn a_check_may_know_better() {
    // An error that would end the checks, if the check did not know what it means.
    let device = Device::new([
        Fail(|| ErrorKind::Rpc(RpcError::new(-9, "remote unit unreachable")).into()),
        Say(r#"{"_ret_":100}"#),
    ]);
    let begin = Action::start(device.agent().call("/jobs", "begin", Json::EMPTY_OBJECT));
    let mut action = begin
        .plan(|_| plan().id("4711"))
        .check(|agent, ticket| async {
            match check(agent, ticket).await {
                Err(error) if error.rpc_code() == Some(-9) => Ok(Check::Away(error)),
                other => other,
            }
        })
        .await
        .unwrap();
    assert_eq!(
        story(&mut action).await,
        ["started", "away 1, 0 s: Rpc", "back after 5 s", "4711 done"]
    );
}

#[tokio::test(start_paused = true)]
async fn stays_away() {
    let device = Device::new([
        Say(r#"{"_ret_":1}"#),
        Fail(|| ErrorKind::ConnectionLost.into()),
    ]);
    let end = begun(&device, plan()).await.wait().await.unwrap_err();
    assert!(end.to_string().contains("has not ended in 60s"), "{end}");
    assert!(
        end.to_string()
            .contains("connection lost before the answer was complete"),
        "{end}"
    );
    assert_eq!(end.ticket().unwrap().checks(), 10);
}
