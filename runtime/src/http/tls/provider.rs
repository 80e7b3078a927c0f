//! The cryptography, named explicitly so that no default of the process is needed or installed.

use std::sync::{Arc, OnceLock};

use rustls::crypto::CryptoProvider;

/// The name of the provider, which is part of what keeps TLS sessions apart.
#[cfg(not(feature = "aws-lc"))]
pub(super) const NAME: &str = "ring";
/// The name of the provider, which is part of what keeps TLS sessions apart.
#[cfg(feature = "aws-lc")]
pub(super) const NAME: &str = "aws-lc";

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
