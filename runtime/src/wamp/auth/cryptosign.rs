//! `cryptosign`: the challenge is signed with a private key.

use zeroize::Zeroizing;

use super::key::{SigningKey, from_hex};
use crate::wamp::message::Object;

/// The signature, and behind it what was signed.
pub(super) fn sign(key: &SigningKey, extra: &Object) -> Result<Zeroizing<String>, &'static str> {
    let challenge = extra
        .text("challenge")
        .ok_or("sends a challenge without the bytes to be signed")?;
    let bytes: [u8; 32] =
        from_hex(&challenge).ok_or("sends a challenge that is not 64 hexadecimal digits")?;
    Ok(Zeroizing::new(key.sign_hex(&bytes) + &challenge))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_no_challenge_is_not_signed() {
        let key = SigningKey::from_hex(&"00".repeat(32)).expect("a key");
        for bad in [
            r"{}",
            r#"{"challenge":"00"}"#,
            r#"{"challenge":7}"#,
            r#"{"challenge":"zz00000000000000000000000000000000000000000000000000000000000000"}"#,
        ] {
            assert!(
                sign(&key, &Object::new(bad.to_owned().into())).is_err(),
                "{bad}"
            );
        }
        let good = format!(
            r#"{{"challenge":"{}","channel_binding":null}}"#,
            "07".repeat(32)
        );
        let signed = sign(&key, &Object::new(good.into())).expect("a challenge");
        assert_eq!(signed.len(), 128 + 64);
        assert!(signed.ends_with(&"07".repeat(32)));
    }
}
