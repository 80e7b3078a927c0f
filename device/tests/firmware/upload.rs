//! Uploads that go wrong.

use std::io;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use futures_util::stream;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::{TcpListener, TcpStream};
use xerus_device::firmware::{FirmwareUpdate, Image, UpdateError};
use xerus_rpc::wire::Source;
use xerus_rpc::{Agent, Outcome};
use xerus_sim::{FaultRule, Firmware, Simulator};

use crate::world::{
    NEW, agent, builder, counted, device, image, image_of, paced, quick, resume, starts, update,
};

/// What the upload ended with, and that a resumed one ends well.
async fn then_it_goes_on(agent: &Agent, error: UpdateError) {
    assert_eq!(error.code(), "Firmware.Upload", "{error}");
    let without = resume(agent, error.ticket().unwrap()).await.unwrap_err();
    assert_eq!(without.code(), "Firmware.ImageGone", "{without}");
    let with = resume(agent, error.ticket().unwrap()).image(image()).await;
    assert_eq!(with.unwrap().version, NEW);
}

#[tokio::test]
async fn a_refused_upload_has_its_reason() {
    let device = device(quick()).await;
    let agent = agent(&device);
    let rule = "status=413,rid=/cgi-bin/fwupload.cgi,times=1";
    device.faults().inject(rule.parse::<FaultRule>().unwrap());
    let error = update(&agent, image()).await.unwrap_err();
    assert_eq!(error.as_call().unwrap().http_status(), Some(413));
    assert_eq!(error.outcome(), Outcome::NotExecuted);
    then_it_goes_on(&agent, error).await;
    assert_eq!(starts(&device), 1);
}

#[tokio::test]
async fn an_upload_refused_by_a_code_is_not_believed_to_be_taken() {
    let device = device(quick().upload_code(12)).await;
    let agent = agent(&device);
    let error = update(&agent, image()).await.unwrap_err();
    let UpdateError::Upload {
        error: cause,
        outcome,
        ..
    } = &error
    else {
        panic!("{error}");
    };
    assert_eq!(
        (cause.response_code(), *outcome),
        (Some(12), Outcome::NotExecuted)
    );
    assert!(error.to_string().contains("12"), "{error}");
    assert_eq!(starts(&device), 0);
    device.device().set_update_plan(quick());
    then_it_goes_on(&agent, error).await;
}

#[tokio::test]
async fn an_image_that_is_too_large_is_refused() {
    let device = device(quick().max_bytes(100_000)).await;
    let error = update(&agent(&device), image()).await.unwrap_err();
    let UpdateError::Upload { outcome, .. } = &error else {
        panic!("{error}");
    };
    assert_eq!((*outcome, starts(&device)), (Outcome::NotExecuted, 0));
}

#[tokio::test]
async fn a_source_that_fails_in_the_middle_leaves_no_image() {
    let device = device(quick()).await;
    let agent = agent(&device);
    let half = image_of(NEW).bytes()[..150_000].to_vec();
    let broken = Image::from_source(300_000, Some(NEW.parse().unwrap()), move || {
        let bytes = [
            Ok(half.clone().into()),
            Err(io::Error::other("the disk is gone")),
        ];
        Ok(Source::stream(300_000, stream::iter(bytes)))
    });
    let error = update(&agent, broken).await.unwrap_err();
    let UpdateError::Upload {
        outcome,
        error: cause,
        ..
    } = &error
    else {
        panic!("{error}");
    };
    assert_eq!(
        (cause.code(), *outcome),
        ("File.Source", Outcome::NotExecuted)
    );
    then_it_goes_on(&agent, error).await;
}

