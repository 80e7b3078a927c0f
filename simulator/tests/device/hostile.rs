//! Faults that no HTTP library would write, byte by byte.

use std::time::{Duration, Instant};

use serde_json::{Value, json};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use xerus_sim::{Fault, FaultRule, Running};

use crate::support::{Answer, Client, admin, basic, builder, device, request};

const OUTLET: &str = "/model/pdu/0/outlet/0";
const GET_STATE: &str = r#"{"method":"getState","id":7}"#;

/// Everything that one request gets until the connection ends, or for a while.
async fn everything(device: &Running) -> (String, bool) {
    let mut client = Client::connect(device.address()).await;
    let request = request(OUTLET, &[&admin()], GET_STATE);
    client.0.write_all(request.as_bytes()).await.unwrap();
    let mut bytes = Vec::new();
    let read = client.0.read_to_end(&mut bytes);
    let ended = tokio::time::timeout(Duration::from_millis(500), read).await;
    (String::from_utf8_lossy(&bytes).into_owned(), ended.is_ok())
}

async fn with(fault: Fault) -> Running {
    builder()
        .fault(FaultRule::new(fault).on(OUTLET))
        .start()
        .await
        .unwrap()
}

/// Announced length, what came of the body, and whether the connection ended.
async fn framed(fault: Fault) -> (Option<usize>, String, bool) {
    let (text, ended) = everything(&with(fault).await).await;
    let (head, body) = text.split_once("\r\n\r\n").unwrap_or((&text, ""));
    let length = head
        .lines()
        .find_map(|line| line.strip_prefix("content-length: "))
        .map(|length| length.parse().unwrap());
    (length, body.to_owned(), ended)
}

#[tokio::test]
async fn lengths_that_are_not_true() {
    let (length, body, ended) = framed(Fault::TruncateBody).await;
    assert_eq!((length.unwrap() / 2, ended), (body.len(), true));
    let (length, body, ended) = framed(Fault::ShortLength).await;
    assert_eq!((length.unwrap(), ended), (body.len() / 2, false));
    let (length, body, ended) = framed(Fault::LongLength).await;
    assert_eq!((length.unwrap(), ended), (body.len() + 100, false));
    let (length, body, ended) = framed(Fault::UnfinishedChunks).await;
    assert_eq!((length, ended), (None, true));
    assert!(
        body.ends_with("}\r\n") && !body.contains("\r\n0\r\n"),
        "{body}"
    );
    let (length, body, ended) = framed(Fault::EndlessBody(1_000_000)).await;
    assert_eq!((length, ended), (None, true));
    assert!(body.len() >= 1_000_000 && body.trim().is_empty());
}

#[tokio::test]
async fn answers_that_do_not_come() {
    let (text, ended) = everything(&with(Fault::NeverAnswer).await).await;
    assert_eq!((text.as_str(), ended), ("", false));
    let (text, ended) = everything(&with(Fault::StallInHead).await).await;
    assert!(text.starts_with("HTTP/1.1 200 OK\r\n") && !text.contains("\r\n\r\n"));
    assert!(!ended);
    let began = Instant::now();
    let device = with(Fault::Drip(Duration::from_millis(1))).await;
    let mut client = Client::connect(device.address()).await;
    let answer = client.post(OUTLET, &[&admin()], GET_STATE).await;
    assert_eq!(answer.json()["id"], 7);
    assert!(began.elapsed() >= Duration::from_millis(200));
    // The connection goes on.
    client.result("/firmware", "getVersion", json!({})).await;
}

