//! What a reader sees: events in order, batches, buffers, drivers.

use std::time::Duration;

use futures_util::future::{join, select};
use futures_util::{FutureExt, StreamExt};
use tokio::time::{Instant, sleep, timeout};
use xerus_api::event::UserEvent;
use xerus_api::idl::Event;
use xerus_device::events::{Buffer, EventStream, Events, EventsError, GapReason, Item};

use super::device::{Device, event};

pub(crate) fn all(device: &Device) -> Events {
    Events::of(&device.agent()).demand::<Event>()
}

pub(crate) async fn next(events: &mut EventStream) -> Item {
    events.next().await.unwrap().unwrap()
}

pub(crate) async fn started(events: &mut EventStream) {
    let item = next(events).await;
    assert!(matches!(item, Item::Started), "{item:?}");
}

/// The number of an event.
pub(crate) fn number(item: &Item) -> Option<u64> {
    item.downcast::<UserEvent>()?.act_user_name.parse().ok()
}

pub(crate) async fn numbers(events: &mut EventStream, count: usize) -> Vec<Option<u64>> {
    let mut numbers = Vec::new();
    while numbers.len() < count {
        numbers.push(number(&next(events).await));
    }
    numbers
}

#[tokio::test(start_paused = true)]
async fn events_come_in_order_over_several_batches() {
    let device = Device::new();
    let mut events = all(&device).stream();
    started(&mut events).await;
    device.raise_numbers(0..250);
    assert_eq!(
        numbers(&mut events, 250).await,
        (0..250).map(Some).collect::<Vec<_>>()
    );
    // Three polls at once for what was there, and one that waits.
    assert_eq!(device.calls("pollEvents"), 4);
    device.raise_numbers(250..251);
    assert_eq!(numbers(&mut events, 1).await, [Some(250)]);
}

#[tokio::test(start_paused = true)]
async fn nothing_is_sent_before_it_is_read() {
    let device = Device::new();
    let (events, driver) = all(&device).with_driver();
    let stream = all(&device).stream();
    sleep(Duration::from_secs(60)).await;
    assert_eq!(device.world().requests.len(), 0);
    drop((events, driver, stream));
}

#[tokio::test(start_paused = true)]
async fn a_quiet_device_keeps_the_channel_for_hours() {
    let device = Device::new();
    let mut events = all(&device).stream();
    started(&mut events).await;
    let raise = async {
        sleep(Duration::from_secs(3 * 3600)).await;
        device.raise(&event(7));
    };
    let (read, ()) = join(numbers(&mut events, 1), raise).await;
    assert_eq!(read, [Some(7)]);
    assert_eq!(
        (device.calls("createChannel"), device.calls("pollEvents")),
        (1, 361)
    );
}

#[tokio::test(start_paused = true)]
async fn a_stream_that_is_not_read_loses_the_channel_and_says_so() {
    let device = Device::new();
    let mut events = all(&device).stream();
    started(&mut events).await;
    device.raise_numbers(0..1);
    assert_eq!(numbers(&mut events, 1).await, [Some(0)]);
    device.raise_numbers(1..5);
    sleep(Duration::from_secs(45)).await;
    let Item::Gap(gap) = next(&mut events).await else {
        panic!("no gap");
    };
    assert!(gap.lasted >= Duration::from_secs(45));
    assert!(matches!(gap.reason, GapReason::NotPolled(time) if time >= Duration::from_secs(45)));
    assert!(gap.to_string().contains("use a driver"), "{gap}");
    device.raise_numbers(5..6);
    assert_eq!(numbers(&mut events, 1).await, [Some(5)]);
}

#[tokio::test(start_paused = true)]
async fn a_slow_but_steady_reader_keeps_the_channel() {
    let device = Device::new();
    let mut events = all(&device).buffer(Buffer::drop_oldest(10_000)).stream();
    started(&mut events).await;
    device.raise_numbers(0..200);
    for expected in 0..200 {
        assert_eq!(number(&next(&mut events).await), Some(expected));
        sleep(Duration::from_secs(5)).await;
    }
    assert_eq!(device.calls("createChannel"), 1);
}

#[tokio::test(start_paused = true)]
async fn a_reader_who_gives_up_waiting_and_comes_back_misses_nothing() {
    let device = Device::new();
    let mut events = all(&device).stream();
    started(&mut events).await;
    let raise = async {
        for number in 0..200 {
            device.raise(&event(number));
            sleep(Duration::from_millis(700)).await;
        }
    };
    let read = async {
        let (mut expected, mut given_up) = (0, 0);
        while expected < 200 {
            match timeout(Duration::from_millis(100), events.next()).await {
                Ok(item) => {
                    assert_eq!(number(&item.unwrap().unwrap()), Some(expected));
                    expected += 1;
                }
                Err(_) => given_up += 1,
            }
        }
        given_up
    };
    let (given_up, ()) = join(read, raise).await;
    assert!(given_up > 1000, "{given_up}");
    assert_eq!(device.calls("createChannel"), 1);
}

