//! How file endpoints answer.

use hyper::header::{CONTENT_DISPOSITION, HeaderValue};
use hyper::{Response, StatusCode};
use xerus_rpc::files::{CodePlace, UploadEndpoint};

use crate::door::answer::{self, RESPONSE_CODE};
use crate::door::body::AnswerBody;
use crate::door::site::{Download, Refusal, Uploaded};

/// The code stands where the endpoint has its place.
pub(super) fn uploaded(endpoint: UploadEndpoint, outcome: Uploaded) -> Response<AnswerBody> {
    let (code, text, in_header) = match outcome {
        Uploaded::Code(code) => (code, None, false),
        Uploaded::CodeInHeader(code) => (code, None, true),
        Uploaded::Text(text) => (0, Some(text), false),
    };
    let text = match (endpoint.code_place(), text) {
        (CodePlace::Body, _) => format!("return_code={code}"),
        (_, text) => text.unwrap_or_default(),
    };
    let mut answer = answer::text(StatusCode::OK, text);
    if in_header || endpoint.code_place() == CodePlace::Header {
        answer.headers_mut().insert(RESPONSE_CODE, code.into());
    }
    answer
}

pub(super) fn download(download: Download) -> Response<AnswerBody> {
    // A site that writes no media type means bytes.
    let kind = HeaderValue::from_str(&download.media_type)
        .unwrap_or(HeaderValue::from_static("application/octet-stream"));
    let mut answer = answer::with_type(StatusCode::OK, download.body, kind);
    let disposition = download
        .file_name
        .map(|name| name.replace(['"', '\\', '\r', '\n'], "_"))
        .and_then(|name| HeaderValue::from_str(&format!("attachment; filename=\"{name}\"")).ok());
    if let Some(disposition) = disposition {
        answer
            .headers_mut()
            .insert(CONTENT_DISPOSITION, disposition);
    }
    answer
}

pub(super) fn refused(refusal: Refusal) -> Response<AnswerBody> {
    match refusal {
        Refusal::NotFound => answer::plain(StatusCode::NOT_FOUND),
        Refusal::Forbidden => answer::plain(StatusCode::FORBIDDEN),
        Refusal::TooLarge => answer::plain(StatusCode::PAYLOAD_TOO_LARGE),
        Refusal::TooSlow => answer::plain(StatusCode::REQUEST_TIMEOUT),
        Refusal::BadRequest(why) => plain_text(StatusCode::BAD_REQUEST, why),
        Refusal::Busy(why) => plain_text(StatusCode::SERVICE_UNAVAILABLE, why),
    }
}

/// What may hold words of the client is no page.
fn plain_text(status: StatusCode, text: String) -> Response<AnswerBody> {
    let kind = HeaderValue::from_static("text/plain; charset=UTF-8");
    answer::with_type(status, AnswerBody::bytes(text.into()), kind)
}
