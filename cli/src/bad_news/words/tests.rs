//! No error names what is not on the command line.

use std::time::Duration;

use xerus_rpc::Agent;
use xerus_rpc::error::{
    AuthError, ConnectError, Fingerprint, HttpProtocolError, RedirectError, RedirectReason,
    RpcError, TimeoutError, TimeoutPhase, TlsError, TlsErrorKind, TooLargeError,
};
use xerus_rpc::wamp::Wamp;

use super::*;

/// Whether a text has a name of Rust: `a_b`, `A::b`.
fn names_code(text: &str) -> bool {
    let is_name = |word: &str| {
        let word = word.trim_matches(|c: char| !c.is_ascii_alphanumeric());
        word.contains("::") || word.contains('_')
    };
    text.split([' ', '/']).any(is_name) || text.contains('`') && text.contains("feature")
}

fn of_tls() -> Vec<Error> {
    use TlsErrorKind as Kind;
    let kinds = [
        Kind::UnknownIssuer,
        Kind::NameMismatch,
        Kind::NoNames,
        Kind::Expired,
        Kind::NotYetValid,
        Kind::PinMismatch,
        Kind::WeakSignature,
        Kind::UnsupportedCertificate,
        Kind::UntrustedChain,
        Kind::Revoked,
        Kind::MalformedCertificate,
        Kind::BadKeyProof,
        Kind::UnsupportedKey,
        Kind::NoCommonVersion,
        Kind::NoCommonCipher,
        Kind::NotTls,
        Kind::Closed,
        Kind::ClientCertificateRequired,
        Kind::PeerAlert,
        Kind::Handshake,
    ];
    let print = Fingerprint::from_bytes([0xab; 32]);
    let tls = kinds.map(|kind| TlsError::new(kind).with_presented(print, Some(print)));
    tls.map(Error::from).into()
}

fn of_time() -> Vec<Error> {
    use TimeoutPhase as Phase;
    let phases = [
        Phase::Queue,
        Phase::Connect,
        Phase::Tls,
        Phase::Write,
        Phase::FirstByte,
        Phase::Body,
        Phase::Action,
    ];
    let errors = phases.map(|phase| TimeoutError::new(phase, Duration::from_secs(1)));
    errors.map(Error::from).into()
}

fn of_login() -> Vec<Error> {
    let errors = [
        AuthError::Unauthorized,
        AuthError::LoginRefused,
        AuthError::Forbidden,
        AuthError::PasswordChangeRequired,
        AuthError::SessionLimit,
        AuthError::RefusedBefore,
    ];
    errors.map(Error::from).into()
}

fn of_redirects() -> Vec<Error> {
    use RedirectReason as Reason;
    let reasons = [
        Reason::CrossHost,
        Reason::Downgrade,
        Reason::Loop,
        Reason::MissingLocation,
        Reason::InvalidLocation,
        Reason::NotRpc,
        Reason::AlreadySent,
        Reason::UpgradeNotEnabled,
    ];
    let errors = reasons.map(|reason| RedirectError::new(reason, 302, "https://pdu", None));
    errors.map(Error::from).into()
}

fn of_the_rest() -> Vec<Error> {
    let http = |url: &str| Agent::builder(url);
    let of = |built: Result<Agent, Error>| built.expect_err("it is wrong");
    let router = |url: &str| {
        Wamp::builder(url, "realm")
            .build()
            .expect_err("a wrong URL")
    };
    vec![
        ConnectError::Dns.into(),
        ConnectError::Refused.into(),
        ConnectError::Unreachable.into(),
        ConnectError::UnknownZone.into(),
        ConnectError::NoWebSocket.into(),
        ConnectError::Other.into(),
        TooLargeError::new(2, 1).into(),
        HttpProtocolError::SpeaksTls.into(),
        of(http("https://a:b@pdu").build()),
        of(http("pdu").build()),
        of(http("https://pdu").pin_certificate_sha256("12").build()),
        of(http("https://pdu").pin_public_key_sha256("12").build()),
        of(http("https://pdu").root_certificate_pem("12").build()),
        of(http("https://pdu").connect_timeout(Duration::ZERO).build()),
        of(http("https://pdu").timeout(Duration::ZERO).build()),
        router("ws://a:b@router/ws"),
        router("router"),
    ]
}

#[test]
fn no_error_names_a_method_of_the_library() {
    let all = [
        of_tls(),
        of_time(),
        of_login(),
        of_redirects(),
        of_the_rest(),
    ];
    for error in all.concat() {
        for wire in [Wire::Http, Wire::Netstring, Wire::Ripex2, Wire::Wamp] {
            let line = line(&error, wire);
            assert!(!names_code(&line), "{wire:?}: {line}");
        }
    }
}

#[test]
fn the_url_that_is_advised_is_one_of_the_wire() {
    let plain = Error::from(TlsError::new(TlsErrorKind::NotTls));
    for (wire, url) in [
        (Wire::Http, " http://"),
        (Wire::Wamp, " ws://"),
        (Wire::Ripex2, " ripex2+http://"),
    ] {
        let line = line(&plain, wire);
        assert!(line.ends_with(url), "{line}");
    }
}

#[test]
fn what_the_device_says_and_what_was_called_stay_as_they_are() {
    let said = "raise timeout";
    let error = Error::from(RpcError::new(7, said));
    assert!(line(&error, Wire::Http).contains(said));
    let error = Error::from(TimeoutError::new(
        TimeoutPhase::Body,
        Duration::from_secs(1),
    ));
    let error = error.with_origin("https://pin_certificate_sha256");
    let error = error.with_call("/", "pin_public_key_sha256");
    let line = line(&error, Wire::Http);
    assert!(
        line.starts_with("https://pin_certificate_sha256: "),
        "{line}"
    );
    assert!(line.ends_with("(pin_public_key_sha256 on /)"), "{line}");
    assert!(line.contains("give --timeout more"), "{line}");
}
