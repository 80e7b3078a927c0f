//! Where credentials come from.

use std::future::{Future, ready};

use crate::error::Error;
use crate::wire::{BoxFuture, Credentials};

/// Gives user name and password each time a session is to be opened.
///
/// [`Credentials`] are a source that always gives the same, [`CredentialsFile`](super::CredentialsFile) reads a file, and any
/// function that returns a future is a source too: it can ask a vault, or a person.
///
/// ```
/// use xerus_rpc::error::ConfigError;
/// use xerus_rpc::layer::Sessions;
/// use xerus_rpc::{Credentials, Error};
///
/// # fn password_from_vault() -> Option<String> { None }
/// let sessions = Sessions::new().source(|| async {
///     let password = password_from_vault()
///         .ok_or_else(|| Error::from(ConfigError::NoCredentials("the vault is sealed".to_owned())))?;
///     Ok(Credentials::basic("monitor", password))
/// });
/// # drop(sessions);
/// ```
pub trait CredentialsSource: Send + Sync + 'static {
    /// User name and password to log in with now.
    ///
    /// A session token is taken as it is, and no session is opened. Of a source that gives
    /// [none](Credentials::none), calls go out without credentials.
    fn credentials(&self) -> BoxFuture<'_, Result<Credentials, Error>>;
}

impl CredentialsSource for Credentials {
    fn credentials(&self) -> BoxFuture<'_, Result<Credentials, Error>> {
        Box::pin(ready(Ok(self.clone())))
    }
}

impl<F, R> CredentialsSource for F
where
    F: Fn() -> R + Send + Sync + 'static,
    R: Future<Output = Result<Credentials, Error>> + Send + 'static,
{
    fn credentials(&self) -> BoxFuture<'_, Result<Credentials, Error>> {
        Box::pin(self())
    }
}
