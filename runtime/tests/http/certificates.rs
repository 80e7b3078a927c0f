//! Certificates made for one test, in every state in which a device may present them.

use std::sync::Arc;

use rcgen::{
    BasicConstraints, CertificateParams, DistinguishedName, DnType, IsCa, Issuer, KeyPair,
    KeyUsagePurpose, date_time_ymd,
};
use rustls::ServerConfig;
use rustls::pki_types::{CertificateDer, PrivateKeyDer};

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
    let mut params = params(names, Dates::Now);
    if claims_to_be_authority {
        params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
    }
    let key = KeyPair::generate().expect("a key");
    let certificate = params.self_signed(&key).expect("a certificate");
    (certificate.pem(), config(certificate.der().clone(), &key))
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

/// The fingerprint of the certificate in a PEM text, in hexadecimal.
pub(crate) fn sha256(pem: &str) -> String {
    use rustls::pki_types::pem::PemObject;
    let certificate = CertificateDer::from_pem_slice(pem.as_bytes()).expect("a certificate");
    let digest = ring::digest::digest(&ring::digest::SHA256, &certificate);
    digest
        .as_ref()
        .iter()
        .map(|byte| format!("{byte:02X}"))
        .collect::<Vec<_>>()
        .join(":")
}
