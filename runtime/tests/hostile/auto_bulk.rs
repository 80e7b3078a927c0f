//! Calls that share requests, over HTTP.

use std::time::Duration;

use futures_util::future::join_all;
use xerus_rpc::bulk::AutoBulk;
use xerus_rpc::{Agent, Call, Json, Outcome};

use crate::device::{Asked, BOTH, Device, Scheme, Step, eventually, http, in_time, raw};
use crate::many::echo;

fn agent(device: &Device) -> Agent {
    let agent = device.agent().auto_bulk(AutoBulk::new());
    agent.build().expect("valid")
}

fn call(agent: &Agent, method: &str, value: usize) -> Call<Json> {
    let params: Json = format!(r#"{{"value":{value}}}"#).parse().expect("JSON");
    agent.call("/model/pdu/0", method, params)
}

#[track_caller]
fn assert_own(result: &Json, value: usize) {
    assert_eq!(result.get(), format!(r#"{{"_ret_":{value}}}"#));
}

/// Requests with calls of others in them, and those that are themselves.
fn requests(device: &Device) -> (Vec<Asked>, Vec<Asked>) {
    let all = device.asked().into_iter();
    all.partition(|asked| asked.method() == "performBulk")
}

async fn a_thousand_reads(scheme: Scheme) {
    let device = Device::start(scheme, echo).await;
    let agent = agent(&device);
    let tasks: Vec<_> = (0..1000)
        .map(|value| tokio::spawn(call(&agent, "getState", value).into_future()))
        .collect();
    in_time(async {
        for (value, task) in tasks.into_iter().enumerate() {
            assert_own(&task.await.expect("no panic").expect("an answer"), value);
        }
    })
    .await;
    assert_eq!(device.connections(), 1);
    // How few depends on how fast the tasks begin.
    assert!(device.requests() < 500, "{}", device.requests());
}

#[tokio::test]
async fn a_thousand_reads_at_once_are_ten_requests() {
    for scheme in BOTH {
        a_thousand_reads(scheme).await;
    }
    let device = Device::http(echo).await;
    let agent = agent(&device);
    let reads = (0..1000).map(|value| call(&agent, "getState", value).into_future());
    for (value, result) in in_time(join_all(reads)).await.into_iter().enumerate() {
        assert_own(&result.expect("an answer"), value);
    }
    assert_eq!((device.requests(), device.connections()), (10, 1));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_thousand_reads_on_several_threads_are_few_requests() {
    a_thousand_reads(Scheme::Http).await;
}

#[tokio::test]
async fn what_switches_among_them_is_sent_once_and_alone() {
    let device = Device::http(echo).await;
    let agent = agent(&device);
    let calls = (0..100).map(|value| match value % 5 {
        0 => call(&agent, "setPowerState", value),
        _ => call(&agent, "getState", value),
    });
    let results = in_time(join_all(calls.map(IntoFuture::into_future))).await;
    for (value, result) in results.into_iter().enumerate() {
        assert_own(&result.expect("an answer"), value);
    }
    let (bulks, single) = requests(&device);
    assert_eq!((bulks.len(), single.len()), (1, 20));
    assert!(!bulks[0].body.contains("setPowerState"));
}

/// Cuts the connection in answer to each first request for something, and answers the second.
fn cuts(asked: &Asked) -> Vec<Step> {
    match asked.number {
        0 => vec![Step::Close],
        _ => echo(asked),
    }
}

#[tokio::test]
async fn reads_that_shared_a_lost_request_are_sent_once_more() {
    let device = Device::http(cuts).await;
    let agent = agent(&device);
    let reads = (0..10).map(|value| call(&agent, "getState", value).with_meta());
    for (value, result) in in_time(join_all(reads)).await.into_iter().enumerate() {
        let (result, meta) = result.expect("an answer");
        assert_own(&result, value);
        assert!(meta.attempt_lost && meta.attempts == 2, "{meta:?}");
    }
    assert_eq!(device.requests(), 2);
}

#[tokio::test]
async fn switching_calls_that_were_asked_to_share_are_sent_once() {
    let device = Device::http(cuts).await;
    let agent = agent(&device);
    let calls = (0..5).map(|value| call(&agent, "setPowerState", value).auto_bulk(true));
    for result in in_time(join_all(calls.map(IntoFuture::into_future))).await {
        let error = result.expect_err("lost");
        assert_eq!(
            (error.code(), error.outcome()),
            ("ConnectionLost", Outcome::Unknown)
        );
        assert_eq!(error.method(), Some("setPowerState"));
        assert!(!error.is_retryable());
    }
    assert_eq!(device.requests(), 1);
}

#[tokio::test]
async fn a_refused_login_is_asked_once_and_told_to_all() {
    for (status, code) in [
        (401, "Auth.Unauthorized"),
        (403, "Auth.Forbidden"),
        (451, "Auth.PasswordChangeRequired"),
    ] {
        let device = Device::http(move |_: &Asked| raw(http(status, "", ""))).await;
        let agent = agent(&device);
        let reads = (0..10).map(|value| call(&agent, "getState", value).into_future());
        for result in in_time(join_all(reads)).await {
            let error = result.expect_err("refused");
            assert_eq!(
                (error.code(), error.outcome()),
                (code, Outcome::NotExecuted)
            );
            assert_eq!(
                (error.rid(), error.method()),
                (Some("/model/pdu/0"), Some("getState"))
            );
        }
        assert_eq!(device.requests(), 1, "{status}");
    }
}

#[tokio::test]
async fn calls_that_are_given_up_close_the_connection_only_together() {
    let device = Device::http(|asked: &Asked| match asked.number {
        0 => vec![Step::Hold],
        _ => echo(asked),
    })
    .await;
    let agent = agent(&device);
    let mut tasks: Vec<_> = (0..5)
        .map(|value| tokio::spawn(call(&agent, "getState", value).into_future()))
        .collect();
    eventually("the request arrives", || device.requests() == 1).await;
    let last = tasks.pop().expect("five");
    for task in tasks {
        task.abort();
        assert!(task.await.expect_err("given up").is_cancelled());
    }
    tokio::time::sleep(Duration::from_millis(20)).await;
    assert_eq!(device.open_connections(), 1, "one still waits");
    last.abort();
    eventually("the connection is closed", || {
        device.open_connections() == 0
    })
    .await;
    assert_own(
        &in_time(call(&agent, "getState", 7))
            .await
            .expect("an answer"),
        7,
    );
}

#[cfg(feature = "blocking")]
#[test]
fn threads_without_async_share_requests() {
    use std::sync::Arc;
    use std::sync::atomic::{AtomicUsize, Ordering};

    const THREADS: usize = 16;
    let mut builder = tokio::runtime::Builder::new_multi_thread();
    let running = builder
        .worker_threads(1)
        .enable_all()
        .build()
        .expect("a runtime");
    let begun = Arc::new(AtomicUsize::new(0));
    let seen = Arc::clone(&begun);
    // The first answer comes when all have begun, and late enough for some to wait for it by then.
    let device = running.block_on(Device::http(move |asked: &Asked| {
        while seen.load(Ordering::SeqCst) < THREADS {
            std::thread::yield_now();
        }
        [vec![Step::Wait(Duration::from_millis(100))], echo(asked)].concat()
    }));
    let agent = agent(&device);
    std::thread::scope(|scope| {
        for value in 0..THREADS {
            let (agent, begun) = (&agent, &begun);
            scope.spawn(move || {
                begun.fetch_add(1, Ordering::SeqCst);
                let result = call(agent, "getState", value).send_blocking();
                assert_own(&result.expect("an answer"), value);
            });
        }
    });
    assert!(device.requests() < THREADS, "{}", device.requests());
    assert_eq!(device.connections(), 1);
}
