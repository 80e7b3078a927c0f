//! Sending files.

pub(super) mod early;
mod interim;
mod refused;

use std::io;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use bytes::Bytes;
use futures_util::stream::{self, StreamExt as _};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use xerus_rpc::agent::Upload;
use xerus_rpc::wire::{Source, UploadAnswer};
use xerus_rpc::{Agent, Error, Outcome};

use super::{TARGET, agent, at, put, read_head, scripted};
use crate::certificates::Authority;
use crate::support::{Answer, Server, eventually, http, in_time};

const BINARY: &str = "application/octet-stream";

async fn send(upload: Upload) -> Result<UploadAnswer, Error> {
    in_time(upload.into_future()).await
}

/// A source of many pieces of 64 KiB, and how many bytes of it were taken.
fn pieces(bytes: u64) -> (Source, Arc<AtomicU64>) {
    const PIECE: usize = 64 << 10;
    assert_eq!(bytes % PIECE as u64, 0);
    let taken = Arc::new(AtomicU64::new(0));
    let count = Arc::clone(&taken);
    let piece = Bytes::from(vec![7; PIECE]);
    let pieces = stream::iter(0..bytes / PIECE as u64).map(move |_| {
        count.fetch_add(PIECE as u64, Ordering::SeqCst);
        Ok(piece.clone())
    });
    (Source::stream(bytes, pieces), taken)
}

fn upfile(agent: &Agent, source: impl Into<Source>) -> Upload {
    agent
        .upload(TARGET)
        .file("upfile", "upfile.bin", BINARY, source)
}

#[tokio::test]
async fn the_form_is_as_devices_expect_it() {
    let server = Server::http(|_| Answer::Keep(http(200, "X-Response-Code: 0\r\n", "ok"))).await;
    let agent = server.agent().basic_auth("a", "b").build().expect("valid");
    let slow = stream::iter(["cert", "", "ificate"]).map(|text| Ok(Bytes::from(text)));
    let answer = agent
        .upload("/cgi-bin/server_ssl_cert_upload.cgi")
        .file(
            "cert_file",
            "cert-file.crt",
            BINARY,
            Source::stream(11, slow),
        )
        .file(
            "key_file",
            "Schlüssel (1).key",
            "text/plain",
            Source::reader(3, &b"key and more"[..]),
        )
        .field("submit", "1")
        .file("empty", "empty.txt", BINARY, "");
    let answer = send(answer).await.expect("an answer");
    assert_eq!(
        (answer.status(), answer.response_code().expect("a code")),
        (200, 0)
    );
    assert_eq!(
        (&answer.body()[..], answer.headers().get("content-length")),
        (&b"ok"[..], Some("2"))
    );

    let seen = &server.seen()[0];
    let content_type = &seen.headers("content-type")[0];
    let boundary = content_type
        .strip_prefix("multipart/form-data; boundary=")
        .expect("a form");
    assert!(boundary.len() == 32 && boundary.bytes().all(|byte| byte.is_ascii_hexdigit()));
    let part = |head: &str, data: &str| {
        format!("--{boundary}\r\nContent-Disposition: form-data; {head}\r\n\r\n{data}\r\n")
    };
    let form = [
        part(
            "name=\"cert_file\"; filename=\"cert-file.crt\"\r\nContent-Type: application/octet-stream",
            "certificate",
        ),
        part(
            "name=\"key_file\"; filename=\"Schlüssel (1).key\"\r\nContent-Type: text/plain",
            "key",
        ),
        part("name=\"submit\"", "1"),
        part(
            "name=\"empty\"; filename=\"empty.txt\"\r\nContent-Type: application/octet-stream",
            "",
        ),
        format!("--{boundary}--\r\n"),
    ];
    assert_eq!(seen.body, form.concat());
    assert_eq!(
        seen.headers("content-length"),
        [seen.body.len().to_string()]
    );
    assert!(seen.headers("transfer-encoding").is_empty() && seen.headers("expect").is_empty());
    assert_eq!(seen.headers("authorization"), ["Basic YTpi"]);

    let _ = put(&agent).await.expect("an answer");
    assert_ne!(
        server.seen()[1].headers("content-type")[0],
        *content_type,
        "a new boundary each time"
    );
}

