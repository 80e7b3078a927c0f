//! Runtime of the generated Xerus JSON-RPC clients.
#![doc(html_no_source)]

mod agent;
pub mod error;
mod json_text;
mod method;
mod rid;
mod settings;
mod transport;

pub use agent::Agent;
pub use error::{
    BulkError, DecodeError, DecodeErrorKind, EncodeError, EncodeErrorKind, EnvelopeError, Error,
    ErrorClass, ErrorKind, JsonError, JsonErrorKind, Outcome, RpcError,
};
pub use json_text::Json;
pub use method::{Method, is_repeatable};
pub use settings::Settings;
pub use transport::{BoxFuture, Request, RequestId, Response, Transport};
pub use xerus_wire_id::{Version, WireId};
