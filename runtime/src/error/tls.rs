//! Why a connection is not trusted, or why none came about that is safe.

use core::fmt;
use std::borrow::Cow;

use super::fingerprint::Fingerprint;
use super::text::DeviceText;
use crate::time::Time;

/// Names that a line shows at most; a certificate may hold thousands.
const SHOWN: usize = 4;

/// What is wrong with a TLS connection.
///
/// New kinds may be added in any release, so match with a `_` arm.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum TlsErrorKind {
    /// No trusted authority has signed the certificate.
    UnknownIssuer,
    /// The certificate is for other names than the host of the URL.
    NameMismatch,
    /// The certificate is for no name at all: it has no subject alternative name.
    NoNames,
    /// The certificate is past its end.
    Expired,
    /// The certificate is not valid yet; the clock of either side may be wrong.
    NotYetValid,
    /// Neither the certificate nor its key is a pinned one.
    PinMismatch,
    /// The certificate is signed with an algorithm that is known to be forgeable, such as SHA-1.
    WeakSignature,
    /// The certificate is one that no authority can vouch for here: of X.509 version 1, say, or with a critical extension
    /// that is not known. It can be pinned.
    UnsupportedCertificate,
    /// An authority between the certificate and a trusted one must not sign it, or the chain is not sound.
    UntrustedChain,
    /// Its authority took the certificate back.
    Revoked,
    /// The device presents no certificate, or none that can be read.
    MalformedCertificate,
    /// The device does not have the key of the certificate that it presents.
    BadKeyProof,
    /// A key of a kind or size that cannot be checked.
    UnsupportedKey,
    /// The device offers no TLS 1.2 or newer.
    NoCommonVersion,
    /// The device takes no cipher suite or kind of key that is offered to it; under TLS 1.2 a demand for a certificate of the
    /// client looks the same.
    NoCommonCipher,
    /// What answers on the port is not TLS.
    NotTls,
    /// The connection ended before the handshake did.
    Closed,
    /// The device wants a certificate of the client.
    ClientCertificateRequired,
    /// The device ended the connection with an alert of another kind.
    PeerAlert,
    /// Anything else by which the device does not keep to the protocol.
    Handshake,
}

impl TlsErrorKind {
    /// Stable name, for logs and tests: `Tls.UnknownIssuer`.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::UnknownIssuer => "Tls.UnknownIssuer",
            Self::NameMismatch => "Tls.NameMismatch",
            Self::NoNames => "Tls.NoNames",
            Self::Expired => "Tls.Expired",
            Self::NotYetValid => "Tls.NotYetValid",
            Self::PinMismatch => "Tls.PinMismatch",
            Self::WeakSignature => "Tls.WeakSignature",
            Self::UnsupportedCertificate => "Tls.UnsupportedCertificate",
            Self::UntrustedChain => "Tls.UntrustedChain",
            Self::Revoked => "Tls.Revoked",
            Self::MalformedCertificate => "Tls.MalformedCertificate",
            Self::BadKeyProof => "Tls.BadKeyProof",
            Self::UnsupportedKey => "Tls.UnsupportedKey",
            Self::NoCommonVersion => "Tls.NoCommonVersion",
            Self::NoCommonCipher => "Tls.NoCommonCipher",
            Self::NotTls => "Tls.NotTls",
            Self::Closed => "Tls.Closed",
            Self::ClientCertificateRequired => "Tls.ClientCertificateRequired",
            Self::PeerAlert => "Tls.PeerAlert",
            Self::Handshake => "Tls.Handshake",
        }
    }
}

/// Why there is no *trusted* connection (kind `Tls`): the kind, and what the device presented, as far as it is known.
///
/// ```
/// # use xerus_rpc::{Error, error::{ErrorKind, TlsErrorKind}};
/// # fn example(error: &Error) {
/// if let ErrorKind::Tls(tls) = error.kind() {
///     if let (TlsErrorKind::UnknownIssuer, Some(fingerprint)) = (tls.kind(), tls.certificate_sha256()) {
///         println!("compare with the device, then pin: {fingerprint}");
///     }
/// }
/// # }
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TlsError {
    kind: TlsErrorKind,
    // Apart, since an error has to be small and most have nothing here.
    facts: Option<Box<Facts>>,
}

