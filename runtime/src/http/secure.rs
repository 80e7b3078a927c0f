//! TLS of the devices for other wires: the same trust, the same pins, the same errors.

use std::net::IpAddr;

use rustls::pki_types::ServerName;
use tokio_rustls::TlsConnector;

use super::tls::{self, Trust};
use crate::error::{ConfigError, ConnectError, Error};
use crate::secure::{BoxByteStream, Secure};
use crate::wire::BoxFuture;

/// Who is trusted on a wire beside HTTP that runs over TLS, as [`AgentBuilder`](super::AgentBuilder) says it for devices.
///
/// Without more, the authorities of the system are.
///
/// ```
/// use xerus_rpc::http::Tls;
///
/// let tls = Tls::new().pin_certificate_sha256("ab".repeat(32));
/// # drop(tls);
/// ```
#[derive(Clone, Debug, Default)]
#[must_use]
pub struct Tls {
    trust: Trust,
    /// The first thing that was wrong; told when a connection is made.
    wrong: Option<Error>,
}

impl Tls {
    /// Trusts the authorities of the system.
    pub fn new() -> Self {
        Self::default()
    }

    /// Trusts these certificates as authorities, in the place of those of the system. One PEM text may hold several.
    pub fn root_certificate_pem(mut self, pem: impl AsRef<[u8]>) -> Self {
        let added = self.trust.add_pem(pem.as_ref());
        self.note(added);
        self
    }

    /// Trusts the one certificate with this SHA-256 fingerprint (64 hexadecimal digits, colons permitted), whatever name,
    /// issuer and dates it has. May be called more than once. With a pin, authorities no longer count.
    pub fn pin_certificate_sha256(mut self, fingerprint: impl AsRef<str>) -> Self {
        let added = self.trust.add_pin(fingerprint.as_ref());
        self.note(added);
        self
    }

    /// Trusts every certificate with the public key of this SHA-256 fingerprint: 64 hexadecimal digits, or base64. May be called
    /// more than once. With a pin, authorities no longer count.
    pub fn pin_public_key_sha256(mut self, fingerprint: impl AsRef<str>) -> Self {
        let added = self.trust.add_key_pin(fingerprint.as_ref());
        self.note(added);
        self
    }

    fn note(&mut self, added: Result<(), Error>) {
        if let Err(error) = added {
            self.wrong.get_or_insert(error);
        }
    }

    async fn handshake(
        &self,
        stream: BoxByteStream,
        host: &str,
        port: u16,
    ) -> Result<BoxByteStream, Error> {
        if let Some(error) = &self.wrong {
            return Err(error.clone());
        }
        let config = self.trust.client_config(&format!("tls://{host}:{port}"))?;
        let name = match host.parse::<IpAddr>() {
            Ok(address) => Some(ServerName::from(address)),
            Err(_) => ServerName::try_from(host.to_owned()).ok(),
        };
        let name = name.ok_or(ConfigError::BadUrl(
            "the host is neither a DNS name nor an address, so no certificate can be for it",
        ))?;
        match TlsConnector::from(config).connect(name, stream).await {
            Ok(stream) => Ok(Box::new(stream)),
            Err(error) => Err(match tls::handshake_refusal(&error) {
                Some(kind) => Error::from(kind).with_source(error),
                None => Error::from(ConnectError::Other).with_source(error),
            }),
        }
    }
}

impl Secure for Tls {
    fn secure<'a>(
        &'a self,
        stream: BoxByteStream,
        host: &'a str,
        port: u16,
    ) -> BoxFuture<'a, Result<BoxByteStream, Error>> {
        Box::pin(self.handshake(stream, host, port))
    }
}
