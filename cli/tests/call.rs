//! `xerus call` against `xerus simulate`: the first contact with a device, exit codes, many calls at once.

#[path = "support/simulated.rs"]
mod simulated;
mod support;

use std::io::{Read as _, Write as _};
use std::net::TcpListener;
use std::process::{Command, Stdio};
use std::thread;

use serde_json::{Value, json};
use simulated::{Simulated, call};
use support::{Done, directory, finish, text, xerus};

const OUTLET: &str = "/model/pdu/0/outlet/0";

fn is(done: &Done, code: i32, parts: &[&str]) {
    assert_eq!(done.code, Some(code), "{done:?}");
    for part in parts {
        assert!(done.stderr.contains(part), "{part} is not in {done:?}");
    }
    assert!(code == 0 || done.stdout.is_empty(), "{done:?}");
}

/// Runs with a text on stdin.
fn fed(command: &mut Command, input: &str) -> Done {
    let pipes = command
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped());
    let mut child = pipes.spawn().expect("the binary runs");
    let mut stdin = child.stdin.take().expect("stdin");
    stdin.write_all(input.as_bytes()).expect("input taken");
    drop(stdin);
    let output = child.wait_with_output().expect("the binary ends");
    Done {
        code: output.status.code(),
        stdout: String::from_utf8(output.stdout).expect("UTF-8"),
        stderr: String::from_utf8(output.stderr).expect("UTF-8"),
    }
}

