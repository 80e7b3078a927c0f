//! Which sensor: what it measures, and where it sits.

use super::place::Place;
use super::quantity::Quantity;

/// A numeric sensor: what is measured, and where.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
#[non_exhaustive]
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
#[non_exhaustive]
pub enum StateSensorId {
    /// Whether an outlet is on.
    OutletState(usize),
    /// Whether an overcurrent protector is closed; it is open when it has tripped.
    Trip(usize),
    /// What the residual current monitor of an inlet says.
    ResidualCurrent(usize),
    /// Whether a power supply of the controller works.
    PowerSupply(usize),
    /// A sensor of the transfer switch.
    Transfer(TransferSensor),
}

/// A state sensor of a transfer switch.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
#[non_exhaustive]
pub enum TransferSensor {
    /// Index of the source that feeds the output.
    SelectedSource,
    /// What it does, see [`TransferOperation`](super::TransferOperation).
    Operation,
    /// Too much load.
    OverloadAlarm,
    /// The sources are out of step.
    PhaseSyncAlarm,
    /// Which of its switches do not open or close.
    SwitchFault,
    /// The sources are wired wrongly.
    InstallFaultAlarm,
    /// Whether the output has power.
    OutputStatus,
}

impl TransferSensor {
    /// Every sensor of a transfer switch.
    pub const ALL: [Self; 7] = [
        Self::SelectedSource,
        Self::Operation,
        Self::OverloadAlarm,
        Self::PhaseSyncAlarm,
        Self::SwitchFault,
        Self::InstallFaultAlarm,
        Self::OutputStatus,
    ];
}