#[tokio::test]
async fn one_answer_too_many_and_the_one_before() {
    let device = with(Fault::DoubledAnswer).await;
    let mut client = Client::connect(device.address()).await;
    let first = client.post(OUTLET, &[&admin()], GET_STATE).await;
    // What the next request gets was there before it.
    let version = r#"{"method":"getVersion","id":8}"#;
    let next = client.post("/firmware", &[&admin()], version).await;
    assert_eq!(first.body, next.body);

    let device = with(Fault::StaleAnswer).await;
    let mut client = Client::connect(device.address()).await;
    let mut ids = Vec::new();
    for id in 1..=3 {
        let body = format!(r#"{{"method":"getState","id":{id}}}"#);
        let answer = client.post(OUTLET, &[&admin()], &body).await;
        ids.push(answer.json()["id"].as_i64().unwrap());
    }
    assert_eq!(ids, [1, 1, 2]);
}

#[tokio::test]
async fn connections_that_end_after_an_answer_or_time_out() {
    let device = with(Fault::CloseAfterAnswer).await;
    let mut client = Client::connect(device.address()).await;
    let answer = client.post(OUTLET, &[&admin()], GET_STATE).await;
    assert_eq!((answer.status, answer.header("connection")), (200, None));
    assert!(client.is_closed().await);

    let device = with(Fault::TimeoutOnReuse).await;
    let mut client = Client::connect(device.address()).await;
    for status in [200, 408] {
        let answer = client.post(OUTLET, &[&admin()], GET_STATE).await;
        assert_eq!(answer.status, status);
    }
    assert!(client.is_closed().await);
}

async fn answered(fault: Fault) -> Answer {
    let device = with(fault).await;
    let mut client = Client::connect(device.address()).await;
    client.post(OUTLET, &[&admin()], GET_STATE).await
}

#[tokio::test]
async fn documents_that_are_none() {
    let page = answered(Fault::HtmlPage).await;
    assert!(page.body.starts_with(b"<html>"));
    assert_eq!(
        page.header("content-type"),
        Some("text/html; charset=UTF-8")
    );
    let empty = answered(Fault::EmptyBody).await;
    assert_eq!((empty.status, empty.body.len()), (200, 0));
    let image = answered(Fault::ContentType("image/png".to_owned())).await;
    assert_eq!(image.header("content-type"), Some("image/png"));
    assert_eq!(image.json()["id"], 7);
    let bad = answered(Fault::ContentType("a\nb".to_owned())).await;
    assert_eq!(bad.status, 500);
    let binary = answered(Fault::InvalidUtf8).await;
    assert!(String::from_utf8(binary.body).is_err());
    let deep = answered(Fault::DeepNesting(200_000)).await;
    assert!(deep.body.len() > 400_000);
}

#[tokio::test]
async fn envelopes_that_are_wrong() {
    let member = |answer: Answer, name: &str| answer.json().get(name).cloned();
    assert_eq!(member(answered(Fault::MissingId).await, "id"), None);
    let null = member(answered(Fault::ErrorNull).await, "error");
    assert_eq!(null, Some(Value::Null));
    let both = answered(Fault::ResultAndError).await.json();
    assert!(both["result"].is_object() && both["error"].is_object());
    let number = Fault::Rewrite {
        from: "\"powerState\":1".to_owned(),
        to: "\"powerState\":\"on\"".to_owned(),
    };
    let state = answered(number).await.json();
    assert_eq!(state["result"]["_ret_"]["powerState"], "on");
}

#[tokio::test]
async fn another_device_at_the_address() {
    let (device, mut client) = device().await;
    device
        .faults()
        .inject(Fault::SerialNumber("OTHER".to_owned()));
    let meta = client
        .result("/model/pdu/0", "getMetaData", json!({}))
        .await;
    assert_eq!(meta["_ret_"]["nameplate"]["serialNumber"], "OTHER");
}

fn bulk() -> Value {
    let part = |id: i64| json!({"rid": OUTLET, "json": {"method": "getState", "id": id}});
    json!({"requests": [part(1), part(2), part(3)]})
}

async fn ids(client: &mut Client) -> Vec<Value> {
    let result = client.result("/bulk", "performBulk", bulk()).await;
    let responses = result["responses"].as_array().unwrap();
    responses
        .iter()
        .map(|part| part["json"]["id"].clone())
        .collect()
}

#[tokio::test]
async fn lists_of_a_bulk() {
    let (device, mut client) = device().await;
    for (fault, expected) in [
        (Fault::FewerResponses, vec![1, 2]),
        (Fault::MoreResponses, vec![1, 2, 3, 3]),
        (Fault::PermutedResponses, vec![3, 2, 1]),
    ] {
        device
            .faults()
            .inject(FaultRule::new(fault).on("/bulk").times(1));
        assert_eq!(ids(&mut client).await, expected);
    }
    assert_eq!(ids(&mut client).await, [1, 2, 3]);
}

#[tokio::test]
async fn calls_in_a_bulk_have_faults_of_their_own() {
    let (device, mut client) = device().await;
    let delay = Duration::from_millis(11);
    device
        .faults()
        .inject(FaultRule::new(Fault::PartDelay(delay)).on(OUTLET));
    device.faults().inject(
        FaultRule::new(Fault::PartStatus(404))
            .method("getState")
            .after(1)
            .times(1),
    );
    let began = Instant::now();
    let result = client.result("/bulk", "performBulk", bulk()).await;
    assert!(began.elapsed() >= 3 * delay);
    let statuses: Vec<_> = (0..3)
        .map(|at| result["responses"][at]["statcode"].clone())
        .collect();
    assert_eq!(statuses, [200, 404, 200]);
}

#[tokio::test]
async fn busy_and_sessions_that_end() {
    let (device, mut client) = device().await;
    device
        .faults()
        .inject(FaultRule::new(Fault::RetryAfter(7)).times(1));
    let answer = client.post(OUTLET, &[&admin()], GET_STATE).await;
    assert_eq!(
        (answer.status, answer.header("retry-after")),
        (503, Some("7"))
    );

    let session = client.result("/session", "newSession", json!({})).await;
    let token = format!("X-SessionToken: {}", session["token"].as_str().unwrap());
    let rule = "session-expired,times=1,rid=/model/pdu/0/*";
    device.faults().inject(rule.parse::<FaultRule>().unwrap());
    for (headers, status) in [(&token, 401), (&token, 401), (&basic("admin", "pass"), 200)] {
        let answer = client.post(OUTLET, &[headers], GET_STATE).await;
        assert_eq!(answer.status, status);
    }
    // Another session is not touched.
    let session = client.result("/session", "newSession", json!({})).await;
    let token = format!("X-SessionToken: {}", session["token"].as_str().unwrap());
    assert_eq!(client.post(OUTLET, &[&token], GET_STATE).await.status, 200);
}

#[tokio::test]
async fn chance_comes_again_with_its_seed() {
    let mut seen = Vec::new();
    for _ in 0..2 {
        let (device, mut client) = device().await;
        device.faults().seed(42);
        let rule = "status=503,probability=0.5".parse::<FaultRule>().unwrap();
        device.faults().inject(rule);
        let mut statuses = Vec::new();
        for _ in 0..20 {
            statuses.push(client.post(OUTLET, &[&admin()], GET_STATE).await.status);
        }
        seen.push(statuses);
    }
    assert_eq!(seen[0], seen[1]);
    assert!(seen[0].contains(&200) && seen[0].contains(&503));
}
