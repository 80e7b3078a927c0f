//! A client without `async`: from plain threads, beside and inside runtimes.

use std::sync::mpsc::{Receiver, Sender, channel};
use std::time::Duration;

use serde_json::json;
use tokio::runtime::{Builder, Runtime};
use xerus_rpc::server::{Context, Reply};
use xerus_rpc::wamp::registration::server;
use xerus_rpc::wamp::{Content, Delivery, SubscribeOptions, Wamp};
use xerus_rpc::{Error, ErrorKind, Json, Outcome};

use crate::router::{CROSSBAR, LONG, Peer, Router};
use crate::serving::{registers, with};

/// A client of a router that does what this says on its first session, on threads of its own; and what the script ends with.
fn against<F, T>(script: impl FnOnce(Peer) -> F + Send + 'static) -> (Runtime, Wamp, Receiver<T>)
where
    F: Future<Output = T> + Send,
    T: Send + 'static,
{
    let runtime = Runtime::new().unwrap();
    let router = runtime.block_on(Router::start());
    let wamp = router.client().build().unwrap();
    let (ended, end) = channel();
    runtime.spawn(async move {
        let peer = router.session(CROSSBAR).await;
        let _ = ended.send(script(peer).await);
    });
    (runtime, wamp, end)
}

fn resting() -> Runtime {
    Builder::new_current_thread().enable_all().build().unwrap()
}

fn add(wamp: &Wamp, time: Duration) -> Result<Json, Error> {
    let call = wamp.agent().call("", "com.example.add", Json::EMPTY_OBJECT);
    call.timeout(time).send_blocking()
}

fn assert_refused<T>(refused: Result<T, Error>) {
    let Err(error) = refused else {
        panic!("not refused")
    };
    assert_eq!(error.code(), "Config.Unsupported");
    assert!(error.to_string().contains("spawn_blocking"), "{error}");
}

#[test]
fn a_plain_thread_joins_calls_publishes_notifies_and_leaves() {
    let (_router, wamp, end) = against(|mut peer| async move {
        let call = peer.takes(48).await;
        peer.result(&call, json!([5])).await;
        let call = peer.takes(48).await;
        peer.error(&call, "com.example.error.no", json!(["not today"]))
            .await;
        let event = peer.takes(16).await;
        peer.send(json!([17, event[1], 99])).await;
        let notified = peer.takes(48).await;
        let goodbye = peer.takes(6).await;
        peer.send(json!([6, {}, "wamp.close.goodbye_and_out"]))
            .await;
        (event, notified, goodbye)
    });
    assert_eq!(wamp.join_blocking().unwrap().session, 4711);
    assert_eq!(add(&wamp, LONG).unwrap().get(), "5");
    let error = add(&wamp, LONG).unwrap_err();
    assert!(
        matches!(error.kind(), ErrorKind::Rpc(told) if told.code.to_string() == "com.example.error.no")
    );
    let news = wamp.publish("com.example.news").arg(&1).acknowledge(true);
    assert_eq!(news.send_blocking().unwrap(), Some(99));
    let once = wamp
        .agent()
        .call("", "com.example.once", Json::EMPTY_OBJECT);
    once.notify_blocking().unwrap();
    wamp.leave_blocking().unwrap();
    let (event, notified, goodbye) = end.recv_timeout(LONG).unwrap();
    assert_eq!(event[3], "com.example.news");
    assert_eq!(notified[3], "com.example.once");
    assert_eq!(goodbye[2], "wamp.close.close_realm");
    assert_eq!(wamp.status().session, None);
}

#[test]
fn a_plain_thread_reads_a_topic_and_progress() {
    let (_router, wamp, end) = against(|mut peer| async move {
        let subscribe = peer.takes(32).await;
        peer.send(json!([33, subscribe[1], 5])).await;
        peer.send(json!([36, 5, 1, {}, [7]])).await;
        let unsubscribe = peer.takes(34).await;
        peer.send(json!([35, unsubscribe[1]])).await;
        for _ in 0..2 {
            let call = peer.takes(48).await;
            for number in 0..3 {
                peer.send(json!([50, call[1], {"progress": true}, [number]]))
                    .await;
            }
            peer.result(&call, json!([3])).await;
        }
        let result = peer.takes(48).await;
        peer.result(&result, json!([4])).await;
        result
    });
    let mut news = wamp
        .subscribe_blocking("com.example.news", SubscribeOptions::new())
        .unwrap();
    let first = news.next_blocking().unwrap().unwrap();
    assert!(matches!(first, Delivery::Event(event) if event.read::<i32>().unwrap() == 7));
    news.unsubscribe_blocking().unwrap();
    let agent = wamp.agent();
    let count = || {
        let call = agent.call("", "com.example.count", Json::EMPTY_OBJECT);
        call.reporting::<i32>()
    };
    let mut stream = count().stream();
    let mut seen = Vec::new();
    while let Some(number) = stream.next_blocking() {
        seen.push(number.unwrap());
    }
    assert_eq!(seen, [0, 1, 2]);
    assert_eq!(stream.finish_blocking().unwrap().get(), "3");
    assert_eq!(count().stream().finish_blocking().unwrap().get(), "3");
    assert_eq!(count().send_blocking().unwrap().get(), "4");
    // The result alone is asked for without progress.
    assert_eq!(end.recv_timeout(LONG).unwrap()[2], json!({}));
}

#[test]
fn a_bulk_from_a_plain_thread_has_the_outcome_of_each_call() {
    let (_router, wamp, _end) = against(|mut peer| async move {
        for _ in 0..4 {
            let call = peer.takes(48).await;
            match call[3].as_str() {
                Some("com.example.late") => {}
                Some("com.example.no") => {
                    peer.error(&call, "com.example.error.no", json!(["no"]))
                        .await;
                }
                _ => peer.result(&call, json!([1])).await,
            }
        }
        let _ = peer.next().await;
    });
    wamp.join_blocking().unwrap();
    let agent = wamp.agent();
    let calls = ["get", "no", "late", "get"].map(|method| {
        let call = agent.call("", &format!("com.example.{method}"), Json::EMPTY_OBJECT);
        call.timeout(Duration::from_millis(300))
    });
    let results = agent.bulk(calls).send_blocking().unwrap();
    let told = results.iter().map(|result| match result {
        Ok(answer) => format!("answered {answer}"),
        Err(error) => format!("{} {:?}", error.code(), error.outcome()),
    });
    let told: Vec<_> = told.collect();
    assert_eq!(
        told,
        [
            "answered 1",
            "Rpc Unknown",
            "Timeout.FirstByte Unknown",
            "answered 1"
        ]
    );
}

/// Tells which registrations are gone.
struct Gone(Sender<i64>);

impl server::RegistrationEvents for Gone {
    fn on_delete<'a>(&'a self, _: &'a Context, _: Option<i64>, registration: i64) -> Reply<'a, ()> {
        let _ = self.0.send(registration);
        Reply::ok(())
    }
}

#[test]
fn a_plain_thread_has_events_given_to_a_servant() {
    let (_router, wamp, end) = against(|mut peer| async move {
        for id in 100..104 {
            let subscribe = peer.takes(32).await;
            peer.send(json!([33, subscribe[1], id])).await;
        }
        peer.send(json!([36, 103, 1, {}, [7, 8]])).await;
        let mut left = Vec::new();
        for _ in 0..4 {
            let unsubscribe = peer.takes(34).await;
            peer.send(json!([35, unsubscribe[1]])).await;
            left.push(unsubscribe[2].as_i64());
        }
        left.sort_unstable();
        left
    });
    let (tell, gone) = channel();
    let servant = server::registration_events(Gone(tell));
    let watching = wamp.subscribe_servant_blocking(servant, SubscribeOptions::new(), |_| ());
    let watching = watching.unwrap();
    assert_eq!(gone.recv_timeout(LONG).unwrap(), 8);
    drop(watching);
    let left = end.recv_timeout(LONG).unwrap();
    assert_eq!(left, [Some(100), Some(101), Some(102), Some(103)]);
}

#[test]
fn what_was_sent_before_is_not_called_not_executed_where_it_cannot_be_waited_for() {
    let (_router, wamp, _end) = against(|mut peer| async move {
        for _ in 0..2 {
            let call = peer.takes(48).await;
            peer.send(json!([50, call[1], {"progress": true}, [1]]))
                .await;
        }
        let _ = peer.next().await;
    });
    wamp.join_blocking().unwrap();
    let begun = || {
        let agent = wamp.agent();
        let call = agent.call("", "com.example.count", Json::EMPTY_OBJECT);
        let mut stream = call.reporting::<i32>().stream();
        assert_eq!(stream.next_blocking().unwrap().unwrap(), 1);
        stream
    };
    let (mut read, finished) = (begun(), begun());
    resting().block_on(async {
        let errors = [
            read.next_blocking().unwrap().map(drop),
            finished.finish_blocking().map(drop),
        ];
        for refused in errors {
            let error = refused.unwrap_err();
            assert_eq!(error.code(), "Config.Unsupported");
            assert_eq!(error.outcome(), Outcome::Unknown);
            assert!(error.to_string().contains("may have executed"), "{error}");
        }
    });
}

#[test]
fn a_plain_thread_serves() {
    let (_router, wamp, end) = against(|mut peer| async move {
        registers(&mut peer, 1).await;
        peer.send(json!([68, 1, 77, {}, [20]])).await;
        let answer = peer.takes(70).await;
        let unregister = peer.takes(66).await;
        peer.send(json!([67, unregister[1]])).await;
        answer
    });
    let callee = with(|call| async move { Ok(Content::new().arg(&(call.arg::<i32>(0)? + 1))) });
    let serving = callee.serve_blocking(&wamp).unwrap();
    // It is answered while this thread does nothing for it.
    let begun = std::time::Instant::now();
    while serving.counters().results == 0 && begun.elapsed() < LONG {
        std::thread::sleep(Duration::from_millis(5));
    }
    serving.shutdown_blocking().unwrap();
    assert_eq!(end.recv_timeout(LONG).unwrap()[3], json!([21]));
}

#[test]
fn inside_async_code_on_one_thread_all_of_it_is_refused_and_nothing_is_sent() {
    let (_router, wamp, _end) = against(|mut peer| async move {
        let _ = peer.next().await;
    });
    resting().block_on(async {
        assert_refused(wamp.join_blocking());
        assert_refused(add(&wamp, LONG));
        assert_refused(wamp.publish("com.example.news").send_blocking());
        assert_refused(wamp.subscribe_blocking("com.example.news", SubscribeOptions::new()));
        assert_refused(with(|_| async { Ok(Content::new()) }).serve_blocking(&wamp));
        let call = || {
            wamp.agent()
                .call("", "com.example.count", Json::EMPTY_OBJECT)
        };
        assert_refused(call().notify_blocking());
        let mut stream = call().reporting::<i32>().stream();
        assert_refused(stream.next_blocking().unwrap());
        assert_refused(stream.finish_blocking());
        assert_refused(wamp.agent().close_blocking());
        assert_refused(wamp.leave_blocking());
    });
    assert_eq!(wamp.status().session, None);
}

#[test]
fn a_session_of_a_runtime_that_rests_is_told_from_a_router_that_is_gone() {
    let (_router, wamp, _end) = against(|mut peer| async move {
        let _ = peer.next().await;
    });
    let first = resting();
    first.block_on(wamp.join()).unwrap();
    let time = Duration::from_millis(300);
    let publish = |acknowledge| {
        let news = wamp.publish("com.example.news").acknowledge(acknowledge);
        news.timeout(time).send_blocking()
    };
    let stream = || {
        let call = wamp.agent().call("", "com.example.a", Json::EMPTY_OBJECT);
        call.timeout(time)
            .reporting::<i32>()
            .stream()
            .finish_blocking()
    };
    let notify = || {
        let call = wamp.agent().call("", "com.example.a", Json::EMPTY_OBJECT);
        call.timeout(time).notify_blocking()
    };
    let errors = [
        add(&wamp, time).unwrap_err(),
        publish(true).unwrap_err(),
        publish(false).unwrap_err(),
        stream().unwrap_err(),
        notify().unwrap_err(),
    ];
    for error in errors {
        let told = (error.code(), error.outcome());
        assert_eq!(told, ("Timeout.Runtime", Outcome::NotExecuted), "{error}");
        let text = error.to_string();
        assert!(text.contains("keep that runtime running"), "{error}");
        assert!(text.contains("the call was not sent"), "{error}");
    }
    // It ends all the same, and the next session is driven.
    wamp.leave_blocking().unwrap();
    assert_eq!(wamp.status().session, None);
}

#[test]
fn a_join_that_a_resting_runtime_began_is_told_too() {
    let runtime = Runtime::new().unwrap();
    let router = runtime.block_on(Router::start());
    let wamp = router.client().timeout(Duration::from_millis(300));
    let wamp = wamp.build().unwrap();
    let first = resting();
    let begun = first.block_on(async {
        let join = wamp.join();
        tokio::time::timeout(Duration::from_millis(1), join).await
    });
    assert!(begun.is_err());
    let error = wamp.join_blocking().unwrap_err();
    assert_eq!(error.code(), "Timeout.Runtime", "{error}");
    let error = add(&wamp, Duration::from_millis(300)).unwrap_err();
    assert_eq!(
        (error.code(), error.outcome()),
        ("Timeout.Runtime", Outcome::NotExecuted)
    );
}

#[test]
fn a_topic_given_up_on_a_runtime_that_rests_is_subscribed_to_from_another() {
    let (tell, given_up) = channel();
    let (runtime, wamp, end) = against(|mut peer| async move {
        for id in [5, 6] {
            let subscribe = peer.takes(32).await;
            peer.send(json!([33, subscribe[1], id])).await;
            let unsubscribe = peer.takes(34).await;
            assert_eq!(unsubscribe[2], id);
            tell.send(()).unwrap();
            // Until the other runtime has done all that it will.
            tokio::time::sleep(Duration::from_millis(100)).await;
            peer.send(json!([35, unsubscribe[1]])).await;
        }
    });
    runtime.block_on(wamp.join()).unwrap();
    let subscribe = || wamp.subscribe("com.example.news", SubscribeOptions::new());
    let rests = resting();
    rests.block_on(async {
        drop(subscribe().await.unwrap());
        for _ in 0..10 {
            tokio::task::yield_now().await;
        }
    });
    given_up.recv_timeout(LONG).unwrap();
    let again = runtime.block_on(async { tokio::time::timeout(LONG / 4, subscribe()).await });
    drop(again.expect("its turn").unwrap());
    end.recv_timeout(LONG).unwrap();
    drop(rests);
}

#[test]
fn what_was_subscribed_to_on_a_runtime_that_is_gone_is_unsubscribed_from() {
    let (_router, wamp, end) = against(|mut peer| async move {
        let subscribe = peer.takes(32).await;
        peer.send(json!([33, subscribe[1], 5])).await;
        peer.takes(34).await
    });
    wamp.join_blocking().unwrap();
    let gone = resting();
    let news = gone.block_on(wamp.subscribe("com.example.news", SubscribeOptions::new()));
    drop(gone);
    drop(news.unwrap());
    assert_eq!(end.recv_timeout(LONG).unwrap()[2], 5);
}

#[test]
fn a_subscription_given_up_on_a_runtime_that_is_gone_leaves_nothing_on_the_router() {
    let (go, gone) = channel();
    let (_router, wamp, end) = against(|mut peer| async move {
        let subscribe = peer.takes(32).await;
        tokio::task::spawn_blocking(move || gone.recv().unwrap())
            .await
            .unwrap();
        peer.send(json!([33, subscribe[1], 5])).await;
        peer.takes(34).await
    });
    wamp.join_blocking().unwrap();
    let first = resting();
    first.block_on(async {
        let begun = wamp.subscribe("com.example.news", SubscribeOptions::new());
        let given_up = tokio::time::timeout(Duration::from_millis(100), begun).await;
        assert!(given_up.is_err());
    });
    drop(first);
    go.send(()).unwrap();
    assert_eq!(end.recv_timeout(LONG).unwrap()[2], 5);
}

#[test]
fn what_was_served_on_a_runtime_that_is_gone_is_unregistered() {
    for drops in [true, false] {
        let (_router, wamp, end) = against(|mut peer| async move {
            registers(&mut peer, 1).await;
            let unregister = peer.takes(66).await;
            peer.send(json!([67, unregister[1]])).await;
            unregister
        });
        wamp.join_blocking().unwrap();
        let gone = resting();
        let serving = gone.block_on(with(|_| async { Ok(Content::new()) }).serve(&wamp));
        drop(gone);
        match drops {
            true => drop(serving.unwrap()),
            false => serving.unwrap().shutdown_blocking().unwrap(),
        }
        assert_eq!(end.recv_timeout(LONG).unwrap()[2], 77);
    }
}

#[test]
fn a_registration_given_up_on_a_runtime_that_is_gone_leaves_nothing_on_the_router() {
    let (go, gone) = channel();
    let (_router, wamp, end) = against(|mut peer| async move {
        let register = peer.takes(64).await;
        let gone = tokio::task::spawn_blocking(move || gone.recv().unwrap());
        gone.await.unwrap();
        peer.send(json!([65, register[1], 5])).await;
        peer.takes(66).await
    });
    wamp.join_blocking().unwrap();
    let first = resting();
    first.block_on(async {
        let begun = with(|_| async { Ok(Content::new()) }).serve(&wamp);
        let given_up = tokio::time::timeout(Duration::from_millis(100), begun).await;
        assert!(given_up.is_err());
    });
    drop(first);
    go.send(()).unwrap();
    assert_eq!(end.recv_timeout(LONG).unwrap()[2], 5);
}

#[test]
fn what_was_refused_on_a_runtime_that_is_gone_is_asked_for_again() {
    let runtime = Runtime::new().unwrap();
    let router = runtime.block_on(Router::start());
    let wamp = router.client().build().unwrap();
    let (refused, was_refused) = channel();
    let (end, ended) = channel();
    let script = runtime.spawn(async move {
        let mut peer = router.session(CROSSBAR).await;
        registers(&mut peer, 1).await;
        // Not before the answer has been read.
        let ended = tokio::task::spawn_blocking(move || ended.recv().unwrap());
        ended.await.unwrap();
        drop(peer);
        let mut peer = router.session(CROSSBAR).await;
        // Of what is put back, and of what takes its place.
        for _ in 0..2 {
            let register = peer.takes(64).await;
            let taken = "wamp.error.procedure_already_exists";
            peer.send(json!([8, 64, register[1], {}, taken])).await;
            refused.send(()).unwrap();
        }
        registers(&mut peer, 1).await;
    });
    let callee = |retry| {
        let callee = with(|_| async { Ok(Content::new()) });
        callee.retry(retry)
    };
    callee(None).serve_blocking(&wamp).unwrap().detach();
    end.send(()).unwrap();
    was_refused.recv_timeout(LONG).unwrap();
    let gone = resting();
    let retry = Some(Duration::from_millis(200));
    let serving = gone.block_on(callee(retry).serve(&wamp)).unwrap();
    drop(gone);
    let script = runtime.block_on(async { tokio::time::timeout(LONG, script).await });
    script.expect("it is asked again").unwrap();
    serving.detach();
}
