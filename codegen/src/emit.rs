//! From the model to items, one file per kind of item.

mod alias;
mod code;
mod condition;
mod docs;
mod enumeration;
mod followed;
mod form;
mod interface;
mod lines;
mod method;
mod module;
mod plan;
mod record;
mod registry;
mod scope;
mod server;
mod sparse;
mod structure;
mod typed_error;
mod types;
mod value_object;
mod well_known;

pub(crate) use form::form;
pub(crate) use module::{Unit, contents, frames, units};
pub(crate) use plan::{Plan, outermost_lints};
pub(crate) use registry::registry;
pub(crate) use well_known::well_known;

use crate::output::Part;
use crate::rust_path::ident;
