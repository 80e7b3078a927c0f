//! When rounds begin.

use std::sync::atomic::Ordering;
use std::time::Duration;

use futures_util::StreamExt as _;
use tokio::time::Instant;
use xerus_rpc::reading::Readings;

use crate::device::Device;
use crate::reading::{lost, reading, sensors};

const SECOND: Duration = Duration::from_secs(1);

#[tokio::test(start_paused = true)]
async fn late_rounds_are_skipped_and_counted() {
    let (device, agent) = Device::new(|_| reading(1.0, true));
    *device.delay.lock().unwrap() = 25 * SECOND;
    let mut readings = Readings::new(&agent, sensors(&agent, 0..2))
        .interval(10 * SECOND)
        .jitter(0.0);
    for number in 1..=3 {
        let round = readings.next().await.unwrap();
        assert_eq!((round.number, round.skipped), (number, 2));
        assert!((4..=5).contains(&round.next_in.as_secs()), "{round:?}");
    }
    assert_eq!(device.times(), [0, 30, 60]);
    assert_eq!(device.most_under_way(), 1);
    assert_eq!(readings.latest().device().skipped, 6);
}

#[tokio::test(start_paused = true)]
async fn rounds_keep_their_distance_within_the_jitter() {
    let (device, agent) = Device::new(|_| reading(1.0, true));
    let mut readings = Readings::new(&agent, sensors(&agent, 0..2))
        .interval(10 * SECOND)
        .jitter(0.4);
    let mut last = None;
    let mut gaps = Vec::new();
    for _ in 0..50 {
        readings.next().await.unwrap();
        let now = Instant::now();
        if let Some(last) = last.replace(now) {
            gaps.push((now - last).as_secs_f64());
        }
    }
    assert!(
        gaps.iter().all(|gap| (5.99..=14.01).contains(gap)),
        "{gaps:?}"
    );
    assert!(gaps.iter().any(|gap| (gap - 10.0).abs() > 0.05), "{gaps:?}");
    assert_eq!(device.requests().len(), 50);
}

#[tokio::test(start_paused = true)]
async fn pauses_double_while_the_device_is_away() {
    let (device, agent) = Device::new(|_| lost());
    let mut readings = Readings::new(&agent, sensors(&agent, 0..2))
        .interval(10 * SECOND)
        .longest_pause(60 * SECOND)
        .jitter(0.0);
    for _ in 0..6 {
        assert!(readings.next().await.unwrap().error.is_some());
    }
    assert_eq!(device.times(), [0, 10, 30, 70, 130, 190]);
    assert_eq!(readings.latest().device().failures, 6);
}

#[tokio::test(start_paused = true)]
async fn a_future_that_is_dropped_loses_nothing() {
    let (device, agent) = Device::new(|_| reading(1.0, true));
    *device.delay.lock().unwrap() = 3 * SECOND;
    let mut readings = Readings::new(&agent, sensors(&agent, 0..2))
        .interval(10 * SECOND)
        .jitter(0.0);
    let mut rounds = 0;
    for _ in 0..45 {
        tokio::select! {
            round = readings.next() => rounds += u64::from(round.unwrap().error.is_none()),
            () = tokio::time::sleep(SECOND) => {}
        }
    }
    assert!(rounds >= 4, "{rounds}");
    assert_eq!(
        device.requests().len() as u64,
        rounds + device.under_way() as u64
    );
    assert_eq!(device.most_under_way(), 1);
}

#[tokio::test(start_paused = true)]
async fn readings_may_be_dropped_at_any_poll() {
    let mut ended = 0;
    for polls in 0..12 {
        let (device, agent) = Device::new(|_| reading(1.0, true));
        device.polls.store(3, Ordering::SeqCst);
        let mut readings = Readings::new(&agent, sensors(&agent, 0..150));
        let latest = readings.latest();
        let mut context = std::task::Context::from_waker(std::task::Waker::noop());
        for _ in 0..polls {
            if readings.poll_next_unpin(&mut context).is_ready() {
                ended += 1;
                break;
            }
        }
        drop(readings);
        assert_eq!(device.under_way(), 0);
        let read = latest.snapshot();
        let read = read.rows().iter().filter(|row| row.value().is_some());
        assert!(
            [0, 150].contains(&read.count()),
            "a round is kept as a whole"
        );
    }
    assert!(ended > 0, "the last ones should come to an end");
}

#[test]
fn two_runtimes_one_after_the_other() {
    let runtime = || {
        tokio::runtime::Builder::new_current_thread()
            .enable_time()
            .start_paused(true)
            .build()
            .unwrap()
    };
    let (_device, agent) = Device::new(|_| reading(1.0, true));
    let mut readings = Readings::new(&agent, sensors(&agent, 0..2)).interval(10 * SECOND);
    let first = runtime();
    first.block_on(async {
        readings.next().await.unwrap();
        // A timer of this runtime is left behind.
        tokio::time::timeout(SECOND, readings.next())
            .await
            .unwrap_err();
    });
    drop(first);
    let round = runtime().block_on(async { readings.next().await }).unwrap();
    assert_eq!(round.number, 2);
}

#[tokio::test(start_paused = true)]
async fn it_is_a_stream() {
    let (_device, agent) = Device::new(|_| reading(1.0, true));
    let readings = Readings::new(&agent, sensors(&agent, 0..2)).interval(SECOND);
    let numbers: Vec<u64> = readings.take(3).map(|round| round.number).collect().await;
    assert_eq!(numbers, [1, 2, 3]);
}
