//! Malformed HTTP from a seed against the door: nothing panics, and a good client is served all the while.
//!
//! A second in `cargo test`; `XERUS_ABUSE_SECONDS=600 XERUS_ABUSE_SEED=1 cargo test -p xerus-sim --release --test malformed` for longer.

#![allow(clippy::unwrap_used)] // helpers of tests

use std::net::SocketAddr;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;
use xerus_sim::{Limits, Simulator};

/// SplitMix64.
struct Dice(u64);

impl Dice {
    fn roll(&mut self, sides: usize) -> usize {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        (mixed ^ (mixed >> 31)) as usize % sides
    }

    fn of<'t>(&mut self, texts: &[&'t str]) -> &'t str {
        texts[self.roll(texts.len())]
    }
}

/// A request that may be right, put together from what is right and what is not.
fn request(dice: &mut Dice) -> Vec<u8> {
    let method = dice.of(&[
        "POST", "GET", "PUT", "HEAD", "OPTIONS", "CONNECT", "post", "", "P\0ST", "PRI",
    ]);
    let path = dice.of(&[
        "/bulk",
        "/model/pdu/0",
        "/cgi-bin/fwupload.cgi",
        "/cgi-bin/fwupdate_progress.cgi",
        "/cgi-bin/../bulk",
        "/link/2/cgi-bin/fwupload.cgi",
        "/link//",
        "//",
        "*",
        "",
        "/%",
        "/%ff%fe",
        "/a?b=%zz&&&=",
        "http://other:1/bulk",
        "/\u{fc}",
        "bulk",
    ]);
    let version = dice.of(&[
        "HTTP/1.1", "HTTP/1.0", "HTTP/9.9", "HTTP/2.0", "", "http/1.1",
    ]);
    let mut text = format!("{method} {path} {version}\r\n");
    for _ in 0..dice.roll(5) {
        let line = dice.of(&[
            "Host: pdu",
            "Content-Length: 10",
            "Content-Length: -1",
            "Content-Length: 99999999999999999999999",
            "Content-Length: 4, 4",
            "Transfer-Encoding: chunked",
            "Transfer-Encoding: gzip, chunked",
            "Transfer-Encoding: identity",
            "Expect: 100-continue",
            "Connection: close",
            "Connection: upgrade",
            "Upgrade: h2c",
            "Content-Type: multipart/form-data; boundary=B",
            "Content-Type: multipart/form-data; boundary=\"",
            "Authorization: Basic YWRtaW46cGFzcw==",
            "Authorization: Basic =",
            "X-SessionToken: \u{1}",
            "no colon",
            ": no name",
            " folded",
            "X-Nul: \0",
            "X-Client-Type: \u{fc}",
        ]);
        text.push_str(line);
        text.push_str(dice.of(&["\r\n", "\r\n", "\r\n", "\n", "\r"]));
    }
    text.push_str(dice.of(&["\r\n", "\r\n", "\n", ""]));
    let body = dice.of(&[
        "{\"method\":\"getMetaData\",\"id\":1}",
        "{\"method\":\"performBulk\",\"params\":{\"requests\":[{\"rid\":\"/bulk\",\"json\":{}}]},\"id\":{}}",
        "a\r\n0123456789\r\n0\r\n\r\n",
        "ffffffffffffffff\r\n",
        "-1\r\n",
        "--B\r\nContent-Disposition: form-data; name=\"a\r\n\r\n--B--",
        "--B\r\n\r\n",
        "[[[[[[[[",
        "\"\\ud800\"",
        "",
    ]);
    text.push_str(body);
    let mut bytes = text.into_bytes();
    for _ in 0..dice.roll(3) {
        let at = dice.roll(bytes.len());
        match dice.roll(3) {
            0 => bytes[at] = u8::try_from(dice.roll(256)).unwrap(),
            1 => bytes.truncate(at + 1),
            _ => bytes.insert(at, u8::try_from(dice.roll(256)).unwrap()),
        }
    }
    bytes
}

async fn abuse(address: SocketAddr, bytes: &[u8]) {
    let Ok(mut stream) = TcpStream::connect(address).await else {
        return;
    };
    // The server may have closed already.
    let _ = stream.write_all(bytes).await;
    let _ = stream.shutdown().await;
    let mut ignored = Vec::new();
    let read = stream.read_to_end(&mut ignored);
    let ended = tokio::time::timeout(Duration::from_secs(10), read).await;
    assert!(
        ended.is_ok(),
        "no end for {:?}",
        String::from_utf8_lossy(bytes)
    );
}

async fn good(address: SocketAddr) -> bool {
    let body = r#"{"method":"getVersion","id":1}"#;
    let request = format!(
        "POST /firmware HTTP/1.1\r\nHost: pdu\r\nConnection: close\r\nContent-Length: {}\r\n\r\n{body}",
        body.len()
    );
    let mut stream = TcpStream::connect(address).await.unwrap();
    stream.write_all(request.as_bytes()).await.unwrap();
    let mut answer = Vec::new();
    stream.read_to_end(&mut answer).await.unwrap();
    answer.starts_with(b"HTTP/1.1 200 OK\r\n")
}

fn setting(name: &str, default: u64) -> u64 {
    let text = std::env::var(name).ok();
    text.map_or(default, |text| text.parse().expect("a number"))
}

#[test]
fn nothing_panics() {
    static PANICS: AtomicUsize = AtomicUsize::new(0);
    let usual = std::panic::take_hook();
    std::panic::set_hook(Box::new(move |panic| {
        PANICS.fetch_add(1, Ordering::SeqCst);
        usual(panic);
    }));
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .worker_threads(2)
        .enable_all()
        .build()
        .unwrap();
    let seed = setting("XERUS_ABUSE_SEED", 1);
    let seconds = setting("XERUS_ABUSE_SECONDS", 1);
    let cases = runtime.block_on(async {
        let mut limits = Limits::default();
        limits.body_timeout = Duration::from_millis(500);
        limits.header_timeout = Duration::from_millis(500);
        let device = Simulator::builder().limits(limits).start().await.unwrap();
        let address = device.address();
        let end = Instant::now() + Duration::from_secs(seconds);
        let cases = Arc::new(AtomicUsize::new(0));
        let workers: Vec<_> = (0..8)
            .map(|worker| {
                let cases = Arc::clone(&cases);
                let mut dice = Dice(seed.wrapping_mul(1_000).wrapping_add(worker));
                tokio::spawn(async move {
                    while Instant::now() < end {
                        abuse(address, &request(&mut dice)).await;
                        cases.fetch_add(1, Ordering::SeqCst);
                    }
                })
            })
            .collect();
        while Instant::now() < end {
            assert!(good(address).await, "seed {seed}");
        }
        for worker in workers {
            worker.await.unwrap();
        }
        device.shutdown().await;
        cases.load(Ordering::SeqCst)
    });
    assert_eq!(PANICS.load(Ordering::SeqCst), 0, "seed {seed}");
    assert!(cases > 100, "{cases}");
    println!("{cases} cases with seed {seed}");
}