/// Passes connections on, and cuts the first that has sent so many bytes to the device.
async fn cutting(to: std::net::SocketAddr, after: usize) -> String {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}", listener.local_addr().unwrap());
    tokio::spawn(async move {
        let has_cut = Arc::new(AtomicBool::new(false));
        while let Ok((client, _)) = listener.accept().await {
            let device = TcpStream::connect(to).await.unwrap();
            let (mut from_client, mut to_client) = client.into_split();
            let (mut from_device, mut to_device) = device.into_split();
            let has_cut = Arc::clone(&has_cut);
            let back = tokio::spawn(async move {
                let _ = tokio::io::copy(&mut from_device, &mut to_client).await;
            });
            tokio::spawn(async move {
                let (mut seen, mut buffer) = (0, vec![0; 8192]);
                while let Ok(read @ 1..) = from_client.read(&mut buffer).await {
                    seen += read;
                    if seen > after && !has_cut.swap(true, Ordering::Relaxed) {
                        back.abort();
                        return;
                    }
                    if to_device.write_all(&buffer[..read]).await.is_err() {
                        return;
                    }
                }
            });
        }
    });
    url
}

#[tokio::test]
async fn a_connection_that_drops_in_the_middle_leaves_no_image() {
    let device = Simulator::builder()
        .firmware(Firmware::V4_0_20)
        .updates(quick())
        .record(10_000)
        .start()
        .await
        .unwrap();
    let url = cutting(device.address(), 200_000).await;
    let agent = Agent::builder(&url).build().unwrap();
    let mut ends = Vec::new();
    let mut next = update(&agent, image());
    for _ in 0..3 {
        match next.await {
            Ok(updated) => {
                ends.push(updated.version);
                break;
            }
            Err(error) => {
                let UpdateError::Upload {
                    outcome, ticket, ..
                } = &error
                else {
                    panic!("{error:?}");
                };
                assert_eq!((*outcome, starts(&device)), (Outcome::NotExecuted, 0));
                ends.push(error.code().to_owned());
                next = resume(&agent, ticket).image(image());
            }
        }
    }
    assert_eq!(ends.last().unwrap(), NEW, "{ends:?}");
    assert_eq!(starts(&device), 1);
}

#[tokio::test]
async fn an_upload_whose_answer_is_lost_is_not_sent_again() {
    let device = device(quick()).await;
    let rule = "close-after-execution,rid=/cgi-bin/fwupload.cgi,times=1";
    let lost = device.faults().inject(rule.parse::<FaultRule>().unwrap());
    let (image, sent) = counted(NEW);
    let updated = update(&agent(&device), image).await.unwrap();
    assert_eq!((lost.hits(), sent.load(Ordering::Relaxed)), (1, 1));
    assert!(
        updated.warnings[0].contains("the image is there"),
        "{:?}",
        updated.warnings
    );
}

#[tokio::test]
async fn what_cannot_be_kept_is_not_done() {
    let device = device(quick()).await;
    let agent = agent(&device);
    let (image, sent) = counted(NEW);
    let full = update(&agent, image.clone()).keep(|_| Err(io::ErrorKind::StorageFull.into()));
    let error = full.await.unwrap_err();
    assert_eq!(
        (error.code(), sent.load(Ordering::Relaxed)),
        ("Firmware.NotKept", 0)
    );
    let missing = std::env::temp_dir().join("no such folder").join("ticket");
    let error = update(&agent, image.clone())
        .keep_in(missing)
        .await
        .unwrap_err();
    assert_eq!((error.code(), starts(&device)), ("Firmware.NotKept", 0));
    // The update cannot begin without its ticket.
    let before_start = update(&agent, image)
        .keep(|ticket| match ticket.note("step") {
            Some("start") => Err(io::ErrorKind::StorageFull.into()),
            _ => Ok(()),
        })
        .await;
    assert_eq!(before_start.unwrap_err().code(), "Firmware.NotKept");
    assert_eq!((sent.load(Ordering::Relaxed), starts(&device)), (1, 0));
}

#[tokio::test]
async fn an_upload_by_a_reader_is_forbidden() {
    let device = builder(Firmware::V4_4_1, quick())
        .account("reader", "secret", xerus_sim::Role::Viewer)
        .start()
        .await
        .unwrap();
    let pin = device.certificate_sha256().unwrap().to_string();
    let agent = Agent::builder(device.url())
        .basic_auth("reader", "secret")
        .pin_certificate_sha256(&pin)
        .build()
        .unwrap();
    let error = paced(FirmwareUpdate::of(&agent, image()))
        .await
        .unwrap_err();
    assert_eq!(error.as_call().unwrap().http_status(), Some(403), "{error}");
    assert_eq!(starts(&device), 0);
}
