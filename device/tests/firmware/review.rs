//! What speaks against an image, and who decides.

use xerus_device::firmware::{
    Allow, Change, Decision, FirmwareUpdate, Image, Obstacle, UpdateError,
};
use xerus_sim::{Firmware, FirmwareImage};

use crate::world::{
    NEW, agent, builder, device, image, image_of, paced, quick, resume, starts, update,
};

fn sent(image: &FirmwareImage) -> Image {
    Image::bytes(image.bytes())
}

#[tokio::test]
async fn an_image_that_does_not_fit_is_refused_with_every_reason() {
    let new = || image_of(NEW);
    let version = |text: &str| text.parse().unwrap();
    for (image, expected) in [
        (new().damaged(), vec![Obstacle::NotAnImage]),
        (new().oem("other"), vec![Obstacle::Incompatible]),
        (
            new().hardware("99").unsigned(),
            vec![Obstacle::Incompatible, Obstacle::Unsigned],
        ),
        (new().badly_signed(), vec![Obstacle::BadSignature]),
        (
            new().model("other"),
            vec![Obstacle::Model, Obstacle::Incompatible],
        ),
        (
            new().product("switch"),
            vec![
                Obstacle::Product {
                    image: "switch".to_owned(),
                    device: "pdu".to_owned(),
                },
                Obstacle::Incompatible,
            ],
        ),
        (
            new().min_required(version("4.4.1.8-1")),
            vec![
                Obstacle::TooOld {
                    required: "4.4.1.8-1".to_owned(),
                },
                Obstacle::Incompatible,
            ],
        ),
        (image_of("4.2.0.5-1"), vec![Obstacle::Downgrade]),
    ] {
        let device = builder(Firmware::V4_4_1, quick()).start().await.unwrap();
        let error = update(&agent(&device), sent(&image)).await.unwrap_err();
        let UpdateError::Refused(review) = &error else {
            panic!("{error}");
        };
        assert_eq!(review.obstacles, expected);
        assert!(!error.to_string().is_empty());
        assert_eq!(starts(&device), 0);
        // The device does not keep what is not installed.
        assert_eq!(device.calls().of("discardImage").accepted().count(), 1);
    }
}

#[tokio::test]
async fn what_is_permitted_goes_to_the_device_as_its_flags() {
    let device = device(quick()).await;
    let odd = image_of(NEW).oem("other").hardware("99").unsigned();
    let refused = update(&agent(&device), sent(&odd)).await.unwrap_err();
    assert_eq!(refused.code(), "Firmware.Refused");
    let updated = update(&agent(&device), sent(&odd))
        .allow(Allow::Oem)
        .allow(Allow::Hardware)
        .allow(Allow::Untrusted)
        .await
        .unwrap();
    assert_eq!((updated.version.as_str(), starts(&device)), (NEW, 1));
    let request = device
        .requests()
        .into_iter()
        .find(|request| request.body.contains("startUpdate"))
        .unwrap();
    assert!(request.body.contains("[0,1,2]"), "{}", request.body);
}

#[tokio::test]
async fn a_downgrade_is_possible_when_it_is_wanted() {
    let device = builder(Firmware::V4_4_1, quick()).start().await.unwrap();
    let updated = update(&agent(&device), sent(&image_of("4.2.0.5-1")))
        .allow(Allow::Downgrade)
        .await
        .unwrap();
    assert_eq!(updated.version, "4.2.0.5-1");
}

#[tokio::test]
async fn the_program_sees_the_review_and_decides() {
    let device = device(quick()).await;
    let agent = agent(&device);
    let declined = update(&agent, image())
        .decide(|review| async move { Decision::Decline(format!("not {}", review.image.version)) });
    let error = declined.await.unwrap_err();
    assert_eq!(
        error.to_string(),
        format!("the update was declined: not {NEW}")
    );
    assert_eq!(device.calls().of("discardImage").accepted().count(), 1);

    let later = update(&agent, image()).decide(|_| async { Decision::Later });
    let error = later.await.unwrap_err();
    let UpdateError::Undecided { ticket, .. } = &error else {
        panic!("{error}");
    };
    assert_eq!(starts(&device), 0);
    // The image is there: another process needs none.
    let updated = resume(&agent, ticket).await.unwrap();
    assert_eq!((updated.change, starts(&device)), (Change::Installed, 1));
}

