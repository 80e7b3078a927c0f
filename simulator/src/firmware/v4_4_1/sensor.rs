//! A numeric sensor as an object of the device.

use std::convert::Infallible;
use std::sync::Arc;

use xerus_api::sensors::numeric_sensor::{
    MetaData, MinMax, Range, Reading, ThresholdCapabilities, Thresholds, reading::Status,
};
use xerus_api::sensors::sensor::TypeSpec;
use xerus_api::sensors::{NumericSensor, Sensor};
use xerus_api::server::{pdumodel, sensors};
use xerus_rpc::Time;
use xerus_rpc::server::{Context, Reply, Servant};

use super::answer::{self, ReturnCode};
use crate::model::{
    self, Actor, Device, Kind, Place, Privilege, Quantity, SensorId, ThresholdRefusal, Unit,
};

impl ReturnCode for ThresholdRefusal {
    fn code(self) -> i32 {
        match self {
            Self::OutOfRange => NumericSensor::THRESHOLD_OUT_OF_RANGE,
            Self::Invalid => NumericSensor::THRESHOLD_INVALID,
            Self::NotSupported => NumericSensor::THRESHOLD_NOT_SUPPORTED,
        }
    }
}

/// What kind of thing a sensor reads, as one of the numbers of the interface.
pub(super) fn kind(kind: Kind) -> i32 {
    match kind {
        Kind::Voltage => Sensor::VOLTAGE,
        Kind::Current => Sensor::CURRENT,
        Kind::UnbalancedCurrent => Sensor::UNBALANCE_CURRENT,
        Kind::UnbalancedVoltage => Sensor::UNBALANCE_VOLTAGE,
        Kind::Angle => Sensor::ANGLE,
        Kind::Power => Sensor::POWER,
        Kind::PowerFactor => Sensor::POWER_FACTOR,
        Kind::Energy => Sensor::ENERGY,
        Kind::Frequency => Sensor::FREQUENCY,
        Kind::Temperature => Sensor::TEMPERATURE,
        Kind::Humidity => Sensor::HUMIDITY,
    }
}

/// The unit of a reading, as one of the numbers of the interface.
pub(super) fn unit(unit: Unit) -> i32 {
    match unit {
        Unit::None => Sensor::NONE,
        Unit::Volt => Sensor::VOLT,
        Unit::Ampere => Sensor::AMPERE,
        Unit::Watt => Sensor::WATT,
        Unit::VoltAmpere => Sensor::VOLT_AMP,
        Unit::VoltAmpereReactive => Sensor::VOLT_AMP_REACTIVE,
        Unit::WattHour => Sensor::WATT_HOUR,
        Unit::VoltAmpereHour => Sensor::VOLT_AMP_HOUR,
        Unit::Hertz => Sensor::HZ,
        Unit::Percent => Sensor::PERCENT,
        Unit::DegreeCelsius => Sensor::DEGREE_CELSIUS,
        Unit::Degree => Sensor::DEGREE,
    }
}

fn type_spec(quantity: Quantity) -> TypeSpec {
    TypeSpec {
        readingtype: Sensor::NUMERIC,
        r#type: kind(quantity.kind()),
        unit: unit(quantity.unit()),
        extra_: Default::default(),
    }
}

fn meta_data(quantity: Quantity, data: &model::SensorMetaData) -> MetaData {
    MetaData {
        r#type: type_spec(quantity),
        decdigits: data.digits,
        accuracy: 0.0,
        resolution: data.resolution,
        tolerance: 0.0,
        noise_threshold: 0.0,
        range: Range {
            lower: data.lower,
            upper: data.upper,
            extra_: Default::default(),
        },
        threshold_caps: ThresholdCapabilities {
            has_upper_critical: data.has_upper_thresholds,
            has_upper_warning: data.has_upper_thresholds,
            has_lower_warning: data.has_lower_thresholds,
            has_lower_critical: data.has_lower_thresholds,
            extra_: Default::default(),
        },
        extra_: Default::default(),
    }
}

pub(super) fn reading(reading: model::Reading) -> Reading {
    Reading {
        timestamp: Time::from_unix_seconds(reading.timestamp),
        available: reading.available,
        status: Status {
            above_upper_critical: reading.status.above_upper_critical,
            above_upper_warning: reading.status.above_upper_warning,
            below_lower_warning: reading.status.below_lower_warning,
            below_lower_critical: reading.status.below_lower_critical,
            extra_: Default::default(),
        },
        valid: reading.valid,
        value: reading.value,
        extra_: Default::default(),
    }
}

pub(super) fn min_max(extremes: model::MinMax) -> MinMax {
    MinMax {
        min_reading: extremes.min_reading,
        min_reading_timestamp: Time::from_unix_seconds(extremes.min_reading_timestamp),
        max_reading: extremes.max_reading,
        max_reading_timestamp: Time::from_unix_seconds(extremes.max_reading_timestamp),
        valid: extremes.valid,
        observed_since: Time::from_unix_seconds(extremes.observed_since),
        extra_: Default::default(),
    }
}

