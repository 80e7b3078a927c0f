//! Resource ids and what stands behind them.

use std::borrow::Cow;
use std::collections::HashMap;
use std::fmt;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, PoisonError, RwLock, RwLockReadGuard, RwLockWriteGuard};

use super::bulk::{self, PartHandler};
use super::caps::Caps;
use super::context::Context;
use super::fault::Fault;
use super::incoming::Incoming;
use super::outcome::{NOT_FOUND, OK, Outcome, outcome};
use super::servant::{self, Servant};
use crate::bulk::BULK_RID;
use crate::codec::{Reader, ReaderOptions};
use crate::jsonrpc::id::NOBODY;
use crate::jsonrpc::request::{Request, Unreadable};
use crate::method::GET_TYPE_INFO;
use crate::wire::{Arguments, Binding, BoxFuture, Values};

/// Answers requests with the servants put under resource ids. Cheap to clone; clones share the servants.
///
/// Bulk requests to `/bulk` and `getTypeInfo` on every object are answered here; servants need not do that.
///
/// ```
/// # async fn example() {
/// use xerus_rpc::server::{Context, Router};
///
/// let router = Router::new();
/// let body = br#"{"method":"performBulk","params":{"requests":[]},"id":"a"}"#;
/// let outcome = router.handle("/bulk", body, Context::new()).await;
/// assert_eq!(outcome.body, br#"{"jsonrpc":"2.0","result":{"responses":[]},"id":"a"}"#);
/// # }
/// ```
#[derive(Clone, Default)]
pub struct Router {
    servants: Arc<Servants>,
    caps: Caps,
}

#[derive(Default)]
struct Servants {
    by_rid: RwLock<HashMap<String, Servant>>,
    /// How often they were changed.
    changes: AtomicU64,
}

impl Router {
    /// A router without servants.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// The same servants behind other caps on what one request may cost. Clones that were made before keep theirs.
    #[must_use]
    pub fn with_caps(mut self, caps: Caps) -> Self {
        self.caps = caps;
        self
    }

    /// What one request may cost.
    #[must_use]
    pub fn caps(&self) -> &Caps {
        &self.caps
    }

    /// Puts a servant under a resource id, in place of the one that was there.
    pub fn insert(&self, rid: &str, servant: Servant) -> Option<Servant> {
        let mut servants = self.write();
        self.servants.changes.fetch_add(1, Ordering::Release);
        servants.insert(normal(rid).into_owned(), servant)
    }

    /// Takes the servant under a resource id away; whether there was one. Calls that are being served go on.
    pub fn remove(&self, rid: &str) -> bool {
        let mut servants = self.write();
        self.servants.changes.fetch_add(1, Ordering::Release);
        servants.remove(&*normal(rid)).is_some()
    }

    /// How often servants were put in or taken away: what was found out about them holds while this stays the same.
    #[cfg(any(feature = "netstring", feature = "ripex2"))]
    pub(crate) fn changes(&self) -> u64 {
        self.servants.changes.load(Ordering::Acquire)
    }

    /// The servant under a resource id.
    #[must_use]
    pub fn servant(&self, rid: &str) -> Option<Servant> {
        self.read().get(&*normal(rid)).cloned()
    }

    /// All resource ids with a servant, sorted.
    #[must_use]
    pub fn rids(&self) -> Vec<String> {
        let mut rids: Vec<String> = self.read().keys().cloned().collect();
        rids.sort_unstable();
        rids
    }

    /// Answers a JSON-RPC request.
    ///
    /// Leading slashes of the resource id count as one, a trailing one not at all. Percent signs are not
    /// decoded here: that is up to the transport.
    pub async fn handle(&self, rid: &str, body: &[u8], context: Context) -> Outcome {
        self.handle_through(self, rid, body, context).await
    }

