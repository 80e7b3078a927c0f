//! Clients that mean harm, or behave as if they did, beside one that does not.

use std::net::SocketAddr;
use std::time::{Duration, Instant};

use serde_json::{Value, json};
use tokio::io::AsyncWriteExt as _;
use tokio::net::{TcpSocket, TcpStream};
use xerus_sim::Limits;

use crate::support::{Client, admin, builder, encrypted, request};

const GET_VERSION: &str = r#"{"method":"getVersion","id":1}"#;
/// A good client waits no longer, whatever others do. Twice what is promised: the computer may be busy.
const PATIENCE: Duration = Duration::from_secs(2);

/// A good client comes, and is served in time.
async fn is_served(address: SocketAddr) {
    let began = Instant::now();
    let served = async {
        // It may be taken for one that does not send its head, at the worst moment: then it comes again.
        loop {
            let mut client = Client::connect(address).await;
            let request = request("/firmware", &[&admin()], GET_VERSION);
            if let Some(answer) = client.raw(request.as_bytes()).await {
                return answer.status;
            }
        }
    };
    let status = tokio::time::timeout(PATIENCE, served).await;
    assert_eq!(status, Ok(200), "{:?}", began.elapsed());
}

fn limits(connections: usize) -> Limits {
    let mut limits = Limits::default();
    limits.connections = connections;
    limits
}

/// A request whose answer does not fit into the buffers of any system.
fn large() -> String {
    let part = json!({"rid": "/model/pdu/0", "json": {"method": "getOutlets", "id": 1}});
    let requests = Value::Array(vec![part; 1_000]);
    let body = json!({"method": "performBulk", "params": {"requests": requests}, "id": 1});
    request("/bulk", &[&admin()], &body.to_string())
}

