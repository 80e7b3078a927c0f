//! An update that ended well.

use xerus_api::firmware::UpdateHistoryEntry;

/// An update that ended well: the version of the image runs.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct Updated {
    /// The version that runs now, as the device tells it.
    pub version: String,
    /// The version that ran before; the same for [`Change::Already`].
    pub before: String,
    /// Whether anything was installed.
    pub change: Change,
    /// What the update history of the device says of it; `None` for [`Change::Already`].
    pub record: Option<UpdateHistoryEntry>,
    /// What somebody may want to know besides: an answer that was lost, a progress that made no sense, an option that this
    /// firmware may not know.
    pub warnings: Vec<String>,
}

/// Whether an update changed anything.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Change {
    /// The image was installed: the version runs, and the update history says that it succeeded.
    Installed,
    /// The version of the image ran already. Nothing was begun.
    Already,
}
