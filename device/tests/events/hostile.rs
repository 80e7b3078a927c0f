//! Devices that mislead: bounded in time and memory.

use std::time::Duration;

use futures_util::StreamExt;
use tokio::time::{Instant, timeout};
use xerus_api::event::UserEvent;
use xerus_device::events::{GapReason, Item};

use super::device::{Device, Play, event};
use super::reading::{all, next, number, started};

/// Reads for so long, and gives what was read.
async fn read_for(device: &Device, time: Duration) -> Vec<Item> {
    let mut events = all(device).stream();
    let mut items = Vec::new();
    let end = Instant::now() + time;
    while let Ok(Some(item)) = timeout(end - Instant::now(), events.next()).await {
        items.push(item.unwrap());
    }
    items
}

#[tokio::test(start_paused = true)]
async fn empty_answers_that_come_at_once_are_a_second_apart() {
    for text in [
        r#"{"_ret_":false,"events":[]}"#,
        // "More", and nothing.
        r#"{"_ret_":true,"events":[]}"#,
    ] {
        let device = Device::new();
        device.always("pollEvents", Play::Text(text));
        let items = read_for(&device, Duration::from_secs(100)).await;
        assert_eq!(items.len(), 1, "{items:?}");
        let times = device.times("pollEvents");
        assert!((99..=101).contains(&times.len()), "{}", times.len());
        assert!(
            times
                .windows(2)
                .all(|pair| pair[1] - pair[0] >= Duration::from_secs(1))
        );
    }
}

