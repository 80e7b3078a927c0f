//! Value objects: structures that come with their type name.

use std::fmt;
use std::marker::PhantomData;

use xerus_wire_id::WireId;

use crate::codec::{
    Decode, Encode, Named, Pair, Reader, ReaderOptions, Source, Structure, Unreadable, Value,
    Writer,
};
#[cfg(feature = "serde")]
use crate::codec::{Record, wire_text};
use crate::error::{DecodeError, DecodeErrorKind, EncodeError};
use crate::json::{Mark, NON_EMPTY};
use crate::json_text::Json;
use crate::registry::Relation;
use crate::value_object::{Extends, ValueObject};

/// A value object declared as `V`, of which the device may have sent any type derived from `V`.
///
/// Nothing is lost: the type name and the JSON text are kept as received, also for types that the
/// bindings do not know, and one element that they cannot read does not make the list unreadable. What is not even a value object
/// (`null`, a number, one without a type or with two) is kept in its place in a list or map, as
/// [`unreadable`](Self::unreadable).
///
/// [`base`](Self::base) is the part that every such value has; [`downcast`](Self::downcast) gives the
/// full value of a known type.
pub struct Polymorphic<V> {
    wire_id: WireId,
    raw: Json,
    /// Behind a pointer, since a value object may have a member of its own type.
    base: Result<Box<V>, DecodeError>,
    /// For reading the text again.
    options: ReaderOptions,
    /// Why the value cannot be sent, when it was made here.
    unsendable: Option<EncodeError>,
    /// The text is no value of a type, and `base` says why.
    is_unreadable: bool,
    declared: PhantomData<fn() -> V>,
}

impl<V: ValueObject> Polymorphic<V> {
    /// A value to be sent.
    ///
    /// A part of it that cannot be sent is reported when the call is made.
    pub fn new<D: ValueObject + Extends<V>>(value: &D) -> Self {
        let (raw, unsendable) = match crate::codec::encode(value) {
            Ok(raw) => (raw, None),
            Err(error) => (Json::NULL, Some(error)),
        };
        let options = ReaderOptions::default();
        Self {
            wire_id: WireId::new(D::TYPE_ID).expect("generated code holds wire ids"),
            base: crate::codec::decode(raw.get().as_bytes(), &options).map(Box::new),
            raw,
            options,
            unsendable,
            is_unreadable: false,
            declared: PhantomData,
        }
    }

    /// What the device sent in this place of a list or map, when that is no value object at all.
    #[must_use]
    pub fn unreadable(&self) -> Option<Unreadable<'_>> {
        match &self.base {
            Err(error) if self.is_unreadable => Some(Unreadable::new(&self.raw, error)),
            _ => None,
        }
    }

    /// The type, as the device named it; `idl.Object:1.0.0`, which is that of no value object, for an
    /// [unreadable](Self::unreadable) element without a usable one.
    #[must_use]
    pub fn wire_id(&self) -> &WireId {
        &self.wire_id
    }

    /// The members, as the device sent them; of an [unreadable](Self::unreadable) element all of it.
    #[must_use]
    pub fn raw(&self) -> &Json {
        &self.raw
    }

    /// The value as the declared type; `None` when even that cannot be read, see
    /// [`base_error`](Self::base_error).
    #[must_use]
    pub fn base(&self) -> Option<&V> {
        self.base.as_deref().ok()
    }

    /// Why there is no [`base`](Self::base).
    #[must_use]
    pub fn base_error(&self) -> Option<&DecodeError> {
        self.base.as_ref().err()
    }

    /// Whether the value is a `D`, or of a known type that extends `D`; versions do not matter.
    #[must_use]
    pub fn is<D: ValueObject + Extends<V>>(&self) -> bool {
        !self.is_unreadable
            && matches!(
                D::registry().relation(&self.wire_id, D::TYPE_ID),
                Relation::Same | Relation::Derived(_)
            )
    }

    /// The value as a `D`, if it [is](Self::is) one and can be read as one.
    ///
    /// A type of the same name in another version is tried, also in another major version: the version of value objects
    /// changes more often than their members.
    #[must_use]
    pub fn downcast<D: ValueObject + Extends<V>>(&self) -> Option<D> {
        self.try_downcast().ok().flatten()
    }

    /// Like [`downcast`](Self::downcast), and tells a value that is no `D` (`None`) from one that cannot
    /// be read.
    ///
    /// # Errors
    ///
    /// When the type fits and the members do not, and for an [unreadable](Self::unreadable) element.
    pub fn try_downcast<D: ValueObject + Extends<V>>(&self) -> Result<Option<D>, DecodeError> {
        if let Some(element) = self.unreadable() {
            return Err(element.error().clone());
        }
        if !self.is::<D>() {
            return Ok(None);
        }
        crate::codec::decode(self.raw.get().as_bytes(), &self.options).map(Some)
    }
}

