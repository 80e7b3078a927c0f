//! Changing the own password.

use xerus_rpc::{Agent, MemoryTransport, Outcome, server::Router};

use super::device::{Device, agent, methods, read};
use crate::support::in_time;

#[tokio::test]
async fn a_device_that_wants_a_new_password_gets_one() {
    let (device, server) = Device::start().await;
    device.mind().wants_password = true;
    let agent = agent(&server);
    let error = in_time(read(&agent)).await.expect_err("refused");
    assert_eq!(error.code(), "Auth.PasswordChangeRequired");
    assert!(
        error.to_string().contains("Agent::change_password"),
        "{error}"
    );
    let refused = in_time(agent.change_password("admin", "raritan", "short"))
        .await
        .expect_err("refused");
    assert_eq!(refused.return_code(), Some(3));
    assert!(
        refused.to_string().contains("ERR_PASSWORD_TOO_SHORT"),
        "{refused}"
    );
    assert_eq!(refused.outcome(), Outcome::NotExecuted);
    in_time(agent.change_password("admin", "raritan", "long enough"))
        .await
        .expect("changed");
    in_time(read(&agent)).await.expect("read");
    assert_eq!(
        methods(&server),
        [
            "newSession",
            "setAccountPassword",
            "setAccountPassword",
            "newSession",
            "getState"
        ]
    );
    let change = &server.seen()[1];
    assert!(
        change.line().starts_with("POST /auth/user/admin "),
        "{}",
        change.line()
    );
}

#[tokio::test]
async fn without_sessions_as_well() {
    let (device, server) = Device::start().await;
    device.mind().wants_password = true;
    let agent = server
        .agent()
        .basic_auth("admin", "raritan")
        .build()
        .expect("valid");
    in_time(agent.change_password("admin", "raritan", "long enough"))
        .await
        .expect("changed");
    in_time(read(&agent)).await.expect("read");
    assert_eq!(methods(&server), ["setAccountPassword", "getState"]);
    let wrong = in_time(agent.change_password("admin", "raritan", "even longer"))
        .await
        .expect_err("the old password is another");
    assert_eq!(wrong.code(), "Auth.Unauthorized");
    assert_eq!(wrong.outcome(), Outcome::NotExecuted);
    // The agent goes on as it was.
    in_time(read(&agent)).await.expect("read");
}

#[tokio::test]
async fn a_login_that_fails_after_the_change_says_that_it_was_made() {
    let (device, server) = Device::start().await;
    device.mind().instead = Some(r#"{"_ret_":1,"session":null,"token":""}"#.to_owned());
    let agent = agent(&server);
    let error = in_time(agent.change_password("admin", "raritan", "long enough"))
        .await
        .expect_err("no session");
    assert_eq!(error.code(), "Auth.SessionLimit");
    assert_eq!(error.outcome(), Outcome::Executed);
    assert_eq!(device.mind().password, "long enough");
}

#[tokio::test]
async fn names_are_data() {
    let (device, server) = Device::start().await;
    device.mind().user = "jörg ?#%".to_owned();
    let agent = agent(&server);
    in_time(agent.change_password("jörg ?#%", "raritan", "long enough"))
        .await
        .expect("changed");
    let line = server.seen()[0].line().to_owned();
    assert!(line.contains("/auth/user/j%C3%B6rg%20%3F%23%25 "), "{line}");
    for name in ["", "a/b", "..", "a:b", "a\r\nb"] {
        let error = in_time(agent.change_password(name, "raritan", "long enough"))
            .await
            .expect_err("no such name");
        assert!(error.code().starts_with("Config."), "{name:?}: {error}");
        assert_eq!(error.outcome(), Outcome::NotExecuted);
    }
}

#[tokio::test]
async fn a_wire_without_users_has_no_passwords() {
    let agent = Agent::with_transport(std::sync::Arc::new(MemoryTransport::new(Router::new())));
    let error = in_time(agent.change_password("admin", "a", "b"))
        .await
        .expect_err("unsupported");
    assert_eq!(error.code(), "Config.Unsupported");
}
