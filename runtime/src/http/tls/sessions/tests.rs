//! Handshakes in memory.

use rustls::HandshakeKind::{self, Full, Resumed};
use rustls::pki_types::PrivateKeyDer;
use rustls::version::{TLS12, TLS13};
use rustls::{ClientConfig, ClientConnection, ServerConfig, ServerConnection};

use super::*;
use crate::http::tls::config;
use crate::http::tls::provider::provider;
use crate::http::tls::verifier::Policy;

fn server(version: &'static rustls::SupportedProtocolVersion) -> Arc<ServerConfig> {
    let key = rcgen::KeyPair::generate().expect("a key");
    let params = rcgen::CertificateParams::new(Vec::new()).expect("parameters");
    let certificate = params.self_signed(&key).expect("a certificate");
    let key = PrivateKeyDer::try_from(key.serialize_der()).expect("a key");
    let config = ServerConfig::builder_with_provider(Arc::clone(provider()))
        .with_protocol_versions(&[version])
        .expect("a version")
        .with_no_client_auth()
        .with_single_cert(vec![certificate.der().clone()], key);
    Arc::new(config.expect("a configuration"))
}

fn handshake(client: &Arc<ClientConfig>, server: &Arc<ServerConfig>) -> HandshakeKind {
    let name = ServerName::try_from("pdu.example").expect("a name");
    let mut client = ClientConnection::new(Arc::clone(client), name).expect("a client");
    let mut server = ServerConnection::new(Arc::clone(server)).expect("a server");
    while client.wants_write() || server.wants_write() {
        let mut bytes = Vec::new();
        client.write_tls(&mut bytes).expect("into memory");
        while !bytes.is_empty() {
            let read = server.read_tls(&mut &*bytes).expect("from memory");
            bytes.drain(..read);
            server.process_new_packets().expect("sound");
        }
        server.write_tls(&mut bytes).expect("into memory");
        while !bytes.is_empty() {
            let read = client.read_tls(&mut &*bytes).expect("from memory");
            bytes.drain(..read);
            client.process_new_packets().expect("sound");
        }
    }
    client.handshake_kind().expect("the handshake is over")
}

#[test]
fn sessions_spare_the_check_for_some_time_only() {
    for version in [&TLS12, &TLS13] {
        let server = server(version);
        let client = config::new(Policy::Anyone, UNCHECKED).expect("sound");
        let kinds = [(); 3].map(|()| handshake(&client, &server));
        assert_eq!(kinds, [Full, Resumed, Resumed], "{version:?}");

        let client = config::new(Policy::Anyone, Duration::ZERO).expect("sound");
        let kinds = [(); 3].map(|()| handshake(&client, &server));
        assert_eq!(kinds, [Full; 3], "{version:?}");

        // What is resumed is no check, so it does not lengthen the time.
        let client = config::new(Policy::Anyone, Duration::from_millis(400)).expect("sound");
        let start = Instant::now();
        let mut kinds = Vec::new();
        while start.elapsed() < Duration::from_millis(1000) {
            kinds.push(handshake(&client, &server));
            std::thread::sleep(Duration::from_millis(20));
        }
        let full = kinds.iter().filter(|kind| **kind == Full).count();
        assert!(full >= 2, "{version:?}: {kinds:?}");
    }
}
