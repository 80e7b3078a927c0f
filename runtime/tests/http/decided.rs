//! What the user decided stands: with a pin, or without any check, certificates are accepted that path validation cannot
//! even read. The device proves in any case that it has the key of its certificate.

use std::sync::Arc;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use rcgen::KeyPair;
use rustls::SignatureScheme;
use rustls::pki_types::CertificateDer;
use rustls::pki_types::pem::PemObject;
use xerus_rpc::AgentBuilder;
use xerus_rpc::error::TlsErrorKind;

use crate::certificates::{Authority, Form, renewed_pem, self_signed_pem, sha256};
use crate::presented::{
    Presented, RSA_1024_KEY, RSA_1024_OTHER_KEY, SHA_1_KEY, VERSIONS, signing_key,
};
use crate::short_rsa::{OneScheme, ShortRsa};
use crate::support::{GET_STATE, Server, success};
use crate::tls::{device, tls_failure};

/// Every way in which a user can decide for this one certificate.
fn decisions(server: &Server, presented: &Presented) -> Vec<(&'static str, AgentBuilder)> {
    let pem = &presented.pem;
    let key = &presented.key_sha256;
    let other = "5a".repeat(32);
    vec![
        ("any", server.agent().danger_accept_invalid_certs()),
        (
            "certificate",
            server.agent().pin_certificate_sha256(sha256(pem)),
        ),
        ("key", server.agent().pin_public_key_sha256(key)),
        (
            "key in base64",
            server
                .agent()
                .pin_public_key_sha256(format!("sha256//{}", base64(key))),
        ),
        (
            "one of several",
            server
                .agent()
                .pin_certificate_sha256(&other)
                .pin_certificate_sha256(sha256(pem))
                .pin_public_key_sha256(&other),
        ),
    ]
}

/// What stands there in hexadecimal.
fn base64(hex: &str) -> String {
    let bytes: Vec<u8> = (0..hex.len())
        .step_by(2)
        .map(|at| u8::from_str_radix(&hex[at..at + 2], 16).expect("hexadecimal"))
        .collect();
    STANDARD.encode(bytes)
}

/// Certificates that no authority could vouch for, each with its key.
fn odd() -> Vec<(&'static str, Presented)> {
    let made = |form| Presented::made(self_signed_pem(&["factory-default.example"], form));
    vec![
        ("RSA 1024", Presented::rsa_1024()),
        ("version 1", Presented::v1()),
        ("SHA-1", Presented::sha_1()),
        ("critical extension", made(Form::CriticalExtension)),
        ("authority", made(Form::Authority)),
        ("expired", made(Form::Expired)),
        ("usual", made(Form::Usual)),
    ]
}

#[tokio::test]
async fn odd_certificates_are_accepted_where_the_user_says_so() {
    for (what, presented) in odd() {
        for version in VERSIONS {
            let server = device(presented.server(version)).await;
            for (decision, agent) in decisions(&server, &presented) {
                let transport = agent.build_transport().expect("valid");
                let answer = success(&transport, &GET_STATE).await;
                assert!(answer.contains("result"), "{what} {decision}: {answer}");
            }
            assert_eq!(server.requests(), 5, "{what} {version:?}");
        }
    }
}

#[tokio::test]
async fn all_schemes_of_short_rsa_keys_are_checked() {
    use SignatureScheme as Scheme;
    for (version, schemes) in [
        (
            VERSIONS[0],
            &[
                Scheme::RSA_PKCS1_SHA256,
                Scheme::RSA_PKCS1_SHA384,
                Scheme::RSA_PKCS1_SHA512,
                Scheme::RSA_PSS_SHA256,
                Scheme::RSA_PSS_SHA384,
            ][..],
        ),
        (
            VERSIONS[1],
            &[Scheme::RSA_PSS_SHA256, Scheme::RSA_PSS_SHA384],
        ),
    ] {
        for &scheme in schemes {
            let own = Presented::rsa_1024();
            let with = |key| Arc::new(OneScheme(ShortRsa::new(key), scheme));
            let server = device(own.stolen_by(with(RSA_1024_KEY)).server(version)).await;
            let agent = server.agent().pin_certificate_sha256(sha256(&own.pem));
            success(&agent.build_transport().expect("valid"), &GET_STATE).await;

            let thief = device(own.stolen_by(with(RSA_1024_OTHER_KEY)).server(version)).await;
            let agent = thief.agent().pin_certificate_sha256(sha256(&own.pem));
            let (error, _) = tls_failure(agent).await;
            assert_eq!(error.kind(), TlsErrorKind::BadKeyProof, "{scheme:?}");
        }
    }
}

#[tokio::test]
async fn the_right_certificate_with_another_key_is_refused() {
    let usual = Presented::made(self_signed_pem(&["127.0.0.1"], Form::Usual));
    let elliptic = || signing_key(&KeyPair::generate().expect("a key").serialize_pem());
    let short: Arc<ShortRsa> = Arc::new(ShortRsa::new(RSA_1024_OTHER_KEY));
    for presented in [
        Presented::rsa_1024().stolen_by(short),
        // A key of quite another kind.
        Presented::rsa_1024().stolen_by(elliptic()),
        usual.stolen_by(elliptic()),
        usual.stolen_by(signing_key(SHA_1_KEY)),
        Presented::v1().stolen_by(signing_key(SHA_1_KEY)),
    ] {
        for version in VERSIONS {
            let server = device(presented.server(version)).await;
            let mut agents = decisions(&server, &presented);
            if presented.pem == usual.pem {
                agents.push(("root", server.agent().root_certificate_pem(&presented.pem)));
            }
            for (decision, agent) in agents {
                let (error, line) = tls_failure(agent).await;
                assert_eq!(
                    error.kind(),
                    TlsErrorKind::BadKeyProof,
                    "{decision}: {line}"
                );
                assert_eq!(
                    error.certificate_sha256().map(|print| print.to_string()),
                    Some(plain(&sha256(&presented.pem)))
                );
                assert_eq!(
                    error.public_key_sha256().map(|print| print.to_string()),
                    Some(presented.key_sha256.clone())
                );
                assert!(line.contains("does not have the key"), "{line}");
            }
            assert_eq!(server.requests(), 0);
        }
    }
}

