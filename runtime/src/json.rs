//! Reading and writing JSON text, without a tree in between.

mod number;
mod reader;
mod record;
mod skip;
mod string;
mod writer;

pub(crate) use reader::{Mark, NON_EMPTY};
pub use reader::{Reader, ReaderOptions};
pub(crate) use record::duplicate;
pub use writer::Writer;
