//! Firmware updates from upload to verified version, and restarts, with our own client.

use tokio::io::AsyncWriteExt as _;
use tokio::net::TcpStream;
use xerus_api::event::Service;
use xerus_api::firmware::{
    Firmware, FirmwareUpdateStatus, ImageState, UpdateFlags, UpdateHistoryStatus,
};
use xerus_api::pdumodel::Pdu;
use xerus_rpc::files::{FIRMWARE_PROGRESS, FIRMWARE_UPLOAD};
use xerus_rpc::{Agent, ErrorKind};
use xerus_sim::{Clock, Firmware as Served, FirmwareImage, UpdateEnding, UpdatePlan};

use crate::maintenance::{advance, agent, builder, version};

#[tokio::test]
async fn an_image_is_uploaded_installed_and_verified() {
    let clock = Clock::frozen_at(1_700_000_000);
    let running = builder(&clock)
        .firmware(Served::V4_0_20)
        .start()
        .await
        .unwrap();
    let agent = agent(&running);
    let firmware = Firmware::at(&agent, "/firmware");
    assert_eq!(firmware.get_version().await.unwrap(), "4.0.20.5-49038");

    let image = FirmwareImage::new(version("4.4.1.5-53217")).size(1_000_000);
    let file = FIRMWARE_UPLOAD.file(image.bytes());
    let answer = agent.upload(FIRMWARE_UPLOAD).part(file).await.unwrap();
    FIRMWARE_UPLOAD.check(&answer).unwrap();
    let status = firmware.get_image_status().await.unwrap();
    assert_eq!(
        (status.state, status.size_done),
        (ImageState::Complete, 1_000_000)
    );
    let (present, info) = firmware.get_image_info().await.unwrap();
    assert!(present && info.valid && info.compatible && info.signature_good);
    assert_eq!(info.version, "4.4.1.5-53217");

    firmware.start_update(&[]).await.unwrap();
    // How it goes is told to everybody, and nothing else is told.
    let anybody = Agent::builder(running.url()).build().unwrap();
    let progress = FirmwareUpdateStatus::at(&anybody, FIRMWARE_PROGRESS.path());
    for (seconds, state) in [
        (0, "INIT"),
        (2, "PREP"),
        (3, "SIMULATE"),
        (5, "UPDATE"),
        (20, "SUCCESS"),
    ] {
        advance(&clock, seconds).await;
        assert_eq!(progress.get_status().await.unwrap().state, state);
        let refused = firmware.get_version().await.unwrap_err();
        assert_eq!(refused.http_status(), Some(503));
    }
    advance(&clock, 3).await;
    // Away: whoever connects is cut off.
    assert!(progress.get_status().await.is_err());
    assert!(firmware.get_version().await.is_err());
    advance(&clock, 15).await;
    assert_eq!(progress.get_status().await.unwrap().state, "NONE");
    assert_eq!(firmware.get_version().await.unwrap(), "4.4.1.5-53217");
    let history = firmware.get_update_history().await.unwrap();
    assert_eq!(history.len(), 1);
    assert_eq!(history[0].status, UpdateHistoryStatus::Successful);
    assert_eq!(history[0].old_version, "4.0.20.5-49038");
    assert_eq!(history[0].image_version, "4.4.1.5-53217");
    assert_eq!(running.device().firmware(), Served::V4_4_1);
    let pdu = Pdu::at(&agent, "/model/pdu/0");
    assert_eq!(
        pdu.get_meta_data().await.unwrap().fw_revision,
        "4.4.1.5-53217"
    );
}

#[tokio::test]
async fn updates_fail_in_many_ways() {
    let clock = Clock::frozen_at(1_700_000_000);
    let running = builder(&clock)
        .firmware(Served::V4_0_20)
        .updates(UpdatePlan::new().ending(UpdateEnding::FailsAt { percent: 10 }))
        .start()
        .await
        .unwrap();
    let agent = agent(&running);
    let firmware = Firmware::at(&agent, "/firmware");
    let progress = FirmwareUpdateStatus::at(&agent, FIRMWARE_PROGRESS.path());
    let send = |bytes: Vec<u8>| {
        let agent = agent.clone();
        async move {
            let file = FIRMWARE_UPLOAD.file(bytes);
            let answer = agent.upload(FIRMWARE_UPLOAD).part(file).await.unwrap();
            FIRMWARE_UPLOAD.check(&answer).unwrap();
        }
    };
    // Some other file.
    send(vec![7; 10_000]).await;
    let (present, info) = firmware.get_image_info().await.unwrap();
    assert!(present && !info.valid);
    firmware.start_update(&[]).await.unwrap();
    let status = progress.get_status().await.unwrap();
    assert_eq!(status.state, "FAIL");
    assert!(status.error_message.contains("no firmware image"));
    firmware.discard_image().await.unwrap();
    assert!(!firmware.get_image_info().await.unwrap().0);
    // Not signed: not without leave.
    let image = FirmwareImage::new(version("4.4.1.5-53217"))
        .unsigned()
        .bytes();
    send(image).await;
    firmware.start_update(&[]).await.unwrap();
    assert_eq!(progress.get_status().await.unwrap().state, "FAIL");
    firmware
        .start_update(&[UpdateFlags::AllowUntrusted])
        .await
        .unwrap();
    advance(&clock, 13).await;
    let status = progress.get_status().await.unwrap();
    assert_eq!((&*status.state, status.elapsed), ("FAIL", 12));
    assert_eq!(firmware.get_version().await.unwrap(), "4.0.20.5-49038");
    let history = firmware.get_update_history().await.unwrap();
    let ends: Vec<_> = history.iter().map(|entry| entry.status).collect();
    assert_eq!(ends, [UpdateHistoryStatus::Failed; 2]);
}

