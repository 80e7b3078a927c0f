//! Who is logged in at a radio modem, and who is not.

use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;
use std::time::Duration;

use crate::careless::parrot;
use crate::support::{command, finish};
use crate::unit::test;
use crate::{is, row, rows};

/// A session that nobody ends keeps others out where a unit has few of them.
#[test]
fn no_session_stays_open_whatever_is_answered() {
    static SESSIONS: AtomicUsize = AtomicUsize::new(0);
    let (address, heard) = parrot(|request| {
        let body = if request.contains("login.cgi") {
            let number = SESSIONS.fetch_add(1, Ordering::SeqCst);
            format!(r#"{{"token": "t{number}"}}"#)
        } else if request.contains("device_constants_get") {
            return Vec::new();
        } else {
            "{}".to_owned()
        };
        let length = body.len();
        format!("HTTP/1.1 200 OK\r\nContent-Length: {length}\r\n\r\n{body}").into_bytes()
    });
    let url = format!("ripex2+http://{address}");
    // It lets in whom nobody knows, too.
    let options = ["--timeout", "100ms", "--wrong-login"];
    let done = test(&url, Some("s3cret"), &options);
    assert_eq!(done.code, Some(6), "{done:?}");
    let heard = heard.lock().expect("no panic");
    let ends = heard
        .iter()
        .filter(|request| request.contains("logout.cgi"));
    let ends: Vec<_> = ends.map(|request| request.to_lowercase()).collect();
    let sessions = SESSIONS.load(Ordering::SeqCst);
    assert!(sessions > 2, "{sessions}");
    for number in 0..sessions {
        let token = format!("apikey: t{number}\r\n");
        assert!(
            ends.iter().any(|end| end.contains(&token)),
            "t{number}: {ends:?}"
        );
    }
}

/// It is that of other devices.
#[test]
fn the_user_of_the_variable_logs_in_nowhere() {
    let (address, heard) = parrot(|_| b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}".to_vec());
    let url = format!("ripex2+http://{address}");
    let mut command = command();
    command
        .env("XERUS_USER", "admin")
        .env("XERUS_PASSWORD", "s3cret")
        .args(["conformance", &url, "--timeout", "500ms"]);
    let done = finish(&mut command);
    assert_eq!(done.code, Some(6), "{done:?}");
    let heard = heard.lock().expect("no panic");
    let is_shown = |request: &String| request.contains("login.cgi") || request.contains("s3cret");
    assert!(
        !heard.is_empty() && !heard.iter().any(is_shown),
        "{heard:?}"
    );
}

/// A unit may be slow at logins on purpose, and what it opens then is a session like any other.
#[test]
fn a_login_has_a_time_of_its_own() {
    let (address, heard) = parrot(|request| {
        let body = if request.contains("login.cgi") {
            thread::sleep(Duration::from_secs(1));
            r#"{"token": "t1", "role": {"name": "admin", "permission": 1}}"#
        } else {
            "{}"
        };
        let length = body.len();
        format!("HTTP/1.1 200 OK\r\nContent-Length: {length}\r\n\r\n{body}").into_bytes()
    });
    let url = format!("ripex2+http://{address}");
    let options = ["--timeout", "300ms", "--wrong-login"];
    let done = test(&url, Some("s3cret"), &options);
    assert_eq!(done.code, Some(6), "{done:?}");
    let rows = rows(&done);
    let login = row(&rows, "a login");
    assert_eq!(login["verdict"], "meets", "{login}");
    let wrong = row(&rows, "a login with a wrong password");
    assert_eq!(wrong["seen"], "no error, and no result", "{wrong}");
    let heard = heard.lock().expect("no panic");
    let last = heard
        .iter()
        .rfind(|request| request.contains("cgi-bin/log"));
    let last = last.expect("a request about a session");
    assert!(last.contains("logout.cgi"), "{last}");
}

/// A wrong password is one reason among several, and the others are waited out.
#[test]
fn a_unit_that_is_busy_or_fails_is_not_said_to_refuse_the_password() {
    const BUSY: &str = "HTTP/1.1 503 Busy\r\nContent-Length: 0\r\n\r\n";
    const FAILED: &str = "HTTP/1.1 500 Failed\r\nContent-Length: 0\r\n\r\n";
    fn answer(request: &str, login: &str) -> Vec<u8> {
        let other = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}";
        let answer = match request.contains("login.cgi") {
            true => login,
            false => other,
        };
        answer.as_bytes().to_vec()
    }
    let busy = parrot(|request| answer(request, BUSY));
    let failed = parrot(|request| answer(request, FAILED));
    for ((address, heard), parts) in [
        (busy, ["nobody in for now: HTTP status 503", "try again"]),
        (failed, ["as it should: HTTP status 500", "is up"]),
    ] {
        let done = test(&format!("ripex2+http://{address}"), Some("s3cret"), &[]);
        is(&done, 3, "", &parts);
        assert!(done.stderr.contains("leave --user out"), "{done:?}");
        assert!(!done.stderr.contains("password"), "{done:?}");
        let heard = heard.lock().expect("no panic");
        let logins = heard.iter().filter(|request| request.contains("login.cgi"));
        assert_eq!(logins.count(), 1);
    }
}
