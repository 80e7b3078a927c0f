//! `xerus call` and `xerus conformance` over the other wires.

mod support;

use std::io::{Read as _, Write as _};
use std::net::{TcpListener, UdpSocket};
use std::thread;

use futures_util::{SinkExt as _, StreamExt as _};
use serde_json::{Value, json};
use support::{Done, xerus};
use tokio::runtime::Runtime;
use tokio_tungstenite::accept_hdr_async;
use tokio_tungstenite::tungstenite::Message;
use tokio_tungstenite::tungstenite::handshake::server::{Request, Response};
use tokio_tungstenite::tungstenite::http::HeaderValue;
use xerus_rpc::TypeInfo;
use xerus_rpc::netstring::{NetstringServer, Serving};
use xerus_rpc::ripex2::{FaultCode, Ripex2Server, Role};
use xerus_rpc::server::{Fault, Incoming, Reply, Router, Servant};

/// A server of this library, in front of one method.
struct Users {
    serving: Serving,
    _runtime: Runtime,
}

impl Users {
    fn start(server: fn(Router) -> NetstringServer) -> Self {
        let runtime = Runtime::new().expect("a runtime");
        let info = TypeInfo::new("acme.Users:1.0.0".parse().expect("a wire id"), []);
        let users = Servant::of_type(info, (), |(), call: &Incoming<'_>| match call.method() {
            "get_user" => match call.argument::<i32>(0, "id")? {
                1234 => Ok(Reply::ok("Petros".to_owned()).single()),
                _ => Err(Fault::new(-32001, "no such user")),
            },
            _ => Err(Fault::method_not_found()),
        });
        let router = Router::new();
        router.insert("/users", users);
        let serving = runtime
            .block_on(server(router).bind("127.0.0.1:0"))
            .expect("a port");
        Self {
            serving,
            _runtime: runtime,
        }
    }

    fn url(&self) -> String {
        format!("netstring://{}", self.serving.address())
    }
}

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
    is(&call(&["/", "get_usr"]), 4, "", &["-32601"]);
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
fn our_servers_meet_every_row() {
    for server in [NetstringServer::new, NetstringServer::for_json_rpc] {
        let users = Users::start(server);
        let done = xerus(["conformance", &users.url(), "--output", "json"]);
        assert_eq!((done.code, done.stderr.as_str()), (Some(0), ""), "{done:?}");
        let rows: Vec<Value> = serde_json::from_str(&done.stdout).expect("JSON");
        assert_eq!(rows.len(), 26);
        for row in rows {
            assert_eq!(row["verdict"], "meets", "{row}");
        }
    }
}

/// Answers whatever comes with the same bytes.
fn parrot(answer: &'static [u8]) -> String {
    let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
    let address = listener.local_addr().expect("an address");
    thread::spawn(move || {
        for stream in listener.incoming() {
            let mut stream = stream.expect("a connection");
            thread::spawn(move || {
                let mut buffer = [0; 1 << 16];
                while stream.read(&mut buffer).is_ok_and(|length| length > 0) {
                    if stream.write_all(answer).is_err() {
                        return;
                    }
                }
            });
        }
    });
    format!("netstring://{address}")
}

#[test]
fn a_careless_server_is_found_out() {
    let url = parrot(br#"36:{"jsonrpc":"2.0","id":2,"result":{}},"#);
    let done = xerus(["conformance", &url, "--timeout", "200ms", "--output", "csv"]);
    assert_eq!(done.code, Some(6), "{done:?}");
    assert!(done.stderr.contains("of 26 rows are not as expected"));
    for row in [
        "rule 1,differs,a notification,no answer,",
        "N20,differs,a leading zero,",
        "N35,differs,100 MB without a comma,",
        "N24,meets,",
    ] {
        assert!(done.stdout.contains(row), "{row} is not in {}", done.stdout);
    }
    let done = xerus(["conformance", &url, "--timeout", "200ms"]);
    assert!(done.stdout.starts_with("ROW"), "{done:?}");
}

#[test]
fn what_cannot_be_tested_is_said() {
    let nobody = TcpListener::bind("127.0.0.1:0").expect("a port");
    let address = nobody.local_addr().expect("an address");
    let url = format!("netstring://{address}");
    let done = xerus(["conformance", &url, "--timeout", "100ms"]);
    is(&done, 3, "", &["did not answer", "--timeout"]);
    let done = xerus(["conformance", "https://127.0.0.1"]);
    is(&done, 2, "", &["netstring://HOST:PORT"]);
    let done = xerus(["conformance", &url, "--params", "7"]);
    is(&done, 2, "", &["--params", "object or list"]);
    let done = xerus(["conformance", "netstring://a:1,b:2"]);
    is(&done, 2, "", &["one server"]);
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
        4,
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
        &["nobody is logged in"],
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
                let numbers = message[4].as_array().expect("arguments");
                let sum: i64 = numbers.iter().filter_map(Value::as_i64).sum();
                json!([50, message[1], {}, [sum]])
            }
            Some(48) => json!([8, 48, message[1], {}, "wamp.error.no_such_procedure"]),
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
    is(&call(&none), 4, "", &["no_such_procedure"]);
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
}
