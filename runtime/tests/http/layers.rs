//! Transports around transports: whatever stands between, nothing of the wire is lost.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use xerus_rpc::rt::{self, Marks, Method};
use xerus_rpc::wire::{BoxFuture, Capabilities, Layer, Reply, Request, Transport};
use xerus_rpc::{Agent, AgentBuilder, Call, Checked, Credentials, Error, Json, Object, Outcome};

use crate::support::{Answer, POLL, SET_STATE, Seen, Server, eventually, http, in_time};

/// Counts the calls, and leaves all else to the default.
struct Count(Arc<dyn Transport>, Arc<AtomicUsize>);

impl Layer for Count {
    fn inner(&self) -> &Arc<dyn Transport> {
        &self.0
    }

    fn call<'a>(&'a self, request: &'a Request) -> BoxFuture<'a, Result<Reply, Error>> {
        self.1.fetch_add(1, Ordering::SeqCst);
        self.0.call(request)
    }
}

/// Changes nothing.
struct Through(Arc<dyn Transport>);

impl Layer for Through {
    fn inner(&self) -> &Arc<dyn Transport> {
        &self.0
    }
}

/// An agent with three layers around its transport, and the calls that went through the middle one.
fn wrapped(builder: AgentBuilder) -> (Agent, Arc<AtomicUsize>) {
    let count = Arc::new(AtomicUsize::new(0));
    let counter = Arc::clone(&count);
    let agent = builder
        .layer(|device| Arc::new(Through(device)))
        .layer(move |device| Arc::new(Count(device, Arc::clone(&counter))))
        .layer(|device| Arc::new(Through(device)))
        .build()
        .expect("valid");
    (agent, count)
}

fn object(agent: &Agent) -> Object {
    Object::at(agent, "/model/pdu/0")
}

fn switch(agent: &Agent) -> Call<(), Checked> {
    rt::checked(&object(agent), &SET_STATE, &[&1])
}

