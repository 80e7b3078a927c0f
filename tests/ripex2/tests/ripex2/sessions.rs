//! Logging in, and staying so.

use std::time::{Duration, Instant};

use serde_json::json;
use xerus_rpc::{Credentials, ErrorKind, Json, Outcome};

use crate::fake::{Fake, Say, result};

fn no_session() -> Say {
    Say::Status(401, "")
}

#[tokio::test]
async fn r1_a_login_that_is_refused_is_made_once() {
    let fake = Fake::raw(|_, _| Say::Status(400, "")).await;
    let agent = fake.agent();
    let error = agent
        .call("", "settings_get", Json::EMPTY_OBJECT)
        .await
        .unwrap_err();
    assert_eq!(error.code(), "Auth.LoginRefused");
    assert_eq!(error.outcome(), Outcome::NotExecuted);
    let error = agent
        .call("", "settings_get", Json::EMPTY_OBJECT)
        .await
        .unwrap_err();
    assert_eq!(error.code(), "Auth.RefusedBefore");
    assert_eq!(fake.asked().len(), 1);
    // Other credentials are tried.
    let error = agent
        .login(Credentials::basic("admin", "other"))
        .await
        .unwrap_err();
    assert_eq!(error.code(), "Auth.LoginRefused");
    assert_eq!(fake.asked().len(), 2);
    assert!(!format!("{error} {error:?}").contains("other"));
}

#[tokio::test]
async fn r2_a_busy_login_is_made_again_slowly_and_not_for_ever() {
    let fake = Fake::raw(|_, _| Say::Status(503, "")).await;
    let agent = fake
        .builder()
        .busy_logins(3, Duration::from_millis(100))
        .build()
        .unwrap();
    let start = Instant::now();
    let error = agent
        .call("", "settings_get", Json::EMPTY_OBJECT)
        .await
        .unwrap_err();
    assert_eq!(error.code(), "HttpStatus.Server");
    assert_eq!(error.outcome(), Outcome::NotExecuted);
    assert_eq!(fake.count("login.cgi"), 3);
    assert!(
        start.elapsed() >= Duration::from_millis(300),
        "{:?}",
        start.elapsed()
    );
    // The next call keeps the pause after the last attempt, and goes on with the row.
    let start = Instant::now();
    agent
        .call("", "settings_get", Json::EMPTY_OBJECT)
        .await
        .unwrap_err();
    assert!(
        start.elapsed() >= Duration::from_millis(350),
        "{:?}",
        start.elapsed()
    );
    assert_eq!(fake.count("login.cgi"), 4);
}

#[tokio::test]
async fn r2_a_login_that_was_busy_once_works() {
    let fake = Fake::raw(|asked, number| match (asked.script.as_str(), number) {
        ("login.cgi", 0) => Say::Status(503, ""),
        ("login.cgi", _) => Say::Json(json!({"token": "t"})),
        _ => result(json!(1)),
    })
    .await;
    let agent = fake
        .builder()
        .busy_logins(2, Duration::from_millis(50))
        .build()
        .unwrap();
    let answer = agent
        .call("", "settings_get", Json::EMPTY_OBJECT)
        .await
        .unwrap();
    assert_eq!(answer.get(), "1");
}

#[tokio::test]
async fn r2_a_unit_that_fails_is_not_one_that_is_busy() {
    for status in [500, 502, 504] {
        let fake = Fake::raw(move |_, _| Say::Status(status, "no room")).await;
        let agent = fake
            .builder()
            .busy_logins(3, Duration::from_millis(100))
            .build()
            .unwrap();
        for logins in 1..3 {
            let error = agent.call("", "settings_get", Json::EMPTY_OBJECT).await;
            let error = error.unwrap_err();
            assert_eq!(error.http_status(), Some(status));
            assert_eq!(error.outcome(), Outcome::NotExecuted);
            let text = error.to_string();
            for part in [
                "login failed (",
                "up again",
                "no room",
                "nothing was executed",
            ] {
                assert!(text.contains(part), "{part}: {text}");
            }
            assert!(!text.contains("busy"), "{text}");
            assert!(!text.contains("read its state"), "{text}");
            assert_eq!(fake.asked().len(), logins);
        }
    }
}

