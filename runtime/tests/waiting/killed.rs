//! Processes that end at every step, and others that ask on.

use std::sync::Arc;

use tokio::time::{Instant, sleep};
use xerus_rpc::action::{Action, Ticket};
use xerus_rpc::error::ErrorKind;

use crate::device::{Device, Fail, Later, Say, Step, begun, check, plan, seconds};

fn script() -> Vec<Step> {
    vec![
        Say(r#"{"_ret_":10}"#),
        Fail(|| ErrorKind::ConnectionLost.into()),
        Later(seconds(2), r#"{"_ret_":20}"#),
        Say("<html>"),
        Say("{}"),
        Say(r#"{"_ret_":30}"#),
        Say(r#"{"_ret_":100}"#),
    ]
}

fn assert_pace(device: &Device) {
    let times = device.times("howFar");
    for pair in times.windows(2) {
        assert!(pair[1] - pair[0] >= seconds(5), "{:?}", pair[1] - pair[0]);
    }
}

/// The process is killed after each event, having kept the ticket that it had then.
#[tokio::test(start_paused = true)]
async fn after_each_event() {
    for events in 0.. {
        let device = Device::new(script());
        let mut action = begun(&device, plan()).await;
        let mut ended = false;
        for _ in 0..events {
            ended |= action.next().await.is_none();
        }
        if ended {
            assert!(events > 7);
            return;
        }
        let kept = action.ticket().to_string();
        drop(action);
        finish(&device, &kept, events).await;
    }
}

/// The process is killed at each await of a wait, the ticket being that of the start, or that of the end of the process.
#[tokio::test(start_paused = true)]
async fn at_each_moment() {
    for milliseconds in (0..50_000).step_by(700) {
        for late in [false, true] {
            let device = Device::new(script());
            let began = Instant::now();
            let mut action = begun(&device, plan()).await;
            let first = action.ticket();
            let killed = tokio::time::timeout(
                std::time::Duration::from_millis(milliseconds),
                action.wait(),
            )
            .await;
            if killed.is_ok() {
                assert!(began.elapsed() > seconds(30));
                break;
            }
            // The clock of the computer stands still in this test, so what it would say is put into the old ticket.
            let kept = if late {
                action.ticket()
            } else {
                aged(&first, began.elapsed().as_secs())
            };
            drop(action);
            finish(&device, &kept.to_string(), milliseconds).await;
        }
    }
}

fn aged(ticket: &Ticket, seconds: u64) -> Ticket {
    let seconds = i64::try_from(seconds).unwrap();
    let then = xerus_rpc::Time::from_unix_seconds(xerus_rpc::Time::now().unix_seconds() - seconds);
    let text = ticket.to_string();
    let line = text
        .lines()
        .find(|line| line.starts_with("written: "))
        .unwrap();
    text.replace(line, &format!("written: {then}"))
        .parse()
        .unwrap()
}

/// Another process asks on, and is killed itself after each check, until the end.
async fn finish(device: &Arc<Device>, kept: &str, what: u64) {
    let mut kept = kept.to_owned();
    for _ in 0..20 {
        let mut action = Action::resume(&device.agent(), kept.parse().unwrap(), check).unwrap();
        match action.check_once().await.unwrap() {
            xerus_rpc::action::ActionEvent::End(end) => {
                assert_eq!(end.unwrap(), "4711 done", "{what}");
                assert_eq!(
                    (device.count("begin"), device.count("howFar") >= 7),
                    (1, true)
                );
                assert_pace(device);
                return;
            }
            _ => kept = action.ticket().to_string(),
        }
        sleep(seconds(0)).await;
    }
    panic!("never ended: {what}");
}
