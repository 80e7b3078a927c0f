//! A listener on loopback that keeps the body of each request and answers with an error.

use std::error::Error;
use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::{TcpListener, TcpStream};
use std::sync::mpsc::{Receiver, Sender, channel};
use std::thread;
use std::time::Duration;

use serde_json::Value;
use xerus_rpc::Agent;

/// The listener; it lives as long as the process.
pub(crate) struct Wiretap {
    agent: Agent,
    bodies: Receiver<Vec<u8>>,
}

impl Wiretap {
    /// Listens on a free port.
    pub(crate) fn start() -> Result<Self, Box<dyn Error>> {
        let listener = TcpListener::bind("127.0.0.1:0")?;
        let agent = Agent::builder(format!("http://{}", listener.local_addr()?)).build()?;
        let (sender, bodies) = channel();
        thread::spawn(move || {
            for stream in listener.incoming().flatten() {
                let sender = sender.clone();
                thread::spawn(move || serve(stream, &sender));
            }
        });
        Ok(Self { agent, bodies })
    }

    /// An agent for it.
    pub(crate) fn agent(&self) -> &Agent {
        &self.agent
    }

    /// The body of the last request, when one came since the last question.
    pub(crate) fn last(&self) -> Option<Vec<u8>> {
        self.bodies.try_iter().last()
    }
}

fn serve(stream: TcpStream, bodies: &Sender<Vec<u8>>) {
    let _ = stream.set_read_timeout(Some(Duration::from_secs(10)));
    let Ok(mut writer) = stream.try_clone() else {
        return;
    };
    let mut reader = BufReader::new(stream);
    while let Some(body) = read(&mut reader) {
        let id = serde_json::from_slice::<Value>(&body)
            .map_or(Value::Null, |document| document["id"].clone());
        if bodies.send(body).is_err() {
            return;
        }
        let answer = format!(
            r#"{{"jsonrpc":"2.0","error":{{"code":-32000,"message":"taken down"}},"id":{id}}}"#
        );
        // In one piece: a second small write would wait for the acknowledgement of the first.
        let answer = format!(
            "HTTP/1.1 200 OK\r\nContent-Type: application/json; charset=UTF-8\r\nContent-Length: {}\r\n\r\n{answer}",
            answer.len()
        );
        if writer.write_all(answer.as_bytes()).is_err() {
            return;
        }
    }
}

fn read(reader: &mut BufReader<TcpStream>) -> Option<Vec<u8>> {
    let mut length = 0;
    loop {
        let mut line = String::new();
        if reader.read_line(&mut line).ok()? == 0 {
            return None;
        }
        if line.trim().is_empty() {
            break;
        }
        if let Some((name, value)) = line.split_once(':')
            && name.eq_ignore_ascii_case("content-length")
        {
            length = value.trim().parse().ok()?;
        }
    }
    let mut body = vec![0; length];
    reader.read_exact(&mut body).ok()?;
    Some(body)
}
