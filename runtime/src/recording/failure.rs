//! Errors that are no answers of the device, kept and made again.

use std::time::Duration;

use super::json::Node;
use crate::error::{
    AuthError, BulkError, ConnectError, Error, ErrorCode, ErrorKind, HttpProtocolError,
    HttpStatusError, Outcome, ProtocolError, RedirectError, RedirectReason, RpcError, TimeoutError,
    TimeoutPhase, TlsError, TlsErrorKind, TooLargeError,
};

const NOT_EXECUTED: &str = "not executed";
const EXECUTED: &str = "executed";
const UNKNOWN: &str = "unknown";

/// What is kept of an error. Which words there are is in `docs/recording-format.md`.
pub(super) fn of(error: &Error) -> Node {
    let mut status = error.http_status();
    let (mut text, mut code, mut data) = (None, None, None);
    match error.kind() {
        ErrorKind::HttpStatus(error) => text = Some(error.excerpt.clone()),
        ErrorKind::Rpc(error) => {
            code = Some(match &error.code {
                ErrorCode::Number(number) => Node::number(number),
                other => Node::text(other.text().unwrap_or_default()),
            });
            text = Some(error.message.clone());
            data = error.data.as_ref().map(Node::of);
        }
        ErrorKind::Bulk(BulkError::SubHttpStatus(sub)) => status = u16::try_from(*sub).ok(),
        _ => {}
    }
    let text = text.filter(|text| !text.is_empty());
    Node::object([
        ("kind", Some(Node::text(error.code()))),
        ("status", status.map(Node::number)),
        ("code", code),
        ("text", text.map(Node::Text)),
        ("data", data),
        ("sent", error.was_sent().map(Node::number)),
        ("outcome", Some(Node::text(outcome(error.outcome())))),
    ])
}

/// The failure of a call in a bulk, which got this status.
pub(super) fn of_part(status: i64) -> Node {
    of(&BulkError::SubHttpStatus(status).into())
}

/// The failure of a call that the device did not get to.
pub(super) fn of_missing() -> Node {
    of(&BulkError::MissingResponse.into())
}

/// The failure of a request that got this status.
pub(super) fn of_status(status: u16) -> Node {
    of(&Error::new(status_error(status, String::new())))
}

/// The status of a call in a bulk, if the failure is one of the call and not of the request.
pub(super) fn part_status(failure: &Node) -> Option<i64> {
    let of_a_part = failure.get("kind")?.as_text()? == SUB_STATUS;
    failure.get("status").filter(|_| of_a_part)?.as_number()
}

/// Whether the device did not get to the call.
pub(super) fn is_missing(failure: &Node) -> bool {
    failure.get("kind").and_then(Node::as_text) == Some(MISSING)
}

const SUB_STATUS: &str = "SubHttpStatus";
const MISSING: &str = "Bulk.MissingResponse";

fn outcome(outcome: Outcome) -> &'static str {
    match outcome {
        Outcome::NotExecuted => NOT_EXECUTED,
        Outcome::Executed => EXECUTED,
        Outcome::Unknown => UNKNOWN,
    }
}

/// Makes the error again. `took` is how long the call took.
///
/// # Errors
///
/// What of it is not understood.
pub(super) fn again(failure: &Node, took: Duration, repeatable: bool) -> Result<Error, String> {
    let word = |name: &str| failure.get(name).and_then(Node::as_text);
    let kind = word("kind").ok_or("the failure has no `kind`")?;
    let error = Error::new(kind_again(failure, kind, took)?);
    let error = match failure.get("sent") {
        Some(Node::Word(word)) if word == "true" => error.with_sent(true, repeatable),
        Some(Node::Word(word)) if word == "false" => error.with_sent(false, repeatable),
        _ => error,
    };
    Ok(match word("outcome") {
        None => error,
        Some(NOT_EXECUTED) => error.with_outcome(Outcome::NotExecuted),
        Some(EXECUTED) => error.with_outcome(Outcome::Executed),
        Some(UNKNOWN) => error.with_outcome(Outcome::Unknown),
        Some(other) => {
            return Err(format!(
                "the outcome `{other}` is none of `{NOT_EXECUTED}`, `{EXECUTED}`, `{UNKNOWN}`"
            ));
        }
    })
}

