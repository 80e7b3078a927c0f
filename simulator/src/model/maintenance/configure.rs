//! Configurations of the device: saved, taken, and put in force.

use std::sync::Arc;
use std::time::Duration;

use xerus_rpc::files::{BulkConfigCode, RawConfigCode};

use crate::model::accounts::Actor;
use crate::model::configuration::bulk::{RestoreOptions, SaveOptions};
use crate::model::configuration::raw::RawConfiguration;
use crate::model::configuration::{DeviceSettings, EntryError, FilterError, Filters};
use crate::model::device::Device;
use crate::model::event::{ConfigurationKind, Event};

impl Device {
    /// The raw configuration as text.
    pub(crate) fn save_raw(&self, actor: &Actor) -> String {
        let text = RawConfiguration::download(&self.configuration());
        self.publish(Event::ConfigurationSaved {
            actor: actor.clone(),
            kind: ConfigurationKind::Raw,
        });
        text
    }

    /// Takes the files of a raw configuration, each with the name of its part. The effect comes later.
    pub(crate) fn upload_raw(
        self: &Arc<Self>,
        files: &[(&str, &[u8])],
        actor: &Actor,
    ) -> RawConfigCode {
        let (now, identity) = (self.clock().now(), self.identity());
        let code = {
            let mut maintenance = self.maintenance();
            let code = maintenance.raw.upload(now, &identity, files);
            if code == RawConfigCode::Accepted {
                maintenance.configuring = actor.clone();
            }
            code
        };
        self.set_alarm();
        code
    }

    /// A bulk configuration or backup. `None`: there is no such filter profile.
    pub(crate) fn save_bulk(&self, options: &SaveOptions, actor: &Actor) -> Option<Vec<u8>> {
        let (identity, settings) = (self.identity(), self.configuration());
        let file = self
            .maintenance()
            .bulk
            .save(&identity, &settings, options)?;
        self.publish(Event::ConfigurationSaved {
            actor: actor.clone(),
            kind: kind(options.backup),
        });
        Some(file)
    }

    /// Takes a bulk configuration or backup. The effect comes later.
    pub(crate) fn restore_bulk(
        self: &Arc<Self>,
        options: &RestoreOptions,
        file: &[u8],
        actor: &Actor,
    ) -> BulkConfigCode {
        let (now, identity) = (self.clock().now(), self.identity());
        let code = {
            let mut maintenance = self.maintenance();
            let code = maintenance.bulk.restore(now, &identity, options, file);
            if code == BulkConfigCode::Accepted {
                maintenance.configuring = actor.clone();
            }
            code
        };
        self.set_alarm();
        code
    }

    /// The form of a restore could not be understood.
    pub(crate) fn refuse_bulk(&self) -> BulkConfigCode {
        let now = self.clock().now();
        self.maintenance().bulk.refuse(now)
    }

    /// Changes what goes into bulk configurations.
    pub(crate) fn change_filters(
        &self,
        change: impl FnOnce(&mut Filters) -> Result<(), FilterError>,
        actor: &Actor,
    ) -> Result<(), FilterError> {
        let changed = change(&mut self.maintenance().bulk.filters);
        if changed.is_ok() {
            self.publish(Event::FiltersChanged {
                actor: actor.clone(),
            });
        }
        changed
    }

    /// Puts the configurations in force that are due.
    pub(super) fn put_in_force(self: &Arc<Self>, now: Duration) {
        let is_due = |due: Option<Duration>| due.is_some_and(|due| due <= now);
        let (raw, bulk) = {
            let maintenance = self.maintenance();
            (maintenance.raw.due(), maintenance.bulk.due())
        };
        if is_due(raw) {
            let old = self.configuration();
            let mut new = None;
            let apply = |entries: &[_]| old.with(entries).map(|settings| new = Some(settings));
            let done = self.maintenance().raw.pass(now, apply);
            self.in_force(ConfigurationKind::Raw, done, &old, new.as_ref());
        }
        if is_due(bulk) {
            let old = self.configuration();
            let mut new = None;
            let apply = |entries: &[_]| old.with(entries).map(|settings| new = Some(settings));
            let (done, backup) = {
                let mut maintenance = self.maintenance();
                let done = maintenance.bulk.pass(now, apply);
                (done, maintenance.bulk.is_backup())
            };
            self.in_force(kind(backup), done, &old, new.as_ref());
        }
        self.set_alarm();
    }

    fn in_force(
        self: &Arc<Self>,
        kind: ConfigurationKind,
        done: Option<Result<(), EntryError>>,
        old: &DeviceSettings,
        new: Option<&DeviceSettings>,
    ) {
        let actor = self.maintenance().configuring.clone();
        match (done, new) {
            (Some(Ok(())), Some(new)) => {
                self.apply_settings(old, new, &actor);
                self.publish(Event::ConfigurationRestored { actor, kind });
            }
            (Some(Err(error)), _) => {
                let now = self.clock().now();
                let text = format!("configuration not in force: {error}");
                self.maintenance().debug_log.write(now, "config", &text);
            }
            _ => {}
        }
    }

    /// Changes what differs. The values were checked when they were read, by the same rules as those of the setters.
    fn apply_settings(&self, old: &DeviceSettings, new: &DeviceSettings, actor: &Actor) {
        let pdu = new.pdu.clone();
        let mut refused = self
            .change_pdu_settings(
                |settings| {
                    *settings = pdu;
                    Ok(())
                },
                actor,
            )
            .is_err();
        for (index, (_, outlet)) in differing(&old.outlets, &new.outlets) {
            refused |= self
                .change_outlet_settings(index, outlet.clone(), actor)
                .is_err();
        }
        for (index, (_, inlet)) in differing(&old.inlets, &new.inlets) {
            refused |= self
                .change_inlet_settings(index, inlet.clone(), actor)
                .is_err();
        }
        for (index, (_, ocp)) in differing(&old.ocps, &new.ocps) {
            refused |= self.change_ocp_settings(index, ocp.clone(), actor).is_err();
        }
        for (index, (_, slot)) in differing(&old.slots, &new.slots) {
            refused |= self
                .change_slot_settings(index, slot.clone(), actor)
                .is_err();
        }
        for (_, (_, (user, role))) in differing(&old.users, &new.users) {
            refused |= !self.accounts().set_role(user, *role);
        }
        if refused {
            tracing::warn!("a setting of the configuration was refused");
        }
    }
}

fn kind(backup: bool) -> ConfigurationKind {
    if backup {
        ConfigurationKind::Backup
    } else {
        ConfigurationKind::Bulk
    }
}

fn differing<'a, T: PartialEq>(
    old: &'a [T],
    new: &'a [T],
) -> impl Iterator<Item = (usize, (&'a T, &'a T))> {
    old.iter()
        .zip(new)
        .enumerate()
        .filter(|(_, (old, new))| old != new)
}
