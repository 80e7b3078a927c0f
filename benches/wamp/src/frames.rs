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

/// How messages are written and read.
pub(crate) struct Messages<T> {
    /// The call with this id that asks for the sum of this number and 1.
    call: fn(u64, i64) -> String,
    /// The id in an answer, and what the caller gets of it.
    answer: fn(&str) -> Option<(u64, T)>,
    /// The sum in that.
    sum: fn(T) -> Option<u64>,
}

/// No more than what tells answers apart: whatever else a message may be, these do not know it.
pub(crate) const BY_HAND: Messages<String> = Messages {
    call: |id, number| format!(r#"[48,{id},{{}},"com.example.add",[{number},1]]"#),
    answer: |text| Some((result(text)?.0, text.to_owned())),
    sum: |text| Some(result(&text)?.1),
};

/// As JSON, by serde: what a program would write that knows its types.
pub(crate) const BY_SERDE: Messages<u64> = Messages {
    call: |id, number| {
        let options = serde_json::Map::new();
        serde_json::to_string(&(48, id, options, "com.example.add", (number, 1)))
            .unwrap_or_default()
    },
    answer: |text| {
        type Answer = (u64, u64, serde_json::Map<String, serde_json::Value>, (u64,));
        let (kind, id, _, (sum,)) = serde_json::from_str::<Answer>(text).ok()?;
        (kind == 50).then_some((id, sum))
    },
    sum: Some,
};

/// As many callers as there are calls at once, each of which waits for its own answer.
pub(crate) async fn callers<T: 'static>(
    url: &str,
    calls: u64,
    at_once: u64,
    messages: Messages<T>,
) -> Result<Needed, Failed> {
    let (mut out, mut into) = joined(url).await?.split();
    let (frames, mut queue) = mpsc::unbounded_channel::<String>();
    let waiting = Rc::new(RefCell::new(HashMap::<u64, oneshot::Sender<T>>::new()));
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
            let Some((id, answer)) = (messages.answer)(&answer) else {
                continue;
            };
            if let Some(caller) = known.borrow_mut().remove(&id) {
                let _ = caller.send(answer);
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
                        frames.send((messages.call)(id, number))?;
                        let sum = (messages.sum)(answer.await?);
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
