//! Two sessions, and what is between them.

use serde_json::Value;

use super::message::{INVOCATION, Said};
use super::session::Session;

/// A caller and a callee, and what is registered for it.
pub(super) struct Pair {
    pub(super) caller: Session,
    pub(super) callee: Session,
    pub(super) uri: String,
    pub(super) registration: u64,
}

impl Pair {
    /// Calls the procedure: the id of the call, and the invocation.
    pub(super) async fn invoke(
        &mut self,
        options: Value,
        args: Value,
    ) -> Result<(u64, Said), String> {
        let uri = self.uri.clone();
        let id = self.caller.call(options, &uri, args).await;
        let invocation = self.callee.next(INVOCATION).await;
        invocation
            .map(|invocation| (id, invocation))
            .map_err(|seen| format!("no INVOCATION but {seen}"))
    }
}
