//! Every response code of the manual, a row each, through the whole of an upload.

use std::time::Duration;

use xerus_device::files::{BulkConfig, Certificates, FilesError, RawConfig};
use xerus_rpc::Outcome::{self, NotExecuted, Unknown};
use xerus_rpc::files::{BulkConfigCode as Bulk, CertificateCode as Cert, RawConfigCode as Raw};
use xerus_rpc::files::{BulkConfigRestore, ResponseCode as _};

use crate::scripted::{Script, scripted};

fn checked(error: &FilesError, code: i32, outcome: Outcome, way_out: &str) {
    assert!(matches!(error, FilesError::Refused(_)), "{error:?}");
    assert_eq!(error.response_code(), Some(code), "{error}");
    assert_eq!(error.outcome(), outcome, "{code}: {error}");
    assert!(error.to_string().contains(way_out), "{code}: {error}");
    assert!(error.ticket().is_none());
}

#[tokio::test]
async fn the_response_codes_of_a_raw_configuration() {
    let (script, _serving, agent) = scripted(Script::default()).await;
    for (number, code, outcome) in [
        (1, Raw::InternalError, Unknown),
        (2, Raw::BadParameter, NotExecuted),
        (3, Raw::UpdateRunning, NotExecuted),
        (4, Raw::FileTooLarge, NotExecuted),
        (5, Raw::InvalidFile, NotExecuted),
        (6, Raw::InvalidDeviceList, NotExecuted),
        (7, Raw::DeviceListMissing, NotExecuted),
        (8, Raw::NotInDeviceList, NotExecuted),
        (9, Raw::MacroFailed, Unknown),
        (10, Raw::DecryptionFailed, Unknown),
        (11, Raw::UnknownSpecialLine, Unknown),
        (12, Raw::SpecialLineFailed, Unknown),
        (13, Raw::Unknown(13), Unknown),
        (-1, Raw::Unknown(-1), Unknown),
    ] {
        *script.code.lock().unwrap() = number;
        let error = RawConfig::of(&agent).upload("x").await.unwrap_err();
        assert_eq!(Raw::from(error.response_code().unwrap()), code);
        checked(&error, number, outcome, code.advice());
    }
    assert_eq!(script.uploads.lock().unwrap().len(), 14);
}

#[tokio::test]
async fn the_response_codes_of_a_bulk_configuration() {
    let (script, _serving, agent) = scripted(Script::default()).await;
    for (number, code, outcome) in [
        (1, Bulk::InternalError, Unknown),
        (2, Bulk::BadParameter, NotExecuted),
        (3, Bulk::InvalidXml, NotExecuted),
        (4, Bulk::WrongDeviceType, NotExecuted),
        (5, Bulk::WrongModel, NotExecuted),
        (6, Bulk::WrongFirmwareVersion, NotExecuted),
        (7, Bulk::UnknownDataType, NotExecuted),
        (8, Bulk::InvalidData, Unknown),
        (9, Bulk::WrongChecksum, NotExecuted),
        (10, Bulk::WrongMode, NotExecuted),
        (11, Bulk::RestoreRunning, NotExecuted),
        (12, Bulk::FileTooLarge, NotExecuted),
        (13, Bulk::UnusableFile, NotExecuted),
        (14, Bulk::ChecksumMissingOrWrong, NotExecuted),
        (15, Bulk::UnknownFilter, NotExecuted),
        (16, Bulk::Unknown(16), Unknown),
    ] {
        *script.code.lock().unwrap() = number;
        let how = BulkConfigRestore::new();
        let error = BulkConfig::of(&agent).restore("x", how).await.unwrap_err();
        assert_eq!(Bulk::from(error.response_code().unwrap()), code);
        checked(&error, number, outcome, code.advice());
    }
    assert_eq!(script.uploads.lock().unwrap().len(), 16);
}

#[tokio::test]
async fn the_response_codes_of_a_certificate() {
    let (script, _serving, agent) = scripted(Script::default()).await;
    let made = rcgen::generate_simple_self_signed(["a.example.com".to_owned()]).unwrap();
    for (number, code, outcome) in [
        (1, Cert::InternalError, Unknown),
        (2, Cert::AlreadyPending, NotExecuted),
        (3, Cert::InvalidKey, NotExecuted),
        (4, Cert::InvalidCertificate, NotExecuted),
        (5, Cert::KeyMismatch, NotExecuted),
        (6, Cert::Unknown(6), Unknown),
    ] {
        *script.code.lock().unwrap() = number;
        let upload = Certificates::of(&agent).upload(made.cert.pem());
        let error = upload.await.unwrap_err();
        assert_eq!(Cert::from(error.response_code().unwrap()), code);
        checked(&error, number, outcome, code.advice());
    }
    // "Any other": an internal error as well.
    assert_eq!(Cert::from(6).meaning(), Cert::InternalError.meaning());
}

#[tokio::test]
async fn code_0_is_followed_by_the_status_that_says_how_it_ended() {
    let (script, _serving, agent) = scripted(Script::default()).await;
    let config = RawConfig::of(&agent);
    // Before; waiting; at work; in force.
    script.say(&[(0, 0), (0, 0), (2, 5), (3, 9)]);
    let apply = config.upload("x").interval(Duration::from_millis(100));
    let applied = apply.await.unwrap();
    assert_eq!(applied.at.unix_seconds(), 9);
    script.say(&[(3, 9), (2, 20), (4, 21)]);
    let apply = config.upload("x").interval(Duration::from_millis(100));
    let error = apply.await.unwrap_err();
    assert_eq!(error.code(), "Files.NotInForce");
    assert_eq!(error.response_code(), None);
}
