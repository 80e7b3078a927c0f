//! A look at the head of an answer before the HTTP library reads it.
//!
//! The library is told to skip malformed header lines, as browsers do, since none of them matters to a call. Those that say
//! where the body ends do matter: with one of them skipped, the next answer on the connection would begin in the wrong
//! place. And it takes any number of interim answers.

use std::fmt;

use memchr::memchr2;

/// Interim answers (`100 Continue`, `103 Early Hints`) before the answer itself.
const MOST_INTERIM: u32 = 8;

/// Bytes of one head. Devices send a few hundred.
const MOST_BYTES: usize = 256 << 10;

/// Bytes of a line that are looked at: enough for what decides, and no more is kept.
const KEPT: usize = 64;

/// What is wrong with a head.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum HeadFault {
    /// `Content-Length` or `Transfer-Encoding` in a form that cannot be relied on.
    Length,
    /// A NUL, which is in no header.
    Nul,
    /// More than anybody sends.
    TooLong,
    /// Interim answers without end.
    Interim,
    /// No HTTP, but the beginning of TLS.
    Tls,
}

impl fmt::Display for HeadFault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Length => "the length of the answer is malformed",
            Self::Nul => "NUL in the head of the answer",
            Self::TooLong => "the head of the answer is too long",
            Self::Interim => "too many interim answers",
            Self::Tls => "TLS where HTTP was expected",
        })
    }
}

impl std::error::Error for HeadFault {}

/// Reads heads as they come in, in pieces of any size.
#[derive(Debug, Default)]
pub(super) struct Head {
    /// Inside a head.
    expected: bool,
    fault: Option<HeadFault>,
    /// The beginning of the line that is being read.
    line: Vec<u8>,
    /// All of the line, also what is not kept.
    line_length: usize,
    bytes: usize,
    interim: u32,
    /// A header has begun, so that a line that begins with a blank continues one.
    after_header: bool,
    /// The line before says where the body ends.
    after_length: bool,
    /// The answer comes in chunks.
    chunked: bool,
    /// The status line has been read.
    status: Option<bool>,
    /// The last bytes that came, where the answer comes in chunks.
    tail: Vec<u8>,
}

/// The last chunk, behind the one before it.
const LAST_CHUNK: &[u8] = b"\r\n0\r\n";

impl Head {
    pub(super) fn begin(&mut self) {
        let line = std::mem::take(&mut self.line);
        *self = Self {
            expected: true,
            line,
            ..Self::default()
        };
        self.line.clear();
    }

    pub(super) fn fault(&self) -> Option<HeadFault> {
        self.fault
    }

    /// Whether the last chunk is the last that came: what is missing is the blank line behind it.
    pub(super) fn ends_with_last_chunk(&self) -> bool {
        self.tail == LAST_CHUNK
    }

    pub(super) fn read(&mut self, mut bytes: &[u8]) -> Result<(), HeadFault> {
        let all = bytes;
        while self.expected && !bytes.is_empty() {
            let found = memchr2(b'\n', 0, bytes);
            let end = found.filter(|end| bytes[*end] == b'\n');
            let piece = &bytes[..found.unwrap_or(bytes.len())];
            self.bytes += piece.len() + 1;
            if self.bytes > MOST_BYTES {
                return self.fail(HeadFault::TooLong);
            }
            let room = KEPT - self.line.len();
            self.line.extend_from_slice(&piece[..piece.len().min(room)]);
            self.line_length += piece.len();
            if self.status.is_none() && matches!(self.line[..], [0x15 | 0x16, 3, ..]) {
                return self.fail(HeadFault::Tls);
            }
            let Some(end) = end else {
                if found.is_some() {
                    return self.fail(HeadFault::Nul);
                }
                break;
            };
            self.end_of_line()?;
            bytes = &bytes[end + 1..];
        }
        if self.chunked {
            let last = all.len().saturating_sub(LAST_CHUNK.len());
            self.tail.extend_from_slice(&all[last..]);
            let old = self.tail.len().saturating_sub(LAST_CHUNK.len());
            self.tail.drain(..old);
        }
        Ok(())
    }

    fn fail(&mut self, fault: HeadFault) -> Result<(), HeadFault> {
        self.expected = false;
        self.fault = Some(fault);
        Err(fault)
    }

