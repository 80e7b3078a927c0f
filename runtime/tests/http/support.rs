//! A server that does exactly what a test says, byte for byte, on a port of 127.0.0.1.

use std::future::IntoFuture;
use std::net::SocketAddr;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use rustls::HandshakeKind;
use tokio::io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio_rustls::TlsAcceptor;
use xerus_rpc::http::HttpTransport;
use xerus_rpc::rt::{Marks, Method};
use xerus_rpc::wire::{Request, Results, Transport, Values};
use xerus_rpc::{Agent, AgentBuilder, Error, MemoryTransport, server::Router};

/// A request as it came in.
#[derive(Clone, Debug)]
pub(crate) struct Seen {
    /// Number of the connection, from 0.
    pub(crate) connection: usize,
    /// Number of the request on this server, from 0.
    pub(crate) number: usize,
    /// Request line and headers.
    pub(crate) head: String,
    pub(crate) body: String,
}

impl Seen {
    /// All values of a header.
    pub(crate) fn headers(&self, name: &str) -> Vec<String> {
        self.head
            .lines()
            .skip(1)
            .filter_map(|line| line.split_once(':'))
            .filter(|(key, _)| key.eq_ignore_ascii_case(name))
            .map(|(_, value)| value.trim().to_owned())
            .collect()
    }

    pub(crate) fn line(&self) -> &str {
        self.head.lines().next().unwrap_or_default()
    }

    pub(crate) fn json(&self) -> serde_json::Value {
        serde_json::from_str(&self.body).expect("the request is JSON")
    }

    /// A well-formed answer to this request.
    pub(crate) fn answer(&self, result: &str) -> Answer {
        Answer::Keep(http(200, "", &self.document(result)))
    }

    /// The document of a well-formed answer to this request.
    pub(crate) fn document(&self, result: &str) -> String {
        format!(
            r#"{{"jsonrpc":"2.0","result":{result},"id":{}}}"#,
            self.json()["id"]
        )
    }
}

/// What the server does with a request.
pub(crate) enum Answer {
    /// Sends these bytes and waits for the next request.
    Keep(String),
    /// Sends these bytes and closes the connection.
    Last(String),
    /// Closes the connection without a word.
    Cut,
    /// Sends the first text at once and the bytes of the second one by one.
    Drip(String, String, Duration),
    /// Sends these bytes, and then the second text again and again until nobody listens.
    Endless(String, String),
    /// Waits, then sends these bytes.
    Later(Duration, String),
    /// Sends these bytes (or none), then waits until the client goes away.
    Begin(String),
}

/// A complete answer with the right `Content-Length`. `headers` are whole lines, each with `\r\n`.
pub(crate) fn http(status: u16, headers: &str, body: &str) -> String {
    format!(
        "HTTP/1.1 {status} Text\r\n{headers}Content-Length: {}\r\n\r\n{body}",
        body.len()
    )
}

#[derive(Default)]
struct Record {
    seen: Mutex<Vec<Seen>>,
    connections: AtomicUsize,
    closed: AtomicUsize,
    /// Of TLS, those that came to an end.
    handshakes: Mutex<Vec<HandshakeKind>>,
}

impl Record {
    fn note(&self, handshake: Option<HandshakeKind>) {
        let handshake = handshake.expect("the handshake is over");
        self.handshakes
            .lock()
            .expect("not poisoned")
            .push(handshake);
    }
}

/// A running server; it ends with the test's runtime.
#[derive(Clone)]
pub(crate) struct Server {
    pub(crate) address: SocketAddr,
    scheme: &'static str,
    record: Arc<Record>,
}

type Handler = dyn Fn(&Seen) -> Answer + Send + Sync;

impl Server {
    pub(crate) async fn http(handler: impl Fn(&Seen) -> Answer + Send + Sync + 'static) -> Self {
        Self::start(None, Arc::new(handler)).await
    }

    pub(crate) async fn https(
        config: Arc<rustls::ServerConfig>,
        handler: impl Fn(&Seen) -> Answer + Send + Sync + 'static,
    ) -> Self {
        Self::start(Some(TlsAcceptor::from(config)), Arc::new(handler)).await
    }

