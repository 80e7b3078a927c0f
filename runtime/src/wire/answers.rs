//! What comes back on a wire, read as its binding says.

use bytes::Bytes;

use super::binding::{Binding, ResultStyle};
use super::reply::Reply;
use super::request::Request;
use crate::id::RequestId;

impl Binding {
    /// The reply for the JSON text that stands for the results on this wire.
    #[must_use]
    pub fn reply(&self, request: &Request, results: impl Into<Bytes>) -> Reply {
        let results = results.into();
        let count = request.method().map(|method| method.results.len());
        match (self.results, count) {
            (ResultStyle::ByName, _) => Reply::by_name(results),
            (ResultStyle::ByPosition, _) => Reply::by_position(results),
            (ResultStyle::Bare, Some(0)) => Reply::nothing(),
            (ResultStyle::Bare, Some(1) | None) => Reply::bare(results),
            (ResultStyle::Bare, Some(_)) => Reply::by_name(results),
        }
    }

    /// The reply for a whole JSON-RPC answer to the request that was sent under `id`, which
    /// [`json_rpc`](Self::json_rpc) wrote. Results and error codes in it are taken as this binding says.
    #[must_use]
    pub fn json_rpc_reply(&self, body: impl Into<Bytes>, id: RequestId) -> Reply {
        Reply::envelope(body, id).with_binding(self.clone())
    }
}