    /// As [`handle`](Self::handle), but the requests in a bulk go to `parts`, which may look at them, hold them up or answer them itself
    /// before it gives them to a router.
    pub async fn handle_through(
        &self,
        parts: &dyn PartHandler,
        rid: &str,
        body: &[u8],
        context: Context,
    ) -> Outcome {
        let options = ReaderOptions::default();
        let text = match Reader::from_bytes(body, &options) {
            Ok(reader) => reader.into_text(),
            Err(error) => return outcome(OK, Err(Fault::parse_error(error)), NOBODY),
        };
        let request = match Request::read(text) {
            Ok(request) => request,
            Err((why, id)) => return outcome(OK, Err(fault(why)), id),
        };
        let result = match bulk::Method::of(&request.method) {
            Some(method) if &*normal(rid) == BULK_RID => {
                let call = Incoming::new(&request.method, &request.arguments, &context);
                bulk::perform(parts, method, &call, &self.caps).await
            }
            _ => {
                let servant = self.servant(rid);
                let method = servant
                    .as_ref()
                    .and_then(|servant| servant.named_on_the_wire(&request.method))
                    .map_or(&*request.method, |method| method.name);
                let values = self.call(rid, method, &request.arguments, &context).await;
                match values {
                    Ok(values) => {
                        let result = Binding::XERUS.lay_out_results(&values);
                        let (bytes, cap) = (result.len(), self.caps.answer_bytes);
                        if bytes > cap {
                            Err(bulk::single_too_long(bytes, cap))
                        } else {
                            Ok(result)
                        }
                    }
                    Err(fault) if fault.is_object_not_found() => {
                        return outcome(NOT_FOUND, Err(fault), request.id);
                    }
                    Err(fault) => Err(fault),
                }
            }
        };
        outcome(OK, result, request.id)
    }

    /// Calls a method of the object behind a resource id: for the server side of any wire, with a request that it has read.
    ///
    /// # Errors
    ///
    /// What the servant answers instead of results; "no object" when there is none.
    pub async fn call(
        &self,
        rid: &str,
        method: &str,
        arguments: &Arguments<'_>,
        context: &Context,
    ) -> Result<Values, Fault> {
        let call = Incoming::new(method, arguments, context);
        match self.servant(rid) {
            Some(servant) => servant.call(&call).await,
            None if &*normal(rid) == BULK_RID => match method == GET_TYPE_INFO.name {
                true => servant::results(&bulk::type_info()),
                false => Err(Fault::method_not_found()),
            },
            None => Err(Fault::object_not_found()),
        }
    }

    fn read(&self) -> RwLockReadGuard<'_, HashMap<String, Servant>> {
        let servants = &self.servants.by_rid;
        servants.read().unwrap_or_else(PoisonError::into_inner)
    }

    fn write(&self) -> RwLockWriteGuard<'_, HashMap<String, Servant>> {
        let servants = &self.servants.by_rid;
        servants.write().unwrap_or_else(PoisonError::into_inner)
    }
}

impl PartHandler for Router {
    fn handle<'a>(
        &'a self,
        rid: &'a str,
        body: &'a [u8],
        context: Context,
    ) -> BoxFuture<'a, Outcome> {
        Box::pin(Self::handle(self, rid, body, context))
    }
}

fn fault(why: Unreadable) -> Fault {
    match why {
        Unreadable::Text(error) => Fault::parse_error(error),
        Unreadable::Form(error) => Fault::invalid_request(error),
        Unreadable::Arguments(error) => Fault::invalid_params(error),
    }
}

/// A resource id with one leading slash and no trailing one.
fn normal(rid: &str) -> Cow<'_, str> {
    let bare = rid.trim_matches('/');
    match rid.strip_prefix('/') {
        Some(rest) if rest.len() == bare.len() => Cow::Borrowed(rid),
        _ => Cow::Owned(format!("/{bare}")),
    }
}

impl fmt::Debug for Router {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_list().entries(self.rids()).finish()
    }
}

#[cfg(test)]
mod tests {
    use super::normal;

    #[test]
    fn slashes_are_mended() {
        for rid in [
            "/model/pdu/0",
            "//model/pdu/0",
            "model/pdu/0",
            "/model/pdu/0/",
        ] {
            assert_eq!(normal(rid), "/model/pdu/0");
        }
        assert_eq!(normal("/"), "/");
    }
}
