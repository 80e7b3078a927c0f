//! A servant that was written once, and proxies that were generated once, over every wire.

use std::fmt::Debug;
use std::sync::Arc;
use std::time::Duration;

use xerus_rpc::wire::{ArgumentStyle, Binding, NameStyle, ResultStyle};
use xerus_rpc::{Error, Object, Outcome};
use xerus_wires_tests::api::bench::{Mode, Reading, Scale};
use xerus_wires_tests::bench::reading;

use xerus_wires_tests::direct::Direct;

use crate::aids::{Bench, all, made_here};

/// What an error tells that must not depend on the wire.
fn told(error: &Error) -> String {
    let rpc = error.as_rpc().map(|rpc| {
        // A number where there is one, and a word or an URI, whichever a wire has.
        let code = match rpc.meaning {
            Some(_) => String::new(),
            None => rpc.code.to_string(),
        };
        (rpc.meaning, code, rpc.name, rpc.message.clone())
    });
    let application = error.as_application();
    format!(
        "{} {rpc:?} {application:?} {:?} {:?}",
        error.code(),
        error.outcome(),
        error.method()
    )
}

fn shown<T: Debug>(result: &Result<T, Error>) -> String {
    match result {
        Ok(value) => format!("{value:?}"),
        Err(error) => told(error),
    }
}

