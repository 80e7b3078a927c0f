//! Structures and value objects: what generated code tells of them.

use super::encode::Encode;
use super::extra::Extra;
use super::reader::Reader;
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
    /// Names of the fields in Rust, in the same order, where one is not what the rule makes of its name on the wire; empty
    /// where all are.
    pub fields: &'static [&'static str],
    /// Never stated, so that `..RecordInfo::PLAIN` always has something to add.
    #[doc(hidden)]
    pub rest: (),
}

impl RecordInfo {
    /// What generated code does not state: `RecordInfo { id, members, ..RecordInfo::PLAIN }`.
    pub const PLAIN: Self = Self {
        id: "",
        members: &[],
        sparse: false,
        fields: &[],
        rest: (),
    };
}

/// A structure or value object, as the one decoding loop and the one encoding loop see it.
///
/// Generated code implements this; the trait is object safe so that both loops are compiled once.
pub trait Record: Send + Sync {
    /// The static part.
    fn info(&self) -> &'static RecordInfo;

    /// Reads the member with this index in [`RecordInfo::members`] and stores it.
    ///
    /// # Errors
    ///
    /// When the text is no value of the member's type.
    fn read(&mut self, member: usize, reader: &mut Reader<'_>) -> Result<(), DecodeError>;

    /// The member with this index; `()` for one that does not exist.
    fn member(&self, member: usize) -> &dyn Encode;

    /// What the bindings and the device disagree about.
    fn extra(&self) -> &Extra;

    /// The same, to be filled while reading.
    fn extra_mut(&mut self) -> &mut Extra;
}

impl dyn Record + '_ {
    /// Whether the device left this member out and it was not set since.
    pub(crate) fn is_untouched(&self, member: usize) -> bool {
        let name = self.info().members.get(member);
        name.is_some_and(|name| self.extra().is_missing(name))
            && self.member(member).as_value().is_default()
    }
}
