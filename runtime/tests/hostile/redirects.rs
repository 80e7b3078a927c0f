//! Redirects: where they lead is told, and nothing goes there.

use std::time::Duration;

use xerus_rpc::Outcome;
use xerus_rpc::error::{ErrorKind, RedirectReason};

use crate::device::{Asked, Device, Scheme, Step, get, http, in_time, raw, switch};

fn redirect(status: u16, location: &str) -> Vec<Step> {
    raw(http(status, &format!("Location: {location}\r\n"), ""))
}

/// A redirect comes instead of the execution, save the one that says where to look for its result.
fn outcome(status: u16) -> Outcome {
    match status {
        303 => Outcome::Unknown,
        _ => Outcome::NotExecuted,
    }
}

/// A device that redirects switching calls, and an agent of it with every permission but for a port.
async fn reason(status: u16, headers: String, permitted: Option<u16>) -> (RedirectReason, String) {
    let device = Device::http(move |asked: &Asked| match asked.method().as_str() {
        "getState" => asked.returns("\"well\""),
        _ => raw(http(status, &headers, "")),
    })
    .await;
    let agent = device
        .agent()
        .basic_auth("admin", "hunter2")
        .upgrade_redirects(true);
    let agent = match permitted {
        Some(port) => agent.upgrade_redirects_to_port(port),
        None => agent,
    };
    let agent = agent.build().expect("valid");
    let error = switch(&agent).await.expect_err("refused");
    assert_eq!(error.outcome(), outcome(status), "{error:?}");
    assert_eq!(error.http_status(), Some(status));
    assert_eq!(device.requests(), 1, "nothing is repeated");
    let shown = format!("{error} {error:?}");
    assert!(
        !shown.contains("hunter2") && shown.len() < 4000,
        "{shown:.200}"
    );
    // The agent still is what it was.
    get(&agent).await.expect("usable");
    let ErrorKind::Redirect(redirect) = error.kind() else {
        panic!("{error:?}")
    };
    (redirect.reason, shown)
}

#[tokio::test]
async fn no_other_host_port_or_scheme_sees_a_request() {
    use RedirectReason::{CrossHost, InvalidLocation};
    let stranger = Device::http(|asked: &Asked| asked.returns("1")).await;
    let port = stranger.address.port();
    for status in [301, 302, 303, 307, 308] {
        for (location, expected) in [
            (format!("http://127.0.0.1:{port}/model/pdu/0"), CrossHost),
            (format!("http://localhost:{port}/model/pdu/0"), CrossHost),
            (format!("//localhost:{port}/x"), CrossHost),
            (format!("//127.0.0.1:{port}/x"), CrossHost),
            (
                format!("http://admin:hunter2@127.0.0.1:{port}/"),
                InvalidLocation,
            ),
            (format!("http://admin@127.0.0.1:{port}/"), InvalidLocation),
            (format!("https://admin@127.0.0.1:{port}/"), InvalidLocation),
            (format!("ftp://127.0.0.1:{port}/"), InvalidLocation),
            ("file:///etc/passwd".into(), InvalidLocation),
            ("data:application/json,{}".into(), InvalidLocation),
            ("javascript:alert(1)".into(), InvalidLocation),
            ("http://[::1".into(), InvalidLocation),
        ] {
            let headers = format!("Location: {location}\r\n");
            let (reason, _) = reason(status, headers, None).await;
            assert_eq!(reason, expected, "{status} {location}");
        }
    }
    assert_eq!(stranger.connections(), 0);
}

#[tokio::test]
async fn redirects_without_an_address_leave_the_agent_as_it_was() {
    use RedirectReason::{InvalidLocation, MissingLocation, NotRpc};
    for status in [302, 307] {
        let long = format!("Location: http://127.0.0.1/{}\r\n", "x".repeat(60_000));
        for (headers, expected) in [
            (String::new(), MissingLocation),
            ("Location:\r\n".into(), MissingLocation),
            ("Location:   \r\n".into(), MissingLocation),
            ("Location: /login\r\n".into(), NotRpc),
            ("Location: login?next=%2F\r\n".into(), NotRpc),
            (long, InvalidLocation),
        ] {
            let what = format!("{headers:.60}");
            assert_eq!(reason(status, headers, None).await.0, expected, "{what}");
        }
    }
}

#[tokio::test]
async fn an_address_of_a_megabyte_is_cut_off_with_its_head() {
    let result = crate::verdict::answered(|_: &Asked| {
        redirect(307, &format!("http://127.0.0.1/{}", "x".repeat(1 << 20)))
    })
    .await;
    let error = result.expect_err("too long");
    assert!(
        matches!(
            error.code(),
            "HttpProtocol.Framing" | "Redirect.InvalidLocation"
        ),
        "{error:?}"
    );
}

#[tokio::test]
async fn line_ends_in_an_address_begin_another_header_and_no_request() {
    let (reason, shown) = reason(307, "Location: /a\r\nX-Injected: /b\r\n".into(), None).await;
    assert_eq!(reason, RedirectReason::NotRpc);
    assert!(!shown.contains("/b"), "{shown}");
}

