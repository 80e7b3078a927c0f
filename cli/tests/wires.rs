//! `xerus call` over the other wires.

mod support;
#[path = "support/users.rs"]
mod users;

use std::net::{TcpListener, UdpSocket};
use std::thread;

use futures_util::{SinkExt as _, StreamExt as _};
use serde_json::{Value, json};
use support::{Done, command, directory, finish, text, xerus};
use tokio::runtime::Runtime;
use tokio_tungstenite::accept_hdr_async;
use tokio_tungstenite::tungstenite::Message;
use tokio_tungstenite::tungstenite::handshake::server::{Request, Response};
use tokio_tungstenite::tungstenite::http::HeaderValue;
use users::Users;
use xerus_rpc::TypeInfo;
use xerus_rpc::netstring::NetstringServer;
use xerus_rpc::ripex2::{FaultCode, Ripex2Server, Role};
use xerus_rpc::server::{Fault, Incoming, Reply, Router, Servant};

fn is(done: &Done, code: i32, stdout: &str, parts: &[&str]) {
    assert_eq!(
        (done.code, done.stdout.as_str()),
        (Some(code), stdout),
        "{done:?}"
    );
    for part in parts {
        assert!(done.stderr.contains(part), "{part} is not in {done:?}");
    }
}

/// What may be a password or a token in a URL, wherever it is called wrongly, is not repeated.
#[test]
fn a_secret_in_a_url_is_not_shown() {
    let free = TcpListener::bind("127.0.0.1:0").expect("a port");
    let gone = free.local_addr().expect("an address");
    drop(free);
    let realm = ["--realm", "a"];
    let router = format!("ws://{gone}/ws?token=s3cret#s3cret");
    let told = format!("ws://{gone}/ws: ");
    let unit = format!("ripex2+https://me:s3cret@{gone}");
    for (url, more, code, part) in [
        (&*router, &realm[..], 3, &*told),
        ("ws://me:s3cret@router/ws", &realm, 2, "user name"),
        (
            "netstring://me:s3cret@localhost:1",
            &[],
            2,
            "\"localhost:1\"",
        ),
        ("netstring://localhost?s3cret", &[], 2, "\"localhost\""),
        ("netstring+srv://me:s3cret@a/_rpc._tcp.b", &[], 2, ""),
        (&unit, &[], 2, "user name"),
        ("https://me:s3cret@pdu?s3cret", &[], 2, ""),
        ("me:s3cret@pdu", &[], 2, ""),
    ] {
        for command in [&["call", url, "/", "a"][..], &["conformance", url]] {
            let done = xerus([command, more].concat());
            assert_eq!((done.code, &*done.stdout), (Some(code), ""), "{done:?}");
            assert!(!done.stderr.contains("s3cret"), "{done:?}");
            let is_test = command[0] == "conformance";
            assert!(
                !is_test || done.stderr.contains(part),
                "{part} is not in {done:?}"
            );
        }
    }
}