#[tokio::test]
async fn an_unknown_length_goes_in_chunks() {
    let address = scripted(|mut stream| async move {
        let (head, mut all) = read_head(&mut stream).await;
        assert!(
            head.to_ascii_lowercase()
                .contains("\r\ntransfer-encoding: chunked"),
            "{head}"
        );
        let mut chunk = [0; 999];
        while !all.ends_with(b"--\r\n\r\n0\r\n\r\n") {
            let read = stream.read(&mut chunk).await.expect("more");
            all.extend_from_slice(&chunk[..read]);
        }
        stream
            .write_all(http(200, "", "").as_bytes())
            .await
            .expect("written");
    })
    .await;
    let totals = Arc::new(Mutex::new(Vec::new()));
    let note = Arc::clone(&totals);
    let unknown = Source::stream_of_unknown_length(stream::iter([Ok(Bytes::from("abc"))]));
    let upload = upfile(&at(address), unknown);
    let upload = upload.progress(move |_, total| note.lock().expect("not poisoned").push(total));
    let _ = send(upload).await.expect("an answer");
    assert_eq!(*totals.lock().expect("not poisoned"), [None; 3]);
}

#[tokio::test]
async fn progress_grows_to_the_end() {
    let server = Server::http(|_| Answer::Keep(http(200, "", ""))).await;
    let seen = Arc::new(Mutex::new(Vec::new()));
    let note = Arc::clone(&seen);
    let upload = upfile(&agent(&server), vec![7; 1 << 20]);
    let upload =
        upload.progress(move |sent, total| note.lock().expect("not poisoned").push((sent, total)));
    let _ = send(upload).await.expect("an answer");
    let seen = seen.lock().expect("not poisoned");
    let total: u64 = server.seen()[0].headers("content-length")[0]
        .parse()
        .expect("a number");
    assert!(
        seen.windows(2).all(|pair| pair[0].0 < pair[1].0),
        "{seen:?}"
    );
    assert!(seen.iter().all(|&(_, of)| of == Some(total)), "{seen:?}");
    assert_eq!(seen.last().expect("some").0, total);
    assert!(
        seen.len() > 16,
        "a large piece goes in small ones: {}",
        seen.len()
    );
}

#[tokio::test]
async fn bad_names_are_refused_before_anything_is_sent() {
    let server = Server::http(|_| Answer::Keep(http(200, "", ""))).await;
    let agent = agent(&server);
    for (upload, code) in [
        (
            agent
                .upload(TARGET)
                .file("upfile", "a\"; x=\"", BINARY, "x"),
            "Encode.BadFileName",
        ),
        (
            agent.upload(TARGET).file("a\r\nX: y", "a", BINARY, "x"),
            "Encode.BadFileName",
        ),
        (agent.upload(TARGET).field("", "x"), "Encode.BadFileName"),
        (
            agent.upload(TARGET).file("upfile", "a", "x/y\r\nX: z", "x"),
            "Config.BadHeaderValue",
        ),
    ] {
        let error = send(upload).await.expect_err(code);
        assert_eq!(
            (error.code(), error.outcome()),
            (code, Outcome::NotExecuted)
        );
    }
    assert_eq!(server.connections(), 0);
}