#[tokio::test]
async fn keys_that_prove_nothing_are_refused_whatever_was_decided() {
    let presented = Presented::rsa_512();
    for version in VERSIONS {
        let server = device(presented.server(version)).await;
        for (decision, agent) in decisions(&server, &presented) {
            let (error, line) = tls_failure(agent).await;
            assert_eq!(
                error.kind(),
                TlsErrorKind::UnsupportedKey,
                "{decision}: {line}"
            );
            assert!(
                line.contains("512 bits") && line.contains("2048 bits"),
                "{line}"
            );
        }
    }
}

#[tokio::test]
async fn a_pinned_key_outlives_its_certificate() {
    let (pem, key) = self_signed_pem(&["127.0.0.1"], Form::Usual);
    let old = Presented::made((pem, key.clone()));
    let new = Presented::made(renewed_pem(&["new.example"], Form::Authority, &key));
    assert_eq!(old.key_sha256, new.key_sha256);
    for version in VERSIONS {
        let server = device(new.server(version)).await;
        let agent = server.agent().pin_public_key_sha256(&old.key_sha256);
        success(&agent.build_transport().expect("valid"), &GET_STATE).await;
        let agent = server.agent().pin_certificate_sha256(sha256(&old.pem));
        let (error, line) = tls_failure(agent).await;
        assert_eq!(error.kind(), TlsErrorKind::PinMismatch, "{line}");
    }
}

/// Without colons, in small letters.
fn plain(fingerprint: &str) -> String {
    fingerprint.replace(':', "").to_lowercase()
}

#[tokio::test]
async fn odd_certificates_of_known_authorities_are_to_be_pinned() {
    let authority = Authority::new();
    let signed = |form| Presented::made(authority.signed_pem(&["127.0.0.1"], form));
    let critical = signed(Form::CriticalExtension);
    let is_authority = signed(Form::Authority);
    let rsa_1024 = Presented::rsa_1024();
    let v1 = Presented::v1();
    let sha_1 = Presented::sha_1();
    for (presented, root, kind, words) in [
        (
            &critical,
            authority.pem(),
            TlsErrorKind::UnsupportedCertificate,
            "marked critical",
        ),
        (
            &is_authority,
            authority.pem(),
            TlsErrorKind::UnsupportedCertificate,
            "that of an authority",
        ),
        (
            &v1,
            v1.pem.clone(),
            TlsErrorKind::UnsupportedCertificate,
            "X.509 version 1",
        ),
        (
            &sha_1,
            sha_1.pem.clone(),
            TlsErrorKind::WeakSignature,
            "SHA-1",
        ),
        (
            &rsa_1024,
            rsa_1024.pem.clone(),
            TlsErrorKind::UnsupportedKey,
            "RSA key of 1024 bits",
        ),
    ] {
        for version in VERSIONS {
            let server = device(presented.server(version)).await;
            let (error, line) = tls_failure(server.agent().root_certificate_pem(&root)).await;
            assert_eq!(error.kind(), kind, "{line}");
            assert!(line.contains(words) && line.contains("pin"), "{line}");
            // Nobody whom the system trusts has signed them.
            let (error, line) = tls_failure(server.agent()).await;
            assert_eq!(error.kind(), TlsErrorKind::UnknownIssuer, "{words}: {line}");
        }
    }
}

#[tokio::test]
async fn a_fitting_pin_never_asks_for_an_authority() {
    for (what, presented) in odd() {
        let thief = presented.stolen_by(Arc::new(ShortRsa::new(RSA_1024_OTHER_KEY)));
        let server = device(thief.server(VERSIONS[1])).await;
        for (_, agent) in decisions(&server, &presented) {
            let (error, line) = tls_failure(agent).await;
            assert_ne!(error.kind(), TlsErrorKind::UnknownIssuer, "{what}");
            assert!(!line.contains("root_certificate_pem"), "{what}: {line}");
        }
    }
}

#[tokio::test]
async fn certificates_that_are_none_are_refused_whatever_was_decided() {
    let presented = Presented::made(self_signed_pem(&["127.0.0.1"], Form::Usual));
    let good = CertificateDer::from_pem_slice(presented.pem.as_bytes()).expect("a certificate");
    let cut = good[..good.len() / 2].to_vec();
    let fingerprint = crate::certificates::hex(&cut);
    let presented = presented.with_bytes(cut);
    for version in VERSIONS {
        let server = device(presented.server(version)).await;
        for agent in [
            server.agent(),
            server.agent().danger_accept_invalid_certs(),
            server.agent().pin_certificate_sha256(&fingerprint),
        ] {
            let (error, line) = tls_failure(agent).await;
            assert_eq!(error.kind(), TlsErrorKind::MalformedCertificate, "{line}");
        }
    }
}
