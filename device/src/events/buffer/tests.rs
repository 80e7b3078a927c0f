use proptest::prelude::*;
use xerus_api::event::UserEvent;

use super::*;
use crate::events::{Event, EventsError, Gap, GapReason, Trouble};

fn event(number: u32) -> Item {
    let event = UserEvent {
        act_user_name: number.to_string(),
        ..UserEvent::default()
    };
    Item::Event(Event::new(&event))
}

fn gap() -> Item {
    Item::Gap(Gap {
        since: std::time::UNIX_EPOCH,
        lasted: std::time::Duration::ZERO,
        reason: GapReason::Away(EventsError::ChannelsInUse),
    })
}

fn trouble(attempts: u32) -> Item {
    Item::Trouble(Trouble {
        since: std::time::UNIX_EPOCH,
        attempts,
        error: EventsError::ChannelsInUse,
        retry_in: std::time::Duration::ZERO,
    })
}

fn number(item: &Item) -> u32 {
    let event = item.downcast::<UserEvent>().unwrap();
    event.act_user_name.parse().unwrap()
}

/// The numbers of events, and `None` for an overflow that lost so many.
fn read(queue: &mut Queue) -> Vec<Result<u32, u64>> {
    std::iter::from_fn(|| queue.pop())
        .map(|item| match item {
            Item::Overflow(overflow) => Err(overflow.lost),
            item => Ok(number(&item)),
        })
        .collect()
}

fn filled(buffer: Buffer, batches: &[u32]) -> Queue {
    let mut queue = Queue::new(buffer);
    let mut next = 0;
    for count in batches {
        queue.push((next..next + count).map(event).collect());
        next += count;
    }
    queue
}

#[test]
fn the_oldest_give_way() {
    let mut queue = filled(Buffer::drop_oldest(4), &[3, 2, 2]);
    assert_eq!(read(&mut queue), [Err(3), Ok(3), Ok(4), Ok(5), Ok(6)]);
    let mut queue = filled(Buffer::drop_oldest(4), &[2, 2]);
    assert_eq!(read(&mut queue), [Ok(0), Ok(1), Ok(2), Ok(3)]);
}

#[test]
fn the_newest_are_not_taken() {
    let mut queue = filled(Buffer::drop_newest(4), &[3, 2, 2]);
    assert_eq!(read(&mut queue), [Ok(0), Ok(1), Ok(2), Ok(3), Err(3)]);
}

#[test]
fn one_answer_is_taken_whole() {
    for buffer in [
        Buffer::drop_oldest(2),
        Buffer::drop_newest(2),
        Buffer::wait(2),
        Buffer::drop_oldest(0).max_bytes(0),
    ] {
        let mut queue = filled(buffer.clone(), &[5]);
        assert!(queue.is_full());
        assert_eq!(
            read(&mut queue),
            (0..5).map(Ok).collect::<Vec<_>>(),
            "{buffer:?}"
        );
        assert!(!queue.is_full() || buffer.bytes == 0);
    }
}

#[test]
fn gaps_that_give_way_are_counted() {
    let mut queue = Queue::new(Buffer::drop_oldest(2));
    queue.push(vec![event(0), gap()]);
    queue.push(vec![event(1), event(2)]);
    let Some(Item::Overflow(overflow)) = queue.pop() else {
        panic!("nothing was lost");
    };
    assert_eq!((overflow.lost, overflow.gaps), (1, 1));
}

#[test]
fn what_says_nothing_takes_no_room() {
    for buffer in [Buffer::drop_oldest(2), Buffer::drop_newest(2)] {
        let mut queue = filled(buffer, &[2]);
        queue.push(Vec::new());
        assert_eq!(read(&mut queue), [Ok(0), Ok(1)]);
    }
    let mut queue = Queue::new(Buffer::drop_oldest(3));
    queue.push(vec![event(0), event(1), trouble(1)]);
    queue.push(vec![trouble(2)]);
    assert_eq!(queue.len(), 3);
}

#[test]
fn of_trouble_the_last_is_kept() {
    let mut queue = Queue::new(Buffer::default());
    for attempts in 1..=1000 {
        queue.push(vec![trouble(attempts)]);
    }
    assert_eq!(queue.len(), 1);
    assert!(matches!(queue.pop(), Some(Item::Trouble(last)) if last.attempts == 1000));
    assert_eq!(queue.bytes, 0);
}

proptest! {
    /// Whatever is read in between: events come in order, and what is missing was counted in its place.
    #[test]
    fn all_is_delivered_or_counted(
        oldest in any::<bool>(),
        limit in 0_usize..20,
        steps in prop::collection::vec((0_u32..12, 0_usize..12), 0..60),
    ) {
        let buffer = if oldest { Buffer::drop_oldest(limit) } else { Buffer::drop_newest(limit) };
        let mut queue = Queue::new(buffer);
        let (mut pushed, mut next, mut largest) = (0, 0, limit.max(1));
        let mut seen = |item: Result<u32, u64>| {
            match item {
                Ok(number) => { assert_eq!(u64::from(number), next); next += 1; }
                Err(lost) => next += lost,
            }
        };
        for (count, reads) in steps {
            queue.push((pushed..pushed + count).map(event).collect());
            pushed += count;
            largest = largest.max(count as usize);
            prop_assert!(queue.len() <= largest + 1);
            for _ in 0..reads {
                let Some(item) = queue.pop() else { break };
                seen(match item {
                    Item::Overflow(overflow) => Err(overflow.lost),
                    item => Ok(number(&item)),
                });
            }
        }
        read(&mut queue).into_iter().for_each(&mut seen);
        prop_assert_eq!(next, u64::from(pushed));
        prop_assert_eq!(queue.bytes, 0);
    }
}
