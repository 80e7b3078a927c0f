//! What a device answers when files were given to it.

use std::fmt;
use std::sync::Arc;

use bytes::Bytes;

use super::Headers;
use crate::error::{CgiError, Error};

/// The header in which devices say what became of an upload.
pub(super) const RESPONSE_CODE: &str = "x-response-code";

/// What stands before the code in the body of some answers.
const RETURN_CODE: &str = "return_code=";

/// What a device answers to an upload that it let in.
///
/// An answer does not mean that the device accepts the files: many endpoints say that in
/// [`response_code`](Self::response_code), some in the [body](Self::response_code_in_body), and most do their work afterwards.
/// [`UploadEndpoint::check`](crate::files::UploadEndpoint::check) knows where each says it, and makes a refusal an error.
#[derive(Clone)]
#[must_use = "the device may say in it that it refuses the upload"]
pub struct UploadAnswer {
    status: u16,
    headers: Headers,
    body: Bytes,
    /// Who answered, and which path.
    place: Option<(Arc<str>, Arc<str>)>,
}

impl UploadAnswer {
    /// An answer; for transports.
    pub fn new(status: u16, headers: Headers, body: impl Into<Bytes>) -> Self {
        Self {
            status,
            headers,
            body: body.into(),
            place: None,
        }
    }

    /// Notes who answered, and which path, for the errors that are found in the answer.
    pub(crate) fn with_place(mut self, origin: &str, target: &str) -> Self {
        self.place = Some((origin.into(), target.into()));
        self
    }

    /// Says of an error that it was found in this answer.
    pub(crate) fn place(&self, error: Error) -> Error {
        let error = error.with_sent(true, false);
        match &self.place {
            Some((origin, target)) => error
                .with_origin(Arc::clone(origin))
                .with_call(Arc::clone(target), "upload"),
            None => error,
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
        let code = match values[..] {
            [] => Err(CgiError::MissingResponseCode),
            [value] => parse_code(value).ok_or_else(|| CgiError::bad_response_code(value)),
            _ => Err(CgiError::bad_response_code(&values.join(", "))),
        };
        code.map_err(|error| self.place(error.into()))
    }

    /// The code with which the device answers the upload where it stands in the body, as `return_code=<n>` and nothing else:
    /// 0 for success, the others depend on the endpoint.
    ///
    /// ```
    /// use xerus_rpc::wire::{Headers, UploadAnswer};
    ///
    /// let answer = |body: &'static str| UploadAnswer::new(200, Headers::default(), body);
    /// assert_eq!(answer("return_code=3").response_code_in_body().unwrap(), 3);
    /// let bad = answer("<html>").response_code_in_body().unwrap_err();
    /// assert_eq!(bad.code(), "Cgi.BadResponseCode");
    /// ```
    ///
    /// # Errors
    ///
    /// `Cgi.MissingResponseCode` when the body is empty, `Cgi.BadResponseCode` when it is something else, such as a page, or
    /// when the number is no whole one of 32 bits.
    pub fn response_code_in_body(&self) -> Result<i32, Error> {
        let body = self.body.trim_ascii();
        let code = if body.is_empty() {
            Err(CgiError::MissingResponseCode)
        } else {
            let code = std::str::from_utf8(body)
                .ok()
                .and_then(|text| text.strip_prefix(RETURN_CODE))
                .and_then(parse_code);
            code.ok_or_else(|| CgiError::bad_response_code(&String::from_utf8_lossy(body)))
        };
        code.map_err(|error| self.place(error.into()))
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
