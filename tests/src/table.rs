//! The types and methods of the generated API, found by their IDL names without versions.

use std::any::Any;

use serde::Serialize;
use serde::de::DeserializeOwned;
use xerus_rpc::rt::{Decode, Reader, ReaderOptions};
use xerus_rpc::server::Servant;
use xerus_rpc::value::Encode;
use xerus_rpc::{
    Agent, Call, DecodeError, Enumeration, Error, Extends, Interface, Members, Object, Polymorphic,
    ValueObject,
};

use crate::slot::{self, Shape};

/// Any value that can be encoded.
pub(crate) type Boxed = Box<dyn Encode + Send + Sync>;
/// Decodes a value of one type.
pub(crate) type DecodeFn = fn(&mut Reader<'_>) -> Result<Boxed, DecodeError>;

/// One type.
pub(crate) struct Type {
    pub(crate) path: &'static str,
    pub(crate) kind: Kind,
}

/// What can be done with a type.
pub(crate) struct Kind {
    /// As an element: never null.
    pub(crate) element: DecodeFn,
    /// As a member or parameter of its own.
    pub(crate) whole: DecodeFn,
    /// The form in which it is sent in part.
    pub(crate) partial: Option<DecodeFn>,
    /// Its enumerators.
    pub(crate) names: Option<Names>,
    /// What proxies can do.
    pub(crate) interface: Option<InterfaceFns>,
    /// What value objects can do.
    pub(crate) value_object: Option<ValueObjectFns>,
    /// Through `serde_json` and back, in every form that the type has.
    pub(crate) trips: &'static [TripFn],
    /// Names of the members on the wire and in Rust.
    pub(crate) members: Option<fn() -> MemberNames>,
}

/// Decodes the wire form of a value, takes it through `serde_json`, and encodes what came of it.
pub(crate) type TripFn = fn(&[u8]) -> Result<Trip, String>;

/// Names of members on the wire and in Rust.
pub(crate) type MemberNames = Vec<(String, String)>;

/// A value that went through `serde_json`.
pub(crate) struct Trip {
    /// The wire form of the value.
    pub(crate) before: String,
    /// What `serde_json` wrote.
    pub(crate) json: String,
    /// The wire form of what it read.
    pub(crate) after: String,
}

/// The enumerators of a generated enumeration.
pub(crate) struct Names {
    name: fn(i32) -> Option<&'static str>,
    fallback: fn(i32) -> Option<&'static str>,
}

impl Names {
    /// The IDL name of an index.
    pub(crate) fn name(&self, index: i32) -> Option<&'static str> {
        (self.name)(index)
    }

    /// The IDL name of what an unknown index stands for.
    pub(crate) fn fallback(&self, index: i32) -> Option<&'static str> {
        (self.fallback)(index)
    }
}

/// What proxies can do.
pub(crate) struct InterfaceFns {
    /// Decodes a reference that may be null.
    pub(crate) object: fn(&mut Reader<'_>) -> Result<Option<Object>, DecodeError>,
    /// Whether a reference can be cast to this interface.
    pub(crate) cast: fn(&Object) -> bool,
    /// An object of this interface that supports no method.
    pub(crate) servant: fn() -> Servant,
}

/// What value objects can do.
pub(crate) struct ValueObjectFns {
    /// Decodes a value object declared as this type that may be null.
    pub(crate) inspect: fn(&mut Reader<'_>) -> Result<Option<Inspected>, DecodeError>,
    /// Downcasts to this type, by the declared type.
    pub(crate) casts: &'static [(&'static str, Downcast)],
}

/// Takes a `Polymorphic` of the declared type and gives the derived value.
pub(crate) type Downcast = fn(&dyn Any) -> Option<Boxed>;

/// A value object as it came.
pub(crate) struct Inspected {
    pub(crate) wire_id: String,
    pub(crate) raw: String,
    /// The members of the declared type, when all of them were there.
    pub(crate) base: Option<Boxed>,
    /// Encodes the whole again.
    pub(crate) whole: Boxed,
    pub(crate) polymorphic: Box<dyn Any>,
}

