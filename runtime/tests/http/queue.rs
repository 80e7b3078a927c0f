//! One connection, many callers.

use std::collections::BTreeSet;
use std::sync::Arc;
use std::time::{Duration, Instant};

use crate::certificates::Authority;
use crate::support::{
    Answer, GET_STATE, POLL, SET_STATE, Server, call, eventually, failure, http, in_time, request,
    success, values,
};
use xerus_rpc::Outcome;
use xerus_rpc::error::{ErrorKind, TimeoutPhase};
use xerus_rpc::wire::Request;

/// An answer that repeats the parameters.
fn echo(seen: &crate::support::Seen) -> Answer {
    seen.answer(&seen.json()["params"].to_string())
}

#[tokio::test]
async fn two_calls_at_once_share_one_connection() {
    let server = Server::http(|seen| {
        Answer::Later(
            Duration::from_millis(30),
            http(200, "", &seen.document("1")),
        )
    })
    .await;
    let transport = server.transport();
    let start = Instant::now();
    in_time(async {
        tokio::join!(
            success(&transport, &GET_STATE),
            success(&transport, &GET_STATE)
        )
    })
    .await;
    assert!(
        start.elapsed() >= Duration::from_millis(60),
        "one after the other"
    );
    assert_eq!((server.requests(), server.connections()), (2, 1));
}

async fn one_after_another(server: &Server) {
    let transport = server
        .agent()
        .danger_accept_invalid_certs()
        .build_transport()
        .expect("valid");
    for _ in 0..200 {
        success(&transport, &GET_STATE).await;
    }
    assert_eq!((server.requests(), server.connections()), (200, 1));
}

