//! What the device sends by itself, and where.

use std::collections::BTreeMap;
use std::sync::Arc;

use xerus_api::event::DataPushService;
use xerus_api::event::data_push_service::{
    EntrySettings, EntryStatus, EntryType, MqttSettings, sparse_,
};
use xerus_api::server::event as traits;
use xerus_rpc::Time;
use xerus_rpc::server::{Context, Reply};

use super::answer::{self, ReturnCode};
use crate::model::Device;
use crate::model::push::{PushError, PushKind, PushSettings, PushStatus};

/// Serves `/datapush`.
pub(super) struct PushServant(pub(super) Arc<Device>);

impl ReturnCode for PushError {
    fn code(self) -> i32 {
        match self {
            Self::NoSuchId => DataPushService::ERR_NO_SUCH_ID,
            Self::InvalidParams => DataPushService::ERR_INVALID_PARAMS,
            Self::MaxEntries => DataPushService::ERR_MAX_ENTRIES_REACHED,
        }
    }
}

impl traits::DataPushService for PushServant {
    fn add_entry<'a>(
        &'a self,
        context: &'a Context,
        settings: sparse_::EntrySettings,
    ) -> Reply<'a, i32> {
        answer::change(&self.0, context, |actor| {
            let settings = merged(PushSettings::default(), settings)?;
            self.0.add_push_entry(settings, actor)
        })
    }

    fn modify_entry<'a>(
        &'a self,
        context: &'a Context,
        id: i32,
        settings: sparse_::EntrySettings,
    ) -> Reply<'a, ()> {
        answer::change(&self.0, context, |actor| {
            let old = self.0.maintenance().push.get(id).cloned();
            let settings = merged(old.ok_or(PushError::NoSuchId)?, settings)?;
            self.0.modify_push_entry(id, settings, actor)
        })
    }

    fn delete_entry<'a>(&'a self, context: &'a Context, id: i32) -> Reply<'a, ()> {
        answer::change(&self.0, context, |actor| {
            self.0.delete_push_entry(id, actor)
        })
    }

    fn get_entry<'a>(&'a self, _: &'a Context, id: i32) -> Reply<'a, EntrySettings> {
        let entry = self.0.maintenance().push.get(id).cloned();
        let none = || settings(PushSettings::default());
        answer::whole(entry.map(settings).ok_or(PushError::NoSuchId), none)
    }

    fn list_entries<'a>(&'a self, _: &'a Context) -> Reply<'a, BTreeMap<i32, EntrySettings>> {
        let maintenance = self.0.maintenance();
        let entries = maintenance.push.list();
        Reply::ok(
            entries
                .map(|(id, entry)| (id, settings(entry.clone())))
                .collect(),
        )
    }

    fn push_data<'a>(&'a self, context: &'a Context, id: i32) -> Reply<'a, ()> {
        answer::change(&self.0, context, |_| self.0.push_data(id))
    }

    fn cancel_data_push<'a>(&'a self, context: &'a Context, id: i32) -> Reply<'a, ()> {
        answer::act(&self.0, context, |_| {
            self.0.maintenance().push.cancel(id);
            self.0.tell_push_status(id);
        })
    }

    fn get_entry_status<'a>(&'a self, _: &'a Context, id: i32) -> Reply<'a, EntryStatus> {
        let entry = self.0.maintenance().push.status(id);
        answer::reply(entry.map(status).ok_or(PushError::NoSuchId))
    }
}

/// Members that are absent stay as they are: the request form is sparse.
fn merged(
    mut settings: PushSettings,
    new: sparse_::EntrySettings,
) -> Result<PushSettings, PushError> {
    fn set<T>(member: &mut T, new: Option<T>) {
        if let Some(new) = new {
            *member = new;
        }
    }
    set(&mut settings.url, new.url);
    set(
        &mut settings.allow_off_time_certificates,
        new.allow_off_time_range_certs,
    );
    set(&mut settings.ca_chain, new.ca_cert_chain);
    set(&mut settings.use_auth, new.use_auth);
    set(&mut settings.user, new.username);
    // An empty one keeps the old.
    set(
        &mut settings.password,
        new.password.filter(|password| !password.is_empty()),
    );
    set(&mut settings.items, new.items);
    set(
        &mut settings.topic_prefix,
        new.mqtt_settings.map(|mqtt| mqtt.topic_prefix),
    );
    if let Some(kind) = new.r#type {
        settings.kind = match kind {
            EntryType::Sensorlist => PushKind::SensorList,
            EntryType::Sensorlog => PushKind::SensorLog,
            EntryType::Amslist => PushKind::AssetList,
            EntryType::Amslog => PushKind::AssetLog,
            EntryType::Auditlog => PushKind::AuditLog,
            _ => return Err(PushError::InvalidParams),
        };
    }
    Ok(settings)
}

/// Without the password, which is never read back.
pub(super) fn settings(settings: PushSettings) -> EntrySettings {
    EntrySettings {
        url: settings.url,
        allow_off_time_range_certs: settings.allow_off_time_certificates,
        ca_cert_chain: settings.ca_chain,
        use_auth: settings.use_auth,
        username: settings.user,
        password: String::new(),
        r#type: match settings.kind {
            PushKind::SensorList => EntryType::Sensorlist,
            PushKind::SensorLog => EntryType::Sensorlog,
            PushKind::AssetList => EntryType::Amslist,
            PushKind::AssetLog => EntryType::Amslog,
            PushKind::AuditLog => EntryType::Auditlog,
        },
        items: settings.items,
        mqtt_settings: MqttSettings {
            topic_prefix: settings.topic_prefix,
            extra_: Default::default(),
        },
        extra_: Default::default(),
    }
}

pub(super) fn status(status: PushStatus) -> EntryStatus {
    let never = Time::from_unix_seconds(0);
    EntryStatus {
        busy: status.busy,
        rescheduled: status.rescheduled,
        last_attempt_time: status.last_attempt.map_or(never, answer::time),
        last_success_time: status.last_success.map_or(never, answer::time),
        extra_: Default::default(),
    }
}