/// One method.
pub(crate) struct Operation {
    pub(crate) interface: &'static str,
    pub(crate) name: &'static str,
    pub(crate) parameters: &'static [(&'static str, DecodeFn)],
    /// Calls it on the generated proxy.
    pub(crate) call: fn(&Caller<'_>) -> Result<Results, Trouble>,
}

/// The results of a call by name, encoded again.
pub(crate) type Results = Vec<(&'static str, String)>;

/// Why a call has no results.
pub(crate) enum Trouble {
    /// An argument is not of its type.
    Argument,
    /// The call failed.
    Call(Error),
}

/// Where and with which arguments to call.
pub(crate) struct Caller<'a> {
    pub(crate) agent: &'a Agent,
    pub(crate) rid: &'a str,
    pub(crate) arguments: &'a serde_json::Value,
}

impl Caller<'_> {
    pub(crate) fn agent(&self) -> &Agent {
        self.agent
    }

    pub(crate) fn rid(&self) -> &str {
        self.rid
    }

    /// An argument as the type of its parameter.
    pub(crate) fn argument<T: Decode>(&self, name: &str) -> Result<T, Trouble> {
        let text = self
            .arguments
            .get(name)
            .ok_or(Trouble::Argument)?
            .to_string();
        let options = ReaderOptions::for_agent(self.agent);
        xerus_rpc::rt::decode(text.as_bytes(), &options).map_err(|_| Trouble::Argument)
    }

    /// Sends a call and collects what it returns.
    pub(crate) fn finish<T, K>(
        &self,
        call: Call<T, K>,
        collect: fn(T) -> Results,
    ) -> Result<Results, Trouble> {
        crate::transport::block_on(call)
            .map(collect)
            .map_err(Trouble::Call)
    }
}

/// Implements every server trait without supporting any method.
pub(crate) struct Idle;

impl Kind {
    const fn new(element: DecodeFn, whole: DecodeFn, trips: &'static [TripFn]) -> Self {
        Self {
            element,
            whole,
            trips,
            members: None,
            partial: None,
            names: None,
            interface: None,
            value_object: None,
        }
    }

    pub(crate) const fn plain<T: Value>() -> Self {
        Self::new(decode::<T>, decode::<T>, &[trip::<T>])
    }

    pub(crate) const fn structure<T: Value + Members + Default>() -> Self {
        Self {
            members: Some(members::<T>),
            ..Self::plain::<T>()
        }
    }

    pub(crate) const fn sparse<T: Value + Members + Default, P: Value>() -> Self {
        Self {
            partial: Some(decode::<P>),
            trips: &[trip::<T>, trip::<P>],
            ..Self::structure::<T>()
        }
    }

    pub(crate) const fn enumeration<T: Value + Enumeration>() -> Self {
        Self {
            names: Some(Names {
                name: name::<T>,
                fallback: fallback::<T>,
            }),
            ..Self::plain::<T>()
        }
    }

    pub(crate) const fn interface<T: Value + Interface>(servant: fn() -> Servant) -> Self {
        Self {
            interface: Some(InterfaceFns {
                object: object::<T>,
                cast: cast::<T>,
                servant,
            }),
            ..Self::new(decode::<T>, decode::<Option<T>>, &[trip::<T>])
        }
    }

    pub(crate) const fn value_object<T: Value + ValueObject + Extends<T>>(
        casts: &'static [(&'static str, Downcast)],
    ) -> Self {
        Self {
            value_object: Some(ValueObjectFns {
                inspect: inspect::<T>,
                casts,
            }),
            members: Some(members::<T>),
            ..Self::new(
                decode::<Polymorphic<T>>,
                decode::<Option<Polymorphic<T>>>,
                &[trip::<Polymorphic<T>>, own_trip::<T>],
            )
        }
    }
}

/// What every generated type is.
pub(crate) trait Value:
    Decode + Encode + Serialize + DeserializeOwned + Send + Sync + 'static
{
}

impl<T: Decode + Encode + Serialize + DeserializeOwned + Send + Sync + 'static> Value for T {}

fn trip<T: Value>(wire: &[u8]) -> Result<Trip, String> {
    let value = xerus_rpc::rt::decode::<T>(wire, &ReaderOptions::default());
    through_json(&value.map_err(|error| error.to_string())?)
}

