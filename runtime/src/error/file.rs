//! Faults of files on their way to or from a device.

use core::fmt;

/// A file could not be passed on (kind `File`).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum FileError {
    /// What the program gave to be sent could not be read; the source of the error says why. The upload was cut off.
    Source,
    /// What the program gave to be sent has another length than it said. The upload was cut off.
    SourceLength {
        /// The length that was said, in bytes.
        declared: u64,
        /// What had come when the difference showed, in bytes.
        seen: u64,
    },
    /// What came in could not be written to where the program wanted it; the source of the error says why.
    Sink,
    /// The device does not send the rest of this file: it began at the start, or elsewhere than it was asked to.
    NotResumed,
}

impl FileError {
    pub(super) const fn code(self) -> &'static str {
        match self {
            Self::Source => "File.Source",
            Self::SourceLength { .. } => "File.SourceLength",
            Self::Sink => "File.Sink",
            Self::NotResumed => "File.NotResumed",
        }
    }

    /// Whether the fault lies in the program.
    pub(super) const fn is_local(self) -> bool {
        !matches!(self, Self::NotResumed)
    }
}

impl fmt::Display for FileError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Source => f.write_str(
                "the data to send could not be read, so the upload was cut off; \
                 see the source of the error, then send it again as a whole",
            ),
            Self::SourceLength { declared, seen } if seen < declared => write!(
                f,
                "the data to send ended after {seen} of {declared} bytes, so the upload was cut off; \
                 say the right length, or none"
            ),
            Self::SourceLength { declared, .. } => write!(
                f,
                "the data to send is longer than the {declared} bytes it was said to have, so the upload was cut off; \
                 say the right length, or none"
            ),
            Self::Sink => f.write_str(
                "the file could not be written to where it should go; see the source of the error",
            ),
            Self::NotResumed => f.write_str(
                "the device does not send only the rest of this file; download it from the start",
            ),
        }
    }
}

impl std::error::Error for FileError {}
