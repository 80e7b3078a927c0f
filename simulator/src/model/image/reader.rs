//! Reads an image while it arrives, so that no device holds one in memory.

use ring::digest::{Context, SHA256};
use xerus_rpc::FirmwareVersion;

use super::header::{self, CHECKSUM_BYTES, HEAD_BYTES, MARK};
use super::{ImageFacts, ImageFault, Signature};

/// Takes an image in pieces.
pub struct ImageReader {
    head: Vec<u8>,
    /// The last bytes, which may be the checksum and therefore are not in it.
    tail: Vec<u8>,
    sha256: Context,
    md5: md5::Context,
    bytes: u64,
}

impl ImageReader {
    /// Nothing has come yet.
    #[must_use]
    pub fn new() -> Self {
        Self {
            head: Vec::new(),
            tail: Vec::new(),
            sha256: Context::new(&SHA256),
            md5: md5::Context::new(),
            bytes: 0,
        }
    }

    /// Takes the next piece.
    pub fn push(&mut self, piece: &[u8]) {
        let missing = HEAD_BYTES.saturating_sub(self.head.len());
        self.head
            .extend_from_slice(&piece[..piece.len().min(missing)]);
        self.md5.consume(piece);
        self.bytes = self
            .bytes
            .saturating_add(u64::try_from(piece.len()).unwrap_or(u64::MAX));
        if piece.len() >= CHECKSUM_BYTES {
            let (body, tail) = piece.split_at(piece.len() - CHECKSUM_BYTES);
            self.sha256.update(&self.tail);
            self.sha256.update(body);
            self.tail.clear();
            self.tail.extend_from_slice(tail);
        } else {
            self.tail.extend_from_slice(piece);
            let over = self.tail.len().saturating_sub(CHECKSUM_BYTES);
            self.sha256.update(&self.tail[..over]);
            self.tail.drain(..over);
        }
    }

    /// Bytes that came.
    #[must_use]
    pub fn bytes(&self) -> u64 {
        self.bytes
    }

    /// All came: what it is.
    #[must_use]
    pub fn finish(self) -> ReceivedImage {
        let md5 = format!("{:x}", self.md5.finalize());
        let facts = judge(&self.head, self.bytes, || {
            self.sha256.finish().as_ref() == self.tail
        });
        ReceivedImage {
            facts,
            bytes: self.bytes,
            md5,
        }
    }
}

impl Default for ImageReader {
    fn default() -> Self {
        Self::new()
    }
}

impl std::fmt::Debug for ImageReader {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("ImageReader")
            .field("bytes", &self.bytes)
            .finish_non_exhaustive()
    }
}

fn judge(
    head: &[u8],
    bytes: u64,
    checksum_is_right: impl FnOnce() -> bool,
) -> Result<ImageFacts, ImageFault> {
    if head.len() < FirmwareVersion::IMAGE_BYTES {
        return Err(ImageFault::TooShort { bytes });
    }
    let version = FirmwareVersion::from_image(head).ok_or(ImageFault::Foreign)?;
    if !head.starts_with(MARK) {
        return Ok(believed(version));
    }
    let (facts, declared) = header::read(head).ok_or(ImageFault::Description)?;
    if declared != bytes {
        return Err(ImageFault::Incomplete { declared, bytes });
    }
    if !checksum_is_right() {
        return Err(ImageFault::Damaged);
    }
    Ok(facts)
}

/// An image of a real device, of which nothing but the version can be read. It is taken, so that a roll-out can be tried
/// with the very file that it is for.
fn believed(version: FirmwareVersion) -> ImageFacts {
    let mut facts = ImageFacts::new(version);
    facts.signature = Some(Signature {
        signed_by: "not checked by the simulator".to_owned(),
        good: true,
        certified_by: "not checked by the simulator".to_owned(),
        certificate_good: true,
    });
    facts
}

/// A file that was uploaded as an image.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct ReceivedImage {
    /// What it tells about itself, or why it is no image.
    pub facts: Result<ImageFacts, ImageFault>,
    /// Bytes of the file.
    pub bytes: u64,
    /// MD5 sum of the file, 32 hexadecimal digits.
    pub md5: String,
}