#[tokio::test]
async fn a_source_that_breaks_its_word_ends_the_upload() {
    let text = |text: &'static str| Ok(Bytes::from(text));
    let short = || Source::stream(10, stream::iter([text("12345")]));
    let long = || Source::stream(3, stream::iter([text("123"), text("4")]));
    let failing = || {
        Source::stream(
            9,
            stream::iter([text("123"), Err(io::ErrorKind::NotFound.into())]),
        )
    };
    let late = || {
        let piece = Bytes::from(vec![7; 1 << 20]);
        let pieces = stream::iter([Ok(piece), Err(io::ErrorKind::NotFound.into())]);
        Source::stream(2 << 20, pieces)
    };
    let ends = Source::reader(10, &b"12345"[..]);
    for (source, code, words, outcome) in [
        (
            short(),
            "File.SourceLength",
            "5 of 10 bytes",
            Outcome::NotExecuted,
        ),
        (
            ends,
            "File.SourceLength",
            "5 of 10 bytes",
            Outcome::NotExecuted,
        ),
        (
            long(),
            "File.SourceLength",
            "longer than the 3 bytes",
            Outcome::NotExecuted,
        ),
        (
            failing(),
            "File.Source",
            "could not be read",
            Outcome::NotExecuted,
        ),
        // Some of it has left by then.
        (late(), "File.Source", "could not be read", Outcome::Unknown),
    ] {
        let server = Server::http(|_| Answer::Keep(http(200, "", ""))).await;
        let error = send(upfile(&agent(&server), source)).await.expect_err(code);
        assert_eq!((error.code(), error.outcome()), (code, outcome));
        assert!(error.to_string().contains(words), "{error}");
        assert!(!error.is_retryable());
        if code == "File.Source" {
            let source = std::error::Error::source(&error)
                .and_then(|error| error.downcast_ref::<io::Error>());
            assert_eq!(source.map(io::Error::kind), Some(io::ErrorKind::NotFound));
        }
        eventually("the connection is closed", || {
            server.open_connections() == 0
        })
        .await;
        assert_eq!(server.requests(), 0, "no whole request came");
    }
}

#[tokio::test]
async fn what_stands_still_runs_out_of_time() {
    let idle = Duration::from_millis(200);
    // A device that takes nothing.
    let address = scripted(|stream| async move {
        tokio::time::sleep(Duration::from_secs(20)).await;
        drop(stream);
    })
    .await;
    let error = send(upfile(&at(address), pieces(64 << 20).0).idle_timeout(idle)).await;
    let error = error.expect_err("idle");
    assert_eq!(
        (error.code(), error.outcome()),
        ("Timeout.Write", Outcome::Unknown)
    );
    // A device that takes everything and says nothing.
    let server = Server::http(|_| Answer::Begin(String::new())).await;
    let error = send(upfile(&agent(&server), "x").idle_timeout(idle))
        .await
        .expect_err("idle");
    assert_eq!(
        (error.code(), error.outcome()),
        ("Timeout.FirstByte", Outcome::Unknown)
    );
    // A device that stops in the middle of the answer.
    let server =
        Server::http(|_| Answer::Begin("HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nabc".into()))
            .await;
    let error = send(upfile(&agent(&server), "x").idle_timeout(idle))
        .await
        .expect_err("idle");
    assert_eq!(error.code(), "Timeout.Body");
    // A source that gives nothing.
    let server = Server::http(|_| Answer::Keep(http(200, "", ""))).await;
    let silent = Source::stream(9, stream::pending());
    let error = send(upfile(&agent(&server), silent).idle_timeout(idle))
        .await
        .expect_err("idle");
    assert_eq!(error.code(), "Timeout.Write");
    eventually("the connection is closed", || {
        server.open_connections() == 0
    })
    .await;
    // A source that moves all the time, and a limit for the whole.
    let slow = stream::iter(0..1000).then(move |_| async move {
        tokio::time::sleep(idle / 10).await;
        Ok(Bytes::from("x"))
    });
    let upload = upfile(&agent(&server), Source::stream(1000, slow)).idle_timeout(idle);
    let error = send(upload.timeout(idle * 3)).await.expect_err("too slow");
    assert_eq!(error.code(), "Timeout.Write");
    assert!(error.to_string().contains("600ms"), "{error}");
}

