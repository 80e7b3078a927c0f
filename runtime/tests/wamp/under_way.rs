//! Calls under way: how many, in which order, how long, and how they are given up.

use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::Duration;

use serde_json::{Value, json};
use xerus_rpc::server::Fault;
use xerus_rpc::wamp::Content;

use crate::router::{BONDY, CROSSBAR, LONG, Router};
use crate::serving::{invocation, registers, serve, with};

/// How a shutdown goes: whether the call under way ended by itself.
async fn shut_down(work: Duration, drain: Duration) -> (Value, Duration) {
    let router = Router::start().await;
    let wamp = router.client().build().unwrap();
    let callee = with(move |call| async move {
        tokio::select! {
            () = tokio::time::sleep(work) => Ok(Content::new().arg("finished")),
            () = call.context.cancelled() => Err(Fault::new(-32000, "given up")),
        }
    });
    let (mut peer, serving) = serve(&router, &wamp, callee.drain(drain), CROSSBAR).await;
    peer.send(invocation(900, json!({}), json!([]))).await;
    assert!(peer.is_silent(Duration::from_millis(50)).await);
    let begin = std::time::Instant::now();
    let shutdown = tokio::spawn(serving.shutdown());
    let unregister = peer.takes(66).await;
    peer.send(json!([67, unregister[1]])).await;
    let answer = peer.next().await.unwrap();
    tokio::time::timeout(LONG, shutdown).await.unwrap().unwrap();
    // What comes after it is nobody's.
    peer.send(invocation(901, json!({}), json!([]))).await;
    assert_eq!(peer.takes(8).await[4], "wamp.error.no_such_registration");
    (answer, begin.elapsed())
}

#[tokio::test]
async fn w25_an_interrupt_gives_the_call_up_and_nothing_follows_an_answer() {
    let router = Router::start().await;
    let wamp = router.client().build().unwrap();
    let given_up = Arc::new(AtomicU32::new(0));
    let counted = Arc::clone(&given_up);
    let callee = with(move |call| {
        let counted = Arc::clone(&counted);
        async move {
            if call.arg::<i32>(0)? == 0 {
                return Ok(Content::new().arg("at once"));
            }
            call.context.cancelled().await;
            counted.fetch_add(1, Ordering::Relaxed);
            Ok(Content::new().arg("as far as it went"))
        }
    });
    let (mut peer, serving) = serve(&router, &wamp, callee, CROSSBAR).await;
    for request in 900..903 {
        peer.send(invocation(request, json!({}), json!([1]))).await;
    }
    assert!(peer.is_silent(Duration::from_millis(50)).await);
    // Nobody waits: nothing is sent.
    peer.send(json!([69, 900, {"mode": "killnowait"}])).await;
    peer.send(json!([69, 901, {}])).await;
    // The router waits: what came of it is sent, once.
    peer.send(json!([69, 902, {"mode": "kill"}])).await;
    peer.send(json!([69, 902, {"mode": "kill"}])).await;
    assert_eq!(
        peer.takes(70).await,
        json!([70, 902, {}, ["as far as it went"]])
    );
    // An answer is there already; a call that nobody knows.
    peer.send(invocation(903, json!({}), json!([0]))).await;
    assert_eq!(peer.takes(70).await, json!([70, 903, {}, ["at once"]]));
    peer.send(json!([69, 903, {"mode": "kill"}])).await;
    peer.send(json!([69, 12345, {"mode": "kill"}])).await;
    assert!(peer.is_silent(Duration::from_millis(200)).await);
    assert_eq!(given_up.load(Ordering::Relaxed), 3);
    let counters = serving.counters();
    assert_eq!((counters.calls, counters.late, counters.results), (4, 2, 2));
}

#[tokio::test]
async fn w25_who_does_not_end_when_it_is_given_up_is_dropped() {
    let router = Router::start().await;
    let wamp = router.client().build().unwrap();
    let callee = with(|_| std::future::pending()).grace(Duration::from_millis(50));
    let (mut peer, serving) = serve(&router, &wamp, callee, CROSSBAR).await;
    peer.send(invocation(900, json!({}), json!([]))).await;
    peer.send(json!([69, 900, {"mode": "kill"}])).await;
    let error = peer.takes(8).await;
    assert_eq!(
        json!([error[1], error[2], error[4]]),
        json!([68, 900, "wamp.error.canceled"])
    );
    peer.send(invocation(901, json!({}), json!([]))).await;
    peer.send(json!([69, 901, {"mode": "killnowait"}])).await;
    assert!(peer.is_silent(Duration::from_millis(200)).await);
    assert_eq!((serving.counters().errors, serving.counters().late), (1, 1));
}

