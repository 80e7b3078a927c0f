//! Uploads over HTTP to a device that insists on HTTPS: no broken pipe, whichever endpoint it is.

use std::future::IntoFuture as _;

use xerus_device::files::{BulkConfig, Certificates, DeviceFiles, FilesError, RawConfig};
use xerus_rpc::files::{BulkConfigRestore, BulkConfigSave, FIRMWARE_UPLOAD};
use xerus_rpc::wire::BoxFuture;
use xerus_rpc::{Agent, Outcome};
use xerus_sim::Firmware;

use crate::world::{World, build, pinned};

type Upload = BoxFuture<'static, Result<(), FilesError>>;

/// Each upload, with what is large enough to fill the buffers of a connection.
fn uploads(agent: &Agent) -> Vec<(&'static str, Upload)> {
    let large = || vec![b'#'; 8 << 20];
    let certificate = rcgen::generate_simple_self_signed(["pdu.example.com".to_owned()]).unwrap();
    let mut chain = certificate.cert.pem();
    chain.push_str(&"#".repeat(8 << 20));
    let key = certificate.signing_key.serialize_pem();
    let firmware = agent
        .upload(FIRMWARE_UPLOAD)
        .part(FIRMWARE_UPLOAD.file(large()));
    let raw = RawConfig::of(agent).upload(large());
    let bulk = BulkConfig::of(agent).restore(large(), BulkConfigRestore::new());
    let chain = Certificates::of(agent).upload(chain).key(key);
    let meters = DeviceFiles::of(agent).configure_power_meters(large());
    vec![
        ("raw configuration", Box::pin(async { raw.await.map(drop) })),
        (
            "bulk configuration",
            Box::pin(async { bulk.await.map(drop) }),
        ),
        ("certificate", Box::pin(async { chain.await.map(drop) })),
        ("power meters", Box::pin(async { meters.await.map(drop) })),
        (
            "firmware",
            Box::pin(async { Ok(firmware.into_future().await.map(drop)?) }),
        ),
    ]
}

async fn strict() -> World {
    build(Firmware::V4_4_1, |builder| {
        builder.http_redirect("127.0.0.1:0")
    })
    .await
}

#[tokio::test]
async fn an_upload_over_http_to_a_device_that_forces_https_names_the_https_address() {
    let world = strict().await;
    let http = world.device.http_url().unwrap();
    let agent = Agent::builder(http).basic_auth("admin", "pa:ss wörd");
    let agent = agent.build().unwrap();
    for (name, upload) in uploads(&agent) {
        let error = upload.await.unwrap_err();
        assert!(error.code().starts_with("Redirect."), "{name}: {error}");
        assert_eq!(error.outcome(), Outcome::NotExecuted, "{name}: {error}");
        assert!(error.to_string().contains("https://"), "{name}: {error}");
    }
}

#[tokio::test]
async fn an_agent_that_may_upgrade_sends_the_file_over_https_only() {
    let world = strict().await;
    let port = world.device.address().port();
    let http = world.device.http_url().unwrap();
    let pin = world.device.certificate_sha256().unwrap().to_string();
    for name in [
        "raw configuration",
        "bulk configuration",
        "certificate",
        "power meters",
        "firmware",
    ] {
        // Each with an agent that has not learnt the address before.
        let agent = Agent::builder(http)
            .basic_auth("admin", "pa:ss wörd")
            .pin_certificate_sha256(&pin)
            .upgrade_redirects_to_port(port)
            .build()
            .unwrap();
        let mut uploads = uploads(&agent);
        let at = uploads
            .iter()
            .position(|(known, _)| *known == name)
            .unwrap();
        let (_, upload) = uploads.swap_remove(at);
        match upload.await {
            // What was sent is no configuration, and the device says so: it arrived.
            Err(FilesError::Refused(error)) => {
                assert!(error.response_code().is_some(), "{name}: {error}");
            }
            Ok(()) => {}
            Err(error) => panic!("{name}: {error} ({error:?})"),
        }
    }
}

#[tokio::test]
async fn downloads_of_such_a_device_name_the_https_address_as_well() {
    let world = strict().await;
    let http = world.device.http_url().unwrap();
    let agent = Agent::builder(http).basic_auth("admin", "pa:ss wörd");
    let agent = agent.build().unwrap();
    let save = BulkConfig::of(&agent).save(BulkConfigSave::new());
    let error = save.bytes().await.unwrap_err();
    assert!(error.code().starts_with("Redirect."), "{error}");
    let file = BulkConfig::of(&pinned(&world.device).build().unwrap());
    assert!(file.save(BulkConfigSave::new()).bytes().await.is_ok());
}
