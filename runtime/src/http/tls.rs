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
mod sessions;
mod short_rsa;
mod signature;
mod trust;
mod verifier;

pub(super) use provider::random;
pub(super) use refusal::{handshake_refusal, refusal};
pub(super) use trust::Trust;
