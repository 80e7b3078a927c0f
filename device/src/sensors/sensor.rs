//! One sensor.

use std::fmt;

use xerus_api::sensors::numeric_sensor::{MetaData, ThresholdCapabilities, Thresholds};
use xerus_api::sensors::sensor::TypeSpec;
use xerus_rpc::Object;

use super::{Place, Quantity, Unit};

/// What kind of readings a sensor has.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Kind {
    /// A number.
    Numeric,
    /// A number that only grows until it is reset: energy.
    Accumulating,
    /// One of several states, as a number.
    State,
}

/// A sensor of a PDU: where it is, and what it measures.
///
/// It displays as its [path](Self::path).
#[derive(Clone, Debug)]
pub struct Sensor {
    pub(super) place: Place,
    pub(super) member: String,
    pub(super) object: Object,
    pub(super) about: About,
}

/// What a sensor says of itself.
#[derive(Clone, Debug)]
pub(super) struct About {
    pub(super) kind: Kind,
    pub(super) type_spec: Option<TypeSpec>,
    pub(super) meta_data: Option<MetaData>,
    pub(super) thresholds: Option<Thresholds>,
}

impl Sensor {
    /// Where it is, and the member that refers to it: `inlet I1 / pole L1 / current`.
    #[must_use]
    pub fn path(&self) -> String {
        self.to_string()
    }

    /// The part of the PDU that it belongs to.
    #[must_use]
    pub fn place(&self) -> &Place {
        &self.place
    }

    /// The member that refers to it, as the IDL has it: `activePower`, `powerSupplyStatus[0]`; `device` for a peripheral device.
    #[must_use]
    pub fn member(&self) -> &str {
        &self.member
    }

    /// The object, with the type that the device reports. `cast` and `assume` make a proxy of it, for history and settings.
    #[must_use]
    pub fn object(&self) -> &Object {
        &self.object
    }

    /// What kind of readings it has.
    #[must_use]
    pub fn kind(&self) -> Kind {
        self.about.kind
    }

    /// What it measures.
    #[must_use]
    pub fn quantity(&self) -> Quantity {
        let spec = self.about.spec();
        spec.map_or(Quantity::Unspecified, |spec| {
            Quantity::from_number(spec.r#type)
        })
    }

    /// In what it measures.
    #[must_use]
    pub fn unit(&self) -> Unit {
        let spec = self.about.spec();
        spec.map_or(Unit::None, |spec| Unit::from_number(spec.unit))
    }

    /// How many digits behind the point make sense; `None` for a sensor with states.
    #[must_use]
    pub fn precision(&self) -> Option<u8> {
        let meta_data = self.meta_data()?;
        u8::try_from(meta_data.decdigits).ok()
    }

    /// Least and greatest reading; `None` where the device does not say, which it does with two equal numbers.
    #[must_use]
    pub fn range(&self) -> Option<(f64, f64)> {
        let range = &self.meta_data()?.range;
        (range.lower < range.upper).then_some((range.lower, range.upper))
    }

    /// All that a sensor with numbers says of itself: accuracy, resolution and more. `None` for a sensor with states.
    #[must_use]
    pub fn meta_data(&self) -> Option<&MetaData> {
        self.about.meta_data.as_ref()
    }

    /// Which thresholds it may have; `None` for a sensor with states.
    #[must_use]
    pub fn threshold_capabilities(&self) -> Option<&ThresholdCapabilities> {
        Some(&self.meta_data()?.threshold_caps)
    }

    /// The thresholds as they were at the time of the walk; each has a member that says whether it counts. `None` for a sensor with
    /// states.
    #[must_use]
    pub fn thresholds(&self) -> Option<&Thresholds> {
        self.about.thresholds.as_ref()
    }

    /// A value with as many digits as make sense, and the unit: `3.20 A`.
    #[must_use]
    pub fn show(&self, value: f64) -> String {
        let digits = usize::from(self.precision().unwrap_or(0).min(15));
        match self.unit() {
            Unit::None => format!("{value:.digits$}"),
            unit => format!("{value:.digits$} {unit}"),
        }
    }
}

impl About {
    fn spec(&self) -> Option<&TypeSpec> {
        let numeric = self.meta_data.as_ref().map(|meta_data| &meta_data.r#type);
        numeric.or(self.type_spec.as_ref())
    }
}

impl fmt::Display for Sensor {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} / {}", self.place, self.member)
    }
}
