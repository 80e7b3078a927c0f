//! Each loss has its gap, and nothing else has.

use std::time::Duration;

use futures_util::StreamExt;
use futures_util::future::join;
use tokio::time::{Instant, sleep};
use xerus_device::events::{EventStream, EventsError, GapReason, Item};
use xerus_rpc::ErrorKind;

use super::device::{Device, Play};
use super::reading::{all, next, number, numbers, started};

/// All items up to the first that is no trouble, and that.
async fn past_trouble(events: &mut EventStream) -> (usize, Item) {
    let mut troubles = 0;
    loop {
        match next(events).await {
            Item::Trouble(_) => troubles += 1,
            item => return (troubles, item),
        }
    }
}

async fn gap(events: &mut EventStream) -> GapReason {
    let (_, item) = past_trouble(events).await;
    let Item::Gap(gap) = item else {
        panic!("no gap, but {item:?}");
    };
    gap.reason
}

async fn running(device: &Device) -> EventStream {
    let mut events = all(device).stream();
    started(&mut events).await;
    device.raise_numbers(0..1);
    assert_eq!(numbers(&mut events, 1).await, [Some(0)]);
    events
}

#[tokio::test(start_paused = true)]
async fn a_lost_channel_is_made_anew_and_told_again_at_once() {
    let device = Device::new();
    let mut events = running(&device).await;
    device.play("pollEvents", [Play::Forget]);
    let began = Instant::now();
    let reason = gap(&mut events).await;
    assert!(
        matches!(&reason, GapReason::ChannelLost(error) if error.http_status() == Some(404)),
        "{reason}"
    );
    assert!(began.elapsed() <= Duration::from_secs(1));
    assert_eq!(
        (
            device.calls("createChannel"),
            device.calls("demandEventTypes")
        ),
        (2, 2)
    );
    assert_eq!(device.calls("destroyChannel"), 0);
    device.raise_numbers(1..2);
    assert_eq!(numbers(&mut events, 1).await, [Some(1)]);
}

#[tokio::test(start_paused = true)]
async fn a_channel_that_the_device_declines_to_poll_is_made_anew() {
    let device = Device::new();
    let mut events = running(&device).await;
    device.play("pollEvents", [Play::Decline]);
    let reason = gap(&mut events).await;
    assert!(
        matches!(&reason, GapReason::ChannelLost(error) if error.rpc_code() == Some(-32603)),
        "{reason}"
    );
    // It may be there after all: it is given back.
    assert_eq!((device.calls("destroyChannel"), device.channels()), (1, 1));
}

#[tokio::test(start_paused = true)]
async fn a_lost_answer_is_a_gap_and_the_channel_is_not_used_again() {
    for play in [
        Play::CutAfter,
        Play::CutBefore,
        Play::Text("[1"),
        Play::Text("{}"),
        Play::Status(500),
    ] {
        let device = Device::new();
        let mut events = running(&device).await;
        device.play("pollEvents", [play.clone()]);
        device.raise_numbers(1..3);
        let reason = gap(&mut events).await;
        assert!(
            matches!(reason, GapReason::AnswerLost(_)),
            "{play:?}: {reason}"
        );
        assert_eq!(device.channels(), 1, "{play:?}");
        device.raise_numbers(3..4);
        assert_eq!(numbers(&mut events, 1).await, [Some(3)], "{play:?}");
    }
}

#[tokio::test(start_paused = true)]
async fn a_poll_that_never_returns_ends_and_is_a_gap() {
    let device = Device::new();
    let mut events = running(&device).await;
    device.play("pollEvents", [Play::Stall]);
    let began = Instant::now();
    let reason = gap(&mut events).await;
    let GapReason::AnswerLost(error) = &reason else {
        panic!("{reason}");
    };
    assert!(matches!(error.kind(), ErrorKind::Timeout(_)), "{error}");
    let took = began.elapsed();
    assert!(
        (Duration::from_secs(40)..Duration::from_secs(50)).contains(&took),
        "{took:?}"
    );
}

#[tokio::test(start_paused = true)]
async fn a_poll_that_did_not_leave_is_made_again_and_nothing_is_lost() {
    let device = Device::new();
    let mut events = running(&device).await;
    device.play(
        "pollEvents",
        [Play::Refuse, Play::Status(408), Play::Refuse],
    );
    device.raise_numbers(1..3);
    let (troubles, item) = past_trouble(&mut events).await;
    assert_eq!(troubles, 3);
    assert!(matches!(item, Item::Recovered), "{item:?}");
    assert_eq!(numbers(&mut events, 2).await, [Some(1), Some(2)]);
    assert_eq!(device.calls("createChannel"), 1);
}

