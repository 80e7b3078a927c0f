//! Addresses that swallow whoever connects: nobody accepts, nobody refuses.

use std::io;
use std::net::SocketAddr;
use std::time::Duration;

use tokio::net::{TcpListener, TcpSocket, TcpStream};
use xerus_rpc::error::ConnectError;
use xerus_rpc::netstring::{Netstring, Resolve, Servers};
use xerus_rpc::wire::{BoxFuture, Transport as _};
use xerus_rpc::{ErrorKind, Outcome};

use crate::script::{LONG, accept, listen, request};

/// Its queue is full, and its system answers no more.
struct Hole {
    address: SocketAddr,
    _listener: TcpListener,
    _queue: Vec<TcpStream>,
}

impl Hole {
    async fn dig() -> Self {
        let socket = TcpSocket::new_v4().unwrap();
        socket.bind(SocketAddr::from(([127, 0, 0, 1], 0))).unwrap();
        let listener = socket.listen(1).unwrap();
        let address = listener.local_addr().unwrap();
        let mut queue = Vec::new();
        let quick = Duration::from_millis(300);
        while let Ok(stream) = tokio::time::timeout(quick, TcpStream::connect(address)).await {
            queue.push(stream.unwrap());
            assert!(queue.len() < 100, "the queue has no end");
        }
        Self {
            address,
            _listener: listener,
            _queue: queue,
        }
    }
}

/// Knows all hosts by the same addresses.
struct All(Vec<SocketAddr>);

impl Resolve for All {
    fn addresses<'a>(&'a self, _: &'a str, _: u16) -> BoxFuture<'a, io::Result<Vec<SocketAddr>>> {
        Box::pin(async { Ok(self.0.clone()) })
    }
}

async fn serve_one(listener: TcpListener) {
    let mut wire = accept(&listener).await;
    let id = wire.id().await;
    wire.answer(id, "1").await;
    // Until the other side has the answer.
    wire.body().await;
}

#[tokio::test]
async fn n3_an_address_that_does_not_answer_leaves_time_for_the_next() {
    let hole = Hole::dig().await;
    let (good, at_good) = listen().await;
    let serving = tokio::spawn(serve_one(good));
    let servers = Servers::jsonrpcc("both:1,1").unwrap();
    let to = Netstring::builder(servers).resolve(All(vec![hole.address, at_good]));
    let to = to.connect_timeout(Duration::from_secs(1)).build();
    to.call(&request("a")).await.expect("the second address");
    drop(to);
    serving.await.unwrap();
}

#[tokio::test]
async fn n5_a_server_that_does_not_answer_is_given_up_and_the_call_moves_on() {
    let hole = Hole::dig().await;
    let (good, at_good) = listen().await;
    let serving = tokio::spawn(serve_one(good));
    let servers = Servers::jsonrpcc(&format!("{},2 {at_good},1", hole.address)).unwrap();
    let to = Netstring::builder(servers).build();
    let reply = to.call(&request("a")).await.expect("the other server");
    assert_eq!(reply.meta().peer.as_deref(), Some(&*at_good.to_string()));
    drop(to);
    serving.await.unwrap();

    let servers = Servers::jsonrpcc(&format!("{},1", hole.address)).unwrap();
    let to = Netstring::builder(servers).build();
    let begin = std::time::Instant::now();
    let error = to.call(&request("a")).await.expect_err("nobody");
    assert!(
        matches!(error.kind(), ErrorKind::Connect(ConnectError::Unreachable)),
        "{error}"
    );
    assert_eq!(error.outcome(), Outcome::NotExecuted);
    assert!(
        begin.elapsed() < LONG / 2,
        "by the time for connecting, 1 s"
    );
}
