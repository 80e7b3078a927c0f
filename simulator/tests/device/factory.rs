//! A device as it leaves the factory: nothing but a change of the own password (`docs/protocol/sessions.md`, The first password).

use serde_json::json;
use xerus_sim::{FACTORY_PASSWORD, FACTORY_USER, Role, Simulator};

use crate::support::{Client, basic};

fn body(method: &str, params: &serde_json::Value) -> String {
    json!({"jsonrpc": "2.0", "method": method, "params": params, "id": 1}).to_string()
}

#[tokio::test]
async fn only_the_own_password_can_be_changed_at_first() {
    let device = Simulator::builder()
        .account("guest", "guest", Role::Viewer)
        .factory()
        .start()
        .await
        .unwrap();
    let mut client = Client::connect(device.address()).await;
    let old = basic(FACTORY_USER, FACTORY_PASSWORD);
    let nothing = json!({});
    let new = json!({"password": "long enough"});
    let in_bulk = json!({"requests": [{
        "rid": "/auth/user/admin",
        "json": {"jsonrpc": "2.0", "method": "setAccountPassword", "params": new, "id": 1},
    }]});
    for (rid, method, params) in [
        ("/model/pdu/0", "getNameplate", &nothing),
        (
            "/model/pdu/0/outlet/0",
            "setPowerState",
            &json!({"pstate": 0}),
        ),
        ("/session", "newSession", &nothing),
        ("/auth/user/admin", "getInfo", &nothing),
        ("/auth/user/guest", "setAccountPassword", &new),
        ("/bulk", "performBulk", &in_bulk),
    ] {
        let answer = client.post(rid, &[&old], &body(method, params)).await;
        assert_eq!(answer.status, 451, "{method} on {rid}");
    }
    let answer = client.post("/auth/user/admin", &[&old], "no JSON").await;
    assert_eq!(answer.status, 451);
    assert!(device.device().latest_events().is_empty());

    // Others are not concerned, and a wrong password is still wrong.
    let guest = basic("guest", "guest");
    let get = body("getNameplate", &nothing);
    assert_eq!(
        client.post("/model/pdu/0", &[&guest], &get).await.status,
        200
    );
    let wrong = basic(FACTORY_USER, "guess");
    assert_eq!(
        client.post("/model/pdu/0", &[&wrong], &get).await.status,
        401
    );

    let mut change = async |credentials: &str, rid: &str, password: &str| {
        let body = body("setAccountPassword", &json!({"password": password}));
        let answer = client.post(rid, &[credentials], &body).await;
        (answer.status == 200).then(|| answer.json()["result"]["_ret_"].clone())
    };
    let own = "/auth/currentUser";
    assert_eq!(change(&old, own, FACTORY_PASSWORD).await, Some(json!(1)));
    assert_eq!(change(&old, own, "long enough").await, Some(json!(0)));
    assert_eq!(
        change(&old, own, "once again").await,
        None,
        "the old one is gone"
    );
    let new = basic(FACTORY_USER, "long enough");
    // An administrator changes those of others, a viewer does not.
    assert_eq!(
        change(&new, "/auth/user/guest", "also long").await,
        Some(json!(0))
    );
    let guest = basic("guest", "also long");
    assert_eq!(
        change(&guest, "/auth/user/guest", "my own now").await,
        Some(json!(0))
    );

    let answer = client
        .post("/auth/user/admin", &[&new], &body("getInfo", &nothing))
        .await;
    assert_eq!(
        answer.json()["result"]["_ret_"]["needPasswordChange"],
        false
    );
    let guest = basic("guest", "my own now");
    let answer = client
        .post("/auth/user/admin", &[&guest], &body("getInfo", &nothing))
        .await;
    assert_eq!(answer.json()["error"]["code"], -32001);
    assert_eq!(client.post("/model/pdu/0", &[&new], &get).await.status, 200);
}

#[tokio::test]
async fn the_fingerprint_is_that_of_the_certificate() {
    let device = Simulator::builder().https(true).start().await.unwrap();
    let print = device.certificate_sha256().unwrap();
    use base64::Engine as _;
    let pem = device.certificate_pem().unwrap();
    let text: String = pem
        .lines()
        .filter(|line| !line.starts_with("---"))
        .collect();
    let der = base64::engine::general_purpose::STANDARD
        .decode(text)
        .unwrap();
    let digest = ring::digest::digest(&ring::digest::SHA256, &der);
    assert_eq!(print.as_bytes().as_slice(), digest.as_ref());
    let plain = Simulator::builder().start().await.unwrap();
    assert_eq!(plain.certificate_sha256(), None);
}