    async fn start(tls: Option<TlsAcceptor>, handler: Arc<Handler>) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
        let address = listener.local_addr().expect("an address");
        let scheme = if tls.is_some() { "https" } else { "http" };
        let server = Self {
            address,
            scheme,
            record: Arc::default(),
        };
        let record = Arc::clone(&server.record);
        tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                let connection = record.connections.fetch_add(1, Ordering::SeqCst);
                let (record, handler, tls) =
                    (Arc::clone(&record), Arc::clone(&handler), tls.clone());
                tokio::spawn(async move {
                    stream.set_nodelay(true).expect("nodelay");
                    match tls {
                        None => serve(stream, connection, &record, &*handler).await,
                        Some(tls) => {
                            if let Ok(stream) = tls.accept(stream).await {
                                record.note(stream.get_ref().1.handshake_kind());
                                serve(stream, connection, &record, &*handler).await;
                            }
                        }
                    }
                    record.closed.fetch_add(1, Ordering::SeqCst);
                });
            }
        });
        server
    }

    pub(crate) fn url(&self) -> String {
        format!("{}://{}", self.scheme, self.address)
    }

    /// The same server under a name instead of an address.
    pub(crate) fn localhost(&self) -> String {
        format!("{}://localhost:{}", self.scheme, self.address.port())
    }

    pub(crate) fn agent(&self) -> AgentBuilder {
        Agent::builder(self.url())
    }

    pub(crate) fn transport(&self) -> HttpTransport {
        self.agent().build_transport().expect("a transport")
    }

    pub(crate) fn seen(&self) -> Vec<Seen> {
        self.record.seen.lock().expect("not poisoned").clone()
    }

    /// The TLS handshakes that succeeded, in their order.
    pub(crate) fn handshakes(&self) -> Vec<HandshakeKind> {
        let all = self.record.handshakes.lock().expect("not poisoned");
        all.clone()
    }

    pub(crate) fn requests(&self) -> usize {
        self.seen().len()
    }

    pub(crate) fn connections(&self) -> usize {
        self.record.connections.load(Ordering::SeqCst)
    }

    pub(crate) fn open_connections(&self) -> usize {
        self.connections() - self.record.closed.load(Ordering::SeqCst)
    }
}

async fn serve<S>(mut stream: S, connection: usize, record: &Record, handler: &Handler)
where
    S: AsyncRead + AsyncWrite + Unpin,
{
    let mut input = Vec::new();
    while let Some((head, body)) = read_request(&mut stream, &mut input).await {
        let seen = {
            let mut all = record.seen.lock().expect("not poisoned");
            let seen = Seen {
                connection,
                number: all.len(),
                head,
                body,
            };
            all.push(seen.clone());
            seen
        };
        let text = match handler(&seen) {
            Answer::Keep(text) => text,
            Answer::Last(text) => {
                let _ = stream.write_all(text.as_bytes()).await;
                let _ = stream.shutdown().await;
                return;
            }
            Answer::Cut => return,
            Answer::Drip(text, drops, every) => {
                let _ = stream.write_all(text.as_bytes()).await;
                for byte in drops.bytes() {
                    if stream.write_all(&[byte]).await.is_err() || stream.flush().await.is_err() {
                        return;
                    }
                    tokio::time::sleep(every).await;
                }
                String::new()
            }
            Answer::Endless(text, more) => {
                let _ = stream.write_all(text.as_bytes()).await;
                while stream.write_all(more.as_bytes()).await.is_ok() {}
                return;
            }
            Answer::Later(time, text) => {
                tokio::time::sleep(time).await;
                text
            }
            Answer::Begin(text) => {
                let _ = stream.write_all(text.as_bytes()).await;
                let mut rest = [0; 64];
                while matches!(stream.read(&mut rest).await, Ok(read) if read > 0) {}
                return;
            }
        };
        if stream.write_all(text.as_bytes()).await.is_err() || stream.flush().await.is_err() {
            return;
        }
    }
}