#[derive(Clone, Debug, Default, PartialEq, Eq)]
struct Facts {
    certificate: Option<Fingerprint>,
    public_key: Option<Fingerprint>,
    names: Vec<String>,
    not_before: Option<Time>,
    not_after: Option<Time>,
    pinned_certificates: Vec<Fingerprint>,
    pinned_public_keys: Vec<Fingerprint>,
    detail: Option<Cow<'static, str>>,
    alert: Option<u8>,
}

impl TlsError {
    /// An error of which nothing else is known yet.
    #[must_use]
    pub const fn new(kind: TlsErrorKind) -> Self {
        Self { kind, facts: None }
    }

    fn with(mut self, set: impl FnOnce(&mut Facts)) -> Self {
        set(self.facts.get_or_insert_default());
        self
    }

    /// Adds the fingerprints of the certificate that was presented and of its key.
    #[must_use]
    pub fn with_presented(self, certificate: Fingerprint, public_key: Option<Fingerprint>) -> Self {
        self.with(|facts| {
            facts.certificate = Some(certificate);
            facts.public_key = public_key;
        })
    }

    /// Adds the names that the certificate is for.
    #[must_use]
    pub fn with_names(self, names: Vec<String>) -> Self {
        self.with(|facts| facts.names = names)
    }

    /// Adds from when to when the certificate is valid.
    #[must_use]
    pub fn with_dates(self, not_before: Option<Time>, not_after: Option<Time>) -> Self {
        self.with(|facts| {
            facts.not_before = not_before;
            facts.not_after = not_after;
        })
    }

    /// Adds the pins of which none fits.
    #[must_use]
    pub fn with_pins(self, certificates: Vec<Fingerprint>, public_keys: Vec<Fingerprint>) -> Self {
        self.with(|facts| {
            facts.pinned_certificates = certificates;
            facts.pinned_public_keys = public_keys;
        })
    }

    /// Adds what exactly is weak, missing or not supported, in words that fit into the line of the kind.
    #[must_use]
    pub fn with_detail(self, detail: impl Into<Cow<'static, str>>) -> Self {
        self.with(|facts| facts.detail = Some(detail.into()))
    }

    /// Adds the number of the alert that the device sent.
    #[must_use]
    pub fn with_alert(self, alert: u8) -> Self {
        self.with(|facts| facts.alert = Some(alert))
    }

    /// What is wrong.
    #[must_use]
    pub const fn kind(&self) -> TlsErrorKind {
        self.kind
    }

    /// Stable name, for logs and tests: `Tls.UnknownIssuer`.
    #[must_use]
    pub const fn code(&self) -> &'static str {
        self.kind.code()
    }

    /// The fingerprint of the certificate that the device presented: what `pin_certificate_sha256` takes, once it has been
    /// compared with what the device itself shows.
    #[must_use]
    pub fn certificate_sha256(&self) -> Option<Fingerprint> {
        self.facts.as_ref()?.certificate
    }

    /// The fingerprint of the key in that certificate: what `pin_public_key_sha256` takes.
    #[must_use]
    pub fn public_key_sha256(&self) -> Option<Fingerprint> {
        self.facts.as_ref()?.public_key
    }

    /// The host names and addresses that the certificate is for, as far as they are known; at most 32.
    #[must_use]
    pub fn names(&self) -> &[String] {
        self.facts.as_ref().map_or(&[], |facts| &facts.names)
    }

    /// When the certificate begins to be valid.
    #[must_use]
    pub fn not_before(&self) -> Option<Time> {
        self.facts.as_ref()?.not_before
    }

    /// When the certificate ceases to be valid.
    #[must_use]
    pub fn not_after(&self) -> Option<Time> {
        self.facts.as_ref()?.not_after
    }

    /// The pinned certificates, of which none was presented (kind `PinMismatch`).
    #[must_use]
    pub fn pinned_certificates(&self) -> &[Fingerprint] {
        self.facts
            .as_ref()
            .map_or(&[], |facts| &facts.pinned_certificates)
    }

    /// The pinned keys, of which none was presented (kind `PinMismatch`).
    #[must_use]
    pub fn pinned_public_keys(&self) -> &[Fingerprint] {
        self.facts
            .as_ref()
            .map_or(&[], |facts| &facts.pinned_public_keys)
    }

    /// The number of the alert that the device sent.
    #[must_use]
    pub fn alert(&self) -> Option<u8> {
        self.facts.as_ref()?.alert
    }

    fn detail(&self) -> Option<&str> {
        self.facts.as_ref()?.detail.as_deref()
    }
}

