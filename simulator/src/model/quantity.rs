//! What the numeric sensors measure, and the fixed facts about each kind.

use crate::api::sensors::Sensor;

/// A measured quantity.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
#[non_exhaustive]
pub enum Quantity {
    /// RMS voltage in volts; between lines where there are three.
    Voltage,
    /// RMS voltage between line and neutral in volts.
    VoltageToNeutral,
    /// RMS current in amperes.
    Current,
    /// Highest current since the last reset, in amperes.
    MaximumCurrent,
    /// Residual current in amperes.
    ResidualCurrent,
    /// Alternating part of the residual current in amperes.
    ResidualAcCurrent,
    /// Direct part of the residual current in amperes.
    ResidualDcCurrent,
    /// How unequal the line currents are, in percent.
    UnbalancedCurrent,
    /// Power in watts.
    ActivePower,
    /// Reactive power in volt-amperes reactive.
    ReactivePower,
    /// Apparent power in volt-amperes.
    ApparentPower,
    /// Active by apparent power.
    PowerFactor,
    /// Energy in watt-hours; it only grows.
    ActiveEnergy,
    /// Apparent energy in volt-ampere-hours; it only grows.
    ApparentEnergy,
    /// Frequency in hertz.
    LineFrequency,
    /// Temperature in degrees Celsius.
    Temperature,
    /// Relative humidity in percent.
    Humidity,
}

/// The fixed facts about a quantity.
pub(crate) struct Facts {
    /// Member of the sensor structures, and last segment of the well-known resource id.
    pub(crate) member: &'static str,
    /// The same as part of an opaque resource id.
    pub(crate) instance: &'static str,
    pub(crate) kind: i32,
    pub(crate) unit: i32,
    pub(crate) digits: i32,
    pub(crate) resolution: f32,
    pub(crate) upper: f64,
    /// Whether the value accumulates and can be reset.
    pub(crate) accumulates: bool,
    /// Upper and lower thresholds.
    pub(crate) thresholds: (bool, bool),
}

impl Quantity {
    pub(crate) const fn facts(self) -> Facts {
        let (member, instance, kind, unit, digits, resolution, upper) = match self {
            Self::Voltage => (
                "voltage",
                "Voltage",
                Sensor::VOLTAGE,
                Sensor::VOLT,
                0,
                1.0,
                500.0,
            ),
            Self::VoltageToNeutral => (
                "voltageLN",
                "VoltageLN",
                Sensor::VOLTAGE,
                Sensor::VOLT,
                0,
                1.0,
                300.0,
            ),
            Self::Current => (
                "current",
                "Current",
                Sensor::CURRENT,
                Sensor::AMPERE,
                3,
                0.001,
                64.0,
            ),
            Self::MaximumCurrent => (
                "maximumCurrent",
                "MaximumCurrent",
                Sensor::CURRENT,
                Sensor::AMPERE,
                3,
                0.001,
                64.0,
            ),
            Self::ResidualCurrent => (
                "residualCurrent",
                "ResidualCurrent",
                Sensor::CURRENT,
                Sensor::AMPERE,
                4,
                0.0001,
                0.3,
            ),
            Self::ResidualAcCurrent => (
                "residualACCurrent",
                "ResidualACCurrent",
                Sensor::CURRENT,
                Sensor::AMPERE,
                4,
                0.0001,
                0.3,
            ),
            Self::ResidualDcCurrent => (
                "residualDCCurrent",
                "ResidualDCCurrent",
                Sensor::CURRENT,
                Sensor::AMPERE,
                4,
                0.0001,
                0.3,
            ),
            Self::UnbalancedCurrent => (
                "unbalancedCurrent",
                "UnbalancedCurrent",
                Sensor::UNBALANCE_CURRENT,
                Sensor::PERCENT,
                0,
                1.0,
                100.0,
            ),
            Self::ActivePower => (
                "activePower",
                "ActivePower",
                Sensor::POWER,
                Sensor::WATT,
                0,
                1.0,
                50_000.0,
            ),
            Self::ReactivePower => (
                "reactivePower",
                "ReactivePower",
                Sensor::POWER,
                Sensor::VOLT_AMP_REACTIVE,
                0,
                1.0,
                50_000.0,
            ),
            Self::ApparentPower => (
                "apparentPower",
                "ApparentPower",
                Sensor::POWER,
                Sensor::VOLT_AMP,
                0,
                1.0,
                50_000.0,
            ),
            Self::PowerFactor => (
                "powerFactor",
                "PowerFactor",
                Sensor::POWER_FACTOR,
                Sensor::NONE,
                2,
                0.01,
                1.0,
            ),
            Self::ActiveEnergy => (
                "activeEnergy",
                "ActiveEnergy",
                Sensor::ENERGY,
                Sensor::WATT_HOUR,
                0,
                1.0,
                1e12,
            ),
            Self::ApparentEnergy => (
                "apparentEnergy",
                "ApparentEnergy",
                Sensor::ENERGY,
                Sensor::VOLT_AMP_HOUR,
                0,
                1.0,
                1e12,
            ),
            Self::LineFrequency => (
                "lineFrequency",
                "LineFrequency",
                Sensor::FREQUENCY,
                Sensor::HZ,
                1,
                0.1,
                70.0,
            ),
            Self::Temperature => (
                "temperature",
                "Temperature",
                Sensor::TEMPERATURE,
                Sensor::DEGREE_CELSIUS,
                1,
                0.1,
                75.0,
            ),
            Self::Humidity => (
                "humidity",
                "Humidity",
                Sensor::HUMIDITY,
                Sensor::PERCENT,
                0,
                1.0,
                100.0,
            ),
        };
        let accumulates = matches!(self, Self::ActiveEnergy | Self::ApparentEnergy);
        let thresholds = match self {
            Self::ResidualCurrent | Self::UnbalancedCurrent => (true, false),
            Self::MaximumCurrent | Self::ResidualAcCurrent | Self::ResidualDcCurrent => {
                (false, false)
            }
            _ if accumulates => (true, false),
            _ => (true, true),
        };
        Facts {
            member,
            instance,
            kind,
            unit,
            digits,
            resolution,
            upper,
            accumulates,
            thresholds,
        }
    }
}
