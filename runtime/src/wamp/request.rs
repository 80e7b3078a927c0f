//! What comes of requests that are no calls: REGISTER, SUBSCRIBE, PUBLISH and their like.

use std::time::Duration;

use super::caller::{meaning, rpc_error};
use super::session::{Answered, Failed};
use crate::error::{Error, ErrorKind, Outcome, ProtocolError, TimeoutError, TimeoutPhase};

/// The id of what was made; or why nothing was.
pub(super) fn done(
    answer: Result<Answered, Failed>,
    uri: &str,
    time: Duration,
) -> Result<u64, Error> {
    match answer {
        Ok(Answered::Done { id }) => Ok(id),
        Ok(Answered::Error {
            uri: code, payload, ..
        }) => {
            let mut told = rpc_error(code, &payload);
            told.meaning = meaning(&told.code).or(told.meaning);
            let error = Error::from(ErrorKind::Rpc(told));
            // It was asked of the router, which says what it did not do.
            Err(about(error.with_outcome(Outcome::NotExecuted), uri))
        }
        Ok(Answered::Result { .. }) => {
            let what = "a request that is no call was answered with results";
            Err(about(ProtocolError::new(what).into(), uri))
        }
        Err(why) => Err(failed(why, uri, time)),
    }
}

/// Why there is no answer.
pub(super) fn failed(why: Failed, uri: &str, time: Duration) -> Error {
    let error = match why {
        Failed::NotSent(why) => why,
        Failed::Ended { why, sent } => why.with_sent(sent, false),
        Failed::TimedOut { phase, sent } => {
            Error::from(TimeoutError::new(phase, time)).with_sent(sent, false)
        }
    };
    about(error, uri)
}

/// It is the turn of somebody else, who does not come to an end.
pub(super) fn turn_held(
    phase: TimeoutPhase,
    uri: &str,
    time: Duration,
    does: &'static str,
) -> Error {
    let late = Failed::TimedOut { phase, sent: false };
    failed(late, uri, time).with_source(super::error::turn_held(does))
}

fn about(error: Error, uri: &str) -> Error {
    error.with_call("", uri.to_owned())
}
