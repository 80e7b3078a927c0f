//! How a set is read.

use std::time::Duration;

use super::set::ReadSet;
use crate::agent::Agent;
use crate::error::Error;
use crate::wire::BoxFuture;

pub(super) type Refresh<K, T> =
    dyn Fn(Agent) -> BoxFuture<'static, Result<ReadSet<K, T>, Error>> + Send + Sync;

type IsStale<K, T> = dyn Fn(&K, &T) -> bool + Send + Sync;

pub(super) struct Options<K, T> {
    pub(super) chunk: Option<usize>,
    pub(super) timeout: Option<Duration>,
    pub(super) refresh: Option<Box<Refresh<K, T>>>,
    pub(super) is_stale: Option<Box<IsStale<K, T>>>,
    pub(super) login_pause: Option<Duration>,
}

impl<K, T> Default for Options<K, T> {
    fn default() -> Self {
        Self {
            chunk: None,
            timeout: None,
            refresh: None,
            is_stale: None,
            login_pause: None,
        }
    }
}
