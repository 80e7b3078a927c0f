//! Frames: `LENGTH:BODY,` with the length in bytes.

use std::fmt;
use std::io;

use bytes::{Buf as _, BufMut as _, Bytes, BytesMut};
use tokio_util::codec::{Decoder, Encoder};

/// More digits than any length that is accepted.
const DIGITS: usize = 9;

/// Reads and writes netstrings. Nothing is allocated for a body before its length was found to be within the limit.
///
/// ```
/// use bytes::BytesMut;
/// use tokio_util::codec::{Decoder, Encoder};
/// use xerus_rpc::netstring::Codec;
///
/// let mut codec = Codec::new(1024);
/// let mut buffer = BytesMut::new();
/// codec.encode(b"hello world!", &mut buffer)?;
/// assert_eq!(buffer, "12:hello world!,");
/// assert_eq!(codec.decode(&mut buffer)?.as_deref(), Some(&b"hello world!"[..]));
/// # Ok::<(), xerus_rpc::netstring::FrameError>(())
/// ```
#[derive(Clone, Debug)]
pub struct Codec {
    limit: usize,
    /// The length of the body that is coming in.
    expected: Option<usize>,
}

/// Why what came is no frame. The connection cannot be used any more.
#[derive(Debug)]
#[non_exhaustive]
pub enum FrameError {
    /// There is no length, or one with a leading zero, a sign, a blank or too many digits.
    Length,
    /// The frame has no body.
    Empty,
    /// No comma stands behind the body.
    Comma,
    /// The body is longer than the limit.
    TooLarge {
        /// The limit, in bytes.
        limit: usize,
        /// What the frame announces, in bytes.
        seen: usize,
    },
    /// The connection failed, or ended inside a frame.
    Io(io::Error),
}

impl FrameError {
    /// What is wrong, in words.
    pub(super) fn what(&self) -> &'static str {
        match self {
            Self::Length => "a frame does not begin with a length and a colon",
            Self::Empty => "a frame is empty",
            Self::Comma => "a frame does not end with a comma",
            Self::TooLarge { .. } => "a frame is too large",
            Self::Io(_) => "the connection ended",
        }
    }
}

impl fmt::Display for FrameError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::TooLarge { limit, seen } => write!(
                f,
                "a frame of {seen} bytes is over the limit of {limit}: raise the limit, or ask for less"
            ),
            Self::Io(_) => f.write_str("the connection ended inside a frame: connect again"),
            _ => write!(f, "{}: check what listens at this port", self.what()),
        }
    }
}

impl std::error::Error for FrameError {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        match self {
            Self::Io(error) => Some(error),
            _ => None,
        }
    }
}

impl From<io::Error> for FrameError {
    fn from(error: io::Error) -> Self {
        Self::Io(error)
    }
}

impl Codec {
    /// A codec for bodies of at most `limit` bytes.
    #[must_use]
    pub fn new(limit: usize) -> Self {
        Self {
            limit: limit.min(999_999_999),
            expected: None,
        }
    }

    /// Whether a frame has begun to come in.
    pub(super) fn is_inside(&self) -> bool {
        self.expected.is_some()
    }

    /// Takes the length off the buffer, once it is complete.
    fn length(&self, buffer: &mut BytesMut) -> Result<Option<usize>, FrameError> {
        let head = &buffer[..buffer.len().min(DIGITS + 1)];
        let digits = head.iter().take_while(|byte| byte.is_ascii_digit()).count();
        if digits > DIGITS || (digits > 1 && head[0] == b'0') {
            return Err(FrameError::Length);
        }
        match head.get(digits) {
            None => return Ok(None),
            Some(b':') if digits > 0 => {}
            Some(_) => return Err(FrameError::Length),
        }
        let length = head[..digits]
            .iter()
            .fold(0, |sum, digit| sum * 10 + usize::from(digit - b'0'));
        if length == 0 {
            return Err(FrameError::Empty);
        }
        if length > self.limit {
            return Err(FrameError::TooLarge {
                limit: self.limit,
                seen: length,
            });
        }
        buffer.advance(digits + 1);
        Ok(Some(length))
    }
}

// The documentation that comes with it links to crates that are not documented here.
#[doc(hidden)]
impl Decoder for Codec {
    type Item = Bytes;
    type Error = FrameError;

    fn decode(&mut self, buffer: &mut BytesMut) -> Result<Option<Bytes>, FrameError> {
        let length = match self.expected {
            Some(length) => length,
            None => match self.length(buffer)? {
                Some(length) => *self.expected.insert(length),
                None => return Ok(None),
            },
        };
        let Some(end) = buffer.get(length) else {
            buffer.reserve(length + 1 - buffer.len());
            return Ok(None);
        };
        if *end != b',' {
            return Err(FrameError::Comma);
        }
        self.expected = None;
        let body = buffer.split_to(length).freeze();
        buffer.advance(1);
        Ok(Some(body))
    }
}

