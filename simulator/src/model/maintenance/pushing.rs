//! Log, clock and data push, as users change them.

use crate::model::accounts::Actor;
use crate::model::datetime::ClockSettings;
use crate::model::device::Device;
use crate::model::event::{Changed, Event, PushChange};
use crate::model::push::{PushError, PushSettings};

impl Device {
    /// The time that the device shows, in seconds since 1970-01-01 UTC: its own unless a user set another.
    #[must_use]
    pub fn shown_time(&self) -> i64 {
        let now = self.clock().now();
        self.maintenance().clock.time(now)
    }

    pub(crate) fn clear_event_log(&self, actor: &Actor) {
        let now = self.clock().now();
        self.maintenance().event_log.clear(now);
        self.publish(Event::EventLogCleared {
            actor: actor.clone(),
        });
    }

    /// The answer says whether the settings are possible.
    pub(crate) fn set_clock(&self, settings: ClockSettings, time: i64) -> bool {
        let now = self.clock().now();
        let Some(change) = self.maintenance().clock.set(now, settings, time) else {
            return false;
        };
        if change.settings {
            self.publish(Event::ClockSettingsChanged);
        }
        if let Some((old, new)) = change.time {
            self.publish(Event::ClockSet {
                time: Changed::new(old, new),
            });
        }
        true
    }

    pub(crate) fn add_push_entry(
        &self,
        settings: PushSettings,
        actor: &Actor,
    ) -> Result<i32, PushError> {
        let id = self.maintenance().push.add(settings.clone())?;
        self.push_changed(id, PushChange::Added { settings }, actor);
        Ok(id)
    }

    pub(crate) fn modify_push_entry(
        &self,
        id: i32,
        settings: PushSettings,
        actor: &Actor,
    ) -> Result<(), PushError> {
        let old = self.maintenance().push.modify(id, settings.clone())?;
        let settings = Changed::new(old, settings);
        self.push_changed(id, PushChange::Modified { settings }, actor);
        Ok(())
    }

    pub(crate) fn delete_push_entry(&self, id: i32, actor: &Actor) -> Result<(), PushError> {
        self.maintenance().push.delete(id)?;
        self.push_changed(id, PushChange::Deleted, actor);
        Ok(())
    }

    fn push_changed(&self, id: i32, change: PushChange, actor: &Actor) {
        self.publish(Event::PushEntryChanged {
            id,
            actor: actor.clone(),
            change: Box::new(change),
        });
    }

    /// Somebody wants an entry sent now.
    pub(crate) fn push_data(&self, id: i32) -> Result<(), PushError> {
        let now = self.clock().now();
        if self.maintenance().push.push(now, id)? {
            self.tell_push_status(id);
        }
        Ok(())
    }

    pub(crate) fn push_entry(&self, id: i32) -> Option<PushSettings> {
        self.maintenance().push.get(id).cloned()
    }

    /// Whether an entry is still to be sent.
    pub(crate) fn is_pushing(&self, id: i32) -> bool {
        let status = self.maintenance().push.status(id);
        status.is_some_and(|status| status.busy)
    }

    /// An entry was sent, or could not be, and why.
    pub(crate) fn push_ended(&self, id: i32, sent: Result<(), &str>) {
        let now = self.clock().now();
        {
            let mut maintenance = self.maintenance();
            if let Err(why) = sent {
                let text = format!("data push entry {id} was not sent: {why}");
                maintenance.debug_log.write(now, "push", &text);
            }
            // Sent again at once: the status tells so, and whoever sends hears of it.
            let _ = maintenance.push.pushed(now, id, sent.is_ok());
        }
        self.tell_push_status(id);
    }

    /// Tells how an entry is doing, after something was done about it.
    pub(crate) fn tell_push_status(&self, id: i32) {
        let status = self.maintenance().push.status(id);
        if let Some(status) = status {
            self.publish(Event::PushStatusChanged { id, status });
        }
    }
}
