//! References to objects on a device.

mod cast;
mod choice;
mod detached;
mod kind;
mod link;
mod probe;
mod reported;

use std::fmt;
use std::hash::{Hash, Hasher};
use std::sync::Arc;

use xerus_wire_id::{Version, WireId};

pub use cast::CastError;
pub use choice::Choice;
use detached::detached_agent;
use reported::Reported;

use crate::agent::Agent;
use crate::codec::Encode;
use crate::codec::{Decode, Pair};
use crate::codec::{Reader, Writer};
use crate::compatibility::Compatibility;
use crate::error::{DecodeError, DecodeErrorKind, Error};
use crate::json::NON_EMPTY;
use crate::registry::Registry;
use crate::value::Value;

/// Wire id of the root of all interfaces.
const OBJECT_ID: &str = "idl.Object:1.0.0";

/// A generated proxy: an [`Object`] with the methods of one interface.
pub trait Interface: Clone + Send + Sync + Sized + 'static {
    /// Wire id of this version of the interface.
    const TYPE_ID: &'static str;
    /// Its version.
    const VERSION: Version;

    /// The types of the bindings that this interface belongs to.
    fn registry() -> &'static Registry;
    /// The proxy for an object. Nothing is checked; see [`Object::cast`] for a conversion that checks.
    fn from_object(object: Object) -> Self;
    /// The object behind the proxy.
    fn as_object(&self) -> &Object;
}

/// A reference to an object on a device: an agent, a resource id, and the type that the device reported.
///
/// Every generated proxy dereferences to this. Cheap to clone. Two references are equal when they have
/// the same resource id on the same origin.
#[derive(Clone)]
pub struct Object {
    agent: Agent,
    rid: Arc<str>,
    reported: Reported,
    /// Wire id to show and to send when the device reported none.
    declared: &'static str,
    compatibility: Compatibility,
}

impl Object {
    /// A reference without an agent: it can be sent, but not called.
    ///
    /// Servants hand such references out.
    #[must_use]
    pub fn detached(rid: &str, wire_id: WireId) -> Self {
        Self {
            agent: detached_agent(),
            rid: rid.into(),
            reported: Reported::Type(wire_id),
            declared: OBJECT_ID,
            compatibility: Compatibility::Unchecked,
        }
    }

    /// A reference to the object with this resource id, whatever that is; nothing is sent and nothing is checked.
    ///
    /// [`probe`](Self::probe) asks the device what it is, and [`cast`](Self::cast) takes it from there.
    #[must_use]
    pub fn at(agent: &Agent, rid: &str) -> Self {
        Self::declared_at(agent, rid, OBJECT_ID)
    }

    /// A reference made from a resource id, taken for the interface `declared`.
    pub(crate) fn declared_at(agent: &Agent, rid: &str, declared: &'static str) -> Self {
        Self {
            agent: agent.clone(),
            rid: rid.into(),
            reported: Reported::Nothing,
            declared,
            compatibility: Compatibility::Unchecked,
        }
    }

    /// The resource id.
    #[must_use]
    pub fn rid(&self) -> &str {
        &self.rid
    }

    pub(crate) fn shared_rid(&self) -> &Arc<str> {
        &self.rid
    }

    /// The type as the device reported it, in its own version and most derived form; `None` when the
    /// reference was made from a resource id. [`probe`](Self::probe) asks for it.
    #[must_use]
    pub fn wire_id(&self) -> Option<&WireId> {
        self.reported.wire_id()
    }

    /// The agent that calls go through.
    #[must_use]
    pub fn agent(&self) -> &Agent {
        &self.agent
    }

    /// How the reported type goes with the bindings.
    #[must_use]
    pub fn compatibility(&self) -> Compatibility {
        self.compatibility
    }

