//! The service on its own.

use std::convert::Infallible;
use std::pin::Pin;
use std::task::{Context, Poll};
use std::time::Duration;

use bytes::Bytes;
use futures_util::{FutureExt, StreamExt};
use http::{Method, Request, Response};
use http_body::{Body, Frame};
use http_body_util::{Empty, Full};
use tokio::time::Instant;
use tower_service::Service;
use xerus_device::push::Receiver;

const PASSWORD: &str = "Basic cGR1OnNlY3JldA=="; // pdu:secret

fn request<B>(body: B) -> Request<B> {
    Request::builder()
        .method(Method::POST)
        .uri("/push/rack-4?x=1")
        .header("Authorization", PASSWORD)
        .body(body)
        .unwrap()
}

fn full(text: &'static str) -> Full<Bytes> {
    Full::new(Bytes::from_static(text.as_bytes()))
}

async fn send<B>(receiver: &Receiver, request: Request<B>) -> Response<Empty<Bytes>>
where
    B: Body + Send + 'static,
    B::Data: Send,
    B::Error: Into<Box<dyn std::error::Error + Send + Sync>>,
{
    receiver.clone().call(request).await.unwrap()
}

/// A body that gives the same bytes for ever.
struct Endless(Bytes);

impl Body for Endless {
    type Data = Bytes;
    type Error = Infallible;

    fn poll_frame(
        self: Pin<&mut Self>,
        _: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, Infallible>>> {
        Poll::Ready(Some(Ok(Frame::data(self.0.clone()))))
    }
}

/// A body that never comes, or whose reading is a failure.
struct Silent {
    must_not_be_read: bool,
}

impl Body for Silent {
    type Data = Bytes;
    type Error = Infallible;

    fn poll_frame(
        self: Pin<&mut Self>,
        _: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, Infallible>>> {
        assert!(!self.must_not_be_read);
        Poll::Pending
    }
}

#[tokio::test(start_paused = true)]
async fn a_message_is_taken_and_handed_over_as_it_came() {
    let (receiver, mut messages) = Receiver::with_basic_auth("pdu", "secret").build();
    let text = "{ \"a\": [1, 2],\n \"ä\": null }";
    let answer = send(&receiver, request(full(text))).await;
    assert_eq!(answer.status(), 200);
    let message = messages.next().await.unwrap();
    assert_eq!((message.text(), message.path()), (text, "/push/rack-4?x=1"));
    drop(receiver);
    assert!(messages.next().await.is_none());
}

#[tokio::test(start_paused = true)]
async fn who_is_not_known_is_refused_before_anything_is_read() {
    let (receiver, mut messages) = Receiver::with_basic_auth("pdu", "other").build();
    let body = Silent {
        must_not_be_read: true,
    };
    let answer = send(&receiver, request(body)).await;
    assert_eq!(answer.status(), 401);
    assert!(
        answer.headers()["www-authenticate"]
            .to_str()
            .unwrap()
            .starts_with("Basic ")
    );
    let mut nobody = request(Silent {
        must_not_be_read: true,
    });
    nobody.headers_mut().clear();
    assert_eq!(send(&receiver, nobody).await.status(), 401);
    assert!(messages.next().now_or_never().is_none());
    // Open means open.
    let (receiver, _messages) = Receiver::open_to_everybody().build();
    let mut nobody = request(full("1"));
    nobody.headers_mut().clear();
    assert_eq!(send(&receiver, nobody).await.status(), 200);
}

#[tokio::test(start_paused = true)]
async fn other_methods_are_not_allowed() {
    let (receiver, _messages) = Receiver::with_basic_auth("pdu", "secret").build();
    let mut get = request(full("1"));
    *get.method_mut() = Method::GET;
    let answer = send(&receiver, get).await;
    assert_eq!(
        (answer.status().as_u16(), &answer.headers()["allow"]),
        (405, &"POST".parse().unwrap())
    );
}

#[tokio::test(start_paused = true)]
async fn what_is_too_large_is_refused_declared_or_not() {
    let (receiver, mut messages) = Receiver::with_basic_auth("pdu", "secret")
        .max_bytes(1000)
        .build();
    let mut declared = request(Silent {
        must_not_be_read: true,
    });
    declared
        .headers_mut()
        .insert("Content-Length", "1001".parse().unwrap());
    assert_eq!(send(&receiver, declared).await.status(), 413);
    let endless = Endless(Bytes::from_static(b"[[[[[[[["));
    assert_eq!(send(&receiver, request(endless)).await.status(), 413);
    assert!(messages.next().now_or_never().is_none());
}

#[tokio::test(start_paused = true)]
async fn what_does_not_come_is_not_waited_for_longer_than_said() {
    let (receiver, _messages) = Receiver::with_basic_auth("pdu", "secret")
        .time(Duration::from_secs(3))
        .build();
    let began = Instant::now();
    let silent = Silent {
        must_not_be_read: false,
    };
    assert_eq!(send(&receiver, request(silent)).await.status(), 408);
    assert_eq!(began.elapsed(), Duration::from_secs(3));
}

#[tokio::test(start_paused = true)]
async fn what_is_no_json_is_refused() {
    let (receiver, mut messages) = Receiver::with_basic_auth("pdu", "secret").build();
    for body in [&b""[..], b"{", b"{} {}", b"\"\xff\"", b"NaN", b"<html>"] {
        let body = Full::new(Bytes::copy_from_slice(body));
        assert_eq!(send(&receiver, request(body)).await.status(), 400);
    }
    assert!(messages.next().now_or_never().is_none());
}

#[tokio::test(start_paused = true)]
async fn messages_that_nobody_reads_are_refused_and_come_later() {
    let (receiver, mut messages) = Receiver::with_basic_auth("pdu", "secret")
        .waiting(2)
        .build();
    for (body, status) in [("1", 200), ("2", 200), ("3", 503)] {
        let answer = send(&receiver, request(full(body))).await;
        assert_eq!(answer.status(), status);
        assert_eq!(answer.headers().contains_key("retry-after"), status == 503);
    }
    assert_eq!(messages.next().await.unwrap().text(), "1");
    assert_eq!(send(&receiver, request(full("3"))).await.status(), 200);
    drop(messages);
    assert_eq!(send(&receiver, request(full("4"))).await.status(), 503);
}

#[test]
fn nothing_shows_the_password() {
    let builder = Receiver::with_basic_auth("pdu", "hush");
    assert!(!format!("{builder:?}").contains("hush"));
    let (receiver, messages) = builder.build();
    assert!(!format!("{receiver:?} {messages:?}").contains("hush"));
}
