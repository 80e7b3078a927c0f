//! RipEX2 radio modems.

use std::io::{BufRead as _, BufReader};
use std::net::TcpListener;
use std::process::{Child, Command, Stdio};
use std::time::Duration;

use serde_json::{Value, json};
use tokio::runtime::Runtime;
use xerus_rpc::ripex2::{Ripex2Server, Role, Serving};
use xerus_rpc::server::{Fault, Incoming, Reply, Router, Servant};
use xerus_rpc::{Json, TypeInfo};

use crate::careless::parrot;
use crate::simulated::Simulated;
use crate::support::{Done, command, finish, xerus};
use crate::{is, no_row_is_lost, repository, row, rows, verdicts};

const PASSWORD: &str = "mock-password";
/// How long a session lasts: a multiple of what a busy machine takes for a call.
const SESSION: u64 = 4;

fn text(value: Value) -> Json {
    value.to_string().parse().expect("JSON")
}

/// A unit of this library.
struct Unit {
    serving: Serving,
    _runtime: Runtime,
}

impl Unit {
    fn start() -> Self {
        let runtime = Runtime::new().expect("a runtime");
        let info = TypeInfo::new("acme.Unit:1.0.0".parse().expect("a wire id"), []);
        let unit = Servant::of_type(info, (), |(), call: &Incoming<'_>| match call.method() {
            "device_ping" => Ok(Reply::ok(()).void()),
            "device_info_get_public" => Ok(Reply::ok(text(json!({"product": "unit"}))).single()),
            "device_constants_get" => {
                Ok(Reply::ok(text(json!({"web_session_inact_timeout": SESSION}))).single())
            }
            _ => Err(Fault::method_not_found()),
        });
        let router = Router::new();
        router.insert("/unit", unit);
        let server = Ripex2Server::new(router)
            .user("admin", PASSWORD, Role::Admin)
            .session_time(Duration::from_secs(SESSION));
        let serving = runtime.block_on(server.bind("127.0.0.1:0"));
        Self {
            serving: serving.expect("a port"),
            _runtime: runtime,
        }
    }

    fn url(&self) -> String {
        format!("ripex2+{}", self.serving.url())
    }
}

pub(crate) fn test(url: &str, password: Option<&str>, options: &[&str]) -> Done {
    let mut command = command();
    command
        .env_remove("XERUS_USER")
        .env_remove("XERUS_PASSWORD");
    command
        .args(["conformance", url, "--output", "json"])
        .args(options);
    if let Some(password) = password {
        command
            .env("XERUS_PASSWORD", password)
            .args(["--user", "admin"]);
    }
    finish(&mut command)
}

#[test]
fn our_units_meet_every_row() {
    let unit = Unit::start();
    let all = ["--target", "10.1.1.1", "--wrong-login"];
    let done = test(&unit.url(), Some(PASSWORD), &all);
    let rows = rows(&done);
    let others: Vec<_> = rows
        .iter()
        .filter(|row| row["verdict"] != "meets")
        .collect();
    assert!(
        matches!(&others[..], [one] if one["row"] == "R7" && one["verdict"] == "not tried"),
        "{others:?}"
    );
    assert_eq!(done.code, Some(0), "{done:?}");
    assert_eq!(done.stderr, "1 of 40 rows were not tried\n");
    no_row_is_lost("ripex2", &rows);
}

#[test]
fn what_needs_a_user_is_not_tried_without_one() {
    let unit = Unit::start();
    let done = test(&unit.url(), None, &[]);
    let rows = rows(&done);
    assert_eq!(done.code, Some(0), "{done:?}");
    assert_eq!(verdicts(&rows), ["meets", "not tried"].into());
    for (case, why) in [
        ("a login", "--user"),
        ("logout twice", "--user"),
        ("a target that cannot be reached", "--target"),
        ("a login with a wrong password", "--wrong-login"),
    ] {
        let row = row(&rows, case);
        assert!(row["seen"].as_str().expect("a text").contains(why), "{row}");
    }
}

