//! Files beside the calls: what holds in both directions. The test names say what for.

mod codes;
mod download;
mod endless;
mod endpoints;
mod upload;

use std::future::Future;
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::{Duration, Instant};

use tokio::io::AsyncReadExt;
use tokio::net::{TcpListener, TcpStream};
use xerus_rpc::error::{ErrorKind, RedirectReason};
use xerus_rpc::server::Router;
use xerus_rpc::wire::{Layer, Transport, UploadAnswer};
use xerus_rpc::{Agent, Credentials, Error, MemoryTransport, Outcome};

use crate::certificates::{Authority, self_signed, sha256};
use crate::support::{Answer, GET_STATE, Server, failure, http, in_time};

const TARGET: &str = "/cgi-bin/x.cgi";

fn agent(server: &Server) -> Agent {
    server.agent().build().expect("valid")
}

async fn get(agent: &Agent) -> Result<Vec<u8>, Error> {
    let bytes = async { agent.download(TARGET).await?.bytes().await };
    in_time(bytes).await.map(|bytes| bytes.to_vec())
}

async fn put(agent: &Agent) -> Result<UploadAnswer, Error> {
    let upload = agent.upload(TARGET);
    let upload = upload.file("upfile", "upfile.bin", "application/octet-stream", "data");
    in_time(upload.into_future()).await
}

/// The errors of both directions, which have to be alike.
async fn both(agent: &Agent) -> [Error; 2] {
    [
        get(agent).await.expect_err("refused"),
        put(agent).await.expect_err("refused"),
    ]
}

/// A server that does with each connection what the script says.
async fn scripted<F: Future<Output = ()> + Send + 'static>(
    script: impl Fn(TcpStream) -> F + Send + 'static,
) -> SocketAddr {
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
    let address = listener.local_addr().expect("an address");
    tokio::spawn(async move {
        while let Ok((stream, _)) = listener.accept().await {
            // Else an answer may wait for the acknowledgement of what TLS sent before it, and is lost when the script ends.
            stream.set_nodelay(true).expect("a socket");
            tokio::spawn(script(stream));
        }
    });
    address
}

/// Reads the head of a request; gives what came of the body with it.
async fn read_head(stream: &mut (impl tokio::io::AsyncRead + Unpin)) -> (String, Vec<u8>) {
    let mut head = Vec::new();
    let mut chunk = [0; 4096];
    loop {
        let read = stream.read(&mut chunk).await.unwrap_or(0);
        head.extend_from_slice(&chunk[..read]);
        if let Some(end) = head.windows(4).position(|part| part == b"\r\n\r\n") {
            let text = String::from_utf8_lossy(&head[..end]).into_owned();
            return (text, head.split_off(end + 4));
        }
        assert!(read > 0, "no request: {head:?}");
    }
}

fn at(address: SocketAddr) -> Agent {
    Agent::builder(format!("http://{address}"))
        .build()
        .expect("valid")
}

#[tokio::test]
async fn a_wire_without_files_says_so_before_anything_is_sent() {
    let memory = Arc::new(MemoryTransport::new(Router::new()));
    let agent = Agent::with_transport(memory.clone());
    assert!(!agent.capabilities().files);
    for error in both(&agent).await {
        assert_eq!(error.code(), "Config.Unsupported");
        assert_eq!(error.outcome(), Outcome::NotExecuted);
        assert_eq!(error.rid(), Some(TARGET));
    }
    assert_eq!(memory.calls(), 0);
}

#[tokio::test]
async fn a_layer_passes_files_on() {
    struct Nothing(Arc<dyn Transport>);
    impl Layer for Nothing {
        fn inner(&self) -> &Arc<dyn Transport> {
            &self.0
        }
    }
    let server = Server::http(|_| Answer::Keep(http(200, "", "file"))).await;
    let builder = server.agent().layer(|inner| Arc::new(Nothing(inner)));
    let agent = builder.build().expect("valid");
    assert!(agent.capabilities().files);
    assert_eq!(get(&agent).await.expect("a file"), b"file");
    assert_eq!(put(&agent).await.expect("an answer").body(), "file");
}

