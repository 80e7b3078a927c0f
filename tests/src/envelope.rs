//! Answers as complete documents.

use xerus_rpc::rt::Method;
use xerus_rpc::{Interface as _, rt};

use crate::expression::{self, Expression};
use crate::observed::{Fault, Observed, Seen};
use crate::slot::{self, Slot};
use crate::table;
use crate::transport;
use crate::value::tree;
use crate::world::World;

static VOID: Method = Method::new("idl.Object:1.0.0", "get", &[], &[]);
static SINGLE: Method = Method::new("idl.Object:1.0.0", "get", &[], &["_ret_"]);

/// Calls a method with the result type that the kind names (`envelope(request id 7, string result)`) against a device
/// that answers with these bytes.
pub(crate) fn run(world: &World, words: &str, bytes: &[u8], strict: bool) -> Option<Observed> {
    let (request, result) = words.split_once(',')?;
    let id: u64 = request
        .trim()
        .strip_prefix("request id ")?
        .trim()
        .parse()
        .ok()?;
    let result = result.trim().strip_suffix("result")?.trim();
    let body = bytes::Bytes::copy_from_slice(bytes);
    let (agent, _) = transport::agent(strict, id, move |_| body.clone());
    let proxy = crate::api::firmware::Firmware::at(&agent, "/object");
    if result == "void" {
        return Some(
            match transport::block_on(rt::void(proxy.as_object(), &VOID, &[])) {
                Ok(()) => Observed::Value(Seen::plain(serde_json::json!("void"))),
                Err(error) => Observed::Error(Fault::from(&error)),
            },
        );
    }
    let Expression::Known(ty) = expression::parse(world, result) else {
        return None;
    };
    let shape = expression::shape(world, &ty, true)?;
    let call = rt::single::<Slot>(proxy.as_object(), &SINGLE, &[]);
    Some(match slot::with(&shape, || transport::block_on(call)) {
        Ok(value) => Observed::Value(Seen::typed(tree(&table::text(&value)), &ty)),
        Err(error) => Observed::Error(Fault::from(&error)),
    })
}
