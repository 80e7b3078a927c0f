//! Something that is read, changed and written back.

use std::fmt;
use std::future::IntoFuture;

use xerus_rpc::rt::Encode;
use xerus_rpc::update::{Update, Updated};
use xerus_rpc::wire::BoxFuture;
use xerus_rpc::{Call, Error, update};

use super::AdminError;
use super::known::Known;

type Explain = Box<dyn Fn(Error) -> AdminError + Send + Sync>;

/// A change that has not begun. Its future gives [`Updated`]: what was changed, and whether it was sent.
///
/// What was read goes back whole, with members that the bindings do not know. Nothing is sent when nothing was changed, and nothing
/// is written when somebody else changed it meanwhile: see [`xerus_rpc::update()`], which does the work.
#[must_use = "a change begins when it is awaited"]
pub struct Change<'a, T> {
    known: Known,
    update: Update<'a, T, ()>,
    explain: Explain,
}

impl<'a, T> Change<'a, T>
where
    T: Encode + Clone + 'static,
{
    pub(super) fn new<K, L>(
        known: Known,
        read: Call<T, K>,
        change: impl FnOnce(&mut T) + Send + 'a,
        write: impl Fn(T) -> Call<(), L> + Send + 'a,
        explain: impl Fn(Error) -> AdminError + Send + Sync + 'static,
    ) -> Self {
        Self {
            known,
            update: update(read, change, write),
            explain: Box::new(explain),
        }
    }

    /// Reads and says what would be changed; writes nothing.
    pub fn dry_run(mut self) -> Self {
        self.update = self.update.dry_run();
        self
    }

    /// Reads once more after writing, and fails when the device did not keep what was written. Secrets are not compared: devices give
    /// back none.
    pub fn verify(mut self) -> Self {
        self.update = self.update.verify();
        self
    }
}

impl<'a, T> IntoFuture for Change<'a, T>
where
    T: Encode + Clone + Send + Sync + 'static,
{
    type Output = Result<Updated<T>, AdminError>;
    type IntoFuture = BoxFuture<'a, Self::Output>;

    fn into_future(self) -> Self::IntoFuture {
        let Self {
            known,
            update,
            explain,
        } = self;
        let update = update.into_future();
        Box::pin(async move {
            known.check(&explain).await?;
            update.await.map_err(explain)
        })
    }
}

impl<T> fmt::Debug for Change<'_, T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Change").field(&self.update).finish()
    }
}
