use std::time::Duration;

use super::*;

fn in_call(kind: impl Into<Error>) -> Error {
    kind.into()
        .with_origin("https://pdu.example.com")
        .with_call("/model/pdu/0", "getState")
}

#[test]
fn one_pointer_wide() {
    assert_eq!(size_of::<Result<(), Error>>(), size_of::<usize>());
}

#[test]
fn display_is_one_clear_line() {
    assert_eq!(
        in_call(AuthError::Unauthorized).to_string(),
        "https://pdu.example.com: login refused (401): check user name and password (getState on /model/pdu/0)"
    );
    let lost = in_call(ErrorKind::ConnectionLost).with_sent(true, false);
    assert_eq!(
        lost.to_string(),
        "https://pdu.example.com: connection lost before the answer was complete; the device may have executed the \
         call (getState on /model/pdu/0)"
    );
    let timeout = TimeoutError::new(TimeoutPhase::FirstByte, Duration::from_secs(30));
    assert_eq!(
        Error::from(timeout).to_string(),
        "timed out after 30s waiting for the answer"
    );
}

#[test]
fn device_text_cannot_break_the_line() {
    let hostile = RpcError::new(
        -1,
        format!("a\r\nERROR: b\u{1b}[2J\u{202e}{}", "x".repeat(100_000)),
    );
    let shown = in_call(hostile).to_string();
    assert!(
        !shown.chars().any(|c| c.is_control() || c == '\u{202e}'),
        "{shown}"
    );
    assert!(shown.len() < 500, "{} bytes", shown.len());
    assert!(shown.ends_with("(getState on /model/pdu/0)"), "{shown}");
}

#[test]
fn context_that_is_there_stays() {
    let error = in_call(ErrorKind::ConnectionLost)
        .with_origin("http://other")
        .with_call("/x", "y");
    assert_eq!(error.origin(), Some("https://pdu.example.com"));
    assert_eq!(error.rid(), Some("/model/pdu/0"));
    assert_eq!(error.method(), Some("getState"));
}

#[test]
fn outcome_follows_from_the_kind() {
    use Outcome::{Executed, NotExecuted, Unknown};
    let status = |status| Error::from(HttpStatusError::new(status, ""));
    let timeout = |phase| Error::from(TimeoutError::new(phase, Duration::from_secs(1)));
    let table = [
        (Error::from(ConnectError::Refused), NotExecuted),
        (Error::from(TlsError::Expired), NotExecuted),
        (
            Error::from(TlsError::Handshake(String::new())).with_sent(true, false),
            Unknown,
        ),
        (Error::from(AuthError::Forbidden), NotExecuted),
        (status(404), NotExecuted),
        (status(408), NotExecuted),
        (status(503), Unknown),
        (status(204), Unknown),
        (timeout(TimeoutPhase::Queue), NotExecuted),
        (timeout(TimeoutPhase::Connect), NotExecuted),
        (timeout(TimeoutPhase::Body), Unknown),
        (
            Error::from(ErrorKind::ConnectionLost).with_sent(true, true),
            Unknown,
        ),
        (
            Error::from(ErrorKind::ConnectionLost).with_sent(false, true),
            NotExecuted,
        ),
        (Error::from(RpcError::new(-32601, "")), NotExecuted),
        (Error::from(RpcError::new(-32603, "")), Unknown),
        (Error::from(BulkError::MissingResponse), NotExecuted),
        (Error::from(BulkError::SubHttpStatus(404)), NotExecuted),
        (Error::from(BulkError::SubHttpStatus(-1)), Unknown),
        (Error::from(ApplicationError::new(1, &[])), Executed),
        (
            Error::from(FileError::Source).with_sent(true, false),
            Unknown,
        ),
        (
            Error::from(FileError::Source).with_sent(false, false),
            NotExecuted,
        ),
        (Error::from(CgiError::MissingResponseCode), Unknown),
        (
            Error::from(ErrorKind::ConnectionLost).with_outcome(Executed),
            Executed,
        ),
    ];
    for (error, outcome) in table {
        assert_eq!(error.outcome(), outcome, "{error}");
        assert_eq!(error.may_have_executed(), outcome != NotExecuted, "{error}");
    }
}