#[tokio::test]
async fn strange_codes_and_answers() {
    for (headers, code) in [
        ("", "Cgi.MissingResponseCode"),
        ("X-Response-Code: abc\r\n", "Cgi.BadResponseCode"),
        ("X-Response-Code:\r\n", "Cgi.BadResponseCode"),
        ("X-Response-Code: 99999999999\r\n", "Cgi.BadResponseCode"),
        (
            "X-Response-Code: 0\r\nX-Response-Code: 1\r\n",
            "Cgi.BadResponseCode",
        ),
    ] {
        let server = Server::http(move |_| Answer::Keep(http(200, headers, ""))).await;
        let answer = put(&agent(&server)).await.expect("an answer");
        let error = answer.response_code().expect_err(headers);
        assert_eq!(
            (error.code(), error.outcome()),
            (code, Outcome::Unknown),
            "{headers}"
        );
    }
    let large = || Answer::Endless("HTTP/1.1 200 OK\r\n\r\n".into(), "x".repeat(9999));
    let server = Server::http(move |_| large()).await;
    assert_eq!(
        put(&agent(&server)).await.expect_err("endless").code(),
        "ResponseTooLarge"
    );
    let cut = "HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nabc";
    let server = Server::http(move |_| Answer::Last(cut.into())).await;
    let error = put(&agent(&server)).await.expect_err("cut");
    assert_eq!(
        (error.code(), error.outcome()),
        ("HttpProtocol.Truncated", Outcome::Unknown)
    );
    let server = Server::http(|_| Answer::Keep(http(200, "Content-Encoding: gzip\r\n", "x"))).await;
    assert_eq!(
        put(&agent(&server)).await.expect_err("gzip").code(),
        "HttpProtocol.ContentEncoding"
    );
}

#[tokio::test]
async fn a_device_that_wants_https_is_asked_before_the_file_goes_out() {
    let authority = Authority::new();
    let config = authority.server(&["127.0.0.1"]);
    let secure = Server::https(config, |_| Answer::Keep(http(200, "", "taken"))).await;
    let port = secure.address.port();
    let location = format!("Location: https://127.0.0.1:{port}/\r\n");
    let plain = Server::http(move |_| Answer::Keep(http(302, &location, ""))).await;
    let builder = plain
        .agent()
        .basic_auth("admin", "hunter2")
        .root_certificate_pem(authority.pem());

    let error = put(&builder.clone().build().expect("valid"))
        .await
        .expect_err("no permission");
    assert_eq!(
        (error.code(), error.outcome()),
        ("Redirect.CrossHost", Outcome::NotExecuted)
    );
    assert!(error.to_string().contains(&secure.url()), "{error}");

    let before = plain.requests();
    let agent = builder
        .upgrade_redirects_to_port(port)
        .build()
        .expect("valid");
    for _ in 0..2 {
        assert_eq!(put(&agent).await.expect("taken").body(), "taken");
    }
    let asked = plain.seen().split_off(before);
    assert_eq!(asked.len(), 1, "asked once, then the agent stays");
    assert_eq!(asked[0].line(), "GET / HTTP/1.1");
    assert!(asked[0].headers("authorization").is_empty() && asked[0].body.is_empty());
    assert_eq!(secure.seen()[0].headers("authorization").len(), 1);
}

