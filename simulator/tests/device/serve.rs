//! Objects of our own behind the same HTTP.

use crate::support::{Client, admin, basic};
use serde_json::json;
use xerus_api::server::firmware::{self, Firmware};
use xerus_rpc::server::{Context, Reply, Router};
use xerus_sim::{Fault, FaultRule, Limits, Serving};

/// Tells who asks.
struct Asked;

impl Firmware for Asked {
    fn get_version<'a>(&'a self, context: &'a Context) -> Reply<'a, String> {
        let user = context.user.as_deref().unwrap_or("nobody");
        Reply::ok(format!("{user} over {}", context.transport))
    }
}

const GET_VERSION: &str = r#"{"method":"getVersion","id":1}"#;

fn router() -> Router {
    let router = Router::new();
    router.insert("/firmware", firmware::firmware(Asked));
    router
}

async fn version(served: &Serving, headers: &[&str]) -> (u16, String) {
    let mut client = Client::connect(served.address()).await;
    let answer = client.post("/firmware", headers, GET_VERSION).await;
    (
        answer.status,
        String::from_utf8_lossy(&answer.body).into_owned(),
    )
}

#[tokio::test]
async fn objects_of_our_own() {
    let served = xerus_sim::serve(router())
        .user("admin", "pass")
        .start()
        .await
        .unwrap();
    let (status, body) = version(&served, &[&admin()]).await;
    assert_eq!(status, 200);
    assert!(body.contains("admin over http"), "{body}");

    let mut client = Client::connect(served.address()).await;
    assert_eq!(
        client.call("/firmware", "reboot", json!({})).await["error"]["code"],
        -32601
    );
    assert_eq!(
        client.result("/firmware", "getTypeInfo", json!({})).await["_ret_"]["id"],
        "firmware.Firmware:2.0.4"
    );
    // The objects of the simulated PDU are not there.
    let answer = client.post("/model/pdu/0", &[&admin()], GET_VERSION).await;
    assert_eq!(answer.status, 404);
    // Bulk requests come with the router.
    let requests = json!([{"rid": "/firmware", "json": {"method": "getVersion", "id": 5}}]);
    let bulk = client
        .result("/bulk", "performBulk", json!({"requests": requests}))
        .await;
    assert_eq!(bulk["responses"][0]["json"]["id"], 5);
}

#[tokio::test]
async fn who_is_let_in() {
    let served = xerus_sim::serve(router())
        .user("admin", "pass")
        .start()
        .await
        .unwrap();
    for headers in [
        vec![],
        vec![basic("admin", "guess")],
        vec![format!("X-SessionToken: {}", "0".repeat(32))],
        vec![admin(), "X-SessionToken: any".to_owned()],
    ] {
        let headers: Vec<&str> = headers.iter().map(String::as_str).collect();
        assert_eq!(version(&served, &headers).await.0, 401, "{headers:?}");
    }
    let open = xerus_sim::serve(router()).start().await.unwrap();
    let (status, body) = version(&open, &[]).await;
    assert_eq!(status, 200);
    assert!(body.contains("nobody over http"), "{body}");
}

#[tokio::test]
async fn objects_come_and_go() {
    let router = Router::new();
    let served = xerus_sim::serve(router.clone()).start().await.unwrap();
    assert_eq!(version(&served, &[]).await.0, 404);
    router.insert("/firmware", firmware::firmware(Asked));
    assert_eq!(version(&served, &[]).await.0, 200);
    router.remove("/firmware");
    assert_eq!(version(&served, &[]).await.0, 404);
}

#[tokio::test]
async fn limits_faults_and_the_record() {
    let mut limits = Limits::default();
    limits.body_bytes = GET_VERSION.len();
    let served = xerus_sim::serve(router())
        .user("admin", "pass")
        .limits(limits)
        .fault(
            FaultRule::new(Fault::Status {
                code: 503,
                body: String::new(),
            })
            .times(1),
        )
        .record(2)
        .start()
        .await
        .unwrap();
    assert_eq!(version(&served, &[&admin()]).await.0, 503);
    assert_eq!(version(&served, &[]).await.0, 401);
    let mut client = Client::connect(served.address()).await;
    let long = format!("{GET_VERSION} ");
    assert_eq!(
        client.post("/firmware", &[&admin()], &long).await.status,
        413
    );
    // None of these came to an object.
    assert_eq!(served.requests(), []);
    served.faults().inject(Fault::WrongId);
    assert!(
        version(&served, &[&admin()])
            .await
            .1
            .contains("nobody sent this")
    );
    let requests = served.requests();
    let seen: Vec<_> = requests
        .iter()
        .map(|request| (request.rid.as_str(), request.body.as_str()))
        .collect();
    assert_eq!(seen, [("/firmware", GET_VERSION)]);
}

#[tokio::test]
async fn the_simulated_pdu_keeps_a_record_too() {
    let device = crate::support::builder().record(8).start().await.unwrap();
    let mut client = Client::connect(device.address()).await;
    client.result("/firmware", "getVersion", json!({})).await;
    let rids: Vec<_> = device.requests().into_iter().map(|seen| seen.rid).collect();
    assert_eq!(rids, ["/firmware"]);
    let (silent, mut client) = crate::support::device().await;
    client.result("/firmware", "getVersion", json!({})).await;
    assert_eq!(silent.requests(), []);
}

#[tokio::test]
async fn encrypted_and_ended() {
    let served = xerus_sim::serve(router())
        .https(true)
        .start()
        .await
        .unwrap();
    assert!(served.url().starts_with("https://127.0.0.1:"));
    assert!(
        served
            .certificate_pem()
            .is_some_and(|pem| pem.starts_with("-----BEGIN CERTIFICATE"))
    );
    let address = served.address();
    drop(served);
    tokio::task::yield_now().await;
    assert!(tokio::net::TcpStream::connect(address).await.is_err());
}
