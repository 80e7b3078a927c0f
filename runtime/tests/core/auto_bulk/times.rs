//! Each call has its own time.

use std::time::Duration;

use xerus_rpc::error::TimeoutPhase;
use xerus_rpc::{Error, ErrorKind, Outcome};

use super::device::{Device, When, assert_own};

const SECOND: Duration = Duration::from_secs(1);

#[track_caller]
fn timed_out(error: &Error) -> (TimeoutPhase, Duration) {
    match error.kind() {
        ErrorKind::Timeout(error) => (error.phase, error.limit),
        other => panic!("{other:?}"),
    }
}

#[tokio::test(start_paused = true)]
async fn a_call_whose_time_is_over_ends_and_the_others_go_on() {
    let started = Device::echo(When::After(5 * SECOND)).start();
    let begin = tokio::time::Instant::now();
    let short = async {
        let error = started.read(0).timeout(SECOND).await.unwrap_err();
        assert_eq!(begin.elapsed().as_secs(), 1);
        assert_eq!(timed_out(&error), (TimeoutPhase::FirstByte, SECOND));
        assert_eq!(
            (error.rid(), error.method()),
            (Some("/o/0"), Some("getLabel"))
        );
        assert_eq!(
            (error.outcome(), error.was_sent()),
            (Outcome::Unknown, None)
        );
        assert!(error.is_retryable());
    };
    let ((), long, longer) = tokio::join!(
        short,
        started.read(1).timeout(10 * SECOND),
        started.read(2).timeout(20 * SECOND)
    );
    assert_own(long, 1);
    assert_own(longer, 2);
    assert_eq!(begin.elapsed().as_secs(), 5);
    assert_eq!(started.sizes(), [3]);
    assert_eq!(started.asked()[0].timeout, 20 * SECOND);
}

#[tokio::test(start_paused = true)]
async fn time_in_the_queue_counts() {
    let started = Device::echo(When::After(5 * SECOND)).start();
    let first = started.read(0);
    let second = async {
        tokio::time::sleep(Duration::from_millis(1)).await;
        let error = started.read(1).timeout(2 * SECOND).await.unwrap_err();
        assert_eq!(timed_out(&error), (TimeoutPhase::Queue, 2 * SECOND));
        assert_eq!(
            (error.outcome(), error.was_sent()),
            (Outcome::NotExecuted, Some(false))
        );
    };
    let third = async {
        tokio::time::sleep(Duration::from_millis(1)).await;
        started.read(2).timeout(20 * SECOND).await
    };
    let (first, (), third) = tokio::join!(first, second, third);
    assert_own(first, 0);
    assert_own(third, 2);
    assert_eq!(started.sizes(), [0, 0]);
    let left = started.asked()[1].timeout;
    assert!(left > 14 * SECOND && left < 16 * SECOND, "{left:?}");
}

#[tokio::test(start_paused = true)]
async fn a_device_that_never_answers_ends_all_in_their_time_and_the_request_too() {
    let started = Device::echo(When::Never).start();
    let begin = tokio::time::Instant::now();
    let calls = (0..10usize).map(|number| {
        let limit = SECOND * (1 + number as u32);
        let call = started.read(number).timeout(limit);
        async move {
            let error = call.await.unwrap_err();
            assert_eq!(timed_out(&error), (TimeoutPhase::FirstByte, limit));
            begin.elapsed()
        }
    });
    let times = futures_util::future::join_all(calls).await;
    for (number, time) in times.into_iter().enumerate() {
        assert_eq!(time.as_secs(), 1 + number as u64);
    }
    assert_eq!(started.sizes(), [10]);
    assert_eq!(started.under_way(), 0, "nobody waits for it any more");
}

#[tokio::test(start_paused = true)]
async fn a_timeout_of_the_request_names_the_limit_of_each_call() {
    let started = Device::new(|asked, _| {
        let limit = asked.timeout;
        let error = xerus_rpc::error::TimeoutError::new(TimeoutPhase::Connect, limit);
        (When::After(Duration::from_millis(10)), Err(error.into()))
    })
    .start();
    let (first, second) = tokio::join!(
        started.read(0).timeout(3 * SECOND),
        started.read(1).timeout(7 * SECOND)
    );
    assert_eq!(
        timed_out(&first.unwrap_err()),
        (TimeoutPhase::Connect, 3 * SECOND)
    );
    let error = second.unwrap_err();
    assert_eq!(timed_out(&error), (TimeoutPhase::Connect, 7 * SECOND));
    assert_eq!(error.outcome(), Outcome::NotExecuted);
}

#[test]
fn without_a_runtime_calls_share_requests_all_the_same() {
    let started = Device::echo(When::Polls(2)).start();
    let both =
        futures_util::future::join(started.read(0).into_future(), started.read(1).into_future());
    let mut both = std::pin::pin!(both);
    let mut context = std::task::Context::from_waker(std::task::Waker::noop());
    for _ in 0..20 {
        if let std::task::Poll::Ready((first, second)) = both.as_mut().poll(&mut context) {
            assert_own(first, 0);
            assert_own(second, 1);
            assert_eq!(started.sizes(), [2]);
            return;
        }
    }
    panic!("no end");
}
