//! Servers of netstrings.

use std::io::{Read as _, Write as _};
use std::net::TcpListener;
use std::thread;

use xerus_rpc::netstring::NetstringServer;

use crate::careless;
use crate::support::{unread, xerus};
use crate::users::Users;
use crate::{is, no_row_is_lost, rows};

#[test]
fn our_servers_meet_every_row() {
    for server in [NetstringServer::new, NetstringServer::for_json_rpc] {
        let users = Users::start(server);
        let done = xerus(["conformance", &users.url(), "--output", "json"]);
        assert_eq!((done.code, done.stderr.as_str()), (Some(0), ""), "{done:?}");
        let rows = rows(&done);
        no_row_is_lost("netstring", &rows);
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
    let test = ["conformance", &url, "--timeout", "200ms"];
    let done = xerus(test);
    assert!(done.stdout.starts_with("ROW"), "{done:?}");
    let done = unread(test);
    assert_eq!(done.code, Some(6), "nobody reads the list: {done:?}");
}

#[test]
fn what_cannot_be_tested_is_said() {
    let nobody = TcpListener::bind("127.0.0.1:0").expect("a port");
    let address = nobody.local_addr().expect("an address");
    let url = format!("netstring://{address}");
    let done = xerus(["conformance", &url, "--timeout", "100ms"]);
    is(&done, 3, "", &["did not answer", "--timeout"]);
    drop(nobody);
    let done = xerus(["conformance", &url]);
    is(&done, 3, "", &["connection refused: check"]);
    assert!(!done.stderr.contains("--timeout"), "{done:?}");
    let done = xerus(["conformance", "netstring://nobody.invalid:1"]);
    is(&done, 3, "", &["nobody.invalid:1: "]);
    assert!(!done.stderr.contains("did not answer"), "{done:?}");
    let done = xerus(["conformance", "netstring://localhost"]);
    is(&done, 2, "", &["port", "netstring://HOST:PORT"]);
    let (address, _) = careless::parrot(|_| b"220 ready\r\n".to_vec());
    let done = xerus(["conformance", &format!("netstring://{address}")]);
    is(&done, 3, "", &["bytes that are no frame of JSON"]);
    let done = xerus(["conformance", &url, "--params", "7"]);
    is(&done, 2, "", &["--params", "object or list"]);
    for several in ["netstring://a:1,b:2", "netstring+srv://_rpc._tcp.example"] {
        let done = xerus(["conformance", several]);
        is(&done, 2, "", &["one server"]);
    }
}
