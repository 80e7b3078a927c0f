//! What is read out of a certificate because the TLS library does not read it: old versions, unknown extensions, weak keys.
//!
//! Nothing here decides about trust. It finds the key whose possession the peer has to prove, and tells what to say about
//! a certificate that is refused.

use std::net::{Ipv4Addr, Ipv6Addr};

use super::der::{
    BIT_STRING, BOOLEAN, Der, Element, GENERALIZED_TIME, INTEGER, OCTET_STRING, OID, SEQUENCE,
    UTC_TIME, context,
};
use super::digest;
use crate::error::Fingerprint;
use crate::time::Time;

/// Names that are kept for a message; a certificate may hold thousands.
const NAMES: usize = 32;

const SUBJECT_ALTERNATIVE_NAME: &[u8] = &[0x55, 0x1d, 0x11];

/// A certificate, taken apart as far as it is needed.
#[derive(Clone, Copy)]
pub(super) struct Certificate<'a> {
    bytes: &'a [u8],
    /// 1 to 3.
    pub(super) version: u8,
    /// The name of who signed it, as it stands there.
    pub(super) issuer: &'a [u8],
    pub(super) subject: &'a [u8],
    pub(super) not_before: Option<Time>,
    pub(super) not_after: Option<Time>,
    /// The whole `SubjectPublicKeyInfo`.
    pub(super) key: &'a [u8],
    /// By which algorithm it is signed: the value of an object identifier.
    pub(super) signed_with: &'a [u8],
    extensions: Option<Element<'a>>,
}

impl<'a> Certificate<'a> {
    pub(super) fn parse(bytes: &'a [u8]) -> Option<Self> {
        let mut outer = Der::new(bytes);
        let mut certificate = outer.expect(SEQUENCE)?.inside();
        let mut signed = certificate.expect(SEQUENCE)?.inside();
        let signed_with = certificate.expect(SEQUENCE)?.inside().expect(OID)?.value;
        certificate.expect(BIT_STRING)?;
        if !outer.is_empty() || !certificate.is_empty() {
            return None;
        }
        let version = match signed.optional(context(0)) {
            None => 1,
            Some(version) => match version.inside().expect(INTEGER)?.value {
                [version @ 0..=2] => version + 1,
                _ => return None,
            },
        };
        signed.expect(INTEGER)?; // serial number
        signed.expect(SEQUENCE)?; // the algorithm of the signature once more
        let issuer = signed.expect(SEQUENCE)?.whole;
        let mut dates = signed.expect(SEQUENCE)?.inside();
        let (not_before, not_after) = (time(dates.next()?), time(dates.next()?));
        let subject = signed.expect(SEQUENCE)?.whole;
        let key = signed.expect(SEQUENCE)?.whole;
        // Two identifiers of version 2 may stand before the extensions.
        let extensions = std::iter::from_fn(|| signed.next())
            .take(3)
            .find(|element| element.tag == context(3));
        Some(Self {
            bytes,
            version,
            issuer,
            subject,
            not_before,
            not_after,
            key,
            signed_with,
            extensions,
        })
    }

    /// Whether it names itself as its issuer; whether it has signed itself is not looked at.
    pub(super) fn is_self_issued(&self) -> bool {
        self.issuer == self.subject
    }

    pub(super) fn sha256(&self) -> Fingerprint {
        digest::sha256(self.bytes)
    }

    pub(super) fn key_sha256(&self) -> Fingerprint {
        digest::sha256(self.key)
    }

    /// The host names and addresses that it is for.
    pub(super) fn names(&self) -> Vec<String> {
        let mut found = Vec::new();
        let Some(mut names) = self.extension(SUBJECT_ALTERNATIVE_NAME) else {
            return found;
        };
        while let Some(name) = names.next() {
            if found.len() == NAMES {
                break;
            }
            match (name.tag, name.value) {
                (0x82, text) => found.push(String::from_utf8_lossy(text).into_owned()),
                (0x87, &[a, b, c, d]) => found.push(Ipv4Addr::new(a, b, c, d).to_string()),
                (0x87, bytes) => {
                    if let Ok(bytes) = <[u8; 16]>::try_from(bytes) {
                        found.push(Ipv6Addr::from(bytes).to_string());
                    }
                }
                _ => {}
            }
        }
        found
    }

    /// What an extension holds, which has to be a row of elements.
    fn extension(&self, id: &[u8]) -> Option<Der<'a>> {
        let mut extensions = self.extensions?.inside().expect(SEQUENCE)?.inside();
        while let Some(extension) = extensions.next() {
            let mut parts = extension.inside();
            if parts.expect(OID).is_none_or(|found| found.value != id) {
                continue;
            }
            let _ = parts.optional(BOOLEAN); // whether it is critical
            let value = parts.expect(OCTET_STRING)?;
            return Some(Der::new(value.value).expect(SEQUENCE)?.inside());
        }
        None
    }
}

