//! What a device shows of itself before anything is sent, made to hurt.

use std::sync::Arc;
use std::time::{Duration, Instant};

use rustls::ServerConfig;
use rustls::pki_types::{CertificateDer, PrivateKeyDer};
use tokio_rustls::TlsAcceptor;
use xerus_rpc::{AgentBuilder, Error, Outcome};

use crate::certificates::{Authority, Dates, self_signed};
use crate::device::{switch, trusting};

/// The error of a switching call to a server with this configuration, and how long it took. Nothing is ever sent.
async fn refusal(
    config: Arc<ServerConfig>,
    agent: fn(AgentBuilder) -> AgentBuilder,
) -> (Error, Duration) {
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0")
        .await
        .expect("a port");
    let address = listener.local_addr().expect("an address");
    let acceptor = TlsAcceptor::from(config);
    let asked = tokio::spawn(async move {
        let mut bytes = [0; 1];
        while let Ok((stream, _)) = listener.accept().await {
            if let Ok(mut stream) = acceptor.accept(stream).await
                && matches!(
                    tokio::io::AsyncReadExt::read(&mut stream, &mut bytes).await,
                    Ok(1)
                )
            {
                return;
            }
        }
    });
    let agent = agent(trusting(format!("https://{address}")))
        .build()
        .expect("valid");
    let start = Instant::now();
    let error = switch(&agent).await.expect_err("refused");
    assert!(
        !asked.is_finished(),
        "a byte was sent to somebody who is not trusted"
    );
    asked.abort();
    (error, start.elapsed())
}

#[tokio::test]
async fn every_refusal_is_of_tls_and_nothing_was_sent() {
    let other = Authority::new();
    for (what, config, code) in [
        (
            "another authority",
            other.server(&["127.0.0.1"]),
            "Tls.UnknownIssuer",
        ),
        (
            "its own authority",
            self_signed(&["127.0.0.1"], false).1,
            "Tls.",
        ),
        (
            "past",
            other.server_dated(&["127.0.0.1"], Dates::Past),
            "Tls.",
        ),
        (
            "future",
            other.server_dated(&["127.0.0.1"], Dates::Future),
            "Tls.",
        ),
        ("another name", other.server(&["pdu.example.com"]), "Tls."),
    ] {
        let (error, _) = refusal(config, |agent| agent).await;
        assert!(error.code().starts_with(code), "{what}: {error:?}");
        assert_eq!(
            (error.outcome(), error.is_retryable()),
            (Outcome::NotExecuted, false),
            "{what}"
        );
    }
    let (error, _) = refusal(other.server(&["127.0.0.1"]), |agent| {
        agent.pin_certificate_sha256("00".repeat(32))
    })
    .await;
    assert_eq!(
        (error.code(), error.outcome()),
        ("Tls.PinMismatch", Outcome::NotExecuted)
    );
}

#[tokio::test]
async fn a_chain_of_ten_megabytes_is_cut_off() {
    let key = rcgen::KeyPair::generate().expect("a key");
    let names = vec!["127.0.0.1".to_owned()];
    let params = rcgen::CertificateParams::new(names).expect("valid names");
    let own = params
        .self_signed(&key)
        .expect("a certificate")
        .der()
        .clone();
    // What follows the first is a megabyte each, or as many as there is room for.
    let filler = |bytes: usize| CertificateDer::from(vec![0x30; bytes]);
    for chain in [vec![filler(1 << 20); 10], vec![own.clone(); 20_000]] {
        let chain = [vec![own.clone()], chain].concat();
        let key = PrivateKeyDer::try_from(key.serialize_der()).expect("a key");
        let provider = Arc::new(rustls::crypto::ring::default_provider());
        let config = ServerConfig::builder_with_provider(Arc::clone(&provider))
            .with_safe_default_protocol_versions()
            .expect("versions")
            .with_no_client_auth()
            .with_cert_resolver(Arc::new(rustls::sign::SingleCertAndKey::from(
                rustls::sign::CertifiedKey::new(
                    chain,
                    provider.key_provider.load_private_key(key).expect("a key"),
                ),
            )));
        let (error, took) = refusal(Arc::new(config), |agent| agent).await;
        assert!(error.code().starts_with("Tls."), "{error:?}");
        assert_eq!(error.outcome(), Outcome::NotExecuted);
        assert!(
            error.to_string().len() < 2000,
            "{}",
            error.to_string().len()
        );
        assert!(took < Duration::from_secs(9), "{took:?}");
    }
}