    /// The proxy of another interface for this object, checked against the type that the device reported.
    ///
    /// A failed cast turns into an [`Error`] with `?`:
    ///
    /// ```
    /// use xerus_rpc::{Error, Interface, Object};
    ///
    /// /// The objects of a mixed list, all of which should be a `T`.
    /// fn all<T: Interface>(found: &[Object]) -> Result<Vec<T>, Error> {
    ///     let mut proxies = Vec::new();
    ///     for object in found {
    ///         proxies.push(object.cast::<T>()?);
    ///     }
    ///     Ok(proxies)
    /// }
    /// ```
    ///
    /// # Errors
    ///
    /// When no type was reported, the bindings do not know it, it is no kind of `T`, or it has another
    /// major version.
    ///
    /// For an object that was [probed](Self::probe), the device's own word on what it extends counts: then a type
    /// that the bindings do not know can be cast to a base that they know. Otherwise a type that extends `T` must have
    /// the major version that the bindings know of it.
    pub fn cast<T: Interface>(&self) -> Result<T, CastError> {
        let compatibility = self
            .reported
            .compatibility(T::registry(), T::TYPE_ID, T::VERSION)?;
        Ok(T::from_object(Self {
            declared: T::TYPE_ID,
            compatibility,
            ..self.clone()
        }))
    }

    /// The proxy of another interface for this object, whatever the device reported.
    ///
    /// Also the way to call an object of another major version in spite of it.
    #[must_use]
    pub fn assume<T: Interface>(&self) -> T {
        T::from_object(Self {
            declared: T::TYPE_ID,
            compatibility: Compatibility::Unchecked,
            ..self.clone()
        })
    }

    /// The same object of a link unit, called through the device that the link unit is cascaded to.
    ///
    /// `unit` is the number of the link unit, 2 to 8. The resource id becomes `/link/<unit>` and the id, which the device
    /// forwards. Nothing is sent; ids that answers hold are taken as they come.
    ///
    /// A link unit may have another firmware than the device: what the device reported of its own object is not carried over.
    /// [`probe`](Self::probe) asks the link unit.
    ///
    /// # Errors
    ///
    /// `Config.OutOfRange` for any other number, `Config.BadRid` when the resource id leads through a link already or is
    /// no possible one, and `Decode.IncompatibleType` when the object is no kind of `T`.
    pub fn through_link<T: Interface>(&self, unit: u32) -> Result<T, Error> {
        let rid = link::rid(&self.rid, unit)?;
        link::check_kind::<T>(self)?;
        Ok(T::from_object(Self::declared_at(
            &self.agent,
            &rid,
            T::TYPE_ID,
        )))
    }

    /// The type that is shown and sent: as reported, or as assumed.
    pub(crate) fn shown_type(&self) -> &str {
        self.wire_id().map_or(self.declared, WireId::as_str)
    }

    /// Refuses calls that the device would understand differently than meant.
    pub(crate) fn check_callable(&self) -> Result<(), Error> {
        if self.compatibility == Compatibility::MajorMismatch {
            return Err(Error::major_mismatch(format!(
                "the object is a {}, the bindings are made for another major version",
                self.shown_type()
            )));
        }
        Ok(())
    }
}

impl PartialEq for Object {
    fn eq(&self, other: &Self) -> bool {
        self.rid == other.rid && self.agent.origin() == other.agent.origin()
    }
}

impl Eq for Object {}

impl Hash for Object {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.rid.hash(state);
        self.agent.origin().hash(state);
    }
}

impl fmt::Debug for Object {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}({})", self.shown_type(), self.rid)
    }
}

impl Decode for Object {
    fn decode(reader: &mut Reader<'_>) -> Result<Self, DecodeError> {
        reader.reference(None)
    }
}

impl Encode for Object {
    fn as_value(&self) -> Value<'_> {
        Value::Reference(self)
    }
}

/// What a reference is declared as.
struct Declared {
    id: &'static str,
    version: Version,
    registry: &'static Registry,
}

