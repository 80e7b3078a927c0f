//! An outlet as an object of the device.

use std::sync::Arc;

use xerus_api::pdumodel::outlet::{self, PowerState};
use xerus_api::pdumodel::{
    Controller, EDevice, Inlet, Outlet, OverCurrentProtector, Pole, Waveform,
};
use xerus_api::server::pdumodel as traits;
use xerus_rpc::Time;
use xerus_rpc::server::{Context, Reply};

use super::answer::{self, ReturnCode};
use super::{inlet, parts, reference};
use crate::model::{
    Actor, Device, MakeUp, OutletMetaData, OutletRefusal, OutletSettings, OutletStartup,
    OutletState, Place, Power, Privilege, Quantity, StateSensorId,
};

impl ReturnCode for OutletRefusal {
    fn code(self) -> i32 {
        match self {
            Self::NotSwitchable => Outlet::ERR_OUTLET_NOT_SWITCHABLE,
            Self::Disabled => Outlet::ERR_OUTLET_DISABLED,
            Self::LoadShedding => Outlet::ERR_LOAD_SHEDDING_ACTIVE,
            Self::RelayControlInhibited => Outlet::ERR_RELAY_CONTROL_DISABLED,
            Self::Invalid => Outlet::ERR_INVALID_PARAM,
        }
    }
}

pub(super) fn power_state(power: Power) -> PowerState {
    match power {
        Power::Off => PowerState::PsOff,
        Power::On => PowerState::PsOn,
    }
}

/// What a client wants an outlet to be.
pub(super) fn power(wanted: PowerState) -> Result<Power, OutletRefusal> {
    match wanted {
        PowerState::PsOff => Ok(Power::Off),
        PowerState::PsOn => Ok(Power::On),
        _ => Err(OutletRefusal::Invalid),
    }
}

// The indicator colours are marked deprecated in the API, but devices still send them.
#[allow(deprecated)]
pub(super) fn state(state: OutletState) -> outlet::State {
    outlet::State {
        available: true,
        power_state: power_state(state.power),
        switch_on_in_progress: state.switch_on_in_progress,
        cycle_in_progress: state.cycle_in_progress,
        is_load_shed: state.is_load_shed,
        is_suspended: false,
        has_inrush_waveform: false,
        in_service_mode: false,
        led_state: outlet::LedState {
            red: state.power.is_on(),
            green: !state.power.is_on(),
            blinking: state.cycle_in_progress || state.switch_on_in_progress,
            extra_: Default::default(),
        },
        last_power_state_change: Time::from_unix_seconds(state.last_change),
        extra_: Default::default(),
    }
}

pub(super) fn settings(settings: OutletSettings) -> outlet::Settings {
    outlet::Settings {
        name: settings.name,
        startup_state: match settings.startup {
            OutletStartup::On => outlet::StartupState::SsOn,
            OutletStartup::Off => outlet::StartupState::SsOff,
            OutletStartup::LastKnown => outlet::StartupState::SsLastknown,
            OutletStartup::AsPdu => outlet::StartupState::SsPdudef,
        },
        use_pdu_cycle_delay: settings.use_pdu_cycle_delay,
        cycle_delay: settings.cycle_delay,
        non_critical: settings.non_critical,
        sequence_delay: settings.sequence_delay,
        extra_: Default::default(),
    }
}

fn wanted_settings(settings: outlet::Settings) -> Result<OutletSettings, OutletRefusal> {
    Ok(OutletSettings {
        name: settings.name,
        startup: match settings.startup_state {
            outlet::StartupState::SsOn => OutletStartup::On,
            outlet::StartupState::SsOff => OutletStartup::Off,
            outlet::StartupState::SsLastknown => OutletStartup::LastKnown,
            outlet::StartupState::SsPdudef => OutletStartup::AsPdu,
            _ => return Err(OutletRefusal::Invalid),
        },
        use_pdu_cycle_delay: settings.use_pdu_cycle_delay,
        cycle_delay: settings.cycle_delay,
        non_critical: settings.non_critical,
        sequence_delay: settings.sequence_delay,
    })
}

fn meta_data(data: OutletMetaData) -> outlet::MetaData {
    outlet::MetaData {
        label: data.label,
        receptacle_type: data.receptacle_type,
        name_plate: parts::nameplate(data.nameplate),
        rating: parts::rating(data.rating),
        is_switchable: data.is_switchable,
        is_latching: data.is_latching,
        max_relay_cycle_cnt: data.max_relay_cycles,
        has_waveform_support: false,
        has_service_mode_support: false,
        extra_: Default::default(),
    }
}

