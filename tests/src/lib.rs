//! Runs wire vectors against the types generated for the API of firmware 4.0.20.
//!
//! A vector names an IDL type and gives JSON; the type is found by its IDL name in a table that the build script writes,
//! so that any vector of a known kind runs, not only those that are checked in.

// The whole API, generated.
use xerus_full_api as api;

mod bulk;
pub mod by_name;
mod cgi;
mod compare;
mod dummy;
mod envelope;
pub mod everything;
mod expect;
mod expression;
mod firmware;
mod http;
mod method;
mod multipart;
mod network;
mod observed;
mod reference;
mod request;
mod slot;
#[allow(deprecated)]
mod table;
mod transport;
mod typecode;
mod url;
mod value;
mod value_object;
mod vector;
mod wiretap;
mod world;

pub use crate::vector::{Direction, Vector, read};
pub use crate::world::{Verdict, World};