#[tokio::test(start_paused = true)]
async fn a_driver_polls_while_nobody_reads() {
    let device = Device::new();
    let (mut events, driver) = all(&device).buffer(Buffer::drop_oldest(100)).with_driver();
    let read = async {
        started(&mut events).await;
        for number in 0..1000 {
            device.raise(&event(number));
            sleep(Duration::from_secs(1)).await;
        }
        let Item::Overflow(overflow) = next(&mut events).await else {
            panic!("nothing was lost");
        };
        assert_eq!((overflow.lost, overflow.gaps), (900, 0));
        assert_eq!(
            numbers(&mut events, 100).await,
            (900..1000).map(Some).collect::<Vec<_>>()
        );
        events.close().await.unwrap();
    };
    join(driver, read).await;
    assert_eq!((device.calls("createChannel"), device.channels()), (1, 0));
}

#[tokio::test(start_paused = true)]
async fn a_driver_with_a_buffer_that_waits_loses_nothing_to_a_pause_and_the_channel_to_a_long_one()
{
    let device = Device::new();
    let (mut events, driver) = all(&device).buffer(Buffer::wait(10)).with_driver();
    let read = async move {
        started(&mut events).await;
        device.raise_numbers(0..300);
        sleep(Duration::from_secs(20)).await;
        assert_eq!(events.waiting(), 100);
        assert_eq!(device.calls("pollEvents"), 1);
        assert_eq!(
            numbers(&mut events, 300).await,
            (0..300).map(Some).collect::<Vec<_>>()
        );
        device.raise_numbers(300..500);
        sleep(Duration::from_secs(50)).await;
        assert_eq!(
            numbers(&mut events, 100).await,
            (300..400).map(Some).collect::<Vec<_>>()
        );
        let item = next(&mut events).await;
        assert!(
            matches!(&item, Item::Gap(gap) if matches!(gap.reason, GapReason::NotPolled(_))),
            "{item:?}"
        );
    };
    join(driver, read).await;
}

#[tokio::test(start_paused = true)]
async fn a_driver_ends_with_its_stream() {
    let device = Device::new();
    let (mut events, driver) = all(&device).with_driver();
    let began = Instant::now();
    let read = async move {
        started(&mut events).await;
        sleep(Duration::from_secs(100)).await;
        drop(events);
    };
    join(driver, read).await;
    assert_eq!(began.elapsed(), Duration::from_secs(100));
    // The channel is left to the device.
    assert_eq!((device.calls("destroyChannel"), device.channels()), (0, 1));
}

#[tokio::test(start_paused = true)]
async fn a_stream_says_that_its_driver_is_gone() {
    let device = Device::new();
    let (mut events, driver) = all(&device).with_driver();
    let read = async {
        started(&mut events).await;
        device.raise_numbers(0..2);
        sleep(Duration::from_secs(1)).await;
    };
    select(driver, Box::pin(read)).await;
    // What came is still read.
    assert_eq!(numbers(&mut events, 2).await, [Some(0), Some(1)]);
    let error = events.next().await.unwrap().unwrap_err();
    assert!(matches!(error, EventsError::NotDriven), "{error}");
    assert!(events.next().await.is_none());
}

#[tokio::test(start_paused = true)]
async fn closing_gives_the_channel_back() {
    let device = Device::new();
    let mut events = all(&device).stream();
    started(&mut events).await;
    assert!(events.next().now_or_never().is_none());
    events.close().await.unwrap();
    assert_eq!(device.channels(), 0);
    // One that was never read has none, one that the device has thrown away is gone.
    all(&device).stream().close().await.unwrap();
    let mut events = all(&device).stream();
    started(&mut events).await;
    device.restart();
    events.close().await.unwrap();
    assert_eq!(device.calls("destroyChannel"), 2);
}

#[tokio::test(start_paused = true)]
async fn it_runs_without_tasks() {
    let device = Device::new();
    let mut events = Box::pin(all(&device).stream());
    let mut read = 0;
    let reading = async {
        while let Some(item) = events.next().await {
            match item.unwrap() {
                Item::Started => device.raise_numbers(0..10),
                item => assert_eq!(number(&item), Some(read - 1)),
            }
            read += 1;
            if read == 11 {
                break;
            }
        }
    };
    reading.await;
    assert_eq!(
        tokio::runtime::Handle::current()
            .metrics()
            .num_alive_tasks(),
        0
    );
}