#[tokio::test]
async fn logins_and_new_passwords_reach_the_wire() {
    let server = Server::http(|seen| seen.answer(r#"{"_ret_":0}"#)).await;
    let (agent, count) = wrapped(server.agent().basic_auth("admin", "a"));
    in_time(switch(&agent)).await.expect("switched");
    let token = Credentials::token("0123456789abcdef0123456789abcdef");
    agent.login(token).await.expect("valid");
    in_time(switch(&agent)).await.expect("switched");
    // The password is changed, and the agent goes on with the new one.
    let change = agent.call(
        "/auth/user/admin",
        "setAccountPassword",
        r#"{"password":"b"}"#.parse().expect("JSON"),
    );
    in_time(change).await.expect("changed");
    agent
        .login(Credentials::basic("admin", "b"))
        .await
        .expect("valid");
    in_time(switch(&agent)).await.expect("switched");
    agent.logout().await.expect("valid");
    in_time(switch(&agent)).await.expect("switched");
    let headers = |name: &str| -> Vec<String> {
        let all = server.seen();
        all.iter().map(|seen| seen.headers(name).concat()).collect()
    };
    assert_eq!(
        headers("authorization"),
        ["Basic YWRtaW46YQ==", "", "", "Basic YWRtaW46Yg==", ""]
    );
    let token = "0123456789abcdef0123456789abcdef";
    assert_eq!(headers("x-sessiontoken"), ["", token, token, "", ""]);
    // What the wire cannot carry, it refuses through all layers, and names the device.
    let error = agent
        .login(Credentials::basic("a:b", "x"))
        .await
        .expect_err("a colon");
    assert_eq!(error.code(), "Config.BadUserName");
    assert_eq!(error.origin(), Some(server.url().as_str()));
    assert_eq!(count.load(Ordering::SeqCst), server.requests());
}

#[tokio::test]
async fn origin_capabilities_and_settings_are_those_of_the_wire() {
    let server = Server::http(|seen| seen.answer(r#"{"_ret_":1}"#)).await;
    let bare = server.agent().build().expect("valid");
    let (agent, _) = wrapped(server.agent());
    assert_eq!(agent.origin(), server.url());
    assert_eq!(agent.capabilities(), bare.capabilities());
    let expected = Capabilities::NONE
        .with_bulk(true)
        .with_login(true)
        .with_files(true);
    assert_eq!(agent.capabilities(), expected);
    let (several, _) = wrapped(server.agent().max_connections(3));
    assert_eq!(several.capabilities(), expected.with_pipeline(true));
    assert_eq!(agent.settings(), bare.settings());
    assert_eq!(object(&agent), object(&bare), "one device");
    // A refusal of the device, and what the wire refuses to carry.
    let error = in_time(switch(&agent)).await.expect_err("refused");
    assert_eq!(
        (error.return_code(), error.outcome()),
        (Some(1), Outcome::Executed)
    );
    assert_eq!(
        error.as_application().expect("a code").names,
        ["ERR_DISABLED"]
    );
    let sent = server.requests();
    let error = agent.call("/model/../auth", "getState", Json::EMPTY_OBJECT);
    assert_eq!(
        in_time(error).await.expect_err("a path up").code(),
        "Config.BadRid"
    );
    assert_eq!(server.requests(), sent);
}

#[tokio::test]
async fn what_the_wire_does_not_have_is_told_and_not_sent() {
    static TEST: Method = Method {
        name: "runTest",
        results: &["_ret_"],
        marks: &Marks {
            progress: Some("int"),
            ..Marks::PLAIN
        },
        codes: Some(&[]),
        ..Method::PLAIN
    };
    let server = Server::http(|seen| seen.answer(r#"{"_ret_":0}"#)).await;
    let (agent, count) = wrapped(server.agent());
    let test = || rt::progress::<i32, (), Checked>(rt::checked(&object(&agent), &TEST, &[]));
    let mut stream = test().stream();
    let error = stream
        .next()
        .await
        .expect("an item")
        .expect_err("no progress");
    assert_eq!(
        (error.code(), error.outcome()),
        ("Config.Unsupported", Outcome::NotExecuted)
    );
    assert_eq!(error.origin(), Some(server.url().as_str()));
    assert!(stream.next().await.is_none());
    let error = test().stream().finish().await.expect_err("no progress");
    assert_eq!(error.code(), "Config.Unsupported");
    let error = switch(&agent).notify().await.expect_err("no notifications");
    assert_eq!(error.code(), "Config.Unsupported");
    assert_eq!((server.connections(), count.load(Ordering::SeqCst)), (0, 0));
    // Without the progress it is a call like any other.
    in_time(test()).await.expect("tested");
    assert_eq!((server.requests(), count.load(Ordering::SeqCst)), (1, 1));
}

#[tokio::test]
async fn a_cut_connection_leaves_the_outcome_open() {
    let server = Server::http(|_| Answer::Cut).await;
    let (agent, count) = wrapped(server.agent());
    let error = in_time(switch(&agent)).await.expect_err("cut");
    assert_eq!(
        (error.code(), error.outcome(), error.was_sent()),
        ("ConnectionLost", Outcome::Unknown, Some(true))
    );
    assert!(error.may_have_executed() && !error.is_retryable());
    assert_eq!(error.method(), Some("setPowerState"));
    assert!(error.request_id().is_some());
    assert_eq!(server.requests(), 1);
    // The wire repeats what may be repeated, below the layers.
    let read = switch(&agent).repeatable(true);
    assert!(in_time(read).await.expect_err("cut").is_retryable());
    assert_eq!((server.requests(), count.load(Ordering::SeqCst)), (3, 2));
}

#[tokio::test]
async fn the_wire_tells_what_it_knows() {
    let server = Server::http(|seen| match seen.number {
        0 => Answer::Cut,
        _ => seen.answer(r#"{"_ret_":0}"#),
    })
    .await;
    let (agent, _) = wrapped(server.agent());
    let call = switch(&agent).repeatable(true).with_meta();
    let ((), meta) = in_time(call).await.expect("switched");
    assert_eq!((meta.attempts, meta.status), (2, Some(200)));
    assert!(meta.elapsed.is_some() && meta.peer.is_none());
}

#[tokio::test]
async fn closing_closes_the_connections_after_the_calls_under_way() {
    let slow = |seen: &Seen| {
        let answer = http(200, "", &seen.document(r#"{"_ret_":0}"#));
        Answer::Later(Duration::from_millis(100), answer)
    };
    let server = Server::http(slow).await;
    let (agent, _) = wrapped(server.agent());
    let poll = || rt::single::<i32>(&object(&agent), &POLL, &[]);
    let closing = async {
        eventually("both are under way", || server.requests() == 2).await;
        agent.close().await;
    };
    let (switched, polled, ()) =
        in_time(async { tokio::join!(switch(&agent).send(), poll().send(), closing) }).await;
    switched.expect("a call under way ends");
    polled.expect("a long poll under way ends");
    eventually("the connections are closed", || {
        server.open_connections() == 0
    })
    .await;
    assert_eq!(server.connections(), 2);
    // A call after that opens one again.
    in_time(switch(&agent)).await.expect("switched");
    assert_eq!((server.connections(), server.open_connections()), (3, 1));
    // Closing with nothing under way, twice at once.
    in_time(async { tokio::join!(agent.close(), agent.close()) }).await;
    eventually("the connection is closed", || {
        server.open_connections() == 0
    })
    .await;
}
