//! Forms with files (`multipart/form-data`), read as they arrive.

use std::fmt;
use std::pin::Pin;
use std::time::Duration;

use bytes::{Buf as _, Bytes, BytesMut};
use http_body_util::BodyExt as _;
use hyper::body::Body;

use super::disposition;
use super::part::Part;
use crate::door::site::Refusal;

/// Parts of one form.
const MOST_PARTS: usize = 64;
/// Bytes of the head of a part.
const MOST_HEAD: usize = 8 * 1024;
/// Boundaries are no longer than this, says their standard.
const LONGEST_BOUNDARY: usize = 70;

type Source = Pin<Box<dyn Body<Data = Bytes, Error = ()> + Send>>;

/// A form that arrives: its parts one after the other, each as a stream.
///
/// No more of it is in memory than one piece of the network.
pub struct Form {
    source: Source,
    pause: Duration,
    left: usize,
    /// Line break, two dashes and the boundary.
    delimiter: Vec<u8>,
    buffer: BytesMut,
    at: At,
    parts: usize,
    announced: Option<u64>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum At {
    /// Before the first part, or in the data of one.
    Data,
    /// Behind a delimiter.
    Delimiter,
    End,
}

impl Form {
    /// `left`: so many bytes may come. `pause`: so long may pass between two pieces.
    pub(super) fn new(
        content_type: &str,
        source: Source,
        left: usize,
        pause: Duration,
    ) -> Result<Self, Refusal> {
        if disposition::value(content_type) != "multipart/form-data" {
            return Err(bad("send the file as multipart/form-data"));
        }
        let boundary = disposition::parameter(content_type, "boundary")
            .filter(|boundary| (1..=LONGEST_BOUNDARY).contains(&boundary.len()))
            .ok_or_else(|| bad("the form needs a boundary of 1 to 70 characters"))?;
        Ok(Self {
            announced: source.size_hint().exact(),
            source,
            pause,
            left,
            delimiter: format!("\r\n--{boundary}").into_bytes(),
            // The first delimiter has no line break before it.
            buffer: BytesMut::from(&b"\r\n"[..]),
            at: At::Data,
            parts: 0,
        })
    }

    /// Bytes of the whole form, if its head said so.
    #[must_use]
    pub fn announced(&self) -> Option<u64> {
        self.announced
    }

    /// The next part; what is left of the one before is thrown away. `None`: that was the last one.
    ///
    /// # Errors
    ///
    /// When what arrives is no form, more than the limits allow, or arrives too slowly.
    pub async fn next(&mut self) -> Result<Option<Part<'_>>, Refusal> {
        while self.at == At::Data {
            self.chunk().await?;
        }
        if self.at == At::Delimiter && self.is_last().await? {
            self.at = At::End;
        }
        if self.at == At::End {
            return Ok(None);
        }
        self.parts += 1;
        if self.parts > MOST_PARTS {
            return Err(bad(
                "the form has too many parts: send the files that are asked for",
            ));
        }
        let head = self.head().await?;
        self.at = At::Data;
        let header = |name: &str| {
            head.lines().find_map(|line| {
                let (key, value) = line.split_once(':')?;
                key.trim().eq_ignore_ascii_case(name).then(|| value.trim())
            })
        };
        let named = header("content-disposition")
            .filter(|value| disposition::value(value) == "form-data")
            .and_then(|value| Some((value, disposition::parameter(value, "name")?)));
        let Some((value, name)) = named else {
            return Err(bad(
                "each part of the form needs a name in its Content-Disposition",
            ));
        };
        Ok(Some(Part::new(
            name,
            disposition::parameter(value, "filename"),
            header("content-type").map(str::to_owned),
            self,
        )))
    }

    /// Throws away what is left.
    pub(super) async fn skip(&mut self) -> Result<(), Refusal> {
        while self.at != At::End {
            self.next().await?;
        }
        // What follows the last delimiter is for nobody.
        self.buffer.clear();
        while self.fill().await? {
            self.buffer.clear();
        }
        Ok(())
    }

