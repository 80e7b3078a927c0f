//! Who serves `com.example.add`, and who calls it.

use std::process::{Output, Stdio};
use std::time::Duration;

use tokio::io::{AsyncBufReadExt as _, BufReader, Lines};
use tokio::process::{Child, ChildStdout, Command};
use xerus_rpc::error::ErrorMeaning;

use crate::router::{Router, is_installed};

const LONG: Duration = Duration::from_secs(30);

fn program(url: &str) -> Command {
    let mut program = Command::new(env!("CARGO_BIN_EXE_wamp-add"));
    program
        .env("BONDY_URL", url)
        .env("REALM", "com.example.realm");
    program.env("AUTHMETHOD", "anonymous").kill_on_drop(true);
    program
}

async fn ended(mut program: Command) -> Output {
    let output = tokio::time::timeout(LONG, program.output());
    output.await.expect("an end").unwrap()
}

fn said(output: &Output) -> String {
    String::from_utf8_lossy(&output.stdout).into_owned()
}

/// The serving program, and what it says.
struct Serving(Child, Lines<BufReader<ChildStdout>>);

impl Serving {
    async fn start(router: &Router) -> Self {
        let mut program = program(&router.url());
        let mut child = program.arg("serve").stdout(Stdio::piped()).spawn().unwrap();
        let lines = BufReader::new(child.stdout.take().unwrap()).lines();
        Self(child, lines)
    }

    async fn says(&mut self, what: &str) -> String {
        loop {
            let line = tokio::time::timeout(LONG, self.1.next_line()).await;
            let line = line.expect(what).unwrap().expect(what);
            if line.contains(what) {
                return line;
            }
        }
    }

    /// Waits until it can be called: what it says on joining comes before it has registered.
    async fn is_up(&mut self, router: &Router) {
        self.says("joined").await;
        let client = router.client().build().unwrap();
        for _ in 0..200 {
            let tried = client
                .agent()
                .call("", "com.example.add", "{}".parse().unwrap());
            let error = tried.await.unwrap_err();
            if !error.is_method_not_found() {
                return client.leave().await;
            }
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
        panic!("nothing is registered");
    }

    async fn ctrl_c(mut self) -> (String, bool) {
        let id = self.0.id().unwrap().to_string();
        let sent = std::process::Command::new("kill")
            .args(["-INT", &id])
            .status();
        assert!(sent.unwrap().success());
        let left = self.says("left").await;
        self.says("Done.").await;
        let status = tokio::time::timeout(LONG, self.0.wait()).await;
        (left, status.expect("an end").unwrap().success())
    }
}

#[tokio::test]
async fn the_connection_is_as_the_environment_says() {
    if !is_installed() {
        return;
    }
    let router = Router::start().await;
    let mut serving = Serving::start(&router).await;
    let joined = serving.says("joined").await;
    assert!(joined.contains("com.example.realm"), "{joined}");
    for (variable, value, why) in [
        ("REALM", "com.example.nowhere", "wamp.error.no_such_realm"),
        ("AUTHMETHOD", "scram", "AUTHMETHOD"),
        ("BONDY_URL", "http://localhost", "ws://"),
    ] {
        let mut other = program(&router.url());
        other.args(["2", "3"]).env(variable, value);
        let output = ended(other).await;
        assert!(!output.status.success(), "{variable}");
        assert!(said(&output).contains(why), "{}", said(&output));
    }
}

#[tokio::test]
async fn a_procedure_that_is_registered_in_the_join_hook_can_be_called() {
    if !is_installed() {
        return;
    }
    let router = Router::start().await;
    let mut serving = Serving::start(&router).await;
    serving.is_up(&router).await;
    let mut call = program(&router.url());
    call.args(["2", "3"]);
    let output = ended(call).await;
    assert!(output.status.success(), "{}", said(&output));
    assert_eq!(said(&output).trim(), "2 + 3 = 5");
    serving.says("2 + 3 for session Some(").await;
}

#[tokio::test]
async fn an_input_that_is_no_number_is_raised_back_to_the_caller() {
    if !is_installed() {
        return;
    }
    let router = Router::start().await;
    let mut serving = Serving::start(&router).await;
    serving.is_up(&router).await;
    let client = router.client().build().unwrap();
    let agent = client.agent();
    for params in [r#"{"x":"one","y":2}"#, r#"{"x":1}"#, r#"{"x":null,"y":2}"#] {
        let error = agent
            .call("", "com.example.add", params.parse().unwrap())
            .await
            .unwrap_err();
        let told = error.as_rpc().unwrap();
        assert_eq!(
            told.meaning,
            Some(ErrorMeaning::InvalidArguments),
            "{params}"
        );
    }
    let sum = agent
        .call("", "com.example.add", r#"{"x":1,"y":2}"#.parse().unwrap())
        .await;
    assert_eq!(sum.unwrap().get().parse::<f64>(), Ok(3.0));
    let mut call = program(&router.url());
    call.args(["1e308", "1e308"]);
    let output = ended(call).await;
    assert!(!output.status.success());
    assert!(said(&output).contains("RPC failed: "), "{}", said(&output));
    assert!(said(&output).contains("Overflow"), "{}", said(&output));
    let members = format!("{0} + {0}: the sum is too large", 1e308);
    assert!(said(&output).contains(&members), "{}", said(&output));
}

#[tokio::test]
async fn a_call_that_fails_says_why() {
    if !is_installed() {
        return;
    }
    let router = Router::start().await;
    let mut call = program(&router.url());
    call.args(["2", "3"]);
    let output = ended(call).await;
    assert!(!output.status.success());
    assert!(said(&output).contains("RPC failed: "), "{}", said(&output));
    assert!(
        said(&output).contains("wamp.error.no_such_procedure"),
        "{}",
        said(&output)
    );
    let mut nobody = program("ws://127.0.0.1:1/ws");
    nobody.args(["2", "3"]);
    let output = ended(nobody).await;
    assert!(
        said(&output).contains("RPC failed: ws://127.0.0.1:1/ws"),
        "{}",
        said(&output)
    );
}

#[tokio::test]
async fn the_session_is_joined_again_after_a_restart_and_serves() {
    if !is_installed() {
        return;
    }
    let mut router = Router::start().await;
    let mut serving = Serving::start(&router).await;
    serving.is_up(&router).await;
    router.down().await;
    serving.says("left: ").await;
    router.up().await;
    serving.is_up(&router).await;
    let mut call = program(&router.url());
    call.args(["20", "30"]);
    assert_eq!(said(&ended(call).await).trim(), "20 + 30 = 50");
}

#[tokio::test]
async fn ctrl_c_ends_it_gracefully() {
    if !is_installed() {
        return;
    }
    let router = Router::start().await;
    let mut serving = Serving::start(&router).await;
    serving.is_up(&router).await;
    let (left, success) = serving.ctrl_c().await;
    assert_eq!(left, "left");
    assert!(success);
    let mut call = program(&router.url());
    call.args(["2", "3"]);
    assert!(said(&ended(call).await).contains("wamp.error.no_such_procedure"));
}
