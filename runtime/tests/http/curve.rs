//! Devices with a key on P-521.

use std::sync::Arc;

use rustls::sign::{Signer, SigningKey};
use rustls::{Error, SignatureAlgorithm, SignatureScheme};
use xerus_rpc::error::TlsErrorKind;

use crate::certificates::sha256;
use crate::presented::{Presented, VERSIONS};
use crate::support::Server;
use crate::tls::{device, tls_failure};

/// Says that it signs with P-521, and does not.
#[derive(Debug)]
struct NoKey;

impl SigningKey for NoKey {
    fn choose_scheme(&self, offered: &[SignatureScheme]) -> Option<Box<dyn Signer>> {
        offered
            .contains(&SignatureScheme::ECDSA_NISTP521_SHA512)
            .then(|| Box::new(Self) as _)
    }

    fn algorithm(&self) -> SignatureAlgorithm {
        SignatureAlgorithm::ECDSA
    }
}

impl Signer for NoKey {
    fn sign(&self, _: &[u8]) -> Result<Vec<u8>, Error> {
        Ok(vec![0x30, 0x06, 0x02, 0x01, 0x01, 0x02, 0x01, 0x01])
    }

    fn scheme(&self) -> SignatureScheme {
        SignatureScheme::ECDSA_NISTP521_SHA512
    }
}

fn agents(server: &Server, presented: &Presented) -> Vec<xerus_rpc::AgentBuilder> {
    vec![
        server.agent().danger_accept_invalid_certs(),
        server
            .agent()
            .pin_certificate_sha256(sha256(&presented.pem)),
        server.agent().pin_public_key_sha256(&presented.key_sha256),
        server.agent().root_certificate_pem(&presented.pem),
    ]
}

#[tokio::test]
async fn whoever_has_no_key_on_the_curve_is_refused() {
    let expected = if cfg!(feature = "aws-lc") {
        TlsErrorKind::BadKeyProof
    } else {
        TlsErrorKind::UnsupportedKey
    };
    for version in VERSIONS {
        let presented = Presented::p_521(Arc::new(NoKey));
        let server = device(presented.server(version)).await;
        for agent in agents(&server, &presented) {
            let (error, line) = tls_failure(agent).await;
            assert_eq!(error.kind(), expected, "{line}");
            if expected == TlsErrorKind::UnsupportedKey {
                assert!(
                    line.contains("P-521") && line.contains("`aws-lc`"),
                    "{line}"
                );
            }
        }
        assert_eq!(server.requests(), 0);
    }
}

#[cfg(feature = "aws-lc")]
#[tokio::test]
async fn with_the_feature_the_curve_is_known() {
    use rustls::pki_types::PrivateKeyDer;
    use rustls::pki_types::pem::PemObject;

    use crate::support::{GET_STATE, success};

    let key = PrivateKeyDer::from_pem_slice(crate::presented::P_521_KEY.as_bytes());
    let key = rustls::crypto::aws_lc_rs::sign::any_supported_type(&key.expect("a key"));
    let presented = Presented::p_521(key.expect("a key on P-521"));
    for version in VERSIONS {
        let server = device(presented.server(version)).await;
        for agent in agents(&server, &presented) {
            success(&agent.build_transport().expect("valid"), &GET_STATE).await;
        }
        assert_eq!(server.requests(), 4);
    }
}
