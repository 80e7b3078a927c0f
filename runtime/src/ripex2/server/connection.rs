//! One connection of a server: HTTP, and the scripts.

use std::convert::Infallible;
use std::io::Write as _;
use std::net::SocketAddr;
use std::sync::Arc;

use ::http::header::{ACCEPT_ENCODING, CONTENT_ENCODING, CONTENT_TYPE, HeaderMap, HeaderValue};
use ::http::{Method, Request, Response, StatusCode};
use bytes::Bytes;
use flate2::Compression;
use flate2::write::GzEncoder;
use http_body_util::{BodyExt as _, Full, Limited};
use hyper::body::Incoming;
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper_util::rt::{TokioIo, TokioTimer};
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::net::TcpStream;

use super::rpc::{self, Outcome};
use super::serving::Door;
use crate::error::ErrorKind;
use crate::json::write;
use crate::ripex2::details::string;
use crate::ripex2::gzip;
use crate::wire::Arguments;

/// Answers that are larger travel compressed, where the caller takes that.
const COMPRESSED_FROM: usize = 1024;

type Answer = Response<Full<Bytes>>;

pub(super) async fn serve(door: Arc<Door>, stream: TcpStream, peer: SocketAddr) {
    // Only slower without.
    let _ = stream.set_nodelay(true);
    match &door.tls {
        None => speak(Arc::clone(&door), stream, peer).await,
        Some(tls) => {
            let shaken = tokio::time::timeout(door.call_time, tls.accept(stream)).await;
            if let Ok(Ok(stream)) = shaken {
                speak(Arc::clone(&door), stream, peer).await;
            }
        }
    }
}

async fn speak<S>(door: Arc<Door>, stream: S, peer: SocketAddr)
where
    S: AsyncRead + AsyncWrite + Unpin + Send + 'static,
{
    let time = door.call_time;
    let service = service_fn(move |request| {
        let door = Arc::clone(&door);
        async move { Ok::<_, Infallible>(answer(&door, request, peer).await) }
    });
    let served = http1::Builder::new()
        .timer(TokioTimer::new())
        .header_read_timeout(time)
        .serve_connection(TokioIo::new(stream), service);
    if let Err(error) = served.await {
        tracing::debug!(target: "xerus_rpc::ripex2", %peer, %error, "connection ended");
    }
}

fn status(status: StatusCode) -> Answer {
    let mut answer = Response::new(Full::default());
    *answer.status_mut() = status;
    answer
}

fn json(body: Bytes) -> Answer {
    let mut answer = Response::new(Full::new(body));
    let kind = HeaderValue::from_static("application/json");
    answer.headers_mut().insert(CONTENT_TYPE, kind);
    answer
}

async fn answer(door: &Arc<Door>, request: Request<Incoming>, peer: SocketAddr) -> Answer {
    let (head, body) = request.into_parts();
    let path = head.uri.path().replace("//", "/");
    let Some(script) = path.strip_prefix("/cgi-bin/") else {
        return status(StatusCode::NOT_FOUND);
    };
    if !matches!(script, "login.cgi" | "logout.cgi" | "rpc.cgi") {
        return status(StatusCode::NOT_FOUND);
    }
    if head.method != Method::POST {
        return status(StatusCode::METHOD_NOT_ALLOWED);
    }
    let body = Limited::new(body, door.request_bytes).collect();
    let body = match tokio::time::timeout(door.call_time, body).await {
        Ok(Ok(body)) => body.to_bytes(),
        Ok(Err(error)) => {
            let too_large = error.is::<http_body_util::LengthLimitError>();
            return status(match too_large {
                true => StatusCode::PAYLOAD_TOO_LARGE,
                false => StatusCode::BAD_REQUEST,
            });
        }
        Err(_) => return status(StatusCode::REQUEST_TIMEOUT),
    };
    let body = match plain(body, &head.headers, door.request_bytes) {
        Ok(body) => body,
        Err(refusal) => return status(refusal),
    };
    let token = head.headers.get("apikey");
    let token = token.and_then(|token| token.to_str().ok());
    match script {
        "login.cgi" => log_in(door, &body),
        "logout.cgi" => match token.is_some_and(|token| door.sessions.log_out(token)) {
            true => json(Bytes::from_static(b"{}")),
            false => status(StatusCode::BAD_REQUEST),
        },
        _ => match rpc::serve(door, &body, token, peer).await {
            Outcome::Answer(body) => packed(json(Bytes::new()), body, &head.headers),
            Outcome::NoSession => status(StatusCode::UNAUTHORIZED),
        },
    }
}

/// The body, unpacked where it came compressed. What is compressed has the same limit.
fn plain(body: Bytes, headers: &HeaderMap, limit: usize) -> Result<Bytes, StatusCode> {
    let coding = headers.get(CONTENT_ENCODING);
    if coding.is_none_or(|coding| !coding.as_bytes().eq_ignore_ascii_case(b"gzip")) {
        return Ok(body);
    }
    gzip::unpack(&body, limit).map_err(|error| match error.kind() {
        ErrorKind::ResponseTooLarge(_) => StatusCode::PAYLOAD_TOO_LARGE,
        _ => StatusCode::BAD_REQUEST,
    })
}

fn log_in(door: &Door, body: &[u8]) -> Answer {
    let text = std::str::from_utf8(body).unwrap_or_default();
    let members = Arguments::parse(text).unwrap_or_default();
    let get = |name| members.get(usize::MAX, name).and_then(string);
    let opened = get("username")
        .zip(get("password"))
        .and_then(|(user, password)| door.sessions.log_in(&user, &password));
    let Some((token, role)) = opened else {
        return status(StatusCode::BAD_REQUEST);
    };
    let mut out = b"{\"token\":".to_vec();
    write::string(&mut out, &token);
    let (name, permission) = (role.name(), role.permission());
    out.extend_from_slice(
        format!(",\"role\":{{\"name\":\"{name}\",\"permission\":{permission}}}}}").as_bytes(),
    );
    json(out.into())
}

/// The answer with its body, compressed where that is worth it and the caller takes it.
fn packed(mut answer: Answer, body: Bytes, asked: &HeaderMap) -> Answer {
    let takes = asked.get_all(ACCEPT_ENCODING).iter().any(|value| {
        let mut codings = value.as_bytes().split(|byte| *byte == b',');
        codings.any(|coding| coding.trim_ascii().eq_ignore_ascii_case(b"gzip"))
    });
    let small = (takes && body.len() >= COMPRESSED_FROM).then(|| {
        let mut packer = GzEncoder::new(Vec::new(), Compression::fast());
        packer.write_all(&body).and_then(|()| packer.finish())
    });
    let body = match small {
        Some(Ok(small)) => {
            let gzip = HeaderValue::from_static("gzip");
            answer.headers_mut().insert(CONTENT_ENCODING, gzip);
            small.into()
        }
        // Nothing goes wrong in memory; if it did, the body is as good.
        _ => body,
    };
    *answer.body_mut() = Full::new(body);
    answer
}
