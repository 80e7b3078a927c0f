mod page;

use std::time::Duration;

use super::*;
use crate::json_text::Json;

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
        "https://pdu.example.com: connection lost before the answer was complete; the other side may have executed the \
         call: read its state before you repeat a change (getState on /model/pdu/0)"
    );
    let timeout = TimeoutError::new(TimeoutPhase::FirstByte, Duration::from_secs(30));
    assert_eq!(
        Error::from(timeout).to_string(),
        "timed out after 30s waiting for the answer: the other side is busy or gone; raise timeout if it needs longer; the other side \
         may have executed the call: read its state before you repeat a change"
    );
}

#[test]
fn a_time_that_is_over_says_that_the_call_may_have_been_executed() {
    let says = |error: &Error| error.to_string().contains("may have executed the call");
    for (phase, sent, unsure) in [
        (TimeoutPhase::Queue, false, false),
        (TimeoutPhase::Connect, false, false),
        (TimeoutPhase::Tls, false, false),
        (TimeoutPhase::Write, false, false),
        (TimeoutPhase::Write, true, true),
        (TimeoutPhase::FirstByte, true, true),
        (TimeoutPhase::Body, true, true),
    ] {
        let time = TimeoutError::new(phase, Duration::from_secs(1));
        let error = Error::from(time).with_sent(sent, false);
        assert_eq!(says(&error), unsure, "{error}");
        // An attempt before it was lost.
        let lost = error.after_a_lost_attempt();
        assert!(says(&lost), "{lost}");
        let none = lost.with_outcome(Outcome::NotExecuted);
        assert!(!says(&none), "{none}");
    }
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
fn an_object_that_is_not_there_is_known_by_status_or_meaning() {
    let rpc = |meaning| Error::from(RpcError::new(7, "").with_meaning(meaning));
    for (error, missing) in [
        (Error::from(HttpStatusError::new(404, "")), true),
        (Error::from(HttpStatusError::new(405, "")), false),
        (rpc(ErrorMeaning::ObjectNotFound), true),
        (rpc(ErrorMeaning::Unavailable), false),
        (Error::from(RpcError::new(404, "")), false),
    ] {
        assert_eq!(error.is_object_not_found(), missing, "{error}");
    }
}

/// An error without context, its outcomes when nobody knows whether bytes were sent, when none was, when some were; whether
/// it may pass; its class.
type Row = (Error, [Outcome; 3], bool, ErrorClass);

/// Every kind, and every sub-kind that makes a difference.
fn every_kind() -> Vec<Row> {
    use ErrorClass::{Http, JsonRpc, JsonRpcSyntax, Local};
    use Outcome::{Executed, NotExecuted, Unknown};

    const NEVER: [Outcome; 3] = [NotExecuted; 3];
    const DONE: [Outcome; 3] = [Executed; 3];
    const OPEN: [Outcome; 3] = [Unknown; 3];
    const SENT: [Outcome; 3] = [Unknown, NotExecuted, Unknown];

    let timeout = |phase| Error::from(TimeoutError::new(phase, Duration::from_secs(1)));
    let redirect = |status| {
        Error::from(RedirectError::new(
            RedirectReason::CrossHost,
            status,
            "https://pdu.example.com",
            None,
        ))
    };
    let status = |status| Error::from(HttpStatusError::new(status, ""));
    let part = |status| Error::from(BulkError::SubHttpStatus(status));
    let rpc = |code, words: &str| Error::from(RpcError::new(code, words));
    let means = |meaning| Error::from(RpcError::new(7, "").with_meaning(meaning));
    let json = |kind| Error::from(JsonError::new(kind, 0));
    let decode = || DecodeError::new(DecodeErrorKind::WrongType, 0, "a", "b");
    let encode = EncodeError::new(EncodeErrorKind::Unset);
    let replay = ReplayError::Unknown {
        text: String::new(),
    };

    let mut rows = vec![
        (ConfigError::BadUserName.into(), NEVER, false, Local),
        (encode.into(), NEVER, false, Local),
        (ConnectError::Dns.into(), NEVER, true, Http),
        (ConnectError::Refused.into(), NEVER, true, Http),
        (ConnectError::Unreachable.into(), NEVER, true, Http),
        (ConnectError::NoWebSocket.into(), NEVER, true, Http),
        (ConnectError::Other.into(), NEVER, true, Http),
        (
            TlsError::new(TlsErrorKind::Expired).into(),
            [NotExecuted, NotExecuted, Unknown],
            false,
            Http,
        ),
        (timeout(TimeoutPhase::Queue), NEVER, true, Http),
        (timeout(TimeoutPhase::Connect), NEVER, true, Http),
        (timeout(TimeoutPhase::Tls), NEVER, true, Http),
        (timeout(TimeoutPhase::Write), SENT, true, Http),
        (timeout(TimeoutPhase::FirstByte), SENT, true, Http),
        (timeout(TimeoutPhase::Body), SENT, true, Http),
        (timeout(TimeoutPhase::Runtime), SENT, true, Http),
        (ErrorKind::ConnectionLost.into(), SENT, true, Http),
        (AuthError::Unauthorized.into(), NEVER, false, Http),
        (AuthError::Forbidden.into(), NEVER, false, Http),
        (AuthError::PasswordChangeRequired.into(), NEVER, false, Http),
        (HttpProtocolError::Framing.into(), SENT, true, Http),
        (HttpProtocolError::Truncated.into(), SENT, true, Http),
        (HttpProtocolError::ContentEncoding.into(), SENT, true, Http),
        (ProtocolError::new("").into(), SENT, true, Http),
        (TooLargeError::new(1, 2).into(), SENT, false, Http),
        (EnvelopeError::NotObject.into(), SENT, false, JsonRpcSyntax),
        (EnvelopeError::IdMismatch.into(), SENT, false, JsonRpcSyntax),
        (
            EnvelopeError::ResultAndError.into(),
            SENT,
            false,
            JsonRpcSyntax,
        ),
        (json(JsonErrorKind::Syntax), SENT, false, JsonRpcSyntax),
        (
            json(JsonErrorKind::DuplicateKey),
            SENT,
            false,
            JsonRpcSyntax,
        ),
        (decode().into(), DONE, false, JsonRpcSyntax),
        (Error::in_the_result(decode()), DONE, false, JsonRpcSyntax),
        (
            Error::in_the_result(JsonError::new(JsonErrorKind::DuplicateKey, 0).into()),
            DONE,
            false,
            JsonRpcSyntax,
        ),
        (
            Error::from(decode()).before_the_result(),
            OPEN,
            false,
            JsonRpcSyntax,
        ),
        (ApplicationError::new(1, &[]).into(), DONE, false, JsonRpc),
        (OverflowError::new(3, 64).into(), SENT, false, Local),
        (BulkError::MissingResponse.into(), NEVER, true, Http),
        (
            Error::from(BulkError::MissingResponse).with_outcome(Unknown),
            OPEN,
            true,
            Http,
        ),
        (
            BulkError::ExtraResponses {
                sent: 1,
                received: 2,
            }
            .into(),
            SENT,
            false,
            Http,
        ),
        (BulkError::ForeignAgent.into(), NEVER, false, Local),
        (BulkError::ForeignHandle.into(), SENT, false, Local),
        (rpc(-32700, ""), NEVER, false, JsonRpc),
        (rpc(-32600, ""), NEVER, false, JsonRpc),
        (rpc(-32601, ""), NEVER, false, JsonRpc),
        (rpc(-32602, ""), NEVER, false, JsonRpc),
        (rpc(-32603, ""), OPEN, false, JsonRpc),
        (rpc(-32001, ""), NEVER, false, JsonRpc),
        (rpc(-32000, "busy"), OPEN, false, JsonRpc),
        (
            rpc(7, "Insufficient privileges to perform request."),
            NEVER,
            false,
            JsonRpc,
        ),
        (
            Error::from(RpcError::new(-32602, "").with_result(Json::NULL)),
            OPEN,
            false,
            JsonRpc,
        ),
        (FileError::Source.into(), SENT, false, Local),
        (FileError::Sink.into(), SENT, false, Local),
        (FileError::NotResumed.into(), SENT, false, Http),
        (CgiError::MissingResponseCode.into(), SENT, false, Http),
        (CgiError::bad_response_code("x").into(), SENT, false, Http),
        (
            CgiError::Refused(CgiRefusal::new(7)).into(),
            SENT,
            false,
            Http,
        ),
        (
            Error::from(CgiError::Refused(CgiRefusal::new(7))).with_outcome(NotExecuted),
            NEVER,
            false,
            Http,
        ),
        (replay.into(), NEVER, false, Local),
        (
            UpdateError::Conflict {
                ours: Difference::default(),
                theirs: Difference::default(),
            }
            .into(),
            NEVER,
            false,
            Local,
        ),
        (
            UpdateError::NotKept {
                ours: Difference::default(),
                found: Difference::default(),
            }
            .into(),
            DONE,
            false,
            Local,
        ),
        (
            UpdateError::Incomplete(Vec::new()).into(),
            NEVER,
            false,
            Local,
        ),
        (
            UpdateError::NotTaken(Difference::default()).into(),
            NEVER,
            false,
            Local,
        ),
        (means(ErrorMeaning::ObjectNotFound), NEVER, false, JsonRpc),
        (means(ErrorMeaning::NotLoggedIn), NEVER, false, JsonRpc),
        (means(ErrorMeaning::Unavailable), NEVER, true, JsonRpc),
    ];
    for code in [301, 302, 307, 308] {
        rows.push((redirect(code), NEVER, false, Http));
    }
    for code in [300, 303, 304] {
        rows.push((redirect(code), OPEN, false, Http));
    }
    for code in [400, 404, 405, 413, 499] {
        rows.push((status(code), NEVER, false, Http));
        rows.push((part(code.into()), NEVER, false, Http));
    }
    for code in [401, 403, 451] {
        rows.push((part(code), NEVER, false, Http));
    }
    rows.push((status(408), NEVER, true, Http));
    rows.push((part(408), NEVER, true, Http));
    for code in [500, 503, 599] {
        rows.push((status(code), OPEN, true, Http));
        rows.push((part(code.into()), OPEN, true, Http));
    }
    for code in [100, 204, 206, 304, 600, 999] {
        rows.push((status(code), OPEN, false, Http));
        rows.push((part(code.into()), OPEN, false, Http));
    }
    for code in [0, -1, -404, 65_940, i64::from(i32::MAX)] {
        rows.push((part(code), OPEN, false, Http));
    }
    rows
}

#[test]
fn what_an_error_means_for_the_next_step() {
    for (error, outcomes, may_pass, class) in every_kind() {
        for (sent, outcome) in [None, Some(false), Some(true)].into_iter().zip(outcomes) {
            for repeatable in [false, true] {
                let mut error = error.clone();
                error.0.context.sent = sent;
                error.0.context.repeatable = repeatable;
                let case = format!("{error:?}, repeatable {repeatable}");
                let harmless = outcome == Outcome::NotExecuted || repeatable;
                assert_eq!(error.outcome(), outcome, "{case}");
                assert_eq!(
                    error.may_have_executed(),
                    outcome != Outcome::NotExecuted,
                    "{case}"
                );
                assert_eq!(error.is_retryable(), may_pass && harmless, "{case}");
                assert_eq!(error.class(), class, "{case}");
            }
        }
    }
}

#[test]
fn what_is_known_otherwise_counts_more_than_the_kind() {
    for (error, ..) in every_kind() {
        for outcome in [Outcome::NotExecuted, Outcome::Executed, Outcome::Unknown] {
            let error = error.clone().with_outcome(outcome);
            assert_eq!(error.outcome(), outcome, "{error:?}");
        }
    }
}

#[test]
fn the_name_of_an_error_begins_with_its_kind() {
    for (error, ..) in every_kind() {
        let kind = format!("{:?}", error.kind());
        let kind = kind.split(['(', ' ']).next().expect("a name");
        // The status of a part is called what it is.
        let name = match error.code() {
            "SubHttpStatus" => "Bulk",
            code => code.split('.').next().expect("a name"),
        };
        assert_eq!(name, kind, "{error:?}");
    }
    let twice = DecodeError::from(JsonError::new(JsonErrorKind::DuplicateKey, 9)).member("rid");
    let error = Error::from(twice);
    assert_eq!(
        (error.code(), error.path()),
        ("Json.DuplicateKey", Some("rid".into()))
    );
    assert!(matches!(error.kind(), ErrorKind::Json(_)));
    assert_eq!(
        error.to_string(),
        "object member given twice at byte 9 (in rid)"
    );
}

#[test]
fn words_alone_have_a_meaning_where_the_code_has_none() {
    let words = "Insufficient privileges to perform request.";
    let meaning = |code| RpcError::new(code, words).meaning;
    assert_eq!(meaning(7), Some(ErrorMeaning::PermissionDenied));
    assert_eq!(meaning(-32601), Some(ErrorMeaning::MethodNotFound));
    assert_eq!(RpcError::new(7, "busy").meaning, None);
    // Any program may say so of anything, where codes are no numbers.
    for code in [
        ErrorCode::Uri("com.example.error.failed".into()),
        ErrorCode::Text("validation_error".into()),
    ] {
        let error = RpcError::new(code, words);
        assert_eq!(error.meaning, None);
        let error = Error::from(error);
        assert!(!error.is_permission_denied());
        assert_eq!(error.outcome(), Outcome::Unknown);
    }
}

#[test]
fn errors_of_routers_speak_of_routers() {
    for meaning in [
        ErrorMeaning::InvalidRequest,
        ErrorMeaning::MethodNotFound,
        ErrorMeaning::ObjectNotFound,
        ErrorMeaning::InvalidArguments,
        ErrorMeaning::PermissionDenied,
        ErrorMeaning::NotLoggedIn,
        ErrorMeaning::Unavailable,
    ] {
        let code = ErrorCode::Uri("wamp.error.x".into());
        let shown = RpcError::new(code, "so").with_meaning(meaning).to_string();
        for word in ["device", "firmware", "model", "begun"] {
            assert!(!shown.contains(word), "{shown}");
        }
    }
    let code = ErrorCode::Uri("wamp.error.no_such_procedure".into());
    let none = RpcError::new(code, "").with_meaning(ErrorMeaning::MethodNotFound);
    assert_eq!(
        none.to_string(),
        "the answer is error wamp.error.no_such_procedure (nobody has registered that procedure in this realm: check the spelling, the prefix, the realm, \
         and whether the callee runs)"
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