pub(super) fn thresholds(thresholds: model::Thresholds) -> Thresholds {
    Thresholds {
        upper_critical_active: thresholds.upper_critical_active,
        upper_critical: thresholds.upper_critical,
        upper_warning_active: thresholds.upper_warning_active,
        upper_warning: thresholds.upper_warning,
        lower_warning_active: thresholds.lower_warning_active,
        lower_warning: thresholds.lower_warning,
        lower_critical_active: thresholds.lower_critical_active,
        lower_critical: thresholds.lower_critical,
        assertion_timeout: thresholds.assertion_timeout,
        deassertion_hysteresis: thresholds.deassertion_hysteresis,
        extra_: Default::default(),
    }
}

fn wanted_thresholds(thresholds: &Thresholds) -> model::Thresholds {
    model::Thresholds {
        upper_critical_active: thresholds.upper_critical_active,
        upper_critical: thresholds.upper_critical,
        upper_warning_active: thresholds.upper_warning_active,
        upper_warning: thresholds.upper_warning,
        lower_warning_active: thresholds.lower_warning_active,
        lower_warning: thresholds.lower_warning,
        lower_critical_active: thresholds.lower_critical_active,
        lower_critical: thresholds.lower_critical,
        assertion_timeout: thresholds.assertion_timeout,
        deassertion_hysteresis: thresholds.deassertion_hysteresis,
    }
}

/// Serves one numeric sensor of any kind.
pub(super) struct SensorServant {
    device: Arc<Device>,
    id: SensorId,
}

impl SensorServant {
    /// What it takes to set the sensor.
    fn privilege(&self) -> Privilege {
        match self.id.place {
            Place::Slot(_) => Privilege::ChangePeripherals,
            _ => Privilege::ChangePdu,
        }
    }

    /// A method that does not refuse those who may set the sensor.
    fn act<'a>(&self, context: &Context, act: impl FnOnce(&Actor)) -> Reply<'a, ()> {
        answer::with(&self.device, context, self.privilege(), |actor| {
            act(actor);
            Ok::<(), Infallible>(())
        })
    }

    /// A servant of the most derived type for what the sensor measures.
    pub(super) fn serve(device: Arc<Device>, id: SensorId) -> Servant {
        let servant = Self { device, id };
        if id.quantity.accumulates() {
            sensors::accumulating_numeric_sensor(servant)
        } else if id.quantity == Quantity::ResidualCurrent {
            pdumodel::type_b_residual_current_numeric_sensor(servant)
        } else {
            sensors::numeric_sensor(servant)
        }
    }
}

impl sensors::Sensor for SensorServant {
    fn get_type_spec<'a>(&'a self, _: &'a Context) -> Reply<'a, TypeSpec> {
        Reply::ok(type_spec(self.id.quantity))
    }

    fn is_type_change_allowed<'a>(&'a self, _: &'a Context) -> Reply<'a, bool> {
        Reply::ok(false)
    }

    fn set_type<'a>(&'a self, context: &'a Context, _: i32, _: i32) -> Reply<'a, ()> {
        answer::change(&self.device, context, |_| Err(Sensor::ERR_NOT_SUPPORTED))
    }
}

impl sensors::NumericSensor for SensorServant {
    fn get_meta_data<'a>(&'a self, _: &'a Context) -> Reply<'a, MetaData> {
        let data = self.device.sensor_meta_data(self.id);
        Reply::ok(meta_data(self.id.quantity, &data))
    }

    fn get_default_thresholds<'a>(&'a self, _: &'a Context) -> Reply<'a, Thresholds> {
        let defaults = self.device.default_thresholds(self.id.quantity);
        Reply::ok(thresholds(defaults))
    }

    fn get_thresholds<'a>(&'a self, _: &'a Context) -> Reply<'a, Thresholds> {
        Reply::ok(thresholds(self.device.thresholds(self.id)))
    }

    fn set_thresholds<'a>(&'a self, context: &'a Context, thresh: Thresholds) -> Reply<'a, ()> {
        answer::with(&self.device, context, self.privilege(), |actor| {
            let wanted = wanted_thresholds(&thresh);
            self.device.change_thresholds(self.id, wanted, actor)
        })
    }

    fn get_reading<'a>(&'a self, _: &'a Context) -> Reply<'a, Reading> {
        Reply::ok(reading(self.device.reading(self.id)))
    }

    fn get_min_max<'a>(&'a self, _: &'a Context) -> Reply<'a, MinMax> {
        Reply::ok(min_max(self.device.extremes(self.id)))
    }

    fn reset_min_max<'a>(&'a self, context: &'a Context) -> Reply<'a, ()> {
        self.act(context, |actor| self.device.reset_extremes(self.id, actor))
    }
}

impl sensors::AccumulatingNumericSensor for SensorServant {
    fn reset_value<'a>(&'a self, context: &'a Context) -> Reply<'a, ()> {
        self.act(context, |actor| self.device.reset_counter(self.id, actor))
    }

    fn get_last_reset_time<'a>(&'a self, _: &'a Context) -> Reply<'a, Time> {
        Reply::ok(Time::from_unix_seconds(self.device.last_reset(self.id)))
    }
}

impl pdumodel::TypeBResidualCurrentNumericSensor for SensorServant {
    fn degauss<'a>(&'a self, context: &'a Context) -> Reply<'a, ()> {
        self.act(context, |_| {})
    }
}
