//! What a recording has no answer for.

use core::fmt;

use super::text::DeviceText;

/// A program does not do what was recorded (kind `Replay`); nothing was sent anywhere.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum ReplayError {
    /// The recording has another call next.
    Different {
        /// The line in the recording where the entry begins that was expected; 0 where there is none.
        line: usize,
        /// What was expected, what was made, and where they differ.
        text: String,
    },
    /// No call like this is in the recording, or not so often.
    Unknown {
        /// What was made, and the entry that is nearest to it.
        text: String,
    },
    /// There is an entry, but the recording does not hold what is needed to answer.
    NotKept {
        /// The line in the recording where the entry begins.
        line: usize,
        /// What is not there.
        text: String,
    },
    /// Calls were recorded that the program did not make.
    Unused {
        /// How many.
        count: usize,
        /// The first of them.
        text: String,
    },
}

impl ReplayError {
    /// Stable name, for logs and tests: `Replay.Different`.
    #[must_use]
    pub const fn code(&self) -> &'static str {
        match self {
            Self::Different { .. } => "Replay.Different",
            Self::Unknown { .. } => "Replay.Unknown",
            Self::NotKept { .. } => "Replay.NotKept",
            Self::Unused { .. } => "Replay.Unused",
        }
    }
}

/// Longest text of an error, in characters: two calls and where they differ.
const LONGEST: usize = 900;

impl fmt::Display for ReplayError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (Self::Different { text, .. }
        | Self::Unknown { text }
        | Self::NotKept { text, .. }
        | Self::Unused { text, .. }) = self;
        let mut rest = &**text;
        // In pieces, since each is cut where it is too long for one piece of device text.
        for _ in 0..LONGEST / 150 {
            let end = rest
                .char_indices()
                .nth(150)
                .map_or(rest.len(), |(at, _)| at);
            let (piece, after) = rest.split_at(end);
            write!(f, "{}", DeviceText(piece))?;
            rest = after;
        }
        if rest.is_empty() {
            Ok(())
        } else {
            f.write_str("…")
        }
    }
}

impl std::error::Error for ReplayError {}
