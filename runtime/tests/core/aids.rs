//! What the tests in this folder share.

use std::sync::Arc;

use xerus_rpc::rt::{Decode, ReaderOptions};
use xerus_rpc::wire::RequestId;
use xerus_rpc::wire::{BoxFuture, Capabilities, Reply, Request, Transport};
use xerus_rpc::{Agent, DecodeError, Error, Outcome, Settings};

/// Reads leniently, as agents do by default.
pub fn lenient<T: Decode>(text: &str) -> Result<T, DecodeError> {
    xerus_rpc::rt::decode(text.as_bytes(), &ReaderOptions::default())
}

pub fn strict<T: Decode>(text: &str) -> Result<T, DecodeError> {
    xerus_rpc::rt::decode(text.as_bytes(), &ReaderOptions::default().with_strict(true))
}

/// Code and path of an error.
#[track_caller]
pub fn fault<T: std::fmt::Debug>(result: Result<T, DecodeError>) -> (&'static str, String) {
    let error = result.expect_err("should not be readable");
    (error.kind().code(), error.path())
}

/// Code and path of an error of a call.
#[track_caller]
pub fn call_fault<T: std::fmt::Debug>(result: Result<T, Error>) -> (&'static str, String) {
    let error = result.expect_err("should have failed");
    (error.code(), error.path().unwrap_or_default())
}

type Answer = dyn Fn(&Request, RequestId) -> Result<String, Error> + Send + Sync;

/// A transport that answers what a function says.
struct Canned(Box<Answer>);

impl Transport for Canned {
    fn origin(&self) -> &str {
        "canned"
    }

    fn capabilities(&self) -> Capabilities {
        Capabilities::NONE.with_bulk(true)
    }

    fn call<'a>(&'a self, request: &'a Request) -> BoxFuture<'a, Result<Reply, Error>> {
        let id = RequestId::new(7);
        let answer = (self.0)(request, id).map(|body| Reply::envelope(body, id));
        Box::pin(std::future::ready(answer))
    }
}

pub fn canned(
    answer: impl Fn(&Request, RequestId) -> Result<String, Error> + Send + Sync + 'static,
) -> Arc<dyn Transport> {
    Arc::new(Canned(Box::new(answer)))
}

pub fn agent(
    answer: impl Fn(&Request, RequestId) -> Result<String, Error> + Send + Sync + 'static,
) -> Agent {
    Agent::with_transport(Arc::new(Canned(Box::new(answer))))
}

pub fn agent_with(
    settings: Settings,
    answer: impl Fn(&Request, RequestId) -> Result<String, Error> + Send + Sync + 'static,
) -> Agent {
    Agent::with_settings(Arc::new(Canned(Box::new(answer))), settings)
}

/// An agent whose every answer has this `result`.
pub fn answering(result: &str) -> Agent {
    let result = result.to_owned();
    agent(move |_, id| {
        Ok(format!(
            r#"{{"jsonrpc":"2.0","result":{result},"id":{id}}}"#
        ))
    })
}

/// The same in strict mode.
pub fn answering_strict(result: &str) -> Agent {
    let mut settings = Settings::default();
    settings.strict = true;
    let result = result.to_owned();
    agent_with(settings, move |_, id| {
        Ok(format!(
            r#"{{"jsonrpc":"2.0","result":{result},"id":{id}}}"#
        ))
    })
}

/// That a call was refused with this code: an error that names its constants, of a call that the device executed.
#[track_caller]
pub fn assert_refused<T: std::fmt::Debug>(result: Result<T, Error>, code: i32, names: &[&str]) {
    let error = result.expect_err("should have been refused");
    assert_eq!(
        (error.code(), error.return_code()),
        ("Application", Some(code)),
        "{error}"
    );
    assert_eq!(error.as_application().expect("a return code").names, names);
    assert_eq!(error.outcome(), Outcome::Executed);
    for name in names {
        assert!(error.to_string().contains(name), "{error}");
    }
}
