//! What is not sent was not executed, and what was sent may have been: over the wires of the runtime.

use std::io;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::{TcpListener, TcpStream};
use xerus_rpc::netstring::{Netstring, Priority, Server, Servers};
use xerus_rpc::ripex2::Ripex2;
use xerus_rpc::wamp::{Objects, Wamp};
use xerus_rpc::wire::Transport;
use xerus_rpc::{Agent, Outcome};
use xerus_wires_tests::api::bench::Scale;

use crate::aids::{all, until};

/// Clients of what listens at this port.
fn clients(port: u16) -> Vec<(&'static str, Agent)> {
    let server = Server::new("127.0.0.1", port, Priority::HigherFirst(1));
    let netstring = Netstring::builder(Servers::new([server]).unwrap()).build();
    let wamp = Wamp::builder(format!("ws://127.0.0.1:{port}/ws"), "com.example.realm")
        .objects(Objects::None)
        .timeout(Duration::from_secs(20));
    let ripex2 = Ripex2::builder(format!("http://127.0.0.1:{port}")).login("ann", "secret");
    let ripex2: Arc<dyn Transport> = Arc::new(ripex2.build_transport().unwrap());
    vec![
        ("netstring", netstring.agent()),
        ("WAMP", wamp.build().unwrap().agent()),
        ("RipEX2", Agent::with_transport(ripex2)),
    ]
}

async fn free_port() -> u16 {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    listener.local_addr().unwrap().port()
}

/// Says something to whoever connects, and closes; counts them.
async fn says(text: &'static [u8]) -> (u16, Arc<AtomicUsize>) {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let port = listener.local_addr().unwrap().port();
    let count = Arc::new(AtomicUsize::new(0));
    let counted = Arc::clone(&count);
    tokio::spawn(async move {
        while let Ok((stream, _)) = listener.accept().await {
            counted.fetch_add(1, Ordering::SeqCst);
            tokio::spawn(answer(stream, text));
        }
    });
    (port, count)
}

async fn answer(mut stream: TcpStream, text: &[u8]) -> io::Result<()> {
    let mut some = [0; 4096];
    if stream.read(&mut some).await? == 0 {
        return Ok(());
    }
    stream.write_all(text).await?;
    stream.shutdown().await
}

#[tokio::test]
async fn where_nobody_listens_nothing_is_executed() {
    for (wire, agent) in clients(free_port().await) {
        let scale = Scale::at(&agent, "");
        let error = scale.clear().await.unwrap_err();
        assert_eq!(error.code(), "Connect.Refused", "{wire}: {error:?}");
        assert_eq!(error.outcome(), Outcome::NotExecuted, "{wire}");
        assert!(error.is_retryable(), "{wire}: {error:?}");
        // The whole bulk fares like its first call.
        let bulk = agent.bulk([scale.clear(), scale.clear()]).await;
        let error = bulk.unwrap_err();
        assert_eq!(error.code(), "Connect.Refused", "{wire}: {error:?}");
        let error = scale.knock("x").await.unwrap_err();
        assert_eq!(error.outcome(), Outcome::NotExecuted, "{wire}");
    }
}

#[tokio::test]
async fn what_a_wire_cannot_say_is_refused_before_anything_is_sent() {
    let (port, connections) = says(b"").await;
    for (wire, agent) in clients(port) {
        let scale = Scale::at(&agent, "");
        let mut refused = vec![
            Scale::at(&agent, "/bench/scale").clear().await.unwrap_err(),
            agent
                .call("/bench/scale", "x", "{}".parse().unwrap())
                .await
                .unwrap_err(),
        ];
        assert!(
            refused.iter().all(|error| error.code() == "Config.BadRid"),
            "{wire}: {refused:?}"
        );
        match wire {
            "WAMP" => {
                let object = xerus_rpc::Interface::as_object(&scale);
                refused.push(object.get_type_info().await.unwrap_err());
                let params = "{}".parse().unwrap();
                refused.push(agent.call("", "no uri", params).await.unwrap_err());
            }
            "RipEX2" => {
                refused.push(scale.open_series("it's").await.unwrap_err());
                refused.push(scale.knock("ann").notify().await.unwrap_err());
            }
            _ => {}
        }
        if wire != "WAMP" {
            let mut stream = scale.weigh(3).stream();
            let error = stream.next().await.unwrap().unwrap_err();
            assert_eq!(error.code(), "Config.Unsupported", "{wire}: {error:?}");
            assert!(stream.next().await.is_none(), "{wire}");
            refused.push(error);
        }
        for error in refused {
            assert_eq!(error.outcome(), Outcome::NotExecuted, "{wire}: {error:?}");
            assert!(!error.is_retryable(), "{wire}: {error:?}");
        }
    }
    assert_eq!(connections.load(Ordering::SeqCst), 0);
}