#[tokio::test]
async fn a_decision_can_permit_more_but_not_everything() {
    let device = device(quick()).await;
    let agent = agent(&device);
    let more = |allow: Allow| move |_| async move { Decision::StartAllowing(vec![allow]) };
    let unsigned = image_of(NEW).unsigned();
    let error = update(&agent, sent(&unsigned))
        .decide(more(Allow::Oem))
        .await;
    assert_eq!(error.unwrap_err().code(), "Firmware.Refused");
    let updated = update(&agent, sent(&unsigned))
        .decide(more(Allow::Untrusted))
        .await;
    assert_eq!(updated.unwrap().version, NEW);
}

#[tokio::test]
async fn an_image_of_somebody_else_is_not_installed() {
    let device = device(quick()).await;
    let agent = agent(&device);
    let later = update(&agent, image()).decide(|_| async { Decision::Later });
    let ticket = later.await.unwrap_err().ticket().unwrap().clone();
    // Meanwhile somebody uploads another one.
    let other = update(&agent, sent(&image_of("4.2.0.5-1"))).decide(|_| async { Decision::Later });
    assert_eq!(other.await.unwrap_err().code(), "Firmware.Undecided");
    let error = resume(&agent, &ticket).await.unwrap_err();
    match &error {
        UpdateError::Refused(review) => assert!(
            matches!(review.obstacles[..], [Obstacle::OtherImage { .. }, ..]),
            "{review:?}"
        ),
        UpdateError::ImageGone(_) => {}
        other => panic!("{other}"),
    }
    assert_eq!(device.calls().of("discardImage").count(), 0);
    assert_eq!(starts(&device), 0);
}

#[tokio::test]
async fn an_image_that_was_replaced_while_somebody_decided_is_left_alone() {
    for decision in [Decision::Start, Decision::Decline("no".to_owned())] {
        let device = device(quick()).await;
        let agent = agent(&device);
        let (other, decided) = (agent.clone(), decision.clone());
        let slow = update(&agent, image()).decide(move |_| {
            let (other, decided) = (other.clone(), decided.clone());
            async move {
                let other = update(&other, sent(&image_of("4.3.0.5-1")));
                let other = other.decide(|_| async { Decision::Later }).await;
                assert_eq!(other.unwrap_err().code(), "Firmware.Undecided");
                decided
            }
        });
        match slow.await.unwrap_err() {
            UpdateError::Declined { .. } => assert_ne!(decision, Decision::Start),
            UpdateError::Refused(review) => {
                let (expected, found) = (NEW.to_owned(), "4.3.0.5-1".to_owned());
                let other = Obstacle::OtherImage { expected, found };
                assert_eq!(review.obstacles, [other]);
                assert_eq!(decision, Decision::Start);
            }
            error => panic!("{error}"),
        }
        assert_eq!(device.calls().of("discardImage").count(), 0);
        assert_eq!(starts(&device), 0);
    }
}

#[tokio::test]
async fn what_happens_while_somebody_decides_is_seen_before_the_beginning() {
    use xerus_api::firmware::Firmware as Object;
    let device = device(quick()).await;
    let agent = agent(&device);
    let other = Object::at(&device.agent(), "/firmware");
    let gone = update(&agent, image()).decide(move |_| {
        let other = other.clone();
        async move {
            other.discard_image().await.unwrap();
            Decision::Start
        }
    });
    let error = gone.await.unwrap_err();
    assert_eq!(error.code(), "Firmware.ImageGone");

    let other = Object::at(&device.agent(), "/firmware");
    let busy = resume(&agent, error.ticket().unwrap()).image(image());
    let busy = busy.decide(move |_| {
        let other = other.clone();
        async move {
            other.start_update(&[]).await.unwrap();
            Decision::Start
        }
    });
    assert_eq!(busy.await.unwrap_err().code(), "Firmware.Busy");
    // The one of somebody else.
    assert_eq!(starts(&device), 1);
}

#[tokio::test]
async fn an_image_that_is_there_needs_no_upload() {
    let device = device(quick()).await;
    let agent = agent(&device);
    let version = NEW.parse().unwrap();
    let none = paced(FirmwareUpdate::of_uploaded(&agent, version)).await;
    assert_eq!(none.unwrap_err().code(), "Firmware.ImageGone");
    let later = update(&agent, image()).decide(|_| async { Decision::Later });
    assert_eq!(later.await.unwrap_err().code(), "Firmware.Undecided");
    let other = "4.9.9.9-9".parse().unwrap();
    let refused = paced(FirmwareUpdate::of_uploaded(&agent, other)).await;
    assert_eq!(refused.unwrap_err().code(), "Firmware.Refused");
    let updated = paced(FirmwareUpdate::of_uploaded(&agent, version))
        .await
        .unwrap();
    assert_eq!((updated.version.as_str(), starts(&device)), (NEW, 1));
}
