//! What is sent when files are given to a device, and what it answers.

use std::fmt;
use std::time::Duration;

use bytes::Bytes;

use super::download::DEFAULT_IDLE_TIMEOUT;
use super::{Headers, Part, Query, Source};
use crate::error::{CgiError, Error};

/// The largest answer to an upload that is taken by default: 1 MiB.
const DEFAULT_LIMIT: u64 = 1 << 20;

/// The header in which devices say what became of an upload.
pub(super) const RESPONSE_CODE: &str = "x-response-code";

/// Gets the number of bytes that were sent so far, and the total where that is known.
pub type Progress = Box<dyn FnMut(u64, Option<u64>) + Send>;

/// A form with files that a device is to get. [`Agent::upload`](crate::Agent::upload) makes one.
pub struct UploadRequest {
    target: String,
    query: Query,
    parts: Vec<Part>,
    limit: u64,
    idle_timeout: Duration,
    timeout: Option<Duration>,
    progress: Option<Progress>,
}

impl UploadRequest {
    /// A form without fields for a path of the device.
    #[must_use]
    pub fn new(target: impl Into<String>) -> Self {
        Self {
            target: target.into(),
            query: Query::default(),
            parts: Vec::new(),
            limit: DEFAULT_LIMIT,
            idle_timeout: DEFAULT_IDLE_TIMEOUT,
            timeout: None,
            progress: None,
        }
    }

    /// Adds a parameter behind the path.
    #[must_use]
    pub fn with_query(mut self, name: impl Into<String>, value: impl Into<String>) -> Self {
        self.query.push(name.into(), value.into());
        self
    }

    /// Adds a field or file. They are sent in this order.
    #[must_use]
    pub fn with_part(mut self, part: Part) -> Self {
        self.parts.push(part);
        self
    }

    /// The most bytes of the answer that are taken. Default: 1 MiB.
    #[must_use]
    pub fn with_limit(mut self, bytes: u64) -> Self {
        self.limit = bytes;
        self
    }

    /// Time in which nothing moves after which it is given up. Default: 60 s.
    #[must_use]
    pub fn with_idle_timeout(mut self, time: Duration) -> Self {
        self.idle_timeout = time;
        self
    }

    /// Time for the whole transfer. Default: no limit.
    #[must_use]
    pub fn with_timeout(mut self, time: Duration) -> Self {
        self.timeout = Some(time);
        self
    }

    /// Calls `progress` while the form is sent. Default: no calls.
    #[must_use]
    pub fn with_progress(mut self, progress: Progress) -> Self {
        self.progress = Some(progress);
        self
    }

    /// Puts other sources in the place of those of the parts, in order; for layers that look at what is sent.
    #[must_use]
    pub fn map_sources(mut self, change: &mut dyn FnMut(Source) -> Source) -> Self {
        let parts = self.parts.into_iter();
        self.parts = parts.map(|part| part.map_source(&mut *change)).collect();
        self
    }

    /// The path.
    #[must_use]
    pub fn target(&self) -> &str {
        &self.target
    }

    /// The parameters behind the path, in order, not encoded. Values may be passwords.
    pub fn query(&self) -> impl Iterator<Item = (&str, &str)> {
        self.query.iter()
    }

    /// The fields and files.
    #[must_use]
    pub fn parts(&self) -> &[Part] {
        &self.parts
    }

    /// The most bytes of the answer that are taken.
    #[must_use]
    pub fn limit(&self) -> u64 {
        self.limit
    }

    /// Time in which nothing moves after which it is given up.
    #[must_use]
    pub fn idle_timeout(&self) -> Duration {
        self.idle_timeout
    }

    /// Time for the whole transfer.
    #[must_use]
    pub fn timeout(&self) -> Option<Duration> {
        self.timeout
    }

    /// What is to be sent, and who is told how far it got; for transports.
    #[must_use]
    pub fn into_parts(self) -> (Vec<Part>, Option<Progress>) {
        (self.parts, self.progress)
    }
}

impl fmt::Debug for UploadRequest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("UploadRequest")
            .field("target", &self.target)
            .field("query", &self.query)
            .field("parts", &self.parts)
            .finish_non_exhaustive()
    }
}

