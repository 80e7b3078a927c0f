//! Logs that go on.

use std::time::Duration;

use futures_util::StreamExt;
use tokio::time::{Instant, timeout};
use xerus_device::logs::{Log, LogStream};

use super::device::Device;
use super::reading::shown;

const PAUSE: Duration = Duration::from_secs(5);

async fn read(stream: &mut LogStream, count: usize) -> Vec<Result<i32, String>> {
    let items = stream.take(count).map(|item| shown(item.unwrap()));
    items.collect().await
}

#[tokio::test(start_paused = true)]
async fn a_follower_gets_what_comes() {
    let device = Device::with(0, 50);
    let mut stream = Log::event(&device.agent()).follow(PAUSE);
    assert_eq!(
        read(&mut stream, 50).await,
        (0..50).map(Ok).collect::<Vec<_>>()
    );
    assert!(timeout(PAUSE * 10, stream.next()).await.is_err());
    let began = Instant::now();
    device.change(|content| content.write(2));
    assert_eq!(read(&mut stream, 2).await, [Ok(50), Ok(51)]);
    assert!(began.elapsed() <= PAUSE);
}

#[tokio::test(start_paused = true)]
async fn a_follower_survives_logs_that_are_begun_anew() {
    let device = Device::with(0, 3);
    let mut stream = Log::event(&device.agent()).restarts(0).follow(PAUSE);
    assert_eq!(read(&mut stream, 3).await, [Ok(0), Ok(1), Ok(2)]);
    for restart in 1..20 {
        device.change(|content| {
            content.created += 1;
            content.write(1);
        });
        assert_eq!(read(&mut stream, 1).await, [Ok(2 + restart)]);
    }
    // Somebody clears it.
    device.change(|content| {
        content.created += 1;
        content.forget(100);
        content.write(1);
    });
    assert_eq!(
        read(&mut stream, 2).await,
        [Err("Restarted".to_owned()), Ok(22)]
    );
}

#[tokio::test(start_paused = true)]
async fn a_follower_of_an_empty_log_waits() {
    let device = Device::with(7, 0);
    let mut stream = Log::debug(&device.agent()).follow(PAUSE);
    assert!(timeout(PAUSE * 3, stream.next()).await.is_err());
    device.change(|content| content.write(1));
    assert_eq!(read(&mut stream, 1).await, [Ok(7)]);
}
