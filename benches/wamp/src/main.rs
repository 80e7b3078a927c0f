//! Calls over WAMP, and what one costs the caller:
//! `cargo run --release -p xerus-bench-wamp -- [--calls 200000] [--at-once 256] [--python PATH]`
//!
//! Three callers ask the same router for the same sums, as many at once: ours, one that only writes and reads frames of WebSocket and finds
//! out which answer belongs to which call (less cannot be done), and autobahn on asyncio, where `--python` names an interpreter that has it.
//! The router is a process of its own, which only answers; what counts is the processor time of the caller.

mod process;

use std::collections::HashMap;
use std::process::Stdio;
use std::time::{Duration, Instant};

use futures_util::{SinkExt as _, StreamExt as _};
use tokio::io::{AsyncBufReadExt as _, BufReader};
use tokio::net::{TcpListener, TcpStream};
use tokio::process::{Child, Command};
use tokio_tungstenite::WebSocketStream;
use tokio_tungstenite::tungstenite::handshake::server::{Request, Response};
use tokio_tungstenite::tungstenite::http::HeaderValue;
use tokio_tungstenite::tungstenite::{Message, client::IntoClientRequest as _};
use xerus_rpc::wamp::Wamp;

use process::{Failed, argument, processor};

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Failed> {
    let calls: u64 = argument("--calls", 200_000)?;
    let at_once: u64 = argument("--at-once", 256)?;
    if std::env::args().any(|given| given == "--serve") {
        return serve().await;
    }
    let url: String = argument("--bare", String::new())?;
    if !url.is_empty() {
        return told(bare(&url, calls, at_once).await?);
    }
    let url: String = argument("--ours", String::new())?;
    if !url.is_empty() {
        return told(ours(&url, calls, at_once).await?);
    }
    compare(calls, at_once).await
}

/// What a caller needed for one call: time on the clock, processor time.
#[derive(Clone, Copy, Debug)]
struct Needed {
    clock: Duration,
    processor: Duration,
}

/// Tells it to the process that asked.
fn told(needed: Needed) -> Result<(), Failed> {
    let micros = |time: Duration| time.as_secs_f64() * 1e6;
    println!("{} {}", micros(needed.clock), micros(needed.processor));
    Ok(())
}

/// Does it, and says what each call needed.
async fn measured<F: Future<Output = Result<(), Failed>>>(
    calls: u64,
    work: F,
) -> Result<Needed, Failed> {
    let (before, start) = (processor()?, Instant::now());
    work.await?;
    let count = u32::try_from(calls)?;
    Ok(Needed {
        clock: start.elapsed() / count,
        processor: (processor()? - before) / count,
    })
}

/// Each caller in a process of its own, against one router.
async fn compare(calls: u64, at_once: u64) -> Result<(), Failed> {
    let program = std::env::current_exe()?;
    let mut router = Command::new(&program)
        .arg("--serve")
        .stdout(Stdio::piped())
        .kill_on_drop(true)
        .spawn()?;
    let url = line(&mut router).await?;
    let (calls, at_once) = (calls.to_string(), at_once.to_string());
    let run = |which: &'static str| {
        let mut command = Command::new(&program);
        command.args([which, &url, "--calls", &calls, "--at-once", &at_once]);
        command
    };
    let bare = figures("frames only", run("--bare")).await?;
    let ours = figures("ours", run("--ours")).await?;
    println!(
        "ours needs {:.2} times the processor of frames only",
        ours / bare
    );
    let python: String = argument("--python", String::new())?;
    if !python.is_empty() {
        let mut command = Command::new(python);
        let script = concat!(env!("CARGO_MANIFEST_DIR"), "/src/caller.py");
        command.args([script, &url, &calls, &at_once]);
        let autobahn = figures("autobahn on asyncio", command).await?;
        println!(
            "autobahn needs {:.1} times the processor of ours",
            autobahn / ours
        );
    }
    Ok(())
}

