//! Where a sensor sits.

/// A conductor of an inlet.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
#[non_exhaustive]
pub enum Line {
    /// First line.
    L1,
    /// Second line.
    L2,
    /// Third line.
    L3,
    /// Neutral.
    Neutral,
}

impl Line {
    /// Position among the poles of a three-phase inlet.
    pub(crate) fn index(self) -> usize {
        match self {
            Self::L1 => 0,
            Self::L2 => 1,
            Self::L3 => 2,
            Self::Neutral => 3,
        }
    }
}

/// Two lines of a three-phase inlet, in the order of the phases.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
#[non_exhaustive]
pub enum LinePair {
    /// From the first line to the second.
    L1L2,
    /// From the second line to the third.
    L2L3,
    /// From the third line to the first.
    L3L1,
}

impl LinePair {
    /// All pairs, in the order of their first lines.
    pub const ALL: [Self; 3] = [Self::L1L2, Self::L2L3, Self::L3L1];

    /// The two lines; voltages and currents count from the first to the second.
    #[must_use]
    pub const fn lines(self) -> (Line, Line) {
        match self {
            Self::L1L2 => (Line::L1, Line::L2),
            Self::L2L3 => (Line::L2, Line::L3),
            Self::L3L1 => (Line::L3, Line::L1),
        }
    }

    /// Position among the line pairs of an inlet.
    pub(crate) fn index(self) -> usize {
        self.lines().0.index()
    }
}

/// The part of the device that a sensor measures. Indexes count from 0.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
#[non_exhaustive]
pub enum Place {
    /// The whole device.
    Pdu,
    /// An inlet.
    Inlet(usize),
    /// A pole of an inlet.
    Pole(usize, Line),
    /// What lies between two lines of an inlet.
    LinePair(usize, LinePair),
    /// An outlet.
    Outlet(usize),
    /// An overcurrent protector.
    Ocp(usize),
    /// An outlet group, by its number.
    Group(i32),
    /// The peripheral device in a slot.
    Slot(usize),
}