#[tokio::test]
async fn r3_a_login_without_a_token_breaks_the_rules() {
    for answer in [
        "",
        "<html>",
        "{}",
        r#"{"token":""}"#,
        r#"{"token":7}"#,
        r#"{"token":"a b"}"#,
        "{\"token\":\"s3cret",
    ] {
        let fake = Fake::raw(move |_, _| Say::Status(200, answer)).await;
        let error = fake
            .agent()
            .call("", "settings_get", Json::EMPTY_OBJECT)
            .await
            .unwrap_err();
        assert_eq!(error.code(), "Protocol", "{answer}");
        assert_eq!(error.outcome(), Outcome::NotExecuted, "{answer}");
        assert!(!format!("{error:?}").contains("s3cret"));
    }
}

#[tokio::test]
async fn r4_a_session_that_is_gone_is_renewed_once() {
    let fake = Fake::of(|asked, _| match asked.key.as_deref() {
        Some("token-1") => no_session(),
        Some("token-2") => result(json!("done")),
        _ => Say::Status(500, ""),
    })
    .await;
    let answer = fake
        .agent()
        .call("", "settings_get", Json::EMPTY_OBJECT)
        .await
        .unwrap();
    assert_eq!(answer.get(), "\"done\"");
    assert_eq!((fake.count("login.cgi"), fake.count("rpc.cgi")), (2, 2));
}

#[tokio::test]
async fn r4_a_second_refusal_is_the_result_and_logins_do_not_go_on_for_ever() {
    let fake = Fake::of(|_, _| no_session()).await;
    let agent = fake.agent();
    for _ in 0..5 {
        let error = agent
            .call("", "settings_get", Json::EMPTY_OBJECT)
            .await
            .unwrap_err();
        assert_eq!(error.code(), "Auth.Unauthorized");
        assert_eq!(error.outcome(), Outcome::NotExecuted);
    }
    assert!(fake.count("login.cgi") <= 4, "{}", fake.count("login.cgi"));
}

#[tokio::test]
async fn r4_a_token_that_was_given_is_not_renewed() {
    let fake = Fake::of(|_, _| no_session()).await;
    let agent = xerus_rpc::ripex2::Ripex2::builder(&*fake.url)
        .token("given")
        .build()
        .unwrap();
    let error = agent
        .call("", "settings_get", Json::EMPTY_OBJECT)
        .await
        .unwrap_err();
    assert!(matches!(error.kind(), ErrorKind::Auth(_)));
    assert_eq!(fake.asked()[0].key.as_deref(), Some("given"));
    assert_eq!((fake.count("login.cgi"), fake.count("rpc.cgi")), (0, 1));
}

#[tokio::test]
async fn r5_calls_that_see_it_together_make_one_login() {
    let fake = Fake::of(|asked, _| match asked.key.as_deref() {
        Some("token-1") => Say::Late(Duration::from_millis(100), Box::new(no_session())),
        _ => result(json!(1)),
    })
    .await;
    let agent = fake
        .builder()
        .connection(|http| http.max_connections(6))
        .build()
        .unwrap();
    let calls = (0..6).map(|_| agent.call("", "settings_get", Json::EMPTY_OBJECT).send());
    for answer in futures_util::future::join_all(calls).await {
        assert_eq!(answer.unwrap().get(), "1");
    }
    assert_eq!((fake.count("login.cgi"), fake.count("rpc.cgi")), (2, 12));
}

#[tokio::test]
async fn r39_a_logout_that_fails_is_one_all_the_same() {
    let fake = Fake::raw(|asked, _| match asked.script.as_str() {
        "login.cgi" => Say::Json(json!({"token": "t"})),
        "logout.cgi" => Say::Status(400, ""),
        _ => result(json!(1)),
    })
    .await;
    let agent = fake.agent();
    agent
        .call("", "settings_get", Json::EMPTY_OBJECT)
        .await
        .unwrap();
    agent.close().await;
    assert_eq!(fake.count("logout.cgi"), 1);
    // And the next call logs in again.
    agent
        .call("", "settings_get", Json::EMPTY_OBJECT)
        .await
        .unwrap();
    agent.logout().await.unwrap();
    assert_eq!((fake.count("login.cgi"), fake.count("logout.cgi")), (2, 2));
    let error = agent
        .call("", "settings_get", Json::EMPTY_OBJECT)
        .await
        .unwrap_err();
    assert_eq!(error.code(), "Config.NoCredentials");
}

#[tokio::test]
async fn methods_for_everybody_need_no_session() {
    let fake = Fake::of(|_, _| result(json!({}))).await;
    let agent = xerus_rpc::ripex2::Ripex2::builder(&*fake.url)
        .build()
        .unwrap();
    for method in ["device_ping", "device_info_get_public", "messages_get"] {
        agent.call("", method, Json::EMPTY_OBJECT).await.unwrap();
    }
    assert!(
        fake.asked()
            .iter()
            .all(|asked| asked.script == "rpc.cgi" && asked.key.is_none())
    );
    let error = agent
        .call("", "settings_get", Json::EMPTY_OBJECT)
        .await
        .unwrap_err();
    assert_eq!(error.code(), "Config.NoCredentials");
    assert_eq!(fake.asked().len(), 3);
}

