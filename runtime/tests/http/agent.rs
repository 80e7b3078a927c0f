//! Agents and calls over HTTP: what a user of the crate sees when a device misbehaves.

use std::time::Duration;

use xerus_rpc::{Agent, Call, Credentials, Error, Json, Outcome};

use crate::support::{Answer, Seen, Server, http, in_time};

fn get_state(agent: &Agent) -> Call<Json> {
    agent.call("/model/pdu/0", "getState", "{}".parse().expect("JSON"))
}

async fn outcome(handler: impl Fn(&Seen) -> Answer + Send + Sync + 'static) -> Result<Json, Error> {
    let server = Server::http(handler).await;
    let agent = server
        .agent()
        .basic_auth("admin", "hunter2")
        .build()
        .expect("valid");
    let result = in_time(get_state(&agent)).await;
    if let Err(error) = &result {
        let line = error.to_string();
        assert!(line.starts_with(&format!("{}: ", server.url())), "{line}");
        assert!(line.ends_with(" (getState on /model/pdu/0)"), "{line}");
        assert!(!line.contains('\n') && !line.contains("hunter2"), "{line}");
    }
    result
}

#[tokio::test]
async fn an_answer_is_a_value() {
    let value = outcome(|seen| seen.answer(r#"{"_ret_":{"on":true}}"#))
        .await
        .expect("a value");
    assert_eq!(value.get(), r#"{"_ret_":{"on":true}}"#);
}

#[tokio::test]
async fn every_kind_of_bad_answer_has_one_clear_line() {
    let refused = outcome(|_| Answer::Keep(http(401, "", "")))
        .await
        .expect_err("401");
    assert_eq!(refused.code(), "Auth.Unauthorized");

    let foreign =
        outcome(|_| Answer::Keep(http(200, "", r#"{"jsonrpc":"2.0","result":{},"id":4711}"#)));
    assert_eq!(
        foreign.await.expect_err("foreign").code(),
        "Envelope.IdMismatch"
    );

    let login_page = outcome(|_| Answer::Keep(http(200, "", "<html>Login</html>")))
        .await
        .expect_err("HTML");
    assert_eq!(login_page.code(), "Json.Syntax");
    assert_eq!(
        outcome(|_| Answer::Keep(http(200, "", "")))
            .await
            .expect_err("empty")
            .code(),
        "Json.Empty"
    );

    let cut = outcome(|_| {
        Answer::Last("HTTP/1.1 200 OK\r\nContent-Length: 90\r\n\r\n{\"jsonrpc\"".into())
    });
    assert_eq!(cut.await.expect_err("cut").code(), "HttpProtocol.Truncated");

    let lost = outcome(|_| Answer::Cut).await.expect_err("lost");
    assert_eq!(
        (lost.code(), lost.outcome()),
        ("ConnectionLost", Outcome::Unknown)
    );

    let deep = outcome(|seen| seen.answer(&"[".repeat(200_000)))
        .await
        .expect_err("deep");
    assert_eq!(deep.code(), "Json.DepthExceeded");

    let denied = outcome(|seen| {
        let id = &seen.json()["id"];
        let error = r#"{"code":-32001,"message":"Insufficient privileges\r\nto perform request."}"#;
        Answer::Keep(http(
            200,
            "",
            &format!(r#"{{"jsonrpc":"2.0","error":{error},"id":{id}}}"#),
        ))
    });
    let denied = denied.await.expect_err("denied");
    assert!(denied.is_permission_denied());
    assert_eq!(
        (denied.rpc_code(), denied.outcome()),
        (Some(-32001), Outcome::NotExecuted)
    );
    assert_eq!(
        denied.request_id().map(xerus_rpc::wire::RequestId::get),
        Some(1)
    );
}

#[tokio::test]
async fn limits_of_the_agent_hold_for_its_calls() {
    let server = Server::http(|seen| match seen.number {
        0 => seen.answer(&format!("{:?}", "x".repeat(2000))),
        1 => seen.answer("[[[[[[]]]]]]"),
        _ => Answer::Begin(String::new()),
    })
    .await;
    let agent = server
        .agent()
        .max_response_bytes(1000)
        .max_depth(5)
        .timeout(Duration::from_millis(100))
        .build()
        .expect("valid");
    for expected in [
        "ResponseTooLarge",
        "Json.DepthExceeded",
        "Timeout.FirstByte",
    ] {
        assert_eq!(
            in_time(get_state(&agent))
                .await
                .expect_err("refused")
                .code(),
            expected
        );
    }
    let patient = get_state(&agent).timeout(Duration::from_millis(300));
    let error = in_time(patient).await.expect_err("silence");
    assert!(
        error.to_string().contains("timed out after 300ms"),
        "{error}"
    );
}

#[tokio::test]
async fn new_credentials_count_for_all_clones() {
    let server = Server::http(|seen| seen.answer("{}")).await;
    let agent = server
        .agent()
        .basic_auth("admin", "a")
        .build()
        .expect("valid");
    let clone = agent.clone();
    let token = Credentials::token("0123456789abcdef0123456789abcdef");
    agent.login(token).await.expect("valid");
    in_time(get_state(&clone)).await.expect("an answer");
    clone.logout().await.expect("ours");
    in_time(get_state(&agent)).await.expect("an answer");
    let tokens: Vec<_> = server
        .seen()
        .iter()
        .map(|seen| seen.headers("x-sessiontoken").len())
        .collect();
    assert_eq!(tokens, [1, 0]);
}

/// The answer to a bulk request: what it asked, item by item, with the result given.
fn bulk_answer(seen: &Seen, result: &str) -> Answer {
    let request = seen.json();
    let items = request["params"]["requests"].as_array().expect("requests");
    let responses: Vec<_> = items
        .iter()
        .map(|item| {
            let id = &item["json"]["id"];
            format!(r#"{{"json":{{"jsonrpc":"2.0","result":{result},"id":{id}}},"statcode":200}}"#)
        })
        .collect();
    seen.answer(&format!(r#"{{"responses":[{}]}}"#, responses.join(",")))
}

#[tokio::test]
async fn bulk_requests_of_readers_may_be_repeated_and_others_not() {
    for (method, requests) in [("getState", 2), ("setPowerState", 1)] {
        let server = Server::http(|seen| match seen.number {
            0 => Answer::Cut,
            _ => bulk_answer(seen, "1"),
        })
        .await;
        let agent = server.agent().build().expect("valid");
        let calls = (0..3).map(|_| agent.call("/model/pdu/0", method, "{}".parse().expect("JSON")));
        let result = in_time(agent.bulk(calls)).await;
        assert_eq!(server.requests(), requests, "{method}");
        match result {
            Ok(values) => assert!(values.iter().all(Result::is_ok) && method == "getState"),
            Err(error) => assert_eq!(
                (error.outcome(), method),
                (Outcome::Unknown, "setPowerState")
            ),
        }
        assert_eq!(server.seen()[0].line(), "POST /bulk HTTP/1.1");
    }
}

#[tokio::test]
async fn long_lists_go_out_in_chunks_on_one_connection() {
    let server = Server::http(|seen| bulk_answer(seen, "1")).await;
    let agent = server.agent().bulk_chunk(20).build().expect("valid");
    let values = in_time(agent.bulk((0..90).map(|_| get_state(&agent))))
        .await
        .expect("an answer");
    assert_eq!(values.iter().filter(|value| value.is_ok()).count(), 90);
    assert_eq!((server.requests(), server.connections()), (5, 1));
}
