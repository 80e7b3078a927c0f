//! The cryptography, named explicitly so that no default of the process is needed or installed.

use std::sync::{Arc, OnceLock};

use rustls::crypto::CryptoProvider;

use crate::error::Error;

/// The name of the provider, which is part of what keeps TLS sessions apart.
#[cfg(not(feature = "aws-lc"))]
pub(super) const NAME: &str = "ring";
/// The name of the provider, which is part of what keeps TLS sessions apart.
#[cfg(feature = "aws-lc")]
pub(super) const NAME: &str = "aws-lc";

/// What is offered to a device, for the case that it takes nothing of it.
#[cfg(not(feature = "aws-lc"))]
pub(super) const OFFER: &str = "TLS 1.3, TLS 1.2 with ECDHE and AES-GCM or ChaCha20-Poly1305, keys RSA, P-256, P-384, Ed25519; \
     a key on P-521 takes the feature `aws-lc` of xerus-rpc";
/// What is offered to a device, for the case that it takes nothing of it.
#[cfg(feature = "aws-lc")]
pub(super) const OFFER: &str = "TLS 1.3, TLS 1.2 with ECDHE and AES-GCM or ChaCha20-Poly1305, keys RSA, P-256, P-384, P-521, Ed25519";

/// ring; aws-lc with the feature of that name.
pub(super) fn provider() -> &'static Arc<CryptoProvider> {
    static PROVIDER: OnceLock<Arc<CryptoProvider>> = OnceLock::new();
    PROVIDER.get_or_init(|| Arc::new(make()))
}

#[cfg(not(feature = "aws-lc"))]
fn make() -> CryptoProvider {
    rustls::crypto::ring::default_provider()
}

#[cfg(feature = "aws-lc")]
fn make() -> CryptoProvider {
    let mut provider = rustls::crypto::aws_lc_rs::default_provider();
    // Under TLS 1.2 a server with a key on P-521 asks for it here, and not only among the signatures.
    provider.kx_groups.push(super::p521::GROUP);
    provider
}

/// Random bits, from where TLS has them.
pub(crate) fn random(bits: &mut [u8]) -> Result<(), Error> {
    provider().secure_random.fill(bits).map_err(|_| {
        Error::unsupported(
            "no random numbers on this system, which uploads need; check that it has a source of them",
        )
    })
}
