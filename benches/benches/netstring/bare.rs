//! The codec, and what tells answers apart. No checks, no deadlines, no errors.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

use bytes::{Bytes, BytesMut};
use futures_util::StreamExt as _;
use tokio::io::AsyncWriteExt as _;
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::{mpsc, oneshot};
use tokio::task::JoinSet;
use tokio_util::codec::{Encoder as _, FramedRead};
use xerus_rpc::netstring::Codec;

use crate::Failed;

const LIMIT: usize = 1 << 20;

type Waiting = Arc<Mutex<HashMap<u64, oneshot::Sender<Bytes>>>>;

#[derive(Clone)]
struct Client {
    waiting: Waiting,
    frames: mpsc::Sender<Bytes>,
}

/// A client and a server.
pub(crate) struct Pair {
    client: Client,
    _tasks: JoinSet<()>,
}

impl Pair {
    pub(crate) async fn start() -> Result<Self, Failed> {
        let listener = TcpListener::bind("127.0.0.1:0").await?;
        let near = TcpStream::connect(listener.local_addr()?).await?;
        let (far, _) = listener.accept().await?;
        near.set_nodelay(true)?;
        far.set_nodelay(true)?;
        let (incoming, outgoing) = near.into_split();
        let waiting = Waiting::default();
        let (frames, queue) = mpsc::channel(1024);
        let mut tasks = JoinSet::new();
        tasks.spawn(serve(far));
        tasks.spawn(write(outgoing, queue));
        let known = Arc::clone(&waiting);
        tasks.spawn(async move {
            let mut frames = FramedRead::new(incoming, Codec::new(LIMIT));
            while let Some(Ok(body)) = frames.next().await {
                let Some(id) = number(&body, b"\"id\":") else {
                    continue;
                };
                let call = known
                    .lock()
                    .unwrap_or_else(PoisonError::into_inner)
                    .remove(&id);
                if let Some(call) = call {
                    let _ = call.send(body);
                }
            }
        });
        let client = Client { waiting, frames };
        Ok(Self {
            client,
            _tasks: tasks,
        })
    }

    pub(crate) async fn calls(&self, count: u32) -> Result<(), Failed> {
        let mut calls = JoinSet::new();
        for id in 0..u64::from(count) {
            let client = self.client.clone();
            calls.spawn(async move {
                let (sender, answer) = oneshot::channel();
                client
                    .waiting
                    .lock()
                    .unwrap_or_else(PoisonError::into_inner)
                    .insert(id, sender);
                let request = format!(
                    r#"{{"id":{id},"jsonrpc":"2.0","method":"double","params":{{"value":{id}}}}}"#
                );
                client.frames.send(Bytes::from(request)).await.ok()?;
                let answer = answer.await.ok()?;
                (number(&answer, b"\"result\":") == Some(2 * id)).then_some(())
            });
        }
        while let Some(done) = calls.join_next().await {
            done?.ok_or("a call was not answered, or wrongly")?;
        }
        Ok(())
    }
}

async fn write(mut wire: impl tokio::io::AsyncWrite + Unpin, mut frames: mpsc::Receiver<Bytes>) {
    let (mut batch, mut text, mut codec) = (Vec::new(), BytesMut::new(), Codec::new(LIMIT));
    while frames.recv_many(&mut batch, 64).await > 0 {
        text.clear();
        for body in batch.drain(..) {
            let Ok(()) = codec.encode(&body[..], &mut text) else {
                return;
            };
        }
        let Ok(()) = wire.write_all(&text).await else {
            return;
        };
    }
}

async fn serve(stream: TcpStream) {
    let (incoming, outgoing) = stream.into_split();
    let (answers, queue) = mpsc::channel(1024);
    tokio::spawn(write(outgoing, queue));
    let mut frames = FramedRead::new(incoming, Codec::new(LIMIT));
    while let Some(Ok(body)) = frames.next().await {
        let (Some(id), Some(value)) = (number(&body, b"\"id\":"), number(&body, b"\"value\":"))
        else {
            return;
        };
        let answer = format!(r#"{{"id":{id},"jsonrpc":"2.0","result":{}}}"#, 2 * value);
        if answers.send(Bytes::from(answer)).await.is_err() {
            return;
        }
    }
}

/// The number behind a name.
fn number(body: &[u8], name: &[u8]) -> Option<u64> {
    let at = body.windows(name.len()).position(|part| part == name)?;
    let digits = body[at + name.len()..]
        .iter()
        .take_while(|byte| byte.is_ascii_digit());
    Some(digits.fold(0, |number, digit| number * 10 + u64::from(digit - b'0')))
}