#[tokio::test(start_paused = true)]
async fn garbage_that_comes_at_once_comes_once_a_second() {
    let device = Device::new();
    device.always(
        "pollEvents",
        Play::Text(r#"{"_ret_":true,"events":[null,17]}"#),
    );
    let items = read_for(&device, Duration::from_secs(100)).await;
    assert!(items.iter().skip(1).all(|item| item.event().is_some()));
    assert!((199..=203).contains(&items.len()), "{}", items.len());
}

#[tokio::test(start_paused = true)]
async fn a_device_that_forgets_each_channel_is_not_hammered() {
    let device = Device::new();
    device.always("pollEvents", Play::Forget);
    let items = read_for(&device, Duration::from_secs(300)).await;
    let gaps = items.iter().filter(|item| item.is_loss()).count();
    assert!((8..40).contains(&gaps), "{gaps}");
    assert!(device.calls("createChannel") < 40);
}

#[tokio::test(start_paused = true)]
async fn a_device_that_answers_and_then_forgets_is_asked_once_a_second_at_most() {
    let device = Device::new();
    let plays = [Play::Text(r#"{"_ret_":false,"events":[]}"#), Play::Forget];
    device.play("pollEvents", plays.into_iter().cycle().take(1000));
    read_for(&device, Duration::from_secs(100)).await;
    let created = device.times("createChannel");
    assert!(
        created
            .windows(2)
            .all(|pair| pair[1] - pair[0] >= Duration::from_secs(1))
    );
    assert!(created.len() > 20, "{}", created.len());
}

#[tokio::test(start_paused = true)]
async fn a_device_that_declines_each_poll_ends_the_stream() {
    let device = Device::new();
    device.always("pollEvents", Play::Decline);
    let events = all(&device).stream();
    let last = events.collect::<Vec<_>>().await.pop().unwrap();
    assert_eq!(last.unwrap_err().code(), "Rpc");
    assert_eq!(device.calls("pollEvents"), 5);
}

#[tokio::test(start_paused = true)]
async fn garbage_in_a_batch_keeps_its_place_and_the_others_arrive() {
    let device = Device::new();
    let mut events = all(&device).stream();
    started(&mut events).await;
    let garbage = [
        "null",
        "17",
        "\"event\"",
        "{}",
        r#"{"type":"event.UserEvent:1.0.0"}"#,
        r#"{"type":"event.UserEvent:1.0.0","value":null}"#,
        r#"{"type":17,"value":{}}"#,
        r#"{"type":"acme.Rocket_1_2_3.Launched:1.0.0","value":{"source":null,"height":12.5}}"#,
        r#"{"type":"event.UserEvent:1.0.0","value":{"source":17,"actUserName":[]}}"#,
    ];
    for (place, text) in (0_u64..).zip(garbage) {
        device.raise(&event(place));
        device.raise(text);
    }
    for (place, text) in (0_u64..).zip(garbage) {
        assert_eq!(number(&next(&mut events).await), Some(place));
        let item = next(&mut events).await;
        let odd = item.event().unwrap();
        assert!(item.downcast::<UserEvent>().is_none(), "{text}");
        assert!(text.contains(odd.raw().get()), "{text}: {odd:?}");
    }
    assert_eq!(device.calls("createChannel"), 1);
}

#[tokio::test(start_paused = true)]
async fn an_event_of_an_unknown_type_keeps_type_and_text() {
    let device = Device::new();
    let mut events = all(&device).stream();
    started(&mut events).await;
    device.raise(
        r#"{"type":"acme.Rocket_1_2_3.Launched:1.0.0","value":{"source":null,"height":12.5}}"#,
    );
    let item = next(&mut events).await;
    let event = item.event().unwrap();
    assert_eq!(event.wire_id().as_str(), "acme.Rocket_1_2_3.Launched:1.0.0");
    assert_eq!(event.raw().get(), r#"{"source":null,"height":12.5}"#);
    assert!(event.base().is_some());
}

#[tokio::test(start_paused = true)]
async fn a_channel_that_is_no_channel_is_trouble() {
    for text in [
        r#"{"_ret_":17}"#,
        r#"{"_ret_":{"rid":"//elsewhere/x","type":"event.Channel:1.0.1"}}"#,
        r#"{"_ret_":{"rid":"/x","type":"pdumodel.Outlet:3.0.0"}}"#,
    ] {
        let device = Device::new();
        device.play("createChannel", [Play::Text(text)]);
        let mut events = all(&device).stream();
        let item = next(&mut events).await;
        assert!(matches!(item, Item::Trouble(_)), "{text}: {item:?}");
        started(&mut events).await;
        assert_eq!(
            device
                .world()
                .requests
                .iter()
                .filter(|request| request.1.contains("elsewhere"))
                .count(),
            0
        );
    }
}

#[tokio::test(start_paused = true)]
async fn an_answer_that_is_too_large_is_a_gap() {
    let device = Device::new();
    let mut events = all(&device).stream();
    started(&mut events).await;
    device.play("pollEvents", [Play::TooLarge]);
    let mut items = Vec::new();
    while !items.iter().any(Item::is_loss) {
        items.push(next(&mut events).await);
    }
    let Some(Item::Gap(gap)) = items.pop() else {
        panic!("{items:?}");
    };
    let GapReason::AnswerLost(error) = gap.reason else {
        panic!("{gap}");
    };
    assert_eq!(error.code(), "ResponseTooLarge");
}

#[tokio::test(start_paused = true)]
async fn a_huge_answer_is_handed_over_in_order_or_is_a_gap() {
    for count in [100_000_u64, 1_000_000] {
        let device = Device::new();
        let mut events = all(&device).stream();
        started(&mut events).await;
        let batch: Vec<String> = (0..count).map(event).collect();
        let text = format!(r#"{{"_ret_":false,"events":[{}]}}"#, batch.join(","));
        device.play("pollEvents", [Play::Text(text.leak())]);
        let (mut expected, mut lost) = (0, false);
        while expected < count && !lost {
            match next(&mut events).await {
                Item::Trouble(_) => {}
                item if item.is_loss() => lost = true,
                item => {
                    assert_eq!(number(&item), Some(expected));
                    expected += 1;
                }
            }
        }
        // All of it, or none.
        assert!(
            expected == if lost { 0 } else { count },
            "{expected} of {count}"
        );
        device.raise_numbers(7..8);
        assert_eq!(number(&next(&mut events).await), Some(7));
    }
}
