//! A device of which a test says all: what it answers, byte for byte, when, and how its connections end. It counts.

use std::future::IntoFuture;
use std::net::SocketAddr;
use std::sync::atomic::{AtomicU64, AtomicUsize, Ordering};
use std::sync::{Arc, LazyLock, Mutex};
use std::time::Duration;

use tokio::io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio_rustls::TlsAcceptor;
use tokio_rustls::server::TlsStream;
use xerus_rpc::{Agent, AgentBuilder, Error, Json};

use crate::certificates::Authority;

/// A request that was read to its end.
#[derive(Clone, Debug)]
pub(crate) struct Asked {
    /// Number of the connection on this device, from 0.
    pub(crate) connection: usize,
    /// Number of the request on this device, from 0.
    pub(crate) number: usize,
    /// Request line and headers.
    pub(crate) head: String,
    pub(crate) body: String,
}

impl Asked {
    pub(crate) fn json(&self) -> serde_json::Value {
        serde_json::from_str(&self.body).expect("a request is JSON")
    }

    /// The resource id, out of the request line.
    pub(crate) fn rid(&self) -> &str {
        self.head.split(' ').nth(1).unwrap_or_default()
    }

    pub(crate) fn method(&self) -> String {
        self.json()["method"].as_str().unwrap_or_default().into()
    }

    /// The document of a well-formed answer.
    pub(crate) fn document(&self, result: &str) -> String {
        format!(
            r#"{{"jsonrpc":"2.0","result":{result},"id":{}}}"#,
            self.json()["id"]
        )
    }

    /// A well-formed answer whose return value is this.
    pub(crate) fn returns(&self, value: &str) -> Vec<Step> {
        vec![Step::Send(http(
            200,
            "",
            self.document(&format!(r#"{{"_ret_":{value}}}"#)),
        ))]
    }
}

/// One thing that the device does on a connection. When all are done, it waits for the next request.
#[derive(Clone, Debug)]
pub(crate) enum Step {
    /// Sends these bytes.
    Send(Vec<u8>),
    /// Sends these bytes again and again until nobody takes them.
    Endless(Vec<u8>),
    /// Sends these bytes so many times.
    Repeat(Vec<u8>, usize),
    /// Sends these bytes one by one, with so much time between them, until nobody takes them.
    Drip(Vec<u8>, Duration),
    Wait(Duration),
    /// Waits until the client goes away.
    Hold,
    /// Ends the connection in good order: `close_notify` where there is TLS, then FIN.
    Close,
    /// Sends FIN and, where there is TLS, no `close_notify`.
    Fin,
    /// Sends RST.
    Reset,
}

/// How a device answers a request.
pub(crate) type Answer = fn(&Asked) -> Vec<Step>;

/// What the device does before it has read the next request of a connection.
pub(crate) enum Greeting {
    /// It reads the request.
    Listen,
    /// It reads this many bytes of the request at the most, and then does this.
    After(usize, Vec<Step>),
}

/// How a device behaves.
pub(crate) trait Conduct: Send + Sync + 'static {
    /// Before request number `nth` of a connection is read.
    fn greet(&self, connection: usize, nth: usize) -> Greeting {
        let _ = (connection, nth);
        Greeting::Listen
    }

    fn answer(&self, asked: &Asked) -> Vec<Step>;
}

impl<F: Fn(&Asked) -> Vec<Step> + Send + Sync + 'static> Conduct for F {
    fn answer(&self, asked: &Asked) -> Vec<Step> {
        self(asked)
    }
}

/// A complete answer with the right `Content-Length`. `headers` are whole lines, each with its `\r\n`.
pub(crate) fn http(status: u16, headers: &str, body: impl AsRef<[u8]>) -> Vec<u8> {
    let body = body.as_ref();
    let head = format!(
        "HTTP/1.1 {status} Text\r\n{headers}Content-Length: {}\r\n\r\n",
        body.len()
    );
    [head.as_bytes(), body].concat()
}

/// The whole of an answer, as this text.
pub(crate) fn raw(text: impl Into<Vec<u8>>) -> Vec<Step> {
    vec![Step::Send(text.into())]
}

/// Whether a test uses TLS.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Scheme {
    Http,
    Https,
}

pub(crate) const BOTH: [Scheme; 2] = [Scheme::Http, Scheme::Https];

