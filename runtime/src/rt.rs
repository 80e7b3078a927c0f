//! What generated code calls. Not meant to be called by hand.

use xerus_wire_id::WireId;

use crate::agent::Agent;
use crate::call::Call;
use crate::decode::Decode;
use crate::encode::Encode;
use crate::extra::Extra;
use crate::interface::Interface;
use crate::method::Method;
use crate::object::Object;
pub use crate::record::{Record, RecordInfo};
pub use crate::results::Tuple;

/// A proxy for a resource id; nothing is sent and nothing is checked.
#[must_use]
pub fn at<T: Interface>(agent: &Agent, rid: &str) -> T {
    T::from_object(Object::at(agent, rid, T::TYPE_ID))
}

/// A call of a method that returns nothing and has no out-parameters.
pub fn void(object: &Object, method: &'static Method, args: &[&dyn Encode]) -> Call<()> {
    Call::new(object, method, args, crate::results::void)
}

/// A call of a method with one result, be it the return value or a lone out-parameter.
pub fn single<T: Decode + 'static>(
    object: &Object,
    method: &'static Method,
    args: &[&dyn Encode],
) -> Call<T> {
    Call::new(object, method, args, crate::results::single::<T>)
}

/// A call of a method with several results.
pub fn tuple<T: Tuple + 'static>(
    object: &Object,
    method: &'static Method,
    args: &[&dyn Encode],
) -> Call<T> {
    Call::new(object, method, args, T::read)
}

/// The value of a member of a request form: `None` for a member that the device left out and that still has its
/// default value.
#[must_use]
pub fn present<T: Default + PartialEq>(extra: &Extra, member: &str, value: T) -> Option<T> {
    let untouched = extra.is_missing(member) && value == T::default();
    (!untouched).then_some(value)
}

/// A wire id from text that is one; the id of the root interface otherwise.
#[must_use]
pub fn wire_id(text: &'static str) -> WireId {
    WireId::new(text).unwrap_or_default()
}
