//! Calls that are given up while a login is under way.

use std::future::{Future, poll_fn};
use std::pin::pin;
use std::task::Poll;
use std::time::Duration;

use super::device::{Device, agent, read};
use crate::support::in_time;

/// Polls a future so often, and then gives it up; whether it ended before.
pub(super) async fn polled<F: Future>(times: usize, future: F) -> bool {
    let mut future = pin!(future);
    let mut left = times;
    poll_fn(move |context| {
        if left == 0 {
            return Poll::Ready(false);
        }
        left -= 1;
        match future.as_mut().poll(context) {
            Poll::Ready(_) => Poll::Ready(true),
            // After the last poll that is granted nothing may wake it.
            Poll::Pending if left == 0 => Poll::Ready(false),
            Poll::Pending => Poll::Pending,
        }
    })
    .await
}

#[tokio::test]
async fn a_call_that_is_given_up_leaves_no_other_waiting() {
    let (device, server) = Device::start().await;
    let agent = agent(&server);
    in_time(read(&agent)).await.expect("read");
    let mut ended = 0;
    for times in 0.. {
        device.forget();
        // The one that drives the login goes away; one waits with it, one comes later.
        let waiting = read(&agent).timeout(Duration::from_secs(10)).send();
        let given_up = polled(times, read(&agent).send());
        let (done, waited) = in_time(async { tokio::join!(given_up, waiting) }).await;
        waited.expect("read");
        in_time(read(&agent)).await.expect("read");
        ended += usize::from(done);
        if ended == 3 {
            assert!(times > 5, "given up at {times} points only");
            break;
        }
    }
}

#[tokio::test]
async fn a_login_that_nobody_waits_for_is_made_anew() {
    let (device, server) = Device::start().await;
    let agent = agent(&server);
    in_time(read(&agent)).await.expect("read");
    for times in 0..40 {
        device.forget();
        let done = in_time(polled(times, read(&agent).send())).await;
        in_time(read(&agent)).await.expect("read");
        if done {
            assert!(times > 5, "given up at {times} points only");
            return;
        }
    }
    panic!("no call ended within 40 polls");
}
