//! Who is logged in at a radio modem, and who is not.

use std::sync::atomic::{AtomicUsize, Ordering};

use crate::careless::parrot;
use crate::support::{command, finish};
use crate::unit::test;

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
    let done = test(&url, Some("s3cret"), &["--timeout", "100ms"]);
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