impl<V: ValueObject> Decode for Polymorphic<V> {
    fn decode(reader: &mut Reader<'_>) -> Result<Self, DecodeError> {
        reader.peek();
        let start = reader.mark();
        let mut wire_id = None;
        match Self::read(reader, &mut wire_id) {
            Ok(value) => Ok(value),
            Err(error) => Self::keep(reader, start, wire_id, error),
        }
    }
}

impl<V: ValueObject> Polymorphic<V> {
    /// Reads type and members; the type is there also when something else is wrong.
    #[inline]
    fn read(reader: &mut Reader<'_>, wire_id: &mut Option<WireId>) -> Result<Self, DecodeError> {
        let mut value: Option<(&str, Result<V, DecodeError>)> = None;
        let start = reader.offset();
        if reader.open_object("a value object")? == NON_EMPTY {
            loop {
                match reader.pair_member("type", wire_id.is_some(), "value", value.is_some())? {
                    Pair::First => {
                        *wire_id = Some(reader.wire_id().map_err(|error| error.member("type"))?);
                    }
                    Pair::Second => {
                        value = Some(read_value(reader).map_err(|error| error.member("value"))?);
                    }
                    Pair::Other => reader.skip_value()?,
                }
                if !reader.more_members()? {
                    break;
                }
            }
        }
        let (wire_id, (raw, base)) = match (wire_id.take(), value) {
            (Some(id), Some(value)) => (id, value),
            (None, _) => return Err(DecodeError::missing("type", start)),
            (id, None) => {
                *wire_id = id;
                return Err(DecodeError::missing("value", start));
            }
        };
        #[cfg(feature = "serde")]
        if reader.options().by_name {
            return Self::by_name(wire_id, raw, start, reader);
        }
        let base = base
            .and_then(|base| plausible(base, &wire_id, start))
            .map(Box::new);
        let boxed = match &base {
            Ok(_) => size_of::<V>(),
            Err(error) => error.memory(),
        };
        reader.charge(raw.len().saturating_add(boxed))?;
        Ok(Self {
            base,
            wire_id,
            raw: Json::trusted(raw.to_owned()),
            options: reader.options().clone(),
            unsendable: None,
            is_unreadable: false,
            declared: PhantomData,
        })
    }

    /// An element that is no value object, kept as it came.
    #[cold]
    fn keep(
        reader: &mut Reader<'_>,
        start: Mark,
        mut wire_id: Option<WireId>,
        error: DecodeError,
    ) -> Result<Self, DecodeError> {
        let (raw, error) = reader.keep(start, error, &mut |elsewhere| {
            Self::read(elsewhere, &mut wire_id).err()
        })?;
        Ok(Self {
            wire_id: wire_id.unwrap_or_default(),
            raw,
            base: Err(error),
            options: reader.options().clone(),
            unsendable: None,
            is_unreadable: true,
            declared: PhantomData,
        })
    }
}

#[cfg(feature = "serde")]
impl<V: ValueObject> Polymorphic<V> {
    /// A value whose text may have names in it that the wire has numbers for.
    fn by_name(
        wire_id: WireId,
        text: &str,
        start: usize,
        reader: &mut Reader<'_>,
    ) -> Result<Self, DecodeError> {
        let known = V::registry().make(&wire_id);
        let raw = known.and_then(|record| wire_text(record, text));
        let raw = raw.unwrap_or_else(|| Json::trusted(text.to_owned()));
        reader.charge(raw.get().len().saturating_add(size_of::<V>()))?;
        let options = ReaderOptions {
            by_name: false,
            ..reader.options().clone()
        };
        let base = crate::codec::decode(raw.get().as_bytes(), &options)
            .and_then(|base| plausible(base, &wire_id, start))
            .map(Box::new);
        Ok(Self {
            base,
            wire_id,
            raw,
            options,
            unsendable: None,
            is_unreadable: false,
            declared: PhantomData,
        })
    }

