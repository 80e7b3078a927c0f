//! Users and roles of a device, changed by somebody.

use super::account::{AccountChange, AccountRefusal, Preferences, UserInfo};
use super::accounts::{Actor, Book};
use super::device::Device;
use super::event::Event;
use super::role::{RoleChange, RoleInfo, RoleRefusal};

impl Device {
    pub(crate) fn create_user(
        &self,
        name: &str,
        password: String,
        info: UserInfo,
        actor: &Actor,
    ) -> Result<(), AccountRefusal> {
        let change = {
            let Book { users, roles } = &mut *self.accounts().book();
            users.create(name, password, info, |role| roles.has(role))?
        };
        self.tell_account(change, actor);
        Ok(())
    }

    pub(crate) fn rename_user(
        &self,
        old: &str,
        new: &str,
        actor: &Actor,
    ) -> Result<(), AccountRefusal> {
        let change = self.accounts().book().users.rename(old, new)?;
        self.sessions().end_user(old, self.clock().now());
        self.tell_account(change, actor);
        Ok(())
    }

    /// The sessions of the user end, too.
    pub(crate) fn delete_user(&self, name: &str, actor: &Actor) -> Result<(), AccountRefusal> {
        let change = self.accounts().book().users.delete(name)?;
        self.sessions().end_user(name, self.clock().now());
        self.tell_account(change, actor);
        Ok(())
    }

    pub(crate) fn set_password(
        &self,
        name: &str,
        new: String,
        actor: &Actor,
    ) -> Result<(), AccountRefusal> {
        let change = self.accounts().book().users.set_password(name, new)?;
        self.tell_account(change, actor);
        Ok(())
    }

    /// An empty password keeps the old one.
    pub(crate) fn update_user(
        &self,
        name: &str,
        password: String,
        info: UserInfo,
        actor: &Actor,
    ) -> Result<(), AccountRefusal> {
        let enabled = info.enabled;
        let changes = {
            let Book { users, roles } = &mut *self.accounts().book();
            users.update(name, password, info, |role| roles.has(role))?
        };
        if !enabled {
            self.sessions().end_user(name, self.clock().now());
        }
        for change in changes {
            self.tell_account(change, actor);
        }
        Ok(())
    }

    pub(crate) fn set_preferences(
        &self,
        name: &str,
        preferences: Preferences,
        actor: &Actor,
    ) -> Result<(), AccountRefusal> {
        let change = {
            let mut book = self.accounts().book();
            book.users.set_preferences(name, preferences)?
        };
        if let Some(change) = change {
            self.tell_account(change, actor);
        }
        Ok(())
    }

    pub(crate) fn create_role(
        &self,
        name: &str,
        info: RoleInfo,
        actor: &Actor,
    ) -> Result<(), RoleRefusal> {
        let change = self.accounts().book().roles.create(name, info)?;
        self.tell_role(change, actor);
        Ok(())
    }

    pub(crate) fn change_role(
        &self,
        name: &str,
        info: RoleInfo,
        actor: &Actor,
    ) -> Result<(), RoleRefusal> {
        let change = self.accounts().book().roles.change(name, info)?;
        if let Some(change) = change {
            self.tell_role(change, actor);
        }
        Ok(())
    }

    pub(crate) fn delete_role(&self, name: &str, actor: &Actor) -> Result<(), RoleRefusal> {
        let change = self.accounts().book().roles.delete(name)?;
        self.tell_role(change, actor);
        Ok(())
    }

    fn tell_account(&self, change: AccountChange, actor: &Actor) {
        self.publish(Event::Account {
            actor: actor.clone(),
            change,
        });
    }

    fn tell_role(&self, change: RoleChange, actor: &Actor) {
        self.publish(Event::Role {
            actor: actor.clone(),
            change: Box::new(change),
        });
    }
}
