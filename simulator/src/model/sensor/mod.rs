//! Sensors: readings, thresholds, extremes and states.

mod alarm;
mod followed;
mod numeric;
mod state;
mod thresholds;

pub use self::numeric::{MinMax, Reading, SensorMetaData};
pub use self::state::StateReading;
pub use self::thresholds::{ThresholdStatus, Thresholds};

pub(crate) use self::alarm::Alarm;
