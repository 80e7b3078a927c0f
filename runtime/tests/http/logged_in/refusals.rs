//! Logins and calls that the device refuses.

use xerus_rpc::error::ConfigError;
use xerus_rpc::layer::{CredentialsFile, Sessions};
use xerus_rpc::{Credentials, Error, Outcome};

use super::device::{Device, agent, methods, read};
use crate::support::in_time;

#[tokio::test]
async fn a_wrong_password_is_tried_once() {
    let (device, server) = Device::start().await;
    device.mind().password = "another".to_owned();
    let agent = agent(&server);
    let first = in_time(read(&agent)).await.expect_err("refused");
    assert_eq!(first.code(), "Auth.Unauthorized");
    assert_eq!(first.method(), Some("newSession"));
    assert_eq!(first.outcome(), Outcome::NotExecuted);
    for _ in 0..5 {
        let error = in_time(read(&agent)).await.expect_err("refused");
        assert_eq!(error.code(), "Auth.RefusedBefore");
        assert_eq!(error.outcome(), Outcome::NotExecuted);
        assert!(!error.to_string().contains("raritan"), "{error}");
    }
    assert_eq!(server.requests(), 1);
    // Whoever says so may try again.
    let same = in_time(agent.login(Credentials::basic("admin", "raritan"))).await;
    assert_eq!(same.expect_err("refused").code(), "Auth.Unauthorized");
    in_time(agent.login(Credentials::basic("admin", "another")))
        .await
        .expect("logged in");
    in_time(read(&agent)).await.expect("read");
    assert_eq!(device.mind().asked, 3);
}

#[tokio::test]
async fn calls_that_wait_for_a_refused_login_get_the_refusal() {
    let (device, server) = Device::start().await;
    device.mind().password = "another".to_owned();
    let agent = agent(&server);
    let results = in_time(futures_util::future::join_all(
        (0..100).map(|_| read(&agent).send()),
    ))
    .await;
    for result in results {
        assert_eq!(result.expect_err("refused").code(), "Auth.Unauthorized");
    }
    assert_eq!(device.mind().asked, 1);
}

#[tokio::test]
async fn a_password_that_was_changed_in_the_file_needs_no_restart() {
    let (device, server) = Device::start().await;
    let path = std::env::temp_dir().join(format!("xerus-rpc-login-{}", std::process::id()));
    std::fs::write(&path, "wrong\n").expect("written");
    let source = CredentialsFile::new(&path).user("admin");
    let agent = server
        .agent()
        .sessions(Sessions::new().source(source))
        .build()
        .expect("valid");
    assert_eq!(
        in_time(read(&agent)).await.expect_err("refused").code(),
        "Auth.Unauthorized"
    );
    std::fs::write(&path, "raritan\n").expect("written");
    in_time(read(&agent)).await.expect("read");
    device.mind().password = "rotated".to_owned();
    device.forget();
    std::fs::write(&path, "rotated").expect("written");
    in_time(read(&agent)).await.expect("read");
    device.forget();
    std::fs::remove_file(&path).expect("removed");
    let error = in_time(read(&agent)).await.expect_err("no file");
    assert_eq!(error.code(), "Config.NoCredentials");
    assert_eq!(error.outcome(), Outcome::NotExecuted);
    assert!(error.to_string().contains("does not exist"), "{error}");
    assert_eq!(device.mind().asked, 3);
}

#[tokio::test]
async fn a_function_is_a_source() {
    let (device, server) = Device::start().await;
    let sealed = std::sync::Arc::new(std::sync::atomic::AtomicBool::new(true));
    let vault = std::sync::Arc::clone(&sealed);
    let source = move || {
        let is_sealed = vault.load(std::sync::atomic::Ordering::SeqCst);
        async move {
            tokio::task::yield_now().await;
            if is_sealed {
                let what = "the vault is sealed".to_owned();
                return Err(Error::from(ConfigError::NoCredentials(what)));
            }
            Ok(Credentials::basic("admin", "raritan"))
        }
    };
    let agent = server
        .agent()
        .sessions(Sessions::new().source(source))
        .build()
        .expect("valid");
    let error = in_time(read(&agent)).await.expect_err("sealed");
    assert!(error.to_string().contains("the vault is sealed"), "{error}");
    assert_eq!(server.requests(), 0);
    sealed.store(false, std::sync::atomic::Ordering::SeqCst);
    in_time(read(&agent)).await.expect("read");
    assert_eq!(device.mind().asked, 1);
}

#[tokio::test]
async fn sessions_that_are_never_accepted_end_in_two_logins() {
    let (device, server) = Device::start().await;
    device.mind().takes_none = true;
    let agent = agent(&server);
    for _ in 0..10 {
        let error = in_time(read(&agent)).await.expect_err("refused");
        assert_eq!(error.code(), "Auth.Unauthorized");
    }
    assert_eq!(device.mind().asked, 2);
    assert_eq!(server.requests(), 2 + 11);
    // When the device comes to its senses, so does the agent.
    device.mind().takes_none = false;
    in_time(read(&agent)).await.expect("read");
    device.forget();
    in_time(read(&agent)).await.expect("read");
    assert_eq!(device.mind().asked, 3);
}

