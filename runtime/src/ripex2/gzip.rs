//! Bodies that come compressed.

use std::io::Read as _;

use bytes::Bytes;
use flate2::read::MultiGzDecoder;

use crate::error::{Error, ProtocolError};

/// The bytes that were compressed, at most `limit` of them.
///
/// # Errors
///
/// `Protocol` for what is no gzip, `ResponseTooLarge` when there are more than `limit` bytes: nothing beyond that is unpacked.
pub(super) fn unpack(body: &Bytes, limit: usize) -> Result<Bytes, Error> {
    let mut plain = Vec::new();
    let most = (limit as u64).saturating_add(1);
    let read = MultiGzDecoder::new(&body[..])
        .take(most)
        .read_to_end(&mut plain);
    if plain.len() > limit {
        return Err(Error::response_too_large(limit, plain.len()));
    }
    match read {
        Ok(_) => Ok(plain.into()),
        Err(error) => Err(Error::from(ProtocolError::new(
            "the body says that it is gzip, and is not",
        ))
        .with_source(error)),
    }
}
