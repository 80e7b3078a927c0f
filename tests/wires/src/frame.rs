//! Frames: `LENGTH:BODY,` with the length in decimal bytes.

use std::io;

use tokio::io::{AsyncBufRead, AsyncBufReadExt as _, AsyncReadExt as _};

/// Why there is no next frame.
#[derive(Debug)]
pub(crate) enum Broken {
    /// The connection ended between two frames.
    End,
    /// The connection ended inside a frame, or failed.
    Lost(io::Error),
    /// No frame.
    Form(&'static str, Vec<u8>),
    /// A frame longer than the limit, and how long it says it is.
    TooLarge(usize),
}

/// More digits than any length that can be accepted.
const DIGITS: usize = 9;

/// A body as a frame.
pub(crate) fn frame(body: &str) -> Vec<u8> {
    format!("{}:{body},", body.len()).into_bytes()
}

/// Reads the next body. Nothing is allocated for a body before its length was found good.
pub(crate) async fn read(
    stream: &mut (impl AsyncBufRead + Unpin),
    limit: usize,
) -> Result<String, Broken> {
    let mut head = Vec::new();
    let most = DIGITS as u64 + 1;
    let read = (&mut *stream).take(most).read_until(b':', &mut head).await;
    match read {
        Err(error) => return Err(Broken::Lost(error)),
        Ok(0) => return Err(Broken::End),
        Ok(_) if head.last() != Some(&b':') => {
            return Err(Broken::Form("there is no length", head));
        }
        Ok(_) => {}
    }
    let digits = &head[..head.len() - 1];
    let plain = digits.iter().all(u8::is_ascii_digit)
        && !digits.is_empty()
        && (digits.len() == 1 || digits[0] != b'0');
    let length = std::str::from_utf8(digits).ok().filter(|_| plain);
    let Some(length) = length.and_then(|text| text.parse::<usize>().ok()) else {
        return Err(Broken::Form("the length is no number", head));
    };
    if length > limit {
        return Err(Broken::TooLarge(length));
    }
    let mut body = vec![0; length + 1];
    if let Err(error) = stream.read_exact(&mut body).await {
        return Err(Broken::Lost(error));
    }
    if body.pop() != Some(b',') {
        return Err(Broken::Form("a frame does not end with a comma", body));
    }
    String::from_utf8(body)
        .map_err(|error| Broken::Form("the text is not UTF-8", error.into_bytes()))
}
