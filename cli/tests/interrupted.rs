//! `xerus call` and `conformance`, interrupted: sessions are ended, and what is known of a call is said.
#![cfg(unix)]

#[path = "conformance/careless.rs"]
mod careless;
mod support;

use std::io::{BufRead as _, BufReader, Read as _};
use std::net::TcpListener;
use std::process::{Child, Command, Stdio};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex};
use std::thread;
use std::time::{Duration, Instant};

use careless::{Heard, parrot};
use futures_util::{SinkExt as _, StreamExt as _};
use serde_json::{Value, json};
use support::{Done, command, directory, text};
use tokio::runtime::Runtime;
use tokio_tungstenite::accept_hdr_async;
use tokio_tungstenite::tungstenite::Message;
use tokio_tungstenite::tungstenite::handshake::server::{Request, Response};
use tokio_tungstenite::tungstenite::http::HeaderValue;

/// A command that is under way.
struct Running(Child);

impl Running {
    fn start(arguments: &[&str]) -> Self {
        Self::command(&[&["call"], arguments].concat())
    }

    fn command(arguments: &[&str]) -> Self {
        let child = command()
            .args(arguments)
            .env_remove("XERUS_USER")
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn();
        Self(child.expect("the binary runs"))
    }

    fn signal(&self, name: &str) {
        let id = self.0.id().to_string();
        let sent = Command::new("kill").args(["-s", name, &id]).status();
        assert!(sent.expect("kill runs").success());
    }

    /// How it ends, which takes no longer than that.
    fn end(mut self, most: Duration) -> Done {
        let until = Instant::now() + most;
        while self.0.try_wait().expect("a process").is_none() {
            if Instant::now() > until {
                let _ = self.0.kill();
                panic!("it goes on: {:?}", self.0.wait_with_output());
            }
            thread::sleep(Duration::from_millis(10));
        }
        let output = self.0.wait_with_output().expect("an end");
        Done {
            code: output.status.code(),
            stdout: String::from_utf8(output.stdout).expect("UTF-8"),
            stderr: String::from_utf8(output.stderr).expect("UTF-8"),
        }
    }
}

const SOON: Duration = Duration::from_secs(10);

fn is(done: &Done, code: i32, part: &str) {
    let seen = (done.code, done.stdout.as_str());
    assert_eq!(seen, (Some(code), ""), "{done:?}");
    assert!(done.stderr.contains(part), "{part} is not in {done:?}");
}

/// Waits until the peer has heard this so many times.
fn heard(heard: &Heard, part: &str, times: usize) {
    let until = Instant::now() + SOON;
    let count = || {
        let heard = heard.lock().expect("no panic");
        heard.iter().filter(|text| text.contains(part)).count()
    };
    while count() < times {
        assert!(Instant::now() < until, "{part}: {heard:?}");
        thread::sleep(Duration::from_millis(10));
    }
}

#[test]
fn what_was_sent_may_have_been_executed() {
    for (name, scheme, signal) in [
        ("switchOn", "http", "INT"),
        ("switchOff", "http", "TERM"),
        ("switch", "netstring", "INT"),
        ("device_ping", "ripex2+http", "INT"),
    ] {
        let (address, peer) = parrot(|_| Vec::new());
        let url = format!("{scheme}://{address}");
        let call = Running::start(&[&url, "/", name]);
        heard(&peer, name, 1);
        call.signal(signal);
        is(&call.end(SOON), 7, "the device may have executed it");
    }
}

#[test]
fn nothing_is_executed_before_there_is_a_connection() {
    let silent = TcpListener::bind("127.0.0.1:0").expect("a port");
    let address = silent.local_addr().expect("an address");
    for (scheme, more, signal, code) in [
        ("https", &[][..], "INT", 130),
        ("https", &[], "TERM", 143),
        ("ws", &["--realm", "a"], "INT", 130),
    ] {
        let url = format!("{scheme}://{address}");
        let call = Running::start(&[&[&url, "/", "switch"], more].concat());
        let (mut stream, _) = silent.accept().expect("a connection");
        stream.read_exact(&mut [0]).expect("a greeting");
        call.signal(signal);
        is(&call.end(SOON), code, "before anything was sent");
    }
}

fn answer(body: &str) -> Vec<u8> {
    let length = body.len();
    let head = "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length:";
    format!("{head} {length}\r\n\r\n{body}").into_bytes()
}

const SESSION: &str = r#"{"token": "t1", "role": {"name": "admin", "permission": 1}}"#;

/// A unit has few sessions, and one that is left open keeps others out.
#[test]
fn the_session_with_a_radio_modem_is_ended() {
    let place = directory(&[("password", "s3cret\n")]);
    let password = text(place.path().join("password"));
    let login = ["--user", "admin", "--password-file", &password];
    let start = |address| {
        let url = format!("ripex2+http://{address}");
        Running::start(&[&[&url, "/", "name_set"], &login[..]].concat())
    };

    let (address, unit) = parrot(|request| match () {
        () if request.contains("login.cgi") => answer(SESSION),
        () if request.contains("logout.cgi") => answer("{}"),
        () => Vec::new(),
    });
    let call = start(address);
    heard(&unit, "name_set", 1);
    call.signal("INT");
    is(&call.end(SOON), 7, "the device may have executed it");
    heard(&unit, "logout.cgi", 1);

    // The session comes when nobody waits for the call any more.
    static IS_ASKED: AtomicBool = AtomicBool::new(false);
    let (address, unit) = parrot(|request| match () {
        () if request.contains("login.cgi") => {
            IS_ASKED.store(true, Ordering::SeqCst);
            thread::sleep(Duration::from_secs(3));
            answer(SESSION)
        }
        () => answer("{}"),
    });
    let call = start(address);
    while !IS_ASKED.load(Ordering::SeqCst) {
        thread::sleep(Duration::from_millis(10));
    }
    call.signal("INT");
    let done = call.end(SOON);
    is(&done, 130, "before anything was sent");
    assert!(done.stderr.contains("Ctrl-C ends this at once"), "{done:?}");
    heard(&unit, "logout.cgi", 1);
    assert!(!format!("{unit:?}").contains("name_set"), "{unit:?}");
}

