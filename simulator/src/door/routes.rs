//! Which path goes where.

use std::sync::Arc;

use bytes::Bytes;
use http_body_util::{BodyExt as _, LengthLimitError, Limited};
use hyper::body::Incoming;
use hyper::header::{CONNECTION, HOST, HeaderMap, HeaderValue};
use hyper::http::request::Parts;
use hyper::{Method, Request, Response, StatusCode, Version};

use super::answer;
use super::body::{AnswerBody, TornDown};
use super::connection::Link;
use super::files::Wanted;
use super::listen::Door;
use super::path::{query, resource_id};
use super::site::FileEndpoint;
use crate::limits::timeout;
use xerus_rpc::files::FIRMWARE_PROGRESS;

use crate::model::presence::Presence;

/// Whether the client wants to send more over this connection.
fn stays_open(head: &Parts) -> bool {
    let closes = |value: &HeaderValue| {
        let text = value.to_str().unwrap_or_default();
        text.split(',')
            .any(|word| word.trim().eq_ignore_ascii_case("close"))
    };
    head.version == Version::HTTP_11 && !head.headers.get_all(CONNECTION).iter().any(closes)
}

/// A request of a caller who is not let in is read so far, so that the answer reaches a client that still writes.
const COURTESY: usize = 64 * 1024;

/// Where a path leads.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Route {
    /// To an object; `open` to everybody.
    Object { open: bool },
    /// To a file, of the device itself (1) or of a link unit (2 to 8).
    File(FileEndpoint, u32),
    /// To nothing: the place for files, but no file there.
    NoFile,
}

/// Where a resource id or path leads, in the spelling of [`resource_id`].
pub(super) fn route(path: &str) -> Route {
    let (unit, local) = through_link(path);
    if local == FIRMWARE_PROGRESS.path() {
        return Route::Object { open: true };
    }
    if !local.starts_with("/cgi-bin/") {
        return Route::Object { open: false };
    }
    match FileEndpoint::at(local) {
        Some(endpoint) => Route::File(endpoint, unit),
        None => Route::NoFile,
    }
}

/// The unit that a path is for, and the path there.
fn through_link(path: &str) -> (u32, &str) {
    let Some(rest) = path.strip_prefix("/link/") else {
        return (1, path);
    };
    let Some(slash) = rest.find('/') else {
        return (1, path);
    };
    match rest[..slash].parse() {
        Ok(unit @ 2..=8) => (unit, &rest[slash..]),
        _ => (1, path),
    }
}

impl Door {
    /// `Err` tears the connection down without an answer.
    pub(super) async fn request(
        self: &Arc<Self>,
        request: Request<Incoming>,
        redirect: Option<u16>,
        link: Arc<Link>,
    ) -> Result<Response<AnswerBody>, TornDown> {
        if !link.watch.begin() {
            return Err(TornDown);
        }
        let (head, body) = request.into_parts();
        let answer = match redirect {
            Some(port) => {
                self.courtesy(body).await;
                to_https(&head, port)
            }
            None => self.routed(&head, body, &link).await?,
        };
        link.watch.answer();
        let (mut parts, body) = answer.into_parts();
        if stays_open(&head) {
            let keep_alive = HeaderValue::from_static("keep-alive");
            parts.headers.insert(CONNECTION, keep_alive);
        }
        Ok(Response::from_parts(
            parts,
            body.watched(Arc::clone(&link.watch)),
        ))
    }

    async fn routed(
        &self,
        head: &Parts,
        body: Incoming,
        link: &Link,
    ) -> Result<Response<AnswerBody>, TornDown> {
        let Some(rid) = resource_id(head.uri.path()) else {
            return Ok(answer::plain(StatusCode::BAD_REQUEST));
        };
        let parameters = query(head.uri.query().unwrap_or_default());
        let route = route(&rid);
        if self.reach.presence() != Presence::Here && route != (Route::Object { open: true }) {
            self.courtesy(body).await;
            return Ok(answer::plain(StatusCode::SERVICE_UNAVAILABLE));
        }
        match route {
            Route::Object { open } if head.method == Method::POST => {
                self.object(&rid, open, &head.headers, body, link).await
            }
            Route::Object { .. } => Ok(self.page(&rid, parameters, head, body, link).await),
            Route::File(endpoint, unit) => {
                self.file(
                    Wanted {
                        path: &rid,
                        endpoint,
                        unit,
                        parameters,
                    },
                    head,
                    body,
                    link,
                )
                .await
            }
            Route::NoFile => Ok(match self.caller(&head.headers, None, link) {
                Ok(_) => answer::plain(StatusCode::NOT_FOUND),
                Err(_) => self.turned_away(body).await,
            }),
        }
    }

