//! Devices that answer before they have everything.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use tokio::io::{AsyncRead, AsyncReadExt as _, AsyncWrite, AsyncWriteExt as _};
use tokio::net::TcpStream;
use tokio_rustls::TlsAcceptor;
use tokio_rustls::server::TlsStream;
use xerus_rpc::{Agent, Outcome};

use super::{at, pieces, read_head, scripted, send, upfile};
use crate::certificates::{self_signed, sha256};
use crate::support::http;

const SIZE: u64 = 10 << 20;

/// Takes the beginning, answers, and hangs up.
async fn interrupt(mut stream: impl AsyncRead + AsyncWrite + Unpin, answer: String) {
    let mut seen = read_head(&mut stream).await.1.len();
    let mut chunk = [0; 64 << 10];
    while seen < 256 << 10 {
        seen += stream.read(&mut chunk).await.expect("more");
    }
    let _ = stream.write_all(answer.as_bytes()).await;
    let _ = stream.flush().await;
}

async fn interrupting(answer: String) -> Agent {
    at(scripted(move |stream| interrupt(stream, answer.clone())).await)
}

async fn interrupting_tls(answer: String) -> Agent {
    let answer = Arc::new(answer);
    secure(move |stream| interrupt(stream, answer.to_string())).await
}

/// An agent for a server that does over TLS with each connection what the script says.
pub(in super::super) async fn secure<F: Future<Output = ()> + Send + 'static>(
    script: impl Fn(TlsStream<TcpStream>) -> F + Clone + Send + Sync + 'static,
) -> Agent {
    let (pem, config) = self_signed(&["pdu"], false);
    let acceptor = TlsAcceptor::from(config);
    let address = scripted(move |stream| {
        let (acceptor, script) = (acceptor.clone(), script.clone());
        async move {
            if let Ok(stream) = acceptor.accept(stream).await {
                script(stream).await;
            }
        }
    })
    .await;
    let builder = Agent::builder(format!("https://{address}"));
    builder
        .pin_certificate_sha256(sha256(&pem))
        .build()
        .expect("valid")
}

/// Takes the beginning, says that all is well, and goes away without a word.
async fn vanish(mut stream: impl AsyncRead + AsyncWrite + Unpin) {
    read_head(&mut stream).await;
    let _ = stream.write_all(http(200, "", "").as_bytes()).await;
    let _ = stream.flush().await;
    tokio::time::sleep(Duration::from_millis(100)).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_end_of_the_device_is_not_waited_for() {
    let agent = at(scripted(vanish).await);
    let (source, _) = pieces(SIZE);
    let start = std::time::Instant::now();
    let upload = upfile(&agent, source).idle_timeout(Duration::from_secs(20));
    let error = send(upload).await.expect_err("not taken as a whole");
    assert_eq!(
        (error.code(), error.outcome()),
        ("ConnectionLost", Outcome::Unknown)
    );
    assert!(start.elapsed() < Duration::from_secs(5), "{error:?}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_refusal_is_reported_and_no_broken_pipe() {
    let answer = || http(413, "", "<p>too large</p>");
    for agent in [
        interrupting(answer()).await,
        interrupting_tls(answer()).await,
    ] {
        for _ in 0..20 {
            let (source, taken) = pieces(SIZE);
            let error = send(upfile(&agent, source)).await.expect_err("refused");
            assert_eq!(
                (error.code(), error.outcome()),
                ("HttpStatus.Client", Outcome::NotExecuted),
                "{error:?}"
            );
            assert_eq!(error.http_status(), Some(413));
            assert!(taken.load(Ordering::SeqCst) < SIZE, "the rest is not read");
        }
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_code_is_reported_too() {
    let answer = || http(200, "X-Response-Code: 4\r\n", "");
    for agent in [
        interrupting(answer()).await,
        interrupting_tls(answer()).await,
    ] {
        for _ in 0..20 {
            let answer = send(upfile(&agent, pieces(SIZE).0))
                .await
                .expect("an answer");
            assert_eq!(answer.response_code().expect("a code"), 4);
        }
    }
}

#[tokio::test]
async fn a_device_that_ends_the_connection_rudely_after_its_answer_has_taken_everything() {
    let agent = at(scripted(|mut stream| async move {
        let mut seen = read_head(&mut stream).await.1;
        let mut chunk = [0; 64 << 10];
        while !seen.ends_with(b"--\r\n") {
            let read = stream.read(&mut chunk).await.expect("more");
            seen.extend_from_slice(&chunk[..read]);
        }
        stream.set_zero_linger().expect("a reset instead of an end");
        let answer = http(200, "X-Response-Code: 0\r\n", "");
        stream.write_all(answer.as_bytes()).await.expect("written");
        // Else the reset overtakes the answer.
        tokio::time::sleep(Duration::from_millis(2)).await;
    })
    .await);
    for _ in 0..20 {
        let answer = send(upfile(&agent, pieces(1 << 20).0))
            .await
            .expect("an answer");
        assert_eq!(answer.response_code().expect("a code"), 0);
    }
}

#[tokio::test]
async fn success_without_having_taken_everything_is_not_believed() {
    for headers in ["", "X-Response-Code: 0\r\n", "X-Response-Code: abc\r\n"] {
        let agent = interrupting(http(200, headers, "")).await;
        let error = send(upfile(&agent, pieces(SIZE).0))
            .await
            .expect_err("not everything");
        assert_eq!(
            (error.code(), error.outcome()),
            ("ConnectionLost", Outcome::Unknown)
        );
    }
}

#[tokio::test]
async fn a_device_may_answer_first_and_read_then() {
    let read = Arc::new(AtomicU64::new(0));
    let count = Arc::clone(&read);
    let agent = at(scripted(move |mut stream| {
        let count = Arc::clone(&count);
        async move {
            let seen = read_head(&mut stream).await.1.len();
            count.fetch_add(seen as u64, Ordering::SeqCst);
            let answer = http(200, "X-Response-Code: 0\r\n", "");
            stream.write_all(answer.as_bytes()).await.expect("written");
            let mut chunk = vec![0; 64 << 10];
            loop {
                match stream.read(&mut chunk).await {
                    Ok(read) if read > 0 => count.fetch_add(read as u64, Ordering::SeqCst),
                    _ => return,
                };
                tokio::time::sleep(Duration::from_micros(100)).await;
            }
        }
    })
    .await);
    let (source, taken) = pieces(SIZE);
    let answer = send(upfile(&agent, source)).await.expect("an answer");
    assert_eq!(answer.response_code().expect("a code"), 0);
    assert_eq!(taken.load(Ordering::SeqCst), SIZE);
    crate::support::eventually("all of it arrives", || read.load(Ordering::SeqCst) > SIZE).await;
}

#[tokio::test]
async fn a_refusal_of_a_device_that_then_stands_still() {
    let agent = at(scripted(|mut stream| async move {
        read_head(&mut stream).await;
        let answer = "HTTP/1.1 401 No\r\nContent-Length: 0\r\n\r\n";
        stream.write_all(answer.as_bytes()).await.expect("written");
        tokio::time::sleep(Duration::from_secs(20)).await;
    })
    .await);
    let error = send(upfile(&agent, pieces(SIZE).0))
        .await
        .expect_err("refused");
    assert_eq!(
        (error.code(), error.outcome()),
        ("Auth.Unauthorized", Outcome::NotExecuted)
    );
}
