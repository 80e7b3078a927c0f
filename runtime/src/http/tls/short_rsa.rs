//! Signatures by RSA keys of 1024 to 2047 bits, which old devices have and which the crypto providers check under some
//! schemes and not under others: never with PSS, which TLS 1.3 demands.
//!
//! Only the public operation is done here, on what went over the wire in clear text: no secret is near, so it need not
//! take the same time for all numbers. RFC 8017: 8.1.2 and 9.1.2 (PSS), 8.2.2 and 9.2 (PKCS #1).

use num_bigint::BigUint;
use ring::digest::{Algorithm, Context, SHA256, SHA384, SHA512, digest};
use rustls::SignatureScheme;

use super::key::RsaKey;

/// Below these a signature proves nothing; above, the provider checks it.
pub(super) const BITS: std::ops::Range<usize> = 1024..2048;

/// The largest public exponent in bits, which bounds the work.
const EXPONENT_BITS: u64 = 33;

enum Padding {
    Pkcs1,
    Pss,
}

/// Whether `signature` is that of `message` by the owner of `key`.
pub(super) fn verify(
    key: RsaKey<'_>,
    scheme: SignatureScheme,
    message: &[u8],
    signature: &[u8],
) -> bool {
    let Some((padding, hash)) = parts(scheme) else {
        return false;
    };
    let Some(encoded) = open(key, signature) else {
        return false;
    };
    match padding {
        Padding::Pkcs1 => pkcs1(hash, message, encoded.len()).is_some_and(|sound| sound == encoded),
        Padding::Pss => is_pss(hash, message, &encoded, key.bits() - 1),
    }
}

fn parts(scheme: SignatureScheme) -> Option<(Padding, &'static Algorithm)> {
    Some(match scheme {
        SignatureScheme::RSA_PKCS1_SHA256 => (Padding::Pkcs1, &SHA256),
        SignatureScheme::RSA_PKCS1_SHA384 => (Padding::Pkcs1, &SHA384),
        SignatureScheme::RSA_PKCS1_SHA512 => (Padding::Pkcs1, &SHA512),
        SignatureScheme::RSA_PSS_SHA256 => (Padding::Pss, &SHA256),
        SignatureScheme::RSA_PSS_SHA384 => (Padding::Pss, &SHA384),
        SignatureScheme::RSA_PSS_SHA512 => (Padding::Pss, &SHA512),
        _ => return None,
    })
}

/// The signature raised to the public exponent, as long as the modulus.
fn open(key: RsaKey<'_>, signature: &[u8]) -> Option<Vec<u8>> {
    let modulus = BigUint::from_bytes_be(key.modulus);
    let exponent = BigUint::from_bytes_be(key.exponent);
    let signature_number = BigUint::from_bytes_be(signature);
    // An exponent of 1 would leave the signature as it is, and anybody can write that.
    let sound = BITS.contains(&key.bits())
        && modulus.bit(0)
        && exponent.bit(0)
        && (2..=EXPONENT_BITS).contains(&exponent.bits())
        && signature.len() == key.modulus.len()
        && signature_number < modulus;
    if !sound {
        return None;
    }
    let digits = signature_number.modpow(&exponent, &modulus).to_bytes_be();
    let mut encoded = vec![0; key.modulus.len()];
    let start = encoded.len().checked_sub(digits.len())?;
    encoded[start..].copy_from_slice(&digits);
    Some(encoded)
}

/// What a signed message has to look like.
fn pkcs1(hash: &'static Algorithm, message: &[u8], length: usize) -> Option<Vec<u8>> {
    // `DigestInfo` up to the digest; the numbers of SHA-256, SHA-384 and SHA-512 are 1, 2 and 3.
    let number = match hash.output_len() {
        32 => 1,
        48 => 2,
        _ => 3,
    };
    let size = u8::try_from(hash.output_len()).ok()?;
    let prefix = [
        0x30,
        17 + size,
        0x30,
        0x0d,
        0x06,
        0x09,
        0x60,
        0x86,
        0x48,
        0x01,
        0x65,
        0x03,
        0x04,
        0x02,
        number,
        0x05,
        0x00,
        0x04,
        size,
    ];
    let digest = digest(hash, message);
    let filler = length.checked_sub(3 + prefix.len() + hash.output_len())?;
    if filler < 8 {
        return None;
    }
    let mut encoded = vec![0, 1];
    encoded.resize(2 + filler, 0xff);
    encoded.push(0);
    encoded.extend_from_slice(&prefix);
    encoded.extend_from_slice(digest.as_ref());
    Some(encoded)
}

/// Whether the encoded message is one of `message`, with a salt as long as the digest, as TLS has it.
fn is_pss(hash: &'static Algorithm, message: &[u8], encoded: &[u8], bits: usize) -> bool {
    let size = hash.output_len();
    // With a modulus of 8n + 1 bits the encoded message is one byte shorter.
    let (leading, encoded) = encoded.split_at(encoded.len() - bits.div_ceil(8));
    let Some(rows) = encoded.len().checked_sub(size + 1) else {
        return false;
    };
    let Some(zeros) = rows.checked_sub(size + 1) else {
        return false;
    };
    let (masked, rest) = encoded.split_at(rows);
    let (stated, trailer) = rest.split_at(size);
    let unused = 8 * encoded.len() - bits;
    let unused_bits = !(0xff_u8 >> unused);
    if leading.iter().any(|&byte| byte != 0) || trailer != [0xbc] || masked[0] & unused_bits != 0 {
        return false;
    }
    let mut rows = masked.to_vec();
    unmask(hash, stated, &mut rows);
    rows[0] &= !unused_bits;
    let (padding, salt) = rows.split_at(zeros + 1);
    if padding[..zeros].iter().any(|&byte| byte != 0) || padding[zeros] != 1 {
        return false;
    }
    let mut expected = Context::new(hash);
    expected.update(&[0; 8]);
    expected.update(digest(hash, message).as_ref());
    expected.update(salt);
    expected.finish().as_ref() == stated
}

/// Takes the mask off that the digest makes (MGF1).
fn unmask(hash: &'static Algorithm, seed: &[u8], bytes: &mut [u8]) {
    for (counter, part) in (0u32..).zip(bytes.chunks_mut(hash.output_len())) {
        let mut mask = Context::new(hash);
        mask.update(seed);
        mask.update(&counter.to_be_bytes());
        for (byte, mask) in part.iter_mut().zip(mask.finish().as_ref()) {
            *byte ^= mask;
        }
    }
}

#[cfg(test)]
mod tests;
