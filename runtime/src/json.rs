//! JSON text, token by token, without a tree in between.

mod number;
mod parse;
mod reader;
mod skip;
mod string;
pub(crate) mod write;

pub(crate) use reader::Text;
pub(crate) use reader::{Limits, Mark, NON_EMPTY, duplicate};
