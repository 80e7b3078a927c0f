//! The other side of TLS: what a server that answers like a device shows.

use std::sync::Arc;

use rustls::ServerConfig;
use rustls::pki_types::pem::PemObject;
use rustls::pki_types::{CertificateDer, PrivateKeyDer};

use super::provider::provider;
use crate::error::{ConfigError, Error};

/// A server with this certificate, those behind it, and its key, both as PEM.
///
/// # Errors
///
/// `Config.BadCertificate` for text in which these are not, or that do not belong together.
pub(crate) fn server_config(certificates: &[u8], key: &[u8]) -> Result<Arc<ServerConfig>, Error> {
    let bad = |reason: &'static str| Error::from(ConfigError::BadCertificate(reason.into()));
    let chain: Result<Vec<_>, _> = CertificateDer::pem_slice_iter(certificates).collect();
    let chain = chain.map_err(|_| bad("the text is no PEM with certificates"))?;
    if chain.is_empty() {
        return Err(bad("there is none in the text"));
    }
    let key = PrivateKeyDer::from_pem_slice(key);
    let key = key.map_err(|_| bad("the text for its key has no private key in PEM form"))?;
    let config = ServerConfig::builder_with_provider(Arc::clone(provider()))
        .with_safe_default_protocol_versions()
        .map_err(|error| bad("no version of TLS is there").with_source(error))?
        .with_no_client_auth()
        .with_single_cert(chain, key)
        .map_err(|error| bad("key and certificate do not go together").with_source(error))?;
    Ok(Arc::new(config))
}