/// A date, which has to be in UTC; `None` for one that is no date.
fn time(element: Element<'_>) -> Option<Time> {
    let text = std::str::from_utf8(element.value).ok()?;
    let digits = text.strip_suffix('Z')?;
    if !digits.bytes().all(|byte| byte.is_ascii_digit()) {
        return None;
    }
    let (year, rest) = match element.tag {
        UTC_TIME => {
            let year: i64 = digits.get(..2)?.parse().ok()?;
            let century = if year < 50 { 2000 } else { 1900 };
            (century + year, digits.get(2..)?)
        }
        GENERALIZED_TIME => (digits.get(..4)?.parse().ok()?, digits.get(4..)?),
        _ => return None,
    };
    let part = |n: usize| -> Option<i64> { rest.get(2 * n..2 * n + 2)?.parse().ok() };
    let (month, day) = (part(0)?, part(1)?);
    let (hour, minute) = (part(2)?, part(3)?);
    let second = if rest.len() == 8 { 0 } else { part(4)? };
    let sound = (1..=12).contains(&month)
        && (1..=31).contains(&day)
        && hour < 24
        && minute < 60
        && second <= 60
        && rest.len() <= 10;
    sound.then(|| {
        let seconds = days(year, month, day) * 86_400 + hour * 3600 + minute * 60 + second;
        Time::from_unix_seconds(seconds)
    })
}

/// The days from 1970-01-01 to a date of the Gregorian calendar.
fn days(year: i64, month: i64, day: i64) -> i64 {
    // Counted in years that begin in March, so that the leap day is the last of its year.
    let (year, month) = if month > 2 {
        (year, month - 3)
    } else {
        (year - 1, month + 9)
    };
    let leap_days = year.div_euclid(4) - year.div_euclid(100) + year.div_euclid(400);
    365 * year + leap_days + (153 * month + 2) / 5 + day - 1 - 719_468
}

#[cfg(test)]
mod tests {
    use rcgen::{CertificateParams, KeyPair, PublicKeyData, date_time_ymd};

    use super::*;

    fn made(names: &[&str]) -> (Vec<u8>, Vec<u8>) {
        let names: Vec<String> = names.iter().map(|&name| name.to_owned()).collect();
        let mut params = CertificateParams::new(names).expect("names");
        params.not_before = date_time_ymd(1999, 12, 31);
        params.not_after = date_time_ymd(2050, 2, 28);
        let key = KeyPair::generate().expect("a key");
        let certificate = params.self_signed(&key).expect("a certificate");
        (certificate.der().to_vec(), key.subject_public_key_info())
    }

    #[test]
    fn a_usual_certificate_is_taken_apart() {
        let (bytes, key) = made(&["pdu.example", "10.0.0.7", "fd00::1"]);
        let certificate = Certificate::parse(&bytes).expect("a certificate");
        assert_eq!((certificate.version, certificate.key), (3, &key[..]));
        assert_eq!(certificate.names(), ["pdu.example", "10.0.0.7", "fd00::1"]);
        assert!(certificate.is_self_issued());
        let shown = |time: Option<Time>| time.expect("a date").to_string();
        assert_eq!(shown(certificate.not_before), "1999-12-31T00:00:00Z");
        assert_eq!(shown(certificate.not_after), "2050-02-28T00:00:00Z");
        assert_eq!(certificate.sha256(), digest::sha256(&bytes));
        assert_eq!(certificate.key_sha256(), digest::sha256(&key));
    }

    #[test]
    fn many_names_are_not_all_kept() {
        let names: Vec<String> = (0..100).map(|n| format!("pdu{n}.example")).collect();
        let names: Vec<&str> = names.iter().map(String::as_str).collect();
        let (bytes, _) = made(&names);
        assert_eq!(
            Certificate::parse(&bytes).expect("read").names().len(),
            NAMES
        );
    }

    #[test]
    fn no_cut_and_no_flipped_byte_leads_outside() {
        let (bytes, _) = made(&["pdu.example"]);
        for end in 0..bytes.len() {
            assert!(Certificate::parse(&bytes[..end]).is_none(), "{end}");
        }
        for at in 0..bytes.len() {
            for flip in [0x01, 0x7f, 0x80, 0xff] {
                let mut bytes = bytes.clone();
                bytes[at] ^= flip;
                // Whether it is still a certificate depends on the place; to read it must not panic.
                let names = Certificate::parse(&bytes).map(|certificate| certificate.names());
                assert!(names.is_none_or(|names| names.len() <= NAMES));
            }
        }
    }

    #[test]
    fn dates_are_those_of_the_calendar() {
        let date = |tag, text: &'static str| {
            time(Element {
                tag,
                whole: &[],
                value: text.as_bytes(),
            })
        };
        for (tag, text, shown) in [
            (UTC_TIME, "000229235959Z", "2000-02-29T23:59:59Z"),
            (UTC_TIME, "491231235959Z", "2049-12-31T23:59:59Z"),
            (UTC_TIME, "500101000000Z", "1950-01-01T00:00:00Z"),
            (UTC_TIME, "9912312359Z", "1999-12-31T23:59:00Z"),
            (GENERALIZED_TIME, "99991231235959Z", "9999-12-31T23:59:59Z"),
        ] {
            let time = date(tag, text).expect(text);
            assert_eq!(time.to_string(), shown);
        }
        for text in [
            "",
            "Z",
            "0002292359Z+",
            "001329235959Z",
            "00022923595+Z",
            "äöü",
        ] {
            assert_eq!(date(UTC_TIME, text), None, "{text}");
        }
        assert_eq!(date(INTEGER, "000229235959Z"), None);
    }
}
