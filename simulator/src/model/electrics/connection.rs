//! Between which conductors the circuits of a device lie, and what the mains are like there.

use crate::model::place::{Line, LinePair};

/// How the circuits of a three-phase device are connected. A device with one phase has them all between its line and
/// neutral.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Connection {
    /// Each circuit between one line and neutral: 230 V at 50 Hz, 400 V between lines.
    #[default]
    Wye,
    /// Each circuit between two lines, and no neutral: 208 V at 60 Hz.
    Delta,
    /// Three circuits between lines (208 V), then three between a line and neutral (120 V), and so on, at 60 Hz.
    Mixed,
}

impl Connection {
    /// Nominal volts between a line and neutral.
    pub(crate) fn volts(self) -> f64 {
        match self {
            Self::Wye => 230.0,
            Self::Delta | Self::Mixed => 120.0,
        }
    }

    /// Nominal hertz.
    pub(crate) fn hertz(self) -> f64 {
        match self {
            Self::Wye => 50.0,
            Self::Delta | Self::Mixed => 60.0,
        }
    }

    /// Whether circuits lie between lines.
    pub(crate) fn has_pairs(self) -> bool {
        self != Self::Wye
    }

    /// Whether circuits lie between a line and neutral.
    pub(crate) fn has_neutral(self) -> bool {
        self != Self::Delta
    }

    /// The ends of the circuit `index` of a three-phase inlet, counted from 0 for each inlet.
    pub(crate) fn ends(self, index: usize) -> Ends {
        let between_lines = match self {
            Self::Wye => false,
            Self::Delta => true,
            Self::Mixed => (index / 3).is_multiple_of(2),
        };
        if between_lines {
            Ends::Pair(LinePair::ALL[index % 3])
        } else {
            Ends::Neutral([Line::L1, Line::L2, Line::L3][index % 3])
        }
    }
}

/// The two conductors that a circuit lies between.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Ends {
    /// A line and neutral.
    Neutral(Line),
    /// Two lines.
    Pair(LinePair),
}

impl Ends {
    /// From which conductor to which.
    pub(crate) fn lines(self) -> (Line, Line) {
        match self {
            Self::Neutral(line) => (line, Line::Neutral),
            Self::Pair(pair) => pair.lines(),
        }
    }
}
