//! IDL values and their JSON form.

mod decode;
mod encode;
mod enumeration;
mod extra;
mod options;
mod read_record;
mod reader;
mod record;
mod writer;

pub(crate) use decode::Pair;
pub use decode::decode;
pub use encode::{Encode, encode};
pub use enumeration::{Enumeration, UNSET};
pub use extra::Extra;
pub use options::ReaderOptions;
pub use reader::{Decode, Reader};
pub use record::{Record, RecordInfo};
pub use writer::Writer;
