//! Answers of a unit: HTTP, and the document in it.

use std::io::Read as _;

use flate2::read::GzDecoder;
use serde_json::Value;

/// An answer with all of its body.
#[derive(Clone, Debug, Default, PartialEq)]
pub(super) struct Answer {
    pub(super) status: u16,
    headers: Vec<(String, String)>,
    body: Vec<u8>,
}

/// The most answers of 1xx before the one that counts.
const EARLY: usize = 10;

/// The most that a body in gzip becomes.
const MOST: u64 = 16 << 20;

impl Answer {
    /// The first answer in these bytes, and where it ends; nothing while it is not whole.
    ///
    /// # Errors
    ///
    /// When that is no HTTP, or has more answers of 1xx before it than anybody has use for.
    pub(super) fn read(bytes: &[u8], is_over: bool) -> Result<Option<(Self, usize)>, String> {
        let mut begin = 0;
        for _ in 0..=EARLY {
            match Self::one(&bytes[begin..], is_over)? {
                Some((answer, length)) if (100..200).contains(&answer.status) => begin += length,
                found => return Ok(found.map(|(answer, length)| (answer, begin + length))),
            }
        }
        Err(format!("more than {EARLY} answers of HTTP status 1xx"))
    }

    /// The answer that begins here, be it one of 1xx.
    fn one(bytes: &[u8], is_over: bool) -> Result<Option<(Self, usize)>, String> {
        let no_http = || "an answer that is no HTTP".to_owned();
        let Some(end) = bytes.windows(4).position(|four| four == b"\r\n\r\n") else {
            return match bytes.starts_with(b"HTTP/") || bytes.len() < 5 {
                true => Ok(None),
                false => Err(no_http()),
            };
        };
        let head = String::from_utf8_lossy(&bytes[..end]);
        let mut lines = head.split("\r\n");
        let status = lines.next().and_then(|line| line.split(' ').nth(1));
        let status: u16 = status
            .and_then(|text| text.parse().ok())
            .ok_or_else(no_http)?;
        let header = |line: &str| {
            let (name, value) = line.split_once(':')?;
            Some((name.trim().to_ascii_lowercase(), value.trim().to_owned()))
        };
        let mut answer = Self {
            status,
            headers: lines.filter_map(header).collect(),
            body: Vec::new(),
        };
        let rest = &bytes[end + 4..];
        if (100..200).contains(&status) {
            return Ok(Some((answer, end + 4)));
        }
        let is_chunked = answer
            .header("transfer-encoding")
            .is_some_and(|coding| coding.contains("chunked"));
        let length = answer.header("content-length").map(str::parse::<usize>);
        let (body, length) = match length {
            _ if is_chunked => match chunks(rest).ok_or_else(no_http)? {
                Some(whole) => whole,
                None => return Ok(None),
            },
            Some(Ok(length)) if rest.len() >= length => (rest[..length].to_vec(), length),
            Some(Ok(_)) => return Ok(None),
            Some(Err(_)) => return Err(no_http()),
            None if [204, 304].contains(&status) => (Vec::new(), 0),
            None if is_over => (rest.to_vec(), rest.len()),
            None => return Ok(None),
        };
        answer.body = body;
        Ok(Some((answer, end + 4 + length)))
    }

    pub(super) fn header(&self, name: &str) -> Option<&str> {
        let found = self.headers.iter().find(|(known, _)| known == name);
        found.map(|(_, value)| value.as_str())
    }

    pub(super) fn is_gzip(&self) -> bool {
        self.header("content-encoding")
            .is_some_and(|coding| coding.eq_ignore_ascii_case("gzip"))
    }

    /// The document; null where there is none.
    pub(super) fn document(&self) -> Value {
        let mut plain = Vec::new();
        let bytes = if self.is_gzip() {
            let unpacking = GzDecoder::new(&*self.body)
                .take(MOST)
                .read_to_end(&mut plain);
            if unpacking.is_err() {
                return Value::Null;
            }
            &plain
        } else {
            &self.body
        };
        serde_json::from_slice(bytes).unwrap_or(Value::Null)
    }

    /// The code of the error in the document.
    pub(super) fn code(&self) -> Option<String> {
        let document = self.document();
        document["error"]["code"].as_str().map(str::to_owned)
    }