#[tokio::test]
async fn an_upload_that_breaks_off_has_failed() {
    let clock = Clock::frozen_at(1_700_000_000);
    let running = builder(&clock).start().await.unwrap();
    let mut stream = TcpStream::connect(running.address()).await.unwrap();
    let head = "POST /cgi-bin/fwupload.cgi HTTP/1.1\r\nHost: pdu\r\nContent-Length: 9000\r\n\
        Authorization: Basic YWRtaW46cGFzcw==\r\nContent-Type: multipart/form-data; boundary=b\r\n\r\n\
        --b\r\nContent-Disposition: form-data; name=\"upfile\"; filename=\"upfile.bin\"\r\n\r\nhalf of it";
    stream.write_all(head.as_bytes()).await.unwrap();
    let agent = agent(&running);
    let firmware = Firmware::at(&agent, "/firmware");
    let until = |wanted: ImageState| {
        let firmware = &firmware;
        async move {
            loop {
                let status = firmware.get_image_status().await.unwrap();
                if status.state == wanted {
                    return status;
                }
            }
        }
    };
    let status = until(ImageState::Uploading).await;
    assert_eq!(status.size_total, 9_000);
    let second = FIRMWARE_UPLOAD.file(vec![1; 100]);
    let refused = agent
        .upload(FIRMWARE_UPLOAD)
        .part(second)
        .await
        .unwrap_err();
    assert_eq!(refused.http_status(), Some(503));
    drop(stream);
    let status = until(ImageState::UploadFailed).await;
    assert!(status.error_message.contains("send the image again"));
}

#[tokio::test]
async fn a_restart_answers_who_asked_for_it_and_then_nobody() {
    let clock = Clock::frozen_at(1_700_000_000);
    let running = builder(&clock).start().await.unwrap();
    let agent = agent(&running);
    let firmware = Firmware::at(&agent, "/firmware");
    firmware.reboot().await.unwrap();
    assert!(firmware.get_version().await.is_err());
    advance(&clock, 15).await;
    assert!(firmware.get_version().await.is_ok());
}

#[tokio::test]
async fn an_update_can_lose_the_certificate() {
    let clock = Clock::frozen_at(1_800_000_000);
    let plan = UpdatePlan::new().new_certificate(true);
    let device = builder(&clock).https(true).updates(plan);
    let running = device.start().await.unwrap();
    let old = agent(&running);
    let firmware = Firmware::at(&old, "/firmware");
    let image = FirmwareImage::new(version("4.4.1.5-60000")).bytes();
    let file = FIRMWARE_UPLOAD.file(image);
    let answer = old.upload(FIRMWARE_UPLOAD).part(file).await.unwrap();
    FIRMWARE_UPLOAD.check(&answer).unwrap();
    firmware.start_update(&[]).await.unwrap();
    advance(&clock, 33).await;
    advance(&clock, 15).await;
    let refused = firmware.get_version().await.unwrap_err();
    assert!(matches!(refused.kind(), ErrorKind::Tls(_)), "{refused}");
    let anew = agent(&running);
    let version = Firmware::at(&anew, "/firmware")
        .get_version()
        .await
        .unwrap();
    assert_eq!(version, "4.4.1.5-60000");
}

#[tokio::test]
async fn a_poll_ends_when_the_device_goes_away() {
    let clock = Clock::frozen_at(1_700_000_000);
    let running = builder(&clock).record(100).start().await.unwrap();
    let (agent, other) = (agent(&running), agent(&running));
    let channel = Service::at(&agent, "/eventservice")
        .create_channel()
        .await
        .unwrap()
        .unwrap();
    let poll = tokio::spawn(async move { channel.poll_events().await.map(drop) });
    let is_poll = |request: &xerus_sim::Recorded| request.body.contains("pollEvents");
    while !running.requests().iter().any(is_poll) {
        tokio::task::yield_now().await;
    }
    Firmware::at(&other, "/firmware").reboot().await.unwrap();
    // Half a second later it is cut. By itself it would never end, as no time passes.
    assert!(poll.await.unwrap().is_err());
}

#[tokio::test]
async fn a_scenario_restarts_the_device_and_decides_how_updates_end() {
    let clock = Clock::frozen_at(1_700_000_000);
    let scenario = "at 1s restart\nat 20s updates stay-away\nat 500s rescue";
    let running = builder(&clock)
        .firmware(Served::V4_0_20)
        .scenario(scenario.parse().unwrap())
        .start()
        .await
        .unwrap();
    let device = running.device();
    advance(&clock, 0).await;
    advance(&clock, 1).await;
    assert!(device.presence().is_away());
    advance(&clock, 15).await;
    assert!(!device.presence().is_away());
    advance(&clock, 4).await;
    let agent = agent(&running);
    let image = FirmwareImage::new(version("4.4.1.5-53217")).bytes();
    let file = FIRMWARE_UPLOAD.file(image);
    let answer = agent.upload(FIRMWARE_UPLOAD).part(file).await.unwrap();
    FIRMWARE_UPLOAD.check(&answer).unwrap();
    Firmware::at(&agent, "/firmware")
        .start_update(&[])
        .await
        .unwrap();
    advance(&clock, 400).await;
    assert!(device.presence().is_away());
    advance(&clock, 80).await;
    assert!(!device.presence().is_away());
    assert_eq!(device.firmware(), Served::V4_0_20);
}
