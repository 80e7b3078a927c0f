//! Several tokio runtimes at a time.

use std::future::{Future, IntoFuture, poll_fn};
use std::pin::pin;
use std::sync::{Arc, Barrier};
use std::task::Poll;
use std::time::Duration;

use tokio::runtime::{Builder, Runtime};
use xerus_rpc::{Agent, Error};

use super::device::read;
use super::wire::Device;

fn runtime() -> Runtime {
    Builder::new_current_thread()
        .enable_all()
        .build()
        .expect("a runtime")
}

/// A call in each of so many runtimes at the same time.
fn calls(agent: &Agent, count: usize) -> Vec<Result<i32, Error>> {
    let barrier = Arc::new(Barrier::new(count));
    let threads: Vec<_> = (0..count)
        .map(|_| {
            let (agent, barrier) = (agent.clone(), Arc::clone(&barrier));
            std::thread::spawn(move || {
                runtime().block_on(async {
                    barrier.wait();
                    read(&agent).await
                })
            })
        })
        .collect();
    threads
        .into_iter()
        .map(|thread| thread.join().expect("no panic"))
        .collect()
}

#[test]
fn a_wrong_password_is_tried_in_one_of_them() {
    let device = Device::new();
    device.know().password = "another".to_owned();
    device.know().slow = Duration::from_millis(50);
    let mut codes: Vec<_> = calls(&device.agent(), 4)
        .into_iter()
        .map(|result| result.expect_err("refused").code())
        .collect();
    codes.sort_unstable();
    assert_eq!(device.take_seen(), ["newSession"]);
    assert_eq!(codes[3], "Auth.Unauthorized");
    assert_eq!(codes[..3], ["Auth.RefusedBefore"; 3]);
}

#[test]
fn all_use_the_session_of_one() {
    let device = Device::new();
    device.know().slow = Duration::from_millis(50);
    let agent = device.agent();
    assert!(calls(&agent, 4).iter().all(Result::is_ok));
    assert_eq!(device.know().opened, 1);
    device.know().open = 0;
    assert!(calls(&agent, 4).iter().all(Result::is_ok));
    assert_eq!(device.know().opened, 2);
}

#[test]
fn a_login_that_rests_with_its_runtime_holds_nobody_up_for_long() {
    let device = Device::new();
    device.know().slow = Duration::from_secs(1);
    let agent = device.agent();
    let resting = runtime();
    let mut held = pin!(read(&agent).send());
    resting.block_on(poll_fn(|context| {
        assert!(held.as_mut().poll(context).is_pending());
        Poll::Ready(())
    }));
    let other = Builder::new_current_thread()
        .enable_all()
        .start_paused(true)
        .build()
        .expect("a runtime");
    assert_eq!(other.block_on(read(&agent).into_future()).expect("read"), 7);
    // It comes to its end later, with the session that there is.
    device.know().slow = Duration::ZERO;
    assert_eq!(resting.block_on(held).expect("read"), 7);
}
