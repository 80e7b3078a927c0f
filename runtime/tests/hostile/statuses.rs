//! Statuses other than 200: what each says of the execution, and that none is obeyed blindly.

use std::time::{Duration, Instant};

use xerus_rpc::error::ErrorKind;
use xerus_rpc::{Json, Outcome};

use crate::device::{Asked, BOTH, Conduct, Device, Greeting, Step, http, in_time, raw, switch};
use crate::verdict::{Faults, answered_on};

#[tokio::test]
async fn each_status_has_its_kind_and_says_what_it_can() {
    let mut faults = Faults::default();
    for scheme in BOTH {
        for (status, code, outcome) in [
            (201, "HttpStatus.Unexpected", Outcome::Unknown),
            (202, "HttpStatus.Unexpected", Outcome::Unknown),
            (206, "HttpStatus.Unexpected", Outcome::Unknown),
            (226, "HttpStatus.Unexpected", Outcome::Unknown),
            (300, "HttpStatus.Unexpected", Outcome::Unknown),
            (305, "HttpStatus.Unexpected", Outcome::Unknown),
            (400, "HttpStatus.Client", Outcome::NotExecuted),
            (401, "Auth.Unauthorized", Outcome::NotExecuted),
            (403, "Auth.Forbidden", Outcome::NotExecuted),
            (404, "HttpStatus.NotFound", Outcome::NotExecuted),
            (405, "HttpStatus.Client", Outcome::NotExecuted),
            (408, "HttpStatus.RequestTimeout", Outcome::NotExecuted),
            (413, "HttpStatus.Client", Outcome::NotExecuted),
            (429, "HttpStatus.Client", Outcome::NotExecuted),
            (451, "Auth.PasswordChangeRequired", Outcome::NotExecuted),
            (500, "HttpStatus.Server", Outcome::Unknown),
            (502, "HttpStatus.Server", Outcome::Unknown),
            (503, "HttpStatus.Server", Outcome::Unknown),
            (599, "HttpStatus.Server", Outcome::Unknown),
            (600, "HttpStatus.Unexpected", Outcome::Unknown),
            (999, "HttpStatus.Unexpected", Outcome::Unknown),
        ] {
            // A well-formed answer in the body makes none of them an answer.
            let result = answered_on(
                scheme,
                |agent| agent,
                move |asked: &Asked| raw(http(status, "", asked.document(r#"{"_ret_":0}"#))),
            )
            .await;
            faults.expect((scheme, status), result, (code, outcome));
        }
        // These have no body, whatever is declared.
        for status in [204, 304] {
            for headers in [
                "",
                "Content-Length: 45\r\n",
                "Transfer-Encoding: chunked\r\n",
            ] {
                let result = answered_on(
                    scheme,
                    |agent| agent,
                    move |_: &Asked| raw(format!("HTTP/1.1 {status} X\r\n{headers}\r\n")),
                )
                .await;
                let expected = ("HttpStatus.Unexpected", Outcome::Unknown);
                faults.expect((scheme, status, headers), result, expected);
            }
        }
    }
    faults.assert_none();
}

#[tokio::test]
async fn refusals_without_end_are_one_request_each() {
    for status in [401, 403, 451, 500, 503] {
        let device =
            Device::http(move |_: &Asked| raw(http(status, "Retry-After: 315360000\r\n", "")))
                .await;
        let agent = device
            .agent()
            .basic_auth("admin", "hunter2")
            .build()
            .expect("valid");
        let start = Instant::now();
        for requests in 1..4 {
            let error = switch(&agent).await.expect_err("refused");
            assert_eq!(error.http_status(), Some(status));
            assert_eq!(device.requests(), requests);
            if let ErrorKind::HttpStatus(told) = error.kind() {
                assert_eq!(
                    told.retry_after,
                    Some(Duration::from_secs(86_400)),
                    "told, cut to a day"
                );
            }
            assert!(!format!("{error} {error:?}").contains("hunter2"));
        }
        assert!(start.elapsed() < Duration::from_secs(5), "and not obeyed");
    }
}

#[tokio::test]
async fn times_to_wait_that_are_none_are_left_out() {
    for value in [
        "-1",
        "soon",
        "",
        "1e9",
        "99999999999999999999",
        "Wed, 21 Oct 2065 07:28:00 GMT",
    ] {
        let device =
            Device::http(move |_: &Asked| raw(http(503, &format!("Retry-After: {value}\r\n"), "")))
                .await;
        let agent = device.agent().build().expect("valid");
        let error = switch(&agent).await.expect_err("busy");
        let ErrorKind::HttpStatus(told) = error.kind() else {
            panic!("{error:?}")
        };
        assert_eq!(told.retry_after, None, "{value}");
    }
}

#[tokio::test]
async fn pages_of_errors_are_quoted_in_one_short_line() {
    let pages = [
        "<html><script>alert(1)</script><h1>Busy</h1>\r\n<p>later</html>".to_owned(),
        "\u{1b}[31mred\u{7}\0".repeat(5000),
        "\u{202e}\u{200b}".repeat(20_000),
        "<".repeat(60_000),
        "<a".repeat(30_000),
    ];
    for page in pages {
        let device = Device::http(move |_: &Asked| raw(http(500, "", &page))).await;
        let agent = device.agent().build().expect("valid");
        let error = switch(&agent).await.expect_err("broken");
        let line = error.to_string();
        assert!(
            line.len() < 2000 && !line.chars().any(char::is_control),
            "{line:?}"
        );
        let ErrorKind::HttpStatus(told) = error.kind() else {
            panic!("{error:?}")
        };
        assert!(told.excerpt.len() <= 512, "{}", told.excerpt.len());
    }
}

#[tokio::test]
async fn a_refusal_whose_page_is_cut_is_still_the_refusal() {
    for scheme in BOTH {
        for end in [Step::Close, Step::Fin, Step::Reset] {
            for head in [
                "Content-Length: 1000\r\n",
                "Transfer-Encoding: chunked\r\n",
                "",
            ] {
                let last = end.clone();
                let device = Device::start(scheme, move |_: &Asked| {
                    let text = format!("HTTP/1.1 401 X\r\n{head}\r\n3\r\n<h1");
                    let arrive = Step::Wait(Duration::from_millis(10));
                    vec![Step::Send(text.into()), arrive, last.clone()]
                })
                .await;
                let agent = device.agent().build().expect("valid");
                let call = agent.call("/x", "getState", Json::EMPTY_OBJECT);
                let error = in_time(call).await.expect_err("refused");
                assert_eq!(
                    (error.code(), error.outcome()),
                    ("Auth.Unauthorized", Outcome::NotExecuted),
                    "{scheme:?} {head:?} {end:?}"
                );
                assert_eq!(device.requests(), 1);
            }
        }
    }
}

/// Refuses the first request when it has seen the beginning of it, and reads no further.
struct Early;

impl Conduct for Early {
    fn greet(&self, connection: usize, _: usize) -> Greeting {
        if connection > 0 {
            return Greeting::Listen;
        }
        let refusal = Step::Send(http(401, "", ""));
        Greeting::After(1000, vec![refusal, Step::Wait(Duration::from_secs(20))])
    }

    fn answer(&self, asked: &Asked) -> Vec<Step> {
        asked.returns("1")
    }
}

#[tokio::test]
async fn what_is_refused_before_it_was_read_does_not_block_the_next_call() {
    for scheme in BOTH {
        let device = Device::start(scheme, Early).await;
        let agent = device.agent().build().expect("valid");
        // More than fits between the two.
        let text = format!(r#"{{"text":"{}"}}"#, "x".repeat(20 << 20));
        let args: Json = text.parse().expect("JSON");
        let result = in_time(agent.call("/model/pdu/0", "setText", args)).await;
        let error = result.expect_err("refused");
        assert_eq!(error.code(), "Auth.Unauthorized", "{error:?}");
        let start = Instant::now();
        switch(&agent).await.expect("an answer");
        assert!(start.elapsed() < Duration::from_secs(3), "{scheme:?}");
        assert_eq!(device.connections(), 2);
    }
}

#[tokio::test]
async fn a_refusal_whose_page_never_ends_is_a_refusal() {
    for scheme in BOTH {
        let device = Device::start(scheme, |_: &Asked| {
            let begin = "HTTP/1.1 401 No\r\nContent-Length: 100\r\n\r\n<html>".into();
            vec![Step::Send(begin), Step::Hold]
        })
        .await;
        // Shorter and longer than an error page is waited for.
        for timeout in [Duration::from_secs(1), Duration::from_secs(20)] {
            let agent = device.agent().timeout(timeout).build().expect("valid");
            let start = Instant::now();
            let error = switch(&agent).await.expect_err("refused");
            assert_eq!(
                (error.code(), error.outcome()),
                ("Auth.Unauthorized", Outcome::NotExecuted),
                "{scheme:?} {timeout:?}: {error:?}"
            );
            assert!(start.elapsed() < Duration::from_secs(9), "{scheme:?}");
        }
    }
}