    fn end_of_line(&mut self) -> Result<(), HeadFault> {
        let whole = self.line_length <= KEPT;
        let line = self.line.strip_suffix(b"\r").unwrap_or(&self.line);
        match self.status {
            // Blank lines before the status line are skipped, as the library does.
            None if line.is_empty() => {}
            None => {
                let interim = is_interim(line);
                self.status = Some(interim);
                if interim {
                    self.interim += 1;
                    if self.interim > MOST_INTERIM {
                        return self.fail(HeadFault::Interim);
                    }
                }
            }
            Some(interim) if line.is_empty() => {
                // After an interim answer the next head follows.
                self.status = None;
                self.expected = interim;
                (self.after_header, self.after_length) = (false, false);
                self.chunked &= !interim;
            }
            Some(_) => {
                let blank = line
                    .first()
                    .is_some_and(|byte| matches!(byte, b' ' | b'\t'));
                let folded = blank && self.after_header;
                let line = if folded {
                    Line::Other
                } else {
                    judge(line, whole)
                };
                match line {
                    // What continues a length changes it.
                    Line::Other if folded && self.after_length => {
                        return self.fail(HeadFault::Length);
                    }
                    Line::Other => self.after_length = false,
                    Line::Length if whole => self.after_length = true,
                    Line::Chunked if whole && !self.chunked => {
                        (self.after_length, self.chunked) = (true, true);
                    }
                    Line::Length | Line::Chunked | Line::Bad => {
                        return self.fail(HeadFault::Length);
                    }
                }
                self.after_header = true;
            }
        }
        self.line.clear();
        self.line_length = 0;
        Ok(())
    }
}

/// Whether a status line announces that another will follow. `101` is final: nobody asked for another protocol.
fn is_interim(line: &[u8]) -> bool {
    let Some(rest) = line.strip_prefix(b"HTTP/1.") else {
        return false;
    };
    matches!(rest, [_, b' ', b'1', tens, ones, ..] if tens.is_ascii_digit() && ones.is_ascii_digit() && (*tens, *ones) != (b'0', b'1'))
}

#[derive(Debug, PartialEq, Eq)]
enum Line {
    /// Nothing that says where the body ends.
    Other,
    /// A length as it should be.
    Length,
    /// A body in chunks.
    Chunked,
    /// A length in a form that would be skipped.
    Bad,
}

/// What a line says, of which only the beginning is there when it is not `whole`.
fn judge(line: &[u8], whole: bool) -> Line {
    // What precedes the name would make the library skip the line.
    let skipped = line
        .iter()
        .take_while(|byte| !byte.is_ascii_alphanumeric())
        .count();
    let text = &line[skipped..];
    let is_other = |first: &u8| !matches!(first, b'c' | b'C' | b't' | b'T');
    if text.first().is_some_and(is_other) {
        return Line::Other;
    }
    for (name, line) in [
        (&b"content-length"[..], Line::Length),
        (&b"transfer-encoding"[..], Line::Chunked),
    ] {
        let Some((head, rest)) = text.split_at_checked(name.len()) else {
            // Behind so much of something else that the name is not all there.
            let begins = name
                .get(..text.len())
                .is_some_and(|name| name.eq_ignore_ascii_case(text));
            if !whole && begins {
                return Line::Bad;
            }
            continue;
        };
        if !head.eq_ignore_ascii_case(name) {
            continue;
        }
        let is_value = |rest: &[u8]| match line {
            Line::Length => is_number(rest),
            // The only coding that says where the body ends.
            _ => rest.eq_ignore_ascii_case(b"chunked"),
        };
        return match rest {
            [b':', rest @ ..] if skipped == 0 && is_value(without_blanks(rest)) => line,
            // A header whose name only begins like this.
            [byte, ..] if byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_') => {
                Line::Other
            }
            _ => Line::Bad,
        };
    }
    Line::Other
}

/// Without what the library takes for blanks around a value, and no other white space.
fn without_blanks(value: &[u8]) -> &[u8] {
    let is_other = |byte: &u8| !matches!(byte, b' ' | b'\t');
    let Some(start) = value.iter().position(is_other) else {
        return &[];
    };
    let end = value
        .iter()
        .rposition(is_other)
        .map_or(value.len(), |last| last + 1);
    value.get(start..end).unwrap_or_default()
}

