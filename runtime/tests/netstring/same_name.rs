//! Several objects behind a wire that names none.

use std::io;

use serde_json::json;
use xerus_rpc::netstring::{NetstringServer, binding};
use xerus_rpc::rt::{Method, Methods, Registry};
use xerus_rpc::server::{Fault, Incoming, Reply, Router, Servant};
use xerus_rpc::wire::NameStyle;

use crate::script::Wire;

static TYPES: Registry = Registry::new(&[], &[]);
static SHELF: Methods = Methods {
    own: &[
        Method::new("acme.Shelf:1.0.0", "count", &[], &["_ret_"]),
        Method::new("acme.Shelf:1.0.0", "clear", &[], &["_ret_"]),
    ],
    ..Methods::PLAIN
};
static DOOR: Methods = Methods {
    own: &[
        Method::new("acme.Door:1.0.0", "open", &[], &["_ret_"]),
        Method::new("acme.Door:1.0.0", "clear", &[], &["_ret_"]),
    ],
    ..Methods::PLAIN
};

fn answers(number: &i32, call: &Incoming<'_>) -> Result<xerus_rpc::server::Answer<'static>, Fault> {
    match call.method() {
        "count" | "clear" | "open" => Ok(Reply::ok(*number).single()),
        _ => Err(Fault::method_not_found()),
    }
}

fn shelf(number: i32) -> Servant {
    Servant::new(
        "acme.Shelf:1.0.0",
        &TYPES,
        &SHELF,
        number,
        |number, call| answers(number, call),
    )
}

fn door(number: i32) -> Servant {
    Servant::new("acme.Door:1.0.0", &TYPES, &DOOR, number, |number, call| {
        answers(number, call)
    })
}

#[tokio::test]
async fn two_objects_with_one_method_are_refused_at_the_start() {
    for (second, method) in [(shelf(2), "clear"), (door(2), "clear")] {
        let router = Router::new();
        router.insert("/a", shelf(1));
        router.insert("/b", second);
        let refused = NetstringServer::new(router).bind("127.0.0.1:0").await;
        let error = refused.unwrap_err();
        assert_eq!(error.kind(), io::ErrorKind::InvalidInput);
        let text = error.to_string();
        assert!(
            text.starts_with(&format!("/a and /b both have the method `{method}`")),
            "{text}"
        );
    }
}

#[tokio::test]
async fn what_can_be_told_apart_is_served() {
    // One object in two places, and two whose interfaces stand in the names.
    let one = shelf(1);
    let (twice, dotted) = (Router::new(), Router::new());
    twice.insert("/a", one.clone());
    twice.insert("/b", one);
    dotted.insert("/a", shelf(1));
    dotted.insert("/b", door(2));
    let names = binding().with_names(NameStyle::Dotted);
    for (server, method, number) in [
        (NetstringServer::new(twice), "count", 1),
        (
            NetstringServer::new(dotted).with_binding(names),
            "acme.Door.clear",
            2,
        ),
    ] {
        let serving = server.bind("127.0.0.1:0").await.unwrap();
        let mut wire = Wire::connect(serving.address()).await;
        wire.send(json!({"id": 1, "method": method}).to_string())
            .await;
        assert_eq!(wire.json().await["result"], number, "{method}");
    }
}

#[tokio::test]
async fn of_an_object_that_comes_later_only_what_is_clear_is_called() {
    let router = Router::new();
    router.insert("/a", shelf(1));
    let serving = NetstringServer::new(router.clone()).bind("127.0.0.1:0");
    let serving = serving.await.unwrap();
    let mut wire = Wire::connect(serving.address()).await;
    let mut ask = async |method: &str| {
        wire.send(json!({"id": 1, "method": method}).to_string())
            .await;
        wire.json().await
    };
    assert_eq!(ask("clear").await["result"], 1);
    router.insert("/b", door(2));
    assert_eq!(ask("count").await["result"], 1);
    assert_eq!(ask("open").await["result"], 2);
    let error = &ask("clear").await["error"];
    assert_eq!(error["code"], -32601);
    let text = error["message"].as_str().unwrap();
    assert!(text.ends_with("names none: /a, /b"), "{text}");
    router.remove("/a");
    assert_eq!(ask("clear").await["result"], 2);
}
