//! What generated code calls. Not meant to be called by hand.

mod macros;

use xerus_wire_id::WireId;

use crate::action::ActionCall;
use crate::agent::Agent;
use crate::call::results;
pub use crate::call::results::Tuple;
use crate::call::{Call, Checked, PolledCall, ProgressCall, Remaining};
pub use crate::codec::{
    Decode, Encode, Reader, ReaderOptions, Record, RecordInfo, UNSET, Writer, decode, encode,
};
use crate::codec::{Enumeration, Enumerator, Extra, Structure, Value};
pub use crate::method::{Action, Codes, Marks, Method, PolledStream};
use crate::object::{Interface, Object};
pub use crate::registry::{Registry, TypeEntry, TypeKind};
pub use crate::server::Methods;
pub use crate::value_object::{Extends, ValueObject};
use crate::well_known::RidPart;

/// The first item of generated code: states its form, which `xerus-codegen` counts up whenever the code calls what an
/// older runtime does not have. A form that this runtime does not take is one clear error before all others.
///
/// ```
/// xerus_rpc::rt::form!(1);
/// ```
///
/// ```compile_fail
/// xerus_rpc::rt::form!(0);
/// ```
#[doc(inline)]
pub use crate::__form as form;

/// `Serialize` and `Deserialize` for a generated type, with the feature `serde` of this crate; nothing without it.
///
/// A condition in generated code would ask for a feature of the crate that the code stands in.
#[doc(inline)]
pub use crate::__serde as serde;

/// How an empty value of a value object is made, where that is of use: with the feature `serde`.
#[doc(inline)]
pub use crate::__make as make;

/// What [`serde`](macro@serde) calls.
#[cfg(feature = "serde")]
pub mod serial {
    pub use crate::serde_form::{read, read_value_object, write, write_value_object};
    pub use ::serde::{Deserialize, Deserializer, Serialize, Serializer};
}

/// A proxy for a resource id; nothing is sent and nothing is checked.
#[must_use]
pub fn at<T: Interface>(agent: &Agent, rid: &str) -> T {
    T::from_object(Object::declared_at(agent, rid, T::TYPE_ID))
}

/// A proxy for a resource id made from a template, whose placeholders are segments of their own; nothing is sent.
#[must_use]
pub fn well_known<T: Interface>(agent: &Agent, template: &str, values: &[&dyn RidPart]) -> T {
    at(agent, &crate::well_known::fill(template, values))
}

/// A structure or value object as a value.
#[must_use]
pub fn structure(record: &dyn Record) -> Value<'_> {
    Value::Structure(Structure::new(record))
}

/// An enumerator as a value.
#[must_use]
pub fn enumeration<T: Enumeration>(value: T) -> Value<'static> {
    Value::Enumeration(Enumerator::of(value))
}

/// A reference as a value.
#[must_use]
pub fn reference(object: &Object) -> Value<'_> {
    object.as_value()
}

/// An empty value object of a type known only at run time.
#[must_use]
pub fn empty<T: ValueObject>() -> Box<dyn Record> {
    Box::new(T::default())
}

/// A call of a method that returns nothing and has no out-parameters.
pub fn void(object: &Object, method: &'static Method, args: &[&dyn Encode]) -> Call<()> {
    object.call(method, args, results::void)
}

/// A call of a method with one result, be it the return value or a lone out-parameter.
pub fn single<T: Decode + 'static>(
    object: &Object,
    method: &'static Method,
    args: &[&dyn Encode],
) -> Call<T> {
    object.call(method, args, results::single::<T>)
}

/// A call of a method with several results.
pub fn tuple<T: Tuple + 'static>(
    object: &Object,
    method: &'static Method,
    args: &[&dyn Encode],
) -> Call<T> {
    object.call(method, args, results::tuple::<T>)
}

/// A call of a method that returns a return code: what it returns beside the code.
pub fn checked<T: Remaining + 'static>(
    object: &Object,
    method: &'static Method,
    args: &[&dyn Encode],
) -> Call<T, Checked> {
    object.call(method, args, results::checked::<T>)
}

/// A call of a method that reports values of type `P`.
pub fn progress<P: Decode, T, K>(call: Call<T, K>) -> ProgressCall<P, T, K> {
    ProgressCall::new(call)
}

/// A call that begins an action, with the method that asks after it.
pub fn action<I: Interface, S, K, T: 'static, C: 'static>(
    call: Call<S, K>,
    check: fn(&I) -> Call<T, C>,
) -> ActionCall<S, T, K> {
    ActionCall::new(call, false, move |agent, ticket| {
        check(&at(agent, ticket.target()))
    })
}

/// A call that begins an action, with the method that asks after it by its id.
pub fn action_by_id<I: Interface, S, K, T: 'static, C: 'static>(
    call: Call<S, K>,
    check: fn(&I, &str) -> Call<T, C>,
) -> ActionCall<S, T, K> {
    ActionCall::new(call, true, move |agent, ticket| {
        check(&at(agent, ticket.target()), ticket.id())
    })
}

/// A call that starts a stream, with the methods that fetch what came, and that stop it.
pub fn polled<I: Interface, J: Interface, S, K, T: 'static, C: 'static, E: 'static, D: 'static>(
    call: Call<S, K>,
    poll: fn(&I, &str) -> Call<T, C>,
    stop: fn(&J, &str) -> Call<E, D>,
) -> PolledCall<S, T, K> {
    PolledCall::new(
        call,
        move |agent, target, id| poll(&at(agent, target), id),
        move |agent, target, id| stop(&at(agent, target), id),
    )
}

/// The value of a member of a request form: `None` for a member that the device left out and that still has its
/// default value.
#[must_use]
pub fn present<T: Default + PartialEq>(extra: &Extra, member: &str, value: T) -> Option<T> {
    let untouched = extra.is_missing(member) && value == T::default();
    (!untouched).then_some(value)
}

/// A wire id from text that is one.
///
/// # Panics
///
/// For other text.
#[must_use]
pub fn wire_id(text: &'static str) -> WireId {
    WireId::new(text).expect("generated code holds wire ids")
}
