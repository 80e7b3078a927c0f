//! Serving other objects than those of the simulated PDU.

use std::sync::Arc;

use xerus_rpc::server::Router;

use crate::door::Site;
use crate::error::StartError;
use crate::front::{Front, Serving, front_settings};
use crate::model::Accounts;

/// Serves objects of your own as devices do: HTTP or HTTPS, basic authentication, bulk requests, faults on demand.
///
/// For devices other than the simulated PDU, or of another firmware: implement the generated server traits, put them
/// into a [`Router`], and serve it.
///
/// ```
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> Result<(), xerus_sim::StartError> {
/// use xerus_rpc::server::{Context, Reply, Router};
/// use xerus_api::server::firmware::{self, Firmware};
///
/// struct Old;
///
/// // What is not implemented answers "method not found".
/// impl Firmware for Old {
///     fn get_version<'a>(&'a self, _: &'a Context) -> Reply<'a, String> {
///         Reply::ok("1.0.0".to_owned())
///     }
/// }
///
/// let router = Router::new();
/// router.insert("/firmware", firmware::firmware(Old));
/// let device = xerus_sim::serve(router)
///     .user("admin", "pass")
///     .https(true)
///     .start()
///     .await?;
/// assert!(device.url().starts_with("https://127.0.0.1:"));
/// # Ok(())
/// # }
/// ```
///
/// The name of the user who logged in is in the [`Context`](xerus_rpc::server::Context) of each call. There are no session
/// tokens: a request with one is refused.
pub fn serve(router: Router) -> Serve {
    Serve {
        router,
        front: Front::default(),
    }
}

/// A server to be described; made by [`serve`].
#[must_use]
pub struct Serve {
    router: Router,
    front: Front,
}

impl Serve {
    front_settings!();

    /// Serves these files, too.
    pub fn site(mut self, site: impl Site + 'static) -> Self {
        self.front.site = Some(Arc::new(site));
        self
    }

    /// Listens and serves, in the background of the tokio runtime that this is awaited in. Objects that are put into the
    /// router or taken away later come and go at once.
    ///
    /// # Errors
    ///
    /// When the address cannot be listened on, or the certificate cannot be made.
    pub async fn start(mut self) -> Result<Serving, StartError> {
        let bound = self.front.listen().await?;
        let accounts = Accounts::default();
        self.front.open_accounts(&accounts);
        Ok(self
            .front
            .serve(bound, Arc::new(self.router), Arc::new(accounts)))
    }
}

impl std::fmt::Debug for Serve {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Serve")
            .field("router", &self.router)
            .finish_non_exhaustive()
    }
}
