//! The router of this crate is held against a real one: what is said over Crossbar is what every wire says.
//!
//! Where it is not installed the test is skipped, unless the variable `XERUS_PEERS` is `required`.

use std::sync::atomic::Ordering;
use std::time::Duration;

use xerus_rpc::wamp::{Layout, Objects, Serializer};
use xerus_wires_tests::bench::reading;

use crate::aids::until;
use crate::real::Routed;
use crate::same::differences;

#[allow(dead_code, reason = "it is for other tests, too")]
#[path = "../../../peers/tests/crossbar/router.rs"]
mod router;

#[tokio::test(flavor = "multi_thread")]
async fn crossbar_says_the_same_as_every_wire() {
    if !router::is_installed() {
        return;
    }
    let crossbar = router::Router::start().await;
    // Its port is open before it takes sessions.
    let waits = crossbar.client().build().unwrap();
    waits.join().await.expect("a session");
    waits.leave().await;
    let plain = Routed::PLAIN;
    let mut all = Vec::new();
    for (wire, routed) in [
        ("Crossbar", plain),
        (
            "Crossbar in MessagePack",
            Routed {
                caller: Serializer::MessagePack,
                callee: Serializer::MessagePack,
                objects: Objects::Argument,
                ..plain
            },
        ),
        (
            "Crossbar from MessagePack to JSON",
            Routed {
                caller: Serializer::MessagePack,
                layout: Layout::ByName,
                objects: Objects::None,
                ..plain
            },
        ),
    ] {
        let (bench, callee) = routed.bench_with_callee_at(&crossbar.url(), wire).await;
        all.extend(differences(&bench).await);
        let scale = &bench.scale;
        let error = scale.fail("later").await.unwrap_err();
        assert!(error.is_retryable(), "{wire}: {error:?}");
        assert_eq!(
            scale.weigh(2).stream().finish().await.unwrap(),
            reading(2),
            "{wire}"
        );
        let given_up = scale.weigh(-1).without_progress();
        let given_up = given_up.timeout(Duration::from_millis(300)).await;
        assert!(given_up.is_err(), "{wire}");
        until(|| bench.watched.given_up.load(Ordering::SeqCst) == 1).await;
        // What comes next has the same names.
        callee.leave().await;
    }
    assert!(all.is_empty(), "{}", all.join("\n"));
}