#[doc(hidden)]
impl<T: AsRef<[u8]>> Encoder<T> for Codec {
    type Error = FrameError;

    fn encode(&mut self, body: T, buffer: &mut BytesMut) -> Result<(), FrameError> {
        put(body.as_ref(), buffer);
        Ok(())
    }
}

/// Writes a frame.
pub(super) fn put(body: &[u8], buffer: &mut BytesMut) {
    let mut digits = itoa::Buffer::new();
    let length = digits.format(body.len()).as_bytes();
    buffer.reserve(length.len() + body.len() + 2);
    buffer.put_slice(length);
    buffer.put_u8(b':');
    buffer.put_slice(body);
    buffer.put_u8(b',');
}

/// Appends the frame of a body, of which it is known about how long it will be.
pub(super) fn append(text: &mut Vec<u8>, bytes: usize, body: impl FnOnce(&mut Vec<u8>)) {
    let mut digits = itoa::Buffer::new();
    let guess = digits.format(bytes).len() + 1;
    let start = text.len();
    text.reserve(bytes + guess + 1);
    text.resize(start + guess, b':');
    body(text);
    let end = text.len();
    let length = digits.format(end - start - guess).as_bytes();
    let head = length.len() + 1;
    if head != guess {
        text.resize(end + head.saturating_sub(guess), 0);
        text.copy_within(start + guess..end, start + head);
        text.truncate(end + head - guess);
    }
    text[start..start + length.len()].copy_from_slice(length);
    text[start + length.len()] = b':';
    text.push(b',');
}

#[cfg(test)]
mod tests {
    use super::*;

    fn all(text: &[u8], limit: usize) -> (Vec<Bytes>, Option<FrameError>) {
        let (mut codec, mut buffer) = (Codec::new(limit), BytesMut::from(text));
        let mut bodies = Vec::new();
        loop {
            match codec.decode(&mut buffer) {
                Ok(Some(body)) => bodies.push(body),
                Ok(None) => return (bodies, None),
                Err(error) => return (bodies, Some(error)),
            }
        }
    }

    #[test]
    fn n9_a_frame_in_pieces_is_put_together() {
        let (mut codec, mut buffer) = (Codec::new(100), BytesMut::new());
        let text = b"12:hello world!,1:a,";
        let mut bodies = Vec::new();
        for byte in text {
            buffer.put_u8(*byte);
            bodies.extend(codec.decode(&mut buffer).expect("a frame"));
        }
        assert_eq!(bodies, ["hello world!", "a"]);
    }

    #[test]
    fn n10_of_several_frames_in_one_read_the_good_ones_are_delivered() {
        let (bodies, error) = all(b"1:a,2:bc,3:d", 100);
        assert_eq!(bodies, ["a", "bc"]);
        assert!(error.is_none());
    }

    #[test]
    fn n18_to_n21_what_is_no_frame_is_refused() {
        for text in [
            &b"012:hello world!,"[..],
            b":a,",
            b"-1:a,",
            b" 1:a,",
            b"\n1:a,",
            b"1234567890:",
            b"9999999999",
            b"a",
            b"{\"id\":1}",
        ] {
            let (bodies, error) = all(text, 100);
            assert!(bodies.is_empty());
            assert!(matches!(error, Some(FrameError::Length)), "{text:?}");
        }
        assert!(matches!(all(b"0:,", 100).1, Some(FrameError::Empty)));
        assert!(matches!(all(b"1:ab", 100).1, Some(FrameError::Comma)));
        let large = all(b"999999999:", 100).1;
        assert!(matches!(
            large,
            Some(FrameError::TooLarge {
                limit: 100,
                seen: 999_999_999
            })
        ));
    }

    #[test]
    fn nothing_is_reserved_beyond_the_limit() {
        let (mut codec, mut buffer) = (Codec::new(100), BytesMut::from(&b"101:"[..]));
        assert!(codec.decode(&mut buffer).is_err());
        assert!(buffer.capacity() < 1024);
    }

    #[test]
    fn lengths_count_bytes() {
        let mut text = b"1:a,".to_vec();
        append(&mut text, 7, |text| text.extend_from_slice("é".as_bytes()));
        assert_eq!(text, "1:a,2:é,".as_bytes());
    }

    #[test]
    fn a_frame_is_right_however_well_its_length_was_guessed() {
        for length in [1, 9, 10, 99, 100, 12_345] {
            for guess in [0, 1, 9, 10, 100, 99_999] {
                let body = "x".repeat(length);
                let mut text = b"before".to_vec();
                append(&mut text, guess, |text| {
                    text.extend_from_slice(body.as_bytes());
                });
                let expected = format!("before{length}:{body},");
                assert_eq!(String::from_utf8(text).expect("text"), expected);
            }
        }
    }
}
