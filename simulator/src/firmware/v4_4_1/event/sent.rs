//! Events of the model as value objects of the interfaces.

use xerus_api::idl::Event;
use xerus_api::pdumodel::over_current_protector_trip_sensor::{
    TripEventInformation, TripStateChangedEvent,
};
use xerus_api::pdumodel::{
    inlet, outlet, outlet_group, over_current_protector, pdu, transfer_switch,
};
use xerus_api::peripheral::device_slot;
use xerus_api::sensors::{accumulating_numeric_sensor, numeric_sensor, state_sensor};
use xerus_rpc::{Extends, Object, Polymorphic, ValueObject};

use super::super::{
    inlet as inlets, ocp, outlet as outlets, pdu as pdus, pdu_settings, peripheral, reference,
    sensor, state_sensor as sensed, transfer_switch as transfers,
};
use super::{administered, maintenance, strips};
use crate::model::{self, Changed, StateReading, StateSensorId};

/// An event as clients get it.
pub(super) struct Sent {
    pub(super) event: Polymorphic<Event>,
    /// The names of its type and of all bases, without versions.
    pub(super) names: Vec<String>,
    /// The opaque resource id of its source.
    pub(super) source: String,
}

/// What clients get of an event; `None` when they do not hear of it.
pub(super) fn sent(event: &model::Event) -> Option<Sent> {
    use model::Event as E;
    let name = reference::source(event.source());
    let (act_user_name, act_ip_addr) = match event.actor() {
        Some(actor) => (actor.user.clone(), actor.address.clone()),
        None => Default::default(),
    };
    let (rid, source) = (name.opaque.clone(), Some(name.object()));
    Some(match event.clone() {
        E::PowerControl { power, cycle, .. } => Sent::new(
            rid,
            &outlet::PowerControlEvent {
                source,
                act_user_name,
                act_ip_addr,
                state: outlets::power_state(power),
                cycle,
                extra_: Default::default(),
            },
        ),
        E::OutletStateChanged { state, .. } => Sent::new(
            rid,
            &outlet::StateChangedEvent {
                source,
                old_state: outlets::state(state.old),
                new_state: outlets::state(state.new),
                extra_: Default::default(),
            },
        ),
        E::OutletSettingsChanged { settings, .. } => Sent::new(
            rid,
            &outlet::SettingsChangedEvent {
                source,
                act_user_name,
                act_ip_addr,
                old_settings: outlets::settings(settings.old),
                new_settings: outlets::settings(settings.new),
                extra_: Default::default(),
            },
        ),
        E::InletSettingsChanged { settings, .. } => Sent::new(
            rid,
            &inlet::SettingsChangedEvent {
                source,
                act_user_name,
                act_ip_addr,
                old_settings: inlets::settings(settings.old),
                new_settings: inlets::settings(settings.new),
                extra_: Default::default(),
            },
        ),
        E::InletEnabled { enabled, .. } => Sent::new(
            rid,
            &inlet::EnableStateChangedEvent {
                source,
                act_user_name,
                act_ip_addr,
                enabled,
                extra_: Default::default(),
            },
        ),
        E::OcpSettingsChanged { settings, .. } => Sent::new(
            rid,
            &over_current_protector::SettingsChangedEvent {
                source,
                act_user_name,
                act_ip_addr,
                old_settings: ocp::settings(settings.old),
                new_settings: ocp::settings(settings.new),
                extra_: Default::default(),
            },
        ),
        E::PduSettingsChanged { settings, .. } => Sent::new(
            rid,
            &pdu::SettingsChangedEvent {
                source,
                act_user_name,
                act_ip_addr,
                old_settings: pdu_settings::sent(settings.old),
                new_settings: pdu_settings::sent(settings.new),
                extra_: Default::default(),
            },
        ),
        E::SequenceChanged { state } => Sent::new(
            rid,
            &pdu::OutletSequenceStateChangedEvent {
                source,
                new_state: pdus::sequence_state(&state),
                extra_: Default::default(),
            },
        ),
        E::LoadShedding { active, .. } => Sent::new(
            rid,
            &pdu::LoadSheddingModeChangedEvent {
                source,
                act_user_name,
                act_ip_addr,
                enabled: active,
                extra_: Default::default(),
            },
        ),
        E::SlotSettingsChanged { settings, .. } => Sent::new(
            rid,
            &device_slot::SettingsChangedEvent {
                source,
                act_user_name,
                act_ip_addr,
                old_settings: peripheral::settings(settings.old),
                new_settings: peripheral::settings(settings.new),
                extra_: Default::default(),
            },
        ),
        E::ReadingChanged { reading, .. } => Sent::new(
            rid,
            &numeric_sensor::ReadingChangedEvent {
                source,
                new_reading: sensor::reading(reading),
                extra_: Default::default(),
            },
        ),
        E::ReadingStateChanged { reading, .. } => Sent::new(
            rid,
            &numeric_sensor::StateChangedEvent {
                source,
                old_reading: sensor::reading(reading.old),
                new_reading: sensor::reading(reading.new),
                extra_: Default::default(),
            },
        ),
        E::ThresholdsChanged { thresholds, .. } => Sent::new(
            rid,
            &numeric_sensor::ThresholdsChangedEvent {
                source,
                act_user_name,
                act_ip_addr,
                old_thresholds: sensor::thresholds(thresholds.old),
                new_thresholds: sensor::thresholds(thresholds.new),
                extra_: Default::default(),
            },
        ),
        E::MinMaxReset { extremes, .. } => Sent::new(
            rid,
            &numeric_sensor::MinMaxResetEvent {
                source,
                act_user_name,
                act_ip_addr,
                old_min_max: sensor::min_max(extremes.old),
                new_min_max: sensor::min_max(extremes.new),
                extra_: Default::default(),
            },
        ),
        E::CounterReset { reading, .. } => Sent::new(
            rid,
            &accumulating_numeric_sensor::ResetEvent {
                source,
                act_user_name,
                act_ip_addr,
                old_reading: sensor::reading(reading.old),
                new_reading: sensor::reading(reading.new),
                extra_: Default::default(),
            },
        ),
        E::SensedStateChanged { sensor, state } => state_changed(rid, source, sensor, &state),
        E::Account { actor, change } => administered::account((rid, source), actor, change),
        E::Role { actor, change } => administered::role((rid, source), actor, *change),
        E::Group { actor, change } => administered::group((rid, source), actor, change),
        E::Link { actor, change } => administered::link((rid, source), actor, change),
        E::GroupPowerControl { power, cycle, .. } => Sent::new(
            rid,
            &outlet_group::PowerControlEvent {
                source,
                act_user_name,
                act_ip_addr,
                state: outlets::power_state(power),
                cycle,
                extra_: Default::default(),
            },
        ),
        E::TransferSettingsChanged { settings, .. } => Sent::new(
            rid,
            &transfer_switch::SettingsChangedEvent {
                source,
                act_user_name,
                act_ip_addr,
                old_settings: transfers::settings(settings.old),
                new_settings: transfers::settings(settings.new),
                extra_: Default::default(),
            },
        ),
        E::Strip {
            actor, change, now, ..
        } => strips::sent((rid, source), actor, *change, now.as_deref()?),
        // The device starts anew: nobody is left to hear of it.
        E::FirmwareChanged { .. } => return None,
        other => return maintenance::sent(rid, source, (act_user_name, act_ip_addr), other),
    })
}

