//! Sends what data push entries ask for, over HTTP or HTTPS. The device is the client here.

use std::sync::{Arc, Weak};
use std::time::Duration;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use bytes::Bytes;
use http_body_util::{BodyExt as _, Full, Limited};
use hyper::client::conn::http1;
use hyper::header::{AUTHORIZATION, CONTENT_TYPE, HOST, HeaderValue};
use hyper::{Method, Request, StatusCode, Uri};
use hyper_util::rt::TokioIo;
use rustls::pki_types::pem::PemObject as _;
use rustls::pki_types::{CertificateDer, ServerName};
use rustls::{ClientConfig, RootCertStore};
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::net::TcpStream;
use tokio::sync::mpsc;
use tokio_rustls::TlsConnector;

use crate::model::push::PushSettings;
use crate::model::{Device, Event, Listener};

/// A receiver has so long for everything.
const TIMEOUT: Duration = Duration::from_secs(30);
/// So much of an answer is read. The status is all that counts.
const MOST_ANSWER: usize = 64 * 1024;

/// Hears which entries are to be sent. Sending ends when it is dropped.
pub(crate) struct Pusher(mpsc::UnboundedSender<i32>);

impl Pusher {
    /// Sends what `device` wants sent, in the background of the tokio runtime that this is called in.
    pub(crate) fn start(device: &Arc<Device>) -> Arc<Self> {
        // An entry is in it once at a time, and a device has few.
        let (sender, receiver) = mpsc::unbounded_channel();
        let pusher = Arc::new(Self(sender));
        device.listen(&pusher);
        device.spawn(serve(Arc::downgrade(device), receiver));
        pusher
    }
}

impl Listener for Pusher {
    fn hear(&self, event: &Event) {
        if let Event::PushStatusChanged { id, status } = event
            && status.busy
        {
            // The receiver is gone when the device ends.
            let _ = self.0.send(*id);
        }
    }
}

async fn serve(device: Weak<Device>, mut wanted: mpsc::UnboundedReceiver<i32>) {
    while let Some(id) = wanted.recv().await {
        let Some(device) = device.upgrade() else {
            return;
        };
        let entry = device.push_entry(id);
        let Some(settings) = entry.filter(|_| device.is_pushing(id)) else {
            continue;
        };
        let sent = match device.push_body(id) {
            Some(body) => tokio::time::timeout(TIMEOUT, send(&settings, body))
                .await
                .unwrap_or(Err("the server did not answer within 30 s")),
            None => Err("what the entry sends is not simulated: choose sensors"),
        };
        device.push_ended(id, sent);
    }
}

/// Why data did not arrive.
type Failure = &'static str;

async fn send(settings: &PushSettings, body: String) -> Result<(), Failure> {
    let uri: Uri = settings.url.parse().map_err(|_| "the address is no URL")?;
    let host = uri.host().ok_or("the address has no host")?;
    let bare = host.trim_start_matches('[').trim_end_matches(']');
    let tls = match uri.scheme_str() {
        Some("http") => false,
        Some("https") => true,
        _ => return Err("the simulator sends over http and https only"),
    };
    let port = uri.port_u16().unwrap_or(if tls { 443 } else { 80 });
    let stream = TcpStream::connect((bare, port))
        .await
        .map_err(|_| "the server cannot be reached: check address and port")?;
    let request = request(settings, &uri, body)?;
    if tls {
        let config = trust(settings)?;
        let name = ServerName::try_from(bare.to_owned()).map_err(|_| "the host is no name")?;
        let stream = TlsConnector::from(config)
            .connect(name, stream)
            .await
            .map_err(
                |_| "the certificate of the server is not trusted: check the CA certificates",
            )?;
        exchange(stream, request).await
    } else {
        exchange(stream, request).await
    }
}

/// Trusts the certificates of the entry and no others: a device knows no public authorities here.
fn trust(settings: &PushSettings) -> Result<Arc<ClientConfig>, Failure> {
    let mut roots = RootCertStore::empty();
    for certificate in CertificateDer::pem_slice_iter(settings.ca_chain.as_bytes()) {
        let certificate = certificate.map_err(|_| "the CA certificates are no PEM text")?;
        roots
            .add(certificate)
            .map_err(|_| "a CA certificate is none")?;
    }
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let config = ClientConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .map_err(|_| "TLS cannot be used")?
        .with_root_certificates(roots)
        .with_no_client_auth();
    Ok(Arc::new(config))
}

fn request(
    settings: &PushSettings,
    uri: &Uri,
    body: String,
) -> Result<Request<Full<Bytes>>, Failure> {
    let authority = uri.authority().ok_or("the address has no host")?;
    // A user in the address is not for the header.
    let authority = authority.as_str();
    let host = authority
        .rsplit_once('@')
        .map_or(authority, |(_, host)| host);
    let path = uri.path_and_query().map_or("/", |path| path.as_str());
    let mut request = Request::builder()
        .method(Method::POST)
        .uri(path)
        .header(HOST, host)
        .header(CONTENT_TYPE, "application/json; charset=UTF-8");
    if settings.use_auth {
        let credentials = format!("{}:{}", settings.user, settings.password);
        let value = format!("Basic {}", STANDARD.encode(credentials));
        let mut value = HeaderValue::from_str(&value).map_err(|_| "the user is not possible")?;
        value.set_sensitive(true);
        request = request.header(AUTHORIZATION, value);
    }
    request
        .body(Full::from(body))
        .map_err(|_| "the address is no URL")
}

async fn exchange(
    stream: impl AsyncRead + AsyncWrite + Send + Unpin + 'static,
    request: Request<Full<Bytes>>,
) -> Result<(), Failure> {
    const BROKEN: Failure = "the connection to the server broke";
    let (mut sender, connection) = http1::handshake(TokioIo::new(stream))
        .await
        .map_err(|_| BROKEN)?;
    // It owns the sender: when it has ended, so does the connection.
    let talk = async move {
        let answer = sender.send_request(request).await.map_err(|_| BROKEN)?;
        let status = answer.status();
        // Read, so that a server that still writes is not cut off.
        let _ = Limited::new(answer.into_body(), MOST_ANSWER)
            .collect()
            .await;
        if status == StatusCode::OK {
            Ok(())
        } else {
            Err("the server answered with another status than 200")
        }
    };
    let (done, _) = tokio::join!(talk, connection);
    done
}
