//! Answers, silences and connections without end: each ends within the time and the memory that the agent grants.

use std::net::TcpListener as StdListener;
use std::time::{Duration, Instant};

use xerus_rpc::error::{ErrorKind, TimeoutPhase};
use xerus_rpc::{AgentBuilder, Json, Outcome};

use crate::device::{
    Asked, BOTH, Device, Scheme, Step, eventually, get, http, in_time, raw, switch, trusting,
};
use crate::verdict::{Faults, assert_failed, assert_usable};

const TOO_LARGE: (&str, Outcome) = ("ResponseTooLarge", Outcome::Unknown);

/// More than the sockets of both sides hold.
const SOCKETS: u64 = 16 << 20;

#[tokio::test]
async fn a_gigabyte_that_is_declared_is_not_read() {
    for scheme in BOTH {
        let device = Device::start(scheme, |asked: &Asked| match asked.method().as_str() {
            "getState" => asked.returns("\"well\""),
            _ => vec![
                Step::Send(b"HTTP/1.1 200 OK\r\nContent-Length: 1073741824\r\n\r\n".to_vec()),
                Step::Endless(vec![b'x'; 64 << 10]),
            ],
        })
        .await;
        let agent = device.agent().build().expect("valid");
        let start = Instant::now();
        let error = switch(&agent).await.expect_err("too large");
        let ErrorKind::ResponseTooLarge(sizes) = error.kind() else {
            panic!("{error:?}")
        };
        assert_eq!((sizes.limit, sizes.seen), (32 << 20, 1 << 30));
        assert_eq!(error.outcome(), Outcome::Unknown);
        assert!(start.elapsed() < Duration::from_secs(5));
        eventually("the connection is closed", || {
            device.open_connections() == 0
        })
        .await;
        assert!(device.sent() < SOCKETS, "{}", device.sent());
        assert_usable(&agent).await;
    }
}

#[tokio::test]
async fn bodies_without_an_end_are_read_up_to_the_limit() {
    let limit = 1 << 20;
    let heads = [
        ("HTTP/1.1 200 OK\r\n\r\n", vec![b'x'; 1 << 14]),
        // Blanks are JSON that may yet become an answer.
        ("HTTP/1.1 200 OK\r\n\r\n", vec![b' '; 1 << 14]),
        (
            "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n",
            [b"4000\r\n".to_vec(), vec![b'['; 1 << 14], b"\r\n".to_vec()].concat(),
        ),
        // Small chunks with long extensions: what is read is more than what arrives.
        (
            "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n",
            b"1;a=bbbbbbbbbbbbbbbb\r\n[\r\n".repeat(1000),
        ),
    ];
    let mut faults = Faults::default();
    for scheme in BOTH {
        for (number, (head, more)) in heads.clone().into_iter().enumerate() {
            let device = Device::start(scheme, move |_: &Asked| {
                vec![Step::Send(head.into()), Step::Endless(more.clone())]
            })
            .await;
            let agent = device
                .agent()
                .max_response_bytes(limit)
                .build()
                .expect("valid");
            let result = switch(&agent).await;
            match number {
                // Extensions may be counted on their own.
                3 => faults.expect_unknown(
                    (scheme, number),
                    result,
                    &[
                        "ResponseTooLarge",
                        "HttpProtocol.Framing",
                        "HttpProtocol.Truncated",
                    ],
                ),
                _ => faults.expect((scheme, number), result, TOO_LARGE),
            }
            eventually("the connection is closed", || {
                device.open_connections() == 0
            })
            .await;
            let most = 40 * limit as u64 + SOCKETS;
            assert!(device.sent() < most, "{number}: {}", device.sent());
            assert_eq!(device.requests(), 1);
        }
    }
    faults.assert_none();
}

#[tokio::test]
async fn the_limit_of_every_agent_is_thirty_two_mebibytes() {
    let device = Device::http(|_: &Asked| {
        vec![
            Step::Send(b"HTTP/1.1 200 OK\r\n\r\n".to_vec()),
            Step::Endless(vec![b'x'; 1 << 20]),
        ]
    })
    .await;
    let agent = device.agent().build().expect("valid");
    let start = Instant::now();
    assert_failed(switch(&agent).await, TOO_LARGE, "endless");
    assert!(start.elapsed() < Duration::from_secs(10));
    let sent = device.sent();
    assert!((32 << 20..(32 << 20) + SOCKETS).contains(&sent), "{sent}");
}

#[tokio::test]
async fn error_pages_without_an_end_are_read_in_part() {
    for status in ["500 X", "401 X", "302 X"] {
        let device = Device::http(move |asked: &Asked| match asked.method().as_str() {
            "getState" => asked.returns("\"well\""),
            _ => vec![
                Step::Send(format!("HTTP/1.1 {status}\r\n\r\n").into()),
                Step::Endless(vec![b'x'; 1 << 14]),
            ],
        })
        .await;
        let agent = device.agent().build().expect("valid");
        let error = switch(&agent).await.expect_err(status);
        assert!(error.http_status().is_some(), "{error:?}");
        assert!(error.to_string().len() < 1000, "{error}");
        eventually("the connection is closed", || {
            device.open_connections() == 0
        })
        .await;
        assert!(device.sent() < SOCKETS, "{}", device.sent());
        assert_usable(&agent).await;
    }
}

