//! The requests about sessions: `login.cgi`, `logout.cgi` and `first_login.cgi`.

use std::time::Duration;

use bytes::Bytes;
use zeroize::Zeroizing;

use super::answer::Answer;
use super::details::string;
use super::forbidden;
use crate::error::{
    AuthError, EncodeError, EncodeErrorKind, Error, ErrorKind, Outcome, ProtocolError,
};
use crate::http::{Authorization, HttpTransport, Post, Stage};
use crate::json::write;

const LOGIN: &str = "cgi-bin/login.cgi";
const LOGOUT: &str = "cgi-bin/logout.cgi";
const FIRST_LOGIN: &str = "cgi-bin/first_login.cgi";

/// The largest answer about a session, in bytes.
const MAX_ANSWER: usize = 64 << 10;

/// On which connection a session is closed.
#[derive(Clone, Copy, Debug)]
pub(super) enum Connection {
    /// One of those of the calls, behind those that came before, however long they take.
    OfCalls,
    /// One beside those: no call waits for it, nor does it wait for calls.
    Own,
}

/// Opens a session: its token.
///
/// # Errors
///
/// `Auth.LoginRefused` for wrong credentials, `HttpStatus.Server` when the unit is busy or blocks logins for a while (503) or has failed
/// (another 5xx), `Protocol` for an answer without a token.
pub(super) async fn login(
    http: &HttpTransport,
    user: &str,
    password: &str,
    language: Option<&str>,
    time: Duration,
    stage: &Stage,
) -> Result<Zeroizing<String>, Error> {
    let document = credentials(user, password, language)?;
    let post = Post {
        stage: Some(stage),
        ..post(LOGIN, document, time)
    };
    let body = send(http, post).await?;
    token(&body)
}

/// Makes the first account of a unit that has none, with which a session can then be opened.
pub(super) async fn first_login(
    http: &HttpTransport,
    user: &str,
    password: &str,
    time: Duration,
) -> Result<(), Error> {
    let document = credentials(user, password, None)?;
    send(http, post(FIRST_LOGIN, document, time))
        .await
        .map(drop)
}

/// Closes a session, as far as that works: one that the unit does not know is closed. `time` is that behind its turn on the connection.
pub(super) async fn logout(
    http: &HttpTransport,
    token: &str,
    time: Duration,
    connection: Connection,
) {
    let Ok(user) = Authorization::api_key(token) else {
        return;
    };
    let post = Post {
        user: Some(user),
        long_poll: matches!(connection, Connection::Own),
        patient: matches!(connection, Connection::OfCalls),
        ..post(LOGOUT, Bytes::from_static(b"{}"), time)
    };
    if let Err(error) = http.post(post).await {
        tracing::debug!(target: "xerus_rpc::ripex2", code = error.code(), "logout failed");
    }
}

fn post(path: &'static str, document: Bytes, timeout: Duration) -> Post<'static> {
    Post {
        path,
        document,
        id: None,
        user: None,
        timeout,
        repeatable: false,
        long_poll: false,
        patient: false,
        gzip: false,
        max_response_bytes: MAX_ANSWER,
        stage: None,
    }
}

async fn send(http: &HttpTransport, post: Post<'_>) -> Result<Bytes, Error> {
    let answer = http.post(post).await;
    answer
        .map(|posted| posted.body)
        .map_err(|error| match error.kind() {
            ErrorKind::HttpStatus(status) if status.status == 400 => refused(error),
            // Nobody can be logged in already, and the unit blocks those who go on.
            ErrorKind::Auth(AuthError::Unauthorized | AuthError::Forbidden) => refused(error),
            _ => error,
        })
}

fn refused(error: Error) -> Error {
    Error::from(AuthError::LoginRefused).with_source(error)
}

fn credentials(user: &str, password: &str, language: Option<&str>) -> Result<Bytes, Error> {
    for (place, text) in [("username", user), ("password", password)] {
        if forbidden::is_in(text) {
            let mut error = EncodeError::new(EncodeErrorKind::ForbiddenCharacter);
            error.path.member(place);
            return Err(error.into());
        }
    }
    // Sized up front: growing would leave copies behind that are not wiped.
    let mut text = Vec::with_capacity(64 + 6 * (user.len() + password.len()));
    text.extend_from_slice(b"{\"username\":");
    write::string(&mut text, user);
    text.extend_from_slice(b",\"password\":");
    write::string(&mut text, password);
    if let Some(language) = language {
        text.extend_from_slice(b",\"language_code\":");
        write::string(&mut text, language);
    }
    text.push(b'}');
    Ok(Bytes::from_owner(Wiped(Zeroizing::new(text))))
}

/// Bytes that are wiped on drop.
struct Wiped(Zeroizing<Vec<u8>>);

impl AsRef<[u8]> for Wiped {
    fn as_ref(&self) -> &[u8] {
        &self.0
    }
}

fn token(body: &Bytes) -> Result<Zeroizing<String>, Error> {
    // What came may hold the token, so none of it is shown.
    let no_token = || {
        let error = ProtocolError::new("the login was answered without a token");
        Error::from(error).with_outcome(Outcome::NotExecuted)
    };
    let answer = Answer::read(body).map_err(|_| no_token())?;
    let token = answer.get("token").and_then(string).map(Zeroizing::new);
    let token = token.filter(|token| Authorization::api_key(token).is_ok());
    token.ok_or_else(no_token)
}
