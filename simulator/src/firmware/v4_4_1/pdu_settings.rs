//! Settings of the device, from and to what clients send.

use xerus_api::pdumodel::pdu;

use crate::model::{InletWiring, PduRefusal, PduSettings, PduStartup};

pub(super) fn sent(settings: PduSettings) -> pdu::Settings {
    pdu::Settings {
        name: settings.name,
        startup_state: match settings.startup {
            PduStartup::On => pdu::StartupState::SsOn,
            PduStartup::Off => pdu::StartupState::SsOff,
            PduStartup::LastKnown => pdu::StartupState::SsLastknown,
        },
        cycle_delay: settings.cycle_delay,
        in_rush_guard_delay: settings.in_rush_guard_delay,
        outlet_power_state_sequence: settings.outlet_sequence,
        power_on_delay: settings.power_on_delay,
        latching_relays: settings.latching_relays,
        energy_pulse_enabled: settings.energy_pulse_enabled,
        energy_pulses_per_k_wh: settings.energy_pulses_per_kwh,
        demand_update_interval: settings.demand_update_interval,
        demand_averaging_intervals: settings.demand_averaging_intervals,
        suspend_trip_cause_outlets: settings.suspend_trip_cause_outlets,
        inhibit_relay_control: settings.inhibit_relay_control,
        inlet_wiring: wiring(settings.inlet_wiring),
        extra_: Default::default(),
    }
}

pub(super) fn wiring(wiring: InletWiring) -> pdu::InletWiring {
    match wiring {
        InletWiring::AutoDetect => pdu::InletWiring::IwAutoDetect,
        InletWiring::SinglePhase => pdu::InletWiring::IwSinglePhase,
        InletWiring::Wye => pdu::InletWiring::IwWye,
        InletWiring::Delta => pdu::InletWiring::IwDelta,
    }
}

/// Members that are absent stay as they are: the request form is sparse.
pub(super) fn merge(
    settings: &mut PduSettings,
    new: pdu::sparse_::Settings,
) -> Result<(), PduRefusal> {
    fn set<T>(member: &mut T, new: Option<T>) {
        if let Some(new) = new {
            *member = new;
        }
    }
    set(&mut settings.name, new.name);
    if let Some(startup) = new.startup_state {
        settings.startup = match startup {
            pdu::StartupState::SsOn => PduStartup::On,
            pdu::StartupState::SsOff => PduStartup::Off,
            pdu::StartupState::SsLastknown => PduStartup::LastKnown,
            _ => return Err(PduRefusal::Invalid),
        };
    }
    set(&mut settings.cycle_delay, new.cycle_delay);
    set(&mut settings.in_rush_guard_delay, new.in_rush_guard_delay);
    set(
        &mut settings.outlet_sequence,
        new.outlet_power_state_sequence,
    );
    set(&mut settings.power_on_delay, new.power_on_delay);
    set(&mut settings.latching_relays, new.latching_relays);
    set(&mut settings.energy_pulse_enabled, new.energy_pulse_enabled);
    set(
        &mut settings.energy_pulses_per_kwh,
        new.energy_pulses_per_k_wh,
    );
    set(
        &mut settings.demand_update_interval,
        new.demand_update_interval,
    );
    set(
        &mut settings.demand_averaging_intervals,
        new.demand_averaging_intervals,
    );
    set(
        &mut settings.suspend_trip_cause_outlets,
        new.suspend_trip_cause_outlets,
    );
    set(
        &mut settings.inhibit_relay_control,
        new.inhibit_relay_control,
    );
    if let Some(wiring) = new.inlet_wiring {
        settings.inlet_wiring = match wiring {
            pdu::InletWiring::IwAutoDetect => InletWiring::AutoDetect,
            pdu::InletWiring::IwSinglePhase => InletWiring::SinglePhase,
            pdu::InletWiring::IwWye => InletWiring::Wye,
            pdu::InletWiring::IwDelta => InletWiring::Delta,
            _ => return Err(PduRefusal::Invalid),
        };
    }
    Ok(())
}
