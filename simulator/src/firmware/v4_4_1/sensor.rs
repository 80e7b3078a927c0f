//! A numeric sensor as an object of the device.

use std::sync::Arc;

use xerus_rpc::server::{Context, Reply, Servant};

use super::numeric::type_spec;
use super::thresholds;
use crate::api::sensors::Sensor;
use crate::api::sensors::numeric_sensor::{MetaData, MinMax, Reading, Thresholds};
use crate::api::sensors::sensor::TypeSpec;
use crate::api::server::{pdumodel, sensors};
use crate::device::Device;
use crate::device::accounts::Actor;
use crate::device::quantity::Quantity;
use crate::device::refusal::{self, Refusal};
use crate::device::sensor_id::SensorId;

/// Serves one numeric sensor of any kind.
pub(in crate::device) struct SensorServant {
    device: Arc<Device>,
    id: SensorId,
}

impl SensorServant {
    /// A servant of the most derived type for what the sensor measures.
    pub(in crate::device) fn serve(device: Arc<Device>, id: SensorId) -> Servant {
        let servant = Self { device, id };
        if id.quantity.facts().accumulates {
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
        refusal::change(self.device.accounts(), context, |_| {
            Err(Refusal::new(Sensor::ERR_NOT_SUPPORTED))
        })
    }
}

impl sensors::NumericSensor for SensorServant {
    fn get_meta_data<'a>(&'a self, _: &'a Context) -> Reply<'a, MetaData> {
        Reply::ok(self.device.sensor_meta_data(self.id))
    }

    fn get_default_thresholds<'a>(&'a self, _: &'a Context) -> Reply<'a, Thresholds> {
        Reply::ok(thresholds::defaults(self.id.quantity))
    }

    fn get_thresholds<'a>(&'a self, _: &'a Context) -> Reply<'a, Thresholds> {
        Reply::ok(self.device.thresholds(self.id))
    }

    fn set_thresholds<'a>(&'a self, context: &'a Context, thresh: Thresholds) -> Reply<'a, ()> {
        refusal::change(self.device.accounts(), context, |actor| {
            self.device.change_thresholds(self.id, thresh, actor)
        })
    }

    fn get_reading<'a>(&'a self, _: &'a Context) -> Reply<'a, Reading> {
        Reply::ok(self.device.reading(self.id))
    }

    fn get_min_max<'a>(&'a self, _: &'a Context) -> Reply<'a, MinMax> {
        Reply::ok(self.device.extremes(self.id))
    }

    fn reset_min_max<'a>(&'a self, context: &'a Context) -> Reply<'a, ()> {
        let may = self.device.accounts().may_change(context);
        may.map(|()| self.device.reset_extremes(self.id, &Actor::of(context)))
            .into()
    }
}

impl sensors::AccumulatingNumericSensor for SensorServant {
    fn reset_value<'a>(&'a self, context: &'a Context) -> Reply<'a, ()> {
        let may = self.device.accounts().may_change(context);
        may.map(|()| self.device.reset_counter(self.id, &Actor::of(context)))
            .into()
    }
}

impl pdumodel::TypeBResidualCurrentNumericSensor for SensorServant {
    fn degauss<'a>(&'a self, context: &'a Context) -> Reply<'a, ()> {
        self.device.accounts().may_change(context).into()
    }
}