/// The authority and the server configuration of all devices with TLS: making keys takes time.
static TLS: LazyLock<(String, TlsAcceptor)> = LazyLock::new(|| {
    let authority = Authority::new();
    let config = authority.server(&["127.0.0.1", "localhost"]);
    (authority.pem(), TlsAcceptor::from(config))
});

#[derive(Default)]
struct Record {
    asked: Mutex<Vec<Asked>>,
    connections: AtomicUsize,
    closed: AtomicUsize,
    sent: AtomicU64,
}

/// A running device; it ends with the runtime of the test.
#[derive(Clone)]
pub(crate) struct Device {
    pub(crate) address: SocketAddr,
    scheme: Scheme,
    record: Arc<Record>,
}

impl Device {
    pub(crate) async fn start(scheme: Scheme, conduct: impl Conduct) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
        let device = Self {
            address: listener.local_addr().expect("an address"),
            scheme,
            record: Arc::default(),
        };
        let record = Arc::clone(&device.record);
        let conduct = Arc::new(conduct);
        tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                let connection = record.connections.fetch_add(1, Ordering::SeqCst);
                let (record, conduct) = (Arc::clone(&record), Arc::clone(&conduct));
                tokio::spawn(async move {
                    stream.set_nodelay(true).expect("nodelay");
                    match scheme {
                        Scheme::Http => serve(stream, connection, &record, &*conduct).await,
                        Scheme::Https => {
                            if let Ok(stream) = TLS.1.accept(stream).await {
                                serve(stream, connection, &record, &*conduct).await;
                            }
                        }
                    }
                    record.closed.fetch_add(1, Ordering::SeqCst);
                });
            }
        });
        device
    }

    /// A device without TLS.
    pub(crate) async fn http(conduct: impl Conduct) -> Self {
        Self::start(Scheme::Http, conduct).await
    }

    pub(crate) fn url(&self) -> String {
        match self.scheme {
            Scheme::Http => format!("http://{}", self.address),
            Scheme::Https => format!("https://{}", self.address),
        }
    }

    /// An agent for it that trusts it.
    pub(crate) fn agent(&self) -> AgentBuilder {
        trusting(self.url())
    }

    pub(crate) fn asked(&self) -> Vec<Asked> {
        self.record.asked.lock().expect("not poisoned").clone()
    }

    /// Requests read to their end.
    pub(crate) fn requests(&self) -> usize {
        self.record.asked.lock().expect("not poisoned").len()
    }

    pub(crate) fn connections(&self) -> usize {
        self.record.connections.load(Ordering::SeqCst)
    }

    pub(crate) fn open_connections(&self) -> usize {
        self.connections() - self.record.closed.load(Ordering::SeqCst)
    }

    /// Bytes that the sockets took.
    pub(crate) fn sent(&self) -> u64 {
        self.record.sent.load(Ordering::SeqCst)
    }
}

/// An agent for this address that trusts the devices of these tests.
pub(crate) fn trusting(url: String) -> AgentBuilder {
    let plain = url.starts_with("http:");
    // A third of what a test may take, so that a call that hangs is told from a test that does.
    let agent = Agent::builder(url).timeout(Duration::from_secs(10));
    if plain {
        agent
    } else {
        agent.root_certificate_pem(&TLS.0)
    }
}

/// A connection whose end is up to us.
trait Stream: AsyncRead + AsyncWrite + Unpin + Send {
    fn tcp(&mut self) -> &mut TcpStream;
}

impl Stream for TcpStream {
    fn tcp(&mut self) -> &mut TcpStream {
        self
    }
}

impl Stream for TlsStream<TcpStream> {
    fn tcp(&mut self) -> &mut TcpStream {
        self.get_mut().0
    }
}

async fn serve(
    mut stream: impl Stream,
    connection: usize,
    record: &Record,
    conduct: &impl Conduct,
) {
    let mut input = Vec::new();
    for nth in 0.. {
        let (limit, early) = match conduct.greet(connection, nth) {
            Greeting::Listen => (usize::MAX, Vec::new()),
            Greeting::After(bytes, steps) => (bytes, steps),
        };
        let steps = match read_request(&mut stream, &mut input, limit).await {
            Read::Nothing => return,
            Read::Part => early,
            Read::Whole(head, body) => {
                let asked = {
                    let mut all = record.asked.lock().expect("not poisoned");
                    let asked = Asked {
                        connection,
                        number: all.len(),
                        head,
                        body,
                    };
                    all.push(asked.clone());
                    asked
                };
                conduct.answer(&asked)
            }
        };
        for step in steps {
            if !perform(&mut stream, step, record).await {
                return;
            }
        }
    }
}

