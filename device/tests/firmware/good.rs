//! Updates that end well.

use std::sync::{Arc, Mutex};

use xerus_api::firmware::UpdateHistoryStatus;
use xerus_device::firmware::{Allow, Change, FirmwareUpdate, Image, UpdateEvent};
use xerus_rpc::files::FirmwareUpload;
use xerus_sim::{Firmware, UpdatePlan};

use crate::world::{
    NEW, agent, builder, counted, device, image, milliseconds, quick, starts, told, update,
};

#[tokio::test]
async fn every_firmware_is_updated_and_verified() {
    let all = Firmware::ALL.map(|firmware| async move {
        let device = builder(firmware, quick()).start().await.unwrap();
        let (names, end) = told(update(&agent(&device), image())).await;
        let updated = end.unwrap();
        assert_eq!(
            (updated.version.as_str(), updated.change),
            (NEW, Change::Installed)
        );
        assert_eq!(updated.before, firmware.version_text());
        let record = updated.record.unwrap();
        assert_eq!(record.status, UpdateHistoryStatus::Successful);
        assert_eq!((record.image_version.as_str(), starts(&device)), (NEW, 1));
        assert_eq!(device.device().firmware_version().to_string(), NEW);
        let begin = [
            "step upload",
            "uploading",
            "checking",
            "step review",
            "review",
            "step start",
            "starting",
            "step watch",
        ];
        assert_eq!(names[..begin.len()], begin, "{names:?}");
        for name in ["UPDATE", "SUCCESS", "away", "back"] {
            assert!(names.iter().any(|told| told == name), "{name}: {names:?}");
        }
        assert_eq!(updated.warnings, [""; 0]);
    });
    futures_util::future::join_all(all).await;
}

#[tokio::test]
async fn what_runs_already_is_left_alone() {
    let device = builder(Firmware::V4_4_1, quick()).start().await.unwrap();
    let agent = agent(&device);
    let (same, sent) = counted(Firmware::V4_4_1.version_text());
    let updated = update(&agent, same.clone()).await.unwrap();
    assert_eq!(updated.change, Change::Already);
    assert_eq!(
        (
            sent.load(std::sync::atomic::Ordering::Relaxed),
            starts(&device)
        ),
        (0, 0)
    );

    // An image of which the version is known only after the upload. It is thrown away.
    let bytes = crate::world::image_of(Firmware::V4_4_1.version_text()).bytes();
    let size = bytes.len() as u64;
    let unknown = Image::from_source(size, None, move || Ok(bytes.clone().into()));
    let updated = update(&agent, unknown).await.unwrap();
    assert_eq!((updated.change, starts(&device)), (Change::Already, 0));
    assert_eq!(device.calls().of("discardImage").accepted().count(), 1);

    let again = update(&agent, same).allow(Allow::Reinstall).await.unwrap();
    assert_eq!((again.change, starts(&device)), (Change::Installed, 1));
    assert_eq!(again.before, again.version);
}

#[tokio::test]
async fn an_image_in_a_file_is_sent_piece_by_piece() {
    let device = device(quick()).await;
    let path = std::env::temp_dir().join(format!("xerus-image-{}.bin", std::process::id()));
    std::fs::write(&path, crate::world::image_of(NEW).size(3_000_000).bytes()).unwrap();
    let image = Image::file(&path).unwrap();
    assert_eq!(image.size(), 3_000_000);
    assert_eq!(image.version().unwrap().to_string(), NEW);
    let mut run = update(&agent(&device), image).run();
    let (mut sent, mut end) = (Vec::new(), None);
    while let Some(event) = run.next().await {
        match event {
            UpdateEvent::Uploading { sent: bytes, total } => {
                assert_eq!(total, Some(3_000_000));
                sent.push(bytes);
            }
            UpdateEvent::End(result) => end = Some(result),
            _ => {}
        }
    }
    std::fs::remove_file(&path).unwrap();
    assert_eq!(end.unwrap().unwrap().version, NEW);
    assert!(sent.len() > 5 && sent.is_sorted(), "{sent:?}");
    assert!(*sent.last().unwrap() > 2_000_000);
}