#[test]
fn a_server_behind_netstrings_is_called() {
    let users = Users::start(NetstringServer::new);
    let url = users.url();
    let call = |arguments: &[&str]| xerus([&["call", &url], arguments].concat());
    is(
        &call(&["/", "get_user", r#"{"id": 1234}"#]),
        0,
        "\"Petros\"\n",
        &[],
    );
    is(
        &call(&["", "get_user", r#"{"id": 1234}"#]),
        0,
        "\"Petros\"\n",
        &[],
    );
    is(
        &call(&["/", "get_user", r#"{"id": 7}"#]),
        4,
        "",
        &["no such user", "-32001"],
    );
    let misspelt = [
        "-32601",
        "check the spelling",
        "METHOD is the name",
        "@wire",
    ];
    is(&call(&["/", "get_usr"]), 4, "", &misspelt);
    // What this wire cannot carry is not left out.
    is(&call(&["/users", "get_user"]), 2, "", &["names no objects"]);
    is(
        &call(&["/", "get_user", "--user", "me"]),
        2,
        "",
        &["--user", "leave it out"],
    );
    let pin = "00".repeat(32);
    is(
        &call(&["/", "get_user", "--pin", &pin]),
        2,
        "",
        &["--pin", "leave it out"],
    );
}

#[test]
fn one_of_several_servers_is_enough() {
    let users = Users::start(NetstringServer::new);
    let nobody = TcpListener::bind("127.0.0.1:0").expect("a port");
    let dead = nobody.local_addr().expect("an address");
    drop(nobody);
    let url = format!("netstring://{dead},{}", users.serving.address());
    let done = xerus(["call", &url, "/", "get_user", r#"{"id": 1234}"#]);
    is(&done, 0, "\"Petros\"\n", &[]);
    let done = xerus([
        "call",
        &format!("netstring://{dead},localhost:{}", dead.port()),
        "/",
        "get_user",
    ]);
    is(
        &done,
        3,
        "",
        &[&format!("\n  {dead}: connection refused"), "\n  localhost:"],
    );
    let done = xerus(["call", &format!("netstring://{dead}"), "/", "get_user"]);
    is(&done, 3, "", &[&dead.to_string()]);
    for (url, what) in [
        ("netstring://", "port"),
        ("netstring://localhost", "port"),
        ("netstring://a:1,,b:2", "port"),
        ("netstring://a:1 b:2", "blank"),
    ] {
        let done = xerus(["call", url, "/", "get_user"]);
        is(&done, 2, "", &[what, "netstring://HOST:PORT"]);
    }
}

/// A name server that has one SRV record and the address of its target, as long as the program runs.
fn name_server(port: u16) -> String {
    let socket = UdpSocket::bind("127.0.0.1:0").expect("a port");
    let address = socket.local_addr().expect("an address");
    thread::spawn(move || {
        let mut buffer = [0; 512];
        while let Ok((_, from)) = socket.recv_from(&mut buffer) {
            let end = 12
                + buffer[12..]
                    .iter()
                    .position(|byte| *byte == 0)
                    .expect("a name")
                + 5;
            let data = match buffer[end - 3] {
                1 => vec![127, 0, 0, 1],
                33 => [
                    &[0, 1, 0, 1],
                    &port.to_be_bytes()[..],
                    b"\x01a\x07example\0",
                ]
                .concat(),
                _ => Vec::new(),
            };
            let count = u8::from(!data.is_empty());
            let mut answer = buffer[..end].to_vec();
            answer[2..12].copy_from_slice(&[0x81, 0x80, 0, 1, 0, count, 0, 0, 0, 0]);
            if count > 0 {
                answer.extend([0xc0, 12, 0, buffer[end - 3], 0, 1, 0, 0, 0, 60, 0]);
                answer.push(u8::try_from(data.len()).expect("short data"));
                answer.extend(data);
            }
            socket.send_to(&answer, from).expect("it is sent");
        }
    });
    format!("netstring+srv://{address}/_rpc._tcp.example")
}

#[test]
fn servers_that_dns_names_are_called() {
    let users = Users::start(NetstringServer::new);
    let url = name_server(users.serving.address().port());
    let done = xerus(["call", &url, "/", "get_user", r#"{"id": 1234}"#]);
    is(&done, 0, "\"Petros\"\n", &[]);
    let nothing = name_server(0);
    let done = xerus(["call", &nothing, "/", "get_user"]);
    is(
        &done,
        3,
        "",
        &["_rpc._tcp.example (SRV)", "no usable record"],
    );
    for (url, what) in [
        ("netstring+srv://", "no name that can have SRV records"),
        ("netstring+srv://a:1", "no name that can have SRV records"),
        (
            "netstring+srv://dns.example/_rpc._tcp.example",
            "no IP address",
        ),
    ] {
        let done = xerus(["call", url, "/", "get_user"]);
        is(
            &done,
            2,
            "",
            &[what, "netstring+srv://_rpc._tcp.example.com"],
        );
    }
}

#[test]
fn a_radio_modem_is_called() {
    let runtime = Runtime::new().expect("a runtime");
    let info = TypeInfo::new("acme.Unit:1.0.0".parse().expect("a wire id"), []);
    let unit = Servant::of_type(info, (), |(), call: &Incoming<'_>| match call.method() {
        "device_ping" => Ok(Reply::ok(()).void()),
        "name_get" => Ok(Reply::ok("mast".to_owned()).single()),
        "save" => Err(FaultCode::ValidationError.into()),
        _ => Err(Fault::method_not_found()),
    });
    let router = Router::new();
    router.insert("/unit", unit);
    let server = Ripex2Server::new(router).user("admin", "pass word", Role::Admin);
    let serving = runtime
        .block_on(server.bind("127.0.0.1:0"))
        .expect("a port");
    let url = format!("ripex2+{}", serving.url());
    let folder = tempfile::tempdir().expect("a directory");
    let file = folder.path().join("password");
    std::fs::write(&file, "pass word\n").expect("a file");
    let file = file.to_str().expect("UTF-8");
    let login = ["--user", "admin", "--password-file", file];
    let call = |arguments: &[&str]| xerus([&["call", &url], arguments].concat());
    let logged_in = |arguments: &[&str]| call(&[arguments, &login].concat());
    is(&call(&["/", "device_ping"]), 0, "null\n", &[]);
    is(&logged_in(&["/", "name_get"]), 0, "\"mast\"\n", &[]);
    is(&logged_in(&["/", "save"]), 4, "", &["validation_error"]);
    is(
        &logged_in(&["10.1.1.1", "name_get"]),
        7,
        "",
        &["remote_call_error"],
    );
    is(
        &logged_in(&["/model/pdu/0", "name_get"]),
        2,
        "",
        &["no unit"],
    );
    is(
        &logged_in(&["/", "save", r#"{"text": "a$b"}"#]),
        2,
        "",
        &["text has a character"],
    );
    let nobody = call(&["/", "name_get"]);
    is(
        &nobody,
        nobody.code.unwrap_or(0),
        "",
        &[
            "nobody is logged in; log in with --user (",
            "help: log in with --user NAME",
        ],
    );
    assert_ne!(nobody.code, Some(0));
}

/// A router with one procedure, which adds, and with nobody who is asked who they are.
struct AddingRouter {
    url: String,
    _runtime: Runtime,
}

impl AddingRouter {
    fn start() -> Self {
        let runtime = Runtime::new().expect("a runtime");
        let listener = runtime
            .block_on(tokio::net::TcpListener::bind("127.0.0.1:0"))
            .expect("a port");
        let url = format!("ws://{}/ws", listener.local_addr().expect("an address"));
        runtime.spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                tokio::spawn(route(stream));
            }
        });
        Self {
            url,
            _runtime: runtime,
        }
    }
}

#[expect(
    clippy::result_large_err,
    reason = "the handshake is that of the library"
)]
async fn route(stream: tokio::net::TcpStream) {
    let json = |_: &Request, mut response: Response| {
        let name = HeaderValue::from_static("wamp.2.json");
        response
            .headers_mut()
            .insert("Sec-WebSocket-Protocol", name);
        Ok(response)
    };
    let mut socket = accept_hdr_async(stream, json).await.expect("a handshake");
    while let Some(Ok(Message::Text(text))) = socket.next().await {
        let message: Value = serde_json::from_str(&text).expect("JSON");
        let answer = match message[0].as_u64() {
            Some(1) => json!([2, 7, {"roles": {"broker": {}, "dealer": {}}, "realm": message[1]}]),
            Some(48) if message[3] == "com.example.add" => {
                let number =
                    |place: usize, name| message[4][place].as_i64().or(message[5][name].as_i64());
                let sum = number(0, "x").zip(number(1, "y")).map(|(x, y)| x + y);
                json!([50, message[1], {}, [sum]])
            }
            Some(48) if message[3] == "com.example.echo" => {
                json!([50, message[1], {}, [{"args": message[4], "kwargs": message[5]}]])
            }
            Some(48) if message[3] == "com.example.relay" => {
                // What the callee got from another.
                json!([8, 48, message[1], {}, "wamp.error.no_such_procedure"])
            }
            Some(48) => {
                let procedure = message[3].as_str().unwrap_or_default();
                let words = format!("no callee registered for procedure <{procedure}>");
                json!([
                    8,
                    48,
                    message[1],
                    {},
                    "wamp.error.no_such_procedure",
                    [words]
                ])
            }
            _ => json!([6, {}, "wamp.close.goodbye_and_out"]),
        };
        let sent = socket.send(Message::text(answer.to_string())).await;
        if sent.is_err() {
            return;
        }
    }
}

#[test]
fn a_procedure_behind_a_router_is_called() {
    let router = AddingRouter::start();
    let call = |arguments: &[&str]| xerus([&["call", &router.url], arguments].concat());
    let add = ["/", "com.example.add", r#"{"x": 2, "y": 3}"#];
    let realm = ["--realm", "com.example.realm"];
    is(&call(&[&add[..], &realm].concat()), 0, "5\n", &[]);
    let none = [&["/", "com.example.none"][..], &realm].concat();
    let uri = [
        "no_such_procedure",
        "check the spelling",
        "METHOD is the whole URI",
    ];
    is(&call(&none), 4, "", &uri);
    let relay = [&["/", "com.example.relay"][..], &realm].concat();
    is(&call(&relay), 7, "", &["no_such_procedure", "may have"]);
    is(&call(&add), 2, "", &["--realm"]);
    let careless = ["--danger-accept-invalid-certs"];
    let careless = [&add[..], &realm, &careless].concat();
    is(&call(&careless), 2, "", &["leave it out"]);
    let done = xerus([
        "call",
        "netstring://127.0.0.1:1",
        "/",
        "add",
        "--realm",
        "a",
    ]);
    is(&done, 2, "", &["--realm", "leave it out"]);
    let done = xerus(["call", "ws://127.0.0.1:1/", "/", "add", "--realm", "a"]);
    is(&done, 3, "", &["127.0.0.1:1"]);
    // There is no option for what the library would have raised.
    let long = format!("{{\"x\": \"{}\"}}", "a".repeat(2 << 20));
    let place = directory(&[("long.json", &long)]);
    let long = format!("@{}", text(place.path().join("long.json")));
    let done = call(&[&["/", "com.example.add", &long][..], &realm].concat());
    is(&done, 2, "", &["send less at a time ("]);
}

/// The order in which somebody writes the members of an object says nothing.
#[test]
fn an_object_goes_by_name_and_a_list_by_position() {
    let router = AddingRouter::start();
    let call = |arguments: &[&str]| {
        let call = ["call", &router.url, "--realm", "a"];
        xerus([&call, arguments].concat())
    };
    let echo = |params: &str| {
        let done = call(&["/", "com.example.echo", params]);
        is(&done, 0, &done.stdout, &[]);
        serde_json::from_str::<Value>(&done.stdout).expect("JSON")
    };
    let names = json!({"to": "NEW", "from": "M4"});
    for params in [
        r#"{"to": "NEW", "from": "M4"}"#,
        r#"{"from": "M4", "to": "NEW"}"#,
    ] {
        let sent = echo(params);
        let args = sent["args"].as_array().map_or(0, Vec::len);
        assert_eq!((args, &sent["kwargs"]), (0, &names), "{sent}");
    }
    let list = json!({"args": [2, {"x": 3}], "kwargs": null});
    assert_eq!(echo(r#"[2, {"x": 3}]"#), list);
    for none in ["[]", "{}"] {
        assert_eq!(echo(none), json!({"args": null, "kwargs": null}));
    }
    let number = call(&["/", "com.example.echo", "5"]);
    is(&number, 2, "", &["by name", "by position"]);

    // Each call of many for itself.
    let calls = json!([
        {"rid": "/", "method": "com.example.echo", "params": names},
        {"rid": "/", "method": "com.example.echo", "params": ["NEW", "M4"]},
        {"rid": "/", "method": "com.example.add", "params": {"y": 2, "x": 3}},
    ]);
    let place = directory(&[("calls.json", &calls.to_string())]);
    let file = |name| text(place.path().join(name));
    let done = call(&["--bulk", &file("calls.json")]);
    let results: Value = serde_json::from_str(&done.stdout).expect("JSON");
    assert_eq!(results[0]["result"]["kwargs"], names, "{done:?}");
    assert_eq!(results[1]["result"]["args"], json!(["NEW", "M4"]));
    assert_eq!(results[2]["result"], 5);

    // Without names nobody knows what is secret.
    let list = ["/", "com.example.echo", r#"["s3cret"]"#];
    let recording = file("a.recording");
    let record = ["--record", recording.as_str()];
    is(&call(&[&list[..], &record].concat()), 2, "", &["--record"]);
    let bulk = file("calls.json");
    let done = call(&[&["--bulk", &bulk][..], &record].concat());
    is(&done, 2, "", &["--record"]);
    assert!(!place.path().join("a.recording").exists());
}

/// It is that of the devices for which it was set.
#[test]
fn the_user_of_the_variable_is_nobody_on_other_wires() {
    let users = Users::start(NetstringServer::new);
    let router = AddingRouter::start();
    let call = |arguments: &[&str]| {
        let mut command = command();
        command
            .env("XERUS_USER", "admin")
            .env("XERUS_PASSWORD", "pass word")
            .arg("call")
            .args(arguments);
        finish(&mut command)
    };
    let get = ["/", "get_user", r#"{"id": 1234}"#];
    is(
        &call(&[&[users.url().as_str()], &get[..]].concat()),
        0,
        "\"Petros\"\n",
        &[],
    );
    let add = [
        &router.url,
        "/",
        "com.example.add",
        r#"{"x": 2, "y": 3}"#,
        "--realm",
        "com.example.realm",
    ];
    is(&call(&add), 0, "5\n", &[]);
    // What is for a user is not left out in silence.
    let method = ["--auth-method", "ticket"];
    let done = call(&[&add[..], &method].concat());
    is(&done, 2, "", &["--auth-method", "--user", "XERUS_USER"]);
    let file = ["--password-file", "a"];
    let done = call(&[&[users.url().as_str()], &get[..], &file].concat());
    is(&done, 2, "", &["--password-file", "--user", "XERUS_USER"]);
    // Nor is it that nobody is logged in for it.
    let unit = TcpListener::bind("127.0.0.1:0").expect("a port");
    let url = format!("ripex2+http://{}", unit.local_addr().expect("an address"));
    let done = call(&[&url, "/", "name_get"]);
    is(&done, 2, "", &["--user NAME", "XERUS_USER counts for"]);
}
