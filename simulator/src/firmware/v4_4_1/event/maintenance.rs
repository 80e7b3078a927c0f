//! Events of updates, configurations, logs, clock and data push as value objects of the interfaces.

use xerus_api::bulkcfg::bulk_configuration::{RestoredEvent, SavedEvent, SettingsChangedEvent};
use xerus_api::datetime::date_time::{ClockChangedEvent, ConfigurationChangedEvent};
use xerus_api::devsettings::snmp as snmp_event;
use xerus_api::event::data_push_service::{
    EntryAddedEvent, EntryDeletedEvent, EntryModifiedEvent, EntryStatusChangedEvent,
};
use xerus_api::firmware::{
    FirmwareUpdateCompletedEvent, FirmwareUpdateFailedEvent, FirmwareUpdateStartedEvent,
    FirmwareValidationFailedEvent, SystemShutdownEvent, SystemStartupEvent,
};
use xerus_api::logging::EventLogClearedEvent;
use xerus_api::rawcfg::raw_configuration::{RawConfigDownloadedEvent, RawConfigUpdatedEvent};
use xerus_api::security::{FrontPanelPrivilegesChanged, PasswordSettingsChanged};
use xerus_rpc::{Object, Time};

use super::super::login_rules::password_settings;
use super::super::{data_push, snmp};
use super::sent::Sent;
use crate::model::update::UpdateEvent;
use crate::model::{ConfigurationKind, Event, PushChange, RulesChange};

/// A value object of somebody's action: its type, and the members beside source and user.
macro_rules! by {
    ($rid:expr, $source:expr, $actor:expr, $type:ident $(, $member:ident: $value:expr)*) => {
        Sent::new(
            $rid,
            &$type {
                source: $source,
                act_user_name: $actor.0,
                act_ip_addr: $actor.1,
                $($member: $value,)*
                extra_: Default::default(),
            },
        )
    };
}

/// What clients get of an event of these kinds; `None` when they do not hear of it. `actor` is name and address.
pub(super) fn sent(
    rid: String,
    source: Option<Object>,
    actor: (String, String),
    event: Event,
) -> Option<Sent> {
    let time = Time::from_unix_seconds;
    Some(match event {
        Event::FirmwareUpdate { update, .. } => return update_sent(rid, source, actor, update),
        Event::ConfigurationSaved { kind, .. } => match kind {
            ConfigurationKind::Raw => by!(rid, source, actor, RawConfigDownloadedEvent),
            kind => {
                let is_backup = kind == ConfigurationKind::Backup;
                by!(rid, source, actor, SavedEvent, is_backup: is_backup)
            }
        },
        Event::ConfigurationRestored { kind, .. } => match kind {
            ConfigurationKind::Raw => by!(rid, source, actor, RawConfigUpdatedEvent),
            kind => {
                let is_backup = kind == ConfigurationKind::Backup;
                by!(rid, source, actor, RestoredEvent, is_backup: is_backup)
            }
        },
        Event::FiltersChanged { .. } => by!(rid, source, actor, SettingsChangedEvent),
        Event::EventLogCleared { .. } => by!(rid, source, actor, EventLogClearedEvent),
        Event::ClockSettingsChanged => Sent::new(
            rid,
            &ConfigurationChangedEvent {
                source,
                extra_: Default::default(),
            },
        ),
        Event::ClockSet { time: changed } => Sent::new(
            rid,
            &ClockChangedEvent {
                source,
                old_time: time(changed.old),
                new_time: time(changed.new),
                extra_: Default::default(),
            },
        ),
        Event::RulesChanged { rules, .. } => return Some(rules_sent(rid, source, actor, *rules)),
        Event::PushEntryChanged { id, change, .. } => match *change {
            PushChange::Added { settings } => {
                let settings = data_push::settings(settings);
                by!(rid, source, actor, EntryAddedEvent, entry_id: id, settings: settings)
            }
            PushChange::Modified { settings } => {
                let old = data_push::settings(settings.old);
                let new = data_push::settings(settings.new);
                by!(rid, source, actor, EntryModifiedEvent, entry_id: id, old_settings: old, new_settings: new)
            }
            PushChange::Deleted => by!(rid, source, actor, EntryDeletedEvent, entry_id: id),
        },
        Event::PushStatusChanged { id, status } => Sent::new(
            rid,
            &EntryStatusChangedEvent {
                source,
                entry_id: id,
                new_status: data_push::status(status),
                extra_: Default::default(),
            },
        ),
        _ => return None,
    })
}

fn rules_sent(
    rid: String,
    source: Option<Object>,
    actor: (String, String),
    rules: RulesChange,
) -> Sent {
    match rules {
        RulesChange::Passwords(rules) => {
            let (old, new) = (password_settings(rules.old), password_settings(rules.new));
            by!(rid, source, actor, PasswordSettingsChanged, old_settings: old, new_settings: new)
        }
        RulesChange::FrontPanel(names) => {
            let (old, new) = (names.old, names.new);
            by!(rid, source, actor, FrontPanelPrivilegesChanged, old_privileges: old, new_privileges: new)
        }
        RulesChange::Snmp(settings) => Sent::new(
            rid,
            &snmp_event::ConfigurationChangedEvent {
                source,
                user_name: actor.0,
                ip_addr: actor.1,
                old_config: snmp::sent(settings.old),
                new_config: snmp::sent(settings.new),
                extra_: Default::default(),
            },
        ),
    }
}

fn update_sent(
    rid: String,
    source: Option<Object>,
    actor: (String, String),
    update: UpdateEvent,
) -> Option<Sent> {
    Some(match update {
        UpdateEvent::ValidationFailed(_) => {
            by!(rid, source, actor, FirmwareValidationFailedEvent)
        }
        UpdateEvent::Started { old, new } => {
            let (old, new) = (old.to_string(), new.to_string());
            by!(rid, source, actor, FirmwareUpdateStartedEvent, old_version: old, new_version: new)
        }
        UpdateEvent::Completed { old, new } => {
            let (old, new) = (old.to_string(), new.to_string());
            by!(rid, source, actor, FirmwareUpdateCompletedEvent, old_version: old, new_version: new)
        }
        UpdateEvent::Failed { old, new, .. } => {
            let (old, new) = (old.to_string(), new.to_string());
            by!(rid, source, actor, FirmwareUpdateFailedEvent, old_version: old, new_version: new)
        }
        UpdateEvent::ShuttingDown => by!(rid, source, actor, SystemShutdownEvent),
        UpdateEvent::StartedUp => Sent::new(
            rid,
            &SystemStartupEvent {
                source,
                extra_: Default::default(),
            },
        ),
        // Whoever has a connection hears of it otherwise.
        UpdateEvent::CertificateLost => return None,
    })
}
