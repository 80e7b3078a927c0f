//! Files without an end, and files that end early, over HTTP and HTTPS.

use std::io;
use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, AtomicUsize, Ordering};
use std::task::{Context, Poll};
use std::time::{Duration, Instant};

use tokio::io::{AsyncRead, AsyncWrite, AsyncWriteExt as _};
use xerus_rpc::{Agent, Outcome};

use super::upload::early::secure;
use super::{TARGET, at, read_head, scripted};
use crate::support::{eventually, in_time};

/// How many bytes servers wrote, and how many of them are still at it.
#[derive(Clone, Default)]
struct Written {
    bytes: Arc<AtomicU64>,
    busy: Arc<AtomicUsize>,
}

/// Answers with this head, and then with bytes until nobody listens.
async fn pour(mut stream: impl AsyncRead + AsyncWrite + Unpin, head: &str, written: Written) {
    read_head(&mut stream).await;
    written.busy.fetch_add(1, Ordering::SeqCst);
    let mut chunk = head.as_bytes().to_vec();
    while stream.write_all(&chunk).await.is_ok() {
        written
            .bytes
            .fetch_add(chunk.len() as u64, Ordering::SeqCst);
        chunk = vec![b'7'; 64 << 10];
        if head.contains("chunked") {
            chunk = [&b"10000\r\n"[..], &chunk, b"\r\n"].concat();
        }
    }
    written.busy.fetch_sub(1, Ordering::SeqCst);
}

/// The same endless file over both wires.
async fn endless(head: &'static str, written: &Written) -> [Agent; 2] {
    let (one, other) = (written.clone(), written.clone());
    [
        at(scripted(move |stream| pour(stream, head, one.clone())).await),
        secure(move |stream| pour(stream, head, other.clone())).await,
    ]
}

const HEADS: [&str; 3] = [
    "HTTP/1.1 200 OK\r\n\r\n",
    "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n",
    "HTTP/1.1 200 OK\r\nContent-Length: 1000000000\r\n\r\n",
];

/// Takes so many bytes and no more.
struct Room(u64);

impl AsyncWrite for Room {
    fn poll_write(
        mut self: Pin<&mut Self>,
        _: &mut Context<'_>,
        bytes: &[u8],
    ) -> Poll<io::Result<usize>> {
        if self.0 == 0 {
            return Poll::Ready(Err(io::ErrorKind::StorageFull.into()));
        }
        let taken = u64::min(self.0, bytes.len() as u64);
        self.0 -= taken;
        Poll::Ready(Ok(usize::try_from(taken).expect("no more than came")))
    }

    fn poll_flush(self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<io::Result<()>> {
        Poll::Ready(Ok(()))
    }

    fn poll_shutdown(self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<io::Result<()>> {
        Poll::Ready(Ok(()))
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_sink_ends_what_has_no_end() {
    for head in HEADS {
        let written = Written::default();
        for agent in endless(head, &written).await {
            let begin = Instant::now();
            let file = agent.download(TARGET).await.expect("a file");
            let mut sink = Room(1 << 20);
            let error = in_time(file.save_to(&mut sink)).await.expect_err("full");
            assert_eq!(
                (error.code(), error.outcome()),
                ("File.Sink", Outcome::Unknown),
                "{head}"
            );
            assert_eq!(sink.0, 0, "it has what came");
            assert!(begin.elapsed() < Duration::from_secs(5));
        }
        eventually("the connections are closed", || {
            written.busy.load(Ordering::SeqCst) == 0
        })
        .await;
        let bytes = written.bytes.load(Ordering::SeqCst);
        assert!(
            bytes < 32 << 20,
            "only what the system holds beside it: {bytes}"
        );
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_limit_ends_what_has_no_end() {
    for head in HEADS {
        let written = Written::default();
        for agent in endless(head, &written).await {
            let bytes = async {
                let file = agent.download(TARGET).limit(1 << 20).await?;
                file.bytes().await
            };
            let error = in_time(bytes).await.expect_err("too large");
            assert_eq!(
                (error.code(), error.outcome()),
                ("ResponseTooLarge", Outcome::Unknown),
                "{head}"
            );
            assert!(!error.is_retryable());
        }
        eventually("the connections are closed", || {
            written.busy.load(Ordering::SeqCst) == 0
        })
        .await;
        let bytes = written.bytes.load(Ordering::SeqCst);
        assert!(
            bytes < 32 << 20,
            "only what the system holds beside it: {bytes}"
        );
    }
}

/// Answers with what is too short, and says goodbye as is proper.
async fn fall_short(mut stream: impl AsyncRead + AsyncWrite + Unpin, answer: &str) {
    read_head(&mut stream).await;
    let _ = stream.write_all(answer.as_bytes()).await;
    let _ = stream.shutdown().await;
}

#[tokio::test]
async fn a_file_that_is_shorter_than_declared_is_an_error_and_what_came_is_there() {
    for answer in [
        "HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nonly this",
        "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n9\r\nonly this\r\n",
    ] {
        for agent in [
            at(scripted(move |stream| fall_short(stream, answer)).await),
            secure(move |stream| fall_short(stream, answer)).await,
        ] {
            let file = agent.download(TARGET).await.expect("a file");
            let mut sink = Vec::new();
            let error = in_time(file.save_to(&mut sink)).await.expect_err("short");
            assert_eq!(
                (error.code(), error.outcome()),
                ("HttpProtocol.Truncated", Outcome::Unknown),
                "{answer}"
            );
            assert_eq!(sink, b"only this");
            assert_eq!(
                (error.origin(), error.rid()),
                (Some(agent.origin()), Some(TARGET))
            );
        }
    }
}