    /// Whether the delimiter is the last one; otherwise a part begins where the buffer does now.
    async fn is_last(&mut self) -> Result<bool, Refusal> {
        loop {
            let blanks = self
                .buffer
                .iter()
                .take_while(|byte| matches!(byte, b' ' | b'\t'))
                .count();
            match &self.buffer[blanks..] {
                [b'\r', b'\n', ..] => {
                    self.buffer.advance(blanks + 2);
                    return Ok(false);
                }
                [b'-', b'-', ..] => {
                    self.buffer.advance(blanks + 2);
                    return Ok(true);
                }
                [] | [b'\r'] | [b'-'] if blanks < MOST_HEAD => self.more().await?,
                _ => return Err(bad("the form has something else behind its boundary")),
            }
        }
    }

    /// The head of a part; the buffer begins with its data then.
    async fn head(&mut self) -> Result<String, Refusal> {
        const END: &[u8] = b"\r\n\r\n";
        loop {
            if self.buffer.starts_with(b"\r\n") {
                self.buffer.advance(2);
                return Ok(String::new());
            }
            if let Some(end) = find(&self.buffer, END) {
                let head = self.buffer.split_to(end + END.len());
                // The first delimiter of an empty part follows with its own line break.
                return String::from_utf8(head.to_vec())
                    .map_err(|_| bad("the head of a part of the form is no text"));
            }
            if self.buffer.len() > MOST_HEAD {
                return Err(bad("the head of a part of the form is longer than 8 KiB"));
            }
            self.more().await?;
        }
    }

    /// The next piece of data; `None`: a delimiter was reached.
    pub(super) async fn chunk(&mut self) -> Result<Option<Bytes>, Refusal> {
        if self.at != At::Data {
            return Ok(None);
        }
        loop {
            if let Some(at) = find(&self.buffer, &self.delimiter) {
                if at > 0 {
                    return Ok(Some(self.buffer.split_to(at).freeze()));
                }
                // A boundary that only begins like ours is data.
                let behind = self.buffer.get(self.delimiter.len()).copied();
                match behind {
                    None => {
                        self.more().await?;
                        continue;
                    }
                    Some(b'\r' | b'-' | b' ' | b'\t') => {
                        self.buffer.advance(self.delimiter.len());
                        self.at = At::Delimiter;
                        return Ok(None);
                    }
                    Some(_) => return Ok(Some(self.buffer.split_to(2).freeze())),
                }
            }
            // The last bytes may be the beginning of a delimiter.
            let sure = self.buffer.len().saturating_sub(self.delimiter.len() - 1);
            if sure > 0 {
                return Ok(Some(self.buffer.split_to(sure).freeze()));
            }
            self.more().await?;
        }
    }

    /// Waits for more of the form, which must not be over yet.
    async fn more(&mut self) -> Result<(), Refusal> {
        if self.fill().await? {
            return Ok(());
        }
        Err(bad("the form ends before its last boundary"))
    }

    async fn fill(&mut self) -> Result<bool, Refusal> {
        loop {
            let frame = tokio::time::timeout(self.pause, self.source.frame()).await;
            let data = match frame.map_err(|_| Refusal::TooSlow)? {
                None => return Ok(false),
                Some(Err(())) => return Err(bad("the form did not arrive whole")),
                Some(Ok(frame)) => frame.into_data().unwrap_or_default(),
            };
            self.left = self.left.checked_sub(data.len()).ok_or(Refusal::TooLarge)?;
            if !data.is_empty() {
                self.buffer.extend_from_slice(&data);
                return Ok(true);
            }
        }
    }
}

impl fmt::Debug for Form {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Form")
            .field("parts", &self.parts)
            .finish_non_exhaustive()
    }
}

fn bad(why: &str) -> Refusal {
    Refusal::BadRequest(why.to_owned())
}

fn find(text: &[u8], wanted: &[u8]) -> Option<usize> {
    let first = *wanted.first()?;
    let mut from = 0;
    while let Some(at) = text.get(from..)?.iter().position(|byte| *byte == first) {
        let at = from + at;
        if text[at..].starts_with(wanted) {
            return Some(at);
        }
        from = at + 1;
    }
    None
}

#[cfg(test)]
#[path = "form_tests.rs"]
mod tests;
