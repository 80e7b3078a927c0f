//! Which kind of key a certificate holds.

use super::der::{BIT_STRING, Der, INTEGER, OID, SEQUENCE};

/// A public key, as far as it matters who can check its signatures.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Key<'a> {
    Rsa(RsaKey<'a>),
    /// A curve that every provider knows.
    Usual,
    P521,
    /// None of these, by its name.
    Other(&'static str),
}

/// Both numbers without leading zeros.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct RsaKey<'a> {
    pub(super) modulus: &'a [u8],
    pub(super) exponent: &'a [u8],
}

const RSA: &[u8] = &[0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x01, 0x01];
const RSA_PSS: &[u8] = &[0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x01, 0x0a];
const DSA: &[u8] = &[0x2a, 0x86, 0x48, 0xce, 0x38, 0x04, 0x01];
const ELLIPTIC: &[u8] = &[0x2a, 0x86, 0x48, 0xce, 0x3d, 0x02, 0x01];
const P256: &[u8] = &[0x2a, 0x86, 0x48, 0xce, 0x3d, 0x03, 0x01, 0x07];
const P384: &[u8] = &[0x2b, 0x81, 0x04, 0x00, 0x22];
const P521: &[u8] = &[0x2b, 0x81, 0x04, 0x00, 0x23];
const P224: &[u8] = &[0x2b, 0x81, 0x04, 0x00, 0x21];
const K256: &[u8] = &[0x2b, 0x81, 0x04, 0x00, 0x0a];
const BRAINPOOL: &[u8] = &[0x2b, 0x24, 0x03, 0x03, 0x02, 0x08, 0x01, 0x01];
const ED25519: &[u8] = &[0x2b, 0x65, 0x70];
const ED448: &[u8] = &[0x2b, 0x65, 0x71];

impl<'a> Key<'a> {
    /// From a `SubjectPublicKeyInfo`; `None` where it is not one.
    pub(super) fn parse(info: &'a [u8]) -> Option<Self> {
        let mut info = Der::new(info).expect(SEQUENCE)?.inside();
        let mut algorithm = info.expect(SEQUENCE)?.inside();
        let bits = info.expect(BIT_STRING)?.value;
        Some(match algorithm.expect(OID)?.value {
            RSA => Self::Rsa(RsaKey::parse(bits.strip_prefix(&[0])?)?),
            ELLIPTIC => match algorithm.expect(OID).map(|curve| curve.value) {
                Some(P256 | P384) => Self::Usual,
                Some(P521) => Self::P521,
                Some(P224) => Self::Other("the curve P-224"),
                Some(K256) => Self::Other("the curve secp256k1"),
                Some(curve) if curve.starts_with(BRAINPOOL) => Self::Other("a Brainpool curve"),
                _ => Self::Other("an unknown curve"),
            },
            ED25519 => Self::Usual,
            ED448 => Self::Other("the curve Ed448"),
            RSA_PSS => Self::Other("RSA that is bound to PSS"),
            DSA => Self::Other("DSA"),
            _ => Self::Other("an unknown kind of key"),
        })
    }
}

impl<'a> RsaKey<'a> {
    fn parse(bytes: &'a [u8]) -> Option<Self> {
        let mut numbers = Der::new(bytes).expect(SEQUENCE)?.inside();
        let mut number = || {
            let digits = numbers.expect(INTEGER)?.value;
            let zeros = digits.iter().take_while(|&&digit| digit == 0).count();
            let digits = &digits[zeros..];
            (!digits.is_empty()).then_some(digits)
        };
        Some(Self {
            modulus: number()?,
            exponent: number()?,
        })
    }

    /// The length of the modulus.
    pub(super) fn bits(self) -> usize {
        let first = self
            .modulus
            .first()
            .map_or(0, |first| first.leading_zeros());
        8 * self.modulus.len() - first as usize
    }
}

#[cfg(test)]
mod tests {
    use rcgen::{KeyPair, PublicKeyData};

    use super::*;

    #[test]
    fn usual_keys_are_known() {
        for algorithm in [
            &rcgen::PKCS_ECDSA_P256_SHA256,
            &rcgen::PKCS_ECDSA_P384_SHA384,
            &rcgen::PKCS_ED25519,
        ] {
            let key = KeyPair::generate_for(algorithm).expect("a key");
            let info = key.subject_public_key_info();
            assert_eq!(Key::parse(&info), Some(Key::Usual), "{algorithm:?}");
            assert_eq!(Key::parse(&info[..info.len() - 1]), None);
        }
    }

    #[test]
    fn rsa_keys_have_a_length() {
        // 65 537 and a number of 10 bits.
        let info = [
            0x30, 0x1d, 0x30, 0x0d, 0x06, 0x09, 0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x01,
            0x01, 0x05, 0x00, 0x03, 0x0c, 0x00, 0x30, 0x09, 0x02, 0x02, 0x02, 0x01, 0x02, 0x03,
            0x01, 0x00, 0x01,
        ];
        let Some(Key::Rsa(key)) = Key::parse(&info) else {
            panic!("no RSA key")
        };
        assert_eq!((key.bits(), key.exponent), (10, &[1, 0, 1][..]));
    }

    /// A `SubjectPublicKeyInfo` with these identifiers and no key to speak of.
    fn info(algorithm: &[u8], curve: Option<&[u8]>) -> Vec<u8> {
        let element = |tag: u8, value: &[u8]| [&[tag, value.len() as u8][..], value].concat();
        let mut ids = element(OID, algorithm);
        if let Some(curve) = curve {
            ids.extend(element(OID, curve));
        }
        let parts = [element(SEQUENCE, &ids), element(BIT_STRING, &[0, 4, 1, 2])].concat();
        element(SEQUENCE, &parts)
    }

    #[test]
    fn unusual_keys_have_names() {
        let brainpool = [BRAINPOOL, &[7]].concat();
        for (algorithm, curve, key) in [
            (ELLIPTIC, Some(P521), Key::P521),
            (ELLIPTIC, Some(P224), Key::Other("the curve P-224")),
            (ELLIPTIC, Some(K256), Key::Other("the curve secp256k1")),
            (ELLIPTIC, Some(&brainpool), Key::Other("a Brainpool curve")),
            (ELLIPTIC, Some(ED25519), Key::Other("an unknown curve")),
            (ELLIPTIC, None, Key::Other("an unknown curve")),
            (ED448, None, Key::Other("the curve Ed448")),
            (RSA_PSS, None, Key::Other("RSA that is bound to PSS")),
            (DSA, None, Key::Other("DSA")),
            (P256, None, Key::Other("an unknown kind of key")),
        ] {
            assert_eq!(Key::parse(&info(algorithm, curve)), Some(key));
        }
        assert_eq!(Key::parse(&info(RSA, None)), None);
    }
}
