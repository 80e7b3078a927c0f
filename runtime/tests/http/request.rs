//! What a request looks like on the wire, and who gets to see secrets.

use std::fmt::Write as _;
use std::sync::{Arc, Mutex};

use crate::support::{
    Answer, GET_STATE, SET_STATE, Seen, Server, call, failure, in_time, success, values,
};
use tracing::field::{Field, Visit};
use tracing::span;
use xerus_rpc::wire::{Request, Transport};
use xerus_rpc::{Agent, Credentials};

async fn server() -> Server {
    Server::http(|seen| seen.answer("{}")).await
}

async fn only(server: &Server) -> Seen {
    let seen = server.seen();
    assert_eq!(seen.len(), 1);
    seen[0].clone()
}

#[tokio::test]
async fn requests_have_the_documented_form() {
    let server = server().await;
    let request = Request::new(
        "/tfwopaque/pdumodel.Outlet:3.0.4/outlet.0",
        &SET_STATE,
        values(r#"{"pstate":1}"#),
    );
    in_time(call(&server.transport(), &request))
        .await
        .expect("an answer");
    let seen = only(&server).await;
    assert_eq!(
        seen.line(),
        "POST /tfwopaque/pdumodel.Outlet%3A3.0.4/outlet.0 HTTP/1.1"
    );
    assert_eq!(
        seen.body,
        r#"{"jsonrpc":"2.0","method":"setPowerState","params":{"pstate":1},"id":1}"#
    );
    for (name, value) in [
        ("content-type", "application/json"),
        ("x-client-type", "Rust RPC"),
        ("accept-encoding", "identity"),
        ("content-length", &seen.body.len().to_string()),
        ("host", &server.address.to_string()),
    ] {
        assert_eq!(seen.headers(name), [value], "{name}");
    }
    for name in [
        "authorization",
        "x-sessiontoken",
        "transfer-encoding",
        "referer",
        "cookie",
        "expect",
    ] {
        assert_eq!(seen.headers(name), [""; 0], "{name}");
    }
}

#[tokio::test]
async fn path_prefixes_and_client_types() {
    let server = server().await;
    let agent = Agent::builder(format!("{}/link/2/", server.url())).client_type("my tool/1.0");
    success(&agent.build_transport().expect("valid"), &GET_STATE).await;
    let seen = only(&server).await;
    assert_eq!(seen.line(), "POST /link/2/model/pdu/0 HTTP/1.1");
    assert_eq!(seen.headers("x-client-type"), ["my tool/1.0"]);
}

#[tokio::test]
async fn credentials_are_replaced_at_run_time() {
    let server = server().await;
    let transport = server
        .agent()
        .basic_auth("admin", "pä:ss")
        .build_transport()
        .expect("valid");
    success(&transport, &GET_STATE).await;
    let token = Credentials::token("0123456789abcdef0123456789abcdef");
    transport.login(token).await.expect("valid");
    success(&transport, &GET_STATE).await;
    let other = Credentials::basic("other", "x");
    transport.login(other).await.expect("valid");
    success(&transport, &GET_STATE).await;
    transport.login(Credentials::none()).await.expect("valid");
    success(&transport, &GET_STATE).await;

    let headers = |name: &str| {
        server
            .seen()
            .iter()
            .map(|seen| seen.headers(name))
            .collect::<Vec<_>>()
    };
    assert_eq!(
        headers("authorization"),
        [
            vec!["Basic YWRtaW46cMOkOnNz"],
            vec![],
            vec!["Basic b3RoZXI6eA=="],
            vec![]
        ]
    );
    assert_eq!(
        headers("x-sessiontoken"),
        [
            vec![],
            vec!["0123456789abcdef0123456789abcdef"],
            vec![],
            vec![]
        ]
    );
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn no_request_has_two_kinds_of_credentials() {
    let server = server().await;
    let transport = Arc::new(
        server
            .agent()
            .basic_auth("admin", "x")
            .build_transport()
            .expect("valid"),
    );
    let switching = {
        let transport = Arc::clone(&transport);
        tokio::spawn(async move {
            for _ in 0..2000 {
                let token = Credentials::token("token");
                transport.login(token).await.expect("valid");
                let basic = Credentials::basic("admin", "x");
                transport.login(basic).await.expect("valid");
            }
        })
    };
    for _ in 0..100 {
        success(&transport, &GET_STATE).await;
    }
    switching.await.expect("done");
    for seen in server.seen() {
        assert_eq!(
            seen.headers("authorization").len() + seen.headers("x-sessiontoken").len(),
            1
        );
    }
}

/// Collects all that is traced, by the other tests, too.
#[derive(Clone, Default)]
struct Collector(Arc<Mutex<String>>);

impl Visit for Collector {
    fn record_debug(&mut self, field: &Field, value: &dyn std::fmt::Debug) {
        let _ = write!(self.0.lock().expect("not poisoned"), "{field}={value:?} ");
    }
}

impl tracing::Subscriber for Collector {
    fn enabled(&self, _: &tracing::Metadata<'_>) -> bool {
        true
    }
    fn new_span(&self, attributes: &span::Attributes<'_>) -> span::Id {
        attributes.record(&mut self.clone());
        span::Id::from_u64(1)
    }
    fn record(&self, _: &span::Id, values: &span::Record<'_>) {
        values.record(&mut self.clone());
    }
    fn record_follows_from(&self, _: &span::Id, _: &span::Id) {}
    fn event(&self, event: &tracing::Event<'_>) {
        let line = Self::default();
        event.record(&mut line.clone());
        let line = line.0.lock().expect("not poisoned").clone();
        let _ = write!(
            self.0.lock().expect("not poisoned"),
            "\n{} {line}",
            event.metadata().target()
        );
    }
    fn enter(&self, _: &span::Id) {}
    fn exit(&self, _: &span::Id) {}
}

#[tokio::test]
async fn traces_tell_the_call_and_no_secret() {
    let collector = Collector::default();
    // For the whole process: a subscriber of one thread misses what another thread has met first.
    tracing::subscriber::set_global_default(collector.clone()).expect("the only one");
    let server = Server::http(|seen| match seen.number {
        0 => seen.answer(r#"{"token":"hunter2"}"#),
        1 => Answer::Keep(crate::support::http(401, "", "hunter2")),
        _ => Answer::Begin(String::new()),
    })
    .await;
    let transport = server
        .agent()
        .basic_auth("admin", "hunter2")
        .build_transport()
        .expect("valid");
    let secret = Request::untyped(
        "/auth/user/admin",
        "setAccountPassword",
        values(r#"{"password":"hunter2"}"#),
    );
    in_time(call(&transport, &secret)).await.expect("an answer");
    let error = in_time(call(&transport, &secret))
        .await
        .expect_err("refused");
    let abandoned = tokio::time::timeout(
        std::time::Duration::from_millis(50),
        call(&transport, &secret),
    )
    .await;
    assert!(abandoned.is_err());

    let traced = collector.0.lock().expect("not poisoned").clone();
    let origin = format!("origin={} ", server.url());
    let calls: Vec<_> = traced
        .lines()
        .filter(|line| line.starts_with("xerus_rpc::http ") && line.contains(&origin))
        .collect();
    assert_eq!(calls.len(), 3, "{traced}");
    for (line, outcome) in calls.iter().zip(["ok", "Auth.Unauthorized", "Cancelled"]) {
        for part in [
            "rid=\"/auth/user/admin\"".to_owned(),
            "method=\"setAccountPassword\"".to_owned(),
            format!("outcome={outcome:?}"),
        ] {
            assert!(line.contains(&part), "{part} in {line}");
        }
    }
    for text in [
        traced,
        format!("{error} {error:?} {transport:?} {secret:?}"),
    ] {
        assert!(
            !text.contains("hunter2") && !text.contains("aHVudGVyMg"),
            "{text}"
        );
    }
}

#[tokio::test]
async fn the_origin_in_errors_has_no_credentials() {
    let server = Server::http(|_| Answer::Keep(crate::support::http(403, "", ""))).await;
    let agent = server
        .agent()
        .session_token("hunter2")
        .build_transport()
        .expect("valid");
    let error = failure(&agent, &GET_STATE).await;
    assert!(error.is_permission_denied());
    assert!(!format!("{error} {error:?}").contains("hunter2"));
}
