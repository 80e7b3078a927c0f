//! IDL values and their JSON form.

#[cfg(feature = "serde")]
mod by_name;
mod decode;
mod encode;
mod enumeration;
mod extra;
mod keep;
mod options;
mod read_record;
mod reader;
mod recent_types;
mod record;
mod type_code;
mod value;
mod values;
mod write_record;
mod writer;

#[cfg(feature = "serde")]
pub(crate) use by_name::{by_name, wire_text};
pub(crate) use decode::Pair;
pub use decode::decode;
pub use encode::{Encode, encode};
pub use enumeration::{Enumeration, UNSET};
pub use extra::Extra;
pub(crate) use keep::Kept;
#[cfg(feature = "serde")]
pub(crate) use keep::UNREADABLE;
pub use options::ReaderOptions;
pub use reader::{Decode, Reader};
pub use record::{Record, RecordInfo};
pub use value::{Enumerator, List, Map, Member, Named, Reference, Structure, Unreadable, Value};
pub(crate) use value::{Referent, Source};
pub(crate) use values::values;
pub use writer::Writer;
