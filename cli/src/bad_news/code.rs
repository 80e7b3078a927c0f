//! Errors of a device as exit codes. What matters most is whether a script may run the command again: only
//! [`TRANSPORT`] and [`USAGE`] say that nothing was executed.

use xerus_rpc::Error;
use xerus_rpc::error::{BulkError, ErrorClass, ErrorKind, ErrorMeaning, Outcome, RpcError};

/// What was given on the command line cannot be used.
pub(crate) const USAGE: u8 = 2;
/// The device was not reached, or not in a way that can be trusted: nothing was executed.
pub(crate) const TRANSPORT: u8 = 3;
/// The device answered, and refused.
pub(crate) const REFUSED: u8 = 4;
/// The answer is not one that can be read.
const DECODE: u8 = 5;
/// The call was sent, and no answer says whether it was executed.
pub(crate) const UNKNOWN: u8 = 7;

/// The exit code that stands for an error.
pub(crate) fn exit_code(error: &Error) -> u8 {
    match error.kind() {
        // There is an answer, and it is one of these whatever was done before it was given.
        ErrorKind::Rpc(rpc) if is_about_what_was_done(rpc) => REFUSED,
        ErrorKind::Bulk(BulkError::SubHttpStatus(_)) if !is_unknown(error) => REFUSED,
        ErrorKind::Bulk(BulkError::SubHttpStatus(_)) => UNKNOWN,
        ErrorKind::ResponseTooLarge(_) | ErrorKind::Bulk(_) => DECODE,
        _ if error.class() == ErrorClass::JsonRpcSyntax => DECODE,
        _ if is_unknown(error) => UNKNOWN,
        ErrorKind::Auth(_) | ErrorKind::HttpStatus(_) | ErrorKind::Cgi(_) => REFUSED,
        _ => match error.class() {
            ErrorClass::Local => USAGE,
            ErrorClass::JsonRpc => REFUSED,
            ErrorClass::Http if error.outcome() == Outcome::NotExecuted => TRANSPORT,
            ErrorClass::Http | ErrorClass::JsonRpcSyntax => DECODE,
        },
    }
}

fn is_unknown(error: &Error) -> bool {
    error.outcome() == Outcome::Unknown
}

/// Whether an error is the device's own word on what it was asked for. The others are reasons not to begin, which stand for
/// that only where it is known who gave them.
fn is_about_what_was_done(error: &RpcError) -> bool {
    match error.meaning {
        None => true,
        Some(meaning) => matches!(
            meaning,
            ErrorMeaning::ActionRunning
                | ErrorMeaning::ActionDone
                | ErrorMeaning::ActionFailed
                | ErrorMeaning::ActionLost
        ),
    }
}

/// The word for an outcome, as recordings have it.
pub(crate) const fn outcome(outcome: Outcome) -> &'static str {
    match outcome {
        Outcome::NotExecuted => "not executed",
        Outcome::Executed => "executed",
        Outcome::Unknown => "unknown",
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use xerus_rpc::error::{
        AuthError, ConfigError, ConnectError, HttpStatusError, TimeoutError, TimeoutPhase,
        TlsError, TlsErrorKind,
    };

    use super::*;

    #[test]
    fn only_what_was_not_executed_is_not_reached() {
        let timeout = |phase| Error::from(TimeoutError::new(phase, Duration::from_secs(1)));
        let status = |status| Error::from(HttpStatusError::new(status, ""));
        let rpc = |meaning| Error::from(RpcError::new(7, "").with_meaning(meaning));
        let lost = || Error::from(ErrorKind::ConnectionLost);
        let tls = || Error::from(TlsError::new(TlsErrorKind::PeerAlert));
        for (error, code) in [
            (ConfigError::BadUserName.into(), USAGE),
            (ConnectError::Refused.into(), TRANSPORT),
            (timeout(TimeoutPhase::Connect), TRANSPORT),
            (timeout(TimeoutPhase::Tls), TRANSPORT),
            (timeout(TimeoutPhase::Queue), TRANSPORT),
            (timeout(TimeoutPhase::Write), UNKNOWN),
            (timeout(TimeoutPhase::FirstByte), UNKNOWN),
            (timeout(TimeoutPhase::Body), UNKNOWN),
            (lost(), UNKNOWN),
            (lost().with_sent(true, false), UNKNOWN),
            (lost().with_sent(false, false), TRANSPORT),
            (lost().with_outcome(Outcome::Executed), DECODE),
            (tls().with_sent(false, false), TRANSPORT),
            (tls().with_sent(true, false), UNKNOWN),
            (AuthError::Unauthorized.into(), REFUSED),
            (
                Error::from(AuthError::Unauthorized).with_outcome(Outcome::Unknown),
                UNKNOWN,
            ),
            (status(404), REFUSED),
            (status(503), UNKNOWN),
            (BulkError::SubHttpStatus(404).into(), REFUSED),
            (BulkError::SubHttpStatus(500).into(), UNKNOWN),
            (RpcError::new(7, "").into(), REFUSED),
            (rpc(ErrorMeaning::MethodNotFound), REFUSED),
            (
                rpc(ErrorMeaning::MethodNotFound).with_outcome(Outcome::Unknown),
                UNKNOWN,
            ),
            (rpc(ErrorMeaning::UnitUnreachable), UNKNOWN),
            (rpc(ErrorMeaning::ActionFailed), REFUSED),
        ] {
            assert_eq!(exit_code(&error), code, "{error:?}");
        }
    }
}
