//! Answers before the answer.

use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use xerus_rpc::Outcome;

use super::{at, pieces, read_head, scripted, send, upfile};
use crate::support::http;

#[tokio::test]
async fn what_nobody_asked_for_is_passed_over() {
    for interim in [
        "HTTP/1.1 100 Continue\r\n\r\n",
        "HTTP/1.1 100 Continue\r\nX-Response-Code: 4\r\n\r\nHTTP/1.1 103 Hints\r\n\r\n",
    ] {
        let agent = at(scripted(move |mut stream| async move {
            let (head, mut seen) = read_head(&mut stream).await;
            assert!(!head.to_ascii_lowercase().contains("\r\nexpect:"), "{head}");
            stream.write_all(interim.as_bytes()).await.expect("written");
            let mut chunk = [0; 64 << 10];
            while !seen.ends_with(b"--\r\n") {
                let read = stream.read(&mut chunk).await.expect("more");
                seen.extend_from_slice(&chunk[..read]);
            }
            let answer = http(200, "X-Response-Code: 0\r\n", "");
            stream.write_all(answer.as_bytes()).await.expect("written");
        })
        .await);
        let answer = send(upfile(&agent, pieces(1 << 20).0))
            .await
            .expect("an answer");
        assert_eq!(answer.response_code().expect("a code"), 0, "{interim:?}");
    }
}

#[tokio::test]
async fn a_refusal_behind_it_counts() {
    let agent = at(scripted(|mut stream| async move {
        read_head(&mut stream).await;
        let answer = format!("HTTP/1.1 100 Continue\r\n\r\n{}", http(413, "", ""));
        stream.write_all(answer.as_bytes()).await.expect("written");
        tokio::time::sleep(std::time::Duration::from_secs(20)).await;
    })
    .await);
    let error = send(upfile(&agent, pieces(10 << 20).0))
        .await
        .expect_err("refused");
    assert_eq!(
        (error.http_status(), error.outcome()),
        (Some(413), Outcome::NotExecuted)
    );
}

#[tokio::test]
async fn without_end_it_is_no_answer() {
    let agent = at(scripted(|mut stream| async move {
        read_head(&mut stream).await;
        let interim = "HTTP/1.1 100 Continue\r\n\r\n".repeat(100);
        while stream.write_all(interim.as_bytes()).await.is_ok() {}
    })
    .await);
    let error = send(upfile(&agent, pieces(10 << 20).0))
        .await
        .expect_err("no answer");
    assert_eq!(
        (error.code(), error.outcome()),
        ("HttpProtocol.Framing", Outcome::Unknown)
    );
}