/// What a wire says that has no way to say the same.
fn cannot(bench: &Bench, plain: &[String], index: usize) -> Option<&'static str> {
    let is = |text| plain[index].starts_with(text);
    if bench.wire.starts_with("RipEX2") && is(r#"("a \"b\"-1""#) {
        return Some(r#"Encode.ForbiddenCharacter None None NotExecuted Some("openSeries")"#);
    }
    if !bench.has_types && is("TypeInfo") {
        return Some(r#"Config.Unsupported None None NotExecuted Some("getTypeInfo")"#);
    }
    None
}

/// All that one scale says.
pub(crate) async fn everything(bench: &Bench) -> Vec<String> {
    let Bench { agent, scale, .. } = bench;
    let mut seen = Vec::new();
    let mut see = |line: String| seen.push(line);
    see(shown(&scale.add(2, 3).await));
    see(shown(&scale.add(i32::MAX, 1).await));
    see(shown(&scale.get_reading().await));
    see(shown(&scale.set_mode(Mode::Low).await));
    see(shown(&scale.set_mode(Mode::High).await));
    see(shown(&scale.set_mode(Mode::High).code().await));
    see(shown(&scale.mode_at(0).await));
    see(shown(&scale.mode_at(1).await));
    see(shown(&scale.mode_at(1).code().await));
    see(shown(&scale.open_series("a \"b\"").await));
    see(shown(&scale.open_series("").await));
    see(shown(&scale.open_series("").code().await));
    see(shown(&scale.open_series("half").code().await));
    see(shown(&scale.get_extremes().await));
    see(shown(&scale.clear().await));
    see(shown(&scale.weigh(3).await));
    see(shown(&scale.dawdle(1).await));
    see(shown(&scale.get_settings().await));
    for how in ["busy", "broken", "denied", "uri", "code", "other"] {
        see(shown(&scale.fail(how).await));
    }
    see(shown(&scale.as_object_().get_type_info().await));
    let many = (0..5).map(|x| scale.add(x, if x == 3 { i32::MAX } else { 1 }));
    for result in agent.bulk(many).await.unwrap() {
        see(shown(&result));
    }
    let (reading, refused, absent, series) = agent
        .bulk((
            scale.get_reading(),
            scale.set_mode(Mode::High),
            None::<xerus_rpc::Call<i32>>,
            scale.open_series("x"),
        ))
        .await
        .unwrap();
    see(shown(&reading));
    see(shown(&refused));
    assert!(absent.is_none());
    see(shown(&series));
    seen
}

trait AsObject {
    fn as_object_(&self) -> &Object;
}

impl AsObject for Scale {
    fn as_object_(&self) -> &Object {
        xerus_rpc::Interface::as_object(self)
    }
}

/// Holds what a wire says against what everybody says.
pub(crate) async fn differences(bench: &Bench) -> Vec<String> {
    let plain = everything(&made_here()[0]).await;
    let seen = everything(bench).await;
    assert_eq!(seen.len(), plain.len(), "{}", bench.wire);
    let expected = |index: usize| cannot(bench, &plain, index).unwrap_or(&plain[index]);
    let seen = seen.iter().enumerate();
    seen.filter(|(index, seen)| *seen != expected(*index))
        .map(|(index, seen)| format!("{}: {seen} instead of {}", bench.wire, expected(index)))
        .collect()
}

#[tokio::test]
async fn every_wire_says_the_same() {
    let mut all_differences = Vec::new();
    for bench in all().await {
        all_differences.extend(differences(&bench).await);
    }
    assert!(all_differences.is_empty(), "{}", all_differences.join("\n"));
}

#[tokio::test]
async fn every_layout_says_the_same() {
    let expected = everything(&made_here()[0]).await;
    for arguments in [ArgumentStyle::ByName, ArgumentStyle::ByPosition] {
        for results in [
            ResultStyle::ByName,
            ResultStyle::ByPosition,
            ResultStyle::Bare,
        ] {
            for names in [NameStyle::Bare, NameStyle::Dotted] {
                let binding = Binding::XERUS
                    .with_names(names)
                    .with_arguments(arguments)
                    .with_results(results);
                let shown = format!("{binding:?}");
                let bench = Bench::new("direct", |router| {
                    Arc::new(Direct::new("direct", binding, router.clone()))
                });
                assert_eq!(everything(&bench).await, expected, "{shown}");
            }
        }
    }
}

#[tokio::test]
async fn results_have_their_types_and_all_their_digits() {
    for Bench { wire, scale, .. } in all().await {
        let shown: Reading = scale.get_reading().await.unwrap();
        assert_eq!(shown, reading(1), "{wire}");
        assert_eq!(shown.taken, 9_007_199_254_740_994, "{wire}");
        assert_eq!(scale.get_extremes().await.unwrap(), (-0.5, 1e300), "{wire}");
    }
}

#[tokio::test]
async fn what_is_not_there_is_told_alike() {
    for Bench {
        wire,
        agent,
        scale,
        rid,
        has_types,
        ..
    } in all().await
    {
        let error = Scale::at(&agent, "/bench/nowhere")
            .clear()
            .await
            .unwrap_err();
        if rid.is_empty() {
            // Where nothing names objects, no other one is called instead.
            assert_eq!(error.code(), "Config.BadRid", "{wire}: {error:?}");
        } else if wire.starts_with("WAMP") && has_types {
            // The object is a part of the procedure, and a router knows procedures only.
            assert!(error.is_method_not_found(), "{wire}: {error:?}");
        } else {
            assert!(error.is_object_not_found(), "{wire}: {error:?}");
        }
        assert_eq!(error.outcome(), Outcome::NotExecuted, "{wire}");
        assert_eq!(error.rid(), Some("/bench/nowhere"), "{wire}");
        assert_eq!(error.origin(), Some(agent.origin()), "{wire}");

        let error = agent
            .call(rid, "explode", xerus_rpc::Json::EMPTY_OBJECT)
            .await
            .unwrap_err();
        assert!(error.is_method_not_found(), "{wire}: {error:?}");

        let probed = scale.as_object_().probe().await;
        if has_types {
            assert!(probed.unwrap().cast::<Scale>().is_ok(), "{wire}");
        } else {
            let error = probed.unwrap_err();
            assert_eq!(error.code(), "Config.Unsupported", "{wire}: {error:?}");
        }
    }
}

#[tokio::test]
async fn the_time_of_a_method_is_kept_to() {
    for Bench { wire, scale, .. } in all().await {
        if wire.starts_with("memory") {
            // Nothing there waits for a clock.
            continue;
        }
        let error = scale.dawdle(60_000).await.unwrap_err();
        assert_eq!(error.code(), "Timeout.FirstByte", "{wire}: {error:?}");
        assert_eq!(error.outcome(), Outcome::Unknown, "{wire}");
        assert!(error.to_string().contains("200ms"), "{wire}: {error}");
        let call = scale.dawdle(60_000).timeout(Duration::from_millis(20));
        let error = call.await.unwrap_err();
        assert!(error.to_string().contains("20ms"), "{wire}: {error}");
        // And the wire goes on.
        assert_eq!(scale.add(1, 1).await.unwrap(), 2, "{wire}");
    }
}

#[tokio::test]
async fn a_bulk_keeps_its_order_where_the_wire_has_none() {
    for Bench {
        wire,
        agent,
        scale,
        watched,
        ..
    } in all().await
    {
        let sums = agent.bulk((0..150).map(|x| scale.add(x, 1))).all().await;
        assert_eq!(sums.unwrap(), (1..=150).collect::<Vec<_>>(), "{wire}");
        if !wire.contains("pipelined") {
            continue;
        }
        let mut done = watched.done();
        done.sort_unstable();
        assert_eq!(done, (0..150).collect::<Vec<_>>(), "{wire}");
    }
}

#[tokio::test]
async fn calls_go_together_only_where_the_wire_says_so() {
    for Bench {
        wire,
        agent,
        scale,
        watched,
        ..
    } in all().await
    {
        let calls = (0..6).map(|_| scale.dawdle(20).timeout(Duration::from_secs(20)));
        let waited = agent.bulk(calls).all().await.unwrap();
        assert_eq!(waited, [20; 6], "{wire}");
        let most = watched.most.load(std::sync::atomic::Ordering::SeqCst);
        let can = agent.capabilities();
        if can.bulk || !can.pipeline {
            assert_eq!(most, 1, "{wire}");
        } else {
            assert!(most > 1, "{wire}: {most}");
        }
    }
}

#[tokio::test]
async fn what_is_not_possible_now_may_be_tried_again() {
    for Bench { wire, scale, .. } in all().await {
        if ["memory", "HTTP", "netstring"]
            .iter()
            .any(|name| wire.starts_with(name))
        {
            // JSON-RPC has no code for that.
            continue;
        }
        let error = scale.fail("later").await.unwrap_err();
        assert_eq!(error.outcome(), Outcome::NotExecuted, "{wire}: {error:?}");
        assert!(error.is_retryable(), "{wire}: {error:?}");
        let error = scale.fail("busy").await.unwrap_err();
        assert!(!error.is_retryable(), "{wire}: {error:?}");
    }
}
