//! Events in words, for the event log.

use crate::model::event::{ConfigurationKind, Event, PushChange};
use crate::model::update::UpdateEvent;

/// Category and text of an event; `None` for those that are not logged.
#[must_use]
pub(crate) fn words(event: &Event) -> Option<(&'static str, String)> {
    let by = match event.actor() {
        Some(actor) if actor.user.is_empty() => String::new(),
        Some(actor) if actor.address.is_empty() => format!(" by user '{}'", actor.user),
        Some(actor) => format!(" by user '{}' from {}", actor.user, actor.address),
        None => String::new(),
    };
    let text = match event {
        Event::PowerControl {
            outlet,
            power,
            cycle,
            ..
        } => {
            let what = match (cycle, power.is_on()) {
                (true, _) => "power cycle requested",
                (false, true) => "power on requested",
                (false, false) => "power off requested",
            };
            format!("Outlet {}: {what}{by}.", outlet + 1)
        }
        Event::OutletStateChanged { outlet, state } if state.old.power != state.new.power => {
            let power = if state.new.power.is_on() { "on" } else { "off" };
            format!("Outlet {} is {power}.", outlet + 1)
        }
        Event::OutletSettingsChanged { outlet, .. } => {
            format!("Settings of outlet {} changed{by}.", outlet + 1)
        }
        Event::InletSettingsChanged { inlet, .. } => {
            format!("Settings of inlet I{} changed{by}.", inlet + 1)
        }
        Event::InletEnabled { inlet, enabled, .. } => {
            let done = if *enabled { "enabled" } else { "disabled" };
            format!("Inlet I{} was {done}{by}.", inlet + 1)
        }
        Event::OcpSettingsChanged { ocp, .. } => {
            format!(
                "Settings of overcurrent protector C{} changed{by}.",
                ocp + 1
            )
        }
        Event::PduSettingsChanged { .. } => format!("Settings of the device changed{by}."),
        Event::LoadShedding { active, .. } => {
            let done = if *active { "began" } else { "ended" };
            format!("Load shedding {done}{by}.")
        }
        Event::SlotSettingsChanged { slot, .. } => {
            format!("Settings of peripheral slot {} changed{by}.", slot + 1)
        }
        Event::ReadingStateChanged { sensor, reading } => {
            let (name, place) = (sensor.quantity.name(), sensor.place);
            if reading.new.available {
                format!(
                    "Sensor {name} of {place:?} reads {:.3}: thresholds {:?}.",
                    reading.new.value, reading.new.status
                )
            } else {
                format!("Sensor {name} of {place:?} is unavailable.")
            }
        }
        Event::ThresholdsChanged { sensor, .. } => format!(
            "Thresholds of sensor {} of {:?} changed{by}.",
            sensor.quantity.name(),
            sensor.place
        ),
        Event::MinMaxReset { sensor, .. } => format!(
            "Minimum and maximum of sensor {} of {:?} reset{by}.",
            sensor.quantity.name(),
            sensor.place
        ),
        Event::CounterReset { sensor, .. } => format!(
            "Counter {} of {:?} reset{by}.",
            sensor.quantity.name(),
            sensor.place
        ),
        Event::SensedStateChanged { sensor, state } => {
            format!("State of {sensor:?} changed to {}.", state.new.value)
        }
        Event::FirmwareChanged { firmware } => {
            format!(
                "Firmware changed from {} to {}.",
                firmware.old, firmware.new
            )
        }
        Event::FirmwareUpdate { update, .. } => update_words(update, &by)?,
        Event::ConfigurationSaved { kind, .. } => {
            format!("{} was downloaded{by}.", configuration(*kind))
        }
        Event::ConfigurationRestored { kind, .. } => {
            format!("{} was put in force{by}.", configuration(*kind))
        }
        Event::FiltersChanged { .. } => {
            format!("Filters of bulk configurations changed{by}.")
        }
        Event::EventLogCleared { .. } => format!("Event log was cleared{by}."),
        Event::ClockSettingsChanged => "Clock settings changed.".to_owned(),
        Event::ClockSet { time } => {
            format!("Clock was set from {} to {}.", time.old, time.new)
        }
        Event::PushEntryChanged { id, change, .. } => {
            let done = match **change {
                PushChange::Added { .. } => "added",
                PushChange::Modified { .. } => "changed",
                PushChange::Deleted => "removed",
            };
            format!("Data push entry {id} was {done}{by}.")
        }
        Event::OutletStateChanged { .. }
        | Event::SequenceChanged { .. }
        | Event::ReadingChanged { .. }
        | Event::PushStatusChanged { .. } => return None,
    };
    Some((class(event), text))
}

fn update_words(update: &UpdateEvent, by: &str) -> Option<String> {
    Some(match update {
        UpdateEvent::ValidationFailed(why) => {
            format!("Firmware image is not accepted{by}: {why}.")
        }
        UpdateEvent::Started { old, new } => {
            format!("Firmware update from {old} to {new} started{by}.")
        }
        UpdateEvent::Completed { old, new } => {
            format!("Firmware update from {old} to {new} completed.")
        }
        UpdateEvent::Failed { new, why, .. } => format!("Firmware update to {new} failed: {why}."),
        UpdateEvent::ShuttingDown => format!("System restarts{by}."),
        UpdateEvent::StartedUp => "System started.".to_owned(),
        UpdateEvent::CertificateLost => return None,
    })
}

fn configuration(kind: ConfigurationKind) -> &'static str {
    match kind {
        ConfigurationKind::Raw => "Raw configuration",
        ConfigurationKind::Bulk => "Bulk configuration",
        ConfigurationKind::Backup => "Backup",
    }
}

fn class(event: &Event) -> &'static str {
    match event {
        Event::PowerControl { .. }
        | Event::OutletStateChanged { .. }
        | Event::OutletSettingsChanged { .. } => "Outlet",
        Event::InletSettingsChanged { .. } | Event::InletEnabled { .. } => "Inlet",
        Event::OcpSettingsChanged { .. } => "Overcurrent Protector",
        Event::SlotSettingsChanged { .. } => "Peripheral Device",
        Event::ReadingChanged { .. }
        | Event::ReadingStateChanged { .. }
        | Event::ThresholdsChanged { .. }
        | Event::MinMaxReset { .. }
        | Event::CounterReset { .. }
        | Event::SensedStateChanged { .. } => "Sensor",
        _ => "Device",
    }
}
