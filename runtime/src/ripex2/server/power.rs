//! Switching a unit off and on.

use std::fmt;
use std::time::Duration;

use tokio::sync::{mpsc, oneshot};

/// The power of a [`Ripex2Server`](super::Ripex2Server). Cheap to clone.
#[derive(Clone)]
pub struct Power(mpsc::Sender<Order>);

/// What is asked of the accepting task.
pub(super) struct Order {
    /// How long nobody listens.
    pub(super) off: Duration,
    /// Whether sessions are forgotten.
    pub(super) forget: bool,
    /// Told when the unit listens again.
    pub(super) done: oneshot::Sender<()>,
}

pub(super) type Orders = mpsc::Receiver<Order>;

pub(super) fn pair() -> (Power, Orders) {
    let (sender, orders) = mpsc::channel(4);
    (Power(sender), orders)
}

impl Power {
    /// Restarts the unit: the listener and all connections are closed, and for `off` nobody is there. Sessions are forgotten if `forget` says so; actions
    /// go on. Waits until the unit listens again; false when it does not run any more.
    ///
    /// A servant that wants its answer to arrive first restarts from an [action](super::Actions), after a moment.
    pub async fn restart(&self, off: Duration, forget: bool) -> bool {
        let (done, is_done) = oneshot::channel();
        let order = Order { off, forget, done };
        self.0.send(order).await.is_ok() && is_done.await.is_ok()
    }

    /// Forgets all sessions, and goes on.
    pub async fn forget_sessions(&self) -> bool {
        self.restart(Duration::ZERO, true).await
    }
}

impl fmt::Debug for Power {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Power")
    }
}
