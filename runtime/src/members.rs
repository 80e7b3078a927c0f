//! The members of structures and value objects, by name.

mod references;

use std::borrow::Cow;

use crate::codec::{Member, Record, Structure, Unreadable, Value};
use crate::object::{Interface, Object};

/// The members of every generated structure and value object, by name.
///
/// What firmware newer than the bindings sends is there too.
///
/// ```
/// # use xerus_rpc::{Error, Interface};
/// use xerus_rpc::Members;
///
/// /// Shows the members, and the objects among them.
/// fn show(sensors: &impl Members) {
///     for member in sensors.members() {
///         println!("{} = {:?}", member.name(), member.value());
///     }
///     for (name, sensor) in sensors.references() {
///         println!("{name} is at {}", sensor.rid());
///     }
/// }
/// ```
///
/// All sensors that a structure refers to, and what they read now, in one request; with generated bindings
/// `S` is `NumericSensor`, and `read` is `NumericSensor::get_reading`:
///
/// ```
/// use std::fmt::Debug;
/// use xerus_rpc::{Agent, Call, Error, Interface, Members};
///
/// async fn show<S: Interface, R: Debug + Send + 'static>(
///     agent: &Agent,
///     sensors: &impl Members,
///     read: fn(&S) -> Call<R>,
/// ) -> Result<(), Error> {
///     let (names, sensors): (Vec<_>, Vec<S>) = sensors.references_to().unzip();
///     let readings = agent.bulk(sensors.iter().map(read)).await?;
///     for (name, reading) in names.iter().zip(readings) {
///         println!("{name}: {:?}", reading?);
///     }
///     Ok(())
/// }
/// ```
pub trait Members: Record {
    /// The value as a structure of any type.
    fn as_structure(&self) -> Structure<'_>;

    /// All members: those of the bindings in IDL order, inherited ones first, then those that the bindings do not know.
    fn members(&self) -> impl Iterator<Item = Member<'_>> + Send {
        self.as_structure().members()
    }

    /// The member with this name on the wire.
    fn member_named(&self, name: &str) -> Option<Member<'_>> {
        self.as_structure().member_named(name)
    }

    /// The objects that the members refer to, with the wire names of the members. Absent ones are not among them.
    ///
    /// Objects in vectors, maps, structures and value objects are named by their place, as in `poles[1].voltage` or
    /// `ports[eth0]`. Members that the bindings do not know are searched for references; these say in
    /// [`Object::wire_id`] what they are.
    fn references(&self) -> impl Iterator<Item = (Cow<'_, str>, Object)> + Send {
        self.as_structure().references()
    }

    /// The elements of lists and maps in the members that are no references or value objects as they should be, with their
    /// places, as in `ports[eth0]`. They are kept as the device sent them, and are not among the
    /// [references](Self::references).
    fn unreadable(&self) -> impl ExactSizeIterator<Item = (Cow<'_, str>, Unreadable<'_>)> + Send {
        Value::Structure(self.as_structure()).unreadable()
    }

    /// The same, of one interface: what is declared as a `T`, and what the device says is a kind of `T`.
    ///
    /// An object of another major version is among them; calls on it are refused, see
    /// [`Object::compatibility`].
    fn references_to<T: Interface>(&self) -> impl Iterator<Item = (Cow<'_, str>, T)> + Send {
        self.as_structure().references_to()
    }
}

impl<R: Record> Members for R {
    fn as_structure(&self) -> Structure<'_> {
        Structure::new(self)
    }
}