#[tokio::test]
async fn wrong_progress_and_a_lost_answer_are_no_end() {
    // The device tells states and times that cannot be, and the answer to startUpdate is lost.
    let plan = quick().wrong_progress(true);
    let device = device(plan).await;
    device.faults().inject(
        "close-after-execution,method=startUpdate,times=1"
            .parse::<xerus_sim::FaultRule>()
            .unwrap(),
    );
    let (names, end) = told(update(&agent(&device), image())).await;
    let updated = end.unwrap();
    assert_eq!((updated.change, starts(&device)), (Change::Installed, 1));
    assert!(names.iter().any(|name| name == "FLASHING"), "{names:?}");
    assert_eq!(updated.warnings.len(), 1);
    assert!(
        updated.warnings[0].contains("startUpdate was not confirmed"),
        "{:?}",
        updated.warnings
    );
}

#[tokio::test]
async fn options_that_a_firmware_may_not_know_are_told() {
    for (firmware, warnings) in [(Firmware::V3_6_80, 1), (Firmware::V4_0_20, 0)] {
        let device = builder(firmware, quick()).start().await.unwrap();
        let options = FirmwareUpload::new().low_memory(true);
        let updated = update(&agent(&device), image())
            .upload_options(options)
            .await
            .unwrap();
        assert_eq!(updated.warnings.len(), warnings, "{:?}", updated.warnings);
        assert!(
            updated
                .warnings
                .iter()
                .all(|warning| warning.contains("little memory"))
        );
    }
}

#[tokio::test]
async fn a_device_that_forces_https_is_updated_through_http() {
    let device = builder(Firmware::V4_0_20, quick())
        .http_redirect("127.0.0.1:0")
        .start()
        .await
        .unwrap();
    let pin = device.certificate_sha256().unwrap().to_string();
    let agent = xerus_rpc::Agent::builder(device.http_url().unwrap())
        .basic_auth("admin", "secret")
        .pin_certificate_sha256(&pin)
        .upgrade_redirects_to_port(device.address().port())
        .build()
        .unwrap();
    let tickets = Arc::new(Mutex::new(Vec::new()));
    let kept = Arc::clone(&tickets);
    let updated = update(&agent, image())
        .keep(move |ticket| {
            kept.lock().unwrap().push(ticket.to_string());
            Ok(())
        })
        .await
        .unwrap();
    assert_eq!((updated.version.as_str(), starts(&device)), (NEW, 1));
    // Tickets name the address of the agent, before and after it went over to https.
    let tickets = std::mem::take(&mut *tickets.lock().unwrap());
    assert_eq!(tickets.len(), 4);
    for ticket in tickets {
        let resumed = FirmwareUpdate::resume(&agent, ticket.parse().unwrap());
        assert_eq!(resumed.unwrap().image(image()).await.unwrap().version, NEW);
    }
    assert_eq!(starts(&device), 1);
}

#[tokio::test]
async fn plain_http_is_refused_clearly_where_upgrades_are_off() {
    let device = builder(Firmware::V4_0_20, quick())
        .http_redirect("127.0.0.1:0")
        .start()
        .await
        .unwrap();
    let agent = xerus_rpc::Agent::builder(device.http_url().unwrap())
        .basic_auth("admin", "secret")
        .upgrade_redirects(false)
        .build()
        .unwrap();
    let error = update(&agent, image()).await.unwrap_err();
    assert_eq!(error.code(), "Firmware.Call");
    assert!(error.to_string().contains("https"), "{error}");
    assert_eq!(starts(&device), 0);
}

#[tokio::test]
async fn a_long_absence_is_waited_for() {
    let plan: UpdatePlan = quick().absence(milliseconds(3_000));
    let device = device(plan).await;
    let updated = update(&agent(&device), image()).await.unwrap();
    assert_eq!((updated.version.as_str(), starts(&device)), (NEW, 1));
}
