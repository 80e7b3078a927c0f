//! Sensors: readings, thresholds, extremes and states.

mod numeric;
mod servant;
mod state;
mod thresholds;

pub(super) use self::servant::SensorServant;
pub(super) use self::state::StateServant;
pub(super) use self::thresholds::defaults as default_thresholds;
