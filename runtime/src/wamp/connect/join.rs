//! Joining a realm.

use std::borrow::Cow;

use bytes::Bytes;
use futures_util::{SinkExt as _, StreamExt as _};
use tokio_tungstenite::tungstenite::Message;

use super::Failure;
use crate::codec::Writer;
use crate::error::{
    ConfigError, ConnectError, Error, ErrorCode, ErrorMeaning, Outcome, ProtocolError, RpcError,
};
use crate::wamp::auth::Auth;
use crate::wamp::codec::Serializer;
use crate::wamp::error::Stage;
use crate::wamp::message::{ABORT, Compose, HELLO, Incoming, read};
use crate::wamp::session::Welcome;
use crate::wamp::socket::Socket;

/// What this side can do. Everything is announced always, so that a session can be used for whatever comes.
const ROLES: &str = concat!(
    r#""roles":{"caller":{"features":{"progressive_call_results":true,"call_canceling":true,"call_timeout":true,"#,
    r#""caller_identification":true}},"callee":{"features":{"progressive_call_results":true,"call_canceling":true,"#,
    r#""call_timeout":true,"caller_identification":true,"pattern_based_registration":true,"shared_registration":true,"#,
    r#""registration_revocation":true}},"subscriber":{"features":{"pattern_based_subscription":true,"#,
    r#""publisher_identification":true,"subscription_revocation":true}},"publisher":{"features":{"#,
    r#""publisher_identification":true,"publisher_exclusion":true,"subscriber_blackwhite_listing":true}}}"#,
);

pub(super) async fn join(
    socket: &mut Socket,
    realm: &str,
    auth: &Auth,
    serializer: Serializer,
) -> Result<Welcome, Failure> {
    send(socket, serializer, hello(realm, auth)).await?;
    let mut challenged = false;
    loop {
        match next(socket, serializer).await? {
            Incoming::Welcome { session, details } => return Ok(Welcome::new(session, &details)),
            Incoming::Abort { details, reason } => {
                let message = details.text("message").unwrap_or_default();
                return Err(aborted(reason, message));
            }
            Incoming::Challenge { method, extra } if !challenged => {
                challenged = true;
                match auth.answer(&method, &extra).await {
                    Ok(answer) => send(socket, serializer, answer).await?,
                    Err(why) => {
                        let abort = Compose::new(ABORT)
                            .object("{}")
                            .text("wamp.error.cannot_authenticate");
                        // It is over in any case.
                        let _ = send(socket, serializer, abort.finish()).await;
                        return Err(no_answer(auth, why));
                    }
                }
            }
            _ => {
                let error = ProtocolError::new("the router said something else than welcome");
                return Err(Failure::passing(Stage::Join, error));
            }
        }
    }
}