#[tokio::test]
async fn the_password_is_never_shown() {
    let fake = Fake::raw(|_, _| Say::Status(400, "")).await;
    let builder = fake.builder();
    assert!(!format!("{builder:?}").contains("mock-password"));
    let transport = builder.build_transport().unwrap();
    assert!(!format!("{transport:?}").contains("mock-password"));
    let error = transport.first_login("admin", "hunter2").await.unwrap_err();
    assert!(!format!("{error:?}").contains("hunter2"));
    assert_eq!(fake.asked()[0].script, "first_login.cgi");
    assert_eq!(
        fake.asked()[0].body,
        json!({"username": "admin", "password": "hunter2"})
    );
}

#[tokio::test]
async fn r5_a_session_that_several_calls_see_refused_counts_once() {
    let fake = Fake::of(|asked, _| match asked.key.as_deref() {
        Some("token-1") => Say::Late(Duration::from_millis(100), Box::new(no_session())),
        // One call sees it later than the other.
        Some("token-2") => Say::Late(
            Duration::from_millis(if asked.body["method"] == "a" {
                100
            } else {
                200
            }),
            Box::new(no_session()),
        ),
        _ => result(json!(1)),
    })
    .await;
    let agent = fake
        .builder()
        .connection(|http| http.max_connections(6))
        .build()
        .unwrap();
    let calls = ["a", "b"].map(|method| agent.call("", method, Json::EMPTY_OBJECT).send());
    for answer in futures_util::future::join_all(calls).await {
        assert_eq!(answer.unwrap_err().code(), "Auth.Unauthorized");
    }
    // No pause, and what was opened since is kept.
    let again = agent.call("", "a", Json::EMPTY_OBJECT).await.unwrap();
    assert_eq!(again.get(), "1");
    assert_eq!(fake.count("login.cgi"), 3);
}

#[tokio::test]
async fn r4_a_late_refusal_of_an_old_session_leaves_the_new_one() {
    let fake = Fake::of(|asked, _| match (asked.key.as_deref(), asked.method()) {
        (Some("token-1"), _) => Say::Late(Duration::from_millis(50), Box::new(no_session())),
        (Some("token-2"), "late") => Say::Late(Duration::from_millis(500), Box::new(no_session())),
        (Some("token-2"), _) => no_session(),
        _ => result(json!(1)),
    })
    .await;
    let agent = fake
        .builder()
        .connection(|http| http.max_connections(6))
        .build()
        .unwrap();
    let late = tokio::spawn(agent.call("", "late", Json::EMPTY_OBJECT).send());
    let first = agent.call("", "a", Json::EMPTY_OBJECT).await;
    assert_eq!(first.unwrap_err().code(), "Auth.Unauthorized");
    agent.call("", "a", Json::EMPTY_OBJECT).await.unwrap();
    assert!(late.await.unwrap().is_err());
    agent.call("", "a", Json::EMPTY_OBJECT).await.unwrap();
    assert_eq!(fake.count("login.cgi"), 3);
}

#[tokio::test]
async fn other_credentials_end_the_pause_after_refused_sessions() {
    let fake = Fake::of(|asked, _| match asked.key.as_deref() {
        Some("token-1" | "token-2" | "token-3" | "token-4") => no_session(),
        _ => result(json!(1)),
    })
    .await;
    let agent = fake.agent();
    for _ in 0..3 {
        let refused = agent.call("", "a", Json::EMPTY_OBJECT).await;
        assert_eq!(refused.unwrap_err().code(), "Auth.Unauthorized");
    }
    assert_eq!(fake.count("login.cgi"), 4);
    agent
        .login(Credentials::basic("admin", "other"))
        .await
        .unwrap();
    agent.call("", "a", Json::EMPTY_OBJECT).await.unwrap();
}

