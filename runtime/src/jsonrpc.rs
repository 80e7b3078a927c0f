//! The one JSON-RPC 2.0 envelope, for every wire and both directions.

pub(crate) mod answer;
pub(crate) mod id;
pub(crate) mod request;