/// One request from the stream; what follows it stays in `input`.
async fn read_request<S: AsyncRead + Unpin>(
    stream: &mut S,
    input: &mut Vec<u8>,
) -> Option<(String, String)> {
    loop {
        if let Some(end) = input.windows(4).position(|part| part == b"\r\n\r\n") {
            let head = String::from_utf8_lossy(&input[..end]).into_owned();
            let length = head
                .lines()
                .filter_map(|line| line.split_once(':'))
                .find(|(key, _)| key.eq_ignore_ascii_case("content-length"))
                .map_or(0, |(_, value)| {
                    value.trim().parse::<usize>().expect("a number")
                });
            let total = end + 4 + length;
            if input.len() >= total {
                let body = String::from_utf8_lossy(&input[end + 4..total]).into_owned();
                input.drain(..total);
                return Some((head, body));
            }
        }
        let mut chunk = [0; 4096];
        match stream.read(&mut chunk).await {
            Ok(read) if read > 0 => input.extend_from_slice(&chunk[..read]),
            _ => return None,
        }
    }
}

/// A method that only reads.
pub(crate) static GET_STATE: Method = Method {
    interface: "pdumodel.Pdu:1.0.0",
    name: "getState",
    results: &["_ret_"],
    marks: &Marks::REPEATABLE,
    ..Method::PLAIN
};

/// A method that reads, but not without an effect: it has the name of a reader and no mark.
pub(crate) static GET_SECRET: Method = Method {
    interface: "pdumodel.Pdu:1.0.0",
    name: "getSecret",
    results: &["_ret_"],
    ..Method::PLAIN
};

/// A method that changes something.
pub(crate) static SET_STATE: Method = Method {
    interface: "pdumodel.Pdu:1.0.0",
    name: "setPowerState",
    params: &["pstate"],
    results: &["_ret_"],
    codes: Some(&[(1, &["ERR_DISABLED"])]),
    ..Method::PLAIN
};

/// A method that the device answers when something happens.
pub(crate) static POLL: Method = Method {
    interface: "event.Channel:1.0.0",
    name: "pollEvents",
    results: &["_ret_"],
    marks: &Marks {
        long_poll: true,
        ..Marks::PLAIN
    },
    ..Method::PLAIN
};

/// A request without arguments for one of the methods above.
pub(crate) fn request(method: &'static Method) -> Request {
    Request::new("/model/pdu/0", method, Values::none())
}

/// Arguments, from the text of an object.
pub(crate) fn values(object: &str) -> Values {
    let agent = Agent::with_transport(Arc::new(MemoryTransport::new(Router::new())));
    let call = agent.call("/", "any", object.parse().expect("JSON"));
    call.args().expect("an object").clone()
}

/// The document of the answer to a request.
pub(crate) async fn call(transport: &HttpTransport, request: &Request) -> Result<String, Error> {
    match transport.call(request).await?.results() {
        Results::Envelope { body, .. } => Ok(String::from_utf8_lossy(body).into_owned()),
        other => panic!("not an envelope: {other:?}"),
    }
}

/// The error of a call that must fail, and in time.
pub(crate) async fn failure(transport: &HttpTransport, method: &'static Method) -> Error {
    in_time(call(transport, &request(method)))
        .await
        .expect_err("the call must fail")
}

/// The document of a call that must succeed, and in time.
pub(crate) async fn success(transport: &HttpTransport, method: &'static Method) -> String {
    in_time(call(transport, &request(method)))
        .await
        .expect("the call must succeed")
}

/// No test waits for ever.
pub(crate) async fn in_time<F: IntoFuture>(future: F) -> F::Output {
    tokio::time::timeout(Duration::from_secs(20), future.into_future())
        .await
        .expect("the test hangs")
}

/// Waits until a condition holds.
pub(crate) async fn eventually(what: &str, condition: impl Fn() -> bool) {
    for _ in 0..500 {
        if condition() {
            return;
        }
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
    panic!("never happened: {what}");
}

/// A port on which nobody listens.
pub(crate) async fn dead_port() -> u16 {
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
    listener.local_addr().expect("an address").port()
}

/// A server that sends some bytes to whoever connects and then waits.
pub(crate) async fn raw_server(bytes: &'static [u8]) -> SocketAddr {
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
    let address = listener.local_addr().expect("an address");
    tokio::spawn(async move {
        let mut kept: Vec<TcpStream> = Vec::new();
        while let Ok((mut stream, _)) = listener.accept().await {
            let _ = stream.write_all(bytes).await;
            kept.push(stream);
        }
    });
    address
}