#[test]
fn the_second_signal_ends_it_at_once() {
    let place = directory(&[("password", "s3cret\n")]);
    let password = text(place.path().join("password"));
    let (address, unit) = parrot(|_| Vec::new());
    let url = format!("ripex2+http://{address}");
    let login = ["--user", "admin", "--password-file", &password];
    let mut call = Running::start(&[&[&url, "/", "name_set"], &login[..]].concat());
    heard(&unit, "login.cgi", 1);
    call.signal("INT");
    let stderr = call.0.stderr.take().expect("stderr");
    let told = BufReader::new(stderr).lines().next();
    let told = told.expect("a line").expect("UTF-8");
    assert!(told.contains("before anything was sent"), "{told}");
    call.signal("INT");
    is(&call.end(Duration::from_secs(3)), 130, "");
}

#[test]
fn a_test_of_a_radio_modem_leaves_no_session_open() {
    let place = directory(&[("password", "s3cret\n")]);
    let password = text(place.path().join("password"));
    let (address, unit) = parrot(|request| match () {
        () if request.contains("login.cgi") => answer(SESSION),
        () => answer("{}"),
    });
    let url = format!("ripex2+http://{address}");
    let login = ["--user", "admin", "--password-file", &password];
    let more = ["--timeout", "2s"];
    let test = Running::command(&[&["conformance", &url], &login[..], &more].concat());
    heard(&unit, "login.cgi", 1);
    test.signal("TERM");
    let done = test.end(SOON);
    is(&done, 143, "interrupted: nothing is listed");
    heard(&unit, "logout.cgi", 1);
}

/// Writes down what comes, and answers all but calls.
#[expect(
    clippy::result_large_err,
    reason = "the handshake is that of the library"
)]
async fn route(stream: tokio::net::TcpStream, kinds: Arc<Mutex<Vec<String>>>) {
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
            Some(6) => json!([6, {}, "wamp.close.goodbye_and_out"]),
            _ => Value::Null,
        };
        kinds
            .lock()
            .expect("no panic")
            .push(format!("kind {}", message[0]));
        if !answer.is_null() {
            let sent = socket.send(Message::text(answer.to_string())).await;
            sent.expect("a client that reads");
        }
    }
}

#[test]
fn a_router_is_told_goodbye() {
    let runtime = Runtime::new().expect("a runtime");
    let listener = runtime.block_on(tokio::net::TcpListener::bind("127.0.0.1:0"));
    let listener = listener.expect("a port");
    let url = format!("ws://{}/ws", listener.local_addr().expect("an address"));
    let kinds = Heard::default();
    let all = Arc::clone(&kinds);
    runtime.spawn(async move {
        while let Ok((stream, _)) = listener.accept().await {
            tokio::spawn(route(stream, Arc::clone(&all)));
        }
    });
    let call = Running::start(&[&url, "/", "com.example.switch", "--realm", "a"]);
    heard(&kinds, "kind 48", 1);
    call.signal("INT");
    is(&call.end(SOON), 7, "the device may have executed it");
    heard(&kinds, "kind 6", 1);
}

#[test]
fn calls_in_a_bulk_may_all_have_been_executed() {
    let (address, peer) = parrot(|_| Vec::new());
    let place = directory(&[("calls.json", r#"[{"rid": "/", "method": "switch"}]"#)]);
    let file = text(place.path().join("calls.json"));
    let record = text(place.path().join("recording"));
    let url = format!("http://{address}");
    let call = Running::start(&[&url, "--bulk", &file, "--record", &record]);
    heard(&peer, "switch", 1);
    call.signal("INT");
    is(&call.end(SOON), 7, "what it answered is lost");
    let recording = std::fs::read_to_string(record).expect("a recording");
    assert!(recording.contains("given up"), "{recording}");
}

/// What has been answered is printed to a reader that does not read.
#[test]
fn printing_can_be_interrupted() {
    let (address, _) = parrot(|request| {
        let id = request.split("\"id\":").nth(1).unwrap_or_default();
        let id: String = id.chars().take_while(char::is_ascii_digit).collect();
        let long = "a".repeat(1 << 20);
        answer(&format!(
            r#"{{"jsonrpc":"2.0","id":{id},"result":{{"_ret_":"{long}"}}}}"#
        ))
    });
    let url = format!("http://{address}");
    let mut call = Running::start(&[&url, "/model/pdu/0", "getNameplate"]);
    // Something has been printed.
    let mut stdout = call.0.stdout.take().expect("stdout");
    stdout.read_exact(&mut [0]).expect("a byte");
    call.signal("INT");
    is(&call.end(Duration::from_secs(3)), 1, "");
    drop(stdout);
}
