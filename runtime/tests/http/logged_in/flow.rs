//! Opening, renewing and closing.

use std::time::Duration;

use futures_util::future::join_all;
use xerus_rpc::layer::Sessions;
use xerus_rpc::rt::{self, Method};
use xerus_rpc::{
    Agent, Call, Checked, Credentials, MemoryTransport, Object, Outcome, server::Router,
};

use super::device::{Device, agent, builder, methods, read};
use crate::support::{SET_STATE, in_time};

fn switch(agent: &Agent) -> Call<(), Checked> {
    rt::checked(&Object::at(agent, "/model/pdu/0"), &SET_STATE, &[&1])
}

#[tokio::test]
async fn one_login_and_then_the_token() {
    let (device, server) = Device::start().await;
    let agent = agent(&server);
    for _ in 0..3 {
        assert_eq!(in_time(read(&agent)).await.expect("read"), 7);
    }
    assert_eq!(
        methods(&server),
        ["newSession", "getState", "getState", "getState"]
    );
    assert_eq!(device.mind().granted, 1);
    let seen = server.seen();
    assert!(seen[0].headers("x-sessiontoken").is_empty());
    for seen in &seen[1..] {
        assert!(seen.headers("authorization").is_empty(), "{}", seen.head);
        assert_eq!(seen.headers("x-sessiontoken"), [format!("{:032x}", 1)]);
    }
    // Dropping an agent sends nothing.
    drop(agent);
    tokio::time::sleep(Duration::from_millis(50)).await;
    assert_eq!(server.requests(), 4);
}

#[tokio::test]
async fn a_thousand_calls_at_the_moment_of_expiry_make_one_login() {
    let (device, server) = Device::start().await;
    let agent = agent(&server);
    in_time(read(&agent)).await.expect("read");
    device.forget();
    device.mind().slow = Duration::from_millis(20);
    let calls = (0..1000).map(|_| read(&agent).timeout(Duration::from_secs(60)).send());
    let results = tokio::time::timeout(Duration::from_secs(60), join_all(calls))
        .await
        .expect("ends");
    for result in results {
        assert_eq!(result.expect("read"), 7);
    }
    assert_eq!(device.mind().asked, 2);
    // A call that changes something is sent again as well: the device refused it before it did anything.
    device.forget();
    let (a, b) = in_time(async { tokio::join!(switch(&agent), switch(&agent)) }).await;
    // The device answers 7, which is a refusal of its own.
    for result in [a, b] {
        assert_eq!(result.expect_err("refused").return_code(), Some(7));
    }
    assert_eq!(device.mind().asked, 3);
}

#[tokio::test]
async fn the_first_calls_share_a_login() {
    let (device, server) = Device::start().await;
    device.mind().slow = Duration::from_millis(30);
    let agent = agent(&server);
    let results = in_time(join_all((0..50).map(|_| read(&agent).send()))).await;
    assert!(results.iter().all(Result::is_ok));
    assert_eq!(device.mind().asked, 1);
}

#[tokio::test]
async fn close_closes_the_session_and_the_next_call_opens_another() {
    let (device, server) = Device::start().await;
    let agent = agent(&server);
    in_time(agent.close()).await;
    assert_eq!(server.requests(), 0, "there was no session");
    in_time(read(&agent)).await.expect("read");
    in_time(agent.close()).await;
    let last = server.seen().pop().expect("a request").json();
    assert_eq!(last["method"], "closeCurrentSession");
    assert_eq!(last["params"], serde_json::json!({"reason": 0}));
    assert!(device.mind().tokens.is_empty());
    in_time(read(&agent)).await.expect("read");
    assert_eq!(device.mind().granted, 2);
}

#[tokio::test]
async fn logout_closes_the_session_and_says_when_it_could_not() {
    let (device, server) = Device::start().await;
    let agent = agent(&server);
    in_time(read(&agent)).await.expect("read");
    in_time(agent.logout()).await.expect("closed");
    assert!(device.mind().tokens.is_empty());
    let error = in_time(read(&agent)).await.expect_err("nobody");
    assert_eq!(error.code(), "Auth.Unauthorized");
    assert!(
        error.to_string().contains("nobody was logged in"),
        "{error}"
    );
    assert_eq!(device.mind().asked, 1);
    // One that the device had ended before is closed as well.
    let login = Credentials::basic("admin", "raritan");
    in_time(agent.login(login.clone()))
        .await
        .expect("logged in");
    device.forget();
    in_time(agent.logout()).await.expect("closed");
    // What cannot be closed is said.
    in_time(agent.login(login)).await.expect("logged in");
    device.mind().wants_password = true;
    let error = in_time(agent.logout()).await.expect_err("not closed");
    assert_eq!(error.code(), "Auth.PasswordChangeRequired");
    assert_eq!(error.method(), Some("closeCurrentSession"));
}

