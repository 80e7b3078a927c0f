//! A network in which every host answers as a test says: a proxy that leads nowhere and answers itself, over HTTP or TLS.

use std::io;
use std::sync::{Arc, Mutex, PoisonError};

use rustls::ServerConfig;
use rustls::pki_types::{PrivateKeyDer, PrivatePkcs8KeyDer};
use tokio::io::{AsyncRead, AsyncReadExt as _, AsyncWrite, AsyncWriteExt as _};
use tokio::net::{TcpListener, TcpStream};
use tokio_rustls::TlsAcceptor;
use xerus_rpc::AgentBuilder;

/// A request as a host got it.
#[derive(Clone, Debug)]
pub(crate) struct Asked {
    /// `https://pdu.example:443`
    pub(crate) origin: String,
    /// Request line and headers.
    pub(crate) head: String,
    pub(crate) body: Vec<u8>,
}

impl Asked {
    /// What stands between method and version.
    pub(crate) fn target(&self) -> &str {
        self.head.split(' ').nth(1).unwrap_or_default()
    }

    /// The first value of a header.
    pub(crate) fn header(&self, name: &str) -> Option<&str> {
        self.head
            .lines()
            .filter_map(|line| line.split_once(':'))
            .find(|(known, _)| known.eq_ignore_ascii_case(name))
            .map(|(_, value)| value.trim())
    }

    /// An answer to the call that this is.
    pub(crate) fn answered(&self, result: &str) -> String {
        let document: serde_json::Value = serde_json::from_slice(&self.body).unwrap_or_default();
        let body = format!(
            r#"{{"jsonrpc":"2.0","result":{result},"id":{}}}"#,
            document["id"]
        );
        answer(200, "", &body)
    }
}

/// An HTTP answer; `headers` are whole lines.
pub(crate) fn answer(status: u64, headers: &str, body: &str) -> String {
    let length = if matches!(status, 204 | 304) {
        String::new()
    } else {
        format!("Content-Length: {}\r\n", body.len())
    };
    format!("HTTP/1.1 {status} Text\r\n{headers}{length}\r\n{body}")
}

/// The hosts, and what they were asked.
pub(crate) struct Network {
    proxy: String,
    asked: Arc<Mutex<Vec<Asked>>>,
}

impl Network {
    /// Begins; it ends with the runtime.
    pub(crate) async fn start(
        answer: impl Fn(&Asked) -> String + Send + Sync + 'static,
    ) -> io::Result<Self> {
        let listener = TcpListener::bind("127.0.0.1:0").await?;
        let proxy = format!("http://{}", listener.local_addr()?);
        let asked = Arc::<Mutex<Vec<Asked>>>::default();
        let hosts = Arc::new(Hosts {
            tls: TlsAcceptor::from(Arc::new(certificate()?)),
            answer: Box::new(answer),
            asked: Arc::clone(&asked),
        });
        tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                let hosts = Arc::clone(&hosts);
                tokio::spawn(async move { hosts.connect(stream).await });
            }
        });
        Ok(Self { proxy, asked })
    }

    /// Leads an agent into this network.
    pub(crate) fn lead(&self, builder: AgentBuilder) -> AgentBuilder {
        builder.proxy(&self.proxy).danger_accept_invalid_certs()
    }

    /// What was asked so far.
    pub(crate) fn asked(&self) -> Vec<Asked> {
        let asked = self.asked.lock();
        asked.unwrap_or_else(PoisonError::into_inner).clone()
    }
}

/// A certificate that nobody has to believe.
fn certificate() -> io::Result<ServerConfig> {
    let made =
        rcgen::generate_simple_self_signed(["pdu.example".to_owned()]).map_err(io::Error::other)?;
    let key = PrivatePkcs8KeyDer::from(made.signing_key.serialize_der());
    ServerConfig::builder_with_provider(Arc::new(rustls::crypto::ring::default_provider()))
        .with_safe_default_protocol_versions()
        .map_err(io::Error::other)?
        .with_no_client_auth()
        .with_single_cert(vec![made.cert.der().clone()], PrivateKeyDer::from(key))
        .map_err(io::Error::other)
}

struct Hosts {
    tls: TlsAcceptor,
    answer: Box<dyn Fn(&Asked) -> String + Send + Sync>,
    asked: Arc<Mutex<Vec<Asked>>>,
}

impl Hosts {
    async fn connect(&self, mut stream: TcpStream) -> io::Result<()> {
        let (head, _) = read(&mut stream).await?;
        let host = head.split(' ').nth(1).unwrap_or_default().to_owned();
        stream.write_all(b"HTTP/1.1 200 OK\r\n\r\n").await?;
        // A handshake begins with 22.
        let mut first = [0];
        stream.peek(&mut first).await?;
        if first == [22] {
            let stream = self.tls.accept(stream).await?;
            self.serve(stream, format!("https://{host}")).await
        } else {
            self.serve(stream, format!("http://{host}")).await
        }
    }

    async fn serve(
        &self,
        mut stream: impl AsyncRead + AsyncWrite + Unpin,
        origin: String,
    ) -> io::Result<()> {
        loop {
            let (head, body) = read(&mut stream).await?;
            let asked = Asked {
                origin: origin.clone(),
                head,
                body,
            };
            let answer = (self.answer)(&asked);
            let all = self.asked.lock();
            all.unwrap_or_else(PoisonError::into_inner).push(asked);
            stream.write_all(answer.as_bytes()).await?;
            stream.flush().await?;
        }
    }
}

/// Head and body of a request.
async fn read(stream: &mut (impl AsyncRead + Unpin)) -> io::Result<(String, Vec<u8>)> {
    let mut head = Vec::new();
    while !head.ends_with(b"\r\n\r\n") {
        head.push(stream.read_u8().await?);
    }
    let head = String::from_utf8_lossy(&head).into_owned();
    let length = head
        .lines()
        .filter_map(|line| line.split_once(':'))
        .find(|(name, _)| name.eq_ignore_ascii_case("content-length"))
        .and_then(|(_, value)| value.trim().parse().ok())
        .unwrap_or(0);
    let mut body = vec![0; length];
    stream.read_exact(&mut body).await?;
    Ok((head, body))
}