/// A connection that takes in little before it is read from.
async fn narrow(address: SocketAddr) -> TcpStream {
    let socket = TcpSocket::new_v4().unwrap();
    socket.set_recv_buffer_size(4_096).unwrap();
    socket.connect(address).await.unwrap()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn clients_that_never_read_block_nobody() {
    let device = builder()
        .outlets(100)
        .limits(limits(8))
        .start()
        .await
        .unwrap();
    let large = large();
    let mut silent = Vec::new();
    for _ in 0..16 {
        let mut stream = narrow(device.address()).await;
        stream.write_all(large.as_bytes()).await.unwrap();
        silent.push(stream);
    }
    is_served(device.address()).await;
    drop(silent);
}

#[tokio::test]
async fn a_client_that_never_reads_is_cut() {
    let mut limits = limits(8);
    limits.write_timeout = Duration::from_millis(200);
    let device = builder().outlets(100).limits(limits).start().await.unwrap();
    let mut client = Client(narrow(device.address()).await);
    client.0.write_all(large().as_bytes()).await.unwrap();
    // Longer than the timeout: what is in the system's buffers comes, and then the end.
    tokio::time::sleep(Duration::from_secs(2)).await;
    let answer = tokio::time::timeout(Duration::from_secs(10), client.answer()).await;
    assert!(answer.expect("the connection ended").is_none());
    is_served(device.address()).await;
}

#[tokio::test]
async fn a_client_that_reads_slowly_gets_all() {
    let mut limits = limits(8);
    limits.write_timeout = Duration::from_millis(500);
    let device = builder().outlets(100).limits(limits).start().await.unwrap();
    let mut client = Client::connect(device.address()).await;
    client.0.write_all(large().as_bytes()).await.unwrap();
    tokio::time::sleep(Duration::from_millis(300)).await;
    let answer = client.answer().await.unwrap().json();
    let responses = answer["result"]["responses"].as_array().unwrap();
    assert_eq!(responses.len(), 1_000);
}

#[tokio::test]
async fn slow_heads_bodies_and_handshakes_block_nobody() {
    for https in [false, true] {
        let device = builder()
            .https(https)
            .limits(limits(8))
            .start()
            .await
            .unwrap();
        let mut slow = Vec::new();
        for number in 0..40 {
            let mut stream = TcpStream::connect(device.address()).await.unwrap();
            let head = "POST /firmware HTTP/1.1\r\nHost: pdu\r\n";
            let sent = match number % 3 {
                0 => String::new(),
                1 => head.to_owned(),
                _ => format!("{head}{}\r\nContent-Length: 1000\r\n\r\n{{", admin()),
            };
            // Some are cut while they write.
            let _ = stream.write_all(sent.as_bytes()).await;
            slow.push(stream);
        }
        match device.certificate_pem() {
            Some(pem) => {
                let served = async {
                    let mut client = encrypted(device.address(), pem, "localhost").await?;
                    Ok::<_, std::io::Error>(client.call("/firmware", "getVersion", json!({})).await)
                };
                let answer = tokio::time::timeout(PATIENCE, served).await.unwrap();
                assert!(answer.unwrap()["result"].is_object());
            }
            None => is_served(device.address()).await,
        }
        drop(slow);
    }
}

#[tokio::test]
async fn an_address_may_have_a_cap_of_its_own() {
    let mut limits = limits(64);
    limits.connections_per_address = 2;
    let device = builder().limits(limits).start().await.unwrap();
    let mut clients = Vec::new();
    for _ in 0..3 {
        let mut client = Client::connect(device.address()).await;
        client.result("/firmware", "getVersion", json!({})).await;
        clients.push(client);
    }
    let ended = tokio::time::timeout(Duration::from_secs(10), clients[0].is_closed());
    assert_eq!(ended.await, Ok(true));
}

#[tokio::test]
async fn a_bulk_of_too_many_requests_executes_none() {
    let device = builder().start().await.unwrap();
    let mut client = Client::connect(device.address()).await;
    let off = json!({"rid": "/model/pdu/0/outlet/0", "json": {"method": "setPowerState", "params": {"pstate": 0}, "id": 1}});
    let requests = vec![off; 1_001];
    for method in ["performBulk", "performBulkTimeout", "performRequest"] {
        let params = json!({"requests": requests, "timeoutMs": 60_000});
        let answer = client.call("/bulk", method, params).await;
        let error = &answer["error"];
        assert_eq!(error["code"], -32602);
        assert!(
            error["message"].as_str().unwrap().contains("1000"),
            "{error}"
        );
    }
    let state = client
        .result("/model/pdu/0/outlet/0", "getState", json!({}))
        .await;
    assert_eq!(state["_ret_"]["powerState"], 1);
}

/// 3.5 MiB of requests for a list of 500 outlets each: the answer was 2.4 GiB.
#[tokio::test]
async fn the_answer_to_a_bulk_is_bounded() {
    let mut limits = Limits::default();
    limits.bulk_parts = usize::MAX;
    let device = builder().outlets(500).limits(limits).start().await.unwrap();
    let part = json!({"rid": "/model/pdu/0", "json": {"method": "getOutlets", "id": 1}});
    let length = part.to_string().len() + 1;
    let requests = Value::Array(vec![part; 3_500 * 1024 / length]);
    let mut client = Client::connect(device.address()).await;
    let params = json!({"requests": requests});
    let answer = client.call("/bulk", "performBulk", params).await;
    let error = &answer["error"];
    assert_eq!(error["code"], -32000, "{error}");
    let message = error["message"].as_str().unwrap();
    assert!(message.contains("33554432 bytes"), "{message}");
    assert!(message.contains("send fewer in one bulk"), "{message}");
}

#[tokio::test]
async fn a_bulk_that_grows_too_long_stops_there() {
    let mut limits = Limits::default();
    limits.answer_bytes = 10_000;
    let device = builder().limits(limits).record(0).start().await.unwrap();
    let mut client = Client::connect(device.address()).await;
    let long = json!({"rid": "/model/pdu/0", "json": {"method": "getOutlets", "id": "long"}});
    let off = json!({"rid": "/model/pdu/0/outlet/0", "json": {"method": "setPowerState", "params": {"pstate": 0}, "id": 1}});
    let mut requests = vec![long; 100];
    requests.push(off);
    let params = json!({"requests": requests, "timeoutMs": 60_000});
    let answer = client.call("/bulk", "performBulk", params.clone()).await;
    assert_eq!(answer["error"]["code"], -32000);

    // Here the list may end early, and its last element tells of a request that was executed.
    let result = client.result("/bulk", "performBulkTimeout", params).await;
    let responses = result["responses"].as_array().unwrap();
    assert!((2..100).contains(&responses.len()), "{}", responses.len());
    let last = &responses[responses.len() - 1]["json"];
    assert_eq!(
        (&last["error"]["code"], &last["id"]),
        (&json!(-32000), &json!("long"))
    );
    assert!(responses[0]["json"]["result"]["_ret_"].is_array());

    let state = client
        .result("/model/pdu/0/outlet/0", "getState", json!({}))
        .await;
    assert_eq!(state["_ret_"]["powerState"], 1);
}

#[tokio::test]
async fn a_single_answer_is_bounded_too() {
    let mut limits = Limits::default();
    limits.answer_bytes = 500;
    let device = builder().limits(limits).start().await.unwrap();
    let mut client = Client::connect(device.address()).await;
    let answer = client.call("/model/pdu/0", "getOutlets", json!({})).await;
    assert_eq!(answer["error"]["code"], -32000);
    let message = answer["error"]["message"].as_str().unwrap();
    assert!(message.contains("more than the 500"), "{message}");
    client.result("/firmware", "getVersion", json!({})).await;
}

#[tokio::test]
async fn heads_that_are_too_long_are_told_so() {
    let device = builder().start().await.unwrap();
    let filler = format!("X-Filler: {}", "x".repeat(100_000));
    let many = vec!["X-Many: 1"; 200].join("\r\n");
    for line in [filler, many] {
        let mut client = Client::connect(device.address()).await;
        let request = request("/firmware", &[&admin(), &line], GET_VERSION);
        assert_eq!(client.raw(request.as_bytes()).await.unwrap().status, 431);
    }
}

#[tokio::test]
async fn who_is_not_let_in_is_not_listened_to() {
    let device = builder().start().await.unwrap();
    let mut client = Client::connect(device.address()).await;
    let body = "x".repeat(3 * 1024 * 1024);
    let request = request("/firmware", &[], &body);
    // The server stops reading long before the end.
    let _ = client.0.write_all(request.as_bytes()).await;
    assert_eq!(client.answer().await.unwrap().status, 401);
    // A short body costs nothing, and the connection stays.
    let mut client = Client::connect(device.address()).await;
    assert_eq!(client.post("/firmware", &[], GET_VERSION).await.status, 401);
    let answer = client.post("/firmware", &[&admin()], GET_VERSION).await;
    assert_eq!(answer.status, 200);
}

#[tokio::test]
async fn a_shutdown_lets_calls_end() {
    let device = builder()
        .fault(xerus_sim::Fault::Delay(Duration::from_millis(500)))
        .start()
        .await
        .unwrap();
    let address = device.address();
    let mut idle = Client::connect(address).await;
    let mut busy = Client::connect(address).await;
    let asked = request("/firmware", &[&admin()], GET_VERSION);
    busy.0.write_all(asked.as_bytes()).await.unwrap();
    tokio::time::sleep(Duration::from_millis(100)).await;
    let (answer, idle_ended, ()) = tokio::join!(busy.answer(), idle.is_closed(), device.shutdown());
    assert_eq!(answer.unwrap().status, 200);
    assert!(idle_ended);
    assert!(TcpStream::connect(address).await.is_err());
}

#[tokio::test]
async fn a_shutdown_ends_when_its_grace_does() {
    let mut limits = Limits::default();
    limits.grace = Duration::from_millis(100);
    let device = builder()
        .limits(limits)
        .fault(xerus_sim::Fault::NeverAnswer)
        .start()
        .await
        .unwrap();
    let mut client = Client::connect(device.address()).await;
    let asked = request("/firmware", &[&admin()], GET_VERSION);
    client.0.write_all(asked.as_bytes()).await.unwrap();
    tokio::time::sleep(Duration::from_millis(100)).await;
    tokio::time::timeout(Duration::from_secs(10), device.shutdown())
        .await
        .expect("in time");
    assert!(client.is_closed().await);
}
