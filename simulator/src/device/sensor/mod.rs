//! Sensors: readings, thresholds, extremes and states.

mod numeric;
mod servant;
mod state;
mod thresholds;

use xerus_rpc::Interface;

pub(super) use self::servant::SensorServant;
pub(super) use self::state::StateServant;
pub(super) use self::thresholds::defaults as default_thresholds;

use super::make_up::MakeUp;
use super::place::{Place, SensorId};
use super::quantity::{Quantity, measured};

/// A reference to a sensor, if `place` has one for `quantity`.
pub(super) fn reference<I: Interface>(
    make_up: &MakeUp,
    place: Place,
    quantity: Quantity,
) -> Option<I> {
    if !measured(make_up, place).contains(&quantity) {
        return None;
    }
    super::reference::sensor(SensorId::new(place, quantity)).to()
}