#[tokio::test]
async fn w36_slow_servants_hold_up_neither_the_reader_nor_each_other() {
    let router = Router::start().await;
    let wamp = router.client().build().unwrap();
    let at_a_time = Arc::new(AtomicU32::new(0));
    let most = Arc::new(AtomicU32::new(0));
    let (now, peak) = (Arc::clone(&at_a_time), Arc::clone(&most));
    let callee = with(move |call| {
        let (now, peak) = (Arc::clone(&now), Arc::clone(&peak));
        async move {
            peak.fetch_max(now.fetch_add(1, Ordering::Relaxed) + 1, Ordering::Relaxed);
            tokio::time::sleep(Duration::from_millis(5)).await;
            now.fetch_sub(1, Ordering::Relaxed);
            Ok(Content::new().arg(&call.arg::<i32>(0)?))
        }
    });
    let (mut peer, serving) = serve(&router, &wamp, callee.calls(50).waiting(1940), CROSSBAR).await;
    for number in 0..2000 {
        peer.send(invocation(1000 + number, json!({}), json!([number])))
            .await;
    }
    let (mut results, mut busy) = (0, 0);
    for _ in 0..2000 {
        let answer = peer.next().await.unwrap();
        if answer[0] == 70 {
            assert_eq!(
                answer[3][0].as_u64().unwrap() + 1000,
                answer[1].as_u64().unwrap()
            );
            results += 1;
        } else {
            assert_eq!(answer[4], "wamp.error.unavailable");
            busy += 1;
        }
    }
    assert_eq!(serving.counters().busy, busy);
    assert!(busy <= 10 && results >= 1990, "{results} and {busy}");
    assert!(most.load(Ordering::Relaxed) <= 50);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn w36_calls_begin_in_the_order_in_which_they_came() {
    let router = Router::start().await;
    let wamp = router.client().build().unwrap();
    let order = Arc::new(std::sync::Mutex::new(Vec::new()));
    let begun = Arc::clone(&order);
    let callee = with(move |call| {
        begun.lock().unwrap().push(call.arg::<i32>(0).unwrap());
        async { Ok(Content::new()) }
    });
    let (mut peer, _serving) = serve(&router, &wamp, callee.calls(7), CROSSBAR).await;
    for number in 0..500 {
        peer.send(invocation(1000 + number, json!({}), json!([number])))
            .await;
    }
    for _ in 0..500 {
        peer.takes(70).await;
    }
    assert_eq!(*order.lock().unwrap(), (0..500).collect::<Vec<_>>());
}

#[tokio::test]
async fn the_time_of_a_call_is_that_of_the_callee_and_of_routers_that_count_milliseconds() {
    for (features, timeout, own) in [
        (BONDY, Some(50), None),
        (CROSSBAR, None, Some(Duration::from_millis(50))),
        // It is seconds there.
        (CROSSBAR, Some(50), None),
    ] {
        let router = Router::start().await;
        let wamp = router.client().build().unwrap();
        let mut callee = with(|call| async move {
            tokio::time::sleep(Duration::from_millis(400)).await;
            Ok(Content::new().arg(&call.context.deadline.is_some()))
        });
        if let Some(own) = own {
            callee = callee.deadline(own);
        }
        let (mut peer, serving) = serve(&router, &wamp, callee, features).await;
        let details = timeout.map_or(json!({}), |timeout| json!({"timeout": timeout}));
        peer.send(invocation(900, details, json!([]))).await;
        let answer = peer.next().await.unwrap();
        if features == CROSSBAR && own.is_none() {
            assert_eq!(answer, json!([70, 900, {}, [false]]));
            continue;
        }
        assert_eq!(answer[4], "wamp.error.timeout");
        assert!(peer.is_silent(Duration::from_millis(500)).await);
        assert_eq!(serving.counters().timeouts, 1);
    }
}

#[tokio::test]
async fn w10_a_callee_that_goes_answers_what_is_under_way_first() {
    let (answer, _) = shut_down(Duration::from_millis(200), Duration::from_secs(10)).await;
    assert_eq!(answer, json!([70, 900, {}, ["finished"]]));
    let (answer, time) = shut_down(Duration::from_secs(60), Duration::from_millis(50)).await;
    assert_eq!(
        json!([answer[2], answer[4]]),
        json!([900, "wamp.error.canceled"])
    );
    assert!(time < Duration::from_secs(5), "{time:?}");
}

#[tokio::test]
async fn what_still_waits_when_a_callee_goes_is_told_that_it_was_not_begun() {
    for dropped in [false, true] {
        let router = Router::start().await;
        let wamp = router.client().build().unwrap();
        let begun = Arc::new(AtomicU32::new(0));
        let counted = Arc::clone(&begun);
        let callee = with(move |_| {
            counted.fetch_add(1, Ordering::Relaxed);
            std::future::pending()
        });
        let callee = callee.calls(1).drain(Duration::ZERO).grace(Duration::ZERO);
        let (mut peer, serving) = serve(&router, &wamp, callee, CROSSBAR).await;
        for request in 900..903 {
            peer.send(invocation(request, json!({}), json!([]))).await;
        }
        assert!(peer.is_silent(Duration::from_millis(50)).await);
        let going = tokio::spawn(async move {
            if !dropped {
                serving.shutdown().await;
            }
        });
        let mut answers = Vec::new();
        while answers.len() < 3 {
            let message = peer.next().await.unwrap();
            if message[0] == 66 {
                peer.send(json!([67, message[1]])).await;
            } else {
                answers.push(message);
            }
        }
        assert_eq!(answers[0][4], "wamp.error.canceled", "{answers:?}");
        for (answer, request) in answers[1..].iter().zip([901, 902]) {
            assert_eq!(
                json!([answer[2], answer[4], answer[6]]),
                json!([request, "wamp.error.unavailable", {"executed": false, "procedure": "com.example.it"}])
            );
        }
        tokio::time::timeout(LONG, going).await.unwrap().unwrap();
        assert_eq!(begun.load(Ordering::Relaxed), 1);
    }
}

#[tokio::test]
async fn an_invocation_that_comes_twice_is_executed_once() {
    let router = Router::start().await;
    let wamp = router.client().build().unwrap();
    let times = Arc::new(AtomicU32::new(0));
    let counted = Arc::clone(&times);
    let callee = with(move |_| {
        counted.fetch_add(1, Ordering::Relaxed);
        async {
            tokio::time::sleep(Duration::from_millis(100)).await;
            Ok(Content::new())
        }
    });
    let (mut peer, _serving) = serve(&router, &wamp, callee, CROSSBAR).await;
    for _ in 0..3 {
        peer.send(invocation(900, json!({}), json!([]))).await;
    }
    assert_eq!(peer.takes(70).await[1], 900);
    assert!(peer.is_silent(Duration::from_millis(200)).await);
    assert_eq!(times.load(Ordering::Relaxed), 1);
}

#[test]
fn a_runtime_that_ends_takes_the_calls_that_wait_with_it() {
    for threads in [0, 2] {
        let (tell, ended) = std::sync::mpsc::channel();
        std::thread::spawn(move || {
            let mut builder = match threads {
                0 => tokio::runtime::Builder::new_current_thread(),
                _ => tokio::runtime::Builder::new_multi_thread(),
            };
            let runtime = builder.enable_all().build().unwrap();
            let kept = runtime.block_on(async {
                let router = Router::start().await;
                let wamp = router.client().build().unwrap();
                let callee = with(|_| std::future::pending()).calls(1);
                let (mut peer, serving) = serve(&router, &wamp, callee, CROSSBAR).await;
                for request in 900..903 {
                    peer.send(invocation(request, json!({}), json!([]))).await;
                }
                let begun = async {
                    while serving.counters().calls < 3 {
                        tokio::time::sleep(Duration::from_millis(1)).await;
                    }
                };
                tokio::time::timeout(LONG, begun)
                    .await
                    .expect("all are begun");
                (wamp, serving)
            });
            drop(runtime);
            drop(kept);
            tell.send(()).unwrap();
        });
        ended.recv_timeout(LONG).expect("the runtime ends");
    }
}

#[tokio::test]
async fn w36_results_wait_for_a_router_that_does_not_read() {
    const CALLS: u64 = 40;
    let router = Router::start().await;
    let wamp = router.client().build().unwrap();
    let callee = with(|_| async { Ok(Content::new().arg(&"x".repeat(900_000))) });
    let (mut peer, serving) = serve(&router, &wamp, callee, CROSSBAR).await;
    for request in 0..CALLS {
        peer.send(invocation(900 + request, json!({}), json!([])))
            .await;
    }
    tokio::time::sleep(Duration::from_millis(500)).await;
    let counters = serving.counters();
    assert_eq!(counters.calls, CALLS);
    // As many as the queue and the connection hold.
    assert!(counters.results < 30, "{counters:?}");
    for _ in 0..CALLS {
        peer.takes(70).await;
    }
    assert_eq!(serving.counters().results, CALLS);
}

#[test]
fn calls_that_went_with_their_runtime_are_not_taken_for_those_of_the_next() {
    let runtime = || {
        tokio::runtime::Builder::new_current_thread()
            .enable_all()
            .build()
            .unwrap()
    };
    let first = runtime();
    let (url, wamp, serving) = first.block_on(async {
        let router = Router::start().await;
        let wamp = router.client().build().unwrap();
        let callee = with(|call| async move {
            if call.arg::<bool>(0)? {
                std::future::pending::<()>().await;
            }
            Ok(Content::new())
        });
        let (mut peer, serving) = serve(&router, &wamp, callee, CROSSBAR).await;
        peer.send(invocation(900, json!({}), json!([true]))).await;
        assert!(peer.is_silent(Duration::from_millis(50)).await);
        (router.url(), wamp, serving)
    });
    drop(first);
    runtime().block_on(async {
        let address = url.trim_start_matches("ws://").trim_end_matches("/ws");
        let router = Router::at(address).await;
        let client = wamp.clone();
        tokio::spawn(async move { client.join().await });
        let mut peer = router.session(CROSSBAR).await;
        registers(&mut peer, 1).await;
        peer.send(invocation(900, json!({}), json!([false]))).await;
        assert_eq!(peer.takes(70).await, json!([70, 900, {}]));
    });
    drop(serving);
}

#[tokio::test]
async fn the_longest_grace_is_no_reason_to_panic() {
    let router = Router::start().await;
    let wamp = router.client().build().unwrap();
    let callee = with(|call| async move {
        call.context.cancelled().await;
        Ok(Content::new())
    });
    let callee = callee.grace(Duration::MAX).drain(Duration::ZERO);
    let (mut peer, serving) = serve(&router, &wamp, callee, CROSSBAR).await;
    peer.send(invocation(900, json!({}), json!([]))).await;
    assert!(peer.is_silent(Duration::from_millis(50)).await);
    let shutdown = tokio::spawn(serving.shutdown());
    let unregister = peer.takes(66).await;
    peer.send(json!([67, unregister[1]])).await;
    assert_eq!(peer.takes(70).await, json!([70, 900, {}]));
    tokio::time::timeout(LONG, shutdown).await.unwrap().unwrap();
}

#[tokio::test]
async fn a_shutdown_that_nobody_waits_for_is_a_shutdown() {
    let router = Router::start().await;
    let wamp = router.client().build().unwrap();
    let callee = with(|call| async move {
        call.context.cancelled().await;
        Err(Fault::new(-32000, "given up"))
    });
    let callee = callee.drain(Duration::from_millis(200));
    let (mut peer, serving) = serve(&router, &wamp, callee, CROSSBAR).await;
    peer.send(invocation(900, json!({}), json!([]))).await;
    assert!(peer.is_silent(Duration::from_millis(50)).await);
    tokio::select! {
        biased;
        () = serving.shutdown() => panic!("too early"),
        () = async {} => {}
    }
    let unregister = peer.takes(66).await;
    peer.send(json!([67, unregister[1]])).await;
    // The call has the time that was set, and no other begins.
    assert!(peer.is_silent(Duration::from_millis(50)).await);
    peer.send(invocation(901, json!({}), json!([]))).await;
    assert_eq!(peer.takes(8).await[4], "wamp.error.no_such_registration");
    let answer = peer.takes(8).await;
    assert_eq!(
        json!([answer[2], answer[4], answer[5]]),
        json!([900, "wamp.error.canceled", ["given up (-32000)"]])
    );
}
