//! Private keys.

use std::fmt::Write as _;
use std::sync::Arc;

use ring::signature::{Ed25519KeyPair, KeyPair as _};
use zeroize::Zeroizing;

/// A private key, and the public one that belongs to it.
#[derive(Clone)]
pub(super) struct SigningKey(Arc<Zeroizing<[u8; 32]>>, [u8; 32]);

impl SigningKey {
    pub(super) fn from_hex(digits: &str) -> Option<Self> {
        let seed = Zeroizing::new(from_hex(digits)?);
        let pair = Ed25519KeyPair::from_seed_unchecked(&*seed).ok()?;
        let public = pair.public_key().as_ref().try_into().ok()?;
        Some(Self(Arc::new(seed), public))
    }

    pub(super) fn public_hex(&self) -> String {
        to_hex(&self.1)
    }

    pub(super) fn sign_hex(&self, bytes: &[u8]) -> String {
        match Ed25519KeyPair::from_seed_unchecked(&**self.0) {
            Ok(pair) => to_hex(pair.sign(bytes).as_ref()),
            // Only seeds of another length are refused; a router takes no empty signature.
            Err(_) => String::new(),
        }
    }
}

/// The bytes that hexadecimal digits stand for.
pub(super) fn from_hex<const N: usize>(digits: &str) -> Option<[u8; N]> {
    let digits = digits.as_bytes();
    if digits.len() != 2 * N {
        return None;
    }
    let mut bytes = [0; N];
    for (byte, pair) in bytes.iter_mut().zip(digits.chunks_exact(2)) {
        let digit = |index: usize| char::from(pair[index]).to_digit(16);
        *byte = u8::try_from(digit(0)? << 4 | digit(1)?).ok()?;
    }
    Some(bytes)
}

fn to_hex(bytes: &[u8]) -> String {
    bytes.iter().fold(String::new(), |mut text, byte| {
        // Writing to a string does not fail.
        let _ = write!(text, "{byte:02x}");
        text
    })
}
