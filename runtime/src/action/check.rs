//! What a check finds, and how it is made.

use std::fmt;
use std::future::Future;
use std::sync::Arc;

use super::ticket::Ticket;
use crate::agent::Agent;
use crate::error::{Error, ErrorCode, ErrorKind, RpcError};
use crate::wire::BoxFuture;

/// What a check found out about an action.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub enum Check<P, T> {
    /// It goes on; this is how far it is.
    Pending(P),
    /// It goes on, and there is something to say about it. What was said before is not told again.
    PendingWith(P, Vec<String>),
    /// It has ended well.
    Done(T),
    /// It has ended well, and there is something to say about it.
    DoneWith(T, Vec<String>),
    /// It has ended, and the device says that it failed.
    Failed(Error),
    /// Nobody is there who could say, and somebody may be later: for errors of which only the check knows that they mean this.
    Away(Error),
    /// The device answered something from which nothing follows, in words. It is counted and told, and the checks go on.
    Unknown(String),
}

impl<P, T> Check<P, T> {
    /// [`Failed`](Self::Failed), for devices that say so in an ordinary answer: what they call the failure, and their words.
    ///
    /// ```
    /// use xerus_rpc::action::Check;
    ///
    /// let found = Check::<(), ()>::failed("FAIL", "image is for another model");
    /// # drop(found);
    /// ```
    pub fn failed(code: impl Into<String>, message: impl Into<String>) -> Self {
        let code = ErrorCode::Text(code.into().into());
        Self::Failed(ErrorKind::Rpc(RpcError::new(code, message)).into())
    }
}

pub(super) type CheckFuture<P, T> = BoxFuture<'static, Result<Check<P, T>, Error>>;
type CheckFn<P, T> = dyn Fn(Agent, Ticket) -> CheckFuture<P, T> + Send + Sync;
pub(super) type RenewFuture = BoxFuture<'static, Result<(), Error>>;
type RenewFn = dyn Fn(Agent) -> RenewFuture + Send + Sync;

/// How to ask after an action.
pub(super) struct How<P, T> {
    pub(super) check: Arc<CheckFn<P, T>>,
    /// How to log in again.
    pub(super) renew: Option<Arc<RenewFn>>,
}

impl<P, T> How<P, T> {
    pub(super) fn new<C, F>(check: C) -> Self
    where
        C: Fn(Agent, Ticket) -> F + Send + Sync + 'static,
        F: Future<Output = Result<Check<P, T>, Error>> + Send + 'static,
    {
        Self {
            check: Arc::new(move |agent, ticket| Box::pin(check(agent, ticket))),
            renew: None,
        }
    }

    pub(super) fn renewed_by<R, F>(&mut self, renew: R)
    where
        R: Fn(Agent) -> F + Send + Sync + 'static,
        F: Future<Output = Result<(), Error>> + Send + 'static,
    {
        self.renew = Some(Arc::new(move |agent| Box::pin(renew(agent))));
    }
}

impl<P, T> fmt::Debug for How<P, T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("How")
            .field("renews", &self.renew.is_some())
            .finish()
    }
}