/// What a device answers to an upload that it let in.
///
/// An answer does not mean that the device accepts the files: many endpoints say that in
/// [`response_code`](Self::response_code), some in the [body](Self::body), and most do their work afterwards.
#[derive(Clone)]
#[must_use = "the device may say in it that it refuses the upload"]
pub struct UploadAnswer {
    status: u16,
    headers: Headers,
    body: Bytes,
}

impl UploadAnswer {
    /// An answer; for transports.
    pub fn new(status: u16, headers: Headers, body: impl Into<Bytes>) -> Self {
        Self {
            status,
            headers,
            body: body.into(),
        }
    }

    /// The status of the wire: 200 for HTTP.
    #[must_use]
    pub fn status(&self) -> u16 {
        self.status
    }

    /// All that stands above the body.
    #[must_use]
    pub fn headers(&self) -> &Headers {
        &self.headers
    }

    /// The body.
    #[must_use]
    pub fn body(&self) -> &Bytes {
        &self.body
    }

    /// The code with which the device answers the upload (`X-Response-Code`): 0 for success, the others depend on the
    /// endpoint.
    ///
    /// ```
    /// use xerus_rpc::wire::{Headers, UploadAnswer};
    ///
    /// let answer = |headers: &[(&str, &str)]| {
    ///     UploadAnswer::new(200, headers.iter().copied().collect::<Headers>(), "")
    /// };
    /// assert_eq!(answer(&[("X-Response-Code", "4")]).response_code().unwrap(), 4);
    /// let missing = answer(&[]).response_code().unwrap_err();
    /// assert_eq!(missing.code(), "Cgi.MissingResponseCode");
    /// let bad = answer(&[("X-Response-Code", "abc")]).response_code().unwrap_err();
    /// assert_eq!(bad.code(), "Cgi.BadResponseCode");
    /// ```
    ///
    /// # Errors
    ///
    /// `Cgi.MissingResponseCode` when there is none, `Cgi.BadResponseCode` when it is no whole number of 32 bits or there
    /// are several.
    pub fn response_code(&self) -> Result<i32, Error> {
        let values: Vec<_> = self.headers.get_all(RESPONSE_CODE).collect();
        match values[..] {
            [] => Err(CgiError::MissingResponseCode.into()),
            [value] => parse_code(value).ok_or_else(|| CgiError::bad_response_code(value).into()),
            _ => Err(CgiError::bad_response_code(&values.join(", ")).into()),
        }
    }
}

/// A code as devices write it: digits, perhaps with a minus. What Rust takes beside that (`+1`) is none.
fn parse_code(text: &str) -> Option<i32> {
    let text = text.trim();
    let digits = text.strip_prefix('-').unwrap_or(text);
    let is_number = !digits.is_empty() && digits.bytes().all(|byte| byte.is_ascii_digit());
    is_number.then(|| text.parse().ok()).flatten()
}

impl fmt::Debug for UploadAnswer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("UploadAnswer")
            .field("status", &self.status)
            .field("headers", &self.headers)
            .field("body_bytes", &self.body.len())
            .finish()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_are_whole_numbers_that_come_once() {
        let code = |values: &[&str]| {
            let headers: Headers = values.iter().map(|&v| ("X-RESPONSE-code", v)).collect();
            UploadAnswer::new(200, headers, "").response_code()
        };
        for (text, number) in [("0", 0), (" 15 ", 15), ("-1", -1), ("2147483647", i32::MAX)] {
            assert_eq!(code(&[text]).ok(), Some(number), "{text}");
        }
        for text in [
            "",
            "abc",
            "+1",
            "1.0",
            "0x1",
            "99999999999",
            "2147483648",
            "1 2",
            "-",
        ] {
            let error = code(&[text]).unwrap_err();
            assert_eq!(error.code(), "Cgi.BadResponseCode", "{text}");
            assert!(error.may_have_executed(), "{error}");
        }
        assert_eq!(code(&[]).unwrap_err().code(), "Cgi.MissingResponseCode");
        // Which of them counts is a guess, even if they agree.
        let several = code(&["0", "0"]).unwrap_err();
        assert!(several.to_string().contains("`0, 0`"), "{several}");
        let long = code(&[&"x".repeat(100_000)]).unwrap_err();
        assert!(long.to_string().len() < 300, "{long}");
    }
}
