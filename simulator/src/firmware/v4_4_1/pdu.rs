//! The device as an object of its own.

use std::ops::Range;
use std::sync::Arc;

use xerus_rpc::Interface;
use xerus_rpc::server::{Context, Reply};

use crate::api::hmi::InternalBeeper;
use crate::api::pdumodel::outlet::PowerState;
use crate::api::pdumodel::{
    CircuitBreakerStatistic, Controller, Inlet, Nameplate, Outlet, OutletStatistic,
    OverCurrentProtector, Pdu, TransferSwitch, pdu,
};
use crate::api::peripheral::DeviceManager;
use crate::api::portsmodel::Port;
use crate::api::sensors::{AlertedSensorManager, Logger};
use crate::api::server::pdumodel as traits;
use crate::device::accounts::Actor;
use crate::device::reference::{self, Name};
use crate::device::refusal::{self, Refusal};
use crate::device::{Device, peripheral};

/// Serves the device.
pub(in crate::device) struct PduServant(pub(in crate::device) Arc<Device>);

impl PduServant {
    /// Does `act` with each outlet; the first refusal is the answer, the rest is done nevertheless.
    fn each(
        outlets: impl IntoIterator<Item = usize>,
        act: impl Fn(usize) -> Result<(), Refusal>,
    ) -> Result<(), Refusal> {
        let mut done = Ok(());
        for outlet in outlets {
            done = done.and(act(outlet));
        }
        done
    }

    fn all(&self) -> Range<usize> {
        0..self.0.make_up().outlets
    }

    /// The outlets of a request; one that is not there refuses it as a whole.
    fn chosen(&self, numbers: &[i32]) -> Result<Vec<usize>, Refusal> {
        let outlet = |&number| {
            usize::try_from(number)
                .ok()
                .filter(|outlet| self.all().contains(outlet))
                .ok_or(Refusal::new(Pdu::ERR_INVALID_PARAM))
        };
        numbers.iter().map(outlet).collect()
    }
}

fn none<'a, I: Interface>() -> Reply<'a, Option<I>> {
    Reply::ok(None)
}

fn elements<'a, I: Interface>(count: usize, name: impl Fn(usize) -> Name) -> Reply<'a, Vec<I>> {
    Reply::ok((0..count).map(|index| name(index).element()).collect())
}

impl traits::Pdu for PduServant {
    fn get_nameplate<'a>(&'a self, _: &'a Context) -> Reply<'a, Nameplate> {
        Reply::ok(self.0.nameplate())
    }

    fn get_meta_data<'a>(&'a self, _: &'a Context) -> Reply<'a, pdu::MetaData> {
        Reply::ok(self.0.pdu_meta_data())
    }

    fn get_sensors<'a>(&'a self, _: &'a Context) -> Reply<'a, pdu::Sensors> {
        Reply::ok(self.0.pdu_sensors())
    }

    fn get_sensor_logger<'a>(&'a self, _: &'a Context) -> Reply<'a, Option<Logger>> {
        none()
    }

