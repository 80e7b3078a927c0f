//! Events in words, for the event log.

use super::places;
use crate::model::event::{ConfigurationKind, Event, PushChange, RulesChange};
use crate::model::update::UpdateEvent;
use crate::model::{
    AccountChange, CascadeRole, GroupChange, LinkChange, LinkStatus, PlacedTag, RoleChange,
    StripChange,
};

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
            let (name, place) = (sensor.quantity.name(), places::place(sensor.place));
            if reading.new.available {
                format!(
                    "Sensor {name} of {place} reads {:.3}: {}.",
                    reading.new.value,
                    places::status(reading.new.status)
                )
            } else {
                format!("Sensor {name} of {place} is unavailable.")
            }
        }
        Event::ThresholdsChanged { sensor, .. } => format!(
            "Thresholds of sensor {} of {} changed{by}.",
            sensor.quantity.name(),
            places::place(sensor.place)
        ),
        Event::MinMaxReset { sensor, .. } => format!(
            "Minimum and maximum of sensor {} of {} reset{by}.",
            sensor.quantity.name(),
            places::place(sensor.place)
        ),
        Event::CounterReset { sensor, .. } => format!(
            "Counter {} of {} reset{by}.",
            sensor.quantity.name(),
            places::place(sensor.place)
        ),
        Event::SensedStateChanged { sensor, state } => places::state(*sensor, state.new.value),
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
        Event::RulesChanged { rules, .. } => {
            let what = match **rules {
                RulesChange::Passwords(_) => "Rules for passwords",
                RulesChange::FrontPanel(_) => "Privileges of the front panel",
                RulesChange::Snmp(_) => "SNMP settings",
            };
            format!("{what} changed{by}.")
        }
        Event::PushEntryChanged { id, change, .. } => {
            let done = match **change {
                PushChange::Added { .. } => "added",
                PushChange::Modified { .. } => "changed",
                PushChange::Deleted => "removed",
            };
            format!("Data push entry {id} was {done}{by}.")
        }
        Event::Account { change, .. } => account_words(change, &by),
        Event::Role { change, .. } => match &**change {
            RoleChange::Added(name) => format!("Role '{name}' was added{by}."),
            RoleChange::Removed(name) => format!("Role '{name}' was removed{by}."),
            RoleChange::Changed { name, .. } => format!("Role '{name}' was changed{by}."),
        },
        Event::Group { change, .. } => {
            let done = match change {
                GroupChange::Created(_) => "created",
                GroupChange::Changed(..) => "changed",
                GroupChange::Deleted(_) => "removed",
            };
            format!("Outlet group {} was {done}{by}.", change.group().id)
        }
        Event::GroupPowerControl {
            group,
            power,
            cycle,
            ..
        } => {
            let what = match (cycle, power.is_on()) {
                (true, _) => "power cycle requested",
                (false, true) => "power on requested",
                (false, false) => "power off requested",
            };
            format!("Outlet group {group}: {what}{by}.")
        }
        Event::TransferSettingsChanged { .. } => {
            format!("Settings of the transfer switch changed{by}.")
        }
        Event::Strip { strip, change, .. } => strip_words(strip + 1, change, &by)?,
        Event::Link { change, .. } => link_words(change, &by),
        Event::OutletStateChanged { .. }
        | Event::SequenceChanged { .. }
        | Event::ReadingChanged { .. }
        | Event::PushStatusChanged { .. } => return None,
    };
    Some((class(event), text))
}

fn account_words(change: &AccountChange, by: &str) -> String {
    match change {
        AccountChange::Added(name) => format!("User '{name}' was added{by}."),
        AccountChange::Removed(name) => format!("User '{name}' was removed{by}."),
        AccountChange::Changed(name) => format!("User '{name}' was changed{by}."),
        AccountChange::PasswordChanged(name) => {
            format!("Password of user '{name}' was changed{by}.")
        }
        AccountChange::Renamed { old, new } => format!("User '{old}' is '{new}' now{by}."),
    }
}

/// `None` for what follows from something else that is logged.
fn strip_words(strip: usize, change: &StripChange, by: &str) -> Option<String> {
    let tags = |tags: &[PlacedTag]| -> String {
        let ids: Vec<&str> = tags.iter().map(|tag| tag.tag.id.as_str()).collect();
        ids.join(", ")
    };
    Some(match change {
        StripChange::TagsAdded(added) => {
            format!("Asset strip {strip}: tags connected: {}.", tags(added))
        }
        StripChange::TagsRemoved(removed) => {
            format!("Asset strip {strip}: tags disconnected: {}.", tags(removed))
        }
        StripChange::UnitSettings { .. } | StripChange::Settings { .. } => {
            format!("Settings of asset strip {strip} changed{by}.")
        }
        StripChange::Attached(true) => format!("Asset strip {strip} was attached."),
        StripChange::Attached(false) => format!("Asset strip {strip} was removed."),
        StripChange::Unit(_) => return None,
    })
}

fn link_words(change: &LinkChange, by: &str) -> String {
    match change {
        LinkChange::Role { new, .. } => format!(
            "The device is {} now{by}.",
            match new {
                CascadeRole::Standalone => "alone",
                CascadeRole::Primary => "a primary unit",
                CascadeRole::Link => "a link unit",
            }
        ),
        LinkChange::Added { id, host } => format!("Link unit {id} ({host}) was added{by}."),
        LinkChange::Released { id, host } => format!("Link unit {id} ({host}) was released{by}."),
        LinkChange::Status { id, host, new, .. } => {
            let status = match new {
                LinkStatus::Ok => "answers",
                LinkStatus::Unreachable => "does not answer",
                LinkStatus::AccessDenied => "refuses access",
                LinkStatus::FirmwareUpdate => "replaces its firmware",
                LinkStatus::FirmwareMismatch => "has another firmware",
            };
            format!("Link unit {id} ({host}) {status}.")
        }
    }
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
