//! Against signatures that OpenSSL made, and against what a forger would try.

use std::collections::HashMap;

use ring::signature::{
    RSA_PKCS1_1024_8192_SHA256_FOR_LEGACY_USE_ONLY, RSA_PKCS1_1024_8192_SHA512_FOR_LEGACY_USE_ONLY,
    RsaPublicKeyComponents,
};

use super::*;
use crate::http::tls::key::Key;

const MESSAGE: &[u8] = b"a handshake";

const SCHEMES: [(&str, SignatureScheme); 6] = [
    ("pkcs1-256", SignatureScheme::RSA_PKCS1_SHA256),
    ("pkcs1-384", SignatureScheme::RSA_PKCS1_SHA384),
    ("pkcs1-512", SignatureScheme::RSA_PKCS1_SHA512),
    ("pss-256", SignatureScheme::RSA_PSS_SHA256),
    ("pss-384", SignatureScheme::RSA_PSS_SHA384),
    ("pss-512", SignatureScheme::RSA_PSS_SHA512),
];

fn bytes(hex: &str) -> Vec<u8> {
    (0..hex.len())
        .step_by(2)
        .map(|at| u8::from_str_radix(&hex[at..at + 2], 16).expect("hexadecimal"))
        .collect()
}

/// What it is, bits of the key, key, signature.
fn vectors() -> Vec<(&'static str, &'static str, Vec<u8>, Vec<u8>)> {
    let mut keys = HashMap::new();
    let mut found = Vec::new();
    for line in include_str!("vectors.txt").lines() {
        if line.starts_with('#') {
            continue;
        }
        let mut words = line.split(' ');
        let mut word = || words.next().expect("three words");
        let (what, bits, value) = (word(), word(), bytes(word()));
        if what == "key" {
            keys.insert(bits, value);
        } else {
            found.push((what, bits, keys[bits].clone(), value));
        }
    }
    found
}

fn rsa(info: &[u8]) -> RsaKey<'_> {
    match Key::parse(info) {
        Some(Key::Rsa(key)) => key,
        other => panic!("{other:?}"),
    }
}

#[test]
fn signatures_are_accepted_under_their_scheme_alone() {
    let mut seen = 0;
    for (what, bits, key, signature) in vectors() {
        let key = rsa(&key);
        assert_eq!(key.bits().to_string(), bits);
        for (name, scheme) in SCHEMES {
            assert_eq!(
                verify(key, scheme, MESSAGE, &signature),
                name == what,
                "{what} of {bits} as {name}"
            );
            seen += usize::from(name == what);
        }
        for other in [&b""[..], b"another handshake", b"a handshakf"] {
            for (_, scheme) in SCHEMES {
                assert!(!verify(key, scheme, other, &signature), "{what} {bits}");
            }
        }
    }
    assert_eq!(seen, 21);
}

#[test]
fn no_changed_signature_is_accepted() {
    for (what, bits, key, signature) in vectors() {
        let key = rsa(&key);
        let Some((_, scheme)) = SCHEMES.iter().find(|(name, _)| *name == what) else {
            continue;
        };
        for at in (0..signature.len()).step_by(9) {
            let mut changed = signature.clone();
            changed[at] ^= 0x10;
            assert!(
                !verify(key, *scheme, MESSAGE, &changed),
                "{what} {bits} {at}"
            );
        }
        let longer = [&[0][..], &signature].concat();
        for wrong in [&signature[1..], &longer, &[], key.modulus] {
            assert!(!verify(key, *scheme, MESSAGE, wrong), "{what} {bits}");
        }
        // The same number once more: a signature is below the modulus.
        let again = BigUint::from_bytes_be(&signature) + BigUint::from_bytes_be(key.modulus);
        assert!(
            !verify(key, *scheme, MESSAGE, &again.to_bytes_be()),
            "{what} {bits}"
        );
    }
}

#[test]
fn ring_agrees_where_it_can() {
    let mut seen = 0;
    for (what, bits, key, signature) in vectors() {
        let key = rsa(&key);
        let parameters = match what {
            "pkcs1-256" => &RSA_PKCS1_1024_8192_SHA256_FOR_LEGACY_USE_ONLY,
            "pkcs1-512" => &RSA_PKCS1_1024_8192_SHA512_FOR_LEGACY_USE_ONLY,
            _ => continue,
        };
        let public = RsaPublicKeyComponents {
            n: key.modulus,
            e: key.exponent,
        };
        assert!(
            public.verify(parameters, MESSAGE, &signature).is_ok(),
            "{what} {bits}"
        );
        seen += 1;
    }
    assert_eq!(seen, 8);
}

#[test]
fn keys_with_which_anybody_can_sign_are_refused() {
    let modulus = {
        let mut odd = vec![0xff; 128];
        odd[127] = 0xfd;
        odd
    };
    let encoded = pkcs1(&SHA256, MESSAGE, 128).expect("it fits");
    let verify = |modulus: &[u8], exponent: &[u8]| {
        let key = RsaKey { modulus, exponent };
        verify(key, SignatureScheme::RSA_PKCS1_SHA256, MESSAGE, &encoded)
    };
    // Raised to 1, the message is its own signature.
    assert!(!verify(&modulus, &[1]));
    assert!(!verify(&modulus, &[2]));
    assert!(!verify(&modulus, &[]));
    assert!(!verify(&modulus, &[0xff; 128]));
    assert!(!verify(&[], &[3]));
    assert!(!verify(&[0xff; 127], &[3]));
}

#[test]
fn a_message_that_fits_no_padding_is_refused_without_a_panic() {
    // 512 bits hold no digest of 512 bits, whatever the padding.
    assert_eq!(pkcs1(&SHA512, MESSAGE, 64), None);
    for length in 1..130 {
        for bits in (8 * length - 7)..=(8 * length) {
            assert!(
                !is_pss(&SHA512, MESSAGE, &vec![0xbc; length], bits),
                "{length}"
            );
        }
    }
}
