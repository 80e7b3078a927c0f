//! TLS: who is trusted, the proof that the device has its key, sessions that outlive agents, and how distrust is told.

mod certificate;
mod chain;
mod config;
mod der;
mod digest;
mod key;
#[cfg(feature = "aws-lc")]
mod p521;
mod pin;
mod provider;
mod recent;
mod refusal;
mod refused;
#[cfg(feature = "ripex2")]
mod serve;
mod sessions;
mod short_rsa;
mod signature;
mod trust;
mod verifier;

pub(crate) use provider::random;
pub(super) use refusal::{handshake_refusal, refusal};
#[cfg(feature = "ripex2")]
pub(crate) use serve::server_config;
pub(super) use trust::Trust;
