//! What a call gives does not depend on whether it shared a request.

use std::fmt::Debug;
use std::sync::Arc;

use futures_util::future::join_all;
use proptest::prelude::*;
use xerus_rpc::bulk::AutoBulk;
use xerus_rpc::server::Router;
use xerus_rpc::wire::{BoxFuture, Capabilities, Reply, Request, RequestId, Transport};
use xerus_rpc::{Agent, Call, Error, Json, MemoryTransport, Settings};

use crate::support::pdumodel::Outlet;

/// What stands in an answer beside version and id.
const ANSWERS: [&str; 22] = [
    r#""result":{"_ret_":"label"}"#,
    r#""result":{"_ret_":"label","more":[1,{"a":null}]}"#,
    r#""result":{"_ret_":7}"#,
    r#""result":{"_ret_":null}"#,
    r#""result":{"other":1}"#,
    r#""result":{}"#,
    r#""result":null"#,
    r#""result":[1]"#,
    r#""result":{"_ret_":1.0}"#,
    r#""result":{"_ret_":2.5}"#,
    r#""result":{"_ret_":{"available":true,"powerState":1}}"#,
    r#""result":{"_ret_":{"available":true,"powerState":77,"strange":{"x":[]}}}"#,
    r#""result":{"_ret_":{"available":"yes","powerState":1}}"#,
    r#""result":{"_ret_":[{"available":true}]}"#,
    r#""result":{"available":true,"powerState":0}"#,
    r#""result":{"_ret_":"a","_ret_":"b"}"#,
    r#""error":{"code":-32601,"message":"Method not found"}"#,
    r#""error":{"code":-32001,"message":"not permitted","data":{"a":1}}"#,
    r#""error":{"code":17,"message":"something else"}"#,
    r#""error":{"message":"no code"}"#,
    r#""result":{"_ret_":"x"},"error":{"code":1,"message":"both"}"#,
    r#""nothing":1"#,
];

/// Answers a call on `/o/N` with answer number `N`, alone or in a bulk.
struct Canned;

fn document(rid: &str, id: &str) -> String {
    let number: usize = rid.trim_start_matches("/o/").parse().unwrap();
    format!(r#"{{"jsonrpc":"2.0",{},"id":{id}}}"#, ANSWERS[number])
}

impl Transport for Canned {
    fn origin(&self) -> &str {
        "canned"
    }

    fn capabilities(&self) -> Capabilities {
        Capabilities::NONE.with_bulk(true)
    }

    fn call<'a>(&'a self, request: &'a Request) -> BoxFuture<'a, Result<Reply, Error>> {
        let id = RequestId::new(7);
        let params: serde_json::Value = serde_json::from_slice(request.args().by_name()).unwrap();
        let body = match params["requests"].as_array() {
            None => document(request.target(), "7"),
            Some(parts) => {
                let entries: Vec<String> = parts
                    .iter()
                    .map(|part| {
                        let id = part["json"]["id"].to_string();
                        let json = document(part["rid"].as_str().unwrap(), &id);
                        format!(r#"{{"json":{json},"statcode":200}}"#)
                    })
                    .collect();
                let entries = entries.join(",");
                format!(r#"{{"jsonrpc":"2.0","result":{{"responses":[{entries}]}},"id":7}}"#)
            }
        };
        Box::pin(std::future::ready(Ok(
            Reply::envelope(body, id).with_attempts(1)
        )))
    }
}

/// All that a program can see of a result; ids and times aside.
fn seen<T: Debug>(result: Result<(T, xerus_rpc::wire::Meta), Error>) -> String {
    match result {
        Ok((value, meta)) => format!("{value:?} {:?}", meta.warnings),
        Err(error) => {
            // Of an answer without a document a bulk answer tells more.
            let has_document = error.http_status().is_none();
            let meta = error.meta().filter(|_| has_document);
            let meta = meta.map(|meta| (meta.attempts, meta.warnings.clone()));
            let has_id = error.request_id().is_some() && has_document;
            format!(
                "{error} | {:?} {:?} {:?} {:?} {:?} {:?} {} {:?} {:?}",
                error.kind(),
                error.outcome(),
                error.rid(),
                error.method(),
                error.path(),
                error.http_status(),
                error.is_retryable(),
                has_id,
                meta,
            )
        }
    }
}

/// One of several methods, with whatever it returns.
fn call(agent: &Agent, number: usize, method: usize) -> BoxFuture<'static, String> {
    let rid = format!("/o/{number}");
    let outlet = Outlet::at(agent, &rid);
    fn of<T: Debug + Send + 'static, K: 'static>(call: Call<T, K>) -> BoxFuture<'static, String> {
        let result = call.repeatable(true).with_meta();
        Box::pin(async move { seen(result.await) })
    }
    match method {
        0 => of(outlet.get_label()),
        1 => of(outlet.get_state()),
        2 => of(outlet.get_limit()),
        3 => of(outlet.set_power_state(Default::default())),
        _ => of(agent.call(&rid, "getAnything", Json::EMPTY_OBJECT)),
    }
}

fn run<F: Future>(future: F) -> F::Output {
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .unwrap();
    runtime.block_on(future)
}

fn agents(transport: Arc<dyn Transport>, strict: bool) -> [Agent; 2] {
    let mut settings = Settings::default();
    settings.strict = strict;
    let shared = AutoBulk::new().around(Arc::clone(&transport), &settings);
    [transport, shared].map(|transport| Agent::with_settings(transport, settings.clone()))
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(200))]

    #[test]
    fn answers_read_the_same_in_a_shared_request(
        calls in prop::collection::vec((0..ANSWERS.len(), 0..5usize), 2..12),
        strict in any::<bool>(),
    ) {
        let [single, shared] = agents(Arc::new(Canned), strict);
        let results = |agent: &Agent| {
            let calls: Vec<_> = calls.iter().map(|(number, method)| call(agent, *number, *method)).collect();
            run(join_all(calls))
        };
        prop_assert_eq!(results(&single), results(&shared));
    }
}

#[test]
fn a_router_is_read_the_same_in_a_shared_request() {
    let device = Arc::new(MemoryTransport::new(Router::new()).with_origin("device"));
    let [single, shared] = agents(device.clone(), false);
    let results = |agent: &Agent| {
        let calls: Vec<_> = [
            ("/bulk", "getTypeInfo"),
            ("/bulk", "getNothing"),
            ("/nowhere", "getState"),
            ("/bulk", "getTypeInfo"),
        ]
        .into_iter()
        .map(|(rid, method)| {
            let call = agent.call(rid, method, Json::EMPTY_OBJECT).with_meta();
            async move { seen(call.await) }
        })
        .collect();
        run(join_all(calls))
    };
    let alone = results(&single);
    assert_eq!(device.calls(), 4);
    assert_eq!(alone, results(&shared));
    assert_eq!(device.calls(), 5);
}
