//! Files over HTTP: `GET` to a stream and `POST` of a form from streams (`docs/protocol/files.md`).
//!
//! They have connections of their own beside that of the calls, with the same trust, credentials, redirect rules and
//! meanings of status codes. Each transfer opens one and closes it: an upload cannot be sent again when an idle connection
//! turns out to be dead, and transfers are rare. It is a connection as calls have them and not one of a client library: what
//! a device answers while a file is sent to it is read even if the writing fails, which needs access to the socket.

mod download;
mod form;
mod incoming;
mod queue;
mod sent;
mod times;
mod trace;
mod upload;

use std::fmt::Write as _;

use ::http::header::{ACCEPT, ACCEPT_ENCODING, HOST};
use ::http::{HeaderMap, HeaderName, HeaderValue, Uri};
use bytes::Bytes;
use http_body::Body;

use self::queue::Queue;
use self::times::Times;
use super::connect::Stage;
use super::connection::Connection;
use super::credentials::Authorization;
use super::transport::{HttpTransport, Target};
use super::url::{Base, Path};
use crate::error::Error;

/// The files of one device, one at a time.
#[derive(Default)]
pub(super) struct Files {
    queue: Queue,
}

/// The headers of a request for which the device need not know its user.
fn anonymous_headers(device: &HttpTransport, target: &Target) -> HeaderMap {
    let mut headers = HeaderMap::with_capacity(8);
    headers.insert(HOST, target.host.clone());
    headers.insert(ACCEPT, HeaderValue::from_static("*/*"));
    headers.insert(ACCEPT_ENCODING, HeaderValue::from_static("identity"));
    headers.insert(
        HeaderName::from_static("x-client-type"),
        device.options.client_type.clone(),
    );
    headers
}

fn headers(device: &HttpTransport, target: &Target, user: &Authorization) -> HeaderMap {
    let mut headers = anonymous_headers(device, target);
    if let Some((name, value)) = user.as_header() {
        headers.insert(name, value.clone());
    }
    headers
}

/// Opens a connection for one request.
async fn open<B>(
    device: &HttpTransport,
    target: &Target,
    times: &Times,
) -> Result<Connection<B>, Error>
where
    B: Body<Data = Bytes> + Send + 'static,
    B::Error: Into<Box<dyn std::error::Error + Send + Sync>>,
{
    let limit = device.options.connect_timeout;
    let stage = Stage::default();
    let opened = async {
        let mut connection = target.connector.open(&stage).await?;
        connection.ready(false).await;
        connection.be_patient();
        Ok(connection)
    };
    let opened = async {
        tokio::time::timeout(limit, opened)
            .await
            .unwrap_or_else(|_| Err(stage.timed_out(limit)))
    };
    times
        .connect(opened, &stage)
        .await
        .map_err(|error| error.with_sent(false, false))
}

/// The path of a file, and what to ask for: the path with its parameters, encoded so that none can be taken for two.
fn asked<'a>(
    base: &Base,
    target: &str,
    query: impl Iterator<Item = (&'a str, &'a str)>,
) -> Result<(Path, Uri), Error> {
    let path = base.path(target)?;
    let mut text = path.as_str().to_owned();
    let mut before = '?';
    for (name, value) in query {
        text.push(before);
        before = '&';
        encode(name, &mut text);
        text.push('=');
        encode(value, &mut text);
    }
    let uri = Uri::try_from(text).map_err(|_| Error::bad_rid("too long for a URL"))?;
    Ok((path, uri))
}

/// Percent-encodes a name or value. A comma stays: devices take lists with it.
fn encode(text: &str, out: &mut String) {
    for &byte in text.as_bytes() {
        if byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'.' | b'-' | b'~' | b',') {
            out.push(char::from(byte));
        } else {
            // Writing to a string cannot fail.
            let _ = write!(out, "%{byte:02X}");
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{Base, asked};

    #[test]
    fn parameters_are_data() {
        let base = Base::parse("https://pdu.example/link/2").expect("valid");
        let asked = |target: &str, query: &[(&str, &str)]| {
            asked(&base, target, query.iter().copied()).map(|(_, uri)| uri.to_string())
        };
        assert_eq!(
            asked("cgi-bin/x.cgi", &[("a", "1,2"), ("b c", "&=#?/+ ä")]).expect("valid"),
            "/link/2/cgi-bin/x.cgi?a=1,2&b%20c=%26%3D%23%3F%2F%2B%20%C3%A4"
        );
        assert_eq!(
            asked("/cgi-bin/x.cgi?a=1#b", &[]).expect("valid"),
            "/link/2/cgi-bin/x.cgi%3Fa%3D1%23b"
        );
        for target in [
            "",
            "//evil.example/x",
            "https://evil.example/x",
            "/a/../b",
            "/a\r\nb",
        ] {
            assert_eq!(
                asked(target, &[]).expect_err(target).code(),
                "Config.BadRid"
            );
        }
        let long = "x".repeat(100_000);
        let error = asked("/x", &[("a", &long)]).expect_err("too long");
        assert_eq!(error.code(), "Config.BadRid");
    }
}
