//! Tickets, and clocks that were set.

use std::sync::Arc;
use std::time::Duration;

use tokio::time::Instant;
use xerus_rpc::action::{Action, Plan, Ticket};
use xerus_rpc::server::Router;
use xerus_rpc::{Agent, MemoryTransport, Time};

use crate::device::{Device, Say, begun, check, plan, seconds};

const ON: &str = r#"{"_ret_":50}"#;

/// The ticket as if it had been written then.
fn written(ticket: &Ticket, ago: i64) -> Ticket {
    let then = Time::from_unix_seconds(Time::now().unix_seconds() - ago);
    let lines = ticket.to_string();
    let lines = lines
        .lines()
        .map(|line| match line.strip_prefix("written: ") {
            Some(_) => format!("written: {then}\n"),
            None => format!("{line}\n"),
        });
    lines.collect::<String>().parse().unwrap()
}

/// How long an action of this ticket goes on, and how many checks it makes.
async fn resumed(device: &Arc<Device>, ticket: Ticket) -> (Duration, usize) {
    let (began, before) = (Instant::now(), device.count("howFar"));
    let mut action = Action::resume(&device.agent(), ticket, check).unwrap();
    assert!(action.wait().await.is_err());
    (began.elapsed(), device.count("howFar") - before)
}

#[tokio::test(start_paused = true)]
async fn the_clock_says_how_much_time_passed() {
    let device = Device::new([Say(ON)]);
    let ticket = begun(&device, plan()).await.into_ticket();
    // The next check is still ahead: 1 s later at most than it would have been.
    let (time, checks) = resumed(&device, written(&ticket, 4)).await;
    assert!((55..=56).contains(&time.as_secs()), "{time:?}");
    assert_eq!(checks, 10);
    let (time, checks) = resumed(&device, written(&ticket, 40)).await;
    assert!((19..=20).contains(&time.as_secs()), "{time:?}");
    assert!((3..=4).contains(&checks), "{checks}");
}

#[tokio::test(start_paused = true)]
async fn a_clock_that_went_backwards_gives_no_more_time() {
    let device = Device::new([Say(ON)]);
    let ticket = begun(&device, plan()).await.into_ticket();
    for ahead in [1, 3600, 10 * 365 * 86_400] {
        let (time, checks) = resumed(&device, written(&ticket, -ahead)).await;
        assert_eq!((time.as_secs(), checks), (60, 10));
    }
}

/// What the first process did since is not known then, so the second waits for as long as the first had to.
#[tokio::test(start_paused = true)]
async fn nor_does_it_make_anybody_ask_too_early() {
    let device = Device::new([Say(ON)]);
    let plan = plan().delay(seconds(1));
    let ticket = begun(&device, plan).await.into_ticket();
    let began = Instant::now();
    let mut action = Action::resume(&device.agent(), written(&ticket, -3600), check).unwrap();
    action.check_once().await.unwrap();
    assert_eq!(began.elapsed().as_secs(), 5);
}

#[tokio::test(start_paused = true)]
async fn a_clock_that_went_forwards_leaves_one_check() {
    let device = Device::new([Say(ON)]);
    let ticket = begun(&device, plan()).await.into_ticket();
    for ago in [61, 3600, 10 * 365 * 86_400] {
        let (time, checks) = resumed(&device, written(&ticket, ago)).await;
        assert_eq!((time.as_secs(), checks), (5, 1));
    }
    // More time is given where it is wanted.
    let (time, checks) = resumed(&device, written(&ticket, 3600).with_rest(seconds(30))).await;
    assert_eq!((time.as_secs(), checks), (30, 5));
}

#[tokio::test(start_paused = true)]
async fn another_device_is_refused() {
    let device = Device::new([Say(r#"{"_ret_":100}"#)]);
    let ticket = begun(&device, plan()).await.into_ticket();
    let other = Agent::with_transport(Arc::new(MemoryTransport::new(Router::new())));
    let error = Action::resume(&other, ticket.clone(), check).unwrap_err();
    assert_eq!(error.code(), "Config.BadTicket");
    assert!(error.to_string().contains("with_origin"), "{error}");

    let moved: Ticket = ticket
        .to_string()
        .replace("pdu.example.com", "192.0.2.7")
        .parse()
        .unwrap();
    assert!(Action::resume(&device.agent(), moved.clone(), check).is_err());
    let moved = moved.with_origin(device.agent().origin());
    let mut action = Action::resume(&device.agent(), moved, check).unwrap();
    assert_eq!(action.wait().await.unwrap(), "4711 done");
}

#[tokio::test(start_paused = true)]
async fn a_ticket_may_be_written_before_the_call() {
    let device = Device::new([Say(r#"{"_ret_":100}"#)]);
    let ticket = Ticket::new(&device.agent(), "/jobs", "begin", Plan::new().id("4711"));
    let read: Ticket = ticket.to_string().parse().unwrap();
    let mut action = Action::resume(&device.agent(), read, check).unwrap();
    assert_eq!(action.wait().await.unwrap(), "4711 done");
    assert_eq!(device.count("begin"), 0);
}
