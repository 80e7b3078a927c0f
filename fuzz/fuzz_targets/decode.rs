//! Any bytes as the answer of a device: reading them never panics or hangs, what was read is written and read back
//! as the same, and nothing passes for JSON that another parser refuses.
//!
//! The first byte says what the rest stands for. In bulk answers, `@0` to `@2` become the ids of the calls.

#![no_main]

use std::future::IntoFuture;
use std::sync::Arc;
use std::task::{Context, Poll, Waker};

use libfuzzer_sys::fuzz_target;
use xerus_rpc::rt::{self, Decode, Encode, ReaderOptions};
use xerus_rpc::wire::{BoxFuture, Capabilities, Reply, Request, Transport};
use xerus_rpc::{Agent, Code, Error, ErrorKind, Json, Polymorphic, Settings};
use xerus_rpc::wire::RequestId;

#[path = "../../runtime/tests/support/mod.rs"]
mod support;

use support::idl::Event;
use support::misc::{Kitchen, Node, Wide};
use support::pdumodel::Outlet;

fuzz_target!(|data: &[u8]| {
    let Some((kind, body)) = data.split_first() else { return };
    match kind % 8 {
        0 => value::<Kitchen>(body),
        1 => value::<Vec<Polymorphic<Event>>>(body),
        2 => value::<Node>(body),
        3 => value::<Wide>(body),
        4 => json(body),
        5 => single(body, kind & 0x80 != 0),
        6 => bulk(body, kind & 0x80 != 0),
        _ => served(body),
    }
});

fn value<T: Decode + Encode + PartialEq + std::fmt::Debug>(body: &[u8]) {
    for strict in [false, true] {
        let options = ReaderOptions::default().with_strict(strict);
        let Ok(value) = rt::decode::<T>(body, &options) else { continue };
        // An enumeration that came as the reserved index cannot go out; nothing else stands in the way.
        let Ok(text) = rt::encode(&value) else { continue };
        let back = rt::decode::<T>(text.get().as_bytes(), &options).expect("our own text can be read");
        assert_eq!(back, value);
    }
}

fn json(body: &[u8]) {
    let ours = rt::decode::<Json>(body, &ReaderOptions::default());
    let theirs = serde_json::from_slice::<&serde_json::value::RawValue>(body);
    if ours.is_ok() && !body.starts_with("\u{feff}".as_bytes()) {
        assert!(theirs.is_ok(), "we take what is no JSON: {theirs:?}");
    }
    if let (Ok(text), Err(error)) = (theirs, &ours) {
        let code = error.kind().code();
        // They do not look inside escapes, have another limit of depth and no limit of digits.
        let known = ["Decode.NullNotAllowed", "Json.Encoding", "Json.DepthExceeded", "Json.NumberRange"];
        assert!(known.contains(&code), "we refuse what is JSON: {code} {text}");
    }
}

/// A transport that answers with the bytes, in one of the forms that wires have.
struct Canned(Vec<u8>, Form);

#[derive(Clone, Copy)]
enum Form {
    Envelope,
    ByName,
    ByPosition,
    Bare,
}

impl Transport for Canned {
    fn origin(&self) -> &str {
        "fuzz"
    }

    fn capabilities(&self) -> Capabilities {
        Capabilities::NONE.with_bulk(true)
    }

    fn call<'a>(&'a self, request: &'a Request) -> BoxFuture<'a, Result<Reply, Error>> {
        let body = with_ids(&self.0, request.args().by_name());
        let reply = match self.1 {
            Form::Envelope => Reply::envelope(body, RequestId::new(7)),
            Form::ByName => Reply::by_name(body),
            Form::ByPosition => Reply::by_position(body),
            Form::Bare => Reply::bare(body),
        };
        Box::pin(std::future::ready(Ok(reply)))
    }
}

