//! Routers that send more than is asked of them: what waits here is limited.

use std::time::{Duration, Instant};

use serde_json::json;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use xerus_rpc::wamp::Content;

use crate::router::{CROSSBAR, LONG, Router, call};
use crate::serving::{REGISTRATION, with};

/// A message as it goes over the connection of a router: a text frame, without a mask.
fn frame(text: &str) -> Vec<u8> {
    let mut frame = vec![0x81];
    let length = u8::try_from(text.len()).unwrap();
    assert!(length < 126);
    frame.push(length);
    frame.extend_from_slice(text.as_bytes());
    frame
}

#[tokio::test]
async fn nothing_more_is_read_of_who_does_not_read_the_answers() {
    const CALLS: usize = 250_000;
    let router = Router::start().await;
    let wamp = router.client().build().unwrap();
    let client = wamp.clone();
    let joined = tokio::spawn(async move { client.join().await.map(drop) });
    let mut peer = router.session(CROSSBAR).await;
    joined.await.unwrap().unwrap();
    let padding = "x".repeat(90);
    let calls: Vec<u8> = (0..CALLS)
        .flat_map(|call| frame(&format!(r#"[68,{call},7,{{}},["{padding}"]]"#)))
        .collect();
    let tcp = peer.tcp();
    let mut at = 0;
    while at < calls.len() {
        let written = tokio::time::timeout(Duration::from_secs(2), tcp.write(&calls[at..])).await;
        match written {
            Ok(written) => at += written.unwrap(),
            Err(_) => break,
        }
    }
    assert!(at < calls.len(), "all of it was read");
    // It goes on as soon as the answers are read.
    let (mut reading, mut writing) = tcp.split();
    let mut buffer = vec![0; 1 << 20];
    let goes_on = async {
        tokio::select! {
            written = writing.write_all(&calls[at..]) => written.unwrap(),
            () = async { while reading.read(&mut buffer).await.unwrap() > 0 {} } => panic!("the end"),
        }
    };
    tokio::time::timeout(LONG * 3, goes_on)
        .await
        .expect("the rest is read");
    assert!(wamp.status().session.is_some());
}

#[tokio::test]
async fn calls_before_the_answer_to_register_are_limited_in_bytes() {
    const CALLS: u64 = 18;
    let router = Router::start().await;
    let wamp = router.client().build().unwrap();
    let callee = with(|_| async { Ok(Content::new()) });
    let client = wamp.clone();
    let serving = tokio::spawn(async move { callee.serve(&client).await });
    let mut peer = router.session(CROSSBAR).await;
    let register = peer.takes(64).await;
    let large = "x".repeat(1 << 20);
    for request in 0..CALLS {
        let number = 900 + request;
        let text = format!(r#"[68,{number},{REGISTRATION},{{}},["{large}"]]"#);
        peer.send_text(&text).await;
    }
    peer.send(json!([65, register[1], REGISTRATION])).await;
    let _serving = serving.await.unwrap().unwrap();
    let (mut served, mut refused) = (0, 0);
    for _ in 0..CALLS {
        let answer = peer.next().await.unwrap();
        match answer[0].as_u64() {
            Some(70) => served += 1,
            _ => {
                assert_eq!(answer[4], "wamp.error.unavailable");
                refused += 1;
            }
        }
    }
    assert_eq!((served, refused), (15, 3));
}

#[tokio::test]
async fn who_takes_the_answers_slowly_is_waited_for() {
    const CALLS: usize = 60_000;
    let time = Duration::from_secs(1);
    let router = Router::start().await;
    let client = router.client().write_timeout(time);
    let wamp = client.max_request_bytes(64 << 20).build().unwrap();
    let client = wamp.clone();
    let joined = tokio::spawn(async move { client.join().await.map(drop) });
    let mut peer = router.session(CROSSBAR).await;
    joined.await.unwrap().unwrap();
    // A large message is ahead of the answers to calls of what is not registered.
    let large = format!(r#"{{"x":"{}"}}"#, "x".repeat(32 << 20));
    let call = call(&wamp.agent(), "com.example.large", &large);
    let tcp = peer.tcp();
    let begun = tokio::time::timeout(LONG / 2, tcp.readable()).await;
    begun.expect("it is on its way").unwrap();
    let calls: Vec<u8> = (0..CALLS)
        .flat_map(|call| frame(&format!(r#"[68,{call},7,{{}}]"#)))
        .collect();
    let (mut reading, mut writing) = tcp.split();
    let mut buffer = vec![0; 64 << 10];
    let (end, mut taken) = (Instant::now() + time * 4, 0);
    let slowly = async {
        while Instant::now() < end {
            let read = tokio::time::timeout(LONG / 2, reading.read(&mut buffer)).await;
            let read = read.expect("more of it").unwrap_or(0);
            assert!(read > 0, "the end, after {taken} bytes");
            taken += read;
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
    };
    let written = async {
        writing.write_all(&calls).await.unwrap();
        std::future::pending::<()>().await;
    };
    tokio::select! {
        () = slowly => {}
        () = written => {}
    }
    assert!(taken < 32 << 20, "all of it was read");
    assert!(wamp.status().session.is_some() && !call.is_finished());
}
