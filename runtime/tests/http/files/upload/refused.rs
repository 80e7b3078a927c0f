//! Refusals that come while the form is sent, in every way in which a device may go on after them.

use std::sync::atomic::Ordering;
use std::time::{Duration, Instant};

use futures_util::StreamExt as _;
use futures_util::stream;
use tokio::io::{AsyncRead, AsyncReadExt as _, AsyncWrite, AsyncWriteExt as _};
use xerus_rpc::files::{CERTIFICATE_UPLOAD, RAW_CONFIG_UPLOAD, UploadEndpoint};
use xerus_rpc::wire::Source;
use xerus_rpc::{Agent, Error, Outcome};

use super::early::secure;
use super::{BINARY, at, pieces, read_head, scripted, send};
use crate::support::http;

const SIZE: u64 = 10 << 20;

/// What a device does after its answer.
#[derive(Clone, Copy, Debug, PartialEq)]
enum Then {
    /// Ends the connection, with much that it never read.
    HangUp,
    /// Keeps the connection open and reads no more.
    StandStill,
    /// Reads all of the rest.
    ReadOn,
}

/// Takes the head and the first bytes, answers, and goes on as it is told.
async fn refuse(mut stream: impl AsyncRead + AsyncWrite + Unpin, answer: String, then: Then) {
    read_head(&mut stream).await;
    let _ = stream.write_all(answer.as_bytes()).await;
    let _ = stream.flush().await;
    match then {
        Then::HangUp => {}
        Then::StandStill => tokio::time::sleep(Duration::from_secs(60)).await,
        Then::ReadOn => {
            let mut chunk = vec![0; 64 << 10];
            while stream.read(&mut chunk).await.is_ok_and(|read| read > 0) {}
        }
    }
}

async fn plain(answer: String, then: Then) -> Agent {
    at(scripted(move |stream| refuse(stream, answer.clone(), then)).await)
}

async fn encrypted(answer: String, then: Then) -> Agent {
    secure(move |stream| refuse(stream, answer.clone(), then)).await
}

/// The same source without a word about its length: the form goes in chunks.
fn chunks() -> Source {
    let piece = bytes::Bytes::from(vec![7; 64 << 10]);
    Source::stream_of_unknown_length(
        stream::iter(0..SIZE / (64 << 10)).map(move |_| Ok(piece.clone())),
    )
}