#[tokio::test]
async fn a_unit_that_wants_a_session_for_a_method_for_everybody_gets_one() {
    let fake = Fake::of(|asked, _| match asked.key.as_deref() {
        Some(_) => result(json!({})),
        None => no_session(),
    })
    .await;
    let agent = fake.agent();
    for (unit, method) in [("", "messages_get"), ("10.9.9.9", "device_ping")] {
        agent.call(unit, method, Json::EMPTY_OBJECT).await.unwrap();
    }
    assert_eq!((fake.count("login.cgi"), fake.count("rpc.cgi")), (1, 4));
    // Without credentials the message says whom to give them.
    let nobody = xerus_rpc::ripex2::Ripex2::builder(&*fake.url)
        .build()
        .unwrap();
    let call = nobody.call("", "device_ping", Json::EMPTY_OBJECT);
    let error = call.await.unwrap_err();
    assert_eq!(error.code(), "Config.NoCredentials");
    assert_eq!(error.outcome(), Outcome::NotExecuted);
    let text = error.to_string();
    assert!(text.contains("Ripex2Builder::login"), "{text}");
    assert!(!text.contains("basic_auth"), "{text}");
}

#[tokio::test]
async fn a_login_that_is_refused_with_another_status_is_made_once() {
    for status in [401, 403] {
        let fake = Fake::raw(move |_, _| Say::Status(status, "")).await;
        let agent = fake.agent();
        for code in ["Auth.LoginRefused", "Auth.RefusedBefore"] {
            let error = agent.call("", "settings_get", Json::EMPTY_OBJECT).await;
            assert_eq!(error.unwrap_err().code(), code, "{status}");
        }
        assert_eq!(fake.asked().len(), 1, "{status}");
    }
}

/// The keys of all logouts.
fn logouts(fake: &Fake) -> Vec<String> {
    let asked = fake.asked().into_iter();
    let logouts = asked.filter(|asked| asked.script == "logout.cgi");
    let mut keys: Vec<_> = logouts.filter_map(|asked| asked.key).collect();
    keys.sort();
    keys
}

#[tokio::test]
async fn sessions_that_were_refused_are_logged_out_of_beside_the_calls() {
    let fake = Fake::raw(
        |asked, number| match (&*asked.script, asked.key.as_deref()) {
            ("login.cgi", _) => Say::Json(json!({"token": format!("token-{number}")})),
            ("logout.cgi", Some("token-0")) => {
                Say::Late(Duration::from_secs(2), Box::new(Say::Status(400, "")))
            }
            ("logout.cgi", _) => Say::Json(json!({})),
            (_, Some("token-0")) => no_session(),
            _ => result(json!(1)),
        },
    )
    .await;
    let agent = fake.agent();
    let start = Instant::now();
    for _ in 0..2 {
        let answer = agent.call("", "settings_get", Json::EMPTY_OBJECT).await;
        assert_eq!(answer.unwrap().get(), "1");
    }
    assert!(
        start.elapsed() < Duration::from_millis(1500),
        "{:?}",
        start.elapsed()
    );
    agent.close().await;
    assert!(start.elapsed() >= Duration::from_secs(2));
    assert_eq!(logouts(&fake), ["token-0", "token-1"]);
    agent.close().await;
    assert_eq!(fake.count("logout.cgi"), 2);
}

#[tokio::test]
async fn new_sessions_that_are_refused_are_logged_out_of_too() {
    let fake = Fake::of(|_, _| no_session()).await;
    let agent = fake.agent();
    for _ in 0..2 {
        let refused = agent.call("", "settings_get", Json::EMPTY_OBJECT).await;
        assert_eq!(refused.unwrap_err().code(), "Auth.Unauthorized");
    }
    agent.close().await;
    assert_eq!(logouts(&fake), ["token-1", "token-2", "token-3", "token-4"]);
    // One that was given is left alone.
    let given = xerus_rpc::ripex2::Ripex2::builder(&*fake.url).token("given");
    let given = given.build().unwrap();
    let refused = given.call("", "settings_get", Json::EMPTY_OBJECT).await;
    assert_eq!(refused.unwrap_err().code(), "Auth.Unauthorized");
    given.close().await;
    assert_eq!(fake.count("logout.cgi"), 4);
}

#[tokio::test]
async fn a_session_that_is_given_again_after_it_was_refused_is_kept() {
    let fake = Fake::raw(|asked, number| match &*asked.script {
        "login.cgi" => Say::Json(json!({"token": "t"})),
        "logout.cgi" => Say::Json(json!({})),
        _ if number == 0 => no_session(),
        _ => result(json!(1)),
    })
    .await;
    let agent = fake.agent();
    let answer = agent.call("", "settings_get", Json::EMPTY_OBJECT).await;
    assert_eq!(answer.unwrap().get(), "1");
    tokio::time::sleep(Duration::from_millis(200)).await;
    assert_eq!(fake.count("logout.cgi"), 0);
    agent.close().await;
    assert_eq!(logouts(&fake), ["t"]);
}
