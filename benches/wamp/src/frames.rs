//! Frames of WebSocket, and what tells answers apart: no checks, no deadlines, no errors.

use std::cell::RefCell;
use std::collections::HashMap;
use std::rc::Rc;

use futures_util::{SinkExt as _, StreamExt as _};
use tokio::net::TcpStream;
use tokio::sync::{mpsc, oneshot};
use tokio::task::{JoinSet, LocalSet};
use tokio_tungstenite::WebSocketStream;
use tokio_tungstenite::tungstenite::http::HeaderValue;
use tokio_tungstenite::tungstenite::{Message, client::IntoClientRequest as _};

use crate::process::Failed;
use crate::{Needed, measured, numbers};

type Socket = WebSocketStream<TcpStream>;

async fn joined(url: &str) -> Result<Socket, Failed> {
    let address = url.trim_start_matches("ws://").trim_end_matches('/');
    let mut request = url.into_client_request()?;
    let protocol = HeaderValue::from_static("wamp.2.json");
    request
        .headers_mut()
        .insert("Sec-WebSocket-Protocol", protocol);
    let stream = TcpStream::connect(address).await?;
    stream.set_nodelay(true)?;
    let (mut socket, _) = tokio_tungstenite::client_async(request, stream).await?;
    socket
        .send(Message::text(
            r#"[1,"com.example.realm",{"roles":{"caller":{}}}]"#,
        ))
        .await?;
    next(&mut socket).await?;
    Ok(socket)
}

/// As many callers as there are calls at once, each of which waits for its own answer.
pub(crate) async fn callers(url: &str, calls: u64, at_once: u64) -> Result<Needed, Failed> {
    let (mut out, mut into) = joined(url).await?.split();
    let (frames, mut queue) = mpsc::unbounded_channel::<String>();
    let waiting = Rc::new(RefCell::new(HashMap::<u64, oneshot::Sender<String>>::new()));
    let local = LocalSet::new();
    local.spawn_local(async move {
        let mut batch = Vec::new();
        while queue.recv_many(&mut batch, 64).await > 0 {
            for call in batch.drain(..) {
                out.feed(Message::text(call)).await?;
            }
            out.flush().await?;
        }
        Ok::<(), Failed>(())
    });
    let known = Rc::clone(&waiting);
    local.spawn_local(async move {
        while let Some(Ok(Message::Text(answer))) = into.next().await {
            let id = result(&answer).map(|(id, _)| id);
            let caller = id.and_then(|id| known.borrow_mut().remove(&id));
            if let Some(caller) = caller {
                let _ = caller.send(answer.as_str().to_owned());
            }
        }
    });
    let asked = Rc::new(std::cell::Cell::new(0));
    local
        .run_until(measured(calls, async {
            let mut callers = JoinSet::new();
            for first in 0..at_once {
                let (waiting, frames, asked) =
                    (Rc::clone(&waiting), frames.clone(), Rc::clone(&asked));
                callers.spawn_local(async move {
                    for number in numbers(first, calls, at_once)? {
                        let id = asked.get() + 1;
                        asked.set(id);
                        let (caller, answer) = oneshot::channel();
                        waiting.borrow_mut().insert(id, caller);
                        frames.send(format!(r#"[48,{id},{{}},"com.example.add",[{number},1]]"#))?;
                        let sum = result(&answer.await?).map(|(_, sum)| sum);
                        if sum.and_then(|sum| i64::try_from(sum).ok()) != Some(number + 1) {
                            return Err(format!("{number} + 1 = {sum:?}").into());
                        }
                    }
                    Ok::<(), Failed>(())
                });
            }
            while let Some(done) = callers.join_next().await {
                done??;
            }
            Ok(())
        }))
        .await
}

/// One loop that asks and waits for any answer.
pub(crate) async fn one_loop(url: &str, calls: u64, at_once: u64) -> Result<Needed, Failed> {
    let mut socket = joined(url).await?;
    measured(calls, async {
        let (mut asked, mut answered) = (0, 0);
        let mut waiting = HashMap::new();
        while answered < calls {
            while asked < calls && waiting.len() < usize::try_from(at_once)? {
                let number = asked;
                asked += 1;
                let call = format!(r#"[48,{asked},{{}},"com.example.add",[{number},1]]"#);
                socket.feed(Message::text(call)).await?;
                waiting.insert(asked, number);
            }
            socket.flush().await?;
            // What is there already is taken before more is asked.
            loop {
                let answer = next(&mut socket).await?;
                let (id, sum) = result(&answer).ok_or("no result")?;
                let number = waiting.remove(&id).ok_or("an answer to nothing")?;
                if sum != number + 1 {
                    return Err(format!("{number} + 1 = {sum}").into());
                }
                answered += 1;
                if waiting.len() <= usize::try_from(at_once / 2)? || answered == calls {
                    break;
                }
            }
        }
        Ok(())
    })
    .await
}

async fn next(socket: &mut WebSocketStream<TcpStream>) -> Result<String, Failed> {
    loop {
        match socket.next().await.ok_or("the router has gone")?? {
            Message::Text(text) => return Ok(text.as_str().to_owned()),
            Message::Close(_) => return Err("the router has gone".into()),
            _ => {}
        }
    }
}

/// The id and the sum of `[50,id,{},[sum]]`.
fn result(answer: &str) -> Option<(u64, u64)> {
    let rest = answer.strip_prefix("[50,")?;
    let (id, rest) = rest.split_once(',')?;
    let sum = rest.strip_prefix("{},[")?.strip_suffix("]]")?;
    Some((id.parse().ok()?, sum.parse().ok()?))
}
