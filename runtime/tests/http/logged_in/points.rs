//! Calls that are given up at each point of a login, one after another.

use xerus_rpc::wire::BoxFuture;
use xerus_rpc::{Agent, Credentials, Error, rt};

use super::device::read;
use super::drops::polled;
use super::wire::Device;

/// Gives a call up at each point, until it ends before; how many points there were.
async fn each_point(
    device: &Device,
    agent: &Agent,
    prepare: impl Fn(),
    call: impl Fn() -> BoxFuture<'static, Result<(), Error>>,
) -> usize {
    for times in 0..200 {
        read(agent).await.expect("read");
        prepare();
        let before = device.know().opened;
        // One waits with it, one comes later.
        let (ended, waited) = tokio::join!(polled(times, call()), read(agent).send());
        assert_eq!(
            waited.expect("the one that waits"),
            7,
            "given up at {times}"
        );
        assert_eq!(device.know().opened, before + 1, "given up at {times}");
        // The same with nobody else waiting.
        prepare();
        let before = device.know().opened;
        let alone = polled(times, call()).await;
        read(agent).await.expect("the one that comes later");
        let logins = device.know().opened - before;
        assert!((1..=2).contains(&logins), "given up at {times}: {logins}");
        if ended && alone {
            assert_eq!(logins, 1);
            return times;
        }
    }
    panic!("no end")
}

#[tokio::test(start_paused = true)]
async fn of_a_session_that_the_device_forgot() {
    let device = Device::new();
    let agent = device.agent();
    let points = each_point(
        &device,
        &agent,
        || device.know().open = 0,
        || {
            let call = read(&agent).send();
            Box::pin(async move { call.await.map(drop) })
        },
    )
    .await;
    assert!(points >= 8, "{points}");
}

#[tokio::test(start_paused = true)]
async fn of_notifications() {
    let device = Device::new();
    let agent = device.agent();
    let points = each_point(
        &device,
        &agent,
        || device.know().open = 0,
        || read(&agent).notify(),
    )
    .await;
    assert!(points >= 8, "{points}");
}

#[tokio::test(start_paused = true)]
async fn of_logins_and_closes_that_are_asked_for() {
    let device = Device::new();
    let agent = device.agent();
    for times in 0..40 {
        let _ = polled(times, Box::pin(agent.close())).await;
        read(&agent).await.expect("read");
        let login = agent.login(Credentials::basic("admin", "raritan"));
        let _ = polled(times, Box::pin(async move { login.await })).await;
        read(&agent).await.expect("read");
    }
}

#[tokio::test(start_paused = true)]
async fn streams_are_in_the_session() {
    let device = Device::new();
    let agent = device.agent();
    read(&agent).await.expect("read");
    device.know().open = 0;
    let mut items = rt::progress::<i32, _, _>(read(&agent)).stream();
    assert!(items.next().await.is_none());
    assert_eq!(items.finish().await.expect("read"), 7);
    assert_eq!(
        device.take_seen()[2..],
        [
            "getState 1",
            "getCurrentSession 1",
            "newSession",
            "getState 2"
        ]
    );
}