fn kind_again(failure: &Node, kind: &str, took: Duration) -> Result<ErrorKind, String> {
    let status = || {
        let status = failure.get("status").and_then(Node::as_number::<u16>);
        status.ok_or_else(|| format!("a failure of kind {kind} has a `status`, a number"))
    };
    let text = failure
        .get("text")
        .and_then(Node::as_text)
        .unwrap_or_default();
    if kind.starts_with("HttpStatus.") {
        return Ok(status_error(status()?, text.to_owned()));
    }
    if kind.starts_with("Redirect.") {
        let status = status()?;
        let redirect = |reason: &RedirectReason| {
            ErrorKind::Redirect(RedirectError::new(*reason, status, "", None))
        };
        return same_code(kind, REDIRECTS.iter().map(redirect));
    }
    match kind {
        SUB_STATUS => Ok(ErrorKind::Bulk(BulkError::SubHttpStatus(status()?.into()))),
        "Rpc" => {
            let code = match failure.get("code") {
                Some(Node::Text(word)) => ErrorCode::Text(word.clone().into()),
                Some(number) => ErrorCode::Number(number.as_number().ok_or(
                    "the `code` of a failure of kind Rpc is a whole number of 64 bits, or a text",
                )?),
                None => return Err("a failure of kind Rpc has a `code`".to_owned()),
            };
            let mut error = RpcError::new(code, text);
            error.data = failure.get("data").map(Node::to_json);
            Ok(ErrorKind::Rpc(error))
        }
        _ => same_code(kind, every_other(took)),
    }
}

fn same_code(code: &str, mut kinds: impl Iterator<Item = ErrorKind>) -> Result<ErrorKind, String> {
    kinds.find(|kind| kind.code() == code).ok_or_else(|| {
        format!("a failure of kind {code} cannot be played again: edit the entry, or leave it out")
    })
}

/// Statuses that stand for a refused user have kinds of their own.
fn status_error(status: u16, text: String) -> ErrorKind {
    match status {
        401 => ErrorKind::Auth(AuthError::Unauthorized),
        403 => ErrorKind::Auth(AuthError::Forbidden),
        451 => ErrorKind::Auth(AuthError::PasswordChangeRequired),
        _ => ErrorKind::HttpStatus(HttpStatusError::new(status, text)),
    }
}

const REDIRECTS: [RedirectReason; 8] = [
    RedirectReason::CrossHost,
    RedirectReason::Downgrade,
    RedirectReason::Loop,
    RedirectReason::MissingLocation,
    RedirectReason::InvalidLocation,
    RedirectReason::NotRpc,
    RedirectReason::AlreadySent,
    RedirectReason::UpgradeNotEnabled,
];

/// The kinds that say all by their names.
fn every_other(took: Duration) -> impl Iterator<Item = ErrorKind> {
    use TlsErrorKind as Tls;
    let auth = [
        AuthError::Unauthorized,
        AuthError::Forbidden,
        AuthError::PasswordChangeRequired,
        AuthError::SessionLimit,
        AuthError::RefusedBefore,
    ];
    let connect = [
        ConnectError::Dns,
        ConnectError::Refused,
        ConnectError::Unreachable,
        ConnectError::UnknownZone,
        ConnectError::LocalAddress,
        ConnectError::ProxyUnreachable,
        ConnectError::ProxyRefused,
        ConnectError::NoWebSocket,
        ConnectError::Other,
    ];
    let phases = [
        TimeoutPhase::Queue,
        TimeoutPhase::Connect,
        TimeoutPhase::Tls,
        TimeoutPhase::Write,
        TimeoutPhase::FirstByte,
        TimeoutPhase::Body,
        TimeoutPhase::Runtime,
    ];
    let http = [
        HttpProtocolError::Framing,
        HttpProtocolError::SpeaksTls,
        HttpProtocolError::Truncated,
        HttpProtocolError::ContentEncoding,
    ];
    let tls = [
        Tls::UnknownIssuer,
        Tls::NameMismatch,
        Tls::NoNames,
        Tls::Expired,
        Tls::NotYetValid,
        Tls::PinMismatch,
        Tls::WeakSignature,
        Tls::UnsupportedCertificate,
        Tls::UntrustedChain,
        Tls::Revoked,
        Tls::MalformedCertificate,
        Tls::BadKeyProof,
        Tls::UnsupportedKey,
        Tls::NoCommonVersion,
        Tls::NoCommonCipher,
        Tls::NotTls,
        Tls::Closed,
        Tls::ClientCertificateRequired,
        Tls::PeerAlert,
        Tls::Handshake,
    ];
    let others = [
        ErrorKind::ConnectionLost,
        ErrorKind::Protocol(ProtocolError::new("as it was recorded")),
        ErrorKind::ResponseTooLarge(TooLargeError::new(0, 0)),
        ErrorKind::Bulk(BulkError::MissingResponse),
    ];
    let timeout = move |phase| ErrorKind::Timeout(TimeoutError::new(phase, took));
    (auth.into_iter().map(ErrorKind::Auth))
        .chain(connect.into_iter().map(ErrorKind::Connect))
        .chain(phases.into_iter().map(timeout))
        .chain(http.into_iter().map(ErrorKind::HttpProtocol))
        .chain(
            tls.into_iter()
                .map(|kind| ErrorKind::Tls(TlsError::new(kind))),
        )
        .chain(others)
}