async fn figures(name: &str, mut command: Command) -> Result<f64, Failed> {
    let mut process = command.stdout(Stdio::piped()).kill_on_drop(true).spawn()?;
    let out = process.stdout.take().ok_or("no output")?;
    let mut lines = BufReader::new(out).lines();
    // What else it says is not for us.
    let (clock, processor) = loop {
        let line = lines.next_line().await?.ok_or("no figures")?;
        let figures = line.split_once(' ');
        if let Some((Ok(clock), Ok(processor))) =
            figures.map(|(clock, processor)| (clock.parse::<f64>(), processor.parse::<f64>()))
        {
            break (clock, processor);
        }
    };
    println!(
        "{name}: {processor:.2} µs of processor, {clock:.2} µs on the clock for a call ({:.0} calls a second)",
        1e6 / clock
    );
    Ok(processor)
}

async fn line(process: &mut Child) -> Result<String, Failed> {
    let out = process.stdout.take().ok_or("no output")?;
    let line = BufReader::new(out).lines().next_line().await?;
    Ok(line.ok_or("the process said nothing")?)
}

/// The caller that is measured.
async fn ours(url: &str, calls: u64, at_once: u64) -> Result<Needed, Failed> {
    let wamp = Wamp::builder(url, "com.example.realm").build()?;
    wamp.join().await?;
    let agent = wamp.agent();
    let needed = measured(calls, async {
        let each = futures_util::stream::iter(0..calls).map(|number| {
            let params = format!(r#"{{"x":{number},"y":1}}"#);
            let agent = &agent;
            async move {
                let sum = agent.call("", "com.example.add", params.parse()?).await?;
                if sum.get().parse() == Ok(number + 1) {
                    Ok::<(), Failed>(())
                } else {
                    Err(format!("{number} + 1 = {sum}").into())
                }
            }
        });
        let mut each = each.buffer_unordered(usize::try_from(at_once)?);
        while let Some(done) = each.next().await {
            done?;
        }
        Ok(())
    })
    .await?;
    wamp.leave().await;
    Ok(needed)
}

/// Frames, and which answer belongs to which call.
async fn bare(url: &str, calls: u64, at_once: u64) -> Result<Needed, Failed> {
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

/// A router that answers every call with the sum of its arguments.
async fn serve() -> Result<(), Failed> {
    let listener = TcpListener::bind("127.0.0.1:0").await?;
    println!("ws://{}/", listener.local_addr()?);
    loop {
        let (stream, _) = listener.accept().await?;
        stream.set_nodelay(true)?;
        tokio::spawn(async move {
            // Who leaves in the middle is not missed.
            let _ = answer(stream).await;
        });
    }
}

async fn answer(stream: TcpStream) -> Result<(), Failed> {
    #[expect(clippy::result_large_err, reason = "the library wants it so")]
    let choose = |_: &Request, mut response: Response| {
        let protocol = HeaderValue::from_static("wamp.2.json");
        response
            .headers_mut()
            .insert("Sec-WebSocket-Protocol", protocol);
        Ok(response)
    };
    let socket = tokio_tungstenite::accept_hdr_async(stream, choose).await?;
    let (mut out, into) = socket.split();
    let mut into = into.ready_chunks(64);
    while let Some(frames) = into.next().await {
        for frame in frames {
            let Message::Text(text) = frame? else {
                continue;
            };
            if let Some(answer) = answer_to(&text) {
                out.feed(Message::text(answer)).await?;
            }
        }
        out.flush().await?;
    }
    Ok(())
}

fn answer_to(message: &str) -> Option<String> {
    let message: serde_json::Value = serde_json::from_str(message).ok()?;
    Some(match message[0].as_u64()? {
        1 => {
            r#"[2,1,{"realm":"com.example.realm","roles":{"broker":{},"dealer":{"features":{}}}}]"#
                .to_owned()
        }
        6 => r#"[6,{},"wamp.close.goodbye_and_out"]"#.to_owned(),
        48 => {
            let sum = message[4][0].as_u64()? + message[4][1].as_u64()?;
            format!("[50,{},{{}},[{sum}]]", message[1])
        }
        _ => return None,
    })
}