/// Who is refused and goes on may be locked out.
#[test]
fn a_password_that_is_refused_is_sent_once() {
    let (address, heard) = parrot(|request| {
        let answer = match request.contains("login.cgi") {
            true => "HTTP/1.1 400 Bad Request\r\nContent-Length: 0\r\n\r\n",
            false => "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}",
        };
        answer.as_bytes().to_vec()
    });
    let url = format!("ripex2+http://{address}");
    let done = test(&url, Some("s3cret"), &[]);
    is(
        &done,
        3,
        "",
        &["does not let admin in: HTTP status 400", "--user"],
    );
    assert!(!done.stderr.contains("s3cret"), "{done:?}");
    {
        let heard = heard.lock().expect("no panic");
        let logins = heard.iter().filter(|request| request.contains("login.cgi"));
        let logins: Vec<_> = logins.collect();
        assert!(
            matches!(&logins[..], [one] if one.contains("s3cret")),
            "{logins:?}"
        );
    }
    // What needs no session can be tried all the same.
    let done = test(&url, None, &[]);
    assert_eq!(done.code, Some(6), "{done:?}");
    let rows = rows(&done);
    let protected = row(&rows, "the same with an apikey that there is not");
    assert_eq!(
        (&protected["verdict"], &protected["seen"]),
        (&"differs".into(), &"no error, and no result".into())
    );
    let clock = row(&rows, "device.tstamp");
    assert_eq!(
        (&clock["verdict"], &clock["seen"]),
        (&"differs".into(), &"tstamp is null".into())
    );
}

#[test]
fn what_cannot_be_tested_is_said() {
    let nobody = TcpListener::bind("127.0.0.1:0").expect("a port");
    let url = format!("ripex2+http://{}", nobody.local_addr().expect("an address"));
    let done = test(&url, None, &["--timeout", "100ms"]);
    is(&done, 3, "", &["device_ping: no answer in time"]);
    drop(nobody);
    is(
        &test(&url, None, &[]),
        3,
        "",
        &["connection refused: check"],
    );
    let (address, _) = parrot(|_| b"SSH-2.0-x\r\n".to_vec());
    let done = test(&format!("ripex2+http://{address}"), None, &[]);
    is(&done, 3, "", &["no HTTP", "whether that is a RipEX2"]);
    is(&xerus(["conformance", "ripex2+ftp://a"]), 2, "", &["http"]);
    for (option, value) in [("--pin", "12"), ("--pin-key", "12"), ("--ca", "Cargo.toml")] {
        let done = test("ripex2+https://192.0.2.7", None, &[option, value]);
        let part = ["certificate", option][usize::from(option != "--ca")];
        is(&done, 2, "", &[part]);
    }
}

/// A unit whose certificate nobody knows.
#[test]
fn a_certificate_that_is_not_trusted_is_told_with_its_fingerprint() {
    let device = Simulated::start(&["--https"]);
    let url = format!("ripex2+{}", device.url);
    let print = device.fingerprint();
    let plain = print.replace(':', "").to_lowercase();
    is(&test(&url, None, &[]), 3, "", &[&plain, "--pin"]);
    // It is trusted, and then no unit.
    let pinned = test(&url, None, &["--pin", &print]);
    is(&pinned, 3, "", &["device_ping: HTTP status 404"]);
}

/// A unit that is not ours. It ends with its standard input.
struct Python(Child, String);

impl Python {
    fn start() -> Self {
        let program =
            std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("../tests/peers/ripex2/unit.py");
        let mut process = Command::new("python3")
            .arg(program)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .expect("python3");
        let stdout = BufReader::new(process.stdout.take().expect("stdout"));
        let port = stdout.lines().next().expect("a line").expect("UTF-8");
        Self(process, format!("ripex2+http://127.0.0.1:{port}"))
    }
}

impl Drop for Python {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

#[test]
fn a_unit_that_knows_less_is_told_apart() {
    if repository::is_missing() {
        return;
    }
    let unit = Python::start();
    let options = ["--method", "settings_get", "--target", "10.1.1.1"];
    let done = test(&unit.1, Some(PASSWORD), &options);
    assert_eq!(done.code, Some(6), "{done:?}");
    let rows = rows(&done);
    for (case, verdict, seen) in [
        (
            "device_ping without a session",
            "differs",
            "HTTP status 401",
        ),
        (
            "a method that needs a session, without an apikey",
            "meets",
            "HTTP status 401",
        ),
        (
            "a method that needs a session, with one",
            "meets",
            "a result",
        ),
        (
            "a body that is no JSON",
            "differs",
            "closed without an answer",
        ),
        ("GET in the place of POST", "meets", "HTTP status 501"),
        ("a login", "meets", "a token and a role"),
        ("logout twice", "meets", "200, then 400"),
    ] {
        let row = row(&rows, case);
        assert_eq!(
            (&row["verdict"], &row["seen"]),
            (&verdict.into(), &seen.into()),
            "{row}"
        );
    }
}