fn is_number(value: &[u8]) -> bool {
    !value.is_empty() && value.iter().all(u8::is_ascii_digit)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> Result<(), HeadFault> {
        let mut whole = Head::default();
        whole.begin();
        let result = whole.read(text.as_bytes());
        let mut bit_by_bit = Head::default();
        bit_by_bit.begin();
        let pieces = text
            .as_bytes()
            .chunks(1)
            .try_for_each(|piece| bit_by_bit.read(piece));
        assert_eq!(result, pieces, "{text:?}");
        assert_eq!(whole.fault(), result.err());
        result
    }

    #[test]
    fn what_does_not_matter_is_let_through() {
        for lines in [
            "Content-Length: 5",
            "content-length:5",
            "Transfer-Encoding: Chunked",
            "X-Content-Length: abc",
            "Content-Length-Hint: abc",
            "X-Folded: a\r\n b",
            "X-Folded: a\r\n Content-Length: b",
            "Content-Length: 5\r\nContent-Length: 5",
            " before: x",
            "no colon",
            "X\u{1}: 1",
            "Set-Cookie: a=b\u{1}c",
        ] {
            let text = format!("HTTP/1.1 200 OK\r\n{lines}\r\n\r\n\0 body \r\n Content-Length: x");
            assert_eq!(read(&text), Ok(()), "{lines}");
        }
    }

    #[test]
    fn a_length_that_would_be_skipped_is_a_fault() {
        for lines in [
            "Content-Length : 5",
            " Content-Length: 5",
            "\tContent-Length: 5",
            "Content-Length",
            "Content-Length 5",
            "Content-Length: +5",
            "Content-Length: -1",
            "Content-Length: ",
            "Content-Length: 5, 5",
            "Content-Length: 5 5",
            "Content-Length: 5\r\n 6",
            "Content-Length\u{1}: 5",
            "Content-Length: 5\u{c}",
            "Content-Length:\u{c}5",
            "Content-Length: 5\r",
            "Transfer-Encoding: chunked\u{c}",
            "\u{1}Content-Length: 5",
            "Transfer-Encoding : chunked",
            "Transfer-Encoding: gzip, chunked",
            "Transfer-Encoding: chunked, chunked",
            "Transfer-Encoding: chunked\r\n\t, gzip",
            "Transfer-Encoding:",
            "Transfer-Encoding: identity",
            "Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked",
        ] {
            let text = format!("HTTP/1.1 200 OK\r\n{lines}\r\n\r\n");
            assert_eq!(read(&text), Err(HeadFault::Length), "{lines}");
        }
        let long = format!("HTTP/1.1 200 OK\r\nContent-Length: {:0>100}\r\n\r\n", 5);
        assert_eq!(read(&long), Err(HeadFault::Length));
        for blanks in 1..200 {
            for name in ["Content-Length: 5", "transfer-encoding: chunked"] {
                let blanks = " ".repeat(blanks);
                let text = format!("HTTP/1.1 200 OK\r\n{blanks}{name}\r\n\r\n");
                assert_eq!(read(&text), Err(HeadFault::Length), "{text}");
            }
        }
    }

    #[test]
    fn the_last_chunk_is_seen_however_it_comes() {
        for (text, seen) in [
            ("Transfer-Encoding: chunked\r\n\r\n2\r\n{}\r\n0\r\n", true),
            (
                "Transfer-Encoding: chunked\r\n\r\n2\r\n{}\r\n0\r\n\r\n",
                false,
            ),
            ("Transfer-Encoding: chunked\r\n\r\n2\r\n{}\r\n", false),
            ("Content-Length: 9\r\n\r\n{}\r\n0\r\n", false),
        ] {
            let text = format!("HTTP/1.1 200 OK\r\n{text}");
            for size in [1, 3, 7, text.len()] {
                let mut head = Head::default();
                head.begin();
                let pieces = text.as_bytes().chunks(size);
                assert_eq!(
                    pieces.map(|piece| head.read(piece)).find(Result::is_err),
                    None
                );
                assert_eq!(head.ends_with_last_chunk(), seen, "{text:?} {size}");
            }
        }
    }

    #[test]
    fn heads_end() {
        let interim = "HTTP/1.1 103 Early Hints\r\nLink: </x>\r\n\r\n";
        let last = "HTTP/1.1 200 OK\r\n\r\n\0";
        assert_eq!(read(&format!("{}{last}", interim.repeat(8))), Ok(()));
        assert_eq!(read(&interim.repeat(9)), Err(HeadFault::Interim));
        assert_eq!(
            read("HTTP/1.1 200 OK\r\nX: \0\r\n\r\n"),
            Err(HeadFault::Nul)
        );
        assert_eq!(read("\x15\x03\x03\0\x02\x02\x0a"), Err(HeadFault::Tls));
        let long = format!("HTTP/1.1 200 OK\r\n{}", "x".repeat(MOST_BYTES));
        assert_eq!(read(&long), Err(HeadFault::TooLong));
        // Another protocol is no interim answer.
        assert_eq!(read("HTTP/1.1 101 Switching\r\n\r\n\0"), Ok(()));
        // A bare line end ends a line, too.
        assert_eq!(read("HTTP/1.1 200 OK\nX: 1\n\n\0"), Ok(()));
    }
}