#[tokio::test]
async fn statuses_mean_what_they_mean_for_calls() {
    use Outcome::{NotExecuted, Unknown};
    for (status, code, outcome) in [
        (204, "HttpStatus.Unexpected", Unknown),
        (206, "HttpStatus.Unexpected", Unknown),
        (304, "HttpStatus.Unexpected", Unknown),
        (400, "HttpStatus.Client", NotExecuted),
        (401, "Auth.Unauthorized", NotExecuted),
        (403, "Auth.Forbidden", NotExecuted),
        (404, "HttpStatus.NotFound", NotExecuted),
        (408, "HttpStatus.RequestTimeout", NotExecuted),
        (413, "HttpStatus.Client", NotExecuted),
        (451, "Auth.PasswordChangeRequired", NotExecuted),
        (500, "HttpStatus.Server", Unknown),
        (503, "HttpStatus.Server", Unknown),
    ] {
        let page = if matches!(status, 204 | 304) {
            ""
        } else {
            "<h1>No</h1> <p>way"
        };
        let server = Server::http(move |_| Answer::Keep(http(status, "", page))).await;
        for error in both(&agent(&server)).await {
            assert_eq!((error.code(), error.outcome()), (code, outcome), "{status}");
            assert_eq!(error.http_status(), Some(status));
            assert_eq!(error.origin(), Some(&*server.url()));
            assert_eq!(error.rid(), Some(TARGET));
            if code.starts_with("HttpStatus") && status > 400 {
                assert!(error.to_string().contains("No way"), "{error}");
            }
        }
        assert_eq!(
            server.requests(),
            2,
            "{status}: sent once in each direction"
        );
    }
}

#[tokio::test]
async fn an_error_page_has_little_time_and_room() {
    let endless = || Answer::Endless("HTTP/1.1 500 X\r\n\r\n".into(), "<p>busy ".repeat(1000));
    let server = Server::http(move |_| endless()).await;
    for error in both(&agent(&server)).await {
        assert!(error.to_string().contains("busy busy"), "{error}");
    }
    let server = Server::http(|_| Answer::Begin("HTTP/1.1 500 X\r\n\r\nbusy".into())).await;
    let agent = agent(&server);
    let begin = Instant::now();
    let error = agent
        .download(TARGET)
        .idle_timeout(Duration::from_millis(200))
        .await
        .expect_err("500");
    assert!(error.to_string().contains("busy"), "{error}");
    assert!(begin.elapsed() < Duration::from_secs(3));
}

#[tokio::test]
async fn users_are_sent_to_the_device_and_nowhere_else() {
    let stranger = Server::http(|_| Answer::Keep(http(200, "", ""))).await;
    for status in [301, 302, 303, 307, 308] {
        let location = format!("http://{}{TARGET}", stranger.address);
        let headers = format!("Location: {location}\r\n");
        let server = Server::http(move |_| Answer::Keep(http(status, &headers, ""))).await;
        let builder = server.agent().basic_auth("admin", "hunter2");
        for error in both(&builder.build().expect("valid")).await {
            let ErrorKind::Redirect(redirect) = error.kind() else {
                panic!("{error:?}")
            };
            assert_eq!(redirect.reason, RedirectReason::CrossHost);
            // 303 may follow on an execution.
            let not_executed = error.outcome() == Outcome::NotExecuted;
            assert_eq!(not_executed, status != 303, "{error:?}");
            assert!(!format!("{error:?}").contains("hunter2"));
        }
        assert_eq!(server.seen()[1].headers("authorization").len(), 1);
    }
    assert_eq!(stranger.connections(), 0);
}

