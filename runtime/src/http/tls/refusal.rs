//! From what the TLS library reports to the kinds of this crate.

use std::error::Error as StdError;
use std::io;

use rustls::{
    AlertDescription, CertificateError, Error, InvalidMessage, OtherError, PeerIncompatible,
    PeerMisbehaved,
};

use super::provider::OFFER;
use super::refused::Refused;
use crate::error::{TlsError, TlsErrorKind};
use crate::http::causes::causes;

/// The TLS error that is behind an error of the connection, if one is.
pub(in crate::http) fn refusal(error: &(dyn StdError + 'static)) -> Option<TlsError> {
    causes(error)
        .find_map(|cause| cause.downcast_ref::<Error>())
        .map(of)
}

/// The same for an error of the handshake itself, in which the end of the connection is a TLS error as well.
pub(in crate::http) fn handshake_refusal(error: &(dyn StdError + 'static)) -> Option<TlsError> {
    refusal(error).or_else(|| {
        causes(error)
            .filter_map(|cause| cause.downcast_ref::<io::Error>())
            .any(|error| {
                matches!(
                    error.kind(),
                    io::ErrorKind::UnexpectedEof
                        | io::ErrorKind::ConnectionReset
                        | io::ErrorKind::ConnectionAborted
                        | io::ErrorKind::BrokenPipe
                )
            })
            .then(|| TlsErrorKind::Closed.into())
    })
}

fn of(error: &Error) -> TlsError {
    let kind = match error {
        Error::InvalidCertificate(CertificateError::Other(OtherError(inner))) => {
            return match inner.downcast_ref::<Refused>() {
                Some(refused) => refused.0.clone(),
                None => TlsErrorKind::UntrustedChain.into(),
            };
        }
        Error::InvalidCertificate(_) => TlsErrorKind::UntrustedChain,
        Error::NoCertificatesPresented => TlsErrorKind::MalformedCertificate,
        Error::InvalidMessage(
            InvalidMessage::InvalidContentType | InvalidMessage::UnknownProtocolVersion,
        ) => TlsErrorKind::NotTls,
        Error::PeerIncompatible(
            PeerIncompatible::ServerDoesNotSupportTls12Or13
            | PeerIncompatible::ServerTlsVersionIsDisabledByOurConfig,
        ) => TlsErrorKind::NoCommonVersion,
        Error::PeerIncompatible(
            PeerIncompatible::NoCipherSuitesInCommon
            | PeerIncompatible::NoKxGroupsInCommon
            | PeerIncompatible::NoSignatureSchemesInCommon
            | PeerIncompatible::NoEcPointFormatsInCommon,
        )
        | Error::PeerMisbehaved(
            PeerMisbehaved::SelectedUnofferedCipherSuite
            | PeerMisbehaved::SelectedUnofferedKxGroup
            | PeerMisbehaved::SignedHandshakeWithUnadvertisedSigScheme,
        ) => return TlsError::new(TlsErrorKind::NoCommonCipher).with_detail(OFFER),
        Error::AlertReceived(alert) => return alerted(*alert),
        _ => TlsErrorKind::Handshake,
    };
    kind.into()
}

fn alerted(alert: AlertDescription) -> TlsError {
    let (kind, detail) = match alert {
        AlertDescription::ProtocolVersion => (TlsErrorKind::NoCommonVersion, None),
        AlertDescription::HandshakeFailure | AlertDescription::InsufficientSecurity => {
            (TlsErrorKind::NoCommonCipher, Some(OFFER))
        }
        // Whoever complains about a certificate of the client wants one: none was sent.
        AlertDescription::CertificateRequired
        | AlertDescription::NoCertificate
        | AlertDescription::BadCertificate
        | AlertDescription::UnsupportedCertificate
        | AlertDescription::CertificateUnknown
        | AlertDescription::UnknownCA => (TlsErrorKind::ClientCertificateRequired, None),
        AlertDescription::AccessDenied => (TlsErrorKind::PeerAlert, Some("access denied")),
        AlertDescription::InternalError => (TlsErrorKind::PeerAlert, Some("internal error")),
        AlertDescription::UnrecognisedName => (
            TlsErrorKind::PeerAlert,
            Some("it does not know the host name of the URL"),
        ),
        _ => (TlsErrorKind::PeerAlert, None),
    };
    let error = TlsError::new(kind).with_alert(u8::from(alert));
    match detail {
        Some(detail) => error.with_detail(detail),
        None => error,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn inside(error: Error) -> io::Error {
        io::Error::other(io::Error::new(io::ErrorKind::InvalidData, error))
    }

    #[test]
    fn verdicts_are_found_through_io_errors() {
        let verdict = TlsError::new(TlsErrorKind::Expired).with_names(vec!["a".to_owned()]);
        let error = inside(super::super::refused::refuse(verdict.clone()));
        assert_eq!(refusal(&error), Some(verdict));
        assert_eq!(refusal(&io::Error::other("something else")), None);
    }

    #[test]
    fn an_end_is_a_tls_error_only_in_the_handshake() {
        for kind in [
            io::ErrorKind::UnexpectedEof,
            io::ErrorKind::ConnectionReset,
            io::ErrorKind::ConnectionAborted,
            io::ErrorKind::BrokenPipe,
        ] {
            let error = io::Error::other(io::Error::from(kind));
            assert_eq!(refusal(&error), None);
            assert_eq!(
                handshake_refusal(&error),
                Some(TlsErrorKind::Closed.into()),
                "{kind:?}"
            );
        }
        let error = io::Error::from(io::ErrorKind::ConnectionRefused);
        assert_eq!(handshake_refusal(&error), None);
    }

    #[test]
    fn alerts_and_other_ends_have_kinds() {
        use TlsErrorKind as Kind;
        for (error, kind) in [
            (
                Error::AlertReceived(AlertDescription::ProtocolVersion),
                Kind::NoCommonVersion,
            ),
            (
                Error::AlertReceived(AlertDescription::HandshakeFailure),
                Kind::NoCommonCipher,
            ),
            (
                Error::AlertReceived(AlertDescription::CertificateRequired),
                Kind::ClientCertificateRequired,
            ),
            (
                Error::AlertReceived(AlertDescription::Unknown(200)),
                Kind::PeerAlert,
            ),
            (
                PeerIncompatible::ServerDoesNotSupportTls12Or13.into(),
                Kind::NoCommonVersion,
            ),
            (
                PeerMisbehaved::SelectedUnofferedCipherSuite.into(),
                Kind::NoCommonCipher,
            ),
            (
                Error::InvalidMessage(InvalidMessage::InvalidContentType),
                Kind::NotTls,
            ),
            (Error::NoCertificatesPresented, Kind::MalformedCertificate),
            (Error::General("library words".to_owned()), Kind::Handshake),
            (Error::DecryptError, Kind::Handshake),
        ] {
            let shown = error.to_string();
            let found = refusal(&inside(error)).expect("a TLS error");
            assert_eq!(found.kind(), kind, "{shown}");
            assert!(!found.to_string().contains(&shown), "{found}");
        }
        let alert = refusal(&inside(Error::AlertReceived(AlertDescription::Unknown(
            200,
        ))));
        assert_eq!(alert.and_then(|error| error.alert()), Some(200));
    }
}
