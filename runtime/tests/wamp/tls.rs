//! Routers at `wss://`.

use std::error::Error as _;
use std::sync::Arc;

use futures_util::{SinkExt as _, StreamExt as _};
use rustls::pki_types::{CertificateDer, PrivateKeyDer};
use tokio::net::TcpListener;
use tokio_rustls::TlsAcceptor;
use tokio_tungstenite::tungstenite::Message;
use tokio_tungstenite::tungstenite::handshake::server::{Request, Response};
use tokio_tungstenite::tungstenite::http::HeaderValue;
use xerus_rpc::http::Tls;
use xerus_rpc::wamp::{NoRouter, Stage, Wamp};
use xerus_rpc::{Error, Json};

use crate::router::{call, done};

/// A router with a certificate that it signed itself, which answers one call: its port, its certificate, its fingerprint.
async fn router() -> (u16, String, String) {
    let made = rcgen::generate_simple_self_signed(vec!["localhost".to_owned()]).unwrap();
    let certificate = CertificateDer::from(made.cert.der().to_vec());
    let key = PrivateKeyDer::try_from(made.signing_key.serialize_der()).unwrap();
    let digest = ring::digest::digest(&ring::digest::SHA256, &certificate);
    let print: String = digest
        .as_ref()
        .iter()
        .map(|byte| format!("{byte:02x}"))
        .collect();
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let config = rustls::ServerConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .unwrap()
        .with_no_client_auth()
        .with_single_cert(vec![certificate], key)
        .unwrap();
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let port = listener.local_addr().unwrap().port();
    tokio::spawn(async move {
        let acceptor = TlsAcceptor::from(Arc::new(config));
        loop {
            let (stream, _) = listener.accept().await.unwrap();
            // Who trusts nobody ends it here.
            let Ok(stream) = acceptor.accept(stream).await else {
                continue;
            };
            #[expect(clippy::result_large_err, reason = "the library wants it so")]
            let choose = |_: &Request, mut response: Response| {
                let protocol = HeaderValue::from_static("wamp.2.json");
                response
                    .headers_mut()
                    .insert("Sec-WebSocket-Protocol", protocol);
                Ok(response)
            };
            let mut socket = tokio_tungstenite::accept_hdr_async(stream, choose)
                .await
                .unwrap();
            for answer in [r#"[2,7,{"roles":{}}]"#, "[50,1,{},[5]]"] {
                socket.next().await.unwrap().unwrap();
                socket.send(Message::text(answer)).await.unwrap();
            }
            socket.next().await;
        }
    });
    (port, made.cert.pem(), print)
}

fn client(port: u16, tls: Option<Tls>) -> Wamp {
    let mut wamp = Wamp::builder(format!("wss://localhost:{port}/"), "com.example.realm");
    if let Some(tls) = tls {
        wamp = wamp.tls(tls);
    }
    wamp.build().unwrap()
}

async fn tried(port: u16, tls: Option<Tls>) -> Result<Json, Error> {
    let wamp = client(port, tls);
    done(call(&wamp.agent(), "com.example.add", r#"{"x":2,"y":3}"#)).await
}

#[tokio::test]
async fn w1_tls_is_that_of_the_devices_with_their_pins_and_errors() {
    let (port, pem, print) = router().await;
    for tls in [
        Tls::new().pin_certificate_sha256(&print),
        Tls::new().root_certificate_pem(&pem),
    ] {
        assert_eq!(tried(port, Some(tls)).await.unwrap().get(), "5");
    }
    for (tls, code) in [
        (
            Some(Tls::new().pin_certificate_sha256("00".repeat(32))),
            "Tls.PinMismatch",
        ),
        (
            Some(Tls::new().root_certificate_pem("nonsense")),
            "Config.BadCertificate",
        ),
        (None, "Config.Unsupported"),
    ] {
        let error = tried(port, tls).await.unwrap_err();
        assert_eq!(error.code(), code, "{error:?}");
        let causes = error.source().unwrap().downcast_ref::<NoRouter>().unwrap();
        assert_eq!(causes.causes[0].stage, Stage::Tls);
    }
}

#[tokio::test]
async fn tls_that_stays_wrong_is_told_and_not_tried_for_ever() {
    let (port, _, _) = router().await;
    for (tls, code) in [
        (
            Tls::new().pin_certificate_sha256("00".repeat(32)),
            "Tls.PinMismatch",
        ),
        (
            Tls::new().root_certificate_pem("nonsense"),
            "Config.BadCertificate",
        ),
        (Tls::new(), "Tls.UnknownIssuer"),
    ] {
        let wamp = client(port, Some(tls));
        let joined = tokio::time::timeout(crate::router::LONG, wamp.join()).await;
        let error = joined.expect("an end").unwrap_err();
        assert_eq!(error.code(), code, "{error:?}");
    }
}
