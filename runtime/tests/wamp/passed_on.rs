//! Errors of servants that had begun, on the servers whose codes say by themselves that nothing was: what a call of the servant's own over WAMP
//! came to, and what the servant says itself.

use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};

use serde_json::{Value, json};
use xerus_rpc::netstring::{Netstring, NetstringServer, Priority, RetryCodes, Server, Servers};
use xerus_rpc::ripex2::{Details, FaultCode, Ripex2, Ripex2Server, Role};
use xerus_rpc::server::{Answer, Context, Fault, Incoming, Reply, Router as Objects, Servant};
use xerus_rpc::{Agent, Error, Json, MemoryTransport, Outcome, TypeInfo, TypedError};

use crate::router::{CROSSBAR, LONG, Peer, Router};

#[derive(Debug, Default)]
struct Invalid;

impl TypedError for Invalid {
    const NAME: &'static str = "Invalid";
    const CODES: &'static [&'static str] = &["-32602"];
}

struct Relay {
    inner: Agent,
    calls: Arc<AtomicU32>,
}

fn dispatch<'a>(relay: &'a Relay, call: &Incoming<'a>) -> Result<Answer<'a>, Fault> {
    relay.calls.fetch_add(1, Ordering::SeqCst);
    match call.method() {
        "relay" => {
            let inner = relay
                .inner
                .call("", "com.example.inner", Json::EMPTY_OBJECT);
            Ok(Reply::future(async move {
                let error = inner.await.map(drop).unwrap_err();
                Err::<(), _>(error.as_rpc().unwrap().clone().into())
            })
            .void())
        }
        "checked" => Err(Fault::invalid_params("no outlets")),
        "half" => Err(Fault::invalid_params("no outlet 9").begun()),
        "typed" => Err(Fault::from(Invalid).begun()),
        "denied" => Err(Fault::not_permitted().begun()),
        "absent" => Err(Fault::object_not_found().begun()),
        "unsupported" => Err(Fault::method_not_found().begun()),
        "word" => Err(Fault::from(FaultCode::InvalidParameter).begun()),
        "later" => Err(Fault::from(FaultCode::TemporarilyUnavailable)),
        _ => Err(Fault::method_not_found()),
    }
}

/// Two objects that relay, on all servers whose codes are not those of WAMP.
struct Bench {
    peer: Peer,
    calls: Arc<AtomicU32>,
    objects: Objects,
    wires: Vec<(&'static str, &'static str, Agent)>,
    _servers: (xerus_rpc::netstring::Serving, xerus_rpc::ripex2::Serving),
}

async fn bench() -> Bench {
    let router = Router::start().await;
    let wamp = router.client().build().unwrap();
    let calls = Arc::new(AtomicU32::new(0));
    let objects = Objects::new();
    for rid in ["/a", "/b"] {
        let info = TypeInfo::new("test.Relay:1.0.0".parse().unwrap(), []);
        let relay = Relay {
            inner: wamp.agent(),
            calls: Arc::clone(&calls),
        };
        objects.insert(rid, Servant::of_type(info, relay, dispatch));
    }
    let netstring = NetstringServer::for_json_rpc(objects.clone()).bind("127.0.0.1:0");
    let netstring = netstring.await.unwrap();
    let unit = Ripex2Server::new(objects.clone()).user("admin", "secret", Role::Admin);
    let unit = unit.bind("127.0.0.1:0").await.unwrap();
    let server = Server::new(
        "127.0.0.1",
        netstring.address().port(),
        Priority::HigherFirst(1),
    );
    let memory = MemoryTransport::new(objects.clone());
    let over_netstring = Netstring::builder(Servers::new([server]).unwrap()).timeout(LONG);
    let over_http = Ripex2::builder(unit.url()).login("admin", "secret");
    let wires = vec![
        ("memory", "/a", Agent::with_transport(Arc::new(memory))),
        ("netstring", "", over_netstring.build().agent()),
        ("RipEX2", "", over_http.build().unwrap()),
    ];
    let joined = tokio::spawn(async move { wamp.join().await.map(drop) });
    let peer = router.session(CROSSBAR).await;
    joined.await.unwrap().unwrap();
    Bench {
        peer,
        calls,
        objects,
        wires,
        _servers: (netstring, unit),
    }
}

impl Bench {
    /// What a call comes to, which one servant got.
    async fn fails(&mut self, wire: usize, method: &'static str, inner: Option<&Value>) -> Error {
        let (wire, rid, agent) = &self.wires[wire];
        let before = self.calls.load(Ordering::SeqCst);
        let call = tokio::spawn(agent.call(rid, method, Json::EMPTY_OBJECT).send());
        if let Some(inner) = inner {
            let message = self.peer.takes(48).await;
            let answer = json!([8, 48, message[1], {}, inner[0], inner[1], inner[2]]);
            self.peer.send(answer).await;
        }
        let ended = tokio::time::timeout(LONG, call).await;
        let error = ended.expect("an end").unwrap().unwrap_err();
        let calls = self.calls.load(Ordering::SeqCst) - before;
        assert_eq!(calls, 1, "{wire}: {method} was called of both objects");
        error
    }
}

