//! Getting files.

use std::io;
use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::task::{Context, Poll};
use std::time::{Duration, Instant};

use futures_util::StreamExt as _;
use tokio::io::{AsyncWrite, AsyncWriteExt as _};
use xerus_rpc::agent::Download;
use xerus_rpc::{Error, Outcome};

use super::{TARGET, agent, at, get, read_head, scripted};
use crate::certificates::{Authority, self_signed, sha256};
use crate::support::{Answer, Server, eventually, http, in_time};

async fn bytes(download: Download) -> Result<bytes::Bytes, Error> {
    in_time(async { download.await?.bytes().await }).await
}

#[tokio::test]
async fn what_the_device_says_about_a_file() {
    let headers = "Content-Type: text/csv\r\nContent-Disposition: attachment; filename=\"panel 1.csv\"\r\n\
                   X-Response-Code: 0\r\nX-Other: a\r\nX-Other: b\r\n";
    let server = Server::http(move |_| Answer::Keep(http(200, headers, "a,b\r\n"))).await;
    let mut file = agent(&server).download(TARGET).await.expect("a file");
    assert_eq!(file.length(), Some(5));
    assert_eq!(file.content_type(), Some("text/csv"));
    assert_eq!(file.file_name(), Some("panel 1.csv"));
    assert_eq!(file.raw_response_code(), Some("0"));
    let others: Vec<_> = file.headers().get_all("x-other").collect();
    assert_eq!(others, ["a", "b"]);
    let mut all = Vec::new();
    while let Some(bytes) = file.next().await {
        all.extend_from_slice(&bytes.expect("bytes"));
        assert_eq!(file.received(), all.len() as u64);
    }
    assert_eq!(all, b"a,b\r\n");
    assert!(file.next().await.is_none());
}

#[tokio::test]
async fn without_a_length_the_end_of_the_connection_is_the_end() {
    let server = Server::http(|_| Answer::Last("HTTP/1.1 200 OK\r\n\r\nall of it".into())).await;
    let file = agent(&server).download(TARGET).await.expect("a file");
    assert_eq!(file.length(), None);
    assert_eq!(file.bytes().await.expect("all"), "all of it");
    let chunked =
        "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n2\r\nde\r\n0\r\n\r\n";
    let server = Server::http(move |_| Answer::Keep(chunked.into())).await;
    assert_eq!(get(&agent(&server)).await.expect("all"), b"abcde");
}

#[tokio::test]
async fn a_file_that_ends_early_is_an_error() {
    for head in [
        "HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nonly this",
        "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nabcde\r\n",
        "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nab",
    ] {
        let server = Server::http(move |_| Answer::Last(head.into())).await;
        let mut file = agent(&server).download(TARGET).await.expect("a file");
        let mut last = None;
        while let Some(next) = in_time(file.next()).await {
            last = Some(next);
        }
        let error = last.expect("something").expect_err(head);
        assert_eq!(error.code(), "HttpProtocol.Truncated", "{head}");
        assert_eq!(error.rid(), Some(TARGET));
        assert!(error.is_retryable(), "a download does no harm");
    }
}

#[tokio::test]
async fn a_limit_ends_what_is_too_large() {
    let head = "HTTP/1.1 200 OK\r\nContent-Length: 1000000000000\r\n\r\n";
    let server = Server::http(move |_| Answer::Begin(head.into())).await;
    let error = get(&agent(&server)).await.expect_err("larger than 1 GiB");
    assert_eq!(error.code(), "ResponseTooLarge");
    assert!(error.to_string().contains("limit 1073741824"), "{error}");

    let endless = || Answer::Endless("HTTP/1.1 200 OK\r\n\r\n".into(), "x".repeat(4096));
    let server = Server::http(move |_| endless()).await;
    let error = bytes(agent(&server).download(TARGET).limit(1 << 20))
        .await
        .expect_err("endless");
    assert_eq!(error.code(), "ResponseTooLarge");
    eventually("the connection is closed", || {
        server.open_connections() == 0
    })
    .await;

    let server = Server::http(|_| Answer::Keep(http(200, "", "12345"))).await;
    let exact = bytes(agent(&server).download(TARGET).limit(5)).await;
    assert_eq!(exact.expect("as much as permitted"), "12345");
    let error = bytes(agent(&server).download(TARGET).limit(4))
        .await
        .expect_err("one more");
    assert_eq!(error.code(), "ResponseTooLarge");
}