#[tokio::test]
async fn the_newest_credentials_count() {
    let server = Server::http(|_| Answer::Keep(http(200, "", ""))).await;
    let agent = server
        .agent()
        .basic_auth("a", "b")
        .client_type("Test")
        .build()
        .expect("valid");
    get(&agent).await.expect("a file");
    agent
        .login(Credentials::token("0123456789abcdef"))
        .await
        .expect("valid");
    let _ = put(&agent).await.expect("an answer");
    agent.logout().await.expect("valid");
    get(&agent).await.expect("a file");
    let seen = server.seen();
    assert_eq!(seen[0].headers("authorization"), ["Basic YTpi"]);
    assert_eq!(seen[1].headers("x-sessiontoken"), ["0123456789abcdef"]);
    assert!(seen[1].headers("authorization").is_empty());
    assert!(seen[2].headers("x-sessiontoken").is_empty());
    for seen in &seen {
        assert!(!seen.line().contains("0123"), "{}", seen.line());
        assert_eq!(seen.headers("x-client-type"), ["Test"]);
        assert_eq!(seen.headers("accept-encoding"), ["identity"]);
    }
}

#[tokio::test]
async fn a_target_is_a_path_below_the_prefix() {
    let server = Server::http(|_| Answer::Keep(http(200, "", ""))).await;
    let agent = Agent::builder(format!("{}/link/2", server.url()))
        .build()
        .expect("valid");
    for target in ["cgi-bin/a b.cgi", "/cgi-bin/a b.cgi"] {
        let _ = agent
            .download(target)
            .query("t", "a&b=c")
            .query("ids", "1,2")
            .await
            .expect("a file");
        let _ = agent
            .upload(target)
            .query("t", "ä")
            .await
            .expect("an answer");
    }
    let lines: Vec<_> = server
        .seen()
        .iter()
        .map(|seen| seen.line().to_owned())
        .collect();
    assert_eq!(
        lines[0],
        "GET /link/2/cgi-bin/a%20b.cgi?t=a%26b%3Dc&ids=1,2 HTTP/1.1"
    );
    assert_eq!(lines[1], "POST /link/2/cgi-bin/a%20b.cgi?t=%C3%A4 HTTP/1.1");
    assert_eq!(lines[0], lines[2]);

    for target in [
        "",
        "//evil.example/x",
        "http://evil.example/x",
        "/a/../b",
        "/a\r\nX: y",
    ] {
        let error = agent.download(target).await.expect_err(target);
        assert_eq!(
            (error.code(), error.outcome()),
            ("Config.BadRid", Outcome::NotExecuted)
        );
        let error = agent.upload(target).await.expect_err(target);
        assert_eq!(error.code(), "Config.BadRid", "{target}");
    }
    let no_time = agent
        .download("/x")
        .idle_timeout(Duration::ZERO)
        .await
        .expect_err("no time");
    assert_eq!(no_time.code(), "Config.OutOfRange");
    let no_time = agent
        .upload("/x")
        .timeout(Duration::ZERO)
        .await
        .expect_err("no time");
    assert_eq!(no_time.code(), "Config.OutOfRange");
    assert_eq!(server.requests(), 4, "nothing of that was sent");
}

#[tokio::test]
async fn certificates_are_judged_as_for_calls() {
    let (pem, config) = self_signed(&["pdu"], false);
    let server = Server::https(config, |_| Answer::Keep(http(200, "", "file"))).await;
    let pinned = server
        .agent()
        .pin_certificate_sha256(sha256(&pem))
        .build()
        .expect("valid");
    assert_eq!(get(&pinned).await.expect("a file"), b"file");
    assert_eq!(put(&pinned).await.expect("an answer").body(), "file");

    let other = Authority::new();
    for (builder, code) in [
        (
            server.agent().root_certificate_pem(other.pem()),
            "Tls.UnknownIssuer",
        ),
        (
            server.agent().pin_certificate_sha256("00".repeat(32)),
            "Tls.PinMismatch",
        ),
    ] {
        let builder = builder.basic_auth("admin", "hunter2");
        let calls = builder.clone().build_transport().expect("valid");
        assert_eq!(failure(&calls, &GET_STATE).await.code(), code);
        for error in both(&builder.build().expect("valid")).await {
            assert_eq!(
                (error.code(), error.outcome()),
                (code, Outcome::NotExecuted)
            );
        }
    }
    assert_eq!(server.requests(), 2);
}

