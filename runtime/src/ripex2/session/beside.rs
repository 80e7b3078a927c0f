//! What goes on beside the calls and may leave a session open: logins and logouts.

use std::sync::Arc;

use futures_util::future::join_all;
use tokio::runtime::Handle;
use tokio::sync::watch;
use tokio::time::{Instant, timeout_at};
use zeroize::Zeroizing;

use super::login::{self, Connection};
use super::waiting::{SILENCE, Work};
use super::{LOGOUT, REQUEST, Shared, State};

/// A login or a logout, for those who wait until it can leave nothing open any more.
#[derive(Clone)]
pub(super) struct Beside {
    runtime: Handle,
    work: Work,
    /// Its sender is gone when the work is.
    over: watch::Receiver<()>,
    what: What,
}

#[derive(Clone)]
enum What {
    /// The login with this number, and the logout where nobody wants its session any more.
    Login(u64),
    Logout(Zeroizing<String>),
}

impl Beside {
    pub(super) fn login(
        number: u64,
        runtime: Handle,
        work: Work,
        over: watch::Receiver<()>,
    ) -> Self {
        Self {
            runtime,
            work,
            over,
            what: What::Login(number),
        }
    }

    fn is_over(&self) -> bool {
        self.over.has_changed().is_err()
    }

    pub(super) fn is_login(&self, number: u64) -> bool {
        matches!(self.what, What::Login(mine) if mine == number)
    }

    /// Waits for its end, which is made where its runtime is driven by nobody. What is still to be logged out of then is given back.
    async fn end(mut self, runtime: &Handle, end: Instant) -> Option<Zeroizing<String>> {
        let is_elsewhere = self.runtime.id() != runtime.id();
        loop {
            let now = Instant::now();
            let until = match is_elsewhere {
                true => end.min(now + SILENCE),
                false => end,
            };
            match timeout_at(until, self.over.changed()).await {
                Ok(_) => return None,
                Err(_) if Instant::now() >= end => return None,
                Err(_) if self.work.end_if_it_rests(&self.runtime).await => {
                    return match self.what {
                        What::Login(_) => None,
                        What::Logout(token) => Some(token),
                    };
                }
                Err(_) => {}
            }
        }
    }
}

impl State {
    /// Notes what begins.
    pub(super) fn begins(&mut self, beside: Beside) {
        self.forget_ended();
        self.beside.push(beside);
    }

    /// No token is kept longer than it is of use.
    fn forget_ended(&mut self) {
        self.beside.retain(|beside| !beside.is_over());
    }
}

impl Shared {
    /// Logs out of these sessions beside all calls, also when nobody waits for that any longer.
    pub(super) fn log_out(
        self: &Arc<Self>,
        tokens: impl IntoIterator<Item = Zeroizing<String>>,
        connection: Connection,
        runtime: &Handle,
    ) -> Vec<Beside> {
        let mut all = Vec::new();
        for token in tokens {
            let (shared, mine) = (Arc::clone(self), token.clone());
            let (guard, over) = watch::channel(());
            let work = Work::default();
            let task = work.task(async move {
                let _guard = guard;
                login::logout(&shared.http, &mine, LOGOUT, connection).await;
            });
            let beside = Beside {
                runtime: runtime.clone(),
                work,
                over,
                what: What::Logout(token),
            };
            self.state().begins(beside.clone());
            all.push(beside);
            runtime.spawn(task);
        }
        all
    }

    /// Logs out of the sessions that were refused. No call waits for that.
    pub(super) fn log_out_of_refused(self: &Arc<Self>, runtime: &Handle) {
        let refused = std::mem::take(&mut self.state().refused);
        self.log_out(refused, Connection::Own, runtime);
    }

    /// Waits for the end of these, which comes within the time of a login and a logout.
    pub(super) async fn end(self: &Arc<Self>, all: Vec<Beside>, runtime: &Handle) {
        let end = Instant::now() + REQUEST + LOGOUT;
        let ends = all.into_iter().map(|beside| beside.end(runtime, end));
        let left = join_all(ends).await.into_iter().flatten();
        // What is done here now is not left to another runtime.
        let again = self.log_out(left, Connection::Own, runtime);
        let ends = again
            .into_iter()
            .map(|beside| beside.end(runtime, end + LOGOUT));
        join_all(ends).await;
        self.state().forget_ended();
    }
}
