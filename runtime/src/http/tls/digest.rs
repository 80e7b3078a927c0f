//! SHA-256 digests.

use crate::error::Fingerprint;

pub(super) fn sha256(bytes: &[u8]) -> Fingerprint {
    fingerprint(ring::digest::digest(&ring::digest::SHA256, bytes))
}

pub(super) fn fingerprint(digest: ring::digest::Digest) -> Fingerprint {
    let mut bytes = [0; 32];
    bytes.copy_from_slice(digest.as_ref());
    Fingerprint::from_bytes(bytes)
}
