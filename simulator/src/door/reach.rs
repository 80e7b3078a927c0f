//! Whether the device behind the door is there at all.

use std::time::Duration;

use tokio::sync::watch;

use crate::model;
use crate::model::presence::Presence;

/// So long a request that is at work has to end when the device goes away: the one, above all, that sent it away.
const FAREWELL: Duration = Duration::from_millis(500);

/// Watches the device. Without one the door stands open for ever.
#[derive(Clone, Debug, Default)]
pub(crate) struct Reach(Option<watch::Receiver<model::Reach>>);

impl Reach {
    pub(crate) fn new(standing: watch::Receiver<model::Reach>) -> Self {
        Self(Some(standing))
    }

    pub(super) fn presence(&self) -> Presence {
        self.0
            .as_ref()
            .map_or(Presence::Here, |now| now.borrow().presence)
    }

    /// Waits until a connection of now has to end: when the device goes away, and, if it is encrypted, when the certificate that
    /// it showed is no longer that of the device.
    pub(super) async fn leaving(&self, encrypted: bool) {
        let Some(mut standing) = self.0.clone() else {
            return std::future::pending().await;
        };
        let first = standing.borrow_and_update().certificate;
        let over =
            |now: &model::Reach| now.presence.is_away() || (encrypted && now.certificate != first);
        if standing.wait_for(over).await.is_err() {
            // The device is gone, and nobody closes the door any more.
            std::future::pending::<()>().await;
        }
    }

    /// Waits until it must have ended.
    pub(super) async fn left(&self, encrypted: bool) {
        self.leaving(encrypted).await;
        tokio::time::sleep(FAREWELL).await;
    }
}
