//! A hundred thousand events through a device that cuts, stalls, forgets the channel and sends garbage.

use std::time::Duration;

use futures_util::StreamExt;
use futures_util::future::{Either, join, select};
use tokio::time::sleep;
use xerus_device::events::{Buffer, EventStream, Item};

use super::device::{Device, Play, event};
use super::reading::{all, number};

/// A sequence that looks random and is the same in each run.
struct Chance(u64);

impl Chance {
    fn below(&mut self, limit: u64) -> u64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        self.0 % limit
    }
}

const ALL: u64 = 100_000;

/// Raises all events, in bursts, and makes trouble between them. Every tenth is one that cannot be read.
async fn raise(device: &Device) {
    let mut chance = Chance(0x9E37_79B9_7F4A_7C15);
    let mut number = 0;
    while number < ALL {
        for _ in 0..=chance.below(400) {
            if number % 10 == 9 {
                device.raise(&format!(r#"{{"type":17,"number":{number}}}"#));
            } else {
                device.raise(&event(number));
            }
            number += 1;
        }
        match chance.below(60) {
            0 => device.play("pollEvents", [Play::CutAfter]),
            1 => device.play("pollEvents", [Play::CutBefore]),
            2 => device.play("pollEvents", [Play::Refuse, Play::Refuse]),
            3 => device.play("pollEvents", [Play::Stall]),
            4 => device.restart(),
            5 => device.play("pollEvents", [Play::Text(r#"{"_ret_":true,"eve"#)]),
            6 => device.play("createChannel", [Play::CutAfter, Play::Status(503)]),
            7 => device.play("demandEventTypes", [Play::CutAfter]),
            _ => {}
        }
        sleep(Duration::from_millis(chance.below(20_000))).await;
    }
}

/// What was seen of the events.
#[derive(Debug, Default)]
struct Seen {
    items: u64,
    next: u64,
    delivered: u64,
    counted: u64,
    unreadable: u64,
    gaps: u64,
    /// A loss was told since the last event.
    loss: bool,
    most_buffered: usize,
}

impl Seen {
    fn item(&mut self, item: &Item) {
        match item {
            Item::Event(event) => {
                let number = number(item).unwrap_or_else(|| {
                    self.unreadable += 1;
                    let text = event.unreadable().unwrap().raw().get();
                    let digits = text.rsplit_once(':').unwrap().1;
                    digits.trim_end_matches('}').parse().unwrap()
                });
                // Before the first gap nothing is missing, and nothing comes twice or out of order.
                assert!(
                    number == self.next || (number > self.next && self.loss),
                    "{number} {self:?}"
                );
                self.next = number + 1;
                self.delivered += 1;
                self.loss = false;
            }
            Item::Gap(_) => (self.gaps, self.loss) = (self.gaps + 1, true),
            Item::Overflow(overflow) => {
                self.counted += overflow.lost;
                self.loss = true;
            }
            Item::Started | Item::Trouble(_) | Item::Recovered => {}
            other => panic!("{other:?}"),
        }
    }

    /// Reads until the device is silent.
    async fn read(&mut self, events: &mut EventStream, pause: impl Fn(u64) -> Duration) {
        let mut silent = Box::pin(sleep(Duration::from_secs(600)));
        loop {
            match select(events.next(), silent).await {
                Either::Left((item, _)) => {
                    self.item(&item.unwrap().unwrap());
                    self.most_buffered = self.most_buffered.max(events.waiting());
                    self.items += 1;
                    sleep(pause(self.items)).await;
                }
                Either::Right(_) => return,
            }
            silent = Box::pin(sleep(Duration::from_secs(600)));
        }
    }
}

#[tokio::test(start_paused = true)]
async fn all_that_arrived_is_delivered_once_and_each_loss_has_its_gap() {
    let device = Device::new();
    let mut events = all(&device).buffer(Buffer::wait(1024)).stream();
    let mut seen = Seen::default();
    seen.item(&events.next().await.unwrap().unwrap());
    join(seen.read(&mut events, |_| Duration::ZERO), raise(&device)).await;
    assert_eq!((seen.delivered, seen.counted), (device.world().handed, 0));
    assert!(seen.gaps > 20, "{seen:?}");
    assert!(seen.unreadable > 5_000, "{seen:?}");
    assert!(seen.delivered > 60_000, "{seen:?}");
}

#[tokio::test(start_paused = true)]
async fn a_slow_reader_gets_all_that_was_not_counted_as_lost_and_memory_stays_flat() {
    let device = Device::new();
    let (mut events, driver) = all(&device).buffer(Buffer::drop_oldest(500)).with_driver();
    let mut seen = Seen::default();
    let read = async {
        seen.item(&events.next().await.unwrap().unwrap());
        // For a minute nothing is read, now and then.
        let pause = |item: u64| Duration::from_secs(if item.is_multiple_of(2000) { 60 } else { 0 });
        join(seen.read(&mut events, pause), raise(&device)).await;
        drop(events);
    };
    join(driver, read).await;
    assert_eq!(seen.delivered + seen.counted, device.world().handed);
    assert!(seen.counted > 5_000 && seen.delivered > 20_000, "{seen:?}");
    assert!(seen.gaps > 20, "{seen:?}");
    assert!(seen.most_buffered <= 501, "{seen:?}");
}
