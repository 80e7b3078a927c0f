//! Runtime of the generated Xerus JSON-RPC clients: agents, calls, marshalling, errors, and the serving side.
//!
//! Bindings made by `xerus-codegen` are thin: each method names what goes over the wire and returns a [`Call`]. This
//! crate does the rest.
//!
//! ```
//! use std::sync::Arc;
//! use xerus_rpc::{Agent, Json, MemoryTransport, server::Router};
//!
//! # async fn example() -> Result<(), xerus_rpc::Error> {
//! // With the feature `http`: Agent::builder("https://pdu.example.com").basic_auth(user, password).build()?
//! let agent = Agent::with_transport(Arc::new(MemoryTransport::new(Router::new())));
//!
//! // A call without bindings; with them: Firmware::at(&agent, "/firmware").get_version()
//! let call = agent.call("/firmware", "getVersion", Json::EMPTY_OBJECT);
//! match call.await {
//!     Ok(answer) => println!("{answer}"),
//!     Err(error) if error.is_method_not_found() => println!("too old for that"),
//!     Err(error) => return Err(error),
//! }
//! # Ok(())
//! # }
//! ```
//!
//! | to | use |
//! |---|---|
//! | reach a device | [`Agent`], over any [`Transport`](wire::Transport) |
//! | send one call | `.await` on a [`Call`], with [`timeout`](Call::timeout) and [`repeatable`](Call::repeatable) |
//! | send many in one request | [`Agent::bulk`] |
//! | get and send files | [`Agent::download`], [`Agent::upload`] |
//! | keep an object | [`Object`] and the proxies made from it: [`cast`](Object::cast), [`assume`](Object::assume) |
//! | find the objects that every device has | [`WellKnown`], and [`Object::through_link`] for those of a link unit |
//! | go through members by name, and the objects among them | [`Members`], [`Value`] |
//! | find out what an object is | [`probe`](Object::probe), then [`choose`](Object::choose) among bindings of several firmwares |
//! | take what firmware of any age sends | [`Extra`], [`Enumeration`], [`Polymorphic`], [`Json`] |
//! | tell what went wrong | [`Error::kind`], [`Error::outcome`], [`Error::path`] |
//! | serve a device | [`server`], [`MemoryTransport`] |
//!
//! # Lenient and strict
//!
//! Most devices are older or newer than the bindings, so agents read leniently unless
//! [`Settings::strict`] is set. Members and types that the bindings do not know are kept in both modes.
//!
//! | the device sends | lenient (default) | strict |
//! |---|---|---|
//! | a structure without a member | default value, noted in [`Extra::missing`] | `Decode.MissingField` |
//! | an enumerator that the bindings do not know | kept as unknown | `Decode.UnknownEnum` |
//! | `3.0` or `1e2` for an integer | taken, computed without floats | `Decode.WrongType` |
//! | `"12"` for a 64-bit integer | taken | `Decode.WrongType` |
//! | unreadable out-parameters beside an error code | default values | error |
//! | a structure without the `_ret_` around it | taken | `Decode.MissingField` |
//! | an answer without `jsonrpc` | taken | `Envelope.VersionMissing` |
//! | in a list or map of references or value objects, something that is none | kept in its place as text, see below | error |
//!
//! Errors in both modes: the wrong JSON type, `null` where the type has none, numbers out of range, repeated members
//! and map keys, references to objects of another interface, resource ids that could lead elsewhere, and text that is no JSON.
//!
//! One bad element of a list does not make the others unreadable. Where a list or map of references or value objects has something else (`null`,
//! a number, a reference of another family, a value object without a type or with two values), lenient reading keeps it in its
//! place, so that the other elements have theirs: an [`Object`] that refuses to be called, a [`Polymorphic`] of no type.
//! [`Object::unreadable`] and [`Polymorphic::unreadable`] give its text and what is wrong with it. Without a walk,
//! [`Members::unreadable`] and [`Value::unreadable`] find them all, and [`Call::with_meta`] has a warning that counts
//! them. They are written back as they came. A servant refuses arguments that have such elements.
//!
//! # serde
//!
//! With the feature `serde` every generated type, and what it is made of, is `Serialize` and `Deserialize`:
//!
//! | type | written as |
//! |---|---|
//! | structure | a map by the names of the wire; members that the device left out stay left out, unknown ones are kept |
//! | value object | `type` and `value`; the members in `value` as those of a structure, if the bindings know the type |
//! | enumeration | the name of the enumerator; an index that the bindings do not know as a number |
//! | map | a map whose keys are texts, where the wire has a list of `key` and `value` |
//! | reference | `rid` and `type` |
//! | [`Time`] | seconds since 1970 |
//! | [`Json`] | what it stands for; numbers that 128-bit integers and 64-bit floats hold |
//! | no object, no value object | what the format has for none |
//! | an element that could not be read | `unreadable`, with the text of the device |
//!
//! What was read leniently is written as it was, and read again it is the same. Reading takes the forms of the wire too: indices
//! of enumerators, maps as lists. Members may be missing. References that were read belong to no agent:
//! `Outlet::at(&agent, outlet.rid())` gives one that can be called, or [`Object::with_agent`] and [`cast`](Object::cast).
//!
//! What cannot be sent cannot be written either: floats that are not finite, enumerations that were never set. Formats that are
//! not for people (`is_human_readable`) get one text, the JSON of the wire, since many of them cannot be read without knowing
//! what comes.
//!
//! # Bounds
//!
//! Reading an answer always ends, whatever a device sends: [`Settings`] limits the size of an answer, the depth of its
//! nesting and the memory that it takes once it is read; numbers have at most 1000 characters and objects 4096 unknown members.
#![cfg_attr(docsrs, feature(doc_cfg))]

pub mod agent;
mod attributes;
pub mod bulk;
pub mod call;
mod codec;
mod compatibility;
pub mod error;
#[cfg(feature = "http")]
pub mod http;
mod id;
mod json;
mod json_text;
mod jsonrpc;
mod members;
pub mod memory;
mod meta;
mod method;
pub mod object;
mod polymorphic;
mod registry;
mod rid;
#[doc(hidden)]
pub mod rt;
#[cfg(feature = "serde")]
mod serde_form;
pub mod server;
mod settings;
mod time;
mod tuples;
mod type_info;
mod value_object;
pub mod well_known;
pub mod wire;

pub use agent::Agent;
pub use bulk::BulkResults;
pub use call::{Call, CallStream, Checked, Code, ProgressCall};
pub use codec::{Enumeration, Extra, Value};
pub use compatibility::Compatibility;
pub use error::{DecodeError, Error, ErrorKind, Outcome};
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

/// The examples of the README.
#[cfg(doctest)]
#[doc = include_str!("../README.md")]
struct Readme;
