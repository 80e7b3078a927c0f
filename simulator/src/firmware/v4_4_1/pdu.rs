//! The device as an object of its own.

use std::sync::Arc;

use xerus_api::hmi::InternalBeeper;
use xerus_api::pdumodel::outlet::PowerState;
use xerus_api::pdumodel::{
    CircuitBreakerStatistic, Controller, Inlet, Nameplate, Outlet, OutletStatistic,
    OverCurrentProtector, Pdu, PowerShelfManager, TransferSwitch, pdu,
};
use xerus_api::peripheral::{DeviceManager, PortType};
use xerus_api::portsmodel::{Port, port};
use xerus_api::sensors::{AlertedSensorManager, Logger};
use xerus_api::server::pdumodel as traits;
use xerus_rpc::Interface;
use xerus_rpc::server::{Context, Reply};

use super::answer::{self, ReturnCode};
use super::outlet::power;
use super::{parts, pdu_settings, peripheral, reference, strip};
use crate::firmware::Name;
use crate::model::{
    Actor, Device, InletWiring, MakeUp, PduMetaData, PduRefusal, Place, Privilege, Quantity,
    SequenceState, StateSensorId,
};

impl ReturnCode for PduRefusal {
    fn code(self) -> i32 {
        match self {
            Self::Invalid => Pdu::ERR_INVALID_PARAM,
            // The methods that switch outlets have the codes of those.
            Self::Outlet(refusal) => refusal.code(),
        }
    }
}

fn meta_data(data: PduMetaData) -> pdu::MetaData {
    pdu::MetaData {
        nameplate: parts::nameplate(data.nameplate),
        ctrl_board_serial: data.controller_serial,
        hw_revision: data.hardware_revision,
        fw_revision: data.firmware_version,
        mac_address: data.mac_address,
        has_switchable_outlets: data.has_switchable_outlets,
        has_metered_outlets: data.has_metered_outlets,
        has_latching_outlet_relays: false,
        is_inline_meter: data.is_inline_meter,
        is_energy_pulse_supported: false,
        has_dc_inlets: false,
        pdu_orientation: pdu::PduOrientation::PoNone,
        supported_inlet_wirings: vec![pdu_settings::wiring(InletWiring::AutoDetect)],
        extra_: Default::default(),
    }
}

fn sensors(make_up: &MakeUp) -> pdu::Sensors {
    let at = |quantity| reference::sensor_at(make_up, Place::Pdu, quantity);
    pdu::Sensors {
        power_supply_status: (0..MakeUp::POWER_SUPPLIES)
            .map(|index| reference::state_sensor(StateSensorId::PowerSupply(index)).element())
            .collect(),
        active_power: at(Quantity::ActivePower),
        apparent_power: at(Quantity::ApparentPower),
        active_energy: at(Quantity::ActiveEnergy),
        apparent_energy: at(Quantity::ApparentEnergy),
        extra_: Default::default(),
    }
}

pub(super) fn sequence_state(state: &SequenceState) -> pdu::OutletSequenceState {
    let number = |count: usize| i32::try_from(count).unwrap_or(i32::MAX);
    let (outlet, time) = match state.next {
        Some((outlet, time)) => (
            number(outlet),
            i32::try_from(time.as_millis()).unwrap_or(i32::MAX),
        ),
        None => (-1, 0),
    };
    pdu::OutletSequenceState {
        sequence_running: state.next.is_some(),
        next_outlet_to_switch: outlet,
        time_until_next_switch: time,
        outlets_remaining: number(state.remaining),
        cancelable_outlets_remaining: number(state.cancelable),
        extra_: Default::default(),
    }
}

/// Serves the device.
pub(super) struct PduServant(pub(super) Arc<Device>);