impl From<TlsErrorKind> for TlsError {
    fn from(kind: TlsErrorKind) -> Self {
        Self::new(kind)
    }
}

/// ` (a, b, …)`, or nothing.
struct Names<'a>(&'a [String]);

impl fmt::Display for Names<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.0.is_empty() {
            return Ok(());
        }
        let shown: Vec<&str> = self.0.iter().take(SHOWN).map(String::as_str).collect();
        let more = if self.0.len() > SHOWN { ", …" } else { "" };
        write!(f, " ({}{more})", DeviceText(&shown.join(", ")))
    }
}

/// ` certificate a, b; public key c`.
struct Prints<'a> {
    certificates: &'a [Fingerprint],
    public_keys: &'a [Fingerprint],
}

impl fmt::Display for Prints<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut end = "";
        for (what, prints) in [
            ("certificate", self.certificates),
            ("public key", self.public_keys),
        ] {
            if prints.is_empty() {
                continue;
            }
            write!(f, "{end} {what} ")?;
            for (n, print) in prints.iter().take(SHOWN).enumerate() {
                write!(f, "{}{print}", if n == 0 { "" } else { ", " })?;
            }
            if prints.len() > SHOWN {
                f.write_str(", …")?;
            }
            end = ";";
        }
        Ok(())
    }
}

impl TlsError {
    /// How to go on by pinning, with what is to be pinned where it is known.
    fn pin_it(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("pin it with pin_certificate_sha256")?;
        match self.certificate_sha256() {
            Some(print) => write!(f, " once the device itself shows the same SHA-256: {print}"),
            None => Ok(()),
        }
    }

    fn pin_mismatch(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("certificate not trusted: it is not the pinned one")?;
        let presented = Prints {
            certificates: self.certificate_sha256().as_slice(),
            public_keys: self.public_key_sha256().as_slice(),
        }
        .to_string();
        let pinned = Prints {
            certificates: self.pinned_certificates(),
            public_keys: self.pinned_public_keys(),
        }
        .to_string();
        if !pinned.is_empty() && !presented.is_empty() {
            write!(f, " (SHA-256; pinned:{pinned}; presented:{presented})")?;
        }
        f.write_str(
            "; pin the new one if the device got it from you, else somebody may be in between",
        )
    }
}

