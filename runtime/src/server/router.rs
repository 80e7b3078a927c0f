//! Resource ids and what stands behind them.

use std::borrow::Cow;
use std::collections::HashMap;
use std::fmt;
use std::sync::{Arc, PoisonError, RwLock, RwLockReadGuard, RwLockWriteGuard};

use super::answer::document;
use super::bulk;
use super::context::Context;
use super::fault::Fault;
use super::incoming::Incoming;
use super::request::Request;
use super::servant::Servant;
use crate::bulk::BULK_RID;
use crate::encode::Encode;
use crate::json::{ReaderOptions, Writer};
use crate::type_info::GET_TYPE_INFO;

/// What a request comes to: an HTTP status and a body.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Outcome {
    /// 200, or 404 for an unknown resource id.
    pub status: u16,
    /// The JSON document to send, also with a 404.
    pub body: Vec<u8>,
}

/// Status of a call that came to an object, whatever that said.
pub(super) const OK: u16 = 200;
/// Status of a call to a resource id behind which nothing stands.
const NOT_FOUND: u16 = 404;

/// Answers requests with the servants put under resource ids. Cheap to clone; clones share the servants.
///
/// Bulk requests to `/bulk` and `getTypeInfo` on every object are answered here, so servants need not care.
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
    servants: Arc<RwLock<HashMap<String, Servant>>>,
}

impl Router {
    /// A router without servants.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Puts a servant under a resource id, in place of the one that was there.
    pub fn insert(&self, rid: &str, servant: Servant) -> Option<Servant> {
        self.write().insert(normal(rid).into_owned(), servant)
    }

    /// Takes the servant under a resource id away; whether there was one. Calls that are being served go on.
    pub fn remove(&self, rid: &str) -> bool {
        self.write().remove(&*normal(rid)).is_some()
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

    /// Answers a request.
    ///
    /// Leading slashes of the resource id count as one, a trailing one not at all. Percent signs are not
    /// decoded here: that is up to the transport.
    pub async fn handle(&self, rid: &str, body: &[u8], context: Context) -> Outcome {
        let options = ReaderOptions::default();
        let request = match Request::parse(body, &options) {
            Ok(request) => request,
            Err((fault, id)) => return outcome(OK, Err(&fault), id),
        };
        let result = match bulk::Method::of(&request.method) {
            Some(method) if &*normal(rid) == BULK_RID => {
                bulk::perform(self, method, &request, &context).await
            }
            _ => match self.servant(rid) {
                Some(servant) => serve(&servant, &request, &context).await,
                None if &*normal(rid) == BULK_RID => Err(Fault::method_not_found()),
                None => {
                    let fault = Fault::new(-32601, "No object with this resource id");
                    return outcome(NOT_FOUND, Err(&fault), request.id);
                }
            },
        };
        outcome(OK, result.as_deref(), request.id)
    }

    fn read(&self) -> RwLockReadGuard<'_, HashMap<String, Servant>> {
        self.servants.read().unwrap_or_else(PoisonError::into_inner)
    }

    fn write(&self) -> RwLockWriteGuard<'_, HashMap<String, Servant>> {
        self.servants
            .write()
            .unwrap_or_else(PoisonError::into_inner)
    }
}

fn outcome(status: u16, result: Result<&[u8], &Fault>, id: &str) -> Outcome {
    Outcome {
        status,
        body: document(result, id),
    }
}

async fn serve(
    servant: &Servant,
    request: &Request<'_>,
    context: &Context,
) -> Result<Vec<u8>, Fault> {
    let call = Incoming::new(&request.method, &request.params, context);
    match servant.dispatch(&call) {
        Ok(answer) => answer.wait().await,
        Err(fault)
            if request.method == GET_TYPE_INFO.name
                && fault.code == Fault::method_not_found().code =>
        {
            let mut writer = Writer::new();
            let info: &dyn Encode = servant.type_info();
            writer.members(GET_TYPE_INFO.results, &[info]);
            Ok(writer.finish()?)
        }
        Err(fault) => Err(fault),
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