    fn get_alerted_sensor_manager<'a>(
        &'a self,
        _: &'a Context,
    ) -> Reply<'a, Option<AlertedSensorManager>> {
        none()
    }

    fn get_controllers<'a>(&'a self, _: &'a Context) -> Reply<'a, Vec<Controller>> {
        Reply::ok(Vec::new())
    }

    fn get_outlets<'a>(&'a self, _: &'a Context) -> Reply<'a, Vec<Outlet>> {
        elements(self.0.make_up().outlets, reference::outlet)
    }

    fn get_over_current_protectors<'a>(
        &'a self,
        _: &'a Context,
    ) -> Reply<'a, Vec<OverCurrentProtector>> {
        elements(self.0.make_up().overcurrent_protectors, reference::ocp)
    }

    fn get_inlets<'a>(&'a self, _: &'a Context) -> Reply<'a, Vec<Inlet>> {
        elements(self.0.make_up().inlets, reference::inlet)
    }

    fn get_transfer_switches<'a>(&'a self, _: &'a Context) -> Reply<'a, Vec<TransferSwitch>> {
        Reply::ok(Vec::new())
    }

    fn get_peripheral_device_manager<'a>(
        &'a self,
        _: &'a Context,
    ) -> Reply<'a, Option<DeviceManager>> {
        Reply::ok(peripheral::manager_name().to())
    }

    fn get_beeper<'a>(&'a self, _: &'a Context) -> Reply<'a, Option<InternalBeeper>> {
        none()
    }

    fn get_settings<'a>(&'a self, _: &'a Context) -> Reply<'a, pdu::Settings> {
        Reply::ok(self.0.pdu_settings())
    }

    fn is_load_shedding_active<'a>(&'a self, _: &'a Context) -> Reply<'a, bool> {
        Reply::ok(self.0.state().load_shedding)
    }

    fn set_settings<'a>(
        &'a self,
        context: &'a Context,
        settings: pdu::sparse_::Settings,
    ) -> Reply<'a, ()> {
        refusal::change(self.0.accounts(), context, |actor| {
            self.0.change_pdu_settings(settings, actor)
        })
    }

    fn set_load_shedding_active<'a>(&'a self, context: &'a Context, active: bool) -> Reply<'a, ()> {
        let may = self.0.accounts().may_change(context);
        may.map(|()| self.0.set_load_shedding(active, &Actor::of(context)))
            .into()
    }

    fn get_feature_ports<'a>(&'a self, _: &'a Context) -> Reply<'a, Vec<Port>> {
        Reply::ok(Vec::new())
    }

    fn get_sensor_ports<'a>(&'a self, _: &'a Context) -> Reply<'a, Vec<Port>> {
        Reply::ok(Vec::new())
    }

    fn get_remote_hub_ports<'a>(&'a self, _: &'a Context) -> Reply<'a, Vec<Port>> {
        Reply::ok(Vec::new())
    }

    fn set_all_outlet_power_states<'a>(
        &'a self,
        context: &'a Context,
        pstate: PowerState,
    ) -> Reply<'a, ()> {
        refusal::change(self.0.accounts(), context, |actor| {
            Self::each(self.all(), |outlet| {
                self.0.set_outlet_power(outlet, pstate, actor)
            })
        })
    }

    fn set_multiple_outlet_power_states<'a>(
        &'a self,
        context: &'a Context,
        outlet_numbers: Vec<i32>,
        state: PowerState,
        _respect_sequence: bool,
    ) -> Reply<'a, ()> {
        refusal::change(self.0.accounts(), context, |actor| {
            Self::each(self.chosen(&outlet_numbers)?, |outlet| {
                self.0.set_outlet_power(outlet, state, actor)
            })
        })
    }

    fn cycle_all_outlet_power_states<'a>(&'a self, context: &'a Context) -> Reply<'a, ()> {
        refusal::change(self.0.accounts(), context, |actor| {
            Self::each(self.all(), |outlet| self.0.cycle_outlet(outlet, actor))
        })
    }

    fn cycle_multiple_outlet_power_states<'a>(
        &'a self,
        context: &'a Context,
        outlet_numbers: Vec<i32>,
        _respect_sequence: bool,
    ) -> Reply<'a, ()> {
        refusal::change(self.0.accounts(), context, |actor| {
            Self::each(self.chosen(&outlet_numbers)?, |outlet| {
                self.0.cycle_outlet(outlet, actor)
            })
        })
    }

    fn get_statistic<'a>(&'a self, _: &'a Context) -> Reply<'a, pdu::Statistic> {
        let state = self.0.state();
        Reply::ok(pdu::Statistic {
            cb_stats: state
                .tripped
                .iter()
                .map(|&tripped| CircuitBreakerStatistic {
                    trip_cnt: tripped.into(),
                    extra_: Default::default(),
                })
                .collect(),
            ctrl_stats: Vec::new(),
            outlet_stats: state
                .outlets
                .iter()
                .map(|outlet| OutletStatistic {
                    relay_cycle_cnt: outlet.switched,
                    ..Default::default()
                })
                .collect(),
            peripheral_stats: Default::default(),
            extra_: Default::default(),
        })
    }

    /// Switching happens at once here, so no sequence is ever under way.
    fn get_outlet_sequence_state<'a>(
        &'a self,
        _: &'a Context,
    ) -> Reply<'a, pdu::OutletSequenceState> {
        Reply::ok(pdu::OutletSequenceState {
            next_outlet_to_switch: -1,
            ..Default::default()
        })
    }

    fn cancel_outlet_sequence<'a>(&'a self, _: &'a Context) -> Reply<'a, ()> {
        Reply::ok(())
    }
}
