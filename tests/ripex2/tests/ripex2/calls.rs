//! Requests as they go out, and units behind the one that is connected.

use std::time::{Duration, Instant};

use serde_json::json;
use xerus_ripex2_tests::api::ripex2::Unit;
use xerus_rpc::ripex2::{LANGUAGE, Ripex2};
use xerus_rpc::{ErrorKind, Json, Outcome};

use crate::fake::{Fake, Say, error, result};

#[tokio::test]
async fn a_request_has_what_is_needed_and_nothing_else() {
    let fake = Fake::of(|_, _| result(json!({}))).await;
    let agent = fake.agent();
    Unit::at(&agent, "").settings_get().await.unwrap();
    let call = agent.call(
        "10.9.9.9",
        "users_get",
        r#"{"a":1,"b":null,"c":[null]}"#.parse().unwrap(),
    );
    call.attribute(LANGUAGE, "cs").await.unwrap();
    let asked = fake.asked();
    assert_eq!(asked[1].body, json!({"method": "settings_get"}));
    let full = json!({"method": "users_get", "params": {"a": 1, "c": [null]}, "target": "10.9.9.9", "language_code": "cs"});
    assert_eq!(asked[2].body, full);
    let head = asked[1].head.to_lowercase();
    assert!(head.starts_with("post /cgi-bin/rpc.cgi http/1.1"), "{head}");
    assert!(
        head.contains("content-type: application/json") && head.contains("apikey: token-1"),
        "{head}"
    );
    assert!(!head.contains("authorization"));
}

#[tokio::test]
async fn what_the_wire_cannot_do_is_refused_before_anything_is_sent() {
    let fake = Fake::of(|_, _| result(json!({}))).await;
    let agent = fake.agent();
    let notified = agent
        .call("", "device_ping", Json::EMPTY_OBJECT)
        .notify()
        .await
        .unwrap_err();
    assert_eq!(notified.code(), "Config.Unsupported");
    let download = agent.download("x").await.unwrap_err();
    assert_eq!(download.code(), "Config.Unsupported");
    let nowhere = agent
        .call("/model/pdu/0", "settings_get", Json::EMPTY_OBJECT)
        .await
        .unwrap_err();
    assert_eq!(nowhere.code(), "Config.BadRid");
    let language = agent
        .call("", "settings_get", Json::EMPTY_OBJECT)
        .attribute(LANGUAGE, "e\"n");
    assert_eq!(language.await.unwrap_err().code(), "Config.Unsupported");
    assert!(fake.asked().is_empty());
}

#[tokio::test]
async fn many_calls_work_as_a_bulk_one_by_one() {
    let fake = Fake::of(|_, number| result(json!({"product": number.to_string()}))).await;
    let unit = Unit::at(&fake.agent(), "");
    let all = fake
        .agent()
        .bulk((0..3).map(|_| unit.device_info_get_public()))
        .await;
    // Calls of another agent are none of this one's.
    drop(all);
    let agent = fake.agent();
    let unit = Unit::at(&agent, "");
    let all = agent
        .bulk((0..3).map(|_| unit.device_info_get_public()))
        .await
        .unwrap();
    assert_eq!(all.into_iter().filter(Result::is_ok).count(), 3);
}

#[tokio::test]
async fn r31_a_unit_that_is_not_reached_is_told() {
    let fake = Fake::of(|_, _| error("remote_call_error")).await;
    let told = Unit::at(&fake.agent(), "10.9.9.9")
        .settings_get()
        .await
        .unwrap_err();
    assert_eq!(told.rid(), Some("10.9.9.9"));
    assert_eq!(told.outcome(), Outcome::Unknown);
    assert!(told.to_string().contains("the unit is away"), "{told}");
}

#[tokio::test]
async fn r32_a_local_method_goes_to_no_other_unit() {
    let fake = Fake::of(|_, _| result(json!({}))).await;
    let error = Unit::at(&fake.agent(), "10.9.9.9")
        .firmware_activate_init()
        .await
        .unwrap_err();
    assert_eq!(error.error().code(), "Config.Unsupported");
    let everywhere = fake.builder().unit("10.9.9.9").build().unwrap();
    let error = Unit::at(&everywhere, "")
        .firmware_activate_reconnect("x")
        .await
        .unwrap_err();
    assert!(matches!(error.kind(), ErrorKind::Config(_)), "{error}");
    assert!(fake.asked().is_empty());
    Unit::at(&everywhere, "").settings_get().await.unwrap();
    assert_eq!(fake.asked()[1].body["target"], "10.9.9.9");
}

#[tokio::test]
async fn r33_calls_over_the_radio_have_more_time() {
    let slow = || Say::Late(Duration::from_millis(400), Box::new(result(json!({}))));
    let fake = Fake::of(move |_, _| slow()).await;
    let agent = Ripex2::builder(&*fake.url)
        .login("admin", "x")
        .timeout(Duration::from_millis(200))
        .remote_timeout(Duration::from_secs(5))
        .build()
        .unwrap();
    let local = Unit::at(&agent, "").settings_get().await.unwrap_err();
    assert_eq!(local.code(), "Timeout.FirstByte");
    Unit::at(&agent, "10.9.9.9").settings_get().await.unwrap();
    // A call's own time counts.
    let own = Unit::at(&agent, "10.9.9.9")
        .settings_get()
        .timeout(Duration::from_millis(100));
    assert_eq!(own.await.unwrap_err().code(), "Timeout.FirstByte");
}

#[tokio::test]
async fn r37_the_clock_of_the_unit_is_told_and_not_used() {
    let fake = Fake::of(|_, _| Say::Json(json!({"result": 1, "device": {"tstamp": 4}}))).await;
    let start = Instant::now();
    let call = fake.agent().call("", "settings_get", Json::EMPTY_OBJECT);
    let (_, meta) = call.with_meta().await.unwrap();
    assert_eq!(meta.attribute(xerus_rpc::ripex2::DEVICE_TIME), Some("4"));
    assert!(meta.elapsed.unwrap() <= start.elapsed());
}

#[test]
fn without_async() {
    let (sender, receiver) = std::sync::mpsc::channel();
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .worker_threads(1)
        .enable_all()
        .build()
        .unwrap();
    runtime.spawn(async move {
        let fake = Fake::of(|_, _| result(json!({"product": "x"}))).await;
        sender.send(fake.url.clone()).unwrap();
        std::future::pending::<()>().await;
        drop(fake);
    });
    let agent = Ripex2::builder(receiver.recv().unwrap())
        .login("admin", "x")
        .build()
        .unwrap();
    let info = Unit::at(&agent, "")
        .device_info_get_public()
        .send_blocking()
        .unwrap();
    assert_eq!(info.product, "x");
}

#[tokio::test]
async fn a_parameter_that_is_left_out_does_not_travel() {
    let fake = Fake::of(|_, _| error("rpc_server_error")).await;
    let unit = Unit::at(&fake.agent(), "");
    for passphrase in [None, Some("secret words")] {
        let begin = unit.settings_package_save_init("UEs=", passphrase);
        begin.await.unwrap_err();
    }
    let asked = fake.asked();
    assert_eq!(asked[1].body["params"], json!({"base64": "UEs="}));
    assert_eq!(
        asked[2].body["params"],
        json!({"base64": "UEs=", "encryption_passphrase": "secret words"})
    );
}
