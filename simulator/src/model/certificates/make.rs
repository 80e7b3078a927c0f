//! Makes keys, requests and certificates.

use std::time::{Duration, UNIX_EPOCH};

use rcgen::{
    Attribute, CertificateParams, DistinguishedName, DnType, PKCS_ECDSA_P256_SHA256,
    PKCS_ECDSA_P384_SHA384,
};

use super::facts::{Curve, KeyFacts, Subject};
use super::{CertificateError, KeyPair, MAX_SIGN_DAYS};

const DAY: Duration = Duration::from_secs(24 * 60 * 60);
const EMAIL: [u64; 7] = [1, 2, 840, 113_549, 1, 9, 1];
const CHALLENGE: &[u64] = &[1, 2, 840, 113_549, 1, 9, 7];

/// What a certificate is asked to say.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct KeyRequest {
    /// Whom it is for.
    pub subject: Subject,
    /// Further names: DNS names and addresses.
    pub names: Vec<String>,
    /// The key.
    pub key: KeyFacts,
}

/// Kinds of key that the device can make. RSA keys can be brought from outside only.
#[must_use]
pub const fn supported_keys() -> [KeyFacts; 2] {
    [KeyFacts::Ecdsa(Curve::P256), KeyFacts::Ecdsa(Curve::P384)]
}

fn key(wanted: KeyFacts) -> Result<rcgen::KeyPair, CertificateError> {
    let algorithm = match wanted {
        KeyFacts::Ecdsa(Curve::P256) => &PKCS_ECDSA_P256_SHA256,
        KeyFacts::Ecdsa(Curve::P384) => &PKCS_ECDSA_P384_SHA384,
        KeyFacts::Ecdsa(_) => return Err(CertificateError::Curve),
        _ => return Err(CertificateError::KeyKind),
    };
    rcgen::KeyPair::generate_for(algorithm).map_err(|_| CertificateError::NotMade)
}

fn params(request: &KeyRequest) -> Result<CertificateParams, CertificateError> {
    let mut params =
        CertificateParams::new(request.names.clone()).map_err(|_| CertificateError::NotMade)?;
    let subject = &request.subject;
    let mut name = DistinguishedName::new();
    for (kind, value) in [
        (DnType::CountryName, &subject.country),
        (DnType::StateOrProvinceName, &subject.state),
        (DnType::LocalityName, &subject.locality),
        (DnType::OrganizationName, &subject.organization),
        (DnType::OrganizationalUnitName, &subject.unit),
        (DnType::CommonName, &subject.common_name),
        (DnType::CustomDnType(EMAIL.to_vec()), &subject.email),
    ] {
        if !value.is_empty() {
            name.push(kind, value.as_str());
        }
    }
    params.distinguished_name = name;
    Ok(params)
}

/// A key and a request for a certificate, as PEM.
pub(super) fn request(
    request: &KeyRequest,
    challenge: &str,
) -> Result<(String, String), CertificateError> {
    let key = key(request.key)?;
    let mut attributes = Vec::new();
    if !challenge.is_empty() {
        attributes.push(Attribute {
            oid: CHALLENGE,
            values: set_of_text(challenge).ok_or(CertificateError::NotMade)?,
        });
    }
    let made = params(request)?
        .serialize_request_with_attributes(&key, attributes)
        .and_then(|request| request.pem())
        .map_err(|_| CertificateError::NotMade)?;
    Ok((key.serialize_pem(), made))
}

/// A set with one text, in DER; `None` for texts that are too long for a length of one byte.
fn set_of_text(text: &str) -> Option<Vec<u8>> {
    const SET: u8 = 0x31;
    const UTF8_STRING: u8 = 0x0c;
    let length = u8::try_from(text.len())
        .ok()
        .filter(|length| *length < 126)?;
    let mut der = vec![SET, length + 2, UTF8_STRING, length];
    der.extend(text.as_bytes());
    Some(der)
}

/// A key and a certificate that it signs itself, valid from `now` on.
pub(super) fn self_signed(
    now: Duration,
    request: &KeyRequest,
    days: u32,
) -> Result<KeyPair, CertificateError> {
    if !(1..=MAX_SIGN_DAYS).contains(&days) {
        return Err(CertificateError::Validity);
    }
    let key = key(request.key)?;
    let mut params = params(request)?;
    let not_before = UNIX_EPOCH + now;
    params.not_before = not_before.into();
    params.not_after = (not_before + DAY * days).into();
    let certificate = params
        .self_signed(&key)
        .map_err(|_| CertificateError::NotMade)?;
    KeyPair::new(&certificate.pem(), &key.serialize_pem())
}
