//! Readings that end because the login is refused.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use xerus_rpc::Agent;
use xerus_rpc::error::AuthError;
use xerus_rpc::reading::Readings;

use crate::device::{Answer, Device};
use crate::reading::{reading, sensors};

const SECOND: Duration = Duration::from_secs(1);

fn locked() -> (Arc<AtomicBool>, Arc<Device>, Agent) {
    let open = Arc::new(AtomicBool::new(false));
    let inner = Arc::clone(&open);
    let (device, agent) = Device::new(move |_| {
        if inner.load(Ordering::SeqCst) {
            reading(1.0, true)
        } else {
            Answer::Fail(AuthError::Unauthorized.into())
        }
    });
    (open, device, agent)
}

#[tokio::test(start_paused = true)]
async fn a_refused_login_is_not_tried_again() {
    let (open, device, agent) = locked();
    let mut readings = Readings::new(&agent, sensors(&agent, 0..2)).interval(SECOND);
    let error = readings.run().await;
    assert_eq!(error.code(), "Auth.Unauthorized");
    assert_eq!(device.requests().len(), 1);
    assert_eq!(
        readings.latest().device().error.unwrap().code(),
        "Auth.Unauthorized"
    );
    // After the program has done something about it.
    open.store(true, Ordering::SeqCst);
    let round = readings.next().await.unwrap();
    assert_eq!((round.number, round.error.is_none()), (2, true));
}

#[tokio::test(start_paused = true)]
async fn the_stream_ends_with_it() {
    let (_open, device, agent) = locked();
    let mut readings = Readings::new(&agent, sensors(&agent, 0..2));
    assert!(readings.next().await.unwrap().error.is_some());
    assert!(readings.next().await.is_none());
    assert_eq!(device.requests().len(), 1);
    assert!(readings.next().await.unwrap().error.is_some());
    assert_eq!(device.requests().len(), 2);
}

#[tokio::test(start_paused = true)]
async fn a_program_may_have_it_tried_again_after_a_pause() {
    let (open, device, agent) = locked();
    let mut readings = Readings::new(&agent, sensors(&agent, 0..2))
        .interval(SECOND)
        .jitter(0.0)
        .login_pause(600 * SECOND);
    let round = readings.next().await.unwrap();
    assert_eq!(round.next_in, 600 * SECOND);
    readings.next().await.unwrap();
    open.store(true, Ordering::SeqCst);
    readings.next().await.unwrap();
    readings.next().await.unwrap();
    assert_eq!(device.times(), [0, 600, 1200, 1201]);
}
