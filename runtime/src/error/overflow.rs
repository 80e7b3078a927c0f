//! What came faster than it was read, where that is to be an error.

use core::fmt;

/// Values came faster than the program read them, and it had asked for that to be an error (kind `Overflow`).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct OverflowError {
    /// How many were lost until it was told.
    pub lost: u64,
    /// How many may wait.
    pub room: usize,
}

impl OverflowError {
    /// So many were lost, of those for which there was no room.
    #[must_use]
    pub fn new(lost: u64, room: usize) -> Self {
        Self { lost, room }
    }
}

impl fmt::Display for OverflowError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let values = if self.lost == 1 { "value" } else { "values" };
        write!(
            f,
            "{} {values} came faster than they were read and did not fit into the room for {}; read faster, \
             give more room, or let some be dropped",
            self.lost, self.room
        )
    }
}

impl std::error::Error for OverflowError {}