#[tokio::test]
async fn no_device_no_file() {
    let port = crate::support::dead_port().await;
    let nobody = Agent::builder(format!("http://127.0.0.1:{port}"))
        .build()
        .expect("valid");
    for error in both(&nobody).await {
        assert_eq!(
            (error.code(), error.outcome()),
            ("Connect.Refused", Outcome::NotExecuted)
        );
    }
    let server = Server::http(|_| Answer::Cut).await;
    let [get, put] = both(&agent(&server)).await;
    assert_eq!(
        (get.code(), put.code()),
        ("ConnectionLost", "ConnectionLost")
    );
    assert_eq!(put.outcome(), Outcome::Unknown);
    assert!(get.is_retryable() && !put.is_retryable());
    let server = Server::http(|_| Answer::Last("SSH-2.0-dropbear\r\n".into())).await;
    for error in both(&self::agent(&server)).await {
        assert_eq!(error.code(), "HttpProtocol.Framing");
    }
}

#[tokio::test]
async fn transfers_queue_and_calls_go_on() {
    let server = Server::http(|seen| match seen.line() {
        line if line.starts_with("GET /slow") => {
            Answer::Later(Duration::from_millis(300), http(200, "", "slow"))
        }
        line if line.starts_with("POST /model") => seen.answer("{}"),
        _ => Answer::Keep(http(200, "", "fast")),
    })
    .await;
    let agent = agent(&server);
    let slow = agent.clone();
    let slow = tokio::spawn(async move { slow.download("/slow").await?.bytes().await });
    crate::support::eventually("the slow one is under way", || server.requests() == 1).await;

    let begin = Instant::now();
    agent
        .call("/model/pdu/0", "getState", xerus_rpc::Json::EMPTY_OBJECT)
        .await
        .expect("an answer");
    assert!(
        begin.elapsed() < Duration::from_millis(250),
        "calls do not wait for files"
    );
    let impatient = agent
        .download("/fast")
        .timeout(Duration::from_millis(20))
        .await;
    let error = impatient.expect_err("the slow one is ahead");
    assert_eq!(
        (error.code(), error.outcome()),
        ("Timeout.Queue", Outcome::NotExecuted)
    );

    assert_eq!(get(&agent).await.expect("a file"), b"fast");
    assert_eq!(slow.await.expect("no panic").expect("a file"), "slow");
    let order: Vec<_> = server
        .seen()
        .iter()
        .map(|seen| seen.line().to_owned())
        .collect();
    assert!(order[2].starts_with("GET /cgi-bin"), "{order:?}");
}

#[tokio::test]
async fn a_download_that_nobody_reads_does_not_block_the_next_for_ever() {
    let server =
        Server::http(|_| Answer::Endless("HTTP/1.1 200 OK\r\n\r\n".into(), "x".repeat(999))).await;
    let agent = agent(&server);
    let unread = agent.download(TARGET).await.expect("a file");
    let next = agent
        .upload(TARGET)
        .idle_timeout(Duration::from_millis(200));
    let error = in_time(next.into_future())
        .await
        .expect_err("the queue stands still");
    assert_eq!(error.code(), "Timeout.Queue");
    drop(unread);
    let limited = agent
        .download(TARGET)
        .limit(10_000)
        .await
        .expect("the queue moves again");
    assert_eq!(
        limited.bytes().await.expect_err("endless").code(),
        "ResponseTooLarge"
    );
    crate::support::eventually("all connections are closed", || {
        server.open_connections() == 0
    })
    .await;
}

