//! A unit that says what a test wants, byte by byte where needed.

use std::sync::{Arc, Mutex};
use std::time::Duration;

use serde_json::{Value, json};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::{TcpListener, TcpStream};
use tokio::task::JoinHandle;
use xerus_rpc::Agent;
use xerus_rpc::ripex2::{Ripex2, Ripex2Builder};

/// A request that came in.
#[derive(Clone, Debug)]
pub(crate) struct Asked {
    pub(crate) script: String,
    pub(crate) key: Option<String>,
    pub(crate) head: String,
    pub(crate) body: Value,
}

impl Asked {
    pub(crate) fn method(&self) -> &str {
        self.body["method"].as_str().unwrap_or_default()
    }
}

/// What is answered.
pub(crate) enum Say {
    Json(Value),
    Status(u16, &'static str),
    /// Headers and body, whatever they are.
    With(&'static str, Vec<u8>),
    /// These bytes, and the end of the connection.
    Cut(Vec<u8>),
    /// Nothing for so long, and then something.
    Late(Duration, Box<Say>),
    /// Nothing, for ever.
    Silence,
}

pub(crate) fn result(value: Value) -> Say {
    Say::Json(json!({ "result": value }))
}

pub(crate) fn error(code: &str) -> Say {
    Say::Json(json!({"error": {"code": code, "message_id": format!("msg_{code}")}}))
}

type Answer = dyn Fn(&Asked, usize) -> Say + Send + Sync;

/// The fake. It ends when it is dropped.
pub(crate) struct Fake {
    pub(crate) url: String,
    asked: Arc<Mutex<Vec<Asked>>>,
    accept: JoinHandle<()>,
}

impl Drop for Fake {
    fn drop(&mut self) {
        self.accept.abort();
    }
}

impl Fake {
    /// A fake that lets everybody log in, as `token-1`, `token-2`, …, and answers calls as `answer` says: it gets the request and
    /// how many calls came before.
    pub(crate) async fn of(answer: impl Fn(&Asked, usize) -> Say + Send + Sync + 'static) -> Self {
        let logins = Mutex::new(0);
        Self::raw(move |asked, number| match asked.script.as_str() {
            "login.cgi" => {
                let mut logins = logins.lock().unwrap();
                *logins += 1;
                Say::Json(json!({"token": format!("token-{logins}"), "role": {"name": "admin", "permission": 200}}))
            }
            "logout.cgi" => Say::Json(json!({})),
            _ => answer(asked, number),
        })
        .await
    }

    /// A fake that answers everything as `answer` says: it gets the request and how many requests of its script came before.
    pub(crate) async fn raw(answer: impl Fn(&Asked, usize) -> Say + Send + Sync + 'static) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("http://{}", listener.local_addr().unwrap());
        let asked = Arc::new(Mutex::new(Vec::new()));
        let (log, answer): (_, Arc<Answer>) = (Arc::clone(&asked), Arc::new(answer));
        let accept = tokio::spawn(async move {
            let mut connections = tokio::task::JoinSet::new();
            while let Ok((stream, _)) = listener.accept().await {
                connections.spawn(serve(stream, Arc::clone(&log), Arc::clone(&answer)));
            }
        });
        Self { url, asked, accept }
    }

    pub(crate) fn builder(&self) -> Ripex2Builder {
        Ripex2::builder(&*self.url)
            .login("admin", "mock-password")
            .timeout(Duration::from_secs(5))
    }

    pub(crate) fn agent(&self) -> Agent {
        self.builder().build().unwrap()
    }

    /// The requests so far.
    pub(crate) fn asked(&self) -> Vec<Asked> {
        self.asked.lock().unwrap().clone()
    }

    /// How often a script was asked.
    pub(crate) fn count(&self, script: &str) -> usize {
        let asked = self.asked.lock().unwrap();
        asked.iter().filter(|asked| asked.script == script).count()
    }

    /// How often a method was called.
    pub(crate) fn calls(&self, method: &str) -> usize {
        let asked = self.asked.lock().unwrap();
        asked
            .iter()
            .filter(|asked| asked.method() == method)
            .count()
    }
}

async fn serve(mut stream: TcpStream, log: Arc<Mutex<Vec<Asked>>>, answer: Arc<Answer>) {
    while let Some(asked) = read(&mut stream).await {
        let number = {
            let mut log = log.lock().unwrap();
            let before = log.iter().filter(|before| before.script == asked.script);
            let number = before.count();
            log.push(asked.clone());
            number
        };
        let mut say = answer(&asked, number);
        if let Say::Late(pause, later) = say {
            tokio::time::sleep(pause).await;
            say = *later;
        }
        let (head, body) = match say {
            Say::Json(value) => ("HTTP/1.1 200 OK".to_owned(), value.to_string().into_bytes()),
            Say::Status(status, body) => (format!("HTTP/1.1 {status} X"), body.into()),
            Say::With(headers, body) => (format!("HTTP/1.1 200 OK\r\n{headers}"), body),
            Say::Cut(bytes) => {
                let _ = stream.write_all(&bytes).await;
                return;
            }
            Say::Silence | Say::Late(..) => std::future::pending().await,
        };
        let head = format!("{head}\r\nContent-Length: {}\r\n\r\n", body.len());
        if stream
            .write_all(&[head.as_bytes(), &body].concat())
            .await
            .is_err()
        {
            return;
        }
    }
}

async fn read(stream: &mut TcpStream) -> Option<Asked> {
    let mut head = Vec::new();
    while !head.ends_with(b"\r\n\r\n") {
        head.push(stream.read_u8().await.ok()?);
    }
    let head = String::from_utf8(head).unwrap();
    let value = |name: &str| {
        head.lines().find_map(|line| {
            let (key, value) = line.split_once(':')?;
            key.eq_ignore_ascii_case(name)
                .then(|| value.trim().to_owned())
        })
    };
    let mut body = vec![0; value("content-length")?.parse().ok()?];
    stream.read_exact(&mut body).await.ok()?;
    let path = head.split(' ').nth(1)?;
    Some(Asked {
        script: path.rsplit('/').next()?.to_owned(),
        key: value("apikey"),
        body: serde_json::from_slice(&body).ok()?,
        head,
    })
}
