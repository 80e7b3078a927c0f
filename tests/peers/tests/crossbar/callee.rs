//! Our callee: 40 checks of a caller of autobahn for each way to authenticate.

use std::sync::Arc;
use std::time::Duration;

use tokio::process::Command;
use xerus_rpc::wamp::{Callee, CalleeCounters};

use crate::router::{Router, SERIALIZERS, is_installed, programs, python, users};
use crate::served::{self, Seen};

/// What the caller says at its end.
const ALL: &str = "40 checks, 0 failed";

/// What the program needs to be the user that is first, second, … in `users`.
const LOGINS: [&[&str]; 5] = [
    &["anonymous"],
    &["ticket", "teresa", "a ticket of teresa"],
    &["wampcra", "carla", "a secret of carla"],
    &["wampcra", "simon", "a password of simon"],
    &[
        "cryptosign",
        "karim",
        "000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f",
    ],
];

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_caller_of_autobahn_with_each_way_to_authenticate() {
    if !is_installed() {
        return;
    }
    let router = Router::start().await;
    let all = users().into_iter().zip(LOGINS).enumerate();
    for (number, ((_, auth), login)) in all {
        // Whoever serves is the same user as who calls, one time with this serializer, one time with that.
        let serializer = SERIALIZERS[number % SERIALIZERS.len()];
        let client = || router.client().prefix("com.example").auth(auth.clone());
        let wamp = client().serializer(serializer).build().unwrap();
        let other = client().build().unwrap();
        let seen = Arc::new(Seen::default());
        let serving = served::everything(&wamp, &seen).await;
        let _hearing = served::hear(&wamp, &seen).await;
        let second = served::shared(Callee::default(), "B")
            .serve(&other)
            .await
            .unwrap();
        let mut command = Command::new(python());
        command.arg(programs().join("call.py")).arg(router.url());
        command.args(login).kill_on_drop(true);
        let output = tokio::time::timeout(Duration::from_secs(60), command.output());
        let output = output.await.expect("an end").unwrap();
        let said = String::from_utf8_lossy(&output.stdout);
        let errors = String::from_utf8_lossy(&output.stderr);
        assert!(
            said.trim_end().ends_with(ALL),
            "{auth:?}, {serializer:?}: {said}{errors}"
        );
        let counters = serving.counters();
        assert!(counters.calls > 2000, "{counters:?}");
        assert_eq!(counters.panics, 1, "{counters:?}");
        assert_eq!(
            counters.calls,
            counters.results + counters.errors + counters.late,
            "{counters:?}"
        );
        second.shutdown().await;
        serving.shutdown().await;
        assert_eq!(wamp.status().waiting, 0);
        wamp.leave().await;
        other.leave().await;
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn registrations_go_and_what_is_taken_is_told() {
    if !is_installed() {
        return;
    }
    let router = Router::start().await;
    let (first, second) = (
        router.client().build().unwrap(),
        router.client().build().unwrap(),
    );
    let serving = served::shared(Callee::default(), "A")
        .serve(&first)
        .await
        .unwrap();
    assert_eq!(serving.ids().len(), 2);
    assert_eq!(
        serving.uris().collect::<Vec<_>>(),
        ["com.example.shared.roundrobin", "com.example.shared.last"]
    );
    let single = |name: &'static str| {
        Callee::default().procedure(
            "com.example.single",
            xerus_rpc::wamp::RegisterOptions::new(),
            move |_| async move { Ok(xerus_rpc::wamp::Content::new().arg(name)) },
        )
    };
    let one = single("one").serve(&first).await.unwrap();
    let taken = single("two").serve(&second).await.unwrap_err();
    let told = taken.as_rpc().unwrap();
    assert_eq!(
        told.code.text(),
        Some("wamp.error.procedure_already_exists")
    );
    assert_eq!(taken.outcome(), xerus_rpc::Outcome::NotExecuted);
    drop(one);
    // Whoever drops it does not wait for the router.
    let mut two = single("two").serve(&second).await;
    for _ in 0..50 {
        if two.is_ok() {
            break;
        }
        tokio::time::sleep(Duration::from_millis(20)).await;
        two = single("two").serve(&second).await;
    }
    let said = first
        .agent()
        .call("", "com.example.single", "{}".parse().unwrap())
        .await;
    assert_eq!(said.unwrap().get(), r#""two""#);
    two.unwrap().shutdown().await;
    let gone = first
        .agent()
        .call("", "com.example.single", "{}".parse().unwrap())
        .await;
    assert!(gone.unwrap_err().is_method_not_found());
    assert_eq!(serving.counters(), CalleeCounters::default());
}

/// W35: who serves may call itself, from inside of what it serves.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn w35_a_client_calls_itself() {
    if !is_installed() {
        return;
    }
    let router = Router::start().await;
    let wamp = router.client().build().unwrap();
    let own = wamp.clone();
    let options = xerus_rpc::wamp::RegisterOptions::new();
    let callee = Callee::default().procedure("com.example.factorial", options, move |call| {
        let wamp = own.clone();
        async move {
            let n: i64 = call.arg(0)?;
            if n < 2 {
                return Ok(xerus_rpc::wamp::Content::new().arg(&1_i64));
            }
            let params = format!(r#"{{"n":{}}}"#, n - 1).parse()?;
            let rest = wamp.agent().call("", "com.example.factorial", params).await;
            let rest = rest.map_err(xerus_rpc::server::Fault::internal)?;
            let rest: i64 = rest
                .get()
                .parse()
                .map_err(xerus_rpc::server::Fault::internal)?;
            Ok(xerus_rpc::wamp::Content::new().arg(&(n * rest)))
        }
    });
    let _serving = callee.serve(&wamp).await.unwrap();
    let params = r#"{"n":20}"#.parse().unwrap();
    let product = wamp.agent().call("", "com.example.factorial", params).await;
    assert_eq!(product.unwrap().get(), "2432902008176640000");
}
