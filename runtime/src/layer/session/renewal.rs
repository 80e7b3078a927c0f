//! A login that many wait for.

use std::sync::{Arc, Mutex, PoisonError};

use futures_util::FutureExt;
use futures_util::future::{Shared, WeakShared};
use tokio::runtime::{self, Handle};

use super::opened::Opened;
use crate::error::Error;
use crate::wire::BoxFuture;

/// What a renewal ends with: the session to use from now on, or none where the old one is still good.
pub(super) type Renewed = Result<Option<Arc<Opened>>, Error>;

/// A login under way; whoever waits for it moves it on.
pub(super) type Renewal = Shared<BoxFuture<'static, Renewed>>;

type WeakRenewal = WeakShared<BoxFuture<'static, Renewed>>;

/// The logins under way, by runtime. They end with the last one that waits for them.
#[derive(Default)]
pub(super) struct Renewals(Mutex<Vec<(Option<runtime::Id>, WeakRenewal)>>);

impl Renewals {
    /// The one under way in this runtime. A connection and its timers belong to the runtime that opened it, so that a call
    /// in another cannot move it on.
    pub(super) fn current(&self) -> Option<Renewal> {
        let here = here();
        let all = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let (_, renewal) = all.iter().find(|(runtime, _)| *runtime == here)?;
        // One that has ended is a result of the past.
        renewal.upgrade().filter(|renewal| renewal.peek().is_none())
    }

    /// The one under way, or a new one.
    pub(super) fn join(&self, begin: impl FnOnce() -> BoxFuture<'static, Renewed>) -> Renewal {
        let here = here();
        let mut all = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        all.retain(|(_, renewal)| {
            renewal
                .upgrade()
                .is_some_and(|renewal| renewal.peek().is_none())
        });
        let under_way = all.iter().find(|(runtime, _)| *runtime == here);
        if let Some(renewal) = under_way.and_then(|(_, renewal)| renewal.upgrade()) {
            return renewal;
        }
        let renewal = begin().shared();
        if let Some(weak) = renewal.downgrade() {
            all.push((here, weak));
        }
        renewal
    }
}

fn here() -> Option<runtime::Id> {
    Handle::try_current().ok().map(|handle| handle.id())
}
