//! The vendor's Python client as a witness of our firmware updates: what it reads of an image is what we read, whichever of the two
//! uploaded it, and after our update it reads the version and the history that we were told.
//!
//! A client that is not installed is skipped by name, unless the variable `XERUS_PEERS` is `required`.

#![allow(clippy::unwrap_used)] // helpers of tests

use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use serde_json::{Value, json};
use tokio::process::Command;
use xerus_api::firmware::ImageInfo;
use xerus_device::firmware::{Decision, FirmwareUpdate, Image, UpdateError};
use xerus_rpc::{Agent, Enumeration as _};
use xerus_sim::{Firmware, FirmwareImage, Running, Simulator, UpdatePlan};

/// Each with the firmware that it was made for.
const CLIENTS: [(&str, Firmware); 3] = [
    ("4.4.1.53217", Firmware::V4_4_1),
    ("4.0.20.49038", Firmware::V4_0_20),
    ("3.6.0.46486", Firmware::V3_6_80),
];
const NEW: &str = "4.4.2.5-60000";

fn python(version: &str) -> Option<PathBuf> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
    let place = root.join(format!("target/peers/raritan-{version}"));
    if place.join("complete").exists() {
        return Some(place.join("bin/python"));
    }
    assert!(
        std::env::var_os("XERUS_PEERS").is_none_or(|value| value != "required"),
        "XERUS_PEERS=required, but the client {version} is not installed (run tests/peers/install.sh)"
    );
    // Not through `eprintln!`, which the test harness keeps to itself while all is well.
    let line = format!("skipped: client Python {version} (run tests/peers/install.sh)\n");
    let _ = std::io::stderr().write_all(line.as_bytes());
    None
}

/// What the client finds.
async fn witness(python: &Path, device: &Running, action: &[&str]) -> Value {
    let (scheme, host) = device.url().split_once("://").unwrap();
    let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("python/firmware.py");
    let run = Command::new(python)
        .arg(script)
        .args([scheme, host, "admin"])
        .args(action)
        .env("XERUS_PASSWORD", "secret")
        .env("PYTHONIOENCODING", "utf-8")
        .env("PYTHONDONTWRITEBYTECODE", "1")
        .kill_on_drop(true)
        .output();
    let output = tokio::time::timeout(Duration::from_secs(60), run).await;
    let output = output.expect("the client ends in time").unwrap();
    let said = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{said}");
    serde_json::from_slice(&output.stdout).unwrap_or_else(|error| panic!("{error}: {said}"))
}

/// Our reading of an image, as the client names it.
fn ours(info: &ImageInfo) -> Value {
    json!({
        "valid": info.valid,
        "version": info.version,
        "min_required_version": info.min_required_version,
        "min_downgrade_version": info.min_downgrade_version,
        "product": info.product,
        "platform": info.platform,
        "oem": info.oem,
        "hwid_whitelist": info.hwid_whitelist,
        "hwid_blacklist": info.hwid_blacklist,
        "compatible": info.compatible,
        "signature_present": info.signature_present,
        "signed_by": info.signed_by,
        "signature_good": info.signature_good,
        "certified_by": info.certified_by,
        "certificate_good": info.certificate_good,
        "model_list_present": info.model_list_present,
        "model_supported": info.model_supported,
    })
}

fn paced(update: FirmwareUpdate) -> FirmwareUpdate {
    update
        .interval(Duration::from_millis(100))
        .patience(Duration::from_secs(1))
        .deadline(Duration::from_secs(30))
}

async fn agree(version: &str, firmware: Firmware) {
    let Some(python) = python(version) else {
        return;
    };
    let time = Duration::from_millis(100);
    let plan = UpdatePlan::new()
        .init(time)
        .preparation(time)
        .simulation(time)
        .flashing(2 * time)
        .farewell(2 * time)
        .absence(4 * time);
    let device = Simulator::builder()
        .user("admin", "secret")
        .https(true)
        .firmware(firmware)
        .updates(plan)
        .record(10_000)
        .start()
        .await
        .unwrap();
    let agent = Agent::builder(device.url())
        .basic_auth("admin", "secret")
        .pin_certificate_sha256(device.certificate_sha256().unwrap().to_string())
        .build()
        .unwrap();
    // With something to read in every member.
    let image = FirmwareImage::new(NEW.parse().unwrap())
        .product("pdu")
        .oem("other")
        .hardware("7")
        .not_hardware("8")
        .model("none")
        .min_required("3.0.0.5-1".parse().unwrap())
        .min_downgrade("3.6.0.5-1".parse().unwrap())
        .badly_signed();
    let path = std::env::temp_dir().join(format!("xerus-witness-{version}-{}", std::process::id()));
    std::fs::write(&path, image.bytes()).unwrap();

    // The client uploads, and both look at it.
    let theirs = witness(&python, &device, &["upload", path.to_str().unwrap()]).await;
    let seen = Arc::new(Mutex::new(None));
    let noted = Arc::clone(&seen);
    let uploaded =
        FirmwareUpdate::of_uploaded(&agent, NEW.parse().unwrap()).decide(move |review| {
            *noted.lock().unwrap() = Some(review);
            async { Decision::Later }
        });
    let undecided = paced(uploaded).await.unwrap_err();
    assert_eq!(undecided.code(), "Firmware.Undecided", "{undecided}");
    let review = seen.lock().unwrap().take().unwrap();
    assert_eq!(
        (&theirs["present"], &theirs["info"]),
        (&json!(true), &ours(&review.image))
    );
    assert_eq!(theirs["version"], json!(review.installed));
    assert_eq!(theirs["last"], Value::Null);

    // We upload another one, and the client looks at it.
    let good = Image::bytes(FirmwareImage::new(NEW.parse().unwrap()).bytes());
    let later = paced(FirmwareUpdate::of(&agent, good)).decide(|_| async { Decision::Later });
    let UpdateError::Undecided { review, ticket } = later.await.unwrap_err() else {
        panic!("the update was to wait for a decision");
    };
    let theirs = witness(&python, &device, &["look"]).await;
    assert_eq!(
        (&theirs["present"], &theirs["info"]),
        (&json!(true), &ours(&review.image))
    );

    // We install it, and the client says that it runs.
    let updated = FirmwareUpdate::resume(&agent, *ticket)
        .unwrap()
        .await
        .unwrap();
    let record = updated.record.unwrap();
    assert_eq!(updated.version, NEW);
    let api_of_new = CLIENTS
        .iter()
        .find(|(_, of)| *of == device.device().firmware());
    let python = self::python(api_of_new.unwrap().0);
    if let Some(python) = python {
        let theirs = witness(&python, &device, &["look"]).await;
        assert_eq!(theirs["version"], json!(NEW));
        let last = &theirs["last"];
        assert_eq!(last["imageVersion"], json!(record.image_version));
        assert_eq!(last["oldVersion"], json!(updated.before));
        assert_eq!(last["imageMD5"], json!(record.image_md5));
        assert_eq!(last["status"], json!(record.status.index()));
        assert_eq!(last["timestamp"], json!(record.timestamp.unix_seconds()));
    }
    std::fs::remove_file(&path).unwrap();
    assert_eq!(device.calls().of("startUpdate").count(), 1);
}

#[tokio::test]
async fn the_vendors_client_reads_what_we_read() {
    for (version, firmware) in CLIENTS {
        agree(version, firmware).await;
    }
}
