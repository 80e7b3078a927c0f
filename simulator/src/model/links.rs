//! The cascade that a device belongs to.

use super::accounts::Actor;
use super::device::Device;
use super::event::Event;
use super::link::{LinkChange, LinkRefusal, LinkStatus, LinkUnit, Links};

impl Device {
    /// What is linked to this device.
    #[must_use]
    pub fn links(&self) -> Links {
        self.state().links.clone()
    }

    /// Links a unit under a number from 2 to 8: from now on, this device is a primary unit. The answer says whether
    /// number and host were free and this is no link unit itself.
    pub fn add_link_unit(&self, id: i32, unit: LinkUnit) -> bool {
        self.link(id, unit, &Actor::device()).is_ok()
    }

    /// Notes how a link unit is doing; the answer says whether that is new.
    pub fn set_link_status(&self, id: i32, status: LinkStatus) -> bool {
        let change = self.state().links.set_status(id, status);
        let new = change.is_some();
        self.tell_links(change, &Actor::device());
        new
    }

    /// Makes this device a link unit of the primary unit at an address, under a number from 2 to 8. The answer says
    /// whether that is possible.
    pub fn link_to(&self, primary: &str, id: i32) -> bool {
        let changes = self.state().links.link_to(primary, id);
        let done = changes.is_ok();
        self.tell_links(changes.unwrap_or_default(), &Actor::device());
        done
    }

    pub(crate) fn link(&self, id: i32, unit: LinkUnit, actor: &Actor) -> Result<(), LinkRefusal> {
        let changes = self.state().links.add(id, unit)?;
        self.tell_links(changes, actor);
        Ok(())
    }

    pub(crate) fn release(&self, id: i32, actor: &Actor) -> Result<(), LinkRefusal> {
        let changes = self.state().links.release(id)?;
        self.tell_links(changes, actor);
        Ok(())
    }

    pub(crate) fn unlink(&self, actor: &Actor) {
        let change = self.state().links.unlink();
        self.tell_links(change, actor);
    }

    fn tell_links(&self, changes: impl IntoIterator<Item = LinkChange>, actor: &Actor) {
        for change in changes {
            self.publish(Event::Link {
                actor: actor.clone(),
                change,
            });
        }
    }
}