#[tokio::test]
async fn a_loop_ends_with_the_first_step() {
    let device = Device::http(|asked: &Asked| redirect(307, asked.rid())).await;
    let agent = device
        .agent()
        .upgrade_redirects(true)
        .build()
        .expect("valid");
    for requests in 1..4 {
        let error = switch(&agent).await.expect_err("a loop");
        assert_eq!(
            (error.code(), error.outcome()),
            ("Redirect.Loop", Outcome::NotExecuted)
        );
        assert_eq!(device.requests(), requests);
    }
}

#[tokio::test]
async fn many_steps_end_with_the_one_that_is_permitted() {
    // http -> https -> the same address again, for ever.
    let secure = Device::start(Scheme::Https, |asked: &Asked| {
        redirect(307, &format!("https://127.0.0.1/{}", asked.number))
    })
    .await;
    let port = secure.address.port();
    let plain =
        Device::http(move |_: &Asked| redirect(307, &format!("https://127.0.0.1:{port}/"))).await;
    let agent = plain
        .agent()
        .danger_accept_invalid_certs()
        .upgrade_redirects_to_port(port);
    let agent = agent.build().expect("valid");
    let error = switch(&agent).await.expect_err("no end");
    assert!(error.code().starts_with("Redirect."), "{error:?}");
    assert_eq!(error.outcome(), Outcome::NotExecuted);
    assert_eq!((plain.requests(), secure.requests()), (1, 1));
}

#[tokio::test]
async fn only_the_permitted_port_is_followed() {
    let secure = Device::start(Scheme::Https, |asked: &Asked| asked.returns("1")).await;
    let port = secure.address.port();
    let location = format!("Location: https://127.0.0.1:{port}/model/pdu/0\r\n");
    let other = if port == 40_000 { 40_001 } else { 40_000 };
    for permitted in [None, Some(other), Some(443)] {
        let (reason, _) = reason(307, location.clone(), permitted).await;
        assert_eq!(reason, RedirectReason::CrossHost, "{permitted:?}");
    }
    assert_eq!(secure.connections(), 0);
}

#[tokio::test]
async fn see_other_asks_for_something_that_is_no_call() {
    let secure = Device::start(Scheme::Https, |asked: &Asked| asked.returns("1")).await;
    let port = secure.address.port();
    let location = format!("Location: https://127.0.0.1:{port}/model/pdu/0\r\n");
    for status in [303, 301, 302, 307, 308] {
        let plain = {
            let location = location.clone();
            Device::http(move |_: &Asked| raw(http(status, &location, ""))).await
        };
        let agent = plain
            .agent()
            .danger_accept_invalid_certs()
            .upgrade_redirects_to_port(port);
        let result = switch(&agent.build().expect("valid")).await;
        if status == 303 {
            let error = result.expect_err("303");
            assert_eq!(
                (error.code(), error.outcome()),
                ("Redirect.NotRpc", Outcome::Unknown)
            );
            assert_eq!(secure.connections(), 0);
        } else {
            result.unwrap_or_else(|error| panic!("{status}: {error:?}"));
        }
    }
    let asked = secure.asked();
    assert_eq!(asked.len(), 4);
    assert!(
        asked
            .iter()
            .all(|asked| asked.head.starts_with("POST /model/pdu/0 "))
    );
}

#[tokio::test]
async fn without_permission_nothing_is_followed() {
    let secure = Device::start(Scheme::Https, |asked: &Asked| asked.returns("1")).await;
    let port = secure.address.port();
    let plain =
        Device::http(move |_: &Asked| redirect(307, &format!("https://127.0.0.1:{port}/"))).await;
    let agent = plain
        .agent()
        .danger_accept_invalid_certs()
        .build()
        .expect("valid");
    let error = switch(&agent).await.expect_err("not permitted");
    assert!(error.code().starts_with("Redirect."), "{error:?}");
    assert_eq!(
        (error.outcome(), secure.connections()),
        (Outcome::NotExecuted, 0)
    );
}

#[tokio::test]
async fn what_waited_while_the_agent_moved_to_https_goes_there_at_once() {
    let secure = Device::start(Scheme::Https, |asked: &Asked| {
        if asked.head.starts_with("GET ") {
            raw(http(200, "", "file"))
        } else {
            asked.returns("1")
        }
    })
    .await;
    let port = secure.address.port();
    for files in [false, true] {
        let plain = Device::http(move |_: &Asked| {
            let mut steps = vec![Step::Wait(Duration::from_millis(200))];
            steps.extend(redirect(307, &format!("https://127.0.0.1:{port}/")));
            steps
        })
        .await;
        let agent = plain
            .agent()
            .basic_auth("admin", "hunter2")
            .danger_accept_invalid_certs()
            .upgrade_redirects_to_port(port)
            .build()
            .expect("valid");
        let calls = (0..5).map(|_| async {
            if files {
                let file = in_time(agent.download("/x")).await.expect("a file");
                assert_eq!(in_time(file.bytes()).await.expect("its bytes"), "file");
            } else {
                switch(&agent).await.expect("an answer");
            }
        });
        futures_util::future::join_all(calls).await;
        // Only the first shows the password to the network.
        assert_eq!(plain.requests(), 1, "files: {files}");
    }
    assert_eq!(secure.requests(), 10);
}
