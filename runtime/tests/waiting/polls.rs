//! Polls that are made again and again.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use futures_util::StreamExt;
use tokio::time::{Instant, sleep, timeout};
use xerus_rpc::Error;
use xerus_rpc::error::{
    AuthError, ConnectError, ErrorKind, HttpStatusError, TimeoutError, TimeoutPhase,
};
use xerus_rpc::poll::Polls;
use xerus_rpc::wire::BoxStream;

use crate::device::seconds;

/// An answer: what is in it, and whether the device says that there is more.
#[derive(Clone, Debug, PartialEq)]
struct Batch {
    items: usize,
    more: bool,
}

const EMPTY: Batch = Batch {
    items: 0,
    more: false,
};

type Polled = Polls<Box<dyn FnMut() -> futures::Boxed + Send>, fn(&Batch) -> usize>;

mod futures {
    use super::Batch;
    use xerus_rpc::Error;
    use xerus_rpc::wire::BoxFuture;

    pub(super) type Boxed = BoxFuture<'static, Result<Batch, Error>>;
}

/// Polls of a device that takes so long for each answer, and how many were made.
fn polls(
    time: Duration,
    answer: impl Fn(usize) -> Result<Batch, Error> + Send + 'static,
) -> (Polled, Arc<AtomicUsize>) {
    let made = Arc::new(AtomicUsize::new(0));
    let count = Arc::clone(&made);
    let make = move || -> futures::Boxed {
        let answer = answer(count.fetch_add(1, Ordering::SeqCst));
        Box::pin(async move {
            sleep(time).await;
            answer
        })
    };
    (
        Polls::new(Box::new(make), |batch: &Batch| batch.items),
        made,
    )
}

async fn read_for(
    stream: &mut BoxStream<'static, Result<Batch, Error>>,
    time: Duration,
) -> Vec<Result<Batch, Error>> {
    let end = Instant::now() + time;
    let mut read = Vec::new();
    while let Ok(Some(item)) = tokio::time::timeout_at(end, stream.next()).await {
        read.push(item);
    }
    read
}

#[tokio::test(start_paused = true)]
async fn nothing_at_once_for_ever_is_one_poll_a_second() {
    for more in [false, true] {
        let (polls, made) = polls(Duration::ZERO, move |_| Ok(Batch { items: 0, more }));
        let read = read_for(&mut polls.stream(), seconds(600)).await;
        assert!((600..=601).contains(&read.len()), "{}", read.len());
        assert!(made.load(Ordering::SeqCst) <= 602);
    }
}

#[tokio::test(start_paused = true)]
async fn what_has_something_in_it_is_not_slowed_down() {
    let (polls, _) = polls(Duration::from_millis(10), |_| {
        Ok(Batch {
            items: 3,
            more: false,
        })
    });
    let read = read_for(&mut polls.stream(), seconds(1)).await;
    assert!(read.len() >= 99, "{}", read.len());
}

#[tokio::test(start_paused = true)]
async fn a_device_that_holds_polls_back_is_asked_again_at_once() {
    let (polls, _) = polls(seconds(30), |_| Ok(EMPTY));
    let read = read_for(&mut polls.stream(), seconds(3000)).await;
    assert!(read.len() >= 99, "{}", read.len());
}

#[tokio::test(start_paused = true)]
async fn empty_answers_between_others_count() {
    // Each second answer is empty and would let the next be asked for at once.
    let (polls, _) = polls(Duration::from_millis(1), |number| {
        Ok(Batch {
            items: number % 2,
            more: true,
        })
    });
    let read = read_for(&mut polls.stream(), seconds(60)).await;
    let empty = read
        .iter()
        .filter(|item| item.as_ref().is_ok_and(|batch| batch.items == 0))
        .count();
    assert!((59..=61).contains(&empty), "{empty}");
}

fn unanswered() -> Error {
    let timeout = TimeoutError::new(TimeoutPhase::FirstByte, seconds(45));
    Error::from(ErrorKind::Timeout(timeout)).with_sent(true, false)
}

#[tokio::test(start_paused = true)]
async fn a_poll_that_never_returns_goes_on_or_ends() {
    let answer = |number| {
        if number == 1 {
            Err(unanswered())
        } else {
            Ok(EMPTY)
        }
    };
    let (goes_on, _) = polls(seconds(45), answer);
    let read: Vec<_> = goes_on.stream().take(4).collect().await;
    assert_eq!(
        read.iter().map(Result::is_ok).collect::<Vec<_>>(),
        [true, false, true, true]
    );

    let (ends, made) = polls(seconds(45), answer);
    let read: Vec<_> = ends.timeout_ends(true).stream().collect().await;
    assert_eq!(read.len(), 2);
    assert_eq!(read[1].as_ref().unwrap_err().code(), "Timeout.FirstByte");
    assert_eq!(made.load(Ordering::SeqCst), 2);
}

#[tokio::test(start_paused = true)]
async fn pauses_grow_with_errors_and_an_answer_ends_them() {
    let lost = || ErrorKind::Connect(ConnectError::Refused).into();
    let (polls, _) = polls(Duration::ZERO, move |number| {
        if number == 9 {
            Ok(Batch {
                items: 1,
                more: false,
            })
        } else {
            Err(lost())
        }
    });
    let mut stream = polls.stream();
    let began = Instant::now();
    let mut times = Vec::new();
    for _ in 0..12 {
        stream.next().await.unwrap().ok();
        times.push(began.elapsed().as_secs());
    }
    assert_eq!(times, [0, 1, 3, 7, 15, 31, 63, 123, 183, 243, 243, 244]);
}

#[tokio::test(start_paused = true)]
async fn a_refusal_is_the_last_item() {
    let refusals: [fn() -> Error; 4] = [
        || ErrorKind::Auth(AuthError::Unauthorized).into(),
        || ErrorKind::Auth(AuthError::Forbidden).into(),
        || ErrorKind::HttpStatus(HttpStatusError::new(404, "")).into(),
        || ErrorKind::Rpc(xerus_rpc::error::RpcError::new(-32601, "")).into(),
    ];
    for refusal in refusals {
        let (polls, made) = polls(Duration::ZERO, move |_| Err(refusal()));
        let read: Vec<_> = polls.stream().collect().await;
        assert_eq!((read.len(), made.load(Ordering::SeqCst)), (1, 1));
    }
}

#[tokio::test(start_paused = true)]
async fn what_was_set_counts() {
    let (polls, _) = polls(Duration::ZERO, |number| {
        if number < 3 {
            Err(unanswered())
        } else {
            Ok(EMPTY)
        }
    });
    let mut stream = polls.gap(seconds(3)).pause(seconds(4), seconds(6)).stream();
    let began = Instant::now();
    let mut times = Vec::new();
    for _ in 0..6 {
        stream.next().await.unwrap().ok();
        times.push(began.elapsed().as_secs());
    }
    assert_eq!(times, [0, 4, 10, 16, 19, 22]);
}

/// Who looks away while a poll is under way does not start another by coming back.
#[tokio::test(start_paused = true)]
async fn a_dropped_wait_keeps_the_poll() {
    let (polls, made) = polls(seconds(30), |_| Ok(EMPTY));
    let mut stream = polls.stream();
    for _ in 0..29 {
        assert!(timeout(seconds(1), stream.next()).await.is_err());
    }
    assert_eq!(stream.next().await.unwrap().unwrap(), EMPTY);
    assert_eq!(made.load(Ordering::SeqCst), 1);
}
