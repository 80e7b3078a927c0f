//! Results on their way out.

use super::fault::Fault;
use super::reply::Reply;
use super::request::NO_ID;
use crate::json::Writer;

/// A reply whose value is the text of `result` already.
pub type Answer<'a> = Reply<'a, Vec<u8>>;

/// The document that answers a request (spec section 11.1): never both a result and an error, never
/// `"error":null`.
pub(super) fn document(result: Result<&[u8], &Fault>, id: &str) -> Vec<u8> {
    let mut writer = Writer::new();
    writer.raw(r#"{"jsonrpc":"2.0","#);
    match result {
        Ok(text) => {
            writer.raw(r#""result":"#);
            writer.raw_bytes(text);
        }
        Err(fault) => {
            writer.raw(r#""error":{"code":"#);
            writer.integer(fault.code);
            writer.raw(r#","message":"#);
            writer.string(&fault.message);
            if let Some(data) = &fault.data {
                writer.raw(r#","data":"#);
                writer.raw(data.get());
            }
            writer.byte(b'}');
        }
    }
    writer.raw(r#","id":"#);
    writer.raw(if id.is_empty() { NO_ID } else { id });
    writer.byte(b'}');
    writer.into_bytes().into()
}
