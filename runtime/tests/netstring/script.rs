//! Scripted peers.

use std::net::SocketAddr;
use std::time::Duration;

use serde_json::Value;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::{TcpListener, TcpStream};
use xerus_rpc::netstring::{Netstring, NetstringBuilder, Priority, Server, Servers};
use xerus_rpc::wire::{Request, Values};

/// Longer than anything here takes.
pub(crate) const LONG: Duration = Duration::from_secs(20);

pub(crate) struct Wire(pub(crate) TcpStream);

pub(crate) async fn listen() -> (TcpListener, SocketAddr) {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    (listener, address)
}

pub(crate) async fn accept(listener: &TcpListener) -> Wire {
    let accepted = tokio::time::timeout(LONG, listener.accept()).await;
    let (stream, _) = accepted.expect("nobody connects").unwrap();
    stream.set_nodelay(true).unwrap();
    Wire(stream)
}

impl Wire {
    pub(crate) async fn connect(address: SocketAddr) -> Self {
        let stream = TcpStream::connect(address).await.unwrap();
        stream.set_nodelay(true).unwrap();
        Self(stream)
    }

    /// The next body; `None` at the end of the connection.
    pub(crate) async fn body(&mut self) -> Option<String> {
        tokio::time::timeout(LONG, self.next())
            .await
            .expect("nothing comes")
    }

    async fn next(&mut self) -> Option<String> {
        let mut length = 0;
        loop {
            match self.0.read_u8().await.ok()? {
                b':' => break,
                digit => length = length * 10 + usize::from(digit - b'0'),
            }
        }
        let mut body = vec![0; length + 1];
        self.0.read_exact(&mut body).await.ok()?;
        assert_eq!(body.pop(), Some(b','));
        Some(String::from_utf8(body).unwrap())
    }

    pub(crate) async fn json(&mut self) -> Value {
        serde_json::from_str(&self.body().await.expect("the connection ended")).unwrap()
    }

    /// The id of the next request.
    pub(crate) async fn id(&mut self) -> u64 {
        self.json().await["id"].as_u64().unwrap()
    }

    pub(crate) async fn raw(&mut self, bytes: impl AsRef<[u8]>) {
        self.0.write_all(bytes.as_ref()).await.unwrap();
    }

    pub(crate) async fn send(&mut self, body: impl AsRef<str>) {
        self.raw(frame(body)).await;
    }

    pub(crate) async fn answer(&mut self, id: u64, result: &str) {
        let body = format!(r#"{{"jsonrpc":"2.0","result":{result},"id":{id}}}"#);
        self.send(body).await;
    }

    /// Ends the connection with a reset.
    pub(crate) fn reset(self) {
        self.0.set_zero_linger().unwrap();
    }

    /// Whether nothing comes for a while.
    pub(crate) async fn is_silent(&mut self, time: Duration) -> bool {
        tokio::time::timeout(time, self.0.read_u8()).await.is_err()
    }
}

pub(crate) fn frame(body: impl AsRef<str>) -> String {
    let body = body.as_ref();
    format!("{}:{body},", body.len())
}

/// Servers of one group for each inner list, the best first.
pub(crate) fn setup(groups: &[&[SocketAddr]]) -> NetstringBuilder {
    let mut servers = Vec::new();
    for (number, group) in groups.iter().enumerate() {
        for address in *group {
            let priority = Priority::LowerFirst(i32::try_from(number).unwrap());
            servers.push(Server::new(
                address.ip().to_string(),
                address.port(),
                priority,
            ));
        }
    }
    Netstring::builder(Servers::new(servers).unwrap())
        .reconnect(Duration::from_millis(20), Duration::from_millis(100))
}

pub(crate) fn request(name: &str) -> Request {
    let args = Values::from_object(r#"{"id":1234}"#).unwrap();
    Request::untyped("", name, args).with_timeout(LONG)
}

/// An address at which nobody listens.
pub(crate) fn nowhere() -> SocketAddr {
    // A socket that has the port and does not listen: nobody else gets it while the tests run.
    let socket = tokio::net::TcpSocket::new_v4().unwrap();
    socket.bind(SocketAddr::from(([127, 0, 0, 1], 0))).unwrap();
    let address = socket.local_addr().unwrap();
    std::mem::forget(socket);
    address
}