/// Puts the ids of a bulk request in the place of `@0`, `@1` and so on.
fn with_ids(body: &[u8], params: &[u8]) -> Vec<u8> {
    let first = first_id(params).unwrap_or(0);
    let mut out = Vec::with_capacity(body.len());
    let mut bytes = body.iter().peekable();
    while let Some(byte) = bytes.next() {
        match bytes.peek() {
            Some(digit @ b'0'..=b'9') if *byte == b'@' => {
                out.extend_from_slice((first + u64::from(**digit - b'0')).to_string().as_bytes());
                bytes.next();
            }
            _ => out.push(*byte),
        }
    }
    out
}

fn first_id(params: &[u8]) -> Option<u64> {
    let params: serde_json::Value = serde_json::from_slice(params).ok()?;
    params["requests"][0]["json"]["id"].as_u64()
}

fn agent(body: &[u8], form: Form, strict: bool) -> Agent {
    let mut settings = Settings::default();
    settings.strict = strict;
    Agent::with_settings(Arc::new(Canned(body.to_vec(), form)), settings)
}

fn now<F: IntoFuture>(future: F) -> F::Output {
    let mut future = std::pin::pin!(future.into_future());
    match future.as_mut().poll(&mut Context::from_waker(Waker::noop())) {
        Poll::Ready(output) => output,
        Poll::Pending => unreachable!("nothing here waits"),
    }
}

fn single(body: &[u8], strict: bool) {
    for form in [Form::Envelope, Form::ByName, Form::ByPosition, Form::Bare] {
        let outlet = Outlet::at(&agent(body, form, strict), "/o");
        show(now(outlet.get_state()));
        show(now(outlet.get_io()));
        show(now(outlet.reset()));
        show(now(outlet.get_type_info()));
        codes(now(outlet.open("u", None)), now(outlet.open("u", None).code()).map(|all| all.0));
        codes(now(outlet.lock("u")), now(outlet.lock("u").code()).map(|all| all.0));
        let switch = outlet.set_power_state(support::pdumodel::outlet::PowerState::PsOn);
        codes(now(switch.clone()), now(switch.code()));
    }
}

/// A code that can be read is 0 where the call succeeds, and the one in the error where it is refused.
fn codes<T: std::fmt::Debug>(checked: Result<T, Error>, code: Result<Code, Error>) {
    if let Ok(code) = &code {
        match &checked {
            Ok(_) => assert!(code.is_success()),
            Err(error) => assert_eq!(error.return_code(), Some(code.value()), "{error}"),
        }
    }
    show(checked);
}

fn bulk(body: &[u8], strict: bool) {
    let agent = agent(body, Form::Envelope, strict);
    let outlet = Outlet::at(&agent, "/o");
    let labels = now(agent.bulk((0..3).map(|_| outlet.get_label())));
    if let Ok(labels) = labels {
        assert_eq!(labels.len(), 3);
        labels.into_iter().for_each(show);
    }
    if let Ok((label, state, void)) = now(agent.bulk((outlet.get_label(), outlet.get_state(), outlet.reset()))) {
        show(label);
        show(state);
        show(void);
    }
}

/// Error texts are bounded and one line, whatever the device put into them.
fn show<T: std::fmt::Debug>(result: Result<T, Error>) {
    if let Err(error) = result {
        let line = error.to_string();
        assert!(line.len() < 4096 && !line.contains('\n'), "{line}");
        assert!(!matches!(error.kind(), ErrorKind::Config(_)), "{line}");
    }
}

fn served(body: &[u8]) {
    use xerus_rpc::server::{Context, Router};
    struct Nothing;
    impl support::server::pdumodel::EDevice for Nothing {}
    impl support::server::pdumodel::Outlet for Nothing {}
    let router = Router::new();
    router.insert("/o", support::server::pdumodel::outlet(Nothing));
    for rid in ["/o", "/bulk", "/none"] {
        let outcome = now(router.handle(rid, body, Context::new()));
        let answer: serde_json::Value = serde_json::from_slice(&outcome.body).expect("answers are JSON");
        assert_eq!(answer["jsonrpc"], "2.0");
        assert!(answer.get("result").is_some() != answer.get("error").is_some());
    }
}
