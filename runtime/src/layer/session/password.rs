//! Changing the own password.

use std::fmt;
use std::future::IntoFuture;
use std::sync::Arc;

use zeroize::Zeroizing;

use crate::agent::Agent;
use crate::call::{Call, Checked, results};
use crate::codec::Encode;
use crate::error::{Error, ErrorKind, Outcome};
use crate::method::{Codes, Method};
use crate::well_known::fill;
use crate::wire::{BoxFuture, Credentials, Layer, Reply, Request, Transport};

/// Why a password is refused (`docs/protocol/sessions.md`).
const CODES: Codes = &[
    (1, &["ERR_PASSWORD_UNCHANGED"]),
    (2, &["ERR_PASSWORD_EMPTY"]),
    (3, &["ERR_PASSWORD_TOO_SHORT"]),
    (4, &["ERR_PASSWORD_TOO_LONG"]),
    (5, &["ERR_PASSWORD_CTRL_CHARS"]),
    (6, &["ERR_PASSWORD_NEED_LOWER"]),
    (7, &["ERR_PASSWORD_NEED_UPPER"]),
    (8, &["ERR_PASSWORD_NEED_NUMERIC"]),
    (9, &["ERR_PASSWORD_NEED_SPECIAL"]),
    (10, &["ERR_PASSWORD_IN_HISTORY"]),
    (11, &["ERR_PASSWORD_TOO_SHORT_FOR_SNMP"]),
    (12, &["ERR_INVALID_ARGUMENT"]),
    (13, &["ERR_WRONG_PASSWORD"]),
];

static SET_ACCOUNT_PASSWORD: Method = Method {
    interface: "usermgmt.User:1.0.0",
    name: "setAccountPassword",
    params: &["password"],
    results: &["_ret_"],
    codes: Some(CODES),
    ..Method::PLAIN
};

/// Whether this is a change of the own password.
pub(super) fn is_change(request: &Request) -> bool {
    request
        .method()
        .is_some_and(|method| std::ptr::eq(method, &SET_ACCOUNT_PASSWORD))
}

/// A change of the own password that has not been made; made by [`Agent::change_password`].
#[must_use = "nothing is changed before this is awaited"]
pub struct ChangePassword {
    agent: Agent,
    user: String,
    old: Zeroizing<String>,
    new: Zeroizing<String>,
}

impl Agent {
    /// Changes the password of a user who logs in with the old one, and goes on with the new one.
    ///
    /// This is what a device asks for that answers everything with status 451
    /// ([`Auth.PasswordChangeRequired`](crate::error::AuthError::PasswordChangeRequired)): it still has the password of the
    /// factory. `setAccountPassword` of `/auth/user/<name>` is called with the old password, and then the agent logs in
    /// with the new one, as [`login`](Self::login) does: a source of credentials is not asked any more.
    ///
    /// ```no_run
    /// # async fn example(agent: &xerus_rpc::Agent, new: &str) -> Result<(), xerus_rpc::Error> {
    /// agent.change_password("admin", "raritan", new).await?;
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    ///
    /// `Application` with the name of the reason when the device refuses the new password, `Auth.Unauthorized` for a wrong old
    /// one, and those of all calls. The [outcome](Error::outcome) tells whether the password is the old one
    /// (`NotExecuted`), the new one (`Executed`: only the login with it failed), or one of both (`Unknown`).
    pub fn change_password(
        &self,
        user: impl Into<String>,
        old: impl Into<String>,
        new: impl Into<String>,
    ) -> ChangePassword {
        ChangePassword {
            agent: self.clone(),
            user: user.into(),
            old: Zeroizing::new(old.into()),
            new: Zeroizing::new(new.into()),
        }
    }
}

impl ChangePassword {
    /// Makes the change and blocks the thread until that is done. Not for use inside async code.
    ///
    /// Needs the feature `blocking`.
    ///
    /// # Errors
    ///
    /// As awaiting it.
    #[cfg(feature = "blocking")]
    pub fn send_blocking(self) -> Result<(), Error> {
        crate::agent::blocking::block_on(self.into_future())
    }

    async fn run(self) -> Result<(), Error> {
        let agent = &self.agent;
        if !agent.capabilities().login {
            let error = Error::unsupported("this wire has no users, and so no passwords");
            return Err(error.with_origin(agent.origin()));
        }
        self.change().await?;
        // Whatever comes now, the password is the new one.
        agent
            .login(Credentials::basic(&self.user, self.new.as_str()))
            .await
            .map_err(|error| error.with_outcome(Outcome::Executed))
    }

    async fn change(&self) -> Result<(), Error> {
        let transport = Arc::new(As {
            inner: self.agent.shared_transport(),
            user: Credentials::basic(&self.user, self.old.as_str()),
        });
        let agent = Agent::with_settings(transport, self.agent.settings().clone());
        let target = fill("/auth/user/{name:str}", &[&self.user.as_str()]);
        let arguments: &[&dyn Encode] = &[&*self.new];
        let change: Call<(), Checked> = Call::new(
            &agent,
            target.into(),
            &SET_ACCOUNT_PASSWORD,
            Ok(arguments),
            results::checked::<()>,
        );
        change.await.map_err(|error| match error.kind() {
            // The device says that it keeps the old one.
            ErrorKind::Application(_) => error.with_outcome(Outcome::NotExecuted),
            _ => error,
        })
    }
}

/// Sends calls as another user.
struct As {
    inner: Arc<dyn Transport>,
    user: Credentials,
}

impl Layer for As {
    fn inner(&self) -> &Arc<dyn Transport> {
        &self.inner
    }

    fn call<'a>(&'a self, request: &'a Request) -> BoxFuture<'a, Result<Reply, Error>> {
        Box::pin(async move {
            let request = request.clone().with_credentials(self.user.clone());
            self.inner.call(&request).await
        })
    }
}

impl IntoFuture for ChangePassword {
    type Output = Result<(), Error>;
    type IntoFuture = BoxFuture<'static, Result<(), Error>>;

    fn into_future(self) -> Self::IntoFuture {
        Box::pin(self.run())
    }
}

impl fmt::Debug for ChangePassword {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ChangePassword")
            .field("origin", &self.agent.origin())
            .field("user", &self.user)
            .finish_non_exhaustive()
    }
}