/// Gives an agent so little time that a test can wait for its end.
fn short(agent: AgentBuilder) -> AgentBuilder {
    agent.timeout(Duration::from_millis(400))
}

#[tokio::test]
async fn one_byte_at_a_time_ends_with_the_time_of_the_call() {
    let every = Duration::from_millis(15);
    type Shape = fn(Duration) -> Vec<Step>;
    let shapes: [(&str, Shape); 4] = [
        ("Timeout.FirstByte", |every| {
            vec![Step::Drip(
                b"HTTP/1.1 200 OK\r\nContent-Length: 99\r\nA: bbbbb\r\n\r\n".repeat(9),
                every,
            )]
        }),
        ("Timeout.Body", |every| {
            let head = b"HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\n".to_vec();
            vec![Step::Send(head), Step::Drip(vec![b' '; 1000], every)]
        }),
        ("Timeout.Body", |every| {
            let head = b"HTTP/1.1 200 OK\r\n\r\n".to_vec();
            vec![Step::Send(head), Step::Drip(vec![b' '; 1000], every)]
        }),
        // The page of a status tells nothing that the status does not.
        ("HttpStatus.Server", |every| {
            let head = b"HTTP/1.1 500 X\r\nContent-Length: 1000\r\n\r\n".to_vec();
            vec![Step::Send(head), Step::Drip(vec![b' '; 1000], every)]
        }),
    ];
    for scheme in BOTH {
        for (code, shape) in shapes {
            let device =
                Device::start(scheme, move |asked: &Asked| match asked.method().as_str() {
                    "getState" => asked.returns("\"well\""),
                    _ => shape(every),
                })
                .await;
            let agent = short(device.agent()).build().expect("valid");
            let start = Instant::now();
            let result = switch(&agent).await;
            assert_failed(
                result,
                (code, Outcome::Unknown),
                &format!("{scheme:?} {code}"),
            );
            let took = start.elapsed();
            assert!(took >= Duration::from_millis(390), "{took:?}");
            assert!(took < Duration::from_secs(5), "{took:?}");
            eventually("the connection is closed", || {
                device.open_connections() == 0
            })
            .await;
            assert_usable(&agent).await;
        }
    }
}

#[tokio::test]
async fn silence_ends_with_the_time_of_the_call_and_its_phase() {
    for scheme in BOTH {
        let device = Device::start(scheme, |_: &Asked| vec![Step::Hold]).await;
        let agent = short(device.agent()).build().expect("valid");
        let error = switch(&agent).await.expect_err("silence");
        assert_eq!(error.code(), "Timeout.FirstByte", "{error:?}");
        assert_eq!(
            (error.outcome(), error.is_retryable()),
            (Outcome::Unknown, false)
        );
        let error = get(&agent).await.expect_err("silence");
        assert_eq!(error.code(), "Timeout.FirstByte", "{error:?}");
        assert!(error.is_retryable(), "a reading call does no harm");
        assert_eq!(device.requests(), 2, "time that is over is not tried again");
    }
}

#[tokio::test]
async fn a_request_that_nobody_reads_ends_with_the_time_of_the_call() {
    // The connection is accepted and never read from; the request is larger than the sockets.
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0")
        .await
        .expect("a port");
    let address = listener.local_addr().expect("an address");
    tokio::spawn(async move {
        let mut held = Vec::new();
        while let Ok((stream, _)) = listener.accept().await {
            held.push(stream);
        }
    });
    let agent = short(trusting(format!("http://{address}")))
        .build()
        .expect("valid");
    let large: Json = format!("{{\"x\":\"{}\"}}", "y".repeat(30 << 20))
        .parse()
        .expect("JSON");
    let call = agent.call("/x", "setConfiguration", large);
    let error = in_time(call).await.expect_err("nobody reads");
    assert_eq!(
        (error.code(), error.outcome()),
        ("Timeout.Write", Outcome::Unknown),
        "{error:?}"
    );
}

#[tokio::test]
async fn connections_that_are_never_accepted_end_with_the_connect_time() {
    // A queue that is full: further connections are neither accepted nor refused.
    let socket = tokio::net::TcpSocket::new_v4().expect("a socket");
    socket
        .bind("127.0.0.1:0".parse().expect("an address"))
        .expect("a port");
    let listener = socket.listen(1).expect("listens");
    let address = listener.local_addr().expect("an address");
    let mut fill = Vec::new();
    for _ in 0..8 {
        let connect = tokio::net::TcpStream::connect(address);
        if let Ok(stream) = tokio::time::timeout(Duration::from_millis(50), connect).await {
            fill.push(stream);
        }
    }
    for scheme in ["http", "https"] {
        let agent = trusting(format!("{scheme}://{address}"));
        let agent = agent
            .connect_timeout(Duration::from_millis(200))
            .build()
            .expect("valid");
        let start = Instant::now();
        let error = switch(&agent).await.expect_err("no connection");
        let ErrorKind::Timeout(timeout) = error.kind() else {
            panic!("{error:?}")
        };
        assert_eq!(timeout.phase, TimeoutPhase::Connect);
        assert_eq!(
            (error.outcome(), error.was_sent()),
            (Outcome::NotExecuted, Some(false))
        );
        assert!(error.is_retryable());
        assert!(start.elapsed() < Duration::from_secs(5));
    }
    drop(fill);
}

