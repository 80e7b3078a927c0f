//! What the numeric sensors measure, and the fixed facts about each kind.

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
    /// Current when an outlet was last switched on, in amperes; 0 if it was on since the device started.
    InrushCurrent,
    /// Residual current in amperes.
    ResidualCurrent,
    /// Alternating part of the residual current in amperes.
    ResidualAcCurrent,
    /// Direct part of the residual current in amperes.
    ResidualDcCurrent,
    /// How unequal the line currents are, in percent.
    UnbalancedCurrent,
    /// How unequal the currents between lines are, in percent.
    UnbalancedLineLineCurrent,
    /// How unequal the voltages between lines and neutral are, in percent.
    UnbalancedVoltage,
    /// How unequal the voltages between lines are, in percent.
    UnbalancedLineLineVoltage,
    /// Power in watts.
    ActivePower,
    /// Reactive power in volt-amperes reactive: positive when the current is behind the voltage (inductive), negative when
    /// it is ahead (capacitive).
    ReactivePower,
    /// Apparent power in volt-amperes.
    ApparentPower,
    /// Active by apparent power, -1 to 1; 1 where nothing flows.
    PowerFactor,
    /// The same for the fundamental wave alone.
    DisplacementPowerFactor,
    /// By how many degrees the current is behind the voltage; negative when it is ahead.
    PhaseAngle,
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

/// What kind of thing a sensor reads, coarser than [`Quantity`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
#[non_exhaustive]
pub enum Kind {
    /// A voltage.
    Voltage,
    /// A current.
    Current,
    /// How unequal currents are.
    UnbalancedCurrent,
    /// How unequal voltages are.
    UnbalancedVoltage,
    /// An angle.
    Angle,
    /// A power, of whatever kind.
    Power,
    /// A power factor.
    PowerFactor,
    /// An energy, of whatever kind.
    Energy,
    /// A frequency.
    Frequency,
    /// A temperature.
    Temperature,
    /// A relative humidity.
    Humidity,
}

/// The unit of a reading.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
#[non_exhaustive]
pub enum Unit {
    /// A plain number.
    None,
    /// Volts.
    Volt,
    /// Amperes.
    Ampere,
    /// Watts.
    Watt,
    /// Volt-amperes.
    VoltAmpere,
    /// Volt-amperes reactive.
    VoltAmpereReactive,
    /// Watt-hours.
    WattHour,
    /// Volt-ampere-hours.
    VoltAmpereHour,
    /// Hertz.
    Hertz,
    /// Percent.
    Percent,
    /// Degrees Celsius.
    DegreeCelsius,
    /// Degrees of an angle.
    Degree,
}

/// The fixed facts about a quantity.
pub(crate) struct Facts {
    /// Member of the sensor structures, and last segment of the well-known resource id.
    pub(crate) member: &'static str,
    /// The same as part of an opaque resource id.
    pub(crate) instance: &'static str,
    pub(crate) kind: Kind,
    pub(crate) unit: Unit,
    pub(crate) digits: i32,
    pub(crate) resolution: f32,
    pub(crate) lower: f64,
    pub(crate) upper: f64,
    /// Whether the value accumulates and can be reset.
    pub(crate) accumulates: bool,
    /// Upper and lower thresholds.
    pub(crate) thresholds: (bool, bool),
}

impl Quantity {
    /// Every quantity that there is.
    pub(crate) const ALL: &[Self] = &[
        Self::Voltage,
        Self::VoltageToNeutral,
        Self::Current,
        Self::MaximumCurrent,
        Self::InrushCurrent,
        Self::ResidualCurrent,
        Self::ResidualAcCurrent,
        Self::ResidualDcCurrent,
        Self::UnbalancedCurrent,
        Self::UnbalancedLineLineCurrent,
        Self::UnbalancedVoltage,
        Self::UnbalancedLineLineVoltage,
        Self::ActivePower,
        Self::ReactivePower,
        Self::ApparentPower,
        Self::PowerFactor,
        Self::DisplacementPowerFactor,
        Self::PhaseAngle,
        Self::ActiveEnergy,
        Self::ApparentEnergy,
        Self::LineFrequency,
        Self::Temperature,
        Self::Humidity,
    ];

    /// What kind of thing it is.
    #[must_use]
    pub const fn kind(self) -> Kind {
        self.facts().kind
    }

    /// The unit of its readings.
    #[must_use]
    pub const fn unit(self) -> Unit {
        self.facts().unit
    }

    /// Whether it accumulates and can be set back to zero.
    #[must_use]
    pub const fn accumulates(self) -> bool {
        self.facts().accumulates
    }

