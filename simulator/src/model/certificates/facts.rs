//! What a certificate says.

use rustls::pki_types::CertificateDer;
use x509_parser::certificate::X509Certificate;
use x509_parser::extensions::GeneralName;
use x509_parser::prelude::FromDer as _;
use x509_parser::public_key::PublicKey;
use x509_parser::time::ASN1Time;
use x509_parser::x509::{SubjectPublicKeyInfo, X509Name};

/// Parts of a distinguished name; empty where there is none.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Subject {
    /// Country (C), two letters.
    pub country: String,
    /// State or province (ST).
    pub state: String,
    /// City or place (L).
    pub locality: String,
    /// Organization (O).
    pub organization: String,
    /// Part of the organization (OU).
    pub unit: String,
    /// Common name (CN).
    pub common_name: String,
    /// E-mail address.
    pub email: String,
}

/// Curve of an ECDSA key.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Curve {
    /// P-256 by NIST.
    P256,
    /// P-384 by NIST.
    P384,
    /// P-521 by NIST.
    P521,
    /// None of the others.
    Unknown,
}

/// What a key is like.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum KeyFacts {
    /// RSA.
    Rsa {
        /// Length in bits.
        bits: u32,
    },
    /// ECDSA.
    Ecdsa(Curve),
    /// Something else.
    Unknown,
}

/// What a certificate says.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct CertificateFacts {
    /// Whom it is for.
    pub subject: Subject,
    /// Who signed it.
    pub issuer: Subject,
    /// Further names of the subject: DNS names and addresses.
    pub names: Vec<String>,
    /// When it begins to be valid, such as `Nov 29 10:00:00 2026 GMT`.
    pub invalid_before: String,
    /// When it expires.
    pub invalid_after: String,
    /// Its serial number in hexadecimal digits.
    pub serial: String,
    /// The key that it vouches for.
    pub key: KeyFacts,
}

/// `None`: it is no certificate.
pub(super) fn read(der: &CertificateDer<'_>) -> Option<CertificateFacts> {
    let (rest, certificate) = X509Certificate::from_der(der).ok()?;
    if !rest.is_empty() {
        return None;
    }
    let names = certificate.subject_alternative_name().ok()?;
    let names = names.map_or(&[][..], |names| &names.value.general_names);
    let serial = certificate.raw_serial().iter();
    Some(CertificateFacts {
        subject: subject(certificate.subject()),
        issuer: subject(certificate.issuer()),
        names: names.iter().filter_map(name).collect(),
        invalid_before: time(certificate.validity().not_before),
        invalid_after: time(certificate.validity().not_after),
        serial: serial.map(|byte| format!("{byte:02X}")).collect(),
        key: key(certificate.public_key()),
    })
}

fn subject(name: &X509Name<'_>) -> Subject {
    let mut subject = Subject::default();
    for attribute in name.iter_attributes() {
        let place = match attribute.attr_type().to_id_string().as_str() {
            "2.5.4.6" => &mut subject.country,
            "2.5.4.8" => &mut subject.state,
            "2.5.4.7" => &mut subject.locality,
            "2.5.4.10" => &mut subject.organization,
            "2.5.4.11" => &mut subject.unit,
            "2.5.4.3" => &mut subject.common_name,
            "1.2.840.113549.1.9.1" => &mut subject.email,
            _ => continue,
        };
        attribute.as_str().unwrap_or("").clone_into(place);
    }
    subject
}

fn name(name: &GeneralName<'_>) -> Option<String> {
    match name {
        GeneralName::DNSName(name) | GeneralName::RFC822Name(name) => Some((*name).to_owned()),
        GeneralName::IPAddress(bytes) => {
            if let Ok(bytes) = <[u8; 4]>::try_from(*bytes) {
                Some(std::net::Ipv4Addr::from(bytes).to_string())
            } else {
                let bytes = <[u8; 16]>::try_from(*bytes).ok()?;
                Some(std::net::Ipv6Addr::from(bytes).to_string())
            }
        }
        _ => None,
    }
}

fn time(time: ASN1Time) -> String {
    const MONTHS: [&str; 12] = [
        "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec",
    ];
    let time = time.to_datetime();
    let month = MONTHS[usize::from(u8::from(time.month()) - 1)];
    let (hour, minute, second) = time.to_hms();
    let (day, year) = (time.day(), time.year());
    format!("{month} {day:2} {hour:02}:{minute:02}:{second:02} {year} GMT")
}

fn key(key: &SubjectPublicKeyInfo<'_>) -> KeyFacts {
    match key.parsed() {
        Ok(PublicKey::RSA(rsa)) => KeyFacts::Rsa {
            bits: u32::try_from(rsa.key_size()).unwrap_or(0),
        },
        Ok(PublicKey::EC(_)) => {
            let curve = key.algorithm.parameters.as_ref();
            let curve = curve.and_then(|curve| curve.as_oid().ok());
            KeyFacts::Ecdsa(match curve.map(|oid| oid.to_id_string()).as_deref() {
                Some("1.2.840.10045.3.1.7") => Curve::P256,
                Some("1.3.132.0.34") => Curve::P384,
                Some("1.3.132.0.35") => Curve::P521,
                _ => Curve::Unknown,
            })
        }
        _ => KeyFacts::Unknown,
    }
}
