//! Which quantities are measured at which place.

use super::make_up::MakeUp;
use super::place::{Line, Place};
use super::quantity::Quantity;

/// What is measured at `place`: nothing in empty slots, and nothing in parts that the device does not have.
pub(crate) fn measured(make_up: &MakeUp, place: Place) -> &'static [Quantity] {
    use Quantity as Q;
    if !make_up.has(place) {
        return &[];
    }
    match place {
        Place::Pdu => &[
            Q::ActivePower,
            Q::ApparentPower,
            Q::ActiveEnergy,
            Q::ApparentEnergy,
        ],
        Place::Inlet(_) if make_up.three_phase => &[
            Q::Voltage,
            Q::Current,
            Q::ResidualCurrent,
            Q::ResidualAcCurrent,
            Q::ResidualDcCurrent,
            Q::ActivePower,
            Q::ReactivePower,
            Q::ApparentPower,
            Q::PowerFactor,
            Q::ActiveEnergy,
            Q::ApparentEnergy,
            Q::UnbalancedCurrent,
            Q::LineFrequency,
        ],
        Place::Inlet(_) => &[
            Q::Voltage,
            Q::Current,
            Q::ResidualCurrent,
            Q::ResidualAcCurrent,
            Q::ResidualDcCurrent,
            Q::ActivePower,
            Q::ReactivePower,
            Q::ApparentPower,
            Q::PowerFactor,
            Q::ActiveEnergy,
            Q::ApparentEnergy,
            Q::LineFrequency,
        ],
        Place::Pole(_, Line::Neutral) => &[Q::Current],
        Place::Pole(..) => &[
            Q::Voltage,
            Q::VoltageToNeutral,
            Q::Current,
            Q::ActivePower,
            Q::ApparentPower,
            Q::PowerFactor,
            Q::ActiveEnergy,
        ],
        Place::Outlet(_) => &[
            Q::Voltage,
            Q::Current,
            Q::MaximumCurrent,
            Q::ActivePower,
            Q::ReactivePower,
            Q::ApparentPower,
            Q::PowerFactor,
            Q::ActiveEnergy,
            Q::LineFrequency,
        ],
        Place::Ocp(_) => &[Q::Voltage, Q::Current, Q::MaximumCurrent, Q::ActivePower],
        Place::Slot(slot) => match make_up.sensors.get(slot) {
            Some(Q::Temperature) => &[Q::Temperature],
            Some(Q::Humidity) => &[Q::Humidity],
            _ => &[],
        },
    }
}
