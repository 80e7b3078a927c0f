//! The `result` of a method.

use serde_json::{Map, Value};
use xerus_idl::model::{Method, TypeKind, TypeRef};

use crate::dummy;
use crate::observed::{Fault, Observed, Seen};
use crate::table::{self, Caller, Trouble};
use crate::transport;
use crate::value::tree;
use crate::world::World;

/// Where the answers of these tests come from.
const ID: u64 = 1;

/// A method of an interface of the model, by `module.Interface.method`.
pub(crate) fn find<'w>(world: &'w World, path: &str) -> Option<(String, &'w Method)> {
    let (interface, name) = path.rsplit_once('.')?;
    let TypeKind::Interface(members) = &world.model().ty(world.find(interface)?).kind else {
        return None;
    };
    let method = members.methods.iter().find(|method| method.name == name)?;
    Some((interface.to_owned(), method))
}

/// The results of a method by name, the return value first.
pub(crate) fn results(method: &Method) -> Vec<(String, TypeRef)> {
    let returned = method
        .returns
        .iter()
        .map(|ty| ("_ret_".to_owned(), ty.clone()));
    returned
        .chain(method.outs().map(|out| (out.name.clone(), out.ty.clone())))
        .collect()
}

/// Calls the generated method with plain parameters against a device that answers with this `result`.
pub(crate) fn run(
    world: &World,
    interface: &str,
    method: &Method,
    bytes: &[u8],
    strict: bool,
) -> Option<Observed> {
    let operation = table::METHODS
        .iter()
        .find(|op| op.interface == interface && op.name == method.name)?;
    let arguments = method
        .ins()
        .map(|p| (p.name.clone(), dummy::value(world, &p.ty)));
    let arguments = Value::Object(arguments.collect::<Map<_, _>>());
    let body = transport::document(ID, bytes);
    let (agent, _) = transport::agent(strict, ID, move |_| body.clone());
    let caller = Caller {
        agent: &agent,
        rid: "/object",
        arguments: &arguments,
    };
    match (operation.call)(&caller) {
        // A parameter of which no plain value is known would be a fault of these tests.
        Err(Trouble::Argument) => None,
        Err(Trouble::Call(error)) => Some(Observed::Error(Fault::from(&error))),
        Ok(values) => {
            let members = values
                .into_iter()
                .map(|(name, text)| (name.to_owned(), tree(&text)));
            let mut seen = Seen::plain(Value::Object(members.collect::<Map<_, _>>()));
            seen.results = Some(results(method));
            Some(Observed::Value(seen))
        }
    }
}