#[tokio::test]
async fn calls_one_after_another_reuse_the_connection() {
    one_after_another(&Server::http(|seen| seen.answer("{}")).await).await;
    let config = Authority::new().server(&["localhost"]);
    one_after_another(&Server::https(config, |seen| seen.answer("{}")).await).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn calls_one_after_another_reuse_the_connection_on_several_threads() {
    one_after_another(&Server::http(|seen| seen.answer("{}")).await).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_thousand_calls_queue_and_each_gets_its_own_answer() {
    let server = Server::http(echo).await;
    let transport = Arc::new(server.transport());
    let calls = (0..1000).map(|number| {
        let transport = Arc::clone(&transport);
        tokio::spawn(async move {
            let request = Request::new(
                "/model/pdu/0",
                &GET_STATE,
                values(&format!("{{\"n\":{number}}}")),
            );
            let document = call(&transport, &request).await.expect("an answer");
            assert!(
                document.contains(&format!("\"result\":{{\"n\":{number}}}")),
                "{document}"
            );
        })
    });
    in_time(async {
        for call in calls.collect::<Vec<_>>() {
            call.await.expect("the call succeeds");
        }
    })
    .await;
    assert_eq!((server.requests(), server.connections()), (1000, 1));
    let ids: BTreeSet<u64> = server
        .seen()
        .iter()
        .filter_map(|seen| seen.json()["id"].as_u64())
        .collect();
    assert_eq!(ids, (1..=1000).collect(), "every id once, from 1");
}

#[tokio::test]
async fn more_connections_on_request_only() {
    let slow = |seen: &crate::support::Seen| {
        Answer::Later(
            Duration::from_millis(50),
            http(200, "", &seen.document("1")),
        )
    };
    let server = Server::http(slow).await;
    let transport = server
        .agent()
        .max_connections(2)
        .build_transport()
        .expect("valid");
    let call = || success(&transport, &GET_STATE);
    in_time(async { tokio::join!(call(), call(), call(), call()) }).await;
    assert_eq!((server.requests(), server.connections()), (4, 2));
}

#[tokio::test]
async fn a_long_poll_blocks_nobody() {
    let server = Server::http(|seen| match seen.json()["method"].as_str() {
        Some("pollEvents") => Answer::Later(
            Duration::from_millis(500),
            http(200, "", &seen.document("[]")),
        ),
        _ => seen.answer("{}"),
    })
    .await;
    let transport = server.transport();
    let poll = async {
        success(&transport, &POLL).await;
        Instant::now()
    };
    let others = async {
        eventually("the poll is under way", || server.requests() == 1).await;
        for _ in 0..3 {
            success(&transport, &GET_STATE).await;
        }
        Instant::now()
    };
    let (poll, others) = in_time(async { tokio::join!(poll, others) }).await;
    assert!(others < poll);
    assert_eq!(server.connections(), 2);
}

#[tokio::test]
async fn waiting_in_the_queue_counts_and_is_told() {
    let server = Server::http(|_| Answer::Begin(String::new())).await;
    let transport = server.transport();
    let first = request(&GET_STATE).with_timeout(Duration::from_millis(400));
    let second = request(&SET_STATE).with_timeout(Duration::from_millis(100));
    let (first, second) =
        in_time(async { tokio::join!(call(&transport, &first), call(&transport, &second)) }).await;
    let ErrorKind::Timeout(timeout) = first.expect_err("silence").kind().clone() else {
        panic!()
    };
    assert_eq!(timeout.phase, TimeoutPhase::FirstByte);
    let second = second.expect_err("no turn");
    let ErrorKind::Timeout(timeout) = second.kind() else {
        panic!("{second:?}")
    };
    assert_eq!(
        (timeout.phase, second.outcome()),
        (TimeoutPhase::Queue, Outcome::NotExecuted)
    );
    assert!(second.is_retryable());
    assert_eq!(server.requests(), 1);
}

#[tokio::test]
async fn giving_up_closes_the_connection() {
    let server = Server::http(|seen| match seen.number {
        0 => Answer::Begin(String::new()),
        1 => Answer::Begin("HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n{".into()),
        _ => seen.answer("{}"),
    })
    .await;
    let transport = server.transport();
    for requests in 1..=2 {
        let request = request(&GET_STATE);
        let waiting = call(&transport, &request);
        tokio::select! {
            result = waiting => panic!("answered: {result:?}"),
            () = async {
                eventually("the request is there", || server.requests() == requests).await;
                tokio::time::sleep(Duration::from_millis(20)).await;
            } => {}
        }
        if requests == 1 {
            eventually("the connection is closed", || {
                server.open_connections() == 0
            })
            .await;
        }
    }
    // No later call sees an old answer, and the place in the queue is free again.
    assert!(success(&transport, &GET_STATE).await.contains("\"id\":3"));
    assert_eq!(server.connections(), 3);
}

#[tokio::test]
async fn giving_up_in_the_queue_leaves_the_queue() {
    let server = Server::http(|seen| {
        Answer::Later(
            Duration::from_millis(50),
            http(200, "", &seen.document("1")),
        )
    })
    .await;
    let transport = server.transport();
    for _ in 0..20 {
        let abandoned = (request(&SET_STATE), request(&SET_STATE));
        let give_up = async {
            let calls = async {
                tokio::join!(
                    call(&transport, &abandoned.0),
                    call(&transport, &abandoned.1)
                )
            };
            tokio::time::timeout(Duration::from_millis(5), calls)
                .await
                .is_err()
        };
        assert!(in_time(give_up).await);
    }
    success(&transport, &GET_STATE).await;
}

#[tokio::test]
async fn devices_that_close_after_each_answer_cost_no_waiting() {
    let closing = |seen: &crate::support::Seen| {
        Answer::Last(http(200, "Connection: close\r\n", &seen.document("1")))
    };
    let silently = |seen: &crate::support::Seen| Answer::Last(http(200, "", &seen.document("1")));
    for server in [Server::http(closing).await, Server::http(silently).await] {
        let transport = server.transport();
        let mut best = Duration::MAX;
        for _ in 0..6 {
            let start = Instant::now();
            for _ in 0..10 {
                success(&transport, &GET_STATE).await;
            }
            best = best.min(start.elapsed());
        }
        // Waiting for a connection that never comes back would take 50 ms a call.
        assert!(best < Duration::from_millis(400), "{best:?}");
        assert_eq!(server.requests(), 60);
    }
}

#[tokio::test]
async fn an_agent_survives_the_runtime_it_was_used_on() {
    let server = Server::http(|seen| seen.answer("{}")).await;
    let transport = Arc::new(server.transport());
    for _ in 0..3 {
        let transport = Arc::clone(&transport);
        let other = std::thread::spawn(move || {
            let runtime = tokio::runtime::Builder::new_current_thread()
                .enable_all()
                .build()
                .expect("a runtime");
            runtime.block_on(success(&transport, &SET_STATE));
        });
        tokio::task::spawn_blocking(move || other.join())
            .await
            .expect("joined")
            .expect("the call succeeds");
    }
    success(&transport, &SET_STATE).await;
    assert_eq!(server.requests(), 4);
}

#[tokio::test]
async fn errors_do_not_lose_the_place_of_others() {
    let server = Server::http(|seen| {
        if seen.number % 2 == 0 {
            Answer::Cut
        } else {
            seen.answer("{}")
        }
    })
    .await;
    let transport = server.transport();
    for _ in 0..5 {
        assert_eq!(
            failure(&transport, &SET_STATE).await.code(),
            "ConnectionLost"
        );
        success(&transport, &SET_STATE).await;
    }
}

#[tokio::test]
async fn a_dropped_agent_leaves_no_connection_behind() {
    let server = Server::http(|seen| seen.answer("{}")).await;
    let transport = server.transport();
    success(&transport, &GET_STATE).await;
    assert_eq!(server.open_connections(), 1);
    drop(transport);
    eventually("the connection is closed", || {
        server.open_connections() == 0
    })
    .await;
}