/// A value object by itself, not as what it is declared as.
fn own_trip<T: Value + ValueObject + Extends<T>>(wire: &[u8]) -> Result<Trip, String> {
    let value = xerus_rpc::rt::decode::<Polymorphic<T>>(wire, &ReaderOptions::default());
    let value = value.map_err(|error| error.to_string())?;
    through_json(&value.downcast::<T>().ok_or("not of its own type")?)
}

fn through_json<T: Value>(value: &T) -> Result<Trip, String> {
    let json = serde_json::to_string(value).map_err(|error| error.to_string())?;
    let again: T = serde_json::from_str(&json).map_err(|error| format!("{error}: {json}"))?;
    Ok(Trip {
        before: encode(value).map_err(|error| error.to_string())?,
        after: encode(&again).map_err(|error| error.to_string())?,
        json,
    })
}

fn members<T: Members + Default>() -> MemberNames {
    let value = T::default();
    let names = value.members().map(|member| {
        let rust = member.rust_name().unwrap_or_default();
        (member.name().to_owned(), rust.into_owned())
    });
    names.collect()
}

pub(crate) fn decode<T: Value>(reader: &mut Reader<'_>) -> Result<Boxed, DecodeError> {
    Ok(Box::new(reader.value::<T>()?))
}

fn name<T: Enumeration>(index: i32) -> Option<&'static str> {
    T::from_index(index).name()
}

fn fallback<T: Enumeration>(index: i32) -> Option<&'static str> {
    T::from_index(index).fallback().name()
}

fn object<T: Interface + Decode>(reader: &mut Reader<'_>) -> Result<Option<Object>, DecodeError> {
    Ok(reader
        .value::<Option<T>>()?
        .map(|proxy| proxy.as_object().clone()))
}

fn cast<T: Interface>(object: &Object) -> bool {
    object.cast::<T>().is_ok()
}

fn inspect<T: Value + ValueObject + Extends<T>>(
    reader: &mut Reader<'_>,
) -> Result<Option<Inspected>, DecodeError> {
    let Some(value) = reader.value::<Option<Polymorphic<T>>>()? else {
        return Ok(None);
    };
    let base = value
        .base()
        .filter(|base| base.extra().missing().is_empty());
    Ok(Some(Inspected {
        wire_id: value.wire_id().to_string(),
        raw: value.raw().get().to_owned(),
        base: base.map(|base| Box::new(base.clone()) as Boxed),
        whole: Box::new(value.clone()),
        polymorphic: Box::new(value),
    }))
}

pub(crate) fn downcast<B: ValueObject, D: Value + ValueObject + Extends<B>>(
    polymorphic: &dyn Any,
) -> Option<Boxed> {
    let value = polymorphic.downcast_ref::<Polymorphic<B>>()?;
    Some(Box::new(value.downcast::<D>()?))
}

/// The JSON of a value.
pub(crate) fn encode(value: &dyn Encode) -> Result<String, xerus_rpc::error::EncodeError> {
    xerus_rpc::rt::encode(value).map(|json| json.get().to_owned())
}

/// The JSON of a result; one that was decoded can be encoded.
pub(crate) fn text(value: &dyn Encode) -> String {
    encode(value).unwrap_or_else(|error| format!("\"{error}\""))
}

/// The type of an IDL path without versions.
pub(crate) fn find(path: &str) -> Option<&'static Type> {
    TYPES.iter().find(|ty| ty.path == path)
}

/// The enumerators of an enumeration.
pub(crate) fn enumeration(path: &str) -> Option<&'static Names> {
    find(path)?.kind.names.as_ref()
}

/// Decodes a value whose shape is only known at run time.
pub(crate) fn decode_shape(
    shape: &Shape,
    bytes: &[u8],
    strict: bool,
) -> Result<Boxed, DecodeError> {
    let options = ReaderOptions::default().with_strict(strict);
    let value = slot::with(shape, || {
        xerus_rpc::rt::decode::<slot::Slot>(bytes, &options)
    })?;
    Ok(Box::new(value))
}

include!(concat!(env!("OUT_DIR"), "/table.rs"));