#[tokio::test(start_paused = true)]
async fn a_device_that_was_away_for_long_is_a_gap_without_asking_for_the_old_channel() {
    let device = Device::new();
    let mut events = running(&device).await;
    for method in ["pollEvents", "createChannel"] {
        device.always(method, Play::Refuse);
    }
    let back = async {
        sleep(Duration::from_secs(600)).await;
        device.restart();
        for method in ["pollEvents", "createChannel"] {
            device.always(method, None);
        }
    };
    let (reason, ()) = join(gap(&mut events), back).await;
    let GapReason::Away(EventsError::Call(error)) = &reason else {
        panic!("{reason}");
    };
    assert!(matches!(error.kind(), ErrorKind::Connect(_)), "{error}");
    // Pauses grow to half a minute: ten minutes are a few dozen attempts.
    let attempts = device.calls("createChannel") + device.calls("pollEvents");
    assert!((20..60).contains(&attempts), "{attempts}");
}

#[tokio::test(start_paused = true)]
async fn a_device_that_is_away_from_the_start_is_waited_for() {
    let device = Device::new();
    device.play("createChannel", vec![Play::Refuse; 5]);
    let mut events = all(&device).stream();
    let Item::Trouble(trouble) = next(&mut events).await else {
        panic!("no trouble");
    };
    assert_eq!(
        (trouble.attempts, trouble.error.code()),
        (1, "Connect.Refused")
    );
    let (troubles, item) = past_trouble(&mut events).await;
    assert_eq!(troubles, 4);
    assert!(matches!(item, Item::Started), "{item:?}");
}

#[tokio::test(start_paused = true)]
async fn what_was_refused_ends_the_stream() {
    for method in ["createChannel", "demandEventTypes", "pollEvents"] {
        let device = Device::new();
        device.play(method, [Play::Unauthorized]);
        let mut events = all(&device).stream();
        let error = loop {
            match events.next().await.unwrap() {
                Ok(Item::Started) => {}
                Ok(item) => panic!("{method}: {item:?}"),
                Err(error) => break error,
            }
        };
        assert_eq!(error.code(), "Auth.Unauthorized", "{method}");
        assert!(events.next().await.is_none());
        assert_eq!(device.calls(method), 1);
        events.close().await.unwrap();
        assert_eq!(device.channels(), 0, "{method}");
    }
}

#[tokio::test(start_paused = true)]
async fn a_device_without_an_event_service_ends_the_stream_and_one_that_starts_does_not() {
    let device = Device::new();
    device.play("createChannel", [Play::Status(404)]);
    let mut events = all(&device).stream();
    let error = events.next().await.unwrap().unwrap_err();
    assert_eq!(error.code(), "HttpStatus.NotFound");

    let device = Device::new();
    let mut events = running(&device).await;
    device.play("pollEvents", [Play::Forget]);
    device.play("createChannel", vec![Play::Status(404); 4]);
    assert!(matches!(gap(&mut events).await, GapReason::ChannelLost(_)));
}

#[tokio::test(start_paused = true)]
async fn channels_in_use_are_an_error_or_waited_for() {
    let device = Device::new();
    device.use_channels(4);
    let mut events = all(&device).stream();
    let error = events.next().await.unwrap().unwrap_err();
    assert!(matches!(error, EventsError::ChannelsInUse), "{error}");
    assert!(error.to_string().contains("wait for a channel"), "{error}");
    assert!(events.next().await.is_none());

    let mut events = all(&device).wait_for_channel(true).stream();
    let free = async {
        sleep(Duration::from_secs(300)).await;
        device.use_channels(3);
    };
    let ((troubles, item), ()) = join(past_trouble(&mut events), free).await;
    assert!(
        troubles > 5 && matches!(item, Item::Started),
        "{troubles} {item:?}"
    );
}

#[tokio::test(start_paused = true)]
async fn the_old_channel_may_be_the_one_that_is_in_use() {
    let device = Device::new();
    let mut events = running(&device).await;
    device.use_channels(3);
    // Neither does the device give it back, nor does it answer the poll.
    device.always("destroyChannel", Play::Stall);
    device.play("pollEvents", [Play::CutAfter]);
    assert!(matches!(gap(&mut events).await, GapReason::AnswerLost(_)));
    device.raise_numbers(5..6);
    assert_eq!(number(&next(&mut events).await), Some(5));
    // But not for ever.
    device.use_channels(4);
    device.play("pollEvents", [Play::Forget]);
    let began = Instant::now();
    let error = loop {
        match events.next().await.unwrap() {
            Ok(Item::Trouble(_)) => {}
            Ok(item) => panic!("{item:?}"),
            Err(error) => break error,
        }
    };
    assert!(matches!(error, EventsError::ChannelsInUse));
    assert!(began.elapsed() >= Duration::from_secs(60));
}
