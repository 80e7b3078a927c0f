//! The call that begins: sent once, whatever becomes of it.

use tokio::time::Instant;
use xerus_rpc::action::{Action, Check, Plan, StartError};
use xerus_rpc::error::{ConnectError, ErrorKind, TimeoutError, TimeoutPhase};
use xerus_rpc::{Error, Json, Outcome};

use crate::device::{Device, Fail, Later, Say, begin, check, plan, seconds};

const DONE: &str = r#"{"_ret_":100}"#;

fn unanswered() -> Error {
    Error::from(ErrorKind::Timeout(TimeoutError::new(
        TimeoutPhase::FirstByte,
        seconds(30),
    )))
    .with_sent(true, true)
}

#[tokio::test(start_paused = true)]
async fn time_counts_from_the_answer() {
    let device = Device::new([Say(DONE)]);
    device.begins(Later(seconds(25), r#"{"id":"4711"}"#));
    let began = Instant::now();
    begin(&device.agent(), plan()).await.unwrap().await.unwrap();
    assert_eq!(began.elapsed().as_secs(), 35);
}

#[tokio::test(start_paused = true)]
async fn what_may_have_begun_can_be_watched() {
    let device = Device::new([Say(DONE)]);
    device.begins(Fail(unanswered));
    let error = begin(&device.agent(), plan()).await.unwrap_err();
    assert_eq!(
        (error.outcome(), error.error().code()),
        (Outcome::Unknown, "Timeout.FirstByte")
    );
    assert_eq!(device.count("begin"), 1, "never sent again");
    let mut action = error.watch(plan().id("4711")).unwrap();
    assert_eq!(action.wait().await.unwrap(), "4711 done");
    assert_eq!(device.count("begin"), 1);
}

#[tokio::test(start_paused = true)]
async fn what_begins_is_not_repeated_whatever_is_known_of_it() {
    let device = Device::new([Say(DONE)]);
    // A name that begins like this is that of a method that only reads, as far as anybody can tell.
    let call = device.agent().call("/jobs", "getReady", Json::EMPTY_OBJECT);
    assert!(call.is_repeatable());
    drop(Action::start(call).check(check).await.unwrap());
    let call = device.agent().call("/jobs", "begin", Json::EMPTY_OBJECT);
    drop(
        Action::start(call.repeatable(true))
            .check(check)
            .await
            .unwrap(),
    );
    assert_eq!((device.count("getReady"), device.count("begin")), (1, 1));
    assert!(device.repeatable().is_empty(), "{:?}", device.repeatable());
    device
        .agent()
        .call("/jobs", "getReady", Json::EMPTY_OBJECT)
        .await
        .unwrap();
    assert_eq!(device.repeatable(), ["getReady"]);
}

#[tokio::test(start_paused = true)]
async fn what_surely_has_not_begun_is_not_watched() {
    let device = Device::new([Say(DONE)]);
    device.begins(Fail(|| ErrorKind::Connect(ConnectError::Refused).into()));
    let error = begin(&device.agent(), plan()).await.unwrap_err();
    assert_eq!(error.outcome(), Outcome::NotExecuted);
    assert_eq!(error.watch(plan()).unwrap_err().code(), "Connect.Refused");
    assert_eq!((device.count("begin"), device.count("howFar")), (1, 0));
}

#[tokio::test(start_paused = true)]
async fn a_start_error_is_an_error() {
    async fn example(device: &std::sync::Arc<Device>) -> Result<String, Error> {
        let action = begin(&device.agent(), plan()).await?;
        Ok(action.await?)
    }
    let device = Device::new([Say(DONE)]);
    assert_eq!(example(&device).await.unwrap(), "4711 done");
    device.begins(Fail(unanswered));
    assert_eq!(
        example(&device).await.unwrap_err().outcome(),
        Outcome::Unknown
    );
    let error: StartError<i64, String> = begin(&device.agent(), plan()).await.unwrap_err();
    assert!(error.to_string().contains("timed out"), "{error}");
}

#[tokio::test(start_paused = true)]
async fn nothing_is_sent_before_it_is_awaited() {
    let device = Device::new([Say(DONE)]);
    drop(begin(&device.agent(), plan()));
    assert_eq!(device.count("begin"), 0);
}

#[tokio::test(start_paused = true)]
async fn something_else_than_a_call_can_begin_it() {
    let device = Device::new([Say(DONE)]);
    let agent = device.agent();
    let several = {
        let agent = agent.clone();
        async move {
            agent.call("/jobs", "prepare", Json::EMPTY_OBJECT).await?;
            agent.call("/jobs", "begin", Json::EMPTY_OBJECT).await
        }
    };
    let mut action = Action::start_with(&agent, "/jobs", "restore", several)
        .plan(|_| Plan::new().note("version", "4.4.1"))
        .check(check)
        .await
        .unwrap();
    let ticket = action.ticket();
    assert_eq!(
        (ticket.action(), ticket.note("version")),
        ("restore", Some("4.4.1"))
    );
    assert_eq!(action.wait().await.unwrap(), " done");
}

/// Futures of actions go to other threads.
#[tokio::test(start_paused = true)]
async fn is_send() {
    let device = Device::new([Say(DONE)]);
    let agent = device.agent();
    let all = async move {
        let mut action = begin(&agent, plan()).await.unwrap();
        while let Some(event) = action.next().await {
            drop(event);
        }
        let call = agent.call("/jobs", "begin", Json::EMPTY_OBJECT);
        let begin = Action::start(call)
            .named("other")
            .check(|_, _| async { Ok(Check::<(), ()>::Done(())) });
        begin.await.unwrap().await.unwrap();
    };
    tokio::spawn(all).await.unwrap();
}

#[cfg(feature = "blocking")]
#[test]
fn goes_without_async() {
    let device = Device::new([Say(DONE)]);
    let plan = Plan::new().delay(std::time::Duration::ZERO);
    let mut action = begin(&device.agent(), plan).send_blocking().unwrap();
    assert_eq!(action.wait_blocking().unwrap(), "4711 done");
}
