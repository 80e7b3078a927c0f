//! Reading and writing JSON text, without a tree in between.

mod number;
mod options;
mod reader;
mod record;
mod skip;
mod string;
mod writer;

pub use options::ReaderOptions;
pub use reader::Reader;
pub(crate) use reader::{Mark, NON_EMPTY};
pub(crate) use record::duplicate;
pub use writer::Writer;
