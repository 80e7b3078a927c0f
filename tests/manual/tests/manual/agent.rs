//! The agent and what it is made with.

use manual_tests::{PASSWORD, USER, device, trusting};
use xerus_api::session::SessionManager;
use xerus_rpc::{Agent, Credentials};
use xerus_sim::Simulator;

use crate::{asked, at_work};

#[tokio::test]
async fn the_protocol_is_https_or_http() {
    let secure = device().await.unwrap();
    let builder = trusting(&secure).basic_auth(USER, PASSWORD);
    assert_eq!(asked(builder).await.unwrap(), "Simulated PDU");
    let plain = Simulator::builder()
        .user(USER, PASSWORD)
        .start()
        .await
        .unwrap();
    assert!(plain.url().starts_with("http://"));
    let builder = Agent::builder(plain.url()).basic_auth(USER, PASSWORD);
    assert_eq!(asked(builder).await.unwrap(), "Simulated PDU");
    let error = Agent::builder("ftp://pdu.example.com").build().unwrap_err();
    assert_eq!(error.code(), "Config.BadUrl");
}

#[tokio::test]
async fn the_host_is_a_name_or_an_address() {
    let device = device().await.unwrap();
    let sha256 = device.certificate_sha256().unwrap().to_string();
    for host in ["127.0.0.1", "localhost"] {
        let url = format!("https://{host}:{}", device.address().port());
        let builder = Agent::builder(url).pin_certificate_sha256(&sha256);
        let name = asked(builder.basic_auth(USER, PASSWORD)).await;
        assert_eq!(name.unwrap(), "Simulated PDU", "{host}");
    }
}

#[tokio::test]
async fn user_and_password_are_sent_with_every_request() {
    let (device, agent) = at_work().await;
    let manager = SessionManager::well_known(&agent);
    manager.get_sessions().await.unwrap();
    manager.get_sessions().await.unwrap();
    let calls = device.calls().of("getSessions");
    let users: Vec<_> = calls.iter().map(|call| call.user.clone()).collect();
    assert_eq!(users, [Some(USER.to_owned()), Some(USER.to_owned())]);
    assert!(!format!("{agent:?}").contains(PASSWORD));
}

/// A token is what `newSession` gives.
#[tokio::test]
async fn a_token_takes_the_place_of_user_and_password() {
    let (device, administrator) = at_work().await;
    let manager = SessionManager::well_known(&administrator);
    let (session, token) = manager.new_session().await.unwrap();

    let agent = trusting(&device).session_token(&token).build().unwrap();
    let current = SessionManager::well_known(&agent)
        .get_current_session()
        .await;
    assert_eq!(current.unwrap().session_id, session.session_id);
    assert!(!format!("{agent:?}").contains(&token));
}

#[tokio::test]
async fn without_user_and_token_a_login_comes_before_the_first_request() {
    let device = device().await.unwrap();
    let agent = trusting(&device).build().unwrap();
    let manager = SessionManager::well_known(&agent);
    let error = manager.get_sessions().await.unwrap_err();
    assert_eq!(error.code(), "Auth.Unauthorized");
    assert!(device.calls().of("getSessions").iter().next().is_none());

    agent
        .login(Credentials::basic(USER, PASSWORD))
        .await
        .unwrap();
    let (_, token) = manager.new_session().await.unwrap();
    agent.login(Credentials::token(&token)).await.unwrap();
    let current = manager.get_current_session().await.unwrap();
    assert_eq!(current.username, USER);
    // A password in the place of a token, and the session is no longer the agent's.
    agent
        .login(Credentials::basic(USER, PASSWORD))
        .await
        .unwrap();
    assert!(manager.get_sessions().await.is_ok());
}