#[tokio::test]
async fn garbage_is_an_error_and_no_answer() {
    for said in [
        &b"SSH-2.0-OpenSSH_9.2\r\n"[..],
        b"HTTP/1.1 400 Bad Request\r\n\r\n",
        b"HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\nnull",
        b"HTTP/1.1 101 Switching Protocols\r\n\r\n",
        b"5:hello,",
        b"\x00\xff\x00\xff",
        b"",
    ] {
        let (port, _) = says(said).await;
        for (wire, agent) in clients(port) {
            let scale = Scale::at(&agent, "");
            let error = scale
                .clear()
                .timeout(Duration::from_secs(5))
                .await
                .unwrap_err();
            let shown = format!("{wire} {}: {error:?}", said.escape_ascii());
            assert!(
                !error.is_retryable() || error.outcome() == Outcome::NotExecuted,
                "{shown}"
            );
            assert!(error.as_rpc().is_none(), "{shown}");
            assert!(!error.code().starts_with("Timeout"), "{shown}");
            assert!(error.to_string().len() < 600, "{shown}");
            if wire == "WAMP" {
                // No session, so that no call was made.
                assert_eq!(error.outcome(), Outcome::NotExecuted, "{shown}");
            }
        }
    }
}

#[tokio::test]
async fn a_wire_that_was_closed_opens_again() {
    for bench in all().await {
        if bench.wire.starts_with("memory") {
            continue;
        }
        let wire = bench.wire;
        assert_eq!(bench.scale.add(1, 1).await.unwrap(), 2, "{wire}");
        let (slow, ()) = tokio::join!(bench.scale.dawdle(50).send(), async {
            tokio::time::sleep(Duration::from_millis(10)).await;
            bench.agent.close().await;
        });
        assert_eq!(slow.unwrap(), 50, "{wire}: calls under way end first");
        assert_eq!(bench.scale.add(1, 2).await.unwrap(), 3, "{wire}");
    }
}

#[tokio::test]
async fn a_call_without_an_answer_arrives_where_the_wire_has_such() {
    for bench in all().await {
        // A mark says it, or the caller. Where there are none, a mark makes an ordinary call.
        bench.scale.knock("marked").await.unwrap();
        let asked = bench.scale.knock("asked").notify().await;
        if !bench.agent.capabilities().notify {
            let known = ["memory", "RipEX2"].map(|name| bench.wire.starts_with(name));
            assert!(known.contains(&true), "{}", bench.wire);
            let error = asked.unwrap_err();
            assert_eq!(error.code(), "Config.Unsupported", "{}", bench.wire);
            assert_eq!(bench.watched.knocks(), ["marked"], "{}", bench.wire);
            continue;
        }
        asked.unwrap();
        until(|| bench.watched.knocks().len() == 2).await;
        let mut knocks = bench.watched.knocks();
        knocks.sort_unstable();
        assert_eq!(knocks, ["asked", "marked"], "{}", bench.wire);
    }
}

#[tokio::test]
async fn a_name_of_the_wire_reaches_the_method_over_every_wire() {
    for bench in all().await {
        let params = r#"{"x":2,"y":3}"#.parse().unwrap();
        let answer = bench.agent.call(bench.rid, "com.example.add", params).await;
        let answer = answer.unwrap();
        let digits = answer
            .get()
            .replace(|letter: char| !letter.is_ascii_digit(), "");
        assert_eq!(digits, "5", "{}: {}", bench.wire, answer.get());
    }
}

#[tokio::test]
async fn errors_keep_their_data_over_every_wire() {
    for bench in all().await {
        let error = bench.scale.fail("broken").await.unwrap_err();
        let rpc = error.as_rpc().unwrap();
        assert_eq!(
            (error.rpc_code(), rpc.name),
            (Some(-32050), Some("Broken")),
            "{}",
            bench.wire
        );
        let data = rpc.data.as_ref().unwrap().get();
        if bench.wire.starts_with("RipEX2") {
            // There the data is the object of the error, and the words beside it.
            let details = xerus_rpc::ripex2::Details::of(&error).unwrap();
            let own = details
                .message_params
                .iter()
                .find(|(name, _)| name == "json_rpc_data");
            assert_eq!(own.unwrap().1, "{}");
        } else {
            assert_eq!(data, "{}", "{}", bench.wire);
        }
    }
}