#[cfg(feature = "blocking")]
#[tokio::test]
async fn without_async() {
    let server =
        Server::http(|seen| Answer::Keep(http(200, "X-Response-Code: 3\r\n", &seen.body))).await;
    let agent = agent(&server);
    let blocking = tokio::task::spawn_blocking(move || {
        let file = agent.download(TARGET).send_blocking();
        let answer = agent.upload(TARGET).field("submit", "1").send_blocking();
        (file, answer)
    });
    let (file, answer) = blocking.await.expect("no panic");
    assert_eq!(file.expect("a file"), "");
    let answer = answer.expect("an answer");
    assert_eq!(answer.response_code().expect("a code"), 3);
    assert!(String::from_utf8_lossy(answer.body()).contains("name=\"submit\"\r\n\r\n1\r\n"));
}

#[test]
fn an_agent_has_files_in_every_runtime() {
    let runtime = || {
        let mut builder = tokio::runtime::Builder::new_multi_thread();
        builder
            .worker_threads(1)
            .enable_all()
            .build()
            .expect("a runtime")
    };
    let devices = runtime();
    let server = devices.block_on(Server::http(|_| Answer::Keep(http(200, "", "file"))));
    let agent = agent(&server);
    for _ in 0..2 {
        let programs = runtime();
        assert_eq!(programs.block_on(get(&agent)).expect("a file"), b"file");
        let answer = programs.block_on(put(&agent));
        assert_eq!(answer.expect("an answer").body(), "file");
    }
}

#[tokio::test]
async fn an_answer_that_is_always_about_to_come_is_none() {
    let flood = || Answer::Endless(String::new(), "HTTP/1.1 100 Continue\r\n\r\n".repeat(99));
    let server = Server::http(move |_| flood()).await;
    let agent = agent(&server);
    let idle = Duration::from_millis(200);
    let download = agent.download(TARGET).idle_timeout(idle).into_future();
    let error = in_time(download).await.expect_err("no answer");
    assert_eq!(error.code(), "HttpProtocol.Framing");
    let upload = agent.upload(TARGET).idle_timeout(idle).into_future();
    let error = in_time(upload).await.expect_err("no answer");
    assert_eq!(
        (error.code(), error.outcome()),
        ("HttpProtocol.Framing", Outcome::Unknown)
    );
}

#[tokio::test]
async fn nothing_shows_what_a_query_holds() {
    let server = Server::http(|_| Answer::Cut).await;
    let agent = agent(&server);
    let download = || agent.download(TARGET).query("user_password", "hunter2");
    let upload = || {
        agent
            .upload(TARGET)
            .query("user_password", "hunter2")
            .field("a", "hunter2")
    };
    let errors = [
        download().await.expect_err("cut"),
        upload().await.expect_err("cut"),
    ];
    let shown = format!("{:?} {:?} {errors:?}", download(), upload());
    assert!(
        shown.contains("user_password") && !shown.contains("hunter2"),
        "{shown}"
    );
}

#[tokio::test]
async fn a_handshake_that_stands_still_or_breaks_off() {
    let silent = crate::support::raw_server(b"").await;
    let closing = scripted(|stream| async move { drop(stream) }).await;
    let plain = crate::support::raw_server(b"HTTP/1.1 400 Bad Request\r\n\r\n").await;
    for (address, code) in [
        (silent, "Timeout.Tls"),
        (closing, "Tls.Closed"),
        (plain, "Tls.NotTls"),
    ] {
        let agent = Agent::builder(format!("https://{address}"))
            .pin_certificate_sha256("00".repeat(32))
            .connect_timeout(Duration::from_millis(200))
            .build()
            .expect("valid");
        for error in both(&agent).await {
            assert_eq!(
                (error.code(), error.outcome()),
                (code, Outcome::NotExecuted)
            );
        }
    }
}