#[tokio::test]
async fn a_redirect_that_comes_too_late_is_an_error_that_names_the_place() {
    let authority = Authority::new();
    let secure = Server::https(authority.server(&["127.0.0.1"]), |_| {
        Answer::Keep(http(200, "", ""))
    })
    .await;
    let port = secure.address.port();
    let location = format!("Location: https://127.0.0.1:{port}/\r\n");
    let plain = Server::http(move |seen| match seen.line() {
        "GET / HTTP/1.1" => Answer::Keep(http(200, "", "welcome")),
        _ => Answer::Keep(http(307, &location, "")),
    })
    .await;
    let builder = plain.agent().root_certificate_pem(authority.pem());
    let agent = builder
        .upgrade_redirects_to_port(port)
        .build()
        .expect("valid");
    let error = put(&agent).await.expect_err("the file is gone");
    assert_eq!(
        (error.code(), error.outcome()),
        ("Redirect.AlreadySent", Outcome::NotExecuted)
    );
    assert!(error.to_string().contains(&secure.url()), "{error}");
    assert_eq!(secure.requests(), 0);
    let _ = put(&agent).await.expect("the next one goes there at once");
    assert_eq!((plain.requests(), secure.requests()), (2, 1));
}

#[tokio::test]
async fn dropping_it_closes_the_connection_and_frees_the_source() {
    let server = Server::http(|_| Answer::Keep(http(200, "", ""))).await;
    let agent = agent(&server);
    let alive = Arc::new(());
    let held = Arc::clone(&alive);
    let endless = stream::pending().map(move |nothing: io::Result<Bytes>| {
        let _ = &held;
        nothing
    });
    let upload = upfile(&agent, Source::stream(9, endless));
    let dropped = tokio::time::timeout(Duration::from_millis(200), upload.into_future()).await;
    assert!(dropped.is_err() && server.connections() == 1);
    eventually("the connection is closed", || {
        server.open_connections() == 0
    })
    .await;
    eventually("the source is dropped", || Arc::strong_count(&alive) == 1).await;
    let _ = put(&agent).await.expect("the next one has its turn");
}

#[tokio::test]
async fn a_large_file_arrives_whole() {
    const SIZE: u64 = 64 << 20;
    let read = Arc::new(AtomicU64::new(0));
    let count = Arc::clone(&read);
    let address = scripted(move |mut stream| {
        let count = Arc::clone(&count);
        async move {
            let (head, begin) = read_head(&mut stream).await;
            let length = head.lines().find_map(|line| {
                line.to_ascii_lowercase()
                    .strip_prefix("content-length: ")
                    .map(str::to_owned)
            });
            let length: u64 = length.expect("a length").parse().expect("a number");
            let mut seen = begin.len() as u64;
            let mut chunk = vec![0; 256 << 10];
            while seen < length {
                seen += stream.read(&mut chunk).await.expect("more") as u64;
            }
            count.store(seen, Ordering::SeqCst);
            let answer = http(200, "", "");
            stream.write_all(answer.as_bytes()).await.expect("written");
        }
    })
    .await;
    let (source, taken) = pieces(SIZE);
    let upload = upfile(&at(address), source).into_future();
    let _ = tokio::time::timeout(Duration::from_secs(60), upload)
        .await
        .expect("in time")
        .expect("an answer");
    assert_eq!(taken.load(Ordering::SeqCst), SIZE);
    let around = read.load(Ordering::SeqCst) - SIZE;
    assert!(
        (100..1000).contains(&around),
        "the form around it: {around}"
    );
}

#[tokio::test]
async fn the_source_is_read_only_as_fast_as_the_device_takes_it() {
    // A device that has room for little and takes nothing.
    let socket = tokio::net::TcpSocket::new_v4().expect("a socket");
    socket.set_recv_buffer_size(64 << 10).expect("a size");
    socket.bind(([127, 0, 0, 1], 0).into()).expect("a port");
    let listener = socket.listen(1).expect("a listener");
    let agent = at(listener.local_addr().expect("an address"));
    let (source, taken) = pieces(1 << 30);
    let upload = upfile(&agent, source).idle_timeout(Duration::from_millis(300));
    let error = send(upload).await.expect_err("idle");
    assert_eq!(error.code(), "Timeout.Write");
    let taken = taken.load(Ordering::SeqCst);
    assert!(
        taken < 16 << 20,
        "the buffers of the system hold some of it, we hold little: {taken}"
    );
}
