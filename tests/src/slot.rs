//! Values whose type is an expression known only at run time: vectors and maps of anything.
//!
//! The containers are the runtime's own; only their elements are looked up, so that no combination has to be compiled.

use std::cell::RefCell;
use std::collections::BTreeMap;
use std::rc::Rc;

use xerus_rpc::rt::{Decode, Reader};
use xerus_rpc::value::Encode;
use xerus_rpc::{DecodeError, Value};

use crate::table::{Boxed, DecodeFn};

/// The shape of a value.
#[derive(Clone)]
pub(crate) enum Shape {
    /// A type of its own.
    Leaf(DecodeFn),
    /// `vector<…>`
    Vector(Rc<Shape>),
    /// `map<int, …>`
    IntMap(Rc<Shape>),
    /// `map<string, …>`
    StringMap(Rc<Shape>),
}

thread_local! {
    static CURRENT: RefCell<Option<Shape>> = const { RefCell::new(None) };
}

/// Runs `body` while [`Slot`]s decode as `shape`.
pub(crate) fn with<T>(shape: &Shape, body: impl FnOnce() -> T) -> T {
    let outer = CURRENT.replace(Some(shape.clone()));
    let result = body();
    CURRENT.replace(outer);
    result
}

/// A value of the current shape.
pub(crate) struct Slot(Boxed);

impl Decode for Slot {
    fn decode(reader: &mut Reader<'_>) -> Result<Self, DecodeError> {
        let shape = CURRENT.with_borrow(Clone::clone);
        Ok(Self(match shape {
            // Without a shape there is nothing to decode as; the raw text is what is left.
            None => Box::new(reader.value::<xerus_rpc::Json>()?),
            Some(Shape::Leaf(decode)) => decode(reader)?,
            Some(Shape::Vector(element)) => {
                Box::new(with(&element, || reader.value::<Vec<Self>>())?)
            }
            Some(Shape::IntMap(value)) => {
                Box::new(with(&value, || reader.value::<BTreeMap<i32, Self>>())?)
            }
            Some(Shape::StringMap(value)) => {
                Box::new(with(&value, || reader.value::<BTreeMap<String, Self>>())?)
            }
        }))
    }
}

impl Encode for Slot {
    fn as_value(&self) -> Value<'_> {
        self.0.as_value()
    }
}