#[test]
fn retry_advice_needs_a_passing_fault_and_a_harmless_call() {
    let lost =
        |sent, repeatable| Error::from(ErrorKind::ConnectionLost).with_sent(sent, repeatable);
    assert!(lost(false, false).is_retryable());
    assert!(lost(true, true).is_retryable());
    assert!(!lost(true, false).is_retryable());
    assert!(Error::from(ConnectError::Refused).is_retryable());
    assert!(!Error::from(AuthError::Unauthorized).is_retryable());
    assert!(!Error::from(HttpStatusError::new(503, "")).is_retryable());
    assert!(
        Error::from(HttpStatusError::new(503, ""))
            .with_sent(true, true)
            .is_retryable()
    );
    assert!(
        !Error::from(HttpStatusError::new(404, ""))
            .with_sent(true, true)
            .is_retryable()
    );
}

#[test]
fn privileges_are_one_kind_in_all_their_forms() {
    assert!(Error::from(AuthError::Forbidden).is_permission_denied());
    assert!(Error::from(BulkError::SubHttpStatus(403)).is_permission_denied());
    assert!(Error::from(RpcError::new(-32001, "")).is_permission_denied());
    let words = RpcError::new(7, "Insufficient privileges to perform request.");
    assert!(Error::from(words).is_permission_denied());
    assert!(!Error::from(AuthError::Unauthorized).is_permission_denied());
    assert!(Error::from(RpcError::new(-32601, "")).is_method_not_found());
}

#[test]
fn classes_are_the_documented_ones() {
    assert_eq!(Error::from(ConnectError::Dns).class(), ErrorClass::Http);
    assert_eq!(
        Error::from(HttpStatusError::new(500, "")).class(),
        ErrorClass::Http
    );
    assert_eq!(
        Error::from(RpcError::new(1, "")).class(),
        ErrorClass::JsonRpc
    );
    assert_eq!(
        Error::from(EnvelopeError::IdMismatch).class(),
        ErrorClass::JsonRpcSyntax
    );
    for local in [
        Error::from(ConfigError::BadUserName),
        FileError::Sink.into(),
        FileError::Source.into(),
    ] {
        assert_eq!(local.class(), ErrorClass::Local, "{local}");
    }
    assert_eq!(Error::from(FileError::NotResumed).class(), ErrorClass::Http);
    let no_code = Error::from(CgiError::MissingResponseCode);
    assert_eq!(no_code.class(), ErrorClass::Http);
}

#[test]
fn sources_and_statuses_are_reachable() {
    let io = std::io::Error::new(std::io::ErrorKind::ConnectionReset, "reset");
    let error = Error::from(ErrorKind::ConnectionLost).with_source(io);
    let source = std::error::Error::source(&error).and_then(|e| e.downcast_ref::<std::io::Error>());
    assert_eq!(
        source.map(std::io::Error::kind),
        Some(std::io::ErrorKind::ConnectionReset)
    );
    assert_eq!(
        Error::from(AuthError::PasswordChangeRequired).http_status(),
        Some(451)
    );
    assert_eq!(
        Error::from(BulkError::SubHttpStatus(404)).http_status(),
        Some(404)
    );
    assert_eq!(
        Error::from(BulkError::SubHttpStatus(-1)).http_status(),
        None
    );
}

#[test]
fn debug_tells_the_line_and_the_outcome() {
    let shown = format!("{:?}", in_call(AuthError::Unauthorized));
    assert!(
        shown.contains("Auth.Unauthorized") && shown.contains("NotExecuted"),
        "{shown}"
    );
}