#[tokio::test]
async fn sessions_of_old_firmware() {
    let (device, server) = Device::start().await;
    device.mind().is_old = true;
    let agent = agent(&server);
    in_time(read(&agent)).await.expect("read");
    device.forget();
    in_time(read(&agent)).await.expect("read");
    in_time(agent.close()).await;
    let seen = server.seen();
    let asked = seen
        .iter()
        .find(|seen| seen.json()["method"] == "getSession");
    let token = format!("{:032x}", 1);
    assert_eq!(asked.expect("asked").json()["params"]["token"], token);
    let closed = seen.last().expect("closed").json();
    assert_eq!(closed["method"], "closeSession");
    assert_eq!(closed["params"]["reason"], 0);
    assert_eq!(closed["params"]["token"], format!("{:032x}", 2));
}

#[tokio::test]
async fn a_login_replaces_the_session() {
    let (device, server) = Device::start().await;
    let agent = agent(&server);
    in_time(read(&agent)).await.expect("read");
    device.mind().user = "operator".to_owned();
    let wrong = in_time(agent.login(Credentials::basic("operator", "no"))).await;
    assert_eq!(wrong.expect_err("refused").code(), "Auth.Unauthorized");
    // The old session is as it was.
    in_time(read(&agent)).await.expect("read");
    in_time(agent.login(Credentials::basic("operator", "raritan")))
        .await
        .expect("logged in");
    assert_eq!(device.mind().tokens.len(), 1, "the old one is closed");
    in_time(read(&agent)).await.expect("read");
    assert_eq!(device.mind().asked, 3);
}

#[tokio::test]
async fn a_token_that_was_given_is_used_as_it_is() {
    let (device, server) = Device::start().await;
    device.mind().tokens.insert("0123".to_owned());
    let agent = server
        .agent()
        .session_token("0123")
        .sessions(Sessions::new())
        .build()
        .expect("valid");
    in_time(read(&agent)).await.expect("read");
    in_time(agent.close()).await;
    assert_eq!(methods(&server), ["getState"], "it is not ours to close");
    device.forget();
    let error = in_time(read(&agent)).await.expect_err("no longer good");
    assert_eq!(error.code(), "Auth.Unauthorized");
    assert_eq!(device.mind().asked, 0);
}

#[tokio::test]
async fn bulk_and_auto_bulk_are_in_the_session() {
    let (device, server) = Device::start().await;
    let agent = builder(&server)
        .auto_bulk(xerus_rpc::bulk::AutoBulk::new())
        .build()
        .expect("valid");
    let one = in_time(agent.bulk([read(&agent)])).await;
    // The device does not do bulk, but it was asked in the session.
    assert!(one.is_err());
    let results = in_time(join_all((0..5).map(|_| read(&agent).send()))).await;
    assert!(results.iter().any(Result::is_err) || server.requests() > 2);
    assert_eq!(device.mind().asked, 1);
    for seen in server.seen().iter().skip(1) {
        assert_eq!(seen.headers("x-sessiontoken").len(), 1, "{}", seen.head);
    }
}

#[test]
fn another_runtime_and_blocking_calls() {
    let runtime = || {
        tokio::runtime::Builder::new_current_thread()
            .enable_all()
            .build()
            .expect("a runtime")
    };
    let servers = runtime_of_server();
    let (device, server) = servers.block_on(Device::start());
    let agent = agent(&server);
    for _ in 0..3 {
        runtime().block_on(async {
            in_time(read(&agent)).await.expect("read");
        });
        device.forget();
    }
    #[cfg(feature = "blocking")]
    {
        assert_eq!(read(&agent).send_blocking().expect("read"), 7);
        assert_eq!(device.mind().asked, 4);
    }
    // A login that was given up with its runtime holds nobody up.
    device.forget();
    device.mind().slow = Duration::from_secs(600);
    runtime().block_on(async {
        let call = read(&agent).timeout(Duration::from_millis(100));
        let error = in_time(call).await.expect_err("too slow");
        assert_eq!(error.code(), "Timeout.Queue", "{error}");
        assert_eq!(error.outcome(), Outcome::NotExecuted);
    });
    device.mind().slow = Duration::ZERO;
    runtime().block_on(async {
        in_time(read(&agent)).await.expect("read");
    });
}

fn runtime_of_server() -> tokio::runtime::Runtime {
    tokio::runtime::Builder::new_multi_thread()
        .worker_threads(1)
        .enable_all()
        .build()
        .expect("a runtime")
}

#[tokio::test]
async fn a_wire_without_users_has_no_sessions() {
    static METHOD: Method = Method {
        name: "getState",
        results: &["_ret_"],
        ..Method::PLAIN
    };
    let device = std::sync::Arc::new(MemoryTransport::new(Router::new()));
    let user = Credentials::basic("admin", "raritan");
    let agent = Agent::with_transport(Sessions::new().around(device.clone(), user));
    let call: Call<i32> = rt::single(&Object::at(&agent, "/a"), &METHOD, &[]);
    let error = in_time(call).await.expect_err("unsupported");
    assert_eq!(error.code(), "Config.Unsupported");
    assert_eq!(device.calls(), 0);
}