fn hello(realm: &str, auth: &Auth) -> Bytes {
    let mut details = Writer::new();
    details.byte(b'{');
    details.raw(ROLES);
    details.raw(r#","agent":"#);
    details.string(concat!("xerus-rpc-", env!("CARGO_PKG_VERSION")));
    details.raw(r#","authmethods":["#);
    details.string(auth.method());
    details.byte(b']');
    if let Some(authid) = auth.authid() {
        details.raw(r#","authid":"#);
        details.string(authid);
    }
    if let Some(key) = auth.public_key() {
        details.raw(r#","authextra":{"pubkey":"#);
        details.string(&key);
        details.raw(r#","channel_binding":null}"#);
    }
    details.byte(b'}');
    let details = details.into_bytes();
    let details = String::from_utf8_lossy(&details);
    Compose::new(HELLO).text(realm).object(&details).finish()
}

async fn send(socket: &mut Socket, serializer: Serializer, message: Bytes) -> Result<(), Failure> {
    let frame = serializer
        .frame(message)
        .map_err(|what| Failure::passing(Stage::Join, super::super::error::cannot_be_sent(what)))?;
    socket.send(frame).await.map_err(|error| {
        Failure::passing(
            Stage::Join,
            Error::from(ConnectError::Other).with_source(error),
        )
    })
}

async fn next(socket: &mut Socket, serializer: Serializer) -> Result<Incoming, Failure> {
    let closed = |why: Option<crate::wamp::error::ClosedBy>| {
        let error = Error::from(ConnectError::Other);
        let error = match why {
            Some(why) => error.with_source(why),
            None => error,
        };
        Failure::passing(Stage::Join, error)
    };
    loop {
        let frame = match socket.next().await {
            None => return Err(closed(None)),
            Some(Err(error)) => {
                let error = Error::from(ConnectError::Other).with_source(error);
                return Err(Failure::passing(Stage::Join, error));
            }
            Some(Ok(frame)) => frame,
        };
        match frame {
            Message::Text(_) | Message::Binary(_) => {
                let message = serializer.message(frame);
                let message = message.and_then(read);
                return message.map_err(|mut error| {
                    // A challenge may be in it.
                    error.excerpt = String::new();
                    Failure::passing(Stage::Join, error)
                });
            }
            Message::Close(frame) => {
                return Err(closed(frame.map(|frame| {
                    crate::wamp::error::ClosedBy::new(frame.code.into(), &frame.reason)
                })));
            }
            Message::Ping(_) | Message::Pong(_) | Message::Frame(_) => {}
        }
    }
}

/// Reasons that stay the same, however often one tries.
const PERMANENT: &[&str] = &[
    "wamp.error.no_such_realm",
    "wamp.error.no_such_role",
    "wamp.error.no_such_principal",
    "wamp.error.no_auth_method",
    "wamp.error.no_matching_auth_method",
    "wamp.error.not_authorized",
    "wamp.error.authorization_failed",
    "wamp.error.authorization_denied",
    "wamp.error.authentication_failed",
    "wamp.error.authentication_denied",
    "wamp.error.authentication_required",
    "wamp.error.not_authenticated",
    "wamp.error.invalid_uri",
    "wamp.error.protocol_violation",
];

fn aborted(reason: String, message: String) -> Failure {
    let login = [
        "not_auth",
        "authentication",
        "authorization",
        "auth_method",
        "no_such_principal",
    ];
    let permanent = PERMANENT.contains(&reason.as_str());
    let is_login = login.iter().any(|part| reason.contains(part));
    let mut error = RpcError::new(ErrorCode::Uri(Cow::Owned(reason)), message);
    if is_login {
        error = error.with_meaning(ErrorMeaning::NotLoggedIn);
    }
    Failure {
        stage: Stage::Join,
        error: Error::from(error).with_outcome(Outcome::NotExecuted),
        permanent,
    }
}

fn no_answer(auth: &Auth, why: &'static str) -> Failure {
    let text = format!(
        "the router {why}; {} was offered, so give what it asks for to WampBuilder::auth",
        auth.method()
    );
    Failure {
        stage: Stage::Join,
        error: ConfigError::NoCredentials(text).into(),
        permanent: true,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::error::ErrorKind;

    #[test]
    fn w4_reasons_that_stay_the_same_are_permanent() {
        for (reason, permanent) in [
            ("wamp.error.no_such_realm", true),
            ("wamp.error.no_auth_method", true),
            ("wamp.error.not_authorized", true),
            ("wamp.close.system_shutdown", false),
            ("wamp.error.network_failure", false),
        ] {
            let failure = aborted(reason.to_owned(), "why".to_owned());
            assert_eq!(failure.permanent, permanent, "{reason}");
            let ErrorKind::Rpc(error) = failure.error.kind() else {
                panic!("{:?}", failure.error);
            };
            assert_eq!((error.code.text(), &*error.message), (Some(reason), "why"));
            assert_eq!(failure.error.outcome(), Outcome::NotExecuted);
        }
    }

    #[test]
    fn hello_says_who_comes_and_nothing_secret() {
        let hello = hello("r", &Auth::ticket("tess", "s3cret"));
        let hello = std::str::from_utf8(&hello).expect("text");
        assert!(hello.starts_with(r#"[1,"r",{"roles":{"caller""#), "{hello}");
        assert!(hello.contains(r#""authmethods":["ticket"],"authid":"tess""#));
        assert!(!hello.contains("s3cret"));
        let json: serde_json::Value = serde_json::from_str(hello).expect("JSON");
        assert_eq!(
            json[2]["roles"]["callee"]["features"]["call_canceling"],
            true
        );
    }
}