async fn refusal(agent: &Agent, endpoint: UploadEndpoint, source: Source) -> Error {
    let upload = agent
        .upload(endpoint)
        .part(endpoint.file(source))
        .idle_timeout(Duration::from_secs(15));
    match send(upload).await {
        Ok(answer) => endpoint.check(&answer).expect_err("a refusal"),
        Err(error) => error,
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn each_is_told_at_once_whatever_the_device_does_then() {
    let location = "Location: https://elsewhere.example/cgi-bin/x.cgi\r\n";
    let code = "X-Response-Code: 4\r\n";
    for (answer, endpoint, expected) in [
        (
            http(413, "", "<p>too large</p>"),
            RAW_CONFIG_UPLOAD,
            "HttpStatus.Client",
        ),
        (
            http(302, location, ""),
            RAW_CONFIG_UPLOAD,
            "Redirect.CrossHost",
        ),
        (
            http(307, "Location: /login\r\n", ""),
            RAW_CONFIG_UPLOAD,
            "Redirect.NotRpc",
        ),
        (http(401, "", ""), RAW_CONFIG_UPLOAD, "Auth.Unauthorized"),
        (http(403, "", ""), RAW_CONFIG_UPLOAD, "Auth.Forbidden"),
        (
            http(451, "", "<h1>Change the password</h1>"),
            RAW_CONFIG_UPLOAD,
            "Auth.PasswordChangeRequired",
        ),
        (http(200, code, ""), RAW_CONFIG_UPLOAD, "Cgi"),
        (http(200, "", "return_code=4"), CERTIFICATE_UPLOAD, "Cgi"),
    ] {
        for then in [Then::HangUp, Then::StandStill, Then::ReadOn] {
            for agent in [
                plain(answer.clone(), then).await,
                encrypted(answer.clone(), then).await,
            ] {
                let place = format!("{expected}, {then:?}, {}", agent.origin());
                let begin = Instant::now();
                let (source, taken) = pieces(SIZE);
                for source in [source, chunks()] {
                    let error = refusal(&agent, endpoint, source).await;
                    assert_eq!(
                        (error.code(), error.outcome()),
                        (expected, Outcome::NotExecuted),
                        "{place}: {error:?}"
                    );
                    assert_eq!(error.rid(), Some(endpoint.path()), "{place}");
                    assert_eq!(error.origin(), Some(agent.origin()), "{place}");
                    let refused = (expected == "Cgi").then_some(4);
                    assert_eq!(error.response_code(), refused, "{place}");
                }
                let needed = begin.elapsed();
                assert!(needed < Duration::from_secs(10), "{place}: {needed:?}");
                if then != Then::ReadOn {
                    let taken = taken.load(Ordering::SeqCst);
                    assert!(taken < SIZE, "{place}: the rest is not read");
                }
            }
        }
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_success_that_never_reads_the_rest_runs_out_of_time() {
    let answer = || http(200, "X-Response-Code: 0\r\n", "");
    for agent in [
        plain(answer(), Then::StandStill).await,
        encrypted(answer(), Then::StandStill).await,
    ] {
        let (source, taken) = pieces(64 << 20);
        let upload = agent
            .upload(RAW_CONFIG_UPLOAD)
            .file("config_file", "config.txt", BINARY, source)
            .idle_timeout(Duration::from_millis(300));
        let error = send(upload).await.expect_err("not everything was taken");
        assert_eq!(
            (error.code(), error.outcome()),
            ("Timeout.Write", Outcome::Unknown)
        );
        let taken = taken.load(Ordering::SeqCst);
        assert!(taken < 32 << 20, "only what the system holds: {taken}");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_success_in_the_body_before_everything_was_taken_is_not_believed() {
    let answer = || http(200, "", "return_code=0");
    for agent in [
        plain(answer(), Then::HangUp).await,
        encrypted(answer(), Then::HangUp).await,
    ] {
        let upload = agent
            .upload(CERTIFICATE_UPLOAD)
            .part(CERTIFICATE_UPLOAD.file(pieces(SIZE).0));
        let error = send(upload).await.expect_err("not everything was taken");
        assert_eq!(
            (error.code(), error.outcome()),
            ("ConnectionLost", Outcome::Unknown)
        );
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_code_counts_although_the_page_behind_it_is_cut_off() {
    let answer =
        || "HTTP/1.1 200 OK\r\nX-Response-Code: 4\r\nContent-Length: 9\r\n\r\nabc".to_owned();
    for agent in [
        plain(answer(), Then::HangUp).await,
        encrypted(answer(), Then::HangUp).await,
    ] {
        let error = refusal(&agent, RAW_CONFIG_UPLOAD, pieces(SIZE).0).await;
        assert_eq!(
            (error.response_code(), error.outcome()),
            (Some(4), Outcome::NotExecuted),
            "{error:?}"
        );
    }
}

#[tokio::test]
async fn a_source_that_fails_after_the_refusal_does_not_hide_it() {
    let answer = http(200, "X-Response-Code: 12\r\n", "");
    let agent = plain(answer, Then::StandStill).await;
    // Its second piece comes when the answer is there.
    let pieces = stream::iter(0..2).then(|number| async move {
        if number == 0 {
            return Ok(bytes::Bytes::from_static(b"begin"));
        }
        tokio::time::sleep(Duration::from_millis(300)).await;
        Err(std::io::ErrorKind::NotFound.into())
    });
    let error = refusal(&agent, RAW_CONFIG_UPLOAD, Source::stream(1 << 20, pieces)).await;
    assert_eq!(error.response_code(), Some(12));
    assert_eq!(
        error.outcome(),
        Outcome::Unknown,
        "some of it was worked on"
    );
}

#[tokio::test]
async fn a_refusal_that_is_cut_off_is_no_answer_once_the_form_was_taken() {
    let answer = "HTTP/1.1 200 OK\r\nX-Response-Code: 4\r\nContent-Length: 9\r\n\r\nabc";
    let agent = at(scripted(move |mut stream| async move {
        let mut seen = read_head(&mut stream).await.1;
        let mut chunk = [0; 4096];
        while !seen.ends_with(b"--\r\n") {
            let read = stream.read(&mut chunk).await.expect("more");
            seen.extend_from_slice(&chunk[..read]);
        }
        stream.write_all(answer.as_bytes()).await.expect("written");
    })
    .await);
    let error = refusal(&agent, RAW_CONFIG_UPLOAD, "x".into()).await;
    assert_eq!(
        (error.code(), error.outcome()),
        ("HttpProtocol.Truncated", Outcome::Unknown)
    );
}