impl PduServant {
    /// Does something with outlets, if the caller may switch each of them.
    fn switch<'a>(
        &self,
        context: &Context,
        outlets: Result<Vec<usize>, PduRefusal>,
        act: impl FnOnce(&[usize], &Actor) -> Result<(), PduRefusal>,
    ) -> Reply<'a, ()> {
        let chosen = outlets.as_deref().unwrap_or_default();
        answer::with_at(
            &self.0,
            context,
            Privilege::SwitchOutlet,
            chosen,
            |actor| match outlets {
                Ok(ref chosen) => act(chosen, actor),
                Err(refusal) => Err(refusal),
            },
        )
    }

    fn all(&self) -> Vec<usize> {
        (0..self.0.make_up().outlets).collect()
    }

    /// The outlets of a request; one that is not there refuses it as a whole.
    fn chosen(&self, numbers: &[i32]) -> Result<Vec<usize>, PduRefusal> {
        let outlet = |&number| {
            usize::try_from(number)
                .ok()
                .filter(|&outlet| outlet < self.0.make_up().outlets)
                .ok_or(PduRefusal::Invalid)
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
        Reply::ok(parts::nameplate(self.0.nameplate()))
    }

    fn get_meta_data<'a>(&'a self, _: &'a Context) -> Reply<'a, pdu::MetaData> {
        Reply::ok(meta_data(self.0.pdu_meta_data()))
    }

    fn get_sensors<'a>(&'a self, _: &'a Context) -> Reply<'a, pdu::Sensors> {
        Reply::ok(sensors(self.0.make_up()))
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
        let switches = usize::from(self.0.make_up().transfer_switch);
        elements(switches, |_| reference::transfer_switch())
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
        Reply::ok(pdu_settings::sent(self.0.pdu_settings()))
    }

    fn is_load_shedding_active<'a>(&'a self, _: &'a Context) -> Reply<'a, bool> {
        Reply::ok(self.0.load_shedding())
    }

    fn set_settings<'a>(
        &'a self,
        context: &'a Context,
        settings: pdu::sparse_::Settings,
    ) -> Reply<'a, ()> {
        answer::with(&self.0, context, Privilege::ChangePdu, |actor| {
            self.0
                .change_pdu_settings(|now| pdu_settings::merge(now, settings), actor)
        })
    }

    fn set_load_shedding_active<'a>(&'a self, context: &'a Context, active: bool) -> Reply<'a, ()> {
        answer::act(&self.0, context, |actor| {
            self.0.set_load_shedding(active, actor);
        })
    }

    fn get_feature_ports<'a>(&'a self, _: &'a Context) -> Reply<'a, Vec<Port>> {
        elements(self.0.make_up().asset_strips, strip::port_name)
    }

    fn get_sensor_ports<'a>(&'a self, _: &'a Context) -> Reply<'a, Vec<Port>> {
        Reply::ok(Vec::new())
    }

    fn get_remote_hub_ports<'a>(&'a self, _: &'a Context) -> Reply<'a, Vec<Port>> {
        Reply::ok(Vec::new())
    }

    fn get_ports<'a>(
        &'a self,
        _: &'a Context,
        _: PortType,
        _: port::DeviceTypeId,
    ) -> Reply<'a, Vec<pdu::PortWithProperties>> {
        Reply::ok(Vec::new())
    }

    fn get_power_shelf_manager<'a>(
        &'a self,
        _: &'a Context,
    ) -> Reply<'a, Option<PowerShelfManager>> {
        none()
    }

    fn set_all_outlet_power_states<'a>(
        &'a self,
        context: &'a Context,
        pstate: PowerState,
    ) -> Reply<'a, ()> {
        self.switch(context, Ok(self.all()), |all, actor| {
            Ok(self.0.set_outlets(all, power(pstate)?, true, actor)?)
        })
    }

    fn set_multiple_outlet_power_states<'a>(
        &'a self,
        context: &'a Context,
        outlet_numbers: Vec<i32>,
        state: PowerState,
        respect_sequence: bool,
    ) -> Reply<'a, ()> {
        self.switch(context, self.chosen(&outlet_numbers), |chosen, actor| {
            let power = power(state)?;
            Ok(self.0.set_outlets(chosen, power, respect_sequence, actor)?)
        })
    }

    fn cycle_all_outlet_power_states<'a>(&'a self, context: &'a Context) -> Reply<'a, ()> {
        self.switch(context, Ok(self.all()), |all, actor| {
            Ok(self.0.cycle_outlets(all, true, actor)?)
        })
    }

    fn cycle_multiple_outlet_power_states<'a>(
        &'a self,
        context: &'a Context,
        outlet_numbers: Vec<i32>,
        respect_sequence: bool,
    ) -> Reply<'a, ()> {
        self.switch(context, self.chosen(&outlet_numbers), |chosen, actor| {
            Ok(self.0.cycle_outlets(chosen, respect_sequence, actor)?)
        })
    }

    fn get_statistic<'a>(&'a self, _: &'a Context) -> Reply<'a, pdu::Statistic> {
        let statistic = self.0.pdu_statistic();
        let breakers = statistic.trips.into_iter();
        let outlets = statistic.relay_cycles.into_iter();
        Reply::ok(pdu::Statistic {
            cb_stats: breakers
                .map(|trip_cnt| CircuitBreakerStatistic {
                    trip_cnt,
                    extra_: Default::default(),
                })
                .collect(),
            ctrl_stats: Vec::new(),
            outlet_stats: outlets
                .map(|relay_cycle_cnt| OutletStatistic {
                    relay_cycle_cnt,
                    relay_fail_cnt: 0,
                    extra_: Default::default(),
                })
                .collect(),
            peripheral_stats: Default::default(),
            extra_: Default::default(),
        })
    }

    fn get_outlet_sequence_state<'a>(
        &'a self,
        _: &'a Context,
    ) -> Reply<'a, pdu::OutletSequenceState> {
        Reply::ok(sequence_state(&self.0.outlet_sequence()))
    }

    fn cancel_outlet_sequence<'a>(&'a self, context: &'a Context) -> Reply<'a, ()> {
        self.switch(context, Ok(self.all()), |_, _| {
            self.0.cancel_outlet_sequence();
            Ok(())
        })
    }
}
