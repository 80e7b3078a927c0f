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
    /// An outlet.
    Outlet(usize),
    /// An overcurrent protector.
    Ocp(usize),
    /// The peripheral device in a slot.
    Slot(usize),
}