#[tokio::test]
async fn a_device_that_stands_still_runs_out_of_time() {
    let idle = Duration::from_millis(150);
    let head = "HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nabc";
    let server = Server::http(move |_| Answer::Begin(head.into())).await;
    let error = bytes(agent(&server).download(TARGET).idle_timeout(idle))
        .await
        .expect_err("idle");
    assert_eq!(error.code(), "Timeout.Body");

    let server = Server::http(|_| Answer::Begin(String::new())).await;
    let quick = server.agent().connect_timeout(idle).build().expect("valid");
    let error = bytes(quick.download(TARGET).idle_timeout(idle))
        .await
        .expect_err("idle");
    assert_eq!(error.code(), "Timeout.FirstByte");

    // Drop by drop is not still, but has an end all the same.
    let drip = move || {
        Answer::Drip(
            http(200, "", "").replace(": 0", ": 999"),
            "x".repeat(999),
            idle / 5,
        )
    };
    let server = Server::http(move |_| drip()).await;
    let begin = Instant::now();
    let download = agent(&server)
        .download(TARGET)
        .idle_timeout(idle)
        .timeout(idle * 4);
    let error = bytes(download).await.expect_err("too slow");
    assert_eq!(error.code(), "Timeout.Body");
    assert!(
        begin.elapsed() >= idle * 4,
        "drops keep it alive until then"
    );
    assert!(error.to_string().contains("600ms"), "{error}");
}

#[tokio::test]
async fn a_slow_program_is_no_slow_device() {
    let server = Server::http(|_| Answer::Keep(http(200, "", &"x".repeat(4 << 20)))).await;
    let idle = Duration::from_millis(100);
    let mut file = agent(&server)
        .download(TARGET)
        .idle_timeout(idle)
        .await
        .expect("a file");
    let first = file.next().await.expect("bytes").expect("bytes");
    tokio::time::sleep(idle * 3).await;
    let rest = file
        .bytes()
        .await
        .expect("time runs only while something is waited for");
    assert_eq!(first.len() + rest.len(), 4 << 20);
}

#[tokio::test]
async fn what_was_not_asked_for_is_refused() {
    for encoding in ["gzip", "identity, gzip", "x"] {
        let headers = format!("Content-Encoding: {encoding}\r\n");
        let server = Server::http(move |_| Answer::Keep(http(200, &headers, "abc"))).await;
        let error = get(&agent(&server)).await.expect_err(encoding);
        assert_eq!(error.code(), "HttpProtocol.ContentEncoding");
    }
}

#[tokio::test]
async fn the_rest_of_a_file() {
    let ranged = |headers: &'static str, status| {
        Server::http(move |_| Answer::Keep(http(status, headers, "rest")))
    };
    let server = ranged("Content-Range: bytes 6-9/10\r\n", 206).await;
    let file = agent(&server)
        .download(TARGET)
        .from_offset(6)
        .await
        .expect("the rest");
    assert_eq!((file.offset(), file.length()), (6, Some(4)));
    assert_eq!(file.bytes().await.expect("the rest"), "rest");
    assert_eq!(server.seen()[0].headers("range"), ["bytes=6-"]);

    for (headers, status, code) in [
        ("", 200, "File.NotResumed"),
        ("", 206, "File.NotResumed"),
        ("Content-Range: bytes 0-3/4\r\n", 206, "File.NotResumed"),
        ("Content-Range: bytes 6-8/10\r\n", 206, "File.NotResumed"),
        ("Content-Range: bytes */4\r\n", 416, "HttpStatus.Client"),
    ] {
        let server = ranged(headers, status).await;
        let download = agent(&server).download(TARGET).from_offset(6);
        let error = bytes(download).await.expect_err(headers);
        assert_eq!(error.code(), code, "{status} {headers}");
    }
    get(&agent(&server))
        .await
        .expect_err("206 that nobody asked for");
}

#[tokio::test]
async fn the_step_to_https_is_made_once_and_remembered() {
    let authority = Authority::new();
    let config = authority.server(&["127.0.0.1"]);
    let secure = Server::https(config, |_| Answer::Keep(http(200, "", "file"))).await;
    let port = secure.address.port();
    let location = format!("Location: https://127.0.0.1:{port}/login\r\n");
    let plain = Server::http(move |_| Answer::Keep(http(302, &location, ""))).await;
    let builder = plain.agent().root_certificate_pem(authority.pem());
    let agent = builder
        .upgrade_redirects_to_port(port)
        .build()
        .expect("valid");
    for _ in 0..2 {
        assert_eq!(get(&agent).await.expect("a file"), b"file");
    }
    assert_eq!((plain.requests(), secure.requests()), (1, 2));
    assert!(secure.seen()[0].line().starts_with("GET /cgi-bin/x.cgi "));
}

/// Counts what is written to it, a little at a time.
#[derive(Default)]
struct Counter(u64, Option<io::ErrorKind>);

