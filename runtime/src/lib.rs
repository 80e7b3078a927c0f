//! Runtime of the generated Xerus JSON-RPC clients.
#![doc(html_no_source)]

mod agent;
mod bulk;
mod call;
#[cfg(feature = "http")]
mod credentials;
mod decode;
mod encode;
mod enumeration;
mod envelope;
pub mod error;
mod extra;
#[cfg(feature = "http")]
pub mod http;
mod interface;
mod json;
mod json_text;
mod memory;
mod method;
mod object;
mod polymorphic;
mod record;
mod registry;
mod results;
mod rid;
pub mod rt;
pub mod server;
mod settings;
mod time;
mod transport;
mod type_info;

pub use agent::Agent;
#[cfg(feature = "http")]
pub use agent::AgentBuilder;
pub use bulk::{Bulk, BulkCalls, Many};
pub use call::{Call, CallFuture};
pub use decode::{Decode, decode};
pub use encode::{Encode, encode};
pub use enumeration::{Enumeration, UNSET};
pub use error::{
    BulkError, DecodeError, DecodeErrorKind, EncodeError, EncodeErrorKind, EnvelopeError, Error,
    ErrorClass, ErrorKind, JsonError, JsonErrorKind, Outcome, RpcError,
};
pub use extra::Extra;
pub use interface::{Extends, Interface, ValueObject};
pub use json::{Reader, ReaderOptions, Writer};
pub use json_text::Json;
pub use memory::{Injected, MemoryTransport};
pub use method::{Method, is_repeatable};
pub use object::{CastError, Compatibility, Object};
pub use polymorphic::Polymorphic;
pub use registry::{Registry, TypeEntry, TypeKind};
pub use settings::Settings;
pub use time::Time;
pub use transport::{BoxFuture, Request, RequestId, Response, Transport};
pub use type_info::TypeInfo;
pub use xerus_wire_id::{Version, WireId};
