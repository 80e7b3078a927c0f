//! Every method of `idl/ripex2/ripex2.idl`, between the client and the unit of this crate.

use xerus_ripex2_tests::api::ripex2::{File, PollInit, StreamInit, StreamPart, Unit};
use xerus_ripex2_tests::options::Options;
use xerus_ripex2_tests::unit;
use xerus_rpc::ripex2::{Ripex2, Serving};
use xerus_rpc::{ActionCall, Json, PolledCall};

use crate::fake::{Fake, result};

async fn served() -> (Serving, Unit) {
    let options = Options {
        told: [0, 1, 0, 20],
        ..Options::default()
    };
    let (serving, _) = unit::serve(&options).await.unwrap();
    let agent = Ripex2::builder(serving.url())
        .login("admin", unit::PASSWORD)
        .build()
        .unwrap();
    let unit = Unit::at(&agent, "");
    (serving, unit)
}

fn extra() -> Json {
    r#"{"name": "x"}"#.parse().unwrap()
}

async fn ends<T: Send + 'static>(call: ActionCall<PollInit, T>) -> T {
    call.await.unwrap().wait().await.unwrap()
}

async fn streams(call: PolledCall<StreamInit, StreamPart>) {
    let mut stream = call.await.unwrap();
    let part = stream.next().await.unwrap().unwrap();
    assert!(part.is_last && part.lines == ["reply 1"]);
    assert!(stream.next().await.is_none());
}

fn is_file(file: &File, extension: &str) {
    assert_eq!((&*file.base64, &*file.extension), ("QUJD", extension));
}

#[tokio::test]
async fn what_only_reads() {
    let (serving, unit) = served().await;
    unit.device_ping().await.unwrap();
    assert_eq!(unit.device_info_get_public().await.unwrap().product, "mock");
    assert!(unit.messages_get().await.unwrap().get().contains("msg_"));
    let constants = unit.device_constants_get().await.unwrap();
    assert!(constants.web_session_inact_timeout > 0);
    let settings = unit.settings_get().await.unwrap();
    assert!(settings.config_data.get().contains("RR_StationDesc"));
    let package = unit.settings_package_get().await.unwrap();
    assert_eq!(package.extension, "zip");
    assert!(unit.users_get().await.unwrap().get().contains("admin"));
    is_file(&unit.users_backup_get().await.unwrap(), "bin");
    is_file(&unit.keyring_backup_get().await.unwrap(), "zip");
    let secret = unit.keyring_secret_download().extra_arguments(&extra());
    is_file(&secret.await.unwrap(), "pem");
    let request = unit.keyring_key_csr_download().extra_arguments(&extra());
    is_file(&request.await.unwrap(), "csr");
    assert!(unit.diagnostic_package_start().await.unwrap().is_none());
    let status = unit.diagnostic_package_status_get().await.unwrap();
    assert_eq!(status.unwrap().get(), r#"{"done":true}"#);
    is_file(&unit.diagnostic_package_file_get().await.unwrap(), "zip");
    serving.shutdown().await;
}

#[tokio::test]
async fn what_goes_on_after_its_answer() {
    let (serving, unit) = served().await;
    let settings = unit.settings_get().await.unwrap().config_data;
    ends(unit.settings_save_init(&settings)).await;
    let saved = ends(unit.settings_package_save_init("QUJD", None)).await;
    assert!(saved.config_data.get().contains("4 bytes"));
    ends(unit.firmware_upload_init().extra_arguments(&extra())).await;
    let module = r#"{"module": "modem"}"#.parse().unwrap();
    ends(
        unit.firmware_module_activate_init()
            .extra_arguments(&module),
    )
    .await;
    for call in [
        unit.keyring_backup_restore_init(),
        unit.keyring_secret_generate_init(),
        unit.keyring_secret_upload_init(),
        unit.keyring_secret_update_init(),
    ] {
        ends(call.extra_arguments(&extra())).await;
    }
    ends(unit.tamper_reset_init()).await;
    ends(unit.firmware_activate_init()).await;
    ends(unit.reboot_init()).await;
    serving.shutdown().await;
}

#[tokio::test]
async fn what_is_fetched_bit_by_bit() {
    let (serving, unit) = served().await;
    streams(unit.icmp_ping_start(1)).await;
    streams(unit.rss_ping_start().extra_arguments(&extra())).await;
    streams(unit.log_stream_start().extra_arguments(&extra())).await;
    serving.shutdown().await;
}

#[tokio::test]
async fn extra_arguments_are_sent_behind_the_others_and_looked_through() {
    let fake = Fake::of(|_, _| result(serde_json::json!({}))).await;
    let unit = Unit::at(&fake.agent(), "");
    let call = unit.reboot_reconnect("s-1").extra_arguments(&extra());
    call.await.unwrap();
    let sent = &fake.asked()[1].body["params"];
    assert_eq!(*sent, serde_json::json!({"session_id": "s-1", "name": "x"}));
    for (extra, code) in [
        (r#"{"session_id": "other"}"#, "Config.Unsupported"),
        ("[1]", "Config.Unsupported"),
        (r#"{"name": "a;b"}"#, "Encode.ForbiddenCharacter"),
    ] {
        let call = unit.reboot_reconnect("s-1");
        let error = call.extra_arguments(&extra.parse().unwrap()).await;
        assert_eq!(error.unwrap_err().code(), code, "{extra}");
    }
    assert_eq!(fake.asked().len(), 2, "a login and one call");
}

#[tokio::test]
async fn a_first_login_makes_an_account_where_there_is_none() {
    use crate::fake::Say;
    let fake = Fake::raw(|asked, number| match (&*asked.script, number) {
        ("first_login.cgi", 0) => Say::Json(serde_json::json!({})),
        ("first_login.cgi", _) => Say::Status(400, ""),
        _ => Say::Status(404, ""),
    })
    .await;
    let unit = fake.builder().build_transport().unwrap();
    unit.first_login("admin", "mock-password").await.unwrap();
    // It has accounts now.
    let error = unit
        .first_login("admin", "mock-password")
        .await
        .unwrap_err();
    assert_eq!(error.code(), "Auth.LoginRefused");
    let error = unit.first_login("admin", "a;b").await.unwrap_err();
    assert_eq!(error.code(), "Encode.ForbiddenCharacter");
    assert_eq!(fake.asked().len(), 2);
}
