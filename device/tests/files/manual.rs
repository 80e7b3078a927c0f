//! What the vendor's manual for Python promises of files, sentence by sentence; where a sentence is held elsewhere, that test.
//!
//! | sentence, in words of our own | test |
//! |---|---|
//! | a page is got from a path | `read`, all of it |
//! | forms carry files, each with data, file name, name and media type | `peer-tests`, `uploads::uploads_send_the_same_forms_and_read_the_same_codes` |
//! | the device takes only parts with names that it knows | [`parts_with_other_names_are_not_taken`] |
//! | an upload over HTTP to a device that forces HTTPS may break | `plain_http` |
//! | a certificate needs one file at least, its key may be left out | [`a_certificate_for_a_request_of_the_device_comes_without_a_key`] |
//! | the answer to a certificate is a code, see the table | `codes::the_response_codes_of_a_certificate` |
//! | the pending certificate should be looked at before it is installed | `certificates::a_certificate_waits_is_compared_and_installed_on_every_firmware` |
//! | certificates and keys are downloaded by their tags | `certificates::certificates_keys_and_requests_are_downloaded_by_their_tags` |
//! | a raw configuration needs one file, its answer is a code, see the table | `codes::the_response_codes_of_a_raw_configuration` |
//! | the device list must be the first file | `raw_config::a_configuration_for_many_devices_goes_behind_its_device_list` |
//! | the raw configuration is downloaded | `raw_config::a_raw_configuration_is_downloaded_changed_and_in_force_when_the_upload_is_over` |
//! | a bulk configuration needs one file, its answer is a code, see the table | `codes::the_response_codes_of_a_bulk_configuration` |
//! | uploads and downloads have two modes: for other devices, and backup | `bulk_config::a_bulk_configuration_and_a_backup_are_saved_and_restored_on_every_firmware` |
//! | a password opens, and seals | `bulk_config::a_file_with_a_password_is_of_use_with_that_password_only` |
//! | checks of model and firmware version are skipped, one or both | `bulk_config::a_file_of_another_model_or_firmware_is_refused_unless_the_check_is_skipped`, [`both_checks_are_skipped_in_one_upload`] |
//! | link units are named, and without names it is the primary unit | [`without_link_units_it_is_the_primary_unit`], `units` |
//! | clear text on demand | `bulk_config::a_file_with_a_password_is_of_use_with_that_password_only` |
//! | a filter profile says what is downloaded | `bulk_config::a_filter_profile_says_what_is_saved_and_one_that_is_not_there_saves_nothing` |
//! | diagnostic data are downloaded | `read::diagnostic_data_come_whole_and_as_a_stream_with_their_progress` |
//! | the ETO descriptor is downloaded | `read::the_description_of_an_engineered_to_order_device_comes_as_the_device_has_it` |
//! | tables of BCM2 and PMC: all meters, or one panel | `read::tables_of_power_meters_are_for_all_or_for_one_panel` |
//! | a configuration of power meters is uploaded, as JSON | `read::a_configuration_of_power_meters_is_answered_with_a_text_that_is_given` |

use std::time::Duration;

use rcgen::{BasicConstraints, CertificateParams, IsCa, Issuer, KeyPair};
use xerus_api::cert::ServerSslCert;
use xerus_api::cert::server_ssl_cert::{EllipticCurve, KeyInfo, KeyType, ReqInfo};
use xerus_device::files::{BulkConfig, Certificates, RawConfig};
use xerus_rpc::files::{
    BULK_CONFIG_RESTORE, BulkConfigCode, BulkConfigRestore, BulkConfigSave, CERTIFICATE_UPLOAD,
    CertificateCode, CertificateFile, FIRMWARE_UPLOAD, SkipCheck,
};
use xerus_rpc::wire::Part;
use xerus_sim::Firmware;

use crate::bulk_config::altered;
use crate::scripted::{Script, scripted};
use crate::world::world;

const FAST: Duration = Duration::from_millis(100);

