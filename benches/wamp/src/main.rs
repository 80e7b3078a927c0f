//! Calls over WAMP, and what one costs the caller:
//! `cargo run --release -p xerus-bench-wamp -- [--calls 200000] [--at-once 256] [--python PATH]`
//!
//! The same router is asked for the same sums, as many at once:
//!
//! - ours, through bindings and without;
//! - messages written and read by serde, for as many callers that wait each for its own: the codec alone, without checks, deadlines and errors;
//! - frames of WebSocket and what tells answers apart, for as many callers that wait each for its own: less cannot be done for them;
//! - the same frames for one loop that waits for any: what frames cost alone;
//! - autobahn on asyncio, where `--python` names an interpreter that has it.
//!
//! The router is a process of its own, which only answers; what counts is the processor time of the caller.

mod frames;
mod process;
#[allow(clippy::all, dead_code, missing_docs, unreachable_pub)]
mod generated {
    include!(concat!(env!("OUT_DIR"), "/xerus.rs"));
}

use std::process::Stdio;
use std::time::{Duration, Instant};

use futures_util::{SinkExt as _, StreamExt as _};
use tokio::io::{AsyncBufReadExt as _, BufReader};
use tokio::net::{TcpListener, TcpStream};
use tokio::process::{Child, Command};
use tokio::task::JoinSet;
use tokio_tungstenite::tungstenite::Message;
use tokio_tungstenite::tungstenite::handshake::server::{Request, Response};
use tokio_tungstenite::tungstenite::http::HeaderValue;
use xerus_rpc::wamp::Wamp;

use generated::bench::Adder;
use process::{Failed, argument, processor};

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Failed> {
    let calls: u64 = argument("--calls", 200_000)?;
    let at_once: u64 = argument("--at-once", 256)?;
    if std::env::args().any(|given| given == "--serve") {
        return serve().await;
    }
    for (which, caller) in CALLERS {
        let url: String = argument(which, String::new())?;
        if !url.is_empty() {
            let needed = match caller {
                Caller::Loop => frames::one_loop(&url, calls, at_once).await?,
                Caller::Frames => frames::callers(&url, calls, at_once, frames::BY_HAND).await?,
                Caller::Serde => frames::callers(&url, calls, at_once, frames::BY_SERDE).await?,
                Caller::Ours => ours(&url, calls, at_once, true).await?,
                Caller::Untyped => ours(&url, calls, at_once, false).await?,
            };
            return told(needed);
        }
    }
    compare(calls, at_once).await
}

/// Who calls.
#[derive(Clone, Copy)]
enum Caller {
    Loop,
    Frames,
    Serde,
    Ours,
    Untyped,
}

const CALLERS: [(&str, Caller); 5] = [
    ("--loop", Caller::Loop),
    ("--frames", Caller::Frames),
    ("--serde", Caller::Serde),
    ("--ours", Caller::Ours),
    ("--untyped", Caller::Untyped),
];

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
    figures("frames, in one loop", run("--loop")).await?;
    let frames = figures("frames, each caller waits for its answer", run("--frames")).await?;
    let serde = figures("messages by serde, each caller waits", run("--serde")).await?;
    let ours = figures("ours", run("--ours")).await?;
    figures("ours, without bindings", run("--untyped")).await?;
    println!(
        "ours needs {:.2} times the processor of messages by serde, {:.2} times that of frames alone",
        ours / serde,
        ours / frames
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
async fn ours(url: &str, calls: u64, at_once: u64, typed: bool) -> Result<Needed, Failed> {
    let wamp = Wamp::builder(url, "com.example.realm").build()?;
    wamp.join().await?;
    let agent = wamp.agent();
    let adder = Adder::at(&agent, "/");
    let needed = measured(calls, async {
        let mut callers = JoinSet::new();
        for first in 0..at_once {
            let (agent, adder) = (agent.clone(), adder.clone());
            callers.spawn(async move {
                for number in numbers(first, calls, at_once)? {
                    let sum: i64 = if typed {
                        adder.add(number, 1).await?
                    } else {
                        let params = format!(r#"{{"x":{number},"y":1}}"#).parse()?;
                        let sum = agent.call("", "com.example.add", params).await?;
                        sum.get().parse()?
                    };
                    if sum != number + 1 {
                        return Err(format!("{number} + 1 = {sum}").into());
                    }
                }
                Ok::<(), Failed>(())
            });
        }
        while let Some(done) = callers.join_next().await {
            done??;
        }
        Ok(())
    })
    .await?;
    wamp.leave().await;
    Ok(needed)
}

/// What the caller with this number asks for, when so many share the calls.
fn numbers(first: u64, calls: u64, at_once: u64) -> Result<impl Iterator<Item = i64>, Failed> {
    let (first, calls) = (i64::try_from(first)?, i64::try_from(calls)?);
    Ok((first..calls).step_by(usize::try_from(at_once)?.max(1)))
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
