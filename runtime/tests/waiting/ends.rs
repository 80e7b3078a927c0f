//! Every end that an action can have.

use tokio::time::Instant;
use xerus_rpc::action::{ActionError, ActionEvent, Overdue, Plan, Told};
use xerus_rpc::error::{ErrorKind, RpcError};
use xerus_rpc::{Error, Outcome};

use crate::device::{Device, Fail, Hang, Say, begun, plan, seconds, story};

const ON: &str = r#"{"_ret_":50}"#;
const DONE: &str = r#"{"_ret_":100}"#;

#[tokio::test(start_paused = true)]
async fn ends_at_once() {
    let device = Device::new([Say(DONE)]);
    let began = Instant::now();
    let result = begun(&device, plan()).await.await;
    assert_eq!(result.unwrap(), "4711 done");
    assert_eq!(began.elapsed().as_secs(), 10);
    assert_eq!((device.count("begin"), device.count("howFar")), (1, 1));
}

#[tokio::test(start_paused = true)]
async fn reports_progress_also_backwards() {
    let device = Device::new([
        Say(ON),
        Say(r#"{"_ret_":10}"#),
        Say(r#"{"_ret_":99}"#),
        Say(DONE),
    ]);
    let mut action = begun(&device, plan()).await;
    assert_eq!(
        story(&mut action).await,
        ["started", "50", "10", "99", "4711 done"]
    );
    assert_eq!(action.last(), Some(&99));
    assert!(action.next().await.is_none());
    assert!(matches!(action.wait().await, Err(ActionError::Over)));
}

#[tokio::test(start_paused = true)]
async fn the_device_says_that_it_failed() {
    let device = Device::new([Say(ON), Say(r#"{"_ret_":-1}"#)]);
    let end = begun(&device, plan()).await.wait().await.unwrap_err();
    let ActionError::Failed(error) = &end else {
        panic!("{end:?}")
    };
    assert_eq!(error.as_rpc().unwrap().code.text(), Some("broken"));
    assert_eq!(end.outcome(), Outcome::Unknown);
    assert!(end.ticket().is_none());
    assert!(
        end.to_string().contains("the image is for another model"),
        "{end}"
    );
}

#[tokio::test(start_paused = true)]
async fn never_ends() {
    let device = Device::new([Say(ON)]);
    let mut action = begun(&device, plan()).await;
    let began = Instant::now();
    let end = action.wait().await.unwrap_err();
    assert_eq!(began.elapsed().as_secs(), 60);
    assert_eq!(device.count("howFar"), 10);
    assert_eq!(end.outcome(), Outcome::Unknown);
    let ActionError::TimedOut { last, overdue } = end else {
        panic!("{end:?}")
    };
    assert_eq!(last, Some(50));
    assert_eq!((overdue.ticket.id(), overdue.ticket.checks()), ("4711", 10));
    assert_eq!(overdue.ticket.rest().as_secs(), 0);
    assert!(overdue.last_error.is_none());
}

#[tokio::test(start_paused = true)]
async fn never_answers() {
    let device = Device::new([Hang]);
    let mut action = begun(&device, plan()).await;
    let began = Instant::now();
    let end = action.wait().await.unwrap_err();
    assert_eq!(began.elapsed().as_secs(), 60);
    // 10 s each, and 5 s between them.
    assert_eq!(device.count("howFar"), 4);
    assert_eq!(end.error().unwrap().code(), "Timeout.FirstByte");

    // With `?`, nothing is lost, and nothing is claimed.
    let error = Error::from(end);
    assert_eq!(
        (error.code(), error.outcome()),
        ("Timeout.Action", Outcome::Unknown)
    );
    assert!(!error.is_retryable());
    assert_eq!(
        (error.rid(), error.method()),
        (Some("/jobs"), Some("begin"))
    );
    let source = std::error::Error::source(&error).unwrap();
    assert_eq!(
        source.downcast_ref::<Overdue>().unwrap().ticket.id(),
        "4711"
    );
}

#[tokio::test(start_paused = true)]
async fn says_nothing_but_nonsense() {
    let device = Device::new([
        Say(r#"{"_ret_":"?"}"#),
        Say("{}"),
        Say(r#"{"_ret_":[1],"_ret_":[1]}"#),
        Say(ON),
        Say("[]"),
    ]);
    let mut action = begun(&device, plan()).await;
    let story = story(&mut action).await;
    assert_eq!(
        story[..3],
        ["started", r#"unknown 1: {"_ret_":"?"}"#, "unknown 2: {}"]
    );
    assert_eq!(story.len(), 12);
    assert_eq!(action.unknown_answers(), 9);
    assert!(
        story[11].starts_with("end: begin on /jobs has not ended in 60s"),
        "{}",
        story[11]
    );
}

fn refused(meaning: &str) -> Error {
    ErrorKind::Rpc(RpcError::new(-32601, meaning)).into()
}

#[tokio::test(start_paused = true)]
async fn checks_are_refused() {
    let device = Device::new([Say(ON), Fail(|| refused("no such method"))]);
    let end = begun(&device, plan()).await.wait().await.unwrap_err();
    assert_eq!(device.count("howFar"), 2);
    assert_eq!(end.outcome(), Outcome::Unknown);
    assert_eq!(end.ticket().unwrap().checks(), 2);
    let error = Error::from(end);
    // The check was not executed. The action may have been.
    assert_eq!(
        (error.is_method_not_found(), error.outcome()),
        (true, Outcome::Unknown)
    );
}

#[tokio::test(start_paused = true)]
async fn what_the_device_tells_makes_no_sense() {
    for (told, checks, warnings) in [
        (
            Told {
                delay: Some(90.0),
                interval: Some(600.0),
                timeout: Some(60.0),
                ..Told::default()
            },
            3,
            1,
        ),
        (
            Told {
                delay: Some(-1.0),
                interval: Some(0.0),
                timeout: Some(20.0),
                ..Told::default()
            },
            4,
            2,
        ),
        (
            Told {
                delay: Some(0.0),
                interval: Some(5e9),
                timeout: Some(20.0),
                ..Told::default()
            },
            1,
            1,
        ),
        (
            Told {
                delay: Some(5.0),
                interval: Some(3600.0),
                timeout: Some(20.0),
                ..Told::default()
            },
            1,
            0,
        ),
        (
            Told {
                delay: Some(f64::NAN),
                interval: Some(60.0),
                timeout: Some(0.0),
                ..Told::default()
            },
            30,
            2,
        ),
    ] {
        let device = Device::new([Say(ON)]);
        let mut action = begun(&device, Plan::from(told)).await;
        let mut found = 0;
        while let Some(event) = action.next().await {
            found += usize::from(matches!(event, ActionEvent::Warning(_)));
        }
        assert_eq!(
            (found, device.count("howFar")),
            (warnings, checks),
            "{told:?}"
        );
    }
}

#[tokio::test(start_paused = true)]
async fn one_check_is_made_when_it_is_late() {
    let device = Device::new([Say(DONE)]);
    let mut action = begun(&device, plan()).await;
    // Nobody asked for an hour.
    tokio::time::sleep(seconds(3600)).await;
    assert_eq!(action.wait().await.unwrap(), "4711 done");
}

#[tokio::test(start_paused = true)]
async fn checks_one_by_one() {
    let device = Device::new([Say(ON), Say("{}"), Say(DONE)]);
    let mut action = begun(&device, plan()).await;
    assert!(matches!(
        action.check_once().await,
        Some(ActionEvent::Progress(50))
    ));
    assert!(matches!(
        action.check_once().await,
        Some(ActionEvent::Unknown { count: 1, .. })
    ));
    assert!(matches!(
        action.check_once().await,
        Some(ActionEvent::End(Ok(_)))
    ));
    assert!(action.check_once().await.is_none());
    assert_eq!(device.count("howFar"), 3);
}

#[tokio::test(start_paused = true)]
async fn tells_as_a_stream() {
    use futures_util::StreamExt;
    let device = Device::new([Say(ON), Say(DONE)]);
    let mut action = begun(&device, plan()).await;
    let events: Vec<_> = action
        .progress()
        .map(|event| crate::device::words(&event))
        .collect()
        .await;
    assert_eq!(events, ["started", "50", "4711 done"]);
}
