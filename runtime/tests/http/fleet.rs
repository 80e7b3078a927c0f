//! Many devices over HTTP: connections, and what becomes of them.

use std::future::pending;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering::SeqCst};
use std::time::Duration;

use xerus_rpc::fleet::{Device, Fleet, FleetError, Stop};
use xerus_rpc::{Agent, Error, Json};

use crate::support::{Answer, Seen, Server, eventually, http, in_time};

fn answer(seen: &Seen) -> Answer {
    seen.answer(r#"{"_ret_":1}"#)
}

/// As many devices behind one server, which counts. Their agents are made when they are needed.
fn lazy(server: &Server, devices: usize) -> Fleet<usize> {
    let server = server.clone();
    Fleet::lazy(0..devices, move |_| server.agent().build())
}

fn given(server: &Server, devices: usize) -> Fleet<usize> {
    let agent = |key| (key, server.agent().build().expect("valid"));
    Fleet::new((0..devices).map(agent))
}

/// Three calls on a device.
async fn work(device: Device<usize>) -> Result<usize, Error> {
    for _ in 0..3 {
        let state = device.agent().call("/o", "getState", Json::EMPTY_OBJECT);
        state.await?;
    }
    Ok(*device.key())
}

async fn all_closed(server: &Server) {
    eventually("all connections are closed", || {
        server.open_connections() == 0
    })
    .await;
}

#[tokio::test]
async fn one_connection_for_each_device_and_none_is_left() {
    let server = Server::http(answer).await;
    let run = lazy(&server, 100).cap(8).run(work);
    for (key, result) in in_time(run.collect_all()).await {
        assert_eq!(result.expect("an answer"), key);
    }
    assert_eq!((server.requests(), server.connections()), (300, 100));
    all_closed(&server).await;
}

#[tokio::test]
async fn requests_under_way_keep_to_the_cap() {
    let now = Arc::new(AtomicUsize::new(0));
    let most = Arc::new(AtomicUsize::new(0));
    let peak = most.clone();
    let arrived = now.clone();
    let server = Server::http(move |seen| {
        peak.fetch_max(arrived.fetch_add(1, SeqCst) + 1, SeqCst);
        Answer::Later(
            Duration::from_millis(2),
            http(200, "", &seen.document("{}")),
        )
    })
    .await;
    let left = now.clone();
    let run = lazy(&server, 60).cap(5).run(move |device| {
        let left = left.clone();
        async move {
            let state = device.agent().call("/o", "getState", Json::EMPTY_OBJECT);
            let result = state.await;
            left.fetch_sub(1, SeqCst);
            result
        }
    });
    let results = in_time(run.collect_all()).await;
    assert!(results.iter().all(|(_, result)| result.is_ok()));
    assert_eq!((now.load(SeqCst), server.connections()), (0, 60));
    assert!(most.load(SeqCst) <= 5, "{}", most.load(SeqCst));
}

#[tokio::test]
async fn agents_of_the_program_stay_open_unless_asked() {
    let server = Server::http(answer).await;
    let fleet = given(&server, 20);
    for _ in 0..2 {
        in_time(fleet.run(work).collect_all()).await;
    }
    assert_eq!((server.connections(), server.open_connections()), (20, 20));
    let fleet = fleet.close_agents(true);
    in_time(fleet.run(work).collect_all()).await;
    assert_eq!(server.connections(), 20);
    all_closed(&server).await;
    in_time(fleet.run(work).collect_all()).await;
    assert_eq!((server.requests(), server.connections()), (240, 40));
}

#[tokio::test]
async fn a_dropped_run_closes_its_connections() {
    // Nothing is ever answered.
    let server = Server::http(|_| Answer::Begin(String::new())).await;
    let fleets = [lazy(&server, 50).cap(6), given(&server, 50).cap(6)];
    for (round, fleet) in fleets.into_iter().enumerate() {
        let mut run = fleet.run(work);
        tokio::select! {
            _ = run.next() => panic!("nothing is answered"),
            () = eventually("six requests came", || server.requests() == 6 * (round + 1)) => {}
        }
        assert_eq!(server.open_connections(), 6);
        drop(run);
        all_closed(&server).await;
    }
}

#[tokio::test]
async fn a_device_that_takes_too_long_loses_its_connection() {
    let server = Server::http(|seen| match seen.connection {
        0 => Answer::Begin(String::new()),
        _ => answer(seen),
    })
    .await;
    let run = lazy(&server, 10)
        .cap(1)
        .run(work)
        .device_timeout(Duration::from_secs(2));
    let results = in_time(run.collect_all()).await;
    assert!(matches!(
        results[0].1,
        Err(FleetError::Dropped(Stop::DeviceTimeout(_)))
    ));
    assert!(results[1..].iter().all(|(_, result)| result.is_ok()));
    all_closed(&server).await;
}

/// What the program has under way with an agent elsewhere does not hold up the fleet for ever.
#[tokio::test]
async fn closing_does_not_wait_without_end() {
    let server = Server::http(|seen| match seen.body.contains("getNothing") {
        true => Answer::Begin(String::new()),
        false => answer(seen),
    })
    .await;
    let kept = server.agent().build().expect("valid");
    let elsewhere = kept.call("/o", "getNothing", Json::EMPTY_OBJECT);
    let elsewhere = tokio::spawn(async move { elsewhere.await });
    eventually("it is under way", || server.requests() == 1).await;
    tokio::time::pause();
    let fleet = Fleet::new([("one", kept)]).close_agents(true);
    let results = fleet
        .run(|_| async { Ok::<_, Error>(()) })
        .collect_all()
        .await;
    assert!(results[0].1.is_ok());
    assert!(!elsewhere.is_finished());
    elsewhere.abort();
}

/// A device that nobody answers for: the others go on, and the whole ends with its time.
#[tokio::test(start_paused = true)]
async fn the_time_of_a_run_ends_what_hangs() {
    let fleet = Fleet::lazy(0..40, |_| Agent::builder("http://192.0.2.1").build());
    let run = fleet
        .run(|device| async move {
            if device.index() < 16 {
                pending::<()>().await;
            }
            Ok::<_, Error>(())
        })
        .run_timeout(Duration::from_secs(60));
    let progress = run.progress();
    let results = run.collect_all().await;
    let begun = results
        .iter()
        .filter(|(_, result)| !result.as_ref().expect_err("no result").is_not_begun());
    assert_eq!(begun.count(), 16);
    let counts = progress.counts();
    assert_eq!((counts.failed, counts.not_begun), (16, 24));
}