/// Takes a step; false when it was the last of the connection.
async fn perform(stream: &mut impl Stream, step: Step, record: &Record) -> bool {
    let sent = |bytes: &[u8]| {
        record.sent.fetch_add(bytes.len() as u64, Ordering::SeqCst);
    };
    match step {
        Step::Send(bytes) => {
            sent(&bytes);
            stream.write_all(&bytes).await.is_ok() && stream.flush().await.is_ok()
        }
        Step::Endless(bytes) => {
            while stream.write_all(&bytes).await.is_ok() {
                sent(&bytes);
            }
            false
        }
        Step::Repeat(bytes, times) => {
            for _ in 0..times {
                if stream.write_all(&bytes).await.is_err() {
                    return false;
                }
                sent(&bytes);
            }
            stream.flush().await.is_ok()
        }
        Step::Drip(bytes, every) => {
            for byte in bytes {
                if stream.write_all(&[byte]).await.is_err() || stream.flush().await.is_err() {
                    return false;
                }
                sent(&[byte]);
                tokio::time::sleep(every).await;
            }
            true
        }
        Step::Wait(time) => {
            tokio::time::sleep(time).await;
            true
        }
        Step::Hold => {
            drain(stream).await;
            false
        }
        Step::Close => {
            let _ = stream.shutdown().await;
            drain(stream).await;
            false
        }
        Step::Fin => {
            let _ = stream.tcp().shutdown().await;
            drain(stream.tcp()).await;
            false
        }
        Step::Reset => {
            stream.tcp().set_zero_linger().expect("a socket option");
            false
        }
    }
}

/// Reads until the other side is gone. Without it a socket with unread bytes would end with RST.
async fn drain(stream: &mut (impl AsyncRead + Unpin)) {
    let mut bytes = [0; 4096];
    while matches!(stream.read(&mut bytes).await, Ok(read) if read > 0) {}
}

enum Read {
    /// The client went away first.
    Nothing,
    /// As many bytes as were asked for, and no whole request.
    Part,
    /// Head and body.
    Whole(String, String),
}

/// One request from the stream; what follows it stays in `input`.
async fn read_request(stream: &mut impl Stream, input: &mut Vec<u8>, limit: usize) -> Read {
    loop {
        if input.len() >= limit {
            return Read::Part;
        }
        if let Some(end) = input.windows(4).position(|part| part == b"\r\n\r\n") {
            let head = String::from_utf8_lossy(&input[..end]).into_owned();
            let length = head
                .lines()
                .filter_map(|line| line.split_once(':'))
                .find(|(key, _)| key.eq_ignore_ascii_case("content-length"))
                .map_or(0, |(_, value)| value.trim().parse().expect("a number"));
            let total: usize = end + 4 + length;
            if input.len() >= total {
                let body = String::from_utf8_lossy(&input[end + 4..total]).into_owned();
                input.drain(..total);
                return Read::Whole(head, body);
            }
        }
        let mut chunk = [0; 4096];
        let room = chunk.len().min(limit - input.len());
        match stream.read(&mut chunk[..room]).await {
            Ok(read) if read > 0 => input.extend_from_slice(&chunk[..read]),
            _ => return Read::Nothing,
        }
    }
}

/// A call that changes something and must not be made twice.
pub(crate) async fn switch(agent: &Agent) -> Result<Json, Error> {
    let call = agent.call("/model/pdu/0", "setPowerState", Json::EMPTY_OBJECT);
    in_time(call).await
}

/// A call that only reads.
pub(crate) async fn get(agent: &Agent) -> Result<Json, Error> {
    let call = agent.call("/model/pdu/0", "getState", Json::EMPTY_OBJECT);
    in_time(call).await
}

/// No test waits for ever.
pub(crate) async fn in_time<F: IntoFuture>(future: F) -> F::Output {
    tokio::time::timeout(Duration::from_secs(30), future.into_future())
        .await
        .expect("the test hangs")
}

/// Waits until a condition holds.
pub(crate) async fn eventually(what: &str, condition: impl Fn() -> bool) {
    for _ in 0..1000 {
        if condition() {
            return;
        }
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
    panic!("never happened: {what}");
}