#[tokio::test]
async fn parts_with_other_names_are_not_taken() {
    for firmware in Firmware::ALL {
        let world = world(firmware).await;
        let part = || Part::file("file", "file.bin", "application/octet-stream", "x");
        let raw = RawConfig::of(&world.agent).upload_parts([part()]);
        assert_eq!(raw.await.unwrap_err().response_code(), Some(2));
        let upload = world.agent.upload(BULK_CONFIG_RESTORE).part(part());
        let code = BULK_CONFIG_RESTORE.code(&upload.await.unwrap()).unwrap();
        assert_eq!(
            code.map(BulkConfigCode::from),
            Some(BulkConfigCode::BadParameter)
        );
        let upload = world.agent.upload(CERTIFICATE_UPLOAD).part(part());
        let code = CERTIFICATE_UPLOAD.code(&upload.await.unwrap()).unwrap();
        assert_eq!(
            code.map(CertificateCode::from),
            Some(CertificateCode::InvalidCertificate)
        );
        let upload = world.agent.upload(FIRMWARE_UPLOAD).part(part());
        let error = upload.await.unwrap_err();
        assert_eq!(error.http_status(), Some(400), "{firmware}: {error}");
    }
}

/// The request of the device, and its key, which the test signs in the place of an authority that would only see the request.
async fn signed(certificates: &Certificates) -> String {
    let request = certificates.get(CertificateFile::PendingRequest);
    let request = String::from_utf8(request.bytes().await.unwrap()).unwrap();
    assert!(request.starts_with("-----BEGIN CERTIFICATE REQUEST-----"));
    let key = certificates.get(CertificateFile::PendingKey);
    let key = String::from_utf8(key.bytes().await.unwrap()).unwrap();
    let key = KeyPair::from_pem(&key).unwrap();
    let mut authority = CertificateParams::new([]).unwrap();
    authority.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
    let authority_key = KeyPair::generate().unwrap();
    let authority_certificate = authority.self_signed(&authority_key).unwrap();
    let issuer = Issuer::new(authority, authority_key);
    let device = CertificateParams::new(["pdu.example.com".to_owned()]).unwrap();
    let device = device.signed_by(&key, &issuer).unwrap();
    device.pem() + &authority_certificate.pem()
}

#[tokio::test]
async fn a_certificate_for_a_request_of_the_device_comes_without_a_key() {
    let world = world(Firmware::V4_4_1).await;
    let certificates = Certificates::of(&world.agent);
    let server = ServerSslCert::well_known(&world.agent);
    let wanted = ReqInfo {
        names: vec!["pdu.example.com".to_owned()],
        key_info: KeyInfo {
            r#type: KeyType::KeyTypeEcdsa,
            ec_curve: EllipticCurve::EcCurveNistP256,
            ..KeyInfo::default()
        },
        ..ReqInfo::default()
    };
    server
        .generate_unsigned_key_pair(&wanted, "")
        .await
        .unwrap();
    // A request is nothing that could be installed.
    assert!(certificates.pending().await.unwrap().is_none());
    let chain = signed(&certificates).await;
    let pending = certificates.upload(chain).await.unwrap();
    assert_eq!(pending.left_out(), 0);
    assert_eq!(pending.info().pending_cert_chain_infos.len(), 1);
    let pin = pending.fingerprint();
    let installed = pending.install().await.unwrap();
    assert_eq!(installed.fingerprint, pin);
    assert_eq!(world.device.certificate_sha256(), Some(pin));
}

#[tokio::test]
async fn both_checks_are_skipped_in_one_upload() {
    let world = world(Firmware::V4_0_20).await;
    let config = BulkConfig::of(&world.agent);
    let identity = world.device.device().identity();
    let file = config.save(BulkConfigSave::new()).bytes().await.unwrap();
    let file = altered(&file, &format!("model={}", identity.model), "model=PX9");
    let firmware = format!("firmware={}", identity.firmware);
    let file = altered(&file, &firmware, "firmware=4.0.0.1-1");
    for check in [SkipCheck::Model, SkipCheck::FirmwareVersion] {
        let how = BulkConfigRestore::new().skip_check(check);
        assert!(config.restore(file.clone(), how).await.is_err());
    }
    let how = BulkConfigRestore::new()
        .skip_check(SkipCheck::FirmwareVersion)
        .skip_check(SkipCheck::Model);
    config.restore(file, how).interval(FAST).await.unwrap();
}

#[tokio::test]
async fn without_link_units_it_is_the_primary_unit() {
    let (script, _serving, agent) = scripted(Script::default()).await;
    let config = BulkConfig::of(&agent);
    config.save(BulkConfigSave::new()).bytes().await.unwrap();
    let (_, unit, parameters) = script.downloads.lock().unwrap()[0].clone();
    assert_eq!((unit, &*parameters), (1, "link_ids=1"));
}
