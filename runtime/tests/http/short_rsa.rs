//! A server key that no provider signs with: RSA of 1024 bits.

use std::sync::Arc;

use num_bigint::BigUint;
use ring::digest::{Algorithm, SHA256, SHA384, SHA512, digest};
use ring::rand::{SecureRandom as _, SystemRandom};
use rustls::pki_types::PrivatePkcs1KeyDer;
use rustls::pki_types::pem::PemObject;
use rustls::sign::{Signer, SigningKey};
use rustls::{Error, SignatureAlgorithm, SignatureScheme};

#[derive(Debug)]
pub(crate) struct ShortRsa(Arc<Numbers>);

#[derive(Debug)]
struct Numbers {
    modulus: BigUint,
    private: BigUint,
}

impl ShortRsa {
    /// From a key in the form of PKCS #1, as PEM.
    pub(crate) fn new(pem: &str) -> Self {
        let der = PrivatePkcs1KeyDer::from_pem_slice(pem.as_bytes()).expect("a key");
        // SEQUENCE { version, modulus, public exponent, private exponent, … }, all of them longer than 127 bytes or short.
        let mut rest = element(&mut der.secret_pkcs1_der());
        let mut number = || BigUint::from_bytes_be(element(&mut rest));
        let (_, modulus, _) = (number(), number(), number());
        Self(Arc::new(Numbers {
            modulus,
            private: number(),
        }))
    }
}

/// The value of the first element; what is left stays.
fn element<'a>(bytes: &mut &'a [u8]) -> &'a [u8] {
    let (start, length) = match bytes[1] {
        0x81 => (3, usize::from(bytes[2])),
        0x82 => (4, usize::from(bytes[2]) << 8 | usize::from(bytes[3])),
        short => (2, usize::from(short)),
    };
    let value = &bytes[start..start + length];
    *bytes = &bytes[start + length..];
    value
}

impl SigningKey for ShortRsa {
    fn choose_scheme(&self, offered: &[SignatureScheme]) -> Option<Box<dyn Signer>> {
        [
            SignatureScheme::RSA_PSS_SHA384,
            SignatureScheme::RSA_PSS_SHA256,
            SignatureScheme::RSA_PKCS1_SHA256,
        ]
        .into_iter()
        .find(|scheme| offered.contains(scheme))
        .map(|scheme| self.with(scheme))
    }

    fn algorithm(&self) -> SignatureAlgorithm {
        SignatureAlgorithm::RSA
    }
}

impl ShortRsa {
    fn with(&self, scheme: SignatureScheme) -> Box<dyn Signer> {
        Box::new(ShortSigner {
            key: Arc::clone(&self.0),
            scheme,
        })
    }
}

/// The same key, under one scheme only.
#[derive(Debug)]
pub(crate) struct OneScheme(pub(crate) ShortRsa, pub(crate) SignatureScheme);

impl SigningKey for OneScheme {
    fn choose_scheme(&self, offered: &[SignatureScheme]) -> Option<Box<dyn Signer>> {
        offered.contains(&self.1).then(|| self.0.with(self.1))
    }

    fn algorithm(&self) -> SignatureAlgorithm {
        SignatureAlgorithm::RSA
    }
}

#[derive(Debug)]
struct ShortSigner {
    key: Arc<Numbers>,
    scheme: SignatureScheme,
}

impl Signer for ShortSigner {
    fn sign(&self, message: &[u8]) -> Result<Vec<u8>, Error> {
        let encoded = match self.scheme {
            SignatureScheme::RSA_PSS_SHA256 => pss(&SHA256, message),
            SignatureScheme::RSA_PSS_SHA384 => pss(&SHA384, message),
            SignatureScheme::RSA_PKCS1_SHA256 => pkcs1(&SHA256, 1, message),
            SignatureScheme::RSA_PKCS1_SHA384 => pkcs1(&SHA384, 2, message),
            SignatureScheme::RSA_PKCS1_SHA512 => pkcs1(&SHA512, 3, message),
            other => panic!("not a scheme of this key: {other:?}"),
        };
        let signature = BigUint::from_bytes_be(&encoded)
            .modpow(&self.key.private, &self.key.modulus)
            .to_bytes_be();
        let mut padded = vec![0; 128 - signature.len()];
        padded.extend(signature);
        Ok(padded)
    }

    fn scheme(&self) -> SignatureScheme {
        self.scheme
    }
}

fn pkcs1(hash: &'static Algorithm, number: u8, message: &[u8]) -> Vec<u8> {
    let digest = digest(hash, message);
    let size = digest.as_ref().len() as u8;
    let mut end = vec![0x00, 0x30, 17 + size, 0x30, 0x0d, 0x06, 0x09];
    end.extend([0x60, 0x86, 0x48, 0x01, 0x65, 0x03, 0x04, 0x02, number]);
    end.extend([0x05, 0x00, 0x04, size]);
    end.extend(digest.as_ref());
    let mut encoded = vec![0x00, 0x01];
    encoded.resize(128 - end.len(), 0xff);
    encoded.extend(end);
    encoded
}

fn pss(hash: &'static Algorithm, message: &[u8]) -> Vec<u8> {
    let size = hash.output_len();
    let mut salt = vec![0; size];
    SystemRandom::new().fill(&mut salt).expect("randomness");
    let salted = [&[0; 8], digest(hash, message).as_ref(), &salt[..]].concat();
    let stated = digest(hash, &salted);
    let mut rows = vec![0; 128 - 1 - size - 1 - size];
    rows.push(1);
    rows.extend(&salt);
    for (counter, part) in (0u32..).zip(rows.chunks_mut(size)) {
        let seed = [stated.as_ref(), &counter.to_be_bytes()].concat();
        let mask = digest(hash, &seed);
        part.iter_mut()
            .zip(mask.as_ref())
            .for_each(|(byte, mask)| *byte ^= mask);
    }
    rows[0] &= 0x7f;
    rows.extend(stated.as_ref());
    rows.push(0xbc);
    rows
}
