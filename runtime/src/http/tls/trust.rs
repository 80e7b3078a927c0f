//! The trust settings of an agent.

use std::sync::{Arc, PoisonError, RwLock};

use rustls::client::WebPkiServerVerifier;
use rustls::client::danger::ServerCertVerifier;
use rustls::pki_types::CertificateDer;
use rustls::pki_types::pem::PemObject;
use rustls::{CertificateError, ClientConfig, OtherError, RootCertStore};

use super::config::{self, Settings};
use super::digest::fingerprint;
use super::pin::{Pins, hexadecimal, hexadecimal_or_base64};
use super::provider::{NAME, provider};
use super::verifier::{OwnRoots, Policy};
use crate::error::{ConfigError, Error};

/// Whose certificates are accepted.
#[derive(Clone, Debug, Default)]
pub(crate) struct Trust {
    /// Certificates given by the user.
    roots: Vec<CertificateDer<'static>>,
    /// Whether the system's authorities count beside the user's.
    pub(crate) system_roots: Option<bool>,
    /// The only certificates and keys accepted.
    pins: Pins,
    /// No verification at all, but for pins.
    pub(crate) accept_any: bool,
}

impl Trust {
    /// Adds all certificates of a PEM text.
    pub(crate) fn add_pem(&mut self, pem: &[u8]) -> Result<(), Error> {
        let bad = |reason: String| Error::from(ConfigError::BadCertificate(reason));
        let before = self.roots.len();
        for certificate in CertificateDer::pem_slice_iter(pem) {
            let certificate = certificate.map_err(|_| {
                bad(
                    "not readable as PEM: the lines between BEGIN and END are not base64"
                        .to_owned(),
                )
            })?;
            // The store knows how to parse; a root that it refuses would only be missed when it is too late.
            RootCertStore::empty()
                .add(certificate.clone())
                .map_err(|error| {
                    let number = self.roots.len() - before + 1;
                    bad(format!("number {number} in the PEM text {}", fault(&error)))
                })?;
            self.roots.push(certificate);
        }
        if self.roots.len() == before {
            return Err(bad("no certificate in the PEM text".to_owned()));
        }
        Ok(())
    }

    /// Adds the SHA-256 fingerprint of a certificate, in hexadecimal with or without colons.
    pub(crate) fn add_pin(&mut self, text: &str) -> Result<(), Error> {
        let pin = hexadecimal(text).ok_or(ConfigError::OutOfRange {
            setting: "pin_certificate_sha256",
            expected: "64 hexadecimal digits",
        })?;
        self.pins.certificates.push(pin);
        Ok(())
    }

    /// Adds the SHA-256 fingerprint of a public key, in hexadecimal or base64.
    pub(crate) fn add_key_pin(&mut self, text: &str) -> Result<(), Error> {
        let pin = hexadecimal_or_base64(text).ok_or(ConfigError::OutOfRange {
            setting: "pin_public_key_sha256",
            expected: "64 hexadecimal digits, or 32 bytes in base64",
        })?;
        self.pins.keys.push(pin);
        Ok(())
    }

    /// The configuration for an agent of this origin; it comes with the sessions of earlier agents of the same origin under
    /// the same settings.
    pub(in crate::http) fn client_config(&self, origin: &str) -> Result<Arc<ClientConfig>, Error> {
        config::shared(origin, self.settings(), || self.policy())
    }

    fn asks_the_system(&self) -> bool {
        self.roots.is_empty() || self.system_roots.unwrap_or(false)
    }

    /// What is trusted, and whether that stays so while the program runs.
    fn policy(&self) -> Result<(Policy, bool), Error> {
        // Whoever pins wants these and no others, whatever else is permitted.
        if !self.pins.is_empty() {
            return Ok((Policy::Pinned(self.pins.clone()), true));
        }
        if self.accept_any {
            return Ok((Policy::Anyone, true));
        }
        let own = match &*self.roots {
            [] => None,
            roots => Some(own_roots(roots)?),
        };
        if !self.asks_the_system() {
            return Ok((Policy::Vouched { own, system: None }, true));
        }
        let system = system();
        // Authorities may be installed meanwhile.
        let stays = system.is_some();
        Ok((Policy::Vouched { own, system }, stays))
    }

    /// A digest of all that decides whom this trusts. Equal ones trust the same.
    fn settings(&self) -> Settings {
        let mut digest = ring::digest::Context::new(&ring::digest::SHA256);
        // Each part with its length, so that no two rows of parts are one row of bytes.
        let mut add = |bytes: &[u8]| {
            digest.update(&(bytes.len() as u64).to_be_bytes());
            digest.update(bytes);
        };
        add(NAME.as_bytes());
        if !self.pins.is_empty() {
            for (what, pins) in [
                (&b"certificates"[..], &self.pins.certificates),
                (b"keys", &self.pins.keys),
            ] {
                add(what);
                sorted(pins).for_each(|pin| add(pin.as_ref()));
            }
        } else if self.accept_any {
            add(b"anyone");
        } else {
            add(if self.asks_the_system() {
                &b"roots and system"[..]
            } else {
                b"roots"
            });
            sorted(&self.roots).for_each(|root| add(root));
        }
        *fingerprint(digest.finish()).as_bytes()
    }
}

fn sorted<T: AsRef<[u8]>>(items: &[T]) -> impl Iterator<Item = &T> {
    let mut sorted: Vec<&T> = items.iter().collect();
    sorted.sort_unstable_by(|a, b| a.as_ref().cmp(b.as_ref()));
    sorted.dedup_by(|a, b| a.as_ref() == b.as_ref());
    sorted.into_iter()
}

