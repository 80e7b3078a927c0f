//! A device made of one closure.

use std::sync::{Arc, Mutex};

use bytes::Bytes;
use serde_json::Value;
use tokio::runtime::{Builder, Runtime};
use xerus_rpc::wire::RequestId;
use xerus_rpc::wire::{BoxFuture, Capabilities, Reply, Request, Transport};
use xerus_rpc::{Agent, Error, Settings};

/// Answers with what a function makes of the request, and remembers the last request.
pub(crate) struct Canned {
    answer: Box<dyn Fn(&Request) -> Bytes + Send + Sync>,
    id: RequestId,
    seen: Arc<Mutex<Option<Sent>>>,
}

/// A request that went out.
#[derive(Clone, Debug)]
pub(crate) struct Sent {
    pub(crate) method: String,
    pub(crate) params: Value,
}

/// Where the last request is kept.
pub(crate) type Seen = Arc<Mutex<Option<Sent>>>;

/// An agent whose answers are complete JSON-RPC documents to requests with this id.
pub(crate) fn agent(
    strict: bool,
    id: u64,
    answer: impl Fn(&Request) -> Bytes + Send + Sync + 'static,
) -> (Agent, Seen) {
    let seen = Seen::default();
    let canned = Canned {
        answer: Box::new(answer),
        id: RequestId::new(id),
        seen: seen.clone(),
    };
    let mut settings = Settings::default();
    settings.strict = strict;
    (Agent::with_settings(Arc::new(canned), settings), seen)
}

/// The document that carries a `result`.
pub(crate) fn document(id: u64, result: &[u8]) -> Bytes {
    let mut body = br#"{"jsonrpc":"2.0","result":"#.to_vec();
    body.extend_from_slice(result);
    body.extend_from_slice(format!(r#","id":{id}}}"#).as_bytes());
    body.into()
}

impl Transport for Canned {
    fn origin(&self) -> &str {
        "canned"
    }

    fn capabilities(&self) -> Capabilities {
        Capabilities::NONE.with_bulk(true)
    }

    fn call<'a>(&'a self, request: &'a Request) -> BoxFuture<'a, Result<Reply, Error>> {
        let params = serde_json::from_slice(request.args().by_name()).unwrap_or(Value::Null);
        let sent = Sent {
            method: request.name().to_owned(),
            params,
        };
        if let Ok(mut seen) = self.seen.lock() {
            *seen = Some(sent);
        }
        let body = (self.answer)(request);
        Box::pin(std::future::ready(Ok(Reply::envelope(body, self.id))))
    }
}

/// Waits for a future on this thread.
pub(crate) fn block_on<F: IntoFuture>(future: F) -> F::Output {
    thread_local! {
        static RUNTIME: Runtime = Builder::new_current_thread().enable_all().build().expect("a runtime");
    }
    RUNTIME.with(|runtime| runtime.block_on(future.into_future()))
}