    /// Whether a call was made, and without an error.
    pub(super) fn is_good(&self) -> bool {
        let document = self.document();
        self.status == 200 && document.is_object() && document["error"].is_null()
    }

    /// Whether it is refused with one of these codes.
    pub(super) fn is_refused(&self, codes: &[&str]) -> bool {
        self.status == 200
            && self
                .code()
                .is_some_and(|code| codes.contains(&code.as_str()))
    }

    /// For people: the same from run to run.
    pub(super) fn text(&self) -> String {
        let document = self.document();
        let what = match (self.status, self.code()) {
            (200, Some(code)) => code,
            (200, None) if !document["error"].is_null() => "an error without a code".to_owned(),
            (200, None) if !document["result"].is_null() => "a result".to_owned(),
            (200, None) if document.is_object() => "no error, and no result".to_owned(),
            (200, None) => "200 without a document".to_owned(),
            (status, _) => return format!("HTTP status {status}"),
        };
        crate::conformance::short(&what)
    }
}

/// A body in chunks, and how long that was; `Some(None)` while it is not whole, `None` when these are no chunks.
fn chunks(bytes: &[u8]) -> Option<Option<(Vec<u8>, usize)>> {
    let (mut body, mut at) = (Vec::new(), 0);
    loop {
        let rest = &bytes[at..];
        let Some(line) = rest.windows(2).position(|two| two == b"\r\n") else {
            return Some(None);
        };
        let size = std::str::from_utf8(&rest[..line]).ok()?;
        let size = size.split(';').next().unwrap_or(size);
        let size = usize::from_str_radix(size.trim(), 16).ok()?;
        let begin = line + 2;
        if size == 0 {
            // What follows are trailers, up to an empty line.
            let trailers = &rest[line..];
            let Some(end) = trailers.windows(4).position(|four| four == b"\r\n\r\n") else {
                return Some(None);
            };
            return Some(Some((body, at + line + end + 4)));
        }
        let end = begin.checked_add(size)?;
        if rest.len() < end.checked_add(2)? {
            return Some(None);
        }
        body.extend_from_slice(&rest[begin..end]);
        at += end + 2;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn whole(text: &str) -> (Answer, usize) {
        let read = Answer::read(text.as_bytes(), false).expect("HTTP");
        read.expect("a whole answer")
    }

    #[test]
    fn an_answer_ends_where_its_headers_say() {
        let plain = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}";
        let (answer, length) = whole(&format!("{plain}HTTP"));
        assert_eq!((answer.status, length), (200, plain.len()));
        assert!(answer.is_good());
        let chunked = "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n9;x\r\n{\"error\":\r\n1\r\n7\r\n1\r\n}\r\n0\r\n\r\n";
        let (answer, length) = whole(chunked);
        assert_eq!(length, chunked.len());
        assert_eq!(answer.text(), "an error without a code");
        for cut in 0..chunked.len() {
            assert_eq!(
                Answer::read(&chunked.as_bytes()[..cut], false),
                Ok(None),
                "{cut}"
            );
        }
        let early = format!("HTTP/1.1 100 Continue\r\n\r\n{plain}");
        assert_eq!(whole(&early).1, early.len());
        let early = "HTTP/1.1 100 Continue\r\n\r\n";
        let ten = format!("{}{plain}", early.repeat(10));
        assert_eq!(whole(&ten).1, ten.len());
        assert_eq!(Answer::read(early.repeat(10).as_bytes(), false), Ok(None));
        let many = early.repeat(100_000);
        let refused = Answer::read(many.as_bytes(), false).expect_err("too many");
        assert!(refused.contains("1xx"), "{refused}");
        let open = b"HTTP/1.0 401 No\r\n\r\nwho?";
        assert_eq!(Answer::read(open, false), Ok(None));
        let over = Answer::read(open, true).expect("HTTP").expect("whole");
        assert_eq!(over.0.text(), "HTTP status 401");
    }

    #[test]
    fn what_is_no_http_is_said() {
        for text in ["SSH-2.0-x\r\n\r\n", "hello world", "HTTP/1.1 abc\r\n\r\n"] {
            assert!(Answer::read(text.as_bytes(), false).is_err(), "{text}");
        }
        let bad = "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n";
        assert!(Answer::read(bad.as_bytes(), false).is_err());
        let huge = "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nffffffffffffffff\r\n";
        assert!(Answer::read(huge.as_bytes(), false).is_err());
    }
}