    /// Its name: the member of the structures of sensors, and the last part of a resource id that documentation names.
    pub(crate) const fn name(self) -> &'static str {
        self.facts().member
    }

    /// The same as part of an opaque resource id.
    pub(crate) const fn instance(self) -> &'static str {
        self.facts().instance
    }

    pub(crate) const fn facts(self) -> Facts {
        let (member, instance, kind, unit, digits, resolution, upper) = match self {
            Self::Voltage => (
                "voltage",
                "Voltage",
                Kind::Voltage,
                Unit::Volt,
                0,
                1.0,
                500.0,
            ),
            Self::VoltageToNeutral => (
                "voltageLN",
                "VoltageLN",
                Kind::Voltage,
                Unit::Volt,
                0,
                1.0,
                300.0,
            ),
            Self::Current => (
                "current",
                "Current",
                Kind::Current,
                Unit::Ampere,
                3,
                0.001,
                64.0,
            ),
            Self::MaximumCurrent => (
                "maximumCurrent",
                "MaximumCurrent",
                Kind::Current,
                Unit::Ampere,
                3,
                0.001,
                64.0,
            ),
            Self::InrushCurrent => (
                "inrushCurrent",
                "InrushCurrent",
                Kind::Current,
                Unit::Ampere,
                3,
                0.001,
                640.0,
            ),
            Self::ResidualCurrent => (
                "residualCurrent",
                "ResidualCurrent",
                Kind::Current,
                Unit::Ampere,
                4,
                0.0001,
                0.3,
            ),
            Self::ResidualAcCurrent => (
                "residualACCurrent",
                "ResidualACCurrent",
                Kind::Current,
                Unit::Ampere,
                4,
                0.0001,
                0.3,
            ),
            Self::ResidualDcCurrent => (
                "residualDCCurrent",
                "ResidualDCCurrent",
                Kind::Current,
                Unit::Ampere,
                4,
                0.0001,
                0.3,
            ),
            Self::UnbalancedCurrent => (
                "unbalancedCurrent",
                "UnbalancedCurrent",
                Kind::UnbalancedCurrent,
                Unit::Percent,
                0,
                1.0,
                200.0,
            ),
            Self::UnbalancedLineLineCurrent => (
                "unbalancedLineLineCurrent",
                "UnbalancedLineLineCurrent",
                Kind::UnbalancedCurrent,
                Unit::Percent,
                0,
                1.0,
                200.0,
            ),
            Self::UnbalancedVoltage => (
                "unbalancedVoltage",
                "UnbalancedVoltage",
                Kind::UnbalancedVoltage,
                Unit::Percent,
                1,
                0.1,
                200.0,
            ),
            Self::UnbalancedLineLineVoltage => (
                "unbalancedLineLineVoltage",
                "UnbalancedLineLineVoltage",
                Kind::UnbalancedVoltage,
                Unit::Percent,
                1,
                0.1,
                200.0,
            ),
            Self::ActivePower => (
                "activePower",
                "ActivePower",
                Kind::Power,
                Unit::Watt,
                0,
                1.0,
                50_000.0,
            ),
            Self::ReactivePower => (
                "reactivePower",
                "ReactivePower",
                Kind::Power,
                Unit::VoltAmpereReactive,
                0,
                1.0,
                50_000.0,
            ),
            Self::ApparentPower => (
                "apparentPower",
                "ApparentPower",
                Kind::Power,
                Unit::VoltAmpere,
                0,
                1.0,
                50_000.0,
            ),
            Self::PowerFactor => (
                "powerFactor",
                "PowerFactor",
                Kind::PowerFactor,
                Unit::None,
                2,
                0.01,
                1.0,
            ),
            Self::DisplacementPowerFactor => (
                "displacementPowerFactor",
                "DisplacementPowerFactor",
                Kind::PowerFactor,
                Unit::None,
                2,
                0.01,
                1.0,
            ),
            Self::PhaseAngle => (
                "phaseAngle",
                "PhaseAngle",
                Kind::Angle,
                Unit::Degree,
                1,
                0.1,
                180.0,
            ),
            Self::ActiveEnergy => (
                "activeEnergy",
                "ActiveEnergy",
                Kind::Energy,
                Unit::WattHour,
                0,
                1.0,
                1e12,
            ),
            Self::ApparentEnergy => (
                "apparentEnergy",
                "ApparentEnergy",
                Kind::Energy,
                Unit::VoltAmpereHour,
                0,
                1.0,
                1e12,
            ),
            Self::LineFrequency => (
                "lineFrequency",
                "LineFrequency",
                Kind::Frequency,
                Unit::Hertz,
                1,
                0.1,
                70.0,
            ),
            Self::Temperature => (
                "temperature",
                "Temperature",
                Kind::Temperature,
                Unit::DegreeCelsius,
                1,
                0.1,
                75.0,
            ),
            Self::Humidity => (
                "humidity",
                "Humidity",
                Kind::Humidity,
                Unit::Percent,
                0,
                1.0,
                100.0,
            ),
        };
        let accumulates = matches!(self, Self::ActiveEnergy | Self::ApparentEnergy);
        let thresholds = match self {
            Self::ResidualCurrent
            | Self::UnbalancedCurrent
            | Self::UnbalancedLineLineCurrent
            | Self::UnbalancedVoltage
            | Self::UnbalancedLineLineVoltage => (true, false),
            Self::MaximumCurrent
            | Self::InrushCurrent
            | Self::ResidualAcCurrent
            | Self::ResidualDcCurrent => (false, false),
            _ if accumulates => (true, false),
            _ => (true, true),
        };
        let lower = match self {
            Self::ReactivePower | Self::PhaseAngle => -upper,
            Self::PowerFactor | Self::DisplacementPowerFactor => -1.0,
            _ => 0.0,
        };
        Facts {
            member,
            instance,
            kind,
            unit,
            digits,
            resolution,
            lower,
            upper,
            accumulates,
            thresholds,
        }
    }
}
