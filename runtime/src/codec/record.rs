//! Structures and value objects: what generated code tells of them.

use super::extra::Extra;
use super::reader::Reader;
use super::writer::Writer;
use crate::error::DecodeError;

/// The static part of a structure or value object.
#[derive(Debug)]
pub struct RecordInfo {
    /// Its wire id.
    pub id: &'static str,
    /// Names of the members on the wire, in IDL order, inherited ones first.
    pub members: &'static [&'static str],
    /// The request form of a `sparse_in` structure: members may be left out.
    pub sparse: bool,
}

/// A structure or value object, as the one decoding loop and the one encoding loop see it.
///
/// Generated code implements this; the trait is object safe so that both loops are compiled once.
pub trait Record {
    /// The static part.
    fn info(&self) -> &'static RecordInfo;

    /// Reads the member with this index in [`RecordInfo::members`] and stores it.
    ///
    /// # Errors
    ///
    /// When the text is no value of the member's type.
    fn read(&mut self, member: usize, reader: &mut Reader<'_>) -> Result<(), DecodeError>;

    /// Writes the value of the member with this index.
    fn write(&self, member: usize, writer: &mut Writer);

    /// What the bindings and the device disagree about.
    fn extra(&self) -> &Extra;

    /// The same, to be filled while reading.
    fn extra_mut(&mut self) -> &mut Extra;
}
