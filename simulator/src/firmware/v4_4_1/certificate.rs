//! The certificate and key of the HTTPS service.

use std::sync::Arc;

use xerus_api::cert::ServerSslCert;
use xerus_api::cert::server_ssl_cert::{
    CertInfo, CommonAttributes, EllipticCurve, Info, KeyInfo, KeyType, ReqInfo,
};
use xerus_api::server::cert as traits;
use xerus_rpc::files::CertificateFile;
use xerus_rpc::server::{Context, Fault, Reply};

use super::answer::{self, ReturnCode};
use crate::model::Device;
use crate::model::certificates::{
    CertificateError, CertificateFacts, Certificates, Curve, KeyFacts, KeyRequest, MAX_SIGN_DAYS,
    Subject, supported_keys,
};

/// Serves `/server_ssl_cert`.
pub(super) struct CertificateServant(pub(super) Arc<Device>);

impl ReturnCode for CertificateError {
    fn code(self) -> i32 {
        match self {
            Self::Pending => ServerSslCert::ERR_CSR_OR_CERT_PENDING,
            Self::KeyMissing => ServerSslCert::ERR_KEY_MISSING,
            Self::CertificateMissing => ServerSslCert::ERR_CERT_MISSING,
            Self::CertificateInvalid => ServerSslCert::ERR_CERT_FORMAT_INVALID,
            Self::KeyInvalid => ServerSslCert::ERR_KEY_FORMAT_INVALID,
            Self::Mismatch => ServerSslCert::ERR_CERT_KEY_MISMATCH,
            Self::KeyKind => ServerSslCert::ERR_GEN_KEY_TYPE_INVALID,
            Self::Curve => ServerSslCert::ERR_GEN_ELLIPTIC_CURVE_INVALID,
            Self::Validity => ServerSslCert::ERR_GEN_VALIDITY_OUT_OF_RANGE,
            Self::NotMade => ServerSslCert::ERR_GEN_KEY_GEN_FAILED,
        }
    }
}

impl CertificateServant {
    fn change<'a>(
        &self,
        context: &Context,
        change: impl FnOnce(&mut Certificates) -> Result<(), CertificateError>,
    ) -> Reply<'a, ()> {
        answer::change(&self.0, context, |_| {
            self.0.with_certificates(change).and_then(|done| done)
        })
    }

    /// A PEM text, empty where there is none.
    fn file(&self, which: CertificateFile) -> String {
        self.0.certificate_file(which).unwrap_or_default()
    }

    /// Keys go to administrators only, and without a password: what a device encrypts them with is not simulated.
    fn key<'a>(
        &self,
        context: &Context,
        which: CertificateFile,
        password: &str,
    ) -> Reply<'a, String> {
        let key = answer::may_change(&self.0, context).and_then(|()| match password {
            "" => Ok(self.file(which)),
            _ => Err(Fault::invalid_params(
                "keys are not encrypted: ask with an empty password",
            )),
        });
        key.into()
    }
}

impl traits::ServerSslCert for CertificateServant {
    fn get_supported_key_infos<'a>(&'a self, _: &'a Context) -> Reply<'a, Vec<KeyInfo>> {
        Reply::ok(supported_keys().map(key_info).to_vec())
    }

    fn generate_unsigned_key_pair<'a>(
        &'a self,
        context: &'a Context,
        req_info: ReqInfo,
        challenge: String,
    ) -> Reply<'a, ()> {
        let request = request(req_info);
        self.change(context, |certificates| {
            certificates.generate_request(request, &challenge)
        })
    }

    fn generate_self_signed_key_pair<'a>(
        &'a self,
        context: &'a Context,
        req_info: ReqInfo,
        days: i32,
    ) -> Reply<'a, ()> {
        let (now, request) = (self.0.clock().now(), request(req_info));
        let days = u32::try_from(days).unwrap_or(0);
        self.change(context, |certificates| {
            certificates.generate_self_signed(now, &request, days)
        })
    }

    fn delete_pending<'a>(&'a self, context: &'a Context) -> Reply<'a, ()> {
        self.change(context, |certificates| {
            certificates.delete_pending();
            Ok(())
        })
    }

    fn get_info<'a>(&'a self, _: &'a Context) -> Reply<'a, Info> {
        match self.0.with_certificates(|certificates| info(certificates)) {
            Ok(info) => Reply::ok(info),
            Err(_) => Reply::fault(Fault::internal("no certificate can be made")),
        }
    }

    fn get_active_cert_chain_pem<'a>(&'a self, _: &'a Context) -> Reply<'a, String> {
        Reply::ok(self.file(CertificateFile::ActiveCertificate))
    }

    fn get_active_key_pem<'a>(
        &'a self,
        context: &'a Context,
        password: String,
    ) -> Reply<'a, String> {
        self.key(context, CertificateFile::ActiveKey, &password)
    }

    fn get_pending_request_pem<'a>(&'a self, _: &'a Context) -> Reply<'a, String> {
        Reply::ok(self.file(CertificateFile::PendingRequest))
    }

    fn get_pending_cert_chain_pem<'a>(&'a self, _: &'a Context) -> Reply<'a, String> {
        Reply::ok(self.file(CertificateFile::PendingCertificate))
    }

    fn get_pending_key_pem<'a>(
        &'a self,
        context: &'a Context,
        password: String,
    ) -> Reply<'a, String> {
        self.key(context, CertificateFile::PendingKey, &password)
    }

    fn set_pending_cert_chain_pem<'a>(
        &'a self,
        context: &'a Context,
        chain: String,
    ) -> Reply<'a, ()> {
        self.change(context, |certificates| {
            certificates.bring_certificate(&chain)
        })
    }

    fn set_pending_key_and_cert_chain_pem<'a>(
        &'a self,
        context: &'a Context,
        key: String,
        chain: String,
        _: String,
    ) -> Reply<'a, ()> {
        // A key with a password is no key here, whatever the password.
        self.change(context, |certificates| {
            certificates.bring_pair(&key, &chain)
        })
    }

    fn install_pending_key_pair<'a>(&'a self, context: &'a Context) -> Reply<'a, ()> {
        self.change(context, Certificates::install_pending)
    }

    fn generate_scep_key<'a>(&'a self, context: &'a Context, _: KeyInfo) -> Reply<'a, ()> {
        self.change(context, |_| Err(CertificateError::NotMade))
    }

    fn install_scep_cert_chain<'a>(&'a self, context: &'a Context, _: String) -> Reply<'a, ()> {
        // Nothing here fetches certificates, so no key waits for one.
        self.change(context, |_| Err(CertificateError::KeyMissing))
    }
}

