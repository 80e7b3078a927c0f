//! Certificates made for one test, in every state in which a device may present them.

use std::sync::Arc;

use rcgen::{
    BasicConstraints, CertificateParams, CustomExtension, DistinguishedName, DnType, IsCa, Issuer,
    KeyPair, KeyUsagePurpose, PublicKeyData, date_time_ymd,
};
use rustls::pki_types::pem::PemObject;
use rustls::pki_types::{CertificateDer, PrivateKeyDer};
use rustls::server::WebPkiClientVerifier;
use rustls::{RootCertStore, ServerConfig, SupportedProtocolVersion};

/// A certificate authority.
pub(crate) struct Authority {
    certificate: rcgen::Certificate,
    issuer: Issuer<'static, KeyPair>,
}

/// When a certificate is valid.
#[derive(Clone, Copy)]
pub(crate) enum Dates {
    Now,
    Past,
    Future,
}

/// In which form a device presents its certificate.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Form {
    Usual,
    /// As if it were an authority.
    Authority,
    /// With an extension that must be understood, and that nobody understands.
    CriticalExtension,
    Expired,
}

fn formed(names: &[&str], form: Form) -> CertificateParams {
    let dates = match form {
        Form::Expired => Dates::Past,
        _ => Dates::Now,
    };
    let mut params = params(names, dates);
    match form {
        Form::Authority => params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained),
        Form::CriticalExtension => {
            let text = b"\x0c\x06vendor".to_vec();
            let mut extension = CustomExtension::from_oid_content(&[1, 2, 3, 4, 5], text);
            extension.set_criticality(true);
            params.custom_extensions.push(extension);
        }
        Form::Usual | Form::Expired => {}
    }
    params
}

fn params(names: &[&str], dates: Dates) -> CertificateParams {
    let names: Vec<String> = names.iter().map(|&name| name.to_owned()).collect();
    let mut params = CertificateParams::new(names).expect("valid names");
    (params.not_before, params.not_after) = match dates {
        Dates::Now => (date_time_ymd(2020, 1, 1), date_time_ymd(2120, 1, 1)),
        Dates::Past => (date_time_ymd(2001, 1, 1), date_time_ymd(2002, 1, 1)),
        Dates::Future => (date_time_ymd(2118, 1, 1), date_time_ymd(2119, 1, 1)),
    };
    params
}

impl Authority {
    pub(crate) fn new() -> Self {
        let mut params = params(&[], Dates::Now);
        params.distinguished_name = DistinguishedName::new();
        params
            .distinguished_name
            .push(DnType::CommonName, "Test authority");
        params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
        params.key_usages = vec![KeyUsagePurpose::KeyCertSign, KeyUsagePurpose::CrlSign];
        let key = KeyPair::generate().expect("a key");
        let certificate = params.self_signed(&key).expect("a certificate");
        Self {
            certificate,
            issuer: Issuer::new(params, key),
        }
    }

    pub(crate) fn pem(&self) -> String {
        self.certificate.pem()
    }

    /// A server with a certificate of this authority for these names.
    pub(crate) fn server(&self, names: &[&str]) -> Arc<ServerConfig> {
        self.server_dated(names, Dates::Now)
    }

    /// A certificate of this authority and its key, both as PEM.
    pub(crate) fn signed_pem(&self, names: &[&str], form: Form) -> (String, String) {
        let key = KeyPair::generate().expect("a key");
        let mut params = formed(names, form);
        params.distinguished_name = DistinguishedName::new();
        params
            .distinguished_name
            .push(DnType::CommonName, "A device");
        let certificate = params.signed_by(&key, &self.issuer);
        (
            certificate.expect("a certificate").pem(),
            key.serialize_pem(),
        )
    }

    /// A server like another one, that lets in only clients with a certificate of this authority.
    pub(crate) fn demanding(
        &self,
        config: Arc<ServerConfig>,
        version: &'static SupportedProtocolVersion,
    ) -> Arc<ServerConfig> {
        let mut roots = RootCertStore::empty();
        roots.add(self.certificate.der().clone()).expect("a root");
        let provider = Arc::clone(config.crypto_provider());
        let clients =
            WebPkiClientVerifier::builder_with_provider(Arc::new(roots), Arc::clone(&provider));
        let demanding = ServerConfig::builder_with_provider(provider)
            .with_protocol_versions(&[version])
            .expect("a version")
            .with_client_cert_verifier(clients.build().expect("a verifier"))
            .with_cert_resolver(Arc::clone(&config.cert_resolver));
        Arc::new(demanding)
    }

    pub(crate) fn server_dated(&self, names: &[&str], dates: Dates) -> Arc<ServerConfig> {
        let key = KeyPair::generate().expect("a key");
        let certificate = params(names, dates)
            .signed_by(&key, &self.issuer)
            .expect("a certificate");
        config(certificate.der().clone(), &key)
    }
}

/// A device certificate that nobody else has signed, as PEM, and a server with it.
pub(crate) fn self_signed(
    names: &[&str],
    claims_to_be_authority: bool,
) -> (String, Arc<ServerConfig>) {
    let form = if claims_to_be_authority {
        Form::Authority
    } else {
        Form::Usual
    };
    let key = KeyPair::generate().expect("a key");
    let certificate = formed(names, form)
        .self_signed(&key)
        .expect("a certificate");
    (certificate.pem(), config(certificate.der().clone(), &key))
}

/// A device certificate that nobody else has signed, and its key, both as PEM.
pub(crate) fn self_signed_pem(names: &[&str], form: Form) -> (String, String) {
    let key = KeyPair::generate().expect("a key");
    renewed_pem(names, form, &key.serialize_pem())
}

/// The same with a key that is there already.
pub(crate) fn renewed_pem(names: &[&str], form: Form, key: &str) -> (String, String) {
    let key = KeyPair::from_pem(key).expect("a key");
    let certificate = formed(names, form)
        .self_signed(&key)
        .expect("a certificate");
    (certificate.pem(), key.serialize_pem())
}

fn config(certificate: CertificateDer<'static>, key: &KeyPair) -> Arc<ServerConfig> {
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let key = PrivateKeyDer::try_from(key.serialize_der()).expect("a key");
    let config = ServerConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .expect("versions")
        .with_no_client_auth()
        .with_single_cert(vec![certificate], key)
        .expect("a configuration");
    Arc::new(config)
}

fn certificate(pem: &str) -> CertificateDer<'static> {
    CertificateDer::from_pem_slice(pem.as_bytes()).expect("a certificate")
}

/// The fingerprint of the certificate in a PEM text, in hexadecimal with colons.
pub(crate) fn sha256(pem: &str) -> String {
    let digest = ring::digest::digest(&ring::digest::SHA256, &certificate(pem));
    let bytes: Vec<String> = digest
        .as_ref()
        .iter()
        .map(|byte| format!("{byte:02X}"))
        .collect();
    bytes.join(":")
}

/// The fingerprint of some bytes, in hexadecimal.
pub(crate) fn hex(bytes: &[u8]) -> String {
    let digest = ring::digest::digest(&ring::digest::SHA256, bytes);
    digest
        .as_ref()
        .iter()
        .map(|byte| format!("{byte:02x}"))
        .collect()
}

/// The fingerprint of the public key of a key in PEM, in hexadecimal.
pub(crate) fn key_sha256(key: &str) -> String {
    let key = KeyPair::from_pem(key).expect("a key");
    hex(&key.subject_public_key_info())
}