#[tokio::test]
async fn a_handshake_that_stalls_ends_with_the_connect_time() {
    let openings: [&[u8]; 3] = [b"", b"\x16", b"\x16\x03\x03\x00\x7a\x02"];
    for opening in openings {
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0")
            .await
            .expect("a port");
        let address = listener.local_addr().expect("an address");
        tokio::spawn(async move {
            let mut held = Vec::new();
            while let Ok((mut stream, _)) = listener.accept().await {
                let _ = tokio::io::AsyncWriteExt::write_all(&mut stream, opening).await;
                held.push(stream);
            }
        });
        let agent = trusting(format!("https://{address}"));
        let agent = agent
            .connect_timeout(Duration::from_millis(200))
            .build()
            .expect("valid");
        let error = switch(&agent).await.expect_err("no handshake");
        assert_eq!(
            (error.code(), error.outcome()),
            ("Timeout.Tls", Outcome::NotExecuted),
            "{opening:?}: {error:?}"
        );
    }
}

#[tokio::test]
async fn plain_text_on_a_port_for_tls_and_tls_on_one_for_plain_text() {
    let plain = Device::http(|_: &Asked| vec![Step::Hold]).await;
    let agent = trusting(format!("https://{}", plain.address));
    let agent = agent
        .connect_timeout(Duration::from_millis(500))
        .build()
        .expect("valid");
    let error = switch(&agent).await.expect_err("no handshake");
    assert!(
        error.code().starts_with("Tls.") || error.code() == "Timeout.Tls",
        "{error:?}"
    );
    assert_eq!(
        (error.outcome(), plain.requests()),
        (Outcome::NotExecuted, 0)
    );

    let secure = Device::start(Scheme::Https, |asked: &Asked| asked.returns("1")).await;
    let agent = trusting(format!("http://{}", secure.address))
        .build()
        .expect("valid");
    let error = switch(&agent).await.expect_err("no HTTP");
    // The alert that such a device answers with comes before its connection ends, or is lost with it.
    assert!(
        matches!(error.code(), "HttpProtocol.SpeaksTls" | "ConnectionLost"),
        "{error:?}"
    );
    assert_eq!(secure.requests(), 0);
}

#[tokio::test]
async fn a_host_of_which_one_address_is_dead_is_reached_by_the_other() {
    // `localhost` stands for ::1 as well on most systems; only 127.0.0.1 listens.
    let device = Device::http(|asked: &Asked| asked.returns("\"well\"")).await;
    let url = format!("http://localhost:{}", device.address.port());
    let agent = trusting(url)
        .connect_timeout(Duration::from_secs(5))
        .build()
        .expect("valid");
    let start = Instant::now();
    assert_usable(&agent).await;
    assert!(start.elapsed() < Duration::from_secs(5));
}

#[tokio::test]
async fn a_port_without_a_listener_refuses_at_once() {
    let port = {
        let listener = StdListener::bind("127.0.0.1:0").expect("a port");
        listener.local_addr().expect("an address").port()
    };
    for scheme in ["http", "https"] {
        for host in ["127.0.0.1", "localhost"] {
            let agent = trusting(format!("{scheme}://{host}:{port}"))
                .build()
                .expect("valid");
            let start = Instant::now();
            let error = switch(&agent).await.expect_err("refused");
            assert_eq!(
                (error.code(), error.outcome()),
                ("Connect.Refused", Outcome::NotExecuted),
                "{scheme} {host}: {error:?}"
            );
            assert!(error.is_retryable());
            assert!(start.elapsed() < Duration::from_secs(5));
        }
    }
}

#[tokio::test]
async fn deep_nesting_meets_its_limit_and_not_the_stack() {
    let mut faults = Faults::default();
    for (open, close) in [("[", "]"), (r#"{"a":"#, "}")] {
        for member in ["result", "error", "id", "unknown"] {
            let text = format!("{}1{}", open.repeat(200_000), close.repeat(200_000));
            let result = crate::verdict::answered(move |asked: &Asked| {
                let id = &asked.json()["id"];
                let body = format!(r#"{{"{member}":{text},"jsonrpc":"2.0","id":{id}}}"#);
                raw(http(200, "", body))
            })
            .await;
            faults.expect(
                (open, member),
                result,
                ("Json.DepthExceeded", Outcome::Unknown),
            );
        }
    }
    faults.assert_none();
}
