//! The configurations of TLS, with the sessions in them, kept for later agents.
//!
//! A session stands for a certificate that was accepted once, and to resume it is to accept that certificate again without
//! a look at it. So a session belongs to the trust settings under which it was made: each pair of origin and settings has a
//! configuration of its own, with a verifier of its own and a store of sessions that no other configuration sees.

use std::sync::{Arc, LazyLock, Mutex, PoisonError};
use std::time::Duration;

use rustls::ClientConfig;
use rustls::client::Resumption;

use super::provider::provider;
use super::recent::Recent;
use super::sessions::{LastCheck, Sessions, UNCHECKED};
use super::verifier::{Policy, Verifier};
use crate::error::{ConfigError, Error};

/// Pairs of origin and trust settings whose sessions are kept: more than the devices that one program talks to, and few
/// enough for a program that calls new devices without end.
const CONFIGURATIONS: usize = 1024;

/// The digest of trust settings.
pub(super) type Settings = [u8; 32];

type Kept = Recent<(String, Settings), Arc<ClientConfig>>;

static KEPT: LazyLock<Mutex<Kept>> = LazyLock::new(|| Mutex::new(Recent::new(CONFIGURATIONS)));

/// The configuration for this origin under these settings: a kept one, or a new one by the policy that `make` gives.
///
/// `make` also says whether the policy may be kept.
pub(super) fn shared(
    origin: &str,
    settings: Settings,
    make: impl FnOnce() -> Result<(Policy, bool), Error>,
) -> Result<Arc<ClientConfig>, Error> {
    let key = (origin.to_owned(), settings);
    // Locked while one is made, so that agents that start together share it.
    let mut kept = KEPT.lock().unwrap_or_else(PoisonError::into_inner);
    if let Some(config) = kept.get(&key) {
        return Ok(config);
    }
    let (policy, keep) = make()?;
    let config = new(policy, UNCHECKED)?;
    if keep {
        kept.insert(key, Arc::clone(&config));
    }
    Ok(config)
}

/// A configuration of its own, whose sessions spare the check of the certificate for that long.
pub(super) fn new(policy: Policy, unchecked: Duration) -> Result<Arc<ClientConfig>, Error> {
    let provider = provider();
    let last_check = LastCheck::new();
    let verifier = Verifier::new(provider, policy, Arc::clone(&last_check));
    let builder = ClientConfig::builder_with_provider(Arc::clone(provider))
        .with_safe_default_protocol_versions()
        .map_err(|_| ConfigError::Unsupported("TLS 1.2 and 1.3 cannot be set up"))?;
    let mut config = builder
        .dangerous()
        .with_custom_certificate_verifier(Arc::new(verifier))
        .with_no_client_auth();
    config.alpn_protocols = vec![b"http/1.1".to_vec()];
    config.resumption = Resumption::store(Arc::new(Sessions::new(last_check, unchecked)));
    Ok(Arc::new(config))
}