fn state_changed(
    rid: String,
    source: Option<Object>,
    sensor: StateSensorId,
    state: &Changed<StateReading>,
) -> Sent {
    let (old_state, new_state) = (sensed::state(&state.old), sensed::state(&state.new));
    match sensor {
        StateSensorId::Trip(_) => Sent::new(
            rid,
            &TripStateChangedEvent {
                source,
                old_state,
                new_state,
                trip_cause: None,
                trip_information: TripEventInformation::default(),
                extra_: Default::default(),
            },
        ),
        _ => Sent::new(
            rid,
            &state_sensor::StateChangedEvent {
                source,
                old_state,
                new_state,
                extra_: Default::default(),
            },
        ),
    }
}

impl Sent {
    pub(super) fn new<E: ValueObject + Extends<Event>>(source: String, event: &E) -> Self {
        Self {
            event: Polymorphic::new(event),
            names: names::<E>(),
            source,
        }
    }
}

/// The version-free names of an event type and all its bases.
pub(super) fn names<E: ValueObject>() -> Vec<String> {
    let mut names = Vec::new();
    let mut next = Some(E::TYPE_ID);
    // The table comes from the IDL, where a type cannot be its own base.
    while let Some(type_id) = next {
        let id = type_id.parse().expect("generated type ids are wire ids");
        let entry = E::registry()
            .lookup(&id)
            .expect("a registry has the types that were generated with it, and their bases");
        names.push(entry.name.to_owned());
        next = entry.base;
    }
    names
}