/// What is wrong with a certificate that cannot be an authority, and what to do.
fn fault(error: &rustls::Error) -> &'static str {
    let rustls::Error::InvalidCertificate(reason) = error else {
        return "cannot be used as an authority";
    };
    match reason {
        CertificateError::Other(OtherError(inner)) => match inner.downcast_ref() {
            Some(webpki::Error::UnsupportedCriticalExtension) => {
                "has an extension that is marked critical and not known here; if it is that of a device, \
                 pin it with pin_certificate_sha256"
            }
            _ => {
                "cannot be used as an authority; if it is that of a device, pin it with pin_certificate_sha256"
            }
        },
        CertificateError::BadEncoding => "is no certificate: its bytes are not of that form",
        _ => {
            "cannot be used as an authority; if it is that of a device, pin it with pin_certificate_sha256"
        }
    }
}

fn own_roots(roots: &[CertificateDer<'static>]) -> Result<OwnRoots, Error> {
    let bad = |reason: &str| Error::from(ConfigError::BadCertificate(reason.to_owned()));
    let mut store = RootCertStore::empty();
    for root in roots {
        store
            .add(root.clone())
            .map_err(|error| bad(fault(&error)))?;
    }
    let verifier =
        WebPkiServerVerifier::builder_with_provider(Arc::new(store), Arc::clone(provider()))
            .build()
            .map_err(|_| bad("the certificates cannot be used as authorities"))?;
    Ok(OwnRoots {
        verifier,
        roots: roots.to_vec(),
    })
}

/// The platform's verifier. Reading the system's authorities takes milliseconds, so all agents share one.
///
/// A system without any authority (a bare container) is no reason to fail here: it may be that no https device is ever
/// called. A call to one fails then, because its issuer is unknown.
fn system() -> Option<Arc<dyn ServerCertVerifier>> {
    static SYSTEM: RwLock<Option<Arc<dyn ServerCertVerifier>>> = RwLock::new(None);
    if let Some(verifier) = &*SYSTEM.read().unwrap_or_else(PoisonError::into_inner) {
        return Some(Arc::clone(verifier));
    }
    let verifier = rustls_platform_verifier::Verifier::new(Arc::clone(provider())).ok()?;
    let verifier: Arc<dyn ServerCertVerifier> = Arc::new(verifier);
    *SYSTEM.write().unwrap_or_else(PoisonError::into_inner) = Some(Arc::clone(&verifier));
    Some(verifier)
}

#[cfg(test)]
mod tests {
    use super::*;

    const A: &str = "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa";
    const B: &str = "bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb";

    fn trust(set: impl FnOnce(&mut Trust)) -> Trust {
        let mut trust = Trust::default();
        set(&mut trust);
        trust
    }

    fn root() -> String {
        let key = rcgen::KeyPair::generate().expect("a key");
        let params = rcgen::CertificateParams::new(Vec::new()).expect("parameters");
        params.self_signed(&key).expect("a certificate").pem()
    }

    #[test]
    fn configurations_are_shared_by_origin_and_settings() {
        let (one, other) = (root(), root());
        let pin = |pins: &[&str]| {
            trust(|trust| {
                pins.iter()
                    .for_each(|pin| trust.add_pin(pin).expect("a pin"));
            })
        };
        let pem = |pem: &str| trust(|trust| trust.add_pem(pem.as_bytes()).expect("PEM"));
        let all = [
            Trust::default(),
            trust(|trust| trust.accept_any = true),
            pin(&[A]),
            pin(&[B]),
            pin(&[A, B]),
            trust(|trust| trust.add_key_pin(A).expect("a pin")),
            pem(&one),
            pem(&other),
            pem(&format!("{one}{other}")),
            {
                let mut trust = pem(&one);
                trust.system_roots = Some(true);
                trust
            },
        ];
        for (n, a) in all.iter().enumerate() {
            for (m, b) in all.iter().enumerate() {
                assert_eq!(a.settings() == b.settings(), n == m, "{n} {m}");
            }
        }
        assert_eq!(pin(&[A, B]).settings(), pin(&[B, A, B]).settings());

        let config = |trust: &Trust, origin| trust.client_config(origin).expect("sound");
        let first = config(&pin(&[A]), "https://sharing.example");
        assert!(Arc::ptr_eq(
            &first,
            &config(&pin(&[A]), "https://sharing.example")
        ));
        assert!(!Arc::ptr_eq(
            &first,
            &config(&pin(&[B]), "https://sharing.example")
        ));
        assert!(!Arc::ptr_eq(
            &first,
            &config(&pin(&[A]), "https://sharing.example:8443")
        ));
    }

    #[test]
    fn certificates_that_are_none_are_told_without_words_of_a_library() {
        let pem = |bytes: &str| {
            format!("-----BEGIN CERTIFICATE-----\n{bytes}\n-----END CERTIFICATE-----\n")
        };
        for (text, reason) in [
            (pem("AAAA"), "number 1 in the PEM text is no certificate"),
            (
                format!("{}{}", root(), pem("MAA=")),
                "number 2 in the PEM text",
            ),
            (pem("äöü"), "not readable as PEM"),
            (String::new(), "no certificate in the PEM text"),
        ] {
            let mut trust = Trust::default();
            let error = trust
                .add_pem(text.as_bytes())
                .expect_err("refused")
                .to_string();
            assert!(error.contains(reason), "{error}");
        }
    }
}