    /// The value as the declared type, or why there is none.
    pub(crate) fn into_base(self) -> Result<V, DecodeError> {
        self.base.map(|base| *base)
    }
}

/// Reads the members as the declared type, and their text whatever comes of that.
fn read_value<'a, V: ValueObject>(
    reader: &mut Reader<'a>,
) -> Result<(&'a str, Result<V, DecodeError>), DecodeError> {
    if !reader.at_object() {
        return Err(reader.mismatch("an object"));
    }
    let start = reader.offset();
    let mark = reader.mark();
    let base = V::decode(reader);
    if base.is_err() {
        reader.rewind(mark);
        reader.skip_value()?;
    }
    Ok((reader.text_since(start), base))
}

/// A type that is not known to extend `V` passes for a `V` only when it has all its members.
fn plausible<V: ValueObject>(base: V, wire_id: &WireId, start: usize) -> Result<V, DecodeError> {
    let Some(missing) = base.extra().missing().first() else {
        return Ok(base);
    };
    match V::registry().relation(wire_id, V::TYPE_ID) {
        Relation::Same | Relation::Derived(_) => Ok(base),
        Relation::Unknown => Err(DecodeError::missing(missing, start)),
        Relation::Unrelated => Err(DecodeError::new(
            DecodeErrorKind::IncompatibleType,
            start,
            format!("a kind of {}", V::TYPE_ID),
            wire_id.to_string(),
        )),
    }
}

impl<V: ValueObject> Encode for Polymorphic<V> {
    fn as_value(&self) -> Value<'_> {
        if let Some(element) = self.unreadable() {
            return Value::Unreadable(element);
        }
        Value::ValueObject(Named {
            wire_id: &self.wire_id,
            base: self.base().map(|base| Structure::new(base)),
            raw: &self.raw,
            source: self,
        })
    }
}

impl<V: ValueObject> Source for Polymorphic<V> {
    fn options(&self) -> &ReaderOptions {
        &self.options
    }

    #[cfg(feature = "serde")]
    fn unsendable(&self) -> Option<&EncodeError> {
        self.unsendable.as_ref()
    }

    #[cfg(feature = "serde")]
    fn known(&self, id: &WireId, raw: &Json) -> Option<Box<dyn Record>> {
        let mut record = V::registry().make(id)?;
        let mut reader = Reader::with_options(raw.get(), &self.options);
        reader.record_into(&mut *record).ok()?;
        Some(record)
    }

    fn write(&self, writer: &mut Writer) {
        if let Some(error) = &self.unsendable {
            writer.fail_with(error.clone());
        }
        writer.raw(r#"{"type":"#);
        self.wire_id.encode(writer);
        writer.raw(r#","value":"#);
        self.raw.encode(writer);
        writer.byte(b'}');
    }
}

impl<V: Clone> Clone for Polymorphic<V> {
    fn clone(&self) -> Self {
        Self {
            wire_id: self.wire_id.clone(),
            raw: self.raw.clone(),
            base: self.base.clone(),
            options: self.options.clone(),
            unsendable: self.unsendable.clone(),
            is_unreadable: self.is_unreadable,
            declared: PhantomData,
        }
    }
}

/// Type and text are compared; what was read from the text follows from them.
impl<V> PartialEq for Polymorphic<V> {
    fn eq(&self, other: &Self) -> bool {
        self.wire_id == other.wire_id
            && self.raw == other.raw
            && self.unsendable == other.unsendable
            && self.is_unreadable == other.is_unreadable
    }
}

impl<V> fmt::Debug for Polymorphic<V> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.is_unreadable {
            return write!(f, "unreadable({})", self.raw);
        }
        write!(f, "{}{}", self.wire_id, self.raw)
    }
}