fn info(certificates: &Certificates) -> Info {
    let request = certificates.pending_request();
    let mut pending = certificates.pending_facts().into_iter().map(cert_info);
    let pending_cert = pending.next();
    let active = certificates.active();
    Info {
        have_pending_req: request.is_some(),
        have_pending_cert: pending_cert.is_some(),
        // Where there is none, every member is still there.
        pending_req_info: request.map_or_else(
            || ReqInfo {
                key_info: key_info(KeyFacts::Unknown),
                ..ReqInfo::default()
            },
            req_info,
        ),
        pending_cert_info: pending_cert.unwrap_or_else(|| CertInfo {
            key_info: key_info(KeyFacts::Unknown),
            ..CertInfo::default()
        }),
        pending_cert_chain_infos: pending.collect(),
        active_cert_info: cert_info(active.facts()),
        active_cert_chain_infos: active
            .chain_facts()
            .iter()
            .cloned()
            .map(cert_info)
            .collect(),
        max_sign_days: i32::try_from(MAX_SIGN_DAYS).unwrap_or(i32::MAX),
        extra_: Default::default(),
    }
}

fn request(info: ReqInfo) -> KeyRequest {
    let subject = info.subject;
    KeyRequest {
        subject: Subject {
            country: subject.country,
            state: subject.state_or_province,
            locality: subject.locality,
            organization: subject.organization,
            unit: subject.organizational_unit,
            common_name: subject.common_name,
            email: subject.email_address,
        },
        names: info.names,
        key: match info.key_info.r#type {
            KeyType::KeyTypeRsa => KeyFacts::Rsa {
                bits: u32::try_from(info.key_info.rsa_key_length).unwrap_or(0),
            },
            KeyType::KeyTypeEcdsa => KeyFacts::Ecdsa(match info.key_info.ec_curve {
                EllipticCurve::EcCurveNistP256 => Curve::P256,
                EllipticCurve::EcCurveNistP384 => Curve::P384,
                EllipticCurve::EcCurveNistP521 => Curve::P521,
                _ => Curve::Unknown,
            }),
            _ => KeyFacts::Unknown,
        },
    }
}

fn req_info(request: &KeyRequest) -> ReqInfo {
    ReqInfo {
        subject: attributes(request.subject.clone()),
        names: request.names.clone(),
        key_info: key_info(request.key),
        extra_: Default::default(),
    }
}

fn cert_info(facts: CertificateFacts) -> CertInfo {
    CertInfo {
        subject: attributes(facts.subject),
        issuer: attributes(facts.issuer),
        names: facts.names,
        invalid_before: facts.invalid_before,
        invalid_after: facts.invalid_after,
        serial_number: facts.serial,
        key_info: key_info(facts.key),
        extra_: Default::default(),
    }
}

fn attributes(subject: Subject) -> CommonAttributes {
    CommonAttributes {
        country: subject.country,
        state_or_province: subject.state,
        locality: subject.locality,
        organization: subject.organization,
        organizational_unit: subject.unit,
        common_name: subject.common_name,
        email_address: subject.email,
        extra_: Default::default(),
    }
}

fn key_info(key: KeyFacts) -> KeyInfo {
    let (kind, curve, bits) = match key {
        KeyFacts::Rsa { bits } => (KeyType::KeyTypeRsa, Curve::Unknown, bits),
        KeyFacts::Ecdsa(curve) => (KeyType::KeyTypeEcdsa, curve, 0),
        KeyFacts::Unknown => (KeyType::KeyTypeUnknown, Curve::Unknown, 0),
    };
    KeyInfo {
        r#type: kind,
        ec_curve: match curve {
            Curve::P256 => EllipticCurve::EcCurveNistP256,
            Curve::P384 => EllipticCurve::EcCurveNistP384,
            Curve::P521 => EllipticCurve::EcCurveNistP521,
            Curve::Unknown => EllipticCurve::EcCurveUnknown,
        },
        rsa_key_length: i32::try_from(bits).unwrap_or(i32::MAX),
        in_secure_element: false,
        extra_: Default::default(),
    }
}
