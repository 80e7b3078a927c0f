//! TLS sessions that outlive an agent, and that nobody with other trust settings gets.

use std::sync::Arc;

use rustls::HandshakeKind::{self, Full, Resumed};
use rustls::SupportedProtocolVersion;
use xerus_rpc::error::TlsErrorKind;
use xerus_rpc::{Agent, AgentBuilder};

use crate::certificates::{Form, self_signed_pem, sha256};
use crate::presented::{Presented, VERSIONS};
use crate::support::{GET_STATE, Server, success};
use crate::tls::{device, tls_failure};

async fn start(version: &'static SupportedProtocolVersion) -> (Presented, Server) {
    let presented = Presented::made(self_signed_pem(&["127.0.0.1"], Form::Usual));
    let server = device(presented.server(version)).await;
    (presented, server)
}

/// One call by an agent of its own, which is gone afterwards.
async fn call_once(agent: AgentBuilder) {
    success(&agent.build_transport().expect("valid"), &GET_STATE).await;
}

#[tokio::test]
async fn later_agents_resume() {
    for version in VERSIONS {
        let (presented, server) = start(version).await;
        for _ in 0..6 {
            call_once(
                server
                    .agent()
                    .pin_certificate_sha256(sha256(&presented.pem)),
            )
            .await;
        }
        let mut expected = vec![Full];
        expected.resize(6, Resumed);
        assert_eq!(server.handshakes(), expected, "{version:?}");
    }
}

#[tokio::test]
async fn agents_that_start_together_each_find_a_session() {
    for version in VERSIONS {
        let (presented, server) = start(version).await;
        let agent = || server.agent().root_certificate_pem(&presented.pem);
        call_once(agent()).await;
        // A session of TLS 1.3 is used once; a handshake brings two.
        tokio::join!(call_once(agent()), call_once(agent()));
        tokio::join!(
            call_once(agent()),
            call_once(agent()),
            call_once(agent()),
            call_once(agent())
        );
        let full = |kind: &&HandshakeKind| **kind == Full;
        let handshakes = server.handshakes();
        assert_eq!(handshakes.len(), 7);
        assert_eq!(handshakes.iter().filter(full).count(), 1, "{handshakes:?}");
    }
}

#[tokio::test]
async fn a_session_stays_with_its_trust_settings() {
    let other = "5a".repeat(32);
    for version in VERSIONS {
        let (presented, server) = start(version).await;
        // Made without any check; who checks must not be spared his check by it.
        call_once(server.agent().danger_accept_invalid_certs()).await;
        let strict: [Box<dyn Fn() -> AgentBuilder>; 5] = [
            Box::new(|| {
                server
                    .agent()
                    .pin_certificate_sha256(sha256(&presented.pem))
            }),
            Box::new(|| server.agent().pin_public_key_sha256(&presented.key_sha256)),
            Box::new(|| {
                let agent = server
                    .agent()
                    .pin_certificate_sha256(sha256(&presented.pem));
                agent.pin_certificate_sha256(&other)
            }),
            Box::new(|| server.agent().root_certificate_pem(&presented.pem)),
            Box::new(|| {
                let agent = server.agent().root_certificate_pem(&presented.pem);
                agent.system_root_certificates(true)
            }),
        ];
        for agent in &strict {
            call_once(agent()).await;
        }
        assert_eq!(server.handshakes(), [Full; 6], "{version:?}");

        let (wrong_pem, _) = self_signed_pem(&["127.0.0.1"], Form::Usual);
        for (agent, kind) in [
            (
                server.agent().pin_certificate_sha256(&other),
                TlsErrorKind::PinMismatch,
            ),
            (
                server.agent().pin_public_key_sha256(&other),
                TlsErrorKind::PinMismatch,
            ),
            (
                server.agent().root_certificate_pem(&wrong_pem),
                TlsErrorKind::UnknownIssuer,
            ),
            (server.agent(), TlsErrorKind::UnknownIssuer),
        ] {
            let (error, line) = tls_failure(agent).await;
            assert_eq!(error.kind(), kind, "{line}");
        }
        assert_eq!(server.requests(), 6);

        // Each has sessions of its own by now.
        for agent in &strict {
            call_once(agent()).await;
        }
        call_once(server.agent().danger_accept_invalid_certs()).await;
        assert_eq!(server.handshakes()[6..], [Resumed; 6], "{version:?}");
    }
}

#[tokio::test]
async fn a_session_stays_with_its_origin() {
    for version in VERSIONS {
        let (presented, one) = start(version).await;
        let (_, other) = start(version).await;
        let agent = |server: &Server| server.agent().danger_accept_invalid_certs();
        call_once(agent(&one)).await;
        call_once(agent(&other)).await;
        assert_eq!(other.handshakes(), [Full], "{version:?}");
        call_once(agent(&one)).await;
        assert_eq!(one.handshakes(), [Full, Resumed], "{version:?}");
        // A pin of the one is no pin of the other.
        let (error, _) =
            tls_failure(other.agent().pin_certificate_sha256(sha256(&presented.pem))).await;
        assert_eq!(error.kind(), TlsErrorKind::PinMismatch);
    }
}

#[tokio::test]
async fn link_units_behind_one_device_share_its_sessions() {
    for version in VERSIONS {
        let (presented, server) = start(version).await;
        for prefix in ["", "/link/2", "/link/3"] {
            let agent = Agent::builder(format!("{}{prefix}", server.url()));
            call_once(agent.pin_public_key_sha256(&presented.key_sha256)).await;
        }
        assert_eq!(server.handshakes(), [Full, Resumed, Resumed], "{version:?}");
    }
}

#[tokio::test]
async fn a_session_that_the_device_forgot_costs_nothing_but_a_handshake() {
    for version in VERSIONS {
        let presented = Presented::made(self_signed_pem(&["127.0.0.1"], Form::Usual));
        let mut config = presented.server(version);
        let forgetful = Arc::get_mut(&mut config).expect("alone");
        forgetful.session_storage = Arc::new(rustls::server::NoServerSessionStorage {});
        let server = device(config).await;
        for _ in 0..3 {
            call_once(
                server
                    .agent()
                    .pin_certificate_sha256(sha256(&presented.pem)),
            )
            .await;
        }
        assert_eq!(server.handshakes(), [Full; 3], "{version:?}");
    }
}