/// Every refusal says how to go on, up to an outlet that was switched.
#[test]
fn the_first_contact_with_a_factory_device() {
    let device = Simulated::start(&["--https", "--factory"]);
    let print = device.fingerprint();
    let print = print.as_str();
    assert_eq!(print.len(), 64, "{print}");

    let get_state = [OUTLET, "getState"];
    let done = finish(device.call().args(get_state));
    is(
        &done,
        3,
        &["unknown issuer", "--ca FILE", &format!("--pin {print}")],
    );

    let wrong = "00".repeat(32);
    let done = finish(device.call().args(get_state).args(["--pin", &wrong]));
    is(
        &done,
        3,
        &["not the pinned one", &wrong, &format!("--pin {print}")],
    );

    let pinned = || {
        let mut command = device.call();
        command.args(["--pin", print]);
        command
    };
    let done = finish(pinned().args(get_state));
    is(&done, 4, &["login needed (401)", "--user NAME"]);

    let as_admin = |password: &str| {
        let mut command = pinned();
        command
            .args(["--user", "admin"])
            .env("XERUS_PASSWORD", password);
        command
    };
    let done = finish(as_admin("legrand").args(get_state));
    let way_out = "/auth/user/admin setAccountPassword - --user admin";
    is(&done, 4, &["must be changed first (451)", way_out]);

    let change = ["/auth/user/admin", "setAccountPassword", "-"];
    let done = fed(as_admin("legrand").args(change), r#"{"password":"short"}"#);
    assert_eq!(done.stdout, "{\"_ret_\":3}\n", "ERR_PASSWORD_TOO_SHORT");
    let done = fed(
        as_admin("legrand").args(change),
        r#"{"password":"a new one"}"#,
    );
    is(&done, 0, &[]);
    assert_eq!(done.stdout, "{\"_ret_\":0}\n");

    is(
        &finish(as_admin("legrand").args(get_state)),
        4,
        &["login refused (401)"],
    );
    let done = finish(as_admin("a new one").args([OUTLET, "setPowerState", r#"{"pstate":0}"#]));
    is(&done, 0, &[]);
    // The password may stand in a file as well, and so may parameters.
    let files = directory(&[("password", "a new one\n"), ("none.json", "{}")]);
    let password = text(files.path().join("password"));
    let params = format!("@{}", text(files.path().join("none.json")));
    let done = finish(pinned().args(get_state).args([
        &params,
        "--user",
        "admin",
        "--password-file",
        &password,
    ]));
    is(&done, 0, &[]);
    let state: Value = serde_json::from_str(&done.stdout).expect("JSON");
    assert_eq!(state["_ret_"]["powerState"], 0, "{state}");
}

#[test]
fn certificates_can_be_trusted_in_other_ways() {
    let device = Simulated::start(&["--https"]);
    let get = ["/firmware", "getVersion"];
    for name in ["--danger-accept-invalid-certs", "--insecure"] {
        let done = finish(device.call().args(get).arg(name));
        is(&done, 0, &["warning: every certificate is accepted"]);
        assert_eq!(done.stdout, "{\"_ret_\":\"4.4.1.5-53217\"}\n");
    }
    let done = finish(device.call().args(get).args(["--ca", "Cargo.toml"]));
    is(&done, 2, &["no certificate in the PEM text"]);
    let both = ["--pin", &device.fingerprint(), "--insecure"];
    is(&finish(device.call().args(get).args(both)), 2, &["--pin"]);
}

#[test]
fn many_calls_go_together_and_each_has_its_result() {
    let device = Simulated::start(&["--user", "admin", "--password", "pass"]);
    let calls = json!([
        {"rid": "/firmware", "method": "getVersion"},
        {"rid": "/nowhere", "method": "getVersion"},
        {"rid": OUTLET, "method": "setPowerState", "params": {"pstate": 1}},
    ]);
    let bulk = |calls: &Value| {
        let mut command = device.call();
        command
            .args(["--user", "admin", "--bulk", "-"])
            .env("XERUS_PASSWORD", "pass");
        fed(&mut command, &calls.to_string())
    };
    let done = bulk(&calls);
    assert_eq!(done.code, Some(4), "{done:?}");
    let results: Value = serde_json::from_str(&done.stdout).expect("JSON");
    assert_eq!(results[0], json!({"result": {"_ret_": "4.4.1.5-53217"}}));
    assert_eq!(results[1]["error"]["code"], "SubHttpStatus", "{results}");
    assert_eq!(results[2], json!({"result": {"_ret_": 0}}));
    assert_eq!(results.as_array().map(Vec::len), Some(3));

    let done = bulk(&json!([calls[0]]));
    assert_eq!(
        (done.code, done.stdout.as_str()),
        (
            Some(0),
            "[\n{\"result\":{\"_ret_\":\"4.4.1.5-53217\"}}\n]\n"
        )
    );
    for (wrong, complaint) in [
        (json!({}), "no list of calls (line 1, column 0)"),
        (json!([{"rid": "/a"}]), "call 1 has no method"),
        (
            json!([{"rid": "/a", "method": "b", "parms": {}}]),
            "a member parms, which is unknown",
        ),
    ] {
        is(&bulk(&wrong), 2, &[complaint]);
    }
}

/// The answer is printed, and the exit code does not claim that something was done.
#[test]
fn a_return_code_that_refuses_is_no_success() {
    let device = Simulated::start(&[]);
    let gone = json!({"username": "nobody"}).to_string();
    let refused = ["/auth/user", "deleteAccount", gone.as_str()];
    let done = finish(device.call().args(refused));
    assert_eq!(done.code, Some(4), "{done:?}");
    assert_eq!(done.stdout, "{\"_ret_\":1}\n");
    assert_eq!(
        done.stderr,
        "error: the device refused: it returned code 1 (ERR_USER_DOESNT_EXIST) (deleteAccount on /auth/user)\n"
    );

    // A number that is no return code is a value.
    let tripped = ["/model/pdu/0", "getStatistic"];
    assert_eq!(finish(device.call().args(tripped)).code, Some(0));

    let calls = json!([
        {"rid": "/firmware", "method": "getVersion"},
        {"rid": "/auth/user", "method": "deleteAccount", "params": {"username": "nobody"}},
        {"rid": "/nowhere", "method": "getVersion"},
    ]);
    let done = fed(device.call().args(["--bulk", "-"]), &calls.to_string());
    assert_eq!(done.code, Some(4), "{done:?}");
    assert!(
        done.stdout.contains("{\"result\":{\"_ret_\":1}}"),
        "{done:?}"
    );
    assert_eq!(
        done.stderr,
        "error: call 2: the device refused: it returned code 1 (ERR_USER_DOESNT_EXIST) (deleteAccount on /auth/user)\n"
    );
}

#[test]
fn exit_codes_tell_what_went_wrong() {
    let device = Simulated::start(&[]);
    let url = device.url.as_str();
    for (arguments, code, part) in [
        (
            vec!["/nowhere", "getVersion"],
            4,
            "no object with this resource id (404)",
        ),
        (vec!["/firmware", "frobnicate"], 4, "-32601"),
        (
            vec!["/firmware", "getVersion", "{"],
            2,
            "the parameters are no JSON",
        ),
        (vec!["/firmware", "getVersion", "[]"], 2, "a JSON object"),
        (vec!["/firmware", "getVersion", "@/absent"], 1, "/absent"),
        (vec!["/firmware", "getVersion", "--pin", "12"], 2, "64"),
        (
            vec!["/firmware", "getVersion", "--timeout", "0"],
            2,
            "expected seconds",
        ),
        (vec!["/firmware", "getVersion", "--bulk", "x"], 2, "--bulk"),
        (vec!["/firmware"], 2, "<METHOD>"),
        (vec![], 2, "<RID>"),
    ] {
        let done = finish(call(url).args(&arguments));
        is(&done, code, &[part]);
    }
    for url in ["pdu.example.com", "https://admin:secret@pdu.example.com"] {
        let done = finish(call(url).args(["/firmware", "getVersion"]));
        is(&done, 2, &["bad device URL"]);
        assert!(!done.stderr.contains("secret"), "{done:?}");
    }
    let free = TcpListener::bind("127.0.0.1:0").expect("a port");
    let gone = format!("http://{}", free.local_addr().expect("an address"));
    drop(free);
    let done = finish(call(&gone).args(["/firmware", "getVersion"]));
    is(&done, 3, &["connection refused"]);
}

#[test]
fn an_answer_that_cannot_be_read_has_a_code_of_its_own() {
    let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
    let url = format!("http://{}", listener.local_addr().expect("an address"));
    let device = thread::spawn(move || {
        let (mut stream, _) = listener.accept().expect("a connection");
        let mut request = [0; 4096];
        let read = stream.read(&mut request).expect("a request");
        stream
            .write_all(b"HTTP/1.1 200 OK\r\nContent-Length: 7\r\n\r\nwelcome")
            .expect("sent");
        read
    });
    let done = finish(call(&url).args(["/firmware", "getVersion"]));
    is(&done, 5, &["/firmware"]);
    assert!(device.join().expect("the device") > 0);
}

/// Nobody can be asked where there is no terminal; the test has none.
#[cfg(target_os = "linux")]
#[test]
fn a_password_that_is_nowhere_is_a_mistake_of_the_command_line() {
    let mut command = Command::new("setsid");
    command
        .arg("--wait")
        .arg(env!("CARGO_BIN_EXE_xerus"))
        .args(["call", "http://192.0.2.1", "/firmware", "getVersion"])
        .args(["--user", "admin"])
        .env_remove("XERUS_PASSWORD")
        .stdin(Stdio::null());
    is(
        &finish(&mut command),
        2,
        &["XERUS_PASSWORD", "--password-file"],
    );
}

#[test]
fn what_a_simulated_device_cannot_be_is_said() {
    let done = xerus(["simulate", "--listen", "nowhere"]);
    is(&done, 1, &["cannot listen on nowhere"]);
    let done = xerus(["simulate", "--factory", "--user", "a"]);
    is(&done, 2, &["--factory"]);
    for without_user in [&["--factory"] as &[&str], &[]] {
        let words = ["simulate", "--password", "x"].iter().chain(without_user);
        let done = xerus(words);
        is(&done, 1, &["--password is that of --user"]);
    }
    let done = xerus(["simulate", "--outlets", "501"]);
    is(&done, 2, &["501"]);
    let done = xerus(["simulate", "--fault", "explode"]);
    is(
        &done,
        2,
        &["no fault \"explode\"", "close-unanswered", "rid=PREFIX*"],
    );
}

#[test]
fn a_device_misbehaves_as_it_is_told() {
    let device = Simulated::start(&["--fault", "status=503,rid=/firmware,times=1"]);
    // It may have been executed before something broke.
    for code in [7, 0] {
        let done = finish(device.call().args(["/firmware", "getVersion"]));
        is(&done, code, &[]);
    }
}

#[test]
fn the_help_has_examples() {
    for (name, parts) in [
        (
            "call",
            ["xerus call https://", "--pin", "--bulk", "Exit codes: 0"].as_slice(),
        ),
        ("simulate", &["xerus simulate --https", "--factory"]),
    ] {
        let done = xerus([name, "--help"]);
        assert_eq!(done.code, Some(0));
        for part in parts {
            assert!(done.stdout.contains(part), "{part}: {}", done.stdout);
        }
    }
}
