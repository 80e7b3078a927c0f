// The page is the README. Rust links in the place of its links to docs.rs: of two definitions the first counts, and rustdoc
// checks these.
//! [`Agent`]: Agent
//! [`Transport`]: wire::Transport
//! [`Call`]: Call
//! [`timeout`]: Call::timeout
//! [`repeatable`]: Call::repeatable
//! [`Agent::bulk`]: Agent::bulk
//! [`Agent::batch`]: Agent::batch
//! [`AutoBulk`]: bulk::AutoBulk
//! [`Sessions`]: layer::Sessions
//! [`Agent::change_password`]: Agent::change_password
//! [`Agent::download`]: Agent::download
//! [`Agent::upload`]: Agent::upload
//! [`files`]: files
//! [`Object`]: Object
//! [`cast`]: Object::cast
//! [`assume`]: Object::assume
//! [`WellKnown`]: WellKnown
//! [`Object::through_link`]: Object::through_link
//! [`Members`]: Members
//! [`Value`]: Value
//! [`probe`]: Object::probe
//! [`choose`]: Object::choose
//! [`Extra`]: Extra
//! [`Enumeration`]: Enumeration
//! [`Polymorphic`]: Polymorphic
//! [`Json`]: Json
//! [`Time`]: Time
//! [`Error::kind`]: Error::kind
//! [`Error::outcome`]: Error::outcome
//! [`Error::path`]: Error::path
//! [`server`]: server
//! [`MemoryTransport`]: MemoryTransport
//! [`Settings`]: Settings
//! [`Settings::strict`]: Settings::strict
//! [`Extra::missing`]: Extra::missing
//! [`Object::unreadable`]: Object::unreadable
//! [`Polymorphic::unreadable`]: Polymorphic::unreadable
//! [`Members::unreadable`]: Members::unreadable
//! [`Value::unreadable`]: Value::unreadable
//! [`Call::with_meta`]: Call::with_meta
//! [`Object::with_agent`]: Object::with_agent
// Its examples use `xerus-api`, which is made of this crate, so that the workspace's `xerus-documents` compiles them.
#![cfg_attr(not(doctest), doc = include_str!("../README.md"))]
#![cfg_attr(docsrs, feature(doc_cfg))]

// Generated code in here names the runtime as it does everywhere.
#[cfg(feature = "wamp")]
extern crate self as xerus_rpc;

pub mod action;
pub mod agent;
mod attributes;
pub mod bulk;
pub mod call;
mod codec;
mod compatibility;
pub mod error;
pub mod files;
mod firmware_version;
pub mod fleet;
#[cfg(feature = "http")]
pub mod http;
mod id;
mod json;
mod json_text;
mod jsonrpc;
pub mod layer;
mod members;
pub mod memory;
mod meta;
mod method;
#[cfg(feature = "netstring")]
pub mod netstring;
pub mod object;
#[cfg(any(feature = "netstring", feature = "wamp"))]
mod pause;
pub mod poll;
mod polymorphic;
pub mod reading;
pub mod recording;
mod registry;
mod rid;
#[cfg(feature = "ripex2")]
pub mod ripex2;
#[doc(hidden)]
pub mod rt;
mod secrets;
#[cfg(feature = "wamp")]
pub mod secure;
#[cfg(feature = "serde")]
mod serde_form;
pub mod server;
mod settings;
mod time;
mod tuples;
mod type_info;
pub mod update;
mod value_object;
#[cfg(feature = "netstring")]
mod waiting;
#[cfg(feature = "wamp")]
pub mod wamp;
pub mod well_known;
pub mod wire;

pub use action::ActionCall;
pub use agent::Agent;
pub use bulk::BulkResults;
pub use call::{Call, CallStream, Checked, Code, Polled, PolledCall, ProgressCall};
pub use codec::{Enumeration, Extra, Value};
pub use compatibility::Compatibility;
pub use error::{DecodeError, Error, ErrorKind, Outcome};
pub use firmware_version::{FirmwareVersion, ParseFirmwareVersionError};
#[cfg(feature = "http")]
pub use http::AgentBuilder;
pub use json_text::Json;
pub use members::Members;
pub use memory::MemoryTransport;
pub use object::{CastError, Interface, Object};
pub use polymorphic::Polymorphic;
pub use settings::Settings;
pub use time::Time;
pub use type_info::TypeInfo;
pub use update::{update, update_all};
pub use value_object::{Extends, ValueObject};
pub use well_known::WellKnown;
pub use wire::Credentials;
pub use xerus_wire_id::{Version, WireId};

/// Values of IDL types, looked at without knowing the type.
pub mod value {
    pub use crate::codec::{
        Encode, Enumerator, List, Map, Member, Named, Reference, Structure, Unreadable, Value,
    };
}
