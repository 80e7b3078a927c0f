//! Calls that fail: whether a script may make them again, what is said, and that sessions are ended.

#[path = "conformance/careless.rs"]
mod careless;
mod support;

use std::io::{Read as _, Write as _};
use std::net::{SocketAddr, TcpListener};
use std::thread;

use careless::parrot;
use serde_json::{Value, json};
use support::{Done, directory, text, unprinted, unread, xerus};

/// Reads a request, and closes.
fn closing() -> SocketAddr {
    let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
    let address = listener.local_addr().expect("an address");
    thread::spawn(move || {
        for stream in listener.incoming() {
            let _ = stream.expect("a connection").read(&mut [0; 1 << 16]);
        }
    });
    address
}

/// Answers of a server of netstrings to all calls that were read, but for those of the method `lost`.
fn answers(read: &str) -> Vec<u8> {
    let mut all = String::new();
    // The method stands behind the id.
    for call in read.split("\"id\":").skip(1) {
        let id: String = call.chars().take_while(char::is_ascii_digit).collect();
        let document = format!(r#"{{"jsonrpc":"2.0","id":{id},"result":1}}"#);
        if !call.contains("\"lost\"") {
            all.push_str(&format!("{}:{document},", document.len()));
        }
    }
    all.into_bytes()
}

fn is_unknown(done: &Done) {
    assert_eq!((done.code, done.stdout.as_str()), (Some(7), ""), "{done:?}");
    let told = done.stderr.matches("may have executed").count();
    assert_eq!(told, 1, "{done:?}");
}

#[test]
fn a_call_that_was_read_is_not_one_that_did_not_get_there() {
    let address = closing();
    let http = format!("http://{address}");
    let switch = ["/model/pdu/0/outlet/3", "cyclePowerState"];
    is_unknown(&xerus(["call", &http, switch[0], switch[1]]));
    let netstring = format!("netstring://{address}");
    is_unknown(&xerus(["call", &netstring, "/", "switch"]));
    let unit = format!("ripex2+http://{address}");
    is_unknown(&xerus(["call", &unit, "/", "device_ping"]));
    // One that is silent is no better.
    let (silent, _) = parrot(|_| Vec::new());
    for url in [format!("http://{silent}"), format!("netstring://{silent}")] {
        let done = xerus(["call", &url, "/", "switch", "--timeout", "300ms"]);
        is_unknown(&done);
    }
}

fn bulk(address: SocketAddr, calls: &Value) -> Done {
    let place = directory(&[("calls.json", &calls.to_string())]);
    let file = text(place.path().join("calls.json"));
    let url = format!("netstring://{address}");
    xerus(["call", &url, "--bulk", &file, "--timeout", "1s"])
}

#[test]
fn a_bulk_has_the_outcome_of_each_call() {
    let call = |rid, method| json!({"rid": rid, "method": method});
    let done_and = |other: Value| {
        let (address, _) = parrot(answers);
        let done = bulk(address, &json!([other, call("/", "done")]));
        assert_eq!(done.code, Some(7), "{done:?}");
        assert!(done.stderr.contains("read the outcome of each"), "{done:?}");
        let results: Value = serde_json::from_str(&done.stdout).expect("JSON");
        assert_eq!(results[1], json!({"result": 1}), "{results}");
        results[0]["error"]["outcome"].clone()
    };
    assert_eq!(done_and(call("/", "lost")), "unknown");
    // The first one cannot be sent over this wire: that is no reason to make all of them again.
    assert_eq!(done_and(call("/users", "a")), "not executed");
    let calls = json!([call("/", "a"), call("/", "b")]);
    is_unknown(&bulk(closing(), &calls));
    let free = TcpListener::bind("127.0.0.1:0").expect("a port");
    let gone = free.local_addr().expect("an address");
    drop(free);
    let done = bulk(gone, &calls);
    assert_eq!(done.code, Some(3), "{done:?}");
}

/// Refuses all calls, each in another way.
fn refusals(read: &str) -> Vec<u8> {
    let mut all = String::new();
    for call in read.split("\"id\":").skip(1) {
        let id: String = call.chars().take_while(char::is_ascii_digit).collect();
        let error = match call.contains("\"take\"") {
            true => {
                "{\"code\":-32010,\"message\":\"not enough\",\"data\":{\n\"have\": 2.50, \"who\": \"\u{202e}me\"}}"
            }
            false => r#"{"code":-32601,"message":"no"}"#,
        };
        let document = format!(r#"{{"jsonrpc":"2.0","id":{id},"error":{error}}}"#);
        all.push_str(&format!("{}:{document},", document.len()));
    }
    all.into_bytes()
}

#[test]
fn what_comes_with_an_error_is_told() {
    let (address, _) = parrot(refusals);
    let take = ["call", &format!("netstring://{address}"), "/", "take"];
    let done = xerus(take);
    says(&done, 4, "-32010: not enough");
    says(
        &done,
        4,
        "\n  data: { \"have\": 2.50, \"who\": \"\\u{202e}me\"}\n",
    );
    let call = |method| json!({"rid": "/", "method": method});
    let done = bulk(address, &json!([call("gone"), call("take")]));
    let results: Value = serde_json::from_str(&done.stdout).expect("JSON");
    assert_eq!(done.stdout.lines().count(), 4, "{done:?}");
    let (gone, take) = (&results[0]["error"], &results[1]["error"]);
    assert_eq!(
        (&gone["rpc_code"], gone.get("data")),
        (&json!(-32601), None)
    );
    assert_eq!(gone["outcome"], "not executed");
    assert_eq!(
        (&take["code"], &take["rpc_code"]),
        (&json!("Rpc"), &json!(-32010))
    );
    assert_eq!(take["data"], json!({"have": 2.5, "who": "\u{202e}me"}));
    // One that is certain says nothing of one that is not.
    assert_eq!((&take["outcome"], done.code), (&json!("unknown"), Some(7)));
    assert!(done.stderr.contains("read the outcome of each"), "{done:?}");
    let done = bulk(address, &json!([call("gone"), call("gone")]));
    assert_eq!((done.code, &*done.stderr), (Some(4), ""), "{done:?}");
}

/// What a script does next goes by the exit code.
#[test]
fn that_nobody_reads_the_answer_changes_no_exit_code() {
    let (address, _) = parrot(answers);
    let url = format!("netstring://{address}");
    let lost = json!([{"rid": "/", "method": "lost"}, {"rid": "/", "method": "done"}]);
    let place = directory(&[("calls.json", &lost.to_string())]);
    let file = text(place.path().join("calls.json"));
    let lost = ["call", &url, "--bulk", &file, "--timeout", "500ms"];
    let done = unread(lost);
    assert_eq!(done.code, Some(7), "{done:?}");
    assert!(done.stderr.contains("read the outcome of each"), "{done:?}");
    let answered = ["call", &url, "/", "done"];
    let done = unread(answered);
    assert_eq!((done.code, &*done.stderr), (Some(0), ""), "{done:?}");
    // One that cannot be written anywhere is lost.
    for (call, code) in [(&lost[..], 7), (&answered, 1)] {
        if let Some(done) = unprinted(call) {
            assert_eq!(done.code, Some(code), "{done:?}");
            let told = "answered is lost: read its state";
            assert!(done.stderr.contains(told), "{done:?}");
        }
    }
}

/// The device says no, and the code is in the answer.
#[test]
fn a_refusal_is_told_though_nobody_reads_the_answer() {
    let (address, _) = parrot(|request| {
        let id = request.split("\"id\":").nth(1).unwrap_or_default();
        let id: String = id.chars().take_while(char::is_ascii_digit).collect();
        let body = format!(r#"{{"jsonrpc":"2.0","id":{id},"result":{{"_ret_":1}}}}"#);
        let length = body.len();
        format!("HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: {length}\r\n\r\n{body}").into_bytes()
    });
    let url = format!("http://{address}");
    let done = unread(["call", &url, "/model/pdu/0/outlet/3", "setPowerState"]);
    assert_eq!(done.code, Some(4), "{done:?}");
    assert!(done.stderr.contains("the device refused"), "{done:?}");
}

/// A unit has few sessions, and who leaves one open at every call keeps everybody out.
#[test]
fn the_session_with_a_radio_modem_is_ended() {
    fn answer(request: &str) -> Vec<u8> {
        let body = match () {
            () if request.contains("login.cgi") => {
                r#"{"token": "t1", "role": {"name": "admin", "permission": 1}}"#
            }
            () if request.contains("fails") => r#"{"error": {"code": "validation_error"}}"#,
            () => r#"{"result": 1}"#,
        };
        let length = body.len();
        format!("HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: {length}\r\n\r\n{body}").into_bytes()
    }
    let place = directory(&[
        ("password", "s3cret\n"),
        ("calls.json", r#"[{"rid": "/", "method": "name_get"}]"#),
    ]);
    let file = |name| text(place.path().join(name));
    let (password, calls) = (file("password"), file("calls.json"));
    for (what, code) in [
        (["/", "name_get"], 0),
        (["/", "fails"], 4),
        (["--bulk", &calls], 0),
    ] {
        let (address, heard) = parrot(answer);
        let url = format!("ripex2+http://{address}");
        let login = ["--user", "admin", "--password-file", &password];
        let done = xerus([&["call", &url], &what[..], &login].concat());
        assert_eq!(done.code, Some(code), "{done:?}");
        let heard = heard.lock().expect("no panic");
        let count = |script| heard.iter().filter(|text| text.contains(script)).count();
        assert_eq!(
            (count("login.cgi"), count("logout.cgi")),
            (1, 1),
            "{heard:?}"
        );
    }
}

fn says(done: &Done, code: i32, part: &str) {
    assert_eq!(
        (done.code, done.stdout.as_str()),
        (Some(code), ""),
        "{done:?}"
    );
    assert!(done.stderr.contains(part), "{part} is not in {done:?}");
}

/// The time for the whole call is not over before it is known how far it came.
#[test]
fn a_port_that_is_silent_is_not_one_that_is_down() {
    let silent = TcpListener::bind("127.0.0.1:0").expect("a port");
    let address = silent.local_addr().expect("an address");
    for (scheme, part) in [
        ("wss", "TCP is open, TLS is silent"),
        ("https", "TCP is open, TLS is silent"),
        ("ripex2+https", "TCP is open, TLS is silent"),
        (
            "ws",
            "TCP is open; there was no answer in the WebSocket handshake",
        ),
    ] {
        let url = format!("{scheme}://{address}/");
        let realm = if scheme.starts_with("ws") {
            &["--realm", "a"][..]
        } else {
            &[]
        };
        let call = ["call", &url, "/", "device_ping", "--timeout", "2s"];
        says(&xerus([&call[..], realm].concat()), 3, part);
    }
}

/// What a router answers at another path, and how others end.
#[test]
fn what_a_router_does_instead_is_told() {
    let (elsewhere, _) = parrot(|_| {
        b"HTTP/1.1 405 Method Not Allowed\r\nContent-Length: 18\r\n\r\nMethod Not Allowed".to_vec()
    });
    let url = format!("ws://{elsewhere}/wss");
    let done = xerus(["call", &url, "/", "a", "--realm", "a", "--timeout", "5s"]);
    says(
        &done,
        3,
        "opens no WebSocket for WAMP at this URL: check the path",
    );
    says(
        &done,
        3,
        "\n  the server answered with status 405, Method Not Allowed\n",
    );
    assert!(!done.stderr.contains("check the address"), "{done:?}");
    let url = format!("ws://{}/ws", closing());
    let done = xerus(["call", &url, "/", "a", "--realm", "a", "--timeout", "5s"]);
    assert_eq!((done.code, &*done.stdout), (Some(3), ""), "{done:?}");
    assert!(done.stderr.contains("WebSocket"), "{done:?}");
}

/// What an error says is followed.
#[test]
fn errors_name_options_and_urls_of_the_wire() {
    let not_tls = TcpListener::bind("127.0.0.1:0").expect("a port");
    let address = not_tls.local_addr().expect("an address");
    thread::spawn(move || {
        for stream in not_tls.incoming() {
            let mut stream = stream.expect("a connection");
            let _ = stream.write_all(b"220 ready\r\n");
            let _ = stream.read(&mut [0; 1 << 10]);
        }
    });
    let realm = ["--realm", "a"];
    for (url, more, code, part) in [
        (&*format!("wss://{address}/"), &realm[..], 3, "or try ws://"),
        (
            &format!("ripex2+https://{address}"),
            &[],
            3,
            "or try ripex2+http://",
        ),
        (&format!("https://{address}"), &[], 3, "or try http://"),
        ("ripex2+192.0.2.7", &[], 2, "expected ripex2+https://host"),
        ("ws://a:b@192.0.2.7/", &realm, 2, "give it with --user"),
        (
            "ripex2+https://a:b@192.0.2.7",
            &[],
            2,
            "give them with --user",
        ),
        (
            "ripex2+https://192.0.2.7",
            &["--pin", "12"],
            2,
            "bad value for --pin:",
        ),
        (
            "wss://192.0.2.7/",
            &["--realm", "a", "--pin", "12"],
            2,
            "bad value for --pin:",
        ),
    ] {
        let call = ["call", url, "/", "device_ping"];
        says(&xerus([&call[..], more].concat()), code, part);
    }
    let done = xerus(["call", "netstring://192.0.2.7:1", "/users", "a"]);
    says(&done, 2, "write / for it");
}

/// Whoever mistypes a URL is told what there is, and not what the wire of another one has no use for.
#[test]
fn a_url_of_no_wire_is_told_which_there_are() {
    for url in [
        "tcp://127.0.0.1:9911",
        "netstrings://127.0.0.1:9911",
        "ripex2://192.0.2.7",
        "127.0.0.1:9911",
        "localhost:9911",
        "ws:127.0.0.1/ws",
    ] {
        for more in [&[][..], &["--realm", "a"]] {
            let done = xerus([&["call", url, "/", "a"], more].concat());
            for known in [
                "https://HOST",
                "netstring://HOST:PORT",
                "netstring+srv://NAME",
                "ws://ROUTER",
                "ripex2+https://HOST",
            ] {
                says(&done, 2, known);
            }
            assert!(!done.stderr.contains("--realm"), "{done:?}");
            let done = xerus([&["conformance", url], more].concat());
            says(&done, 2, "ws://ROUTER");
        }
    }
    let realm = &["--realm", "a"][..];
    for (url, more, part) in [
        ("ws:///ws", &[][..], "bad device URL"),
        ("netstring://localhost", realm, "names no servers"),
        ("ripex2+192.0.2.7", realm, "bad device URL"),
    ] {
        for command in [&["call", url, "/", "a"][..], &["conformance", url]] {
            let done = xerus([command, more].concat());
            says(&done, 2, part);
            assert!(!done.stderr.contains("--realm"), "{done:?}");
        }
    }
    let done = xerus(["call", "netstring+srv://", "/", "a", "--realm", "a"]);
    says(&done, 2, "names no servers");
    // With a URL that is good they are what is wrong.
    let done = xerus(["call", "ws://192.0.2.7/ws", "/", "a"]);
    says(&done, 2, "--realm NAME");
    let done = xerus(["call", "https://192.0.2.7", "/", "a", "--realm", "a"]);
    says(&done, 2, "--realm means nothing");
}
