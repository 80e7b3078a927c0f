//! The program, as it is: without a router, and with a real one.
//!
//! Where Crossbar is not installed the second test is skipped, unless the variable `XERUS_PEERS` is `required`.

#![allow(clippy::unwrap_used, reason = "helpers of tests may panic as tests do")]

#[allow(dead_code, reason = "it is for other tests, too")]
#[path = "../../../tests/peers/tests/crossbar/router.rs"]
mod router;

use std::time::Duration;

use router::{Router, is_installed};
use tokio::process::Command;

async fn lines(variables: &[(&str, &str)]) -> Vec<String> {
    let mut command = Command::new(env!("CARGO_BIN_EXE_four-wires"));
    command
        .env_remove("BONDY_URL")
        .env_remove("AUTHMETHOD")
        .envs(variables.iter().copied())
        .kill_on_drop(true);
    let output = tokio::time::timeout(Duration::from_secs(60), command.output());
    let output = output.await.expect("it ends").expect("it runs");
    let text = String::from_utf8(output.stdout).expect("UTF-8");
    let told = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{text}{told}");
    text.lines().map(str::to_owned).collect()
}

/// What each wire says when this many were there before.
fn expected(wires: &[&str]) -> Vec<String> {
    let line = |(before, wire): (usize, &&str)| {
        let (total, additions) = (5 * (before + 1), 2 * (before + 1));
        format!(
            "{wire}: total {total}, -1 refused at {total}: only 0 or more can be added, {additions} additions"
        )
    };
    let mut lines: Vec<_> = wires.iter().enumerate().map(line).collect();
    lines.push(format!("all together: {}", 5 * wires.len()));
    lines
}

#[tokio::test]
async fn three_wires_without_a_router() {
    assert_eq!(
        lines(&[]).await,
        expected(&["HTTP", "netstrings", "RipEX2"])
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn four_wires_with_a_router() {
    if !is_installed() {
        return;
    }
    let router = Router::start().await;
    // Its port is open before it takes sessions.
    let waits = router.client().build().unwrap();
    waits.join().await.expect("a session");
    waits.leave().await;
    let url = router.url();
    let variables = [("BONDY_URL", url.as_str()), ("REALM", "com.example.realm")];
    assert_eq!(
        lines(&variables).await,
        expected(&["HTTP", "netstrings", "RipEX2", "WAMP"])
    );
}