impl AsyncWrite for Counter {
    fn poll_write(
        mut self: Pin<&mut Self>,
        _: &mut Context<'_>,
        bytes: &[u8],
    ) -> Poll<io::Result<usize>> {
        if let Some(kind) = self.1 {
            return Poll::Ready(Err(kind.into()));
        }
        let written = bytes.len().min(50_000);
        self.0 += written as u64;
        Poll::Ready(Ok(written))
    }

    fn poll_flush(self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<io::Result<()>> {
        Poll::Ready(Ok(()))
    }

    fn poll_shutdown(self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<io::Result<()>> {
        Poll::Ready(Ok(()))
    }
}

#[tokio::test]
async fn a_sink_gets_all_and_may_fail() {
    let server = Server::http(|_| Answer::Keep(http(200, "", &"x".repeat(1 << 20)))).await;
    let agent = agent(&server);
    let mut sink = Counter::default();
    let file = agent.download(TARGET).await.expect("a file");
    assert_eq!(
        in_time(file.save_to(&mut sink)).await.expect("saved"),
        1 << 20
    );
    assert_eq!(sink.0, 1 << 20);

    let mut full = Counter(0, Some(io::ErrorKind::StorageFull));
    let file = agent.download(TARGET).await.expect("a file");
    let error = in_time(file.save_to(&mut full)).await.expect_err("full");
    assert_eq!(error.code(), "File.Sink");
    let source =
        std::error::Error::source(&error).and_then(|error| error.downcast_ref::<io::Error>());
    assert_eq!(
        source.map(io::Error::kind),
        Some(io::ErrorKind::StorageFull)
    );
    eventually("the connection is closed", || {
        server.open_connections() == 0
    })
    .await;
}

#[tokio::test]
async fn nothing_is_read_ahead_of_whoever_takes_it() {
    const SIZE: u64 = 64 << 20;
    let written = Arc::new(AtomicU64::new(0));
    let count = Arc::clone(&written);
    let address = scripted(move |mut stream| {
        let count = Arc::clone(&count);
        async move {
            read_head(&mut stream).await;
            let head = format!("HTTP/1.1 200 OK\r\nContent-Length: {SIZE}\r\n\r\n");
            stream.write_all(head.as_bytes()).await.expect("written");
            let chunk = vec![7; 64 << 10];
            for _ in 0..SIZE / (64 << 10) {
                if stream.write_all(&chunk).await.is_err() {
                    return;
                }
                count.fetch_add(chunk.len() as u64, Ordering::SeqCst);
            }
        }
    })
    .await;
    let mut file = at(address).download(TARGET).await.expect("a file");
    tokio::time::sleep(Duration::from_millis(300)).await;
    let ahead = written.load(Ordering::SeqCst);
    assert!(
        ahead < 32 << 20,
        "the buffers of the system hold some of it, we hold none: {ahead}"
    );
    let mut largest = 0;
    while let Some(bytes) = in_time(file.next()).await {
        largest = largest.max(bytes.expect("bytes").len());
    }
    assert_eq!(file.received(), SIZE);
    assert!(largest <= 1 << 20, "{largest}");
}

#[tokio::test]
async fn dropping_it_closes_the_connection() {
    let server =
        Server::http(|_| Answer::Endless("HTTP/1.1 200 OK\r\n\r\n".into(), "x".repeat(999))).await;
    let agent = agent(&server);
    let mut file = agent.download(TARGET).await.expect("a file");
    let _ = file.next().await.expect("bytes").expect("bytes");
    drop(file);
    eventually("the connection is closed", || {
        server.open_connections() == 0
    })
    .await;
    let error = bytes(agent.download(TARGET).limit(1))
        .await
        .expect_err("endless");
    assert_eq!(
        (error.code(), error.outcome()),
        ("ResponseTooLarge", Outcome::Unknown)
    );
}

#[tokio::test]
async fn over_tls_an_end_without_a_farewell_is_no_end() {
    let (pem, config) = self_signed(&["pdu"], false);
    let acceptor = tokio_rustls::TlsAcceptor::from(config);
    let address = scripted(move |stream| {
        let acceptor = acceptor.clone();
        async move {
            let mut stream = acceptor.accept(stream).await.expect("a handshake");
            read_head(&mut stream).await;
            let answer = b"HTTP/1.1 200 OK\r\n\r\nnot all of it";
            stream.write_all(answer).await.expect("written");
            stream.flush().await.expect("written");
        }
    })
    .await;
    let agent = xerus_rpc::Agent::builder(format!("https://{address}"))
        .pin_certificate_sha256(sha256(&pem))
        .build()
        .expect("valid");
    let error = get(&agent)
        .await
        .expect_err("anybody may have cut the connection");
    assert_eq!(error.code(), "ConnectionLost");
}
