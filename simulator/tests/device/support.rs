//! A client that writes its requests byte by byte, so that no library mends them.

use std::net::SocketAddr;
use std::sync::Arc;

use base64::Engine as _;
use rustls::pki_types::pem::PemObject as _;
use rustls::pki_types::{CertificateDer, ServerName};
use rustls::{ClientConfig, RootCertStore};
use serde_json::Value;
use tokio::io::{AsyncRead, AsyncReadExt as _, AsyncWrite, AsyncWriteExt as _};
use tokio::net::TcpStream;
use xerus_sim::{Running, Simulator, SimulatorBuilder};

/// An answer as it came.
#[derive(Debug)]
pub(crate) struct Answer {
    pub(crate) status: u16,
    pub(crate) headers: Vec<(String, String)>,
    pub(crate) body: Vec<u8>,
}

impl Answer {
    pub(crate) fn header(&self, name: &str) -> Option<&str> {
        self.headers
            .iter()
            .find(|(key, _)| key.eq_ignore_ascii_case(name))
            .map(|(_, value)| value.as_str())
    }

    pub(crate) fn json(&self) -> Value {
        serde_json::from_slice(&self.body).unwrap_or_else(|error| panic!("{error}: {self:?}"))
    }
}

/// One connection.
pub(crate) struct Client<S = TcpStream>(pub(crate) S);

impl Client {
    pub(crate) async fn connect(address: SocketAddr) -> Self {
        Self(TcpStream::connect(address).await.unwrap())
    }
}

impl<S: AsyncRead + AsyncWrite + Unpin> Client<S> {
    /// Sends a request head and body as they are and reads one answer; `None` when the connection ends before it.
    pub(crate) async fn raw(&mut self, request: &[u8]) -> Option<Answer> {
        self.0.write_all(request).await.ok()?;
        self.answer().await
    }

    /// One answer, or `None` when the connection ends before it is complete.
    pub(crate) async fn answer(&mut self) -> Option<Answer> {
        let mut head = Vec::new();
        while !head.ends_with(b"\r\n\r\n") {
            head.push(self.0.read_u8().await.ok()?);
        }
        let head = String::from_utf8(head).unwrap();
        let mut lines = head.trim_end().split("\r\n");
        let status = lines
            .next()
            .unwrap()
            .split(' ')
            .nth(1)
            .unwrap()
            .parse()
            .unwrap();
        let headers: Vec<(String, String)> = lines
            .map(|line| line.split_once(':').unwrap())
            .map(|(name, value)| (name.to_owned(), value.trim().to_owned()))
            .collect();
        let mut answer = Answer {
            status,
            headers,
            body: Vec::new(),
        };
        let length: usize = answer.header("content-length").unwrap().parse().unwrap();
        answer.body = vec![0; length];
        self.0.read_exact(&mut answer.body).await.ok()?;
        Some(answer)
    }

    /// A POST with these extra header lines.
    pub(crate) async fn post(&mut self, path: &str, headers: &[&str], body: &str) -> Answer {
        let request = request(path, headers, body);
        self.raw(request.as_bytes()).await.expect("an answer")
    }

    /// The JSON answer to a call.
    pub(crate) async fn call(&mut self, rid: &str, method: &str, params: Value) -> Value {
        let body =
            serde_json::json!({"jsonrpc": "2.0", "method": method, "params": params, "id": 1})
                .to_string();
        self.post(rid, &[&admin()], &body).await.json()
    }

    /// The `result` of a call.
    pub(crate) async fn result(&mut self, rid: &str, method: &str, params: Value) -> Value {
        let mut answer = self.call(rid, method, params).await;
        assert!(answer.get("error").is_none(), "{rid} {method}: {answer}");
        answer["result"].take()
    }

    /// Whether the server has closed the connection.
    pub(crate) async fn is_closed(&mut self) -> bool {
        !matches!(self.0.read(&mut [0]).await, Ok(1..))
    }
}

pub(crate) fn request(path: &str, headers: &[&str], body: &str) -> String {
    let headers: String = headers.iter().map(|line| format!("{line}\r\n")).collect();
    format!(
        "POST {path} HTTP/1.1\r\nHost: pdu\r\n{headers}Content-Length: {}\r\n\r\n{body}",
        body.len()
    )
}

pub(crate) fn basic(user: &str, password: &str) -> String {
    let credentials =
        base64::engine::general_purpose::STANDARD.encode(format!("{user}:{password}"));
    format!("Authorization: Basic {credentials}")
}

/// The header line of [`device`]'s administrator.
pub(crate) fn admin() -> String {
    basic("admin", "pass")
}

/// The usual device, to be changed before it starts.
pub(crate) fn builder() -> SimulatorBuilder {
    Simulator::builder()
        .outlets(8)
        .inlets(1)
        .user("admin", "pass")
        .listen("127.0.0.1:0")
}

/// The usual device and a connection to it.
pub(crate) async fn device() -> (Running, Client) {
    let device = builder().start().await.unwrap();
    let client = Client::connect(device.address()).await;
    (device, client)
}

/// A TLS connection under a server name.
pub(crate) async fn encrypted(
    address: SocketAddr,
    trusted: &str,
    name: &str,
) -> std::io::Result<Client<tokio_rustls::client::TlsStream<TcpStream>>> {
    let mut roots = RootCertStore::empty();
    roots
        .add(CertificateDer::from_pem_slice(trusted.as_bytes()).unwrap())
        .unwrap();
    let config =
        ClientConfig::builder_with_provider(Arc::new(rustls::crypto::ring::default_provider()))
            .with_safe_default_protocol_versions()
            .unwrap()
            .with_root_certificates(roots)
            .with_no_client_auth();
    let stream = TcpStream::connect(address).await.unwrap();
    let name = ServerName::try_from(name.to_owned()).unwrap();
    tokio_rustls::TlsConnector::from(Arc::new(config))
        .connect(name, stream)
        .await
        .map(Client)
}