/// Nothing of it may say that nothing was begun.
fn assert_is_open(wire: &str, error: &Error) {
    assert_eq!(error.outcome(), Outcome::Unknown, "{wire}: {error:?}");
    assert!(!error.is_method_not_found(), "{wire}: {error:?}");
    assert!(!error.is_object_not_found(), "{wire}: {error:?}");
    assert!(!error.is_permission_denied(), "{wire}: {error:?}");
    assert!(!error.is_retryable(), "{wire}: {error:?}");
}

#[tokio::test]
async fn what_a_servant_got_over_wamp_does_not_say_on_other_wires_that_it_has_not_begun() {
    let mut bench = bench().await;
    let not_begun = json!({"executed": false, "procedure": "com.example.inner"});
    for inner in [
        json!(["wamp.error.invalid_argument", ["x"], {"code": -32602}]),
        json!(["wamp.error.runtime_error", ["gone"], {"code": -32601, "data": [1]}]),
        json!(["wamp.error.runtime_error", ["no"], {"code": -32001}]),
        json!(["wamp.error.runtime_error", ["Insufficient privileges to do it"], {"code": 7}]),
        json!([
            "wamp.error.no_such_procedure",
            ["no callee registered for procedure <com.example.inner>"],
            {}
        ]),
        json!(["wamp.error.invalid_argument", ["x"], not_begun.clone()]),
        json!(["xerus.error.no_such_object", ["gone"], not_begun.clone()]),
        json!(["wamp.error.unavailable", ["later"], not_begun]),
    ] {
        for wire in 0..bench.wires.len() {
            let error = bench.fails(wire, "relay", Some(&inner)).await;
            assert_is_open(&format!("{}: {inner}", bench.wires[wire].0), &error);
            // What it is gets through all the same.
            let told = error.as_rpc().unwrap();
            assert_eq!(told.message, inner[1][0].as_str().unwrap(), "{error:?}");
            if let Some(number) = inner[2]["code"].as_i64() {
                assert_eq!(error.rpc_code(), Some(number), "{error:?}");
            }
        }
    }
}

#[tokio::test]
async fn a_servant_that_says_that_it_had_begun_is_believed() {
    let mut bench = bench().await;
    for wire in 0..bench.wires.len() {
        let name = bench.wires[wire].0;
        for method in ["half", "typed", "denied", "absent", "unsupported", "word"] {
            let error = bench.fails(wire, method, None).await;
            assert_is_open(&format!("{name}: {method}"), &error);
            assert_eq!(
                error.is::<Invalid>(),
                ["half", "typed"].contains(&method),
                "{name}"
            );
            if method != "word" {
                let told = error.to_string();
                assert!(
                    told.contains("may have executed the call"),
                    "{name}: {told}"
                );
            }
        }
        // Parameters that are looked at first are the ordinary case.
        let error = bench.fails(wire, "checked", None).await;
        assert_eq!(error.outcome(), Outcome::NotExecuted, "{name}: {error:?}");
    }
}

#[tokio::test]
async fn no_standard_code_goes_out_for_what_was_begun() {
    let mut bench = bench().await;
    let body = |method: &str| format!(r#"{{"method":"{method}","id":1}}"#);
    for (method, number) in [
        ("half", -32602),
        ("denied", -32001),
        ("absent", -32601),
        ("unsupported", -32601),
    ] {
        let body = body(method);
        let answer = bench.objects.handle("/a", body.as_bytes(), Context::new());
        let answer = answer.await;
        assert_eq!(answer.status, 200, "{method}");
        let answer: Value = serde_json::from_slice(&answer.body).unwrap();
        let data = json!({"xerus_rpc.number": number, "xerus_rpc.begun": true});
        assert_eq!(answer["error"]["code"], -32000, "{method}");
        assert_eq!(answer["error"]["data"], data, "{method}");
    }
    // A unit has a word that leaves it open, and says in it what went wrong.
    let error = bench.fails(2, "word", None).await;
    assert_eq!(FaultCode::of(&error), Some(FaultCode::ServerError));
    let details = Details::of(&error).unwrap();
    assert_eq!(details.suberrors[0].code, FaultCode::InvalidParameter);
    let error = bench.fails(2, "later", None).await;
    assert_eq!(error.outcome(), Outcome::NotExecuted, "{error:?}");
}

#[tokio::test]
async fn what_was_begun_on_one_server_does_not_go_to_the_next() {
    let bench = bench().await;
    let mut servers = Vec::new();
    let mut servings = Vec::new();
    for priority in [2, 1] {
        let server = NetstringServer::for_json_rpc(bench.objects.clone());
        let serving = server.bind("127.0.0.1:0").await.unwrap();
        let port = serving.address().port();
        servers.push(Server::new(
            "127.0.0.1",
            port,
            Priority::HigherFirst(priority),
        ));
        servings.push(serving);
    }
    let codes: RetryCodes = "-32602, -32601".parse().unwrap();
    let agent = Netstring::builder(Servers::new(servers).unwrap())
        .timeout(LONG)
        .retry_codes(codes)
        .build()
        .agent();
    for (method, calls) in [("half", 1), ("checked", 2)] {
        let before = bench.calls.load(Ordering::SeqCst);
        let error = agent.call("", method, Json::EMPTY_OBJECT).await;
        assert!(error.is_err());
        assert_eq!(
            bench.calls.load(Ordering::SeqCst) - before,
            calls,
            "{method}"
        );
    }
}
