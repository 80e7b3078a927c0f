//! What the status of an answer means.

use std::time::Duration;

use crate::support::{Answer, GET_STATE, SET_STATE, Server, failure, http, success};
use xerus_rpc::error::ErrorClass;
use xerus_rpc::error::ErrorKind;
use xerus_rpc::{Agent, Json, Outcome};

async fn answering(status: u16, headers: &'static str, body: &'static str) -> Server {
    Server::http(move |_| Answer::Keep(http(status, headers, body))).await
}

#[tokio::test]
async fn statuses_have_their_kinds() {
    for (status, code, outcome) in [
        (400, "HttpStatus.Client", Outcome::NotExecuted),
        (401, "Auth.Unauthorized", Outcome::NotExecuted),
        (403, "Auth.Forbidden", Outcome::NotExecuted),
        (404, "HttpStatus.NotFound", Outcome::NotExecuted),
        (408, "HttpStatus.RequestTimeout", Outcome::NotExecuted),
        (451, "Auth.PasswordChangeRequired", Outcome::NotExecuted),
        (500, "HttpStatus.Server", Outcome::Unknown),
        (503, "HttpStatus.Server", Outcome::Unknown),
        (201, "HttpStatus.Unexpected", Outcome::Unknown),
        (206, "HttpStatus.Unexpected", Outcome::Unknown),
        (599, "HttpStatus.Server", Outcome::Unknown),
        (777, "HttpStatus.Unexpected", Outcome::Unknown),
    ] {
        let server = answering(status, "", "").await;
        let error = failure(&server.transport(), &SET_STATE).await;
        assert_eq!(error.code(), code, "{status}");
        assert_eq!(error.http_status(), Some(status));
        assert_eq!(error.outcome(), outcome, "{status}");
        assert_eq!(error.class(), ErrorClass::Http);
        assert_eq!(error.was_sent(), Some(true));
        assert_eq!(server.requests(), 1, "{status} was sent again");
    }
}

#[tokio::test]
async fn answers_without_a_body_are_no_answers() {
    for status in [204, 304] {
        let server =
            Server::http(move |_| Answer::Keep(format!("HTTP/1.1 {status} Text\r\n\r\n"))).await;
        let error = failure(&server.transport(), &GET_STATE).await;
        assert_eq!(error.code(), "HttpStatus.Unexpected", "{status}");
    }
}

#[tokio::test]
async fn the_line_names_device_fault_and_call() {
    let server = answering(401, "", "<html>").await;
    let error = failure(&server.transport(), &GET_STATE).await;
    let expected = format!(
        "{}: login needed (401): nobody was logged in; give user name and password to basic_auth when the agent is built, or \
         to Agent::login (getState on /model/pdu/0)",
        server.url()
    );
    assert_eq!(error.to_string(), expected);
    assert_eq!(error.origin(), Some(server.url().as_str()));
    assert_eq!(
        (error.rid(), error.method()),
        (Some("/model/pdu/0"), Some("getState"))
    );
    assert_eq!(
        error.request_id().map(xerus_rpc::wire::RequestId::get),
        Some(1)
    );
}

/// Who did not log in has to, who did has to do it better, and who has the default password is told what to call.
#[tokio::test]
async fn refused_logins_say_what_helps() {
    let server = answering(401, "", "").await;
    let agent = Agent::builder(server.url()).basic_auth("admin", "guess");
    let agent = agent.build().expect("an agent");
    let get_version = || agent.call("/firmware", "getVersion", Json::EMPTY_OBJECT);
    let refused = get_version().await.expect_err("401");
    assert!(
        refused
            .to_string()
            .contains("login refused (401): check user name and password"),
        "{refused}"
    );
    agent.logout().await.expect("nothing is sent");
    let needed = get_version().await.expect_err("401");
    assert!(needed.to_string().contains("basic_auth"), "{needed}");
    let file = agent
        .download("/cgi-bin/diag-data.cgi")
        .await
        .expect_err("401");
    assert!(file.to_string().contains("basic_auth"), "{file}");
    for error in [refused, needed, file] {
        assert_eq!(error.code(), "Auth.Unauthorized", "{error}");
    }

    let server = answering(451, "", "").await;
    let error = failure(&server.transport(), &GET_STATE).await;
    for part in ["setAccountPassword", "usermgmt.User", "/auth/user/<name>"] {
        assert!(error.to_string().contains(part), "{error}");
    }
}

#[tokio::test]
async fn error_pages_are_quoted_in_short_and_without_markup() {
    let page = "<!DOCTYPE html>\r\n<html><head><title>Oops</title><script>var a = 'b';</script></head>\
                <body><h1>Internal\u{1b}[2J Server Error</h1></body></html>";
    let server = answering(500, "Content-Type: text/html\r\n", page).await;
    let error = failure(&server.transport(), &GET_STATE).await;
    let ErrorKind::HttpStatus(status) = error.kind() else {
        panic!("{error:?}")
    };
    assert_eq!(status.excerpt, "Oops Internal [2J Server Error");
    assert!(
        error
            .to_string()
            .contains("(it says: Oops Internal [2J Server Error)"),
        "{error}"
    );

    let server = Server::http(|_| Answer::Keep(http(500, "", &"ä".repeat(1_000_000)))).await;
    let error = failure(&server.transport(), &GET_STATE).await;
    let ErrorKind::HttpStatus(status) = error.kind() else {
        panic!("{error:?}")
    };
    assert_eq!(status.excerpt.len(), 512);
    assert!(
        error.to_string().len() < 600,
        "{} bytes",
        error.to_string().len()
    );
}

#[tokio::test]
async fn retry_after_is_reported_and_bounded() {
    let server = answering(503, "Retry-After: 315360000\r\n", "").await;
    let error = failure(&server.transport(), &GET_STATE).await;
    let ErrorKind::HttpStatus(status) = error.kind() else {
        panic!("{error:?}")
    };
    assert_eq!(status.retry_after, Some(Duration::from_secs(86_400)));
    assert!(error.is_retryable(), "a getter may be tried again");
    assert!(
        !failure(&server.transport(), &SET_STATE)
            .await
            .is_retryable()
    );
}

#[tokio::test]
async fn the_connection_survives_a_refusal() {
    let server = Server::http(|seen| match seen.number {
        0 => Answer::Keep(http(404, "", "no such object")),
        _ => seen.answer("{}"),
    })
    .await;
    let transport = server.transport();
    assert_eq!(
        failure(&transport, &GET_STATE).await.code(),
        "HttpStatus.NotFound"
    );
    success(&transport, &GET_STATE).await;
    assert_eq!(server.connections(), 1);
}
