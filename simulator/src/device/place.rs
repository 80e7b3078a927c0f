//! Where a sensor sits.

use super::quantity::Quantity;

/// A conductor of an inlet.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
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

/// A numeric sensor: what is measured, and where.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct SensorId {
    /// The place.
    pub place: Place,
    /// The quantity.
    pub quantity: Quantity,
}

impl SensorId {
    /// The sensor for `quantity` at `place`.
    #[must_use]
    pub const fn new(place: Place, quantity: Quantity) -> Self {
        Self { place, quantity }
    }
}

/// A sensor whose reading is one of a few states.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum StateSensorId {
    /// Whether an outlet is on.
    OutletState(usize),
    /// Whether an overcurrent protector has tripped.
    Trip(usize),
    /// What the residual current monitor of an inlet says.
    ResidualCurrent(usize),
    /// Whether a power supply of the controller works.
    PowerSupply(usize),
}