impl fmt::Display for TlsError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let detail = |otherwise| DeviceText(self.detail().unwrap_or(otherwise));
        match self.kind {
            TlsErrorKind::UnknownIssuer => {
                f.write_str(
                    "certificate not trusted: unknown issuer; give the device's CA to root_certificate_pem, \
                     or, if it signed its certificate itself, ",
                )?;
                self.pin_it(f)
            }
            TlsErrorKind::NameMismatch => {
                write!(
                    f,
                    "certificate not trusted: it is for another host name{}; use a name of the certificate in the URL, or ",
                    Names(self.names())
                )?;
                self.pin_it(f)
            }
            TlsErrorKind::NoNames => {
                f.write_str(
                    "certificate not trusted: it names no host (no subject alternative name); replace it on the device, or ",
                )?;
                self.pin_it(f)
            }
            TlsErrorKind::Expired => {
                f.write_str("certificate not trusted: expired")?;
                if let Some(end) = self.not_after() {
                    write!(f, " at {end}")?;
                }
                f.write_str("; check the clock of this computer, renew it on the device, or ")?;
                self.pin_it(f)
            }
            TlsErrorKind::NotYetValid => {
                f.write_str("certificate not trusted: not valid yet")?;
                if let Some(begin) = self.not_before() {
                    write!(f, " before {begin}")?;
                }
                f.write_str("; check the clocks of this computer and of the device, or ")?;
                self.pin_it(f)
            }
            TlsErrorKind::PinMismatch => self.pin_mismatch(f),
            TlsErrorKind::WeakSignature => {
                write!(
                    f,
                    "certificate not trusted: it is signed with {}, which can be forged; replace it on the device, or ",
                    detail("an old algorithm")
                )?;
                self.pin_it(f)
            }
            TlsErrorKind::UnsupportedCertificate => {
                write!(
                    f,
                    "certificate not trusted: {}, so no authority can vouch for it; replace it on the device, or ",
                    detail("it is not of the usual form")
                )?;
                self.pin_it(f)
            }
            TlsErrorKind::UntrustedChain => {
                f.write_str(
                    "certificate not trusted: the authorities that it comes with must not vouch for it; \
                     replace it on the device, or ",
                )?;
                self.pin_it(f)
            }
            TlsErrorKind::Revoked => f.write_str(
                "certificate not trusted: its authority took it back; replace it on the device",
            ),
            TlsErrorKind::MalformedCertificate => f.write_str(
                "the device presents no certificate that can be read; install another one on the device",
            ),
            TlsErrorKind::BadKeyProof => f.write_str(
                "the peer does not have the key of the certificate it presents: \
                 somebody may be in between, look at the network before you try again",
            ),
            TlsErrorKind::UnsupportedKey => write!(
                f,
                "the key of the certificate cannot be checked: {}",
                detail("give the device a certificate with an RSA key of 2048 bits or one on P-256")
            ),
            TlsErrorKind::NoCommonVersion => f.write_str(
                "the device offers no TLS 1.2 or newer: update its firmware, or permit newer versions in its settings",
            ),
            TlsErrorKind::NoCommonCipher => write!(
                f,
                "the device refused the TLS handshake: it takes no cipher suite or kind of key that was offered ({}), or it \
                 demands a certificate of the client; look at its TLS settings",
                detail("those of TLS 1.3, and of TLS 1.2 with ECDHE and AES-GCM or ChaCha20-Poly1305")
            ),
            TlsErrorKind::NotTls => f.write_str(
                "what answers on this port does not speak TLS: check the port, or try http://",
            ),
            TlsErrorKind::Closed => f.write_str(
                "the connection was closed during the TLS handshake: check that the port is that of https, \
                 and whether the device has too many connections",
            ),
            TlsErrorKind::ClientCertificateRequired => f.write_str(
                "the device demands a certificate of the client, which this library cannot present: \
                 turn that off in the device's settings",
            ),
            TlsErrorKind::PeerAlert => {
                f.write_str("the device ended the TLS handshake")?;
                if let Some(alert) = self.alert() {
                    write!(f, " with alert {alert}")?;
                }
                if let Some(detail) = self.detail() {
                    write!(f, " ({})", DeviceText(detail))?;
                }
                f.write_str(": look into its log and TLS settings")
            }
            TlsErrorKind::Handshake => f.write_str(
                "TLS handshake failed: the device does not keep to the protocol; check the port, update its firmware",
            ),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn print(byte: u8) -> Fingerprint {
        Fingerprint::from_bytes([byte; 32])
    }

    #[test]
    fn unknown_certificates_come_with_what_to_pin() {
        let error = TlsError::new(TlsErrorKind::UnknownIssuer)
            .with_presented(print(0xab), Some(print(0xcd)));
        assert_eq!(error.public_key_sha256(), Some(print(0xcd)));
        let line = error.to_string();
        assert!(line.contains("root_certificate_pem"), "{line}");
        assert!(line.ends_with(&"ab".repeat(32)), "{line}");
    }

    #[test]
    fn a_wrong_pin_shows_both_sides() {
        let line = TlsError::new(TlsErrorKind::PinMismatch)
            .with_presented(print(1), Some(print(2)))
            .with_pins(vec![print(3); 6], vec![print(4)])
            .to_string();
        for byte in ["01", "02", "03", "04"] {
            assert!(line.contains(&byte.repeat(32)), "{line}");
        }
        assert_eq!(line.matches(&"03".repeat(32)).count(), 4, "{line}");
    }

    #[test]
    fn names_of_a_certificate_are_bounded_and_printable() {
        let names = vec!["a\u{1b}[31m".to_owned(); 1000];
        let line = TlsError::new(TlsErrorKind::NameMismatch)
            .with_names(names)
            .to_string();
        assert!(line.len() < 300 && !line.contains('\u{1b}'), "{line}");
        assert!(line.contains(", …)"), "{line}");
    }

    #[test]
    fn dates_are_told() {
        let day = |n: i64| Some(Time::from_unix_seconds(n * 86_400));
        let error = TlsError::new(TlsErrorKind::Expired).with_dates(day(0), day(1));
        assert!(
            error
                .to_string()
                .contains("expired at 1970-01-02T00:00:00Z"),
            "{error}"
        );
        assert_eq!((error.not_before(), error.not_after()), (day(0), day(1)));
    }
}
