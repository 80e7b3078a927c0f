//! JSON-RPC on a wire of one's own: requests and replies as a binding has them, and what layers see.

use std::sync::{Arc, Mutex};

use xerus_rpc::error::{ErrorCode, ErrorMeaning};
use xerus_rpc::rt::{self, Method};
use xerus_rpc::wire::{
    ArgumentStyle, Binding, BoxFuture, Layer, NameStyle, Reply, Request, RequestId, ResultStyle,
    Transport,
};
use xerus_rpc::{Agent, Error, Object, Outcome};

static ADD: Method = Method {
    interface: "calc.Adder:1.0.0",
    name: "add",
    params: &["x", "y"],
    results: &["_ret_"],
    ..Method::PLAIN
};
static SPLIT: Method = Method {
    name: "split",
    results: &["whole", "rest"],
    ..ADD
};
static CLEAR: Method = Method {
    name: "clear",
    params: &[],
    results: &[],
    ..ADD
};

/// Answers every request with one text.
struct Canned {
    binding: Binding,
    answer: &'static str,
    sent: Mutex<String>,
}

impl Transport for Canned {
    fn origin(&self) -> &str {
        "canned"
    }

    fn call<'a>(&'a self, request: &'a Request) -> BoxFuture<'a, Result<Reply, Error>> {
        let id = RequestId::new(2);
        let document = self.binding.json_rpc(request, id);
        *self.sent.lock().unwrap() = String::from_utf8(document.to_vec()).unwrap();
        let reply = self.binding.json_rpc_reply(self.answer, id);
        Box::pin(std::future::ready(Ok(reply)))
    }
}

fn canned(binding: Binding, answer: &'static str) -> (Arc<Canned>, Object) {
    let sent = Mutex::default();
    let canned = Arc::new(Canned {
        binding,
        answer,
        sent,
    });
    let agent = Agent::with_transport(canned.clone());
    (canned, Object::at(&agent, "/calc"))
}

fn bare() -> Binding {
    Binding::XERUS
        .with_names(NameStyle::Dotted)
        .with_arguments(ArgumentStyle::ByPosition)
        .with_results(ResultStyle::Bare)
}

#[tokio::test]
async fn results_in_the_envelope_stand_as_the_binding_says() {
    let (sent, object) = canned(bare(), r#"{"jsonrpc":"2.0","result":5,"id":2}"#);
    let sum: i32 = rt::single(&object, &ADD, &[&2, &3]).await.unwrap();
    assert_eq!(sum, 5);
    let expected = r#"{"jsonrpc":"2.0","method":"calc.Adder.add","params":[2,3],"id":2}"#;
    assert_eq!(*sent.sent.lock().unwrap(), expected);

    let answer = r#"{"jsonrpc":"2.0","result":{"whole":1,"rest":2},"id":2}"#;
    let (_, object) = canned(bare(), answer);
    let both: (i32, i32) = rt::tuple(&object, &SPLIT, &[&5, &3]).await.unwrap();
    assert_eq!(both, (1, 2));

    let by_position = bare().with_results(ResultStyle::ByPosition);
    let (_, object) = canned(by_position, r#"{"jsonrpc":"2.0","result":[1,2],"id":2}"#);
    let both: (i32, i32) = rt::tuple(&object, &SPLIT, &[&5, &3]).await.unwrap();
    assert_eq!(both, (1, 2));

    for nothing in ["{}", "null", "[]", "\"done\""] {
        let answer = format!(r#"{{"jsonrpc":"2.0","result":{nothing},"id":2}}"#);
        let (_, object) = canned(bare(), answer.leak());
        rt::void(&object, &CLEAR, &[]).await.unwrap();
    }
}

#[tokio::test]
async fn codes_in_the_envelope_mean_what_the_binding_says() {
    let binding = bare().with_errors(|code| match code {
        ErrorCode::Number(-32000) => Some(ErrorMeaning::NotLoggedIn),
        _ => None,
    });
    let answer = r#"{"jsonrpc":"2.0","error":{"code":-32000,"message":"who?"},"id":2}"#;
    let (_, object) = canned(binding, answer);
    let error = rt::void(&object, &CLEAR, &[]).await.unwrap_err();
    assert_eq!(
        error.as_rpc().unwrap().meaning,
        Some(ErrorMeaning::NotLoggedIn)
    );
    assert_eq!(error.outcome(), Outcome::NotExecuted);

    let (_, object) = canned(bare(), answer);
    let error = rt::void(&object, &CLEAR, &[]).await.unwrap_err();
    assert_eq!(error.as_rpc().unwrap().meaning, None);
    assert_eq!(error.outcome(), Outcome::Unknown);
}

/// Keeps what it sees of errors.
struct Watch(Arc<dyn Transport>, Mutex<Vec<Option<i64>>>);

impl Layer for Watch {
    fn inner(&self) -> &Arc<dyn Transport> {
        &self.0
    }

    fn call<'a>(&'a self, request: &'a Request) -> BoxFuture<'a, Result<Reply, Error>> {
        Box::pin(async move {
            let reply = self.0.call(request).await?;
            let seen = reply.error().and_then(|error| error.rpc_code());
            self.1.lock().unwrap().push(seen);
            Ok(reply)
        })
    }
}

#[tokio::test]
async fn a_layer_sees_the_error_that_the_caller_gets() {
    let refused = r#"{"jsonrpc":"2.0","error":{"code":-32001,"message":"no"},"id":2}"#;
    let done = r#"{"jsonrpc":"2.0","result":null,"id":2}"#;
    for (answer, code) in [(refused, Some(-32001)), (done, None)] {
        let (canned, _) = canned(bare(), answer);
        let watch = Arc::new(Watch(canned, Mutex::default()));
        let agent = Agent::with_transport(watch.clone());
        let result = rt::void(&Object::at(&agent, "/calc"), &CLEAR, &[]).await;
        assert_eq!(result.err().and_then(|error| error.rpc_code()), code);
        assert_eq!(*watch.1.lock().unwrap(), [code]);
    }
}
