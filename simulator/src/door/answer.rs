//! HTTP answers.

use bytes::Bytes;
use hyper::header::{
    ALLOW, CACHE_CONTROL, CONTENT_SECURITY_POLICY, CONTENT_TYPE, HeaderName, HeaderValue, LOCATION,
    VARY, WWW_AUTHENTICATE, X_CONTENT_TYPE_OPTIONS, X_FRAME_OPTIONS, X_XSS_PROTECTION,
};
use hyper::{Response, StatusCode};

use super::body::AnswerBody;

pub(crate) const JSON: HeaderValue = HeaderValue::from_static("application/json; charset=UTF-8");
pub(crate) const HTML: HeaderValue = HeaderValue::from_static("text/html; charset=UTF-8");
/// Where file endpoints say what became of an upload.
pub(crate) const RESPONSE_CODE: HeaderName = HeaderName::from_static("x-response-code");

/// What devices send with every answer. One header of theirs is left out: `Strict-Transport-Security` would bar browsers from
/// everything else that is served on this computer without TLS.
const ALWAYS: [(HeaderName, &str); 6] = [
    (CACHE_CONTROL, "no-cache, no-store"),
    (VARY, "accept-encoding"),
    (CONTENT_SECURITY_POLICY, "frame-ancestors 'self'"),
    (X_CONTENT_TYPE_OPTIONS, "nosniff"),
    (X_FRAME_OPTIONS, "sameorigin"),
    (X_XSS_PROTECTION, "1; mode=block"),
];

/// The answer to a call.
pub(crate) fn json(body: Bytes) -> Response<AnswerBody> {
    with_type(StatusCode::OK, AnswerBody::bytes(body), JSON)
}

/// An answer that is no call result: a status and a text for people.
pub(crate) fn text(status: StatusCode, text: impl Into<Bytes>) -> Response<AnswerBody> {
    with_type(status, AnswerBody::bytes(text.into()), HTML)
}

/// A status that says it all.
pub(crate) fn plain(status: StatusCode) -> Response<AnswerBody> {
    text(status, status.canonical_reason().unwrap_or_default())
}

pub(crate) fn unauthorized() -> Response<AnswerBody> {
    let mut answer = plain(StatusCode::UNAUTHORIZED);
    answer.headers_mut().insert(
        WWW_AUTHENTICATE,
        HeaderValue::from_static("Basic realm=\"simulated PDU\""),
    );
    answer
}

pub(crate) fn password_change_required() -> Response<AnswerBody> {
    text(
        StatusCode::UNAVAILABLE_FOR_LEGAL_REASONS,
        "Password change required",
    )
}

/// `allowed`: the method that it takes.
pub(crate) fn method_not_allowed(allowed: &'static str) -> Response<AnswerBody> {
    let mut answer = plain(StatusCode::METHOD_NOT_ALLOWED);
    answer
        .headers_mut()
        .insert(ALLOW, HeaderValue::from_static(allowed));
    answer
}

/// `None` when `location` cannot stand in a header.
pub(crate) fn redirect(status: StatusCode, location: &str) -> Option<Response<AnswerBody>> {
    let mut answer = text(status, "");
    answer
        .headers_mut()
        .insert(LOCATION, HeaderValue::from_str(location).ok()?);
    Some(answer)
}

pub(crate) fn with_type(
    status: StatusCode,
    body: AnswerBody,
    kind: HeaderValue,
) -> Response<AnswerBody> {
    let mut answer = Response::new(body);
    *answer.status_mut() = status;
    let headers = answer.headers_mut();
    for (name, value) in ALWAYS {
        headers.insert(name, HeaderValue::from_static(value));
    }
    headers.insert(CONTENT_TYPE, kind);
    answer
}
