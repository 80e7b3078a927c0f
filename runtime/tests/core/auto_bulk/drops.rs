//! Calls that are given up, at every point, and calls that are not polled any more.

use std::future::Future;
use std::pin::{Pin, pin};
use std::task::{Context, Poll};
use std::time::Duration;

use futures_util::future::{join, join_all};
use xerus_rpc::bulk::AutoBulk;
use xerus_rpc::call::CallFuture;
use xerus_rpc::{Json, Settings};

use super::device::{Device, When, assert_own};

/// A call that is given up when it was polled so often.
struct GivenUp {
    call: Option<CallFuture<Json>>,
    polls: usize,
}

impl Future for GivenUp {
    type Output = bool;

    fn poll(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<bool> {
        if self.polls == 0 {
            self.call = None;
        }
        let Some(call) = &mut self.call else {
            return Poll::Ready(true);
        };
        if Pin::new(call).poll(context).is_ready() {
            return Poll::Ready(false);
        }
        self.polls -= 1;
        // Polled on without being woken, so that it is given up in any case.
        context.waker().wake_by_ref();
        Poll::Pending
    }
}

fn polled_once(future: Pin<&mut impl Future>) {
    let mut context = Context::from_waker(std::task::Waker::noop());
    assert!(future.poll(&mut context).is_pending());
}

#[tokio::test]
async fn one_that_is_given_up_at_any_poll_leaves_the_others_alone() {
    let mut given_up = 0;
    for late in [false, true] {
        for place in 0..3 {
            for polls in 0..12 {
                let started = Device::echo(When::Polls(20)).start();
                // With one before it, the three wait in the queue.
                let first = async {
                    if late {
                        assert_own(started.read(9).await, 9);
                    }
                };
                let others = (0..3).filter(|number| *number != place);
                let others = join_all(others.map(|number| {
                    let call = started.read(number);
                    async move { (number, call.await) }
                }));
                let one = GivenUp {
                    call: Some(started.read(place).into_future()),
                    polls,
                };
                let all = async { tokio::join!(first, one, others) };
                let ((), dropped, results) = tokio::time::timeout(Duration::from_secs(5), all)
                    .await
                    .expect("nothing hangs");
                given_up += usize::from(dropped);
                for (number, result) in results {
                    assert_own(result, number);
                }
                assert_eq!(started.under_way(), 0);
                assert_own(started.read(5).await, 5);
            }
        }
    }
    assert!(given_up > 20, "{given_up}");
}

#[tokio::test]
async fn when_all_are_given_up_the_request_is() {
    let started = Device::echo(When::Never).start();
    let mut calls: Vec<_> = (0..5)
        .map(|number| Box::pin(started.read(number).into_future()))
        .collect();
    for _ in 0..3 {
        for call in &mut calls {
            polled_once(call.as_mut());
        }
    }
    assert_eq!((started.sizes(), started.under_way()), (vec![5], 1));
    while calls.pop().is_some() {
        assert_eq!(started.under_way(), usize::from(!calls.is_empty()));
    }
}

#[tokio::test]
async fn those_in_the_queue_go_on_when_the_request_before_them_is_given_up() {
    let started = Device::new(|asked, number| {
        let when = if number == 0 {
            When::Never
        } else {
            When::Polls(1)
        };
        (when, Ok(asked.echo()))
    })
    .start();
    let mut first = Box::pin(started.read(0).into_future());
    polled_once(first.as_mut());
    polled_once(first.as_mut());
    assert_eq!(started.under_way(), 1);
    let waiting = join(started.read(1).into_future(), started.read(2).into_future());
    let drop_first = async {
        tokio::time::sleep(Duration::from_millis(5)).await;
        drop(first);
    };
    let ((one, two), ()) = join(waiting, drop_first).await;
    assert_own(one, 1);
    assert_own(two, 2);
    assert_eq!(started.sizes(), [0, 2]);
}

#[tokio::test]
async fn a_call_that_is_not_polled_any_more_holds_up_nobody() {
    let started = Device::echo(When::After(Duration::from_millis(5))).start();
    let mut resting = pin!(started.read(0).into_future());
    polled_once(resting.as_mut());
    polled_once(resting.as_mut());
    assert_eq!(started.under_way(), 1);
    // Its request is moved on by those that wait for the next.
    let results = tokio::time::timeout(
        Duration::from_secs(5),
        join(started.read(1).into_future(), started.read(2).into_future()),
    );
    let (one, two) = results.await.expect("nothing hangs");
    assert_own(one, 1);
    assert_own(two, 2);
    assert_eq!(started.sizes(), [0, 2]);
    assert_own(resting.await, 0);
}

#[tokio::test]
async fn a_call_that_was_never_polled_sends_nothing() {
    let started = Device::echo(When::Polls(0)).start();
    drop(started.read(0).into_future());
    let mut once = Box::pin(started.read(1).into_future());
    polled_once(once.as_mut());
    drop(once);
    assert!(started.sizes().is_empty());
    assert_own(started.read(2).await, 2);
    assert_eq!(started.asked()[0].rid, "/o/2");
}

#[test]
fn a_runtime_that_rests_or_ends_holds_up_no_other() {
    let runtime = || {
        tokio::runtime::Builder::new_current_thread()
            .enable_all()
            .build()
            .unwrap()
    };
    let started = Device::echo(When::After(Duration::from_millis(5))).start();
    let (first, second) = (runtime(), runtime());
    for round in 0..2 {
        let (one, two) = (started.read(1).into_future(), started.read(2).into_future());
        first.block_on(async {
            let task = tokio::spawn(join(one, two));
            while started.under_way() == 0 {
                tokio::task::yield_now().await;
            }
            drop(task);
        });
        // Now the first runtime rests, with a request under way.
        let results = second.block_on(async {
            let calls = join(started.read(3).into_future(), started.read(4).into_future());
            tokio::time::timeout(Duration::from_secs(5), calls).await
        });
        let (three, four) = results.expect("nothing hangs");
        assert_own(three, 3);
        assert_own(four, 4);
        first.block_on(async {
            while started.under_way() > 0 {
                tokio::time::sleep(Duration::from_millis(1)).await;
            }
        });
        assert_eq!(started.sizes().len(), 2 * (round + 1));
    }
    first.block_on(async {
        tokio::spawn(started.read(1).into_future());
        while started.under_way() == 0 {
            tokio::task::yield_now().await;
        }
    });
    drop(first);
    assert_eq!(started.under_way(), 0);
    assert_own(second.block_on(started.read(5).into_future()), 5);
}

#[tokio::test]
async fn a_panic_ends_the_calls_of_its_request_and_no_other() {
    let started = Device::new(|asked, number| {
        assert!(number != 0, "on purpose");
        (When::Polls(1), Ok(asked.echo()))
    })
    .start();
    let one = tokio::spawn(started.read(1).into_future());
    let two = tokio::spawn(started.read(2).into_future());
    let (one, two) = (one.await, two.await);
    let (panicked, told) = if one.is_err() { (one, two) } else { (two, one) };
    assert!(panicked.unwrap_err().is_panic());
    let error = told.unwrap().unwrap_err();
    assert_eq!(error.outcome(), xerus_rpc::Outcome::Unknown);
    assert_own(started.read(3).await, 3);
}

#[tokio::test(start_paused = true)]
async fn a_window_goes_on_without_the_call_that_opened_it() {
    let options = AutoBulk::new().window(Duration::from_millis(20));
    let started = Device::echo(When::Polls(1)).start_with(options, Settings::default());
    let mut first = Box::pin(started.read(0).into_future());
    polled_once(first.as_mut());
    polled_once(first.as_mut());
    let others = join(started.read(1).into_future(), started.read(2).into_future());
    let drop_first = async {
        tokio::time::sleep(Duration::from_millis(5)).await;
        drop(first);
    };
    let ((one, two), ()) = join(others, drop_first).await;
    assert_own(one, 1);
    assert_own(two, 2);
    assert_eq!(started.sizes(), [2]);
    // A window that nobody is left in closes, and the next call opens one of its own.
    let mut alone = Box::pin(started.read(3).into_future());
    polled_once(alone.as_mut());
    polled_once(alone.as_mut());
    drop(alone);
    assert_own(started.read(4).await, 4);
    assert_eq!(started.sizes(), [2, 0]);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn calls_given_up_on_several_threads_hold_up_nobody() {
    let started = Device::new(|asked, number| {
        let when = match number % 3 {
            0 => When::Polls(number % 7),
            1 => When::After(Duration::from_micros(100)),
            _ => When::Polls(0),
        };
        (when, Ok(asked.echo()))
    })
    .start();
    for round in 0..40 {
        let tasks: Vec<_> = (0..40)
            .map(|number| {
                let call = started.read(number).into_future();
                let polls = (number * 7 + round) % 9;
                tokio::spawn(async move {
                    if number % 3 == 0 {
                        let call = Some(call);
                        GivenUp { call, polls }.await;
                    } else {
                        assert_own(call.await, number);
                    }
                })
            })
            .collect();
        let all = join_all(tasks);
        let ended = tokio::time::timeout(Duration::from_secs(20), all).await;
        for task in ended.expect("nothing hangs") {
            task.unwrap();
        }
    }
    assert_eq!((started.under_way(), started.most_under_way()), (0, 1));
}
