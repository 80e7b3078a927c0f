//! `wampcra`: the challenge is signed with a secret, or with what a salt makes of it.

use std::num::NonZeroU32;

use base64::Engine as _;
use base64::prelude::BASE64_STANDARD;
use ring::{hmac, pbkdf2};
use zeroize::Zeroizing;

use crate::wamp::message::Object;

/// More rounds than this a router must not make us compute.
const MOST_ROUNDS: u32 = 1_000_000;
/// The longest key that is derived, in bytes.
const LONGEST_KEY: u64 = 64;

pub(super) async fn sign(
    secret: &Zeroizing<String>,
    extra: &Object,
) -> Result<Zeroizing<String>, &'static str> {
    let challenge = extra
        .text("challenge")
        .ok_or("sends a challenge without the text to be signed")?;
    let key = match extra.text("salt") {
        None => secret.clone(),
        Some(salt) => {
            let rounds = number(extra, "iterations", 1000)?;
            let rounds = u32::try_from(rounds)
                .ok()
                .filter(|rounds| *rounds <= MOST_ROUNDS)
                .and_then(NonZeroU32::new)
                .ok_or("wants more than 1 000 000 rounds for the key, or none")?;
            let length = number(extra, "keylen", 32)?;
            if length == 0 || length > LONGEST_KEY {
                return Err("wants a key of more than 64 bytes, or of none");
            }
            let secret = secret.clone();
            // It takes a while, on purpose.
            tokio::task::spawn_blocking(move || derive(&secret, &salt, rounds, length as usize))
                .await
                .map_err(|_| "was left before the key was computed")?
        }
    };
    let key = hmac::Key::new(hmac::HMAC_SHA256, key.as_bytes());
    let tag = hmac::sign(&key, challenge.as_bytes());
    Ok(Zeroizing::new(BASE64_STANDARD.encode(tag)))
}

/// A number that may be left out.
fn number(extra: &Object, name: &str, default: u64) -> Result<u64, &'static str> {
    match extra.get(name) {
        None => Ok(default),
        Some(_) => extra
            .number(name)
            .ok_or("sends something else than a number for the rounds or the length of the key"),
    }
}

/// The text that takes the place of the secret.
fn derive(secret: &str, salt: &str, rounds: NonZeroU32, length: usize) -> Zeroizing<String> {
    let mut key = Zeroizing::new(vec![0; length]);
    pbkdf2::derive(
        pbkdf2::PBKDF2_HMAC_SHA256,
        rounds,
        salt.as_bytes(),
        secret.as_bytes(),
        &mut key,
    );
    Zeroizing::new(BASE64_STANDARD.encode(&*key))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn extra(json: &str) -> Object {
        Object::new(json.to_owned().into())
    }

    /// What a router that is run beside this crate sent, and what it took for an answer.
    #[tokio::test]
    async fn signatures_are_those_that_routers_accept() {
        let carl = r#"{"challenge": "{\"authid\": \"carl\", \"authrole\": \"operator\", \"authmethod\": \"wampcra\", \"authprovider\": \"static\", \"session\": 3723463393144527, \"nonce\": \"0Mys9428YTE+0rCwYBnf5+yju/6gEkDmegcO6Zaw1+jaNATOP5quV8Z3GOyBVEvA\", \"timestamp\": \"2026-11-28T19:20:41.103Z\"}"}"#;
        let sally = r#"{"challenge": "{\"authid\": \"sally\", \"authrole\": \"operator\", \"authmethod\": \"wampcra\", \"authprovider\": \"static\", \"session\": 2899032093924259, \"nonce\": \"9EUa7MdUG5XGfIZa9zR2pTkhgTWsO4AjJfnblQIU9rhe3CotJsvmK60MBgDuHLHZ\", \"timestamp\": \"2026-11-28T19:20:41.308Z\"}", "salt": "salt123", "iterations": 100, "keylen": 32}"#;
        for (challenge, secret, signature) in [
            (
                carl,
                "secret-of-carl",
                "ui55TJ2vFNlZn4FROzGASg28+bf+4ejWYBTVmChIuTA=",
            ),
            (
                sally,
                "password-of-sally",
                "ywvu4fXFnEnHvQ83KPTvZa34aOqSg2LwtaMQ/TroFgY=",
            ),
        ] {
            let secret = Zeroizing::new(secret.to_owned());
            let signed = sign(&secret, &extra(challenge)).await.expect("a challenge");
            assert_eq!(signed.as_str(), signature);
        }
    }

    #[tokio::test]
    async fn a_router_cannot_keep_us_computing() {
        let secret = Zeroizing::new("s".to_owned());
        for bad in [
            r"{}",
            r#"{"challenge":"c","salt":"s","iterations":1000001}"#,
            r#"{"challenge":"c","salt":"s","iterations":0}"#,
            r#"{"challenge":"c","salt":"s","iterations":"9"}"#,
            r#"{"challenge":"c","salt":"s","keylen":1000000000}"#,
            r#"{"challenge":"c","salt":"s","keylen":0}"#,
        ] {
            assert!(sign(&secret, &extra(bad)).await.is_err(), "{bad}");
        }
        let fine = extra(r#"{"challenge":"c","salt":"s"}"#);
        assert!(sign(&secret, &fine).await.is_ok());
    }
}