#[tokio::test]
async fn a_missing_right_makes_no_login() {
    let (device, server) = Device::start().await;
    let agent = agent(&server);
    in_time(read(&agent)).await.expect("read");
    device.mind().forbidden = "getState";
    for _ in 0..3 {
        let error = in_time(read(&agent)).await.expect_err("refused");
        assert_eq!(error.code(), "Auth.Unauthorized");
        assert_eq!(error.method(), Some("getState"));
        let text = error.to_string();
        assert!(text.contains("give the right to the role"), "{text}");
    }
    assert_eq!(device.mind().asked, 1);
    let expected = ["getState", "getCurrentSession"];
    assert_eq!(
        methods(&server)[2..],
        [expected, expected, expected].concat()
    );
}

#[tokio::test]
async fn answers_to_a_login_that_are_none() {
    let long = "x".repeat(1 << 20);
    for (answer, code) in [
        (
            r#"{"_ret_":1,"session":null,"token":""}"#,
            "Auth.SessionLimit",
        ),
        (
            r#"{"_ret_":1,"session":{"sessionId":-1,"creationTime":0,"timeout":0},"token":""}"#,
            "Auth.SessionLimit",
        ),
        (r#"{"_ret_":7,"session":null,"token":""}"#, "Application"),
        (
            r#"{"_ret_":0,"session":null,"token":""}"#,
            "Config.BadHeaderValue",
        ),
        (r#"{"_ret_":0,"session":null}"#, "Config.BadHeaderValue"),
        (
            r#"{"_ret_":0,"token":"a\r\nX-Evil: 1"}"#,
            "Config.BadHeaderValue",
        ),
        (
            &*format!(r#"{{"_ret_":0,"token":"{long}"}}"#),
            "Config.BadHeaderValue",
        ),
        (r#"{"_ret_":0,"token":5}"#, "Decode.WrongType"),
        (r#"{"_ret_":"0","token":"a"}"#, "Decode.WrongType"),
        (
            r#"{"_ret_":0,"token":"a","token":"b"}"#,
            "Json.DuplicateKey",
        ),
        ("[]", "Decode.WrongType"),
    ] {
        let (device, server) = Device::start().await;
        device.mind().instead = Some(answer.to_owned());
        let agent = agent(&server);
        let error = in_time(read(&agent)).await.expect_err("no session");
        assert_eq!(error.code(), code, "{error}");
        assert_eq!(error.outcome(), Outcome::NotExecuted, "{error}");
        assert!(error.to_string().len() < 400, "{error}");
        assert_eq!(error.rid(), Some("/session"));
        assert_eq!(methods(&server), ["newSession"]);
    }
}

#[tokio::test]
async fn nothing_secret_is_shown() {
    let (_, server) = Device::start().await;
    let sessions = Sessions::new().source(Credentials::basic("admin", "raritan"));
    let shown = format!(
        "{sessions:?} {:?}",
        server.agent().sessions(sessions.clone())
    );
    let agent = server.agent().sessions(sessions).build().expect("valid");
    in_time(read(&agent)).await.expect("read");
    let change = agent.change_password("admin", "raritan", "s3cret-new");
    let shown = format!("{shown} {agent:?} {change:?} {:?}", read(&agent));
    for secret in ["raritan", "s3cret", "0000000000"] {
        assert!(!shown.contains(secret), "{shown}");
    }
}

#[tokio::test]
async fn each_wrong_password_is_tried_once() {
    let (device, server) = Device::start().await;
    device.mind().password = "another".to_owned();
    let agent = agent(&server);
    in_time(read(&agent)).await.expect_err("refused");
    // What somebody else tried does not make the first one good.
    in_time(agent.login(Credentials::basic("admin", "guess")))
        .await
        .expect_err("refused");
    let error = in_time(read(&agent)).await.expect_err("refused");
    assert_eq!(error.code(), "Auth.RefusedBefore");
    assert_eq!(server.requests(), 2);
    // A source that takes turns.
    let turn = std::sync::atomic::AtomicUsize::new(0);
    let source = move || {
        let turn = turn.fetch_add(1, std::sync::atomic::Ordering::SeqCst);
        let password = ["one", "two"][turn % 2];
        std::future::ready(Ok(Credentials::basic("admin", password)))
    };
    let agent = server
        .agent()
        .sessions(Sessions::new().source(source))
        .build()
        .expect("valid");
    for _ in 0..6 {
        in_time(read(&agent)).await.expect_err("refused");
    }
    assert_eq!(server.requests(), 4);
}

#[tokio::test]
async fn an_old_password_that_is_wrong_is_no_better_for_a_login() {
    let (device, server) = Device::start().await;
    device.mind().password = "another".to_owned();
    let agent = agent(&server);
    let error = in_time(agent.change_password("admin", "raritan", "long enough"))
        .await
        .expect_err("refused");
    assert_eq!(error.code(), "Auth.Unauthorized");
    let error = in_time(read(&agent)).await.expect_err("refused");
    assert_eq!(error.code(), "Auth.RefusedBefore");
    assert_eq!(methods(&server), ["setAccountPassword"]);
}

#[tokio::test]
async fn a_time_of_zero_is_refused_when_the_agent_is_built() {
    let (_, server) = Device::start().await;
    let sessions = Sessions::new().timeout(std::time::Duration::ZERO);
    let error = server.agent().sessions(sessions).build();
    assert_eq!(error.expect_err("no time").code(), "Config.OutOfRange");
}
