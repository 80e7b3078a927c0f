//! What only WAMP has: somebody between the two sides. The names of tests begin with the row of the table of faults.

use std::sync::atomic::Ordering;
use std::time::Duration;

use xerus_rpc::wamp::{Callee, Content, Layout, Objects, RegisterOptions, Serializer, Wamp};
use xerus_rpc::{Agent, Outcome};
use xerus_wires_tests::api::bench::Scale;
use xerus_wires_tests::bench::{RID, router};
use xerus_wires_tests::dealer::{BONDY, CROSSBAR, Dealer};

use crate::aids::until;
use crate::real::Routed;
use crate::same::differences;

const SERIALIZERS: [Serializer; 2] = [Serializer::Json, Serializer::MessagePack];

/// A scale whose `add` is a function, over a router. What comes third has to be kept.
async fn adding(serializer: Serializer, sum: fn(i64) -> Content) -> (Scale, Wamp) {
    let dealer = Dealer::start(CROSSBAR).unwrap();
    let routed = Routed::PLAIN;
    let callee = routed.client(&dealer, serializer).build().unwrap();
    let add = Callee::new(xerus_rpc::server::Router::new()).procedure(
        "com.example.add",
        RegisterOptions::new(),
        move |call| async move { Ok(sum(call.arg::<i64>(0)? + call.arg::<i64>(1)?)) },
    );
    add.serve(&callee).await.unwrap().detach();
    let agent = routed.client(&dealer, serializer).build().unwrap().agent();
    (Scale::at(&agent, RID), callee)
}

#[tokio::test]
async fn every_layout_on_either_side_says_the_same() {
    let layouts = [Layout::ByPosition, Layout::ByName, Layout::Mixed(1)];
    for layout in layouts {
        for results in layouts {
            for objects in [Objects::None, Objects::Part, Objects::Argument] {
                let routed = Routed {
                    layout,
                    results: Some(results),
                    objects,
                    ..Routed::PLAIN
                };
                let bench = routed.bench("WAMP").await;
                let differences = differences(&bench).await;
                let shown = format!("{layout:?} {results:?} {objects:?}");
                assert!(
                    differences.is_empty(),
                    "{shown}: {}",
                    differences.join("\n")
                );
            }
        }
    }
}

#[tokio::test]
async fn w28_results_that_do_not_fit_are_told_with_their_place() {
    for serializer in SERIALIZERS {
        let unfit: [fn(i64) -> Content; 5] = [
            |_| Content::new(),
            |_| Content::new().arg("5"),
            |_| Content::new().arg(&None::<i32>),
            |_| Content::new().named("sum", &5),
            |_| Content::new().arg(&vec![5]),
        ];
        for sum in unfit {
            let (scale, _callee) = adding(serializer, sum).await;
            let error = scale.add(2, 3).await.unwrap_err();
            assert!(error.code().starts_with("Decode."), "{error:?}");
            assert_eq!(error.path().as_deref(), Some("_ret_"), "{error:?}");
            assert_eq!(error.outcome(), Outcome::Executed, "{error:?}");
        }
        // More than was asked for harms nothing.
        let more: fn(i64) -> Content = |sum| Content::new().arg(&sum).arg(&7).named("unit", "g");
        let (scale, _callee) = adding(serializer, more).await;
        assert_eq!(scale.add(2, 3).await.unwrap(), 5);
    }
}

#[tokio::test]
async fn w29_a_whole_number_may_come_as_a_float_and_no_other() {
    for serializer in SERIALIZERS {
        let float: fn(i64) -> Content = |sum| Content::new().arg(&(sum as f64));
        let (scale, _callee) = adding(serializer, float).await;
        assert_eq!(scale.add(2, 3).await.unwrap(), 5, "{serializer:?}");
        let half: fn(i64) -> Content = |sum| Content::new().arg(&(sum as f64 + 0.5));
        let (scale, _callee) = adding(serializer, half).await;
        let error = scale.add(2, 3).await.unwrap_err();
        assert!(error.code().starts_with("Decode."), "{error:?}");
        // One too large for the type is none of it, and is not cut.
        let large: fn(i64) -> Content = |_| Content::new().arg(&9_007_199_254_740_993_i64);
        let (scale, _callee) = adding(serializer, large).await;
        let error = scale.add(2, 3).await.unwrap_err();
        assert!(error.code().starts_with("Decode."), "{error:?}");
    }
}

#[tokio::test]
async fn w10_a_callee_that_leaves_during_a_call_is_a_lost_call() {
    for features in [CROSSBAR, BONDY] {
        let dealer = Dealer::start(features).unwrap();
        let routed = Routed::PLAIN;
        let callee = routed.client(&dealer, Serializer::Json).build().unwrap();
        let (servants, watched) = router();
        // With its runtime a callee ends without a word.
        let elsewhere = tokio::runtime::Builder::new_multi_thread()
            .worker_threads(1)
            .enable_all()
            .build()
            .unwrap();
        let serving = elsewhere.spawn(async move {
            Callee::new(servants).serve(&callee).await.unwrap().detach();
            callee
        });
        let callee = serving.await.unwrap();
        let agent = routed
            .client(&dealer, Serializer::MessagePack)
            .build()
            .unwrap()
            .agent();
        let call = Scale::at(&agent, RID).weigh(-1).without_progress();
        let call = tokio::spawn(call.timeout(Duration::from_secs(20)).send());
        until(|| watched.begun.load(Ordering::SeqCst) == 1).await;
        elsewhere.shutdown_background();
        let error = call.await.unwrap().unwrap_err();
        assert_eq!(error.code(), "ConnectionLost", "{error:?}");
        assert_eq!(error.outcome(), Outcome::Unknown, "{error:?}");
        drop(callee);
    }
}

#[tokio::test]
async fn w35_a_client_calls_what_it_serves_itself() {
    for serializer in SERIALIZERS {
        let dealer = Dealer::start(CROSSBAR).unwrap();
        let wamp = Routed::PLAIN.client(&dealer, serializer).build().unwrap();
        let (servants, _) = router();
        let serving = Callee::new(servants).serve(&wamp).await.unwrap();
        let scale = Scale::at(&wamp.agent(), RID);
        assert_eq!(scale.add(2, 3).await.unwrap(), 5, "{serializer:?}");
        serving.shutdown().await;
        let error = scale.add(2, 3).await.unwrap_err();
        assert!(error.is_method_not_found(), "{error:?}");
    }
}

#[tokio::test]
async fn w36_two_thousand_calls_go_through_while_slow_ones_wait() {
    let dealer = Dealer::start(CROSSBAR).unwrap();
    let routed = Routed::PLAIN;
    let callee = routed
        .client(&dealer, Serializer::MessagePack)
        .build()
        .unwrap();
    let (servants, watched) = router();
    let serving = Callee::new(servants).serve(&callee).await.unwrap();
    let agent: Agent = routed
        .client(&dealer, Serializer::Json)
        .build()
        .unwrap()
        .agent();
    let scale = Scale::at(&agent, RID);
    let slow = scale.dawdle(1500).timeout(Duration::from_secs(20));
    let slow = tokio::spawn(slow.send());
    until(|| watched.begun.load(Ordering::SeqCst) == 1).await;
    let calls = (0..2000).map(|x| tokio::spawn(scale.add(x, 1).send()));
    let calls: Vec<_> = calls.collect();
    for (x, call) in (0..).zip(calls) {
        assert_eq!(call.await.unwrap().unwrap(), x + 1);
    }
    assert_eq!(slow.await.unwrap().unwrap(), 1500);
    assert_eq!(serving.counters().results, 2001);
}