impl Reader<'_> {
    /// Reads a reference to an object with interface `T`.
    ///
    /// The device names the most derived type. One that the bindings know must be a kind of `T`; one
    /// that they do not know is taken for a `T`.
    ///
    /// # Errors
    ///
    /// When the value is no object with `rid` and `type`, or names an object that is no `T`.
    pub fn interface<T: Interface>(&mut self) -> Result<T, DecodeError> {
        let declared = Declared {
            id: T::TYPE_ID,
            version: T::VERSION,
            registry: T::registry(),
        };
        self.reference(Some(&declared)).map(T::from_object)
    }

    fn reference(&mut self, declared: Option<&Declared>) -> Result<Object, DecodeError> {
        let mut rid: Option<Arc<str>> = None;
        let mut wire_id = None;
        self.peek();
        let start = self.offset();
        if self.open_object("a reference")? == NON_EMPTY {
            loop {
                match self.pair_member("rid", rid.is_some(), "type", wire_id.is_some())? {
                    Pair::First => {
                        rid = Some(self.resource_id().map_err(|error| error.member("rid"))?);
                    }
                    Pair::Second => {
                        wire_id = Some(self.wire_id().map_err(|error| error.member("type"))?);
                    }
                    Pair::Other => self.skip_value()?,
                }
                if !self.more_members()? {
                    break;
                }
            }
        }
        let rid = rid.ok_or_else(|| DecodeError::missing("rid", start))?;
        let wire_id = wire_id.ok_or_else(|| DecodeError::missing("type", start))?;
        let compatibility = match declared {
            None => Compatibility::Unchecked,
            Some(declared) => declared
                .registry
                .compatibility(&wire_id, declared.id, declared.version)
                .ok_or_else(|| incompatible(start, declared.id, &wire_id))?,
        };
        Ok(Object {
            agent: self.agent().cloned().unwrap_or_else(detached_agent),
            rid,
            reported: Reported::Type(wire_id),
            declared: declared.map_or(OBJECT_ID, |declared| declared.id),
            compatibility,
        })
    }

    fn resource_id(&mut self) -> Result<Arc<str>, DecodeError> {
        self.peek();
        let start = self.offset();
        let rid = self.string()?;
        match crate::rid::check(&rid) {
            Ok(()) => Ok(rid.into()),
            Err(reason) => Err(DecodeError::new(
                DecodeErrorKind::BadRid,
                start,
                "a resource id",
                format!("one that is {reason}"),
            )),
        }
    }

    pub(crate) fn wire_id(&mut self) -> Result<WireId, DecodeError> {
        self.peek();
        let start = self.offset();
        let text = self.string()?;
        match &self.last_type {
            Some(last) if last.as_str() == text => return Ok(last.clone()),
            _ => {}
        }
        match WireId::new(&*text) {
            Ok(id) => {
                self.last_type = Some(id.clone());
                Ok(id)
            }
            Err(error) => {
                let found = format!("{:?} ({})", crate::error::cut(&text, 64), error.reason());
                Err(DecodeError::new(
                    DecodeErrorKind::BadTypeCode,
                    start,
                    "a wire id",
                    found,
                ))
            }
        }
    }
}

#[cold]
fn incompatible(start: usize, declared: &str, found: &WireId) -> DecodeError {
    DecodeError::new(
        DecodeErrorKind::IncompatibleType,
        start,
        format!("a kind of {declared}"),
        found.to_string(),
    )
}

impl Writer {
    /// Writes a reference: `{"rid":…,"type":…}`.
    pub fn object(&mut self, object: &Object) {
        self.raw(r#"{"rid":"#);
        self.string(&object.rid);
        self.raw(r#","type":"#);
        self.string(object.shown_type());
        self.byte(b'}');
    }
}

impl Decode for WireId {
    fn decode(reader: &mut Reader<'_>) -> Result<Self, DecodeError> {
        reader.wire_id()
    }
}

impl Encode for WireId {
    fn as_value(&self) -> Value<'_> {
        Value::TypeCode(self)
    }
}