fn sensors(make_up: &MakeUp, index: usize) -> outlet::Sensors {
    let at = |quantity| reference::sensor_at(make_up, Place::Outlet(index), quantity);
    outlet::Sensors {
        voltage: at(Quantity::Voltage),
        current: at(Quantity::Current),
        maximum_current: at(Quantity::MaximumCurrent),
        active_power: at(Quantity::ActivePower),
        reactive_power: at(Quantity::ReactivePower),
        apparent_power: at(Quantity::ApparentPower),
        power_factor: at(Quantity::PowerFactor),
        active_energy: at(Quantity::ActiveEnergy),
        apparent_energy: at(Quantity::ApparentEnergy),
        phase_angle: at(Quantity::PhaseAngle),
        line_frequency: at(Quantity::LineFrequency),
        inrush_current: at(Quantity::InrushCurrent),
        outlet_state: reference::state_sensor(StateSensorId::OutletState(index)).to(),
        ..Default::default()
    }
}

/// Serves one outlet.
pub(super) struct OutletServant {
    pub(super) device: Arc<Device>,
    pub(super) index: usize,
}

impl OutletServant {
    fn get<'a, T, U>(&self, value: Option<T>, as_sent: impl FnOnce(T) -> U) -> Reply<'a, U> {
        let value = value.expect("only outlets of the device are served, and they do not go away");
        Reply::ok(as_sent(value))
    }

    /// Does something with the relay, if the caller may switch this outlet.
    fn switch<'a>(
        &self,
        context: &Context,
        act: impl FnOnce(&Actor) -> Result<(), OutletRefusal>,
    ) -> Reply<'a, ()> {
        let privilege = Privilege::SwitchOutlet;
        answer::with_at(&self.device, context, privilege, &[self.index], act)
    }

    fn inlet(&self) -> usize {
        self.device.make_up().inlet_of(self.index)
    }
}

impl traits::EDevice for OutletServant {
    fn get_parents<'a>(&'a self, _: &'a Context) -> Reply<'a, Vec<EDevice>> {
        let parent = match self.device.make_up().ocp_of(self.index) {
            Some(ocp) => reference::ocp(ocp),
            None => reference::inlet(self.inlet()),
        };
        Reply::ok(vec![parent.element()])
    }

    fn get_children<'a>(&'a self, _: &'a Context) -> Reply<'a, Vec<EDevice>> {
        Reply::ok(Vec::new())
    }
}

impl traits::Outlet for OutletServant {
    fn get_meta_data<'a>(&'a self, _: &'a Context) -> Reply<'a, outlet::MetaData> {
        self.get(self.device.outlet_meta_data(self.index), meta_data)
    }

    fn get_sensors<'a>(&'a self, _: &'a Context) -> Reply<'a, outlet::Sensors> {
        Reply::ok(sensors(self.device.make_up(), self.index))
    }

    fn get_state<'a>(&'a self, _: &'a Context) -> Reply<'a, outlet::State> {
        self.get(self.device.outlet_state(self.index), state)
    }

    fn set_power_state<'a>(&'a self, context: &'a Context, pstate: PowerState) -> Reply<'a, ()> {
        self.switch(context, |actor| {
            self.device
                .set_outlet_power(self.index, power(pstate)?, actor)
        })
    }

    fn cycle_power_state<'a>(&'a self, context: &'a Context) -> Reply<'a, ()> {
        self.switch(context, |actor| {
            self.device.cycle_outlets(&[self.index], false, actor)
        })
    }

    fn get_settings<'a>(&'a self, _: &'a Context) -> Reply<'a, outlet::Settings> {
        self.get(self.device.outlet_settings(self.index), settings)
    }

    fn set_settings<'a>(
        &'a self,
        context: &'a Context,
        settings: outlet::Settings,
    ) -> Reply<'a, ()> {
        answer::with(&self.device, context, Privilege::ChangePdu, |actor| {
            let settings = wanted_settings(settings)?;
            self.device
                .change_outlet_settings(self.index, settings, actor)
        })
    }

    fn get_iop<'a>(
        &'a self,
        _: &'a Context,
    ) -> Reply<'a, (Option<Inlet>, Option<OverCurrentProtector>, Vec<Pole>)> {
        let make_up = self.device.make_up();
        let inlet = self.inlet();
        let ocp = make_up
            .ocp_of(self.index)
            .and_then(|ocp| reference::ocp(ocp).to());
        let poles = inlet::poles(make_up, inlet, &[make_up.line_of(self.index)]);
        Reply::ok((reference::inlet(inlet).to(), ocp, poles))
    }

    fn get_controller<'a>(&'a self, _: &'a Context) -> Reply<'a, Option<Controller>> {
        Reply::ok(None)
    }

    fn get_inrush_waveform<'a>(&'a self, _: &'a Context) -> Reply<'a, Waveform> {
        Reply::ok(Waveform::default())
    }

    fn set_service_mode_enabled<'a>(&'a self, context: &'a Context, _: bool) -> Reply<'a, ()> {
        answer::change(&self.device, context, |_| {
            Err(Outlet::ERR_OPERATION_UNSUPPORTED)
        })
    }

    fn unstick<'a>(&'a self, _: &'a Context) -> Reply<'a, ()> {
        Reply::ok(())
    }
}
