//! The service in a server: axum.

use futures_util::StreamExt;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use xerus_device::push::Receiver;

#[tokio::test]
async fn axum_serves_it() {
    let (receiver, mut messages) = Receiver::with_basic_auth("pdu", "secret").build();
    let router = axum::Router::new().route_service("/push/{name}", receiver);
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    let server = tokio::spawn(async move { axum::serve(listener, router).await });

    for (password, body, status) in [
        ("cGR1OnNlY3JldA==", r#"{"a": [1"#, "400"),
        ("cGR1Ondyb25n", r#"{"a": [1]}"#, "401"),
        ("cGR1OnNlY3JldA==", r#"{"a": [1]}"#, "200"),
    ] {
        let request = format!(
            "POST /push/rack-4 HTTP/1.1\r\nHost: x\r\nAuthorization: Basic {password}\r\n\
             Connection: close\r\nContent-Length: {}\r\n\r\n{body}",
            body.len()
        );
        let mut connection = TcpStream::connect(address).await.unwrap();
        connection.write_all(request.as_bytes()).await.unwrap();
        let mut answer = String::new();
        connection.read_to_string(&mut answer).await.unwrap();
        assert!(
            answer.starts_with(&format!("HTTP/1.1 {status}")),
            "{answer}"
        );
        assert!(answer.ends_with("\r\n\r\n"), "{answer}");
    }
    let message = messages.next().await.unwrap();
    assert_eq!(
        (message.path(), message.text()),
        ("/push/rack-4", r#"{"a": [1]}"#)
    );
    server.abort();
}