    /// The answer to a caller who is not let in.
    pub(super) async fn turned_away(&self, body: Incoming) -> Response<AnswerBody> {
        self.courtesy(body).await;
        answer::unauthorized()
    }

    /// Reads a short body that nobody wants.
    async fn courtesy(&self, body: Incoming) {
        let rest = Limited::new(body, COURTESY).collect();
        // However it ends, the answer is the same.
        let _ = tokio::time::timeout(timeout(self.limits.body_timeout), rest).await;
    }

    /// A whole body, within the limits.
    pub(super) async fn whole(&self, body: Incoming) -> Result<Bytes, StatusCode> {
        let whole = Limited::new(body, self.limits.body_bytes).collect();
        match tokio::time::timeout(timeout(self.limits.body_timeout), whole).await {
            Ok(Ok(body)) => Ok(body.to_bytes()),
            Ok(Err(error)) if error.is::<LengthLimitError>() => Err(StatusCode::PAYLOAD_TOO_LARGE),
            Ok(Err(_)) => Err(StatusCode::BAD_REQUEST),
            Err(_) => Err(StatusCode::REQUEST_TIMEOUT),
        }
    }
}

/// The answer of a device that insists on HTTPS: the same path at its HTTPS port, on the host that the caller asked for.
fn to_https(head: &Parts, port: u16) -> Response<AnswerBody> {
    let Some(host) = host(&head.headers) else {
        return answer::plain(StatusCode::BAD_REQUEST);
    };
    let path = head
        .uri
        .path_and_query()
        .map_or("/", |target| target.as_str());
    let port = match port {
        443 => String::new(),
        port => format!(":{port}"),
    };
    answer::redirect(StatusCode::FOUND, &format!("https://{host}{port}{path}"))
        .unwrap_or_else(|| answer::plain(StatusCode::BAD_REQUEST))
}

/// The host of a request without its port, if it is a plain name or address.
fn host(headers: &HeaderMap) -> Option<&str> {
    let host = headers.get(HOST)?.to_str().ok()?;
    let name = match host.rsplit_once(':') {
        Some((name, port)) if port.bytes().all(|byte| byte.is_ascii_digit()) => name,
        _ => host,
    };
    let plain = |byte: u8| byte.is_ascii_alphanumeric() || b"-._:[]".contains(&byte);
    (!name.is_empty() && name.bytes().all(plain)).then_some(name)
}

#[cfg(test)]
mod tests {
    use hyper::header::HeaderValue;

    use super::*;

    #[test]
    fn where_paths_lead() {
        let objects = [
            "/",
            "/model/pdu/0",
            "/cgi-bin",
            "/link/2/firmware",
            "/link/9",
        ];
        for path in objects {
            assert_eq!(route(path), Route::Object { open: false }, "{path}");
        }
        for path in [
            "/cgi-bin/fwupdate_progress.cgi",
            "/link/2/cgi-bin/fwupdate_progress.cgi",
        ] {
            assert_eq!(route(path), Route::Object { open: true }, "{path}");
        }
        let upload = FileEndpoint::FirmwareUpload;
        assert_eq!(route("/cgi-bin/fwupload.cgi"), Route::File(upload, 1));
        assert_eq!(
            route("/link/8/cgi-bin/fwupload.cgi"),
            Route::File(upload, 8)
        );
        assert_eq!(route("/cgi-bin/other.cgi"), Route::NoFile);
        let nowhere = Route::Object { open: false };
        assert_eq!(route("/link/9/cgi-bin/fwupload.cgi"), nowhere);
    }

    #[test]
    fn hosts_of_redirects() {
        for (sent, expected) in [
            ("pdu", Some("pdu")),
            ("pdu:8080", Some("pdu")),
            ("[::1]:80", Some("[::1]")),
            ("[::1]", Some("[::1]")),
            ("a@b", None),
            ("a/b", None),
            (":80", None),
            ("", None),
        ] {
            let mut headers = HeaderMap::new();
            headers.insert(HOST, HeaderValue::from_str(sent).unwrap());
            assert_eq!(host(&headers), expected, "{sent}");
        }
        assert_eq!(host(&HeaderMap::new()), None);
    }
}
