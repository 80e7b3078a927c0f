//! A device that comes back with another certificate.

use std::sync::{Arc, Mutex};

use xerus_device::firmware::UpdateError;
use xerus_rpc::Outcome;

use xerus_rpc::Agent;

use crate::world::{NEW, agent, device, image, quick, resume, starts, told, update};

#[tokio::test]
async fn another_certificate_stops_the_update_until_somebody_decides() {
    let device = device(quick().new_certificate(true)).await;
    let old = agent(&device);
    let before = device.certificate_sha256().unwrap();
    let kept = Arc::new(Mutex::new(String::new()));
    let file = Arc::clone(&kept);
    let update = update(&old, image()).keep(move |ticket| {
        *file.lock().unwrap() = ticket.to_string();
        Ok(())
    });
    let (names, end) = told(update).await;
    let error = end.unwrap_err();
    let UpdateError::Certificate {
        expected,
        presented,
        ticket,
        ..
    } = &error
    else {
        panic!("{error}: {names:?}");
    };
    let now = device.certificate_sha256().unwrap();
    assert_eq!(
        (expected.as_slice(), *presented),
        ([before].as_slice(), now)
    );
    assert_eq!(error.outcome(), Outcome::Unknown);
    let text = error.to_string();
    assert!(
        text.contains(&before.to_string()) && text.contains(&now.to_string()),
        "{text}"
    );
    assert_eq!(*kept.lock().unwrap(), ticket.to_string());
    assert_eq!(ticket.note("certificate"), Some(now.to_string().as_str()));

    // With the old agent it is the same at once; with one that trusts the new certificate it goes on.
    let again = resume(&old, ticket).await.unwrap_err();
    assert_eq!(again.code(), "Firmware.Certificate");
    let new = agent(&device);
    let updated = resume(&new, ticket).await.unwrap();
    assert_eq!((updated.version.as_str(), starts(&device)), (NEW, 1));
}

#[tokio::test]
async fn with_an_authority_the_presented_certificate_is_told() {
    let device = device(quick().new_certificate(true)).await;
    let trusting = |pem: &str| {
        Agent::builder(device.url())
            .basic_auth("admin", "secret")
            .root_certificate_pem(pem)
            .build()
            .unwrap()
    };
    let old = trusting(device.certificate_pem().unwrap());
    let error = update(&old, image()).await.unwrap_err();
    let UpdateError::Certificate {
        expected,
        presented,
        ticket,
        ..
    } = &error
    else {
        panic!("{error}");
    };
    assert!(expected.is_empty(), "{expected:?}");
    assert_eq!(Some(*presented), device.certificate_sha256());
    let updated = resume(&agent(&device), ticket).await.unwrap();
    assert_eq!((updated.version.as_str(), starts(&device)), (NEW, 1));
}
