//! Configurations behind a password: PBKDF2 and AES-256-GCM.

use std::num::NonZeroU32;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use ring::aead::{AES_256_GCM, Aad, LessSafeKey, NONCE_LEN, Nonce, UnboundKey};
use ring::pbkdf2::{PBKDF2_HMAC_SHA256, derive};
use ring::rand::{SecureRandom as _, SystemRandom};

const SALT_BYTES: usize = 16;
/// Enough for a simulator: what it keeps are names of outlets.
const ROUNDS: NonZeroU32 = NonZeroU32::new(20_000).unwrap();

/// The text, readable with the password only, as base64. `None`: there is no randomness.
pub(super) fn seal(password: &str, text: &str) -> Option<String> {
    let mut head = [0; SALT_BYTES + NONCE_LEN];
    SystemRandom::new().fill(&mut head).ok()?;
    let (salt, nonce) = head.split_at(SALT_BYTES);
    let nonce = Nonce::try_assume_unique_for_key(nonce).ok()?;
    let mut sealed = text.as_bytes().to_vec();
    key(password, salt)?
        .seal_in_place_append_tag(nonce, Aad::empty(), &mut sealed)
        .ok()?;
    Some(STANDARD.encode([&head[..], &sealed].concat()))
}

/// `None`: it is another password, or not what [`seal`] made.
pub(super) fn open(password: &str, sealed: &str) -> Option<String> {
    let bytes = STANDARD.decode(sealed.trim()).ok()?;
    let (salt, rest) = bytes.split_at_checked(SALT_BYTES)?;
    let (nonce, sealed) = rest.split_at_checked(NONCE_LEN)?;
    let nonce = Nonce::try_assume_unique_for_key(nonce).ok()?;
    let mut sealed = sealed.to_vec();
    let text = key(password, salt)?
        .open_in_place(nonce, Aad::empty(), &mut sealed)
        .ok()?;
    String::from_utf8(text.to_vec()).ok()
}

fn key(password: &str, salt: &[u8]) -> Option<LessSafeKey> {
    let mut key = [0; 32];
    derive(
        PBKDF2_HMAC_SHA256,
        ROUNDS,
        salt,
        password.as_bytes(),
        &mut key,
    );
    UnboundKey::new(&AES_256_GCM, &key)
        .ok()
        .map(LessSafeKey::new)
}

#[cfg(test)]
mod tests {
    use super::{open, seal};

    #[test]
    fn only_the_password_opens() {
        let sealed = seal("secret", "pdu.name=Ü\n").unwrap();
        assert_eq!(open("secret", &sealed).as_deref(), Some("pdu.name=Ü\n"));
        assert_eq!(open("other", &sealed), None);
        assert_eq!(open("secret", &sealed[..sealed.len() - 4]), None);
        for bad in ["", "AAAA", "no base64!"] {
            assert_eq!(open("secret", bad), None, "{bad}");
        }
        assert_ne!(sealed, seal("secret", "pdu.name=Ü\n").unwrap());
    }
}
