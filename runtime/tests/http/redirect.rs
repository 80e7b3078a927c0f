//! Redirects: never followed, save the one permitted step.

use crate::certificates::Authority;
use crate::support::{Answer, GET_STATE, SET_STATE, Server, failure, http, success};
use xerus_rpc::error::{ErrorKind, RedirectReason};

fn redirect(status: u16, location: &str) -> Answer {
    Answer::Keep(http(status, &format!("Location: {location}\r\n"), ""))
}

fn reason(error: &xerus_rpc::Error) -> RedirectReason {
    match error.kind() {
        ErrorKind::Redirect(redirect) => redirect.reason,
        _ => panic!("no redirect: {error:?}"),
    }
}

#[tokio::test]
async fn other_hosts_never_see_the_credentials() {
    let stranger = Server::http(|seen| seen.answer("{}")).await;
    for status in [301, 302, 303, 307, 308] {
        for host in ["localhost", "127.0.0.1"] {
            let location = format!("http://{host}:{}/model/pdu/0", stranger.address.port());
            let target = location.clone();
            let server = Server::http(move |_| redirect(status, &target)).await;
            let agent = server
                .agent()
                .basic_auth("admin", "hunter2")
                .upgrade_redirects(true);
            let error = failure(&agent.build_transport().expect("valid"), &GET_STATE).await;
            assert_eq!(
                reason(&error),
                RedirectReason::CrossHost,
                "{status} {location}"
            );
            let shown = format!("{error}");
            assert!(
                shown.contains(&server.url()) && shown.contains(host),
                "both origins are named: {shown}"
            );
            assert_eq!((server.requests(), error.http_status()), (1, Some(status)));
        }
    }
    assert_eq!(stranger.connections(), 0);
}

#[tokio::test]
async fn strange_locations_leave_the_agent_usable() {
    let long = format!("http://x/{}", "y".repeat(60_000));
    for (location, expected) in [
        ("", RedirectReason::MissingLocation),
        ("/login", RedirectReason::NotRpc),
        ("/model/pdu/0", RedirectReason::Loop),
        ("//other.example/x", RedirectReason::CrossHost),
        ("ftp://127.0.0.1/x", RedirectReason::InvalidLocation),
        ("file:///etc/passwd", RedirectReason::InvalidLocation),
        ("data:text/plain,x", RedirectReason::InvalidLocation),
        (
            "http://admin:hunter2@127.0.0.1/",
            RedirectReason::InvalidLocation,
        ),
        ("\u{fffd}\u{fffd}:", RedirectReason::NotRpc),
        (&long, RedirectReason::InvalidLocation),
    ] {
        let target = location.to_owned();
        let server = Server::http(move |seen| match seen.number {
            0 => redirect(307, &target),
            _ => seen.answer("{}"),
        })
        .await;
        let transport = server
            .agent()
            .upgrade_redirects(true)
            .build_transport()
            .expect("valid");
        let error = failure(&transport, &GET_STATE).await;
        assert_eq!(reason(&error), expected, "{location}");
        assert!(
            !format!("{error} {error:?}").contains("hunter2"),
            "{error:?}"
        );
        success(&transport, &GET_STATE).await;
    }
    let server = Server::http(|_| Answer::Keep(http(307, "", ""))).await;
    assert_eq!(
        reason(&failure(&server.transport(), &GET_STATE).await),
        RedirectReason::MissingLocation
    );
}

#[tokio::test]
async fn the_step_to_https_repeats_the_call_and_is_remembered() {
    let authority = Authority::new();
    let secure = Server::https(authority.server(&["127.0.0.1"]), |seen| seen.answer("{}")).await;
    for status in [302, 307] {
        let target = format!("https://127.0.0.1:{}/elsewhere", secure.address.port());
        let plain = Server::http(move |_| redirect(status, &target)).await;
        let agent = || plain.agent().root_certificate_pem(authority.pem());

        let error = failure(&agent().build_transport().expect("valid"), &SET_STATE).await;
        assert_eq!(
            reason(&error),
            RedirectReason::CrossHost,
            "another port needs permission"
        );

        let before = secure.requests();
        let agent = agent()
            .upgrade_redirects_to_port(secure.address.port())
            .build_transport()
            .expect("valid");
        success(&agent, &SET_STATE).await;
        success(&agent, &SET_STATE).await;
        assert_eq!(
            plain.requests(),
            2,
            "the second call went straight to https"
        );
        let seen = secure.seen().split_off(before);
        assert_eq!(seen.len(), 2);
        assert!(
            seen[0].line().starts_with("POST /model/pdu/0 "),
            "{}",
            seen[0].line()
        );
        assert_eq!(seen[0].json()["method"], "setPowerState");
    }
}

#[tokio::test]
async fn one_step_is_the_most() {
    let authority = Authority::new();
    let config = authority.server(&["127.0.0.1"]);
    let back = Server::https(config, |_| redirect(307, "http://127.0.0.1:1/model/pdu/0")).await;
    let target = format!("https://127.0.0.1:{}/", back.address.port());
    let plain = Server::http(move |_| redirect(307, &target)).await;
    let agent = plain
        .agent()
        .root_certificate_pem(authority.pem())
        .upgrade_redirects_to_port(back.address.port())
        .build_transport()
        .expect("valid");
    assert_eq!(
        reason(&failure(&agent, &GET_STATE).await),
        RedirectReason::Downgrade
    );
    assert_eq!((plain.requests(), back.requests()), (1, 1));
}
