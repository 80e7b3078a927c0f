//! All users of a device.

use std::collections::BTreeMap;
use std::time::Duration;

use super::ssh_key::{self, SshKeyRefusal};
use super::{BlockRules, Preferences, User, UserInfo};
use crate::model::password::{PasswordRefusal, PasswordRules};
use crate::model::role::is_name;

/// Why a user is not added, changed or removed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum AccountRefusal {
    DoesNotExist,
    /// It belongs to the device.
    NotDeletable,
    AlreadyExists,
    TooMany,
    /// Another argument is invalid.
    Invalid,
    NameInvalid,
    /// There is a user of the new name.
    NewNameExists,
    Password(PasswordRefusal),
    SshKey(SshKeyRefusal),
}

/// What happened to users, by name.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum AccountChange {
    /// The user was added.
    Added(String),
    /// The user has another name.
    Renamed {
        /// The name before.
        old: String,
        /// The name from now on.
        new: String,
    },
    /// The user was removed.
    Removed(String),
    /// The password was changed.
    PasswordChanged(String),
    /// Something else about the user was changed.
    Changed(String),
}

/// What came of a login.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Login {
    Accepted,
    /// The name or the password is wrong, or the user may not sign in.
    Refused,
    /// As [`Refused`](Self::Refused), and with this failure the user is blocked.
    BlockedNow,
    /// The user is blocked, whatever the password.
    Blocked,
}

/// The users of a device.
#[derive(Debug, Default)]
pub(crate) struct Users {
    by_name: BTreeMap<String, User>,
    pub(crate) passwords: PasswordRules,
    pub(crate) blocking: BlockRules,
    /// Of users who have not chosen any.
    pub(crate) preferences: Preferences,
}

/// Users that fit.
const MOST: usize = 128;
/// Characters of a full name and its like.
const TEXT: usize = 64;

impl Users {
    /// All users by name.
    pub(crate) fn all(&self) -> &BTreeMap<String, User> {
        &self.by_name
    }

    pub(crate) fn get(&self, name: &str) -> Option<&User> {
        self.by_name.get(name)
    }

    /// Whether a user is blocked after wrong passwords.
    pub(crate) fn is_blocked(&self, name: &str, now: Duration) -> bool {
        self.get(name)
            .is_some_and(|user| user.lock_out.is_blocked(now))
    }

    /// Whether these are name and password of a user who may sign in.
    pub(crate) fn login(&mut self, name: &str, password: &str, now: Duration) -> Login {
        let Some(user) = self.by_name.get_mut(name) else {
            return Login::Refused;
        };
        if user.lock_out.is_blocked(now) {
            return Login::Blocked;
        }
        if !user.info.enabled {
            return Login::Refused;
        }
        if user.has_password(password) {
            user.lock_out.clear();
            return Login::Accepted;
        }
        if user.lock_out.fail(&self.blocking, now) {
            Login::BlockedNow
        } else {
            Login::Refused
        }
    }

    /// Adds a user, or replaces one, without looking at rules: for whoever sets up the device.
    pub(crate) fn put(&mut self, name: &str, password: String, info: UserInfo) {
        self.by_name
            .insert(name.to_owned(), User::new(password, info));
    }

    /// Marks a user as belonging to the device; the answer says whether there is one.
    pub(crate) fn lock(&mut self, name: &str) -> bool {
        let user = self.by_name.get_mut(name);
        user.map(|user| user.locked = true).is_some()
    }

    /// Demands another password from a user; the answer says whether there is one.
    pub(crate) fn demand_password_change(&mut self, name: &str) -> bool {
        let user = self.by_name.get_mut(name);
        user.map(|user| user.info.must_change_password = true)
            .is_some()
    }

    /// Adds a user. `is_role` says which numbers of roles there are.
    pub(crate) fn create(
        &mut self,
        name: &str,
        password: String,
        info: UserInfo,
        is_role: impl Fn(i32) -> bool,
    ) -> Result<AccountChange, AccountRefusal> {
        if self.by_name.contains_key(name) {
            return Err(AccountRefusal::AlreadyExists);
        }
        if !is_name(name) {
            return Err(AccountRefusal::NameInvalid);
        }
        if self.by_name.len() >= MOST {
            return Err(AccountRefusal::TooMany);
        }
        check(&info, is_role)?;
        self.passwords
            .check(&password, &[], info.snmp.uses_password())
            .map_err(AccountRefusal::Password)?;
        self.put(name, password, info);
        Ok(AccountChange::Added(name.to_owned()))
    }

    /// Gives a user another name.
    pub(crate) fn rename(&mut self, old: &str, new: &str) -> Result<AccountChange, AccountRefusal> {
        let user = self.get(old).ok_or(AccountRefusal::DoesNotExist)?;
        if user.locked {
            return Err(AccountRefusal::NotDeletable);
        }
        if self.by_name.contains_key(new) {
            return Err(AccountRefusal::NewNameExists);
        }
        if !is_name(new) {
            return Err(AccountRefusal::NameInvalid);
        }
        if let Some(user) = self.by_name.remove(old) {
            self.by_name.insert(new.to_owned(), user);
        }
        let (old, new) = (old.to_owned(), new.to_owned());
        Ok(AccountChange::Renamed { old, new })
    }

    /// Removes a user.
    pub(crate) fn delete(&mut self, name: &str) -> Result<AccountChange, AccountRefusal> {
        let user = self.get(name).ok_or(AccountRefusal::DoesNotExist)?;
        if user.locked {
            return Err(AccountRefusal::NotDeletable);
        }
        self.by_name.remove(name);
        Ok(AccountChange::Removed(name.to_owned()))
    }

    /// Gives a user other roles; the answer says whether there is one.
    pub(crate) fn set_roles(&mut self, name: &str, roles: Vec<i32>) -> bool {
        let user = self.by_name.get_mut(name);
        user.map(|user| user.info.roles = roles).is_some()
    }

    /// Removes a user who may belong to the device: for whoever sets up the device.
    pub(crate) fn take(&mut self, name: &str) -> bool {
        self.by_name.remove(name).is_some()
    }

    /// Changes a password; the user need not change it any more.
    pub(crate) fn set_password(
        &mut self,
        name: &str,
        new: String,
    ) -> Result<AccountChange, AccountRefusal> {
        let rules = self.passwords;
        let user = self.user_mut(name)?;
        rules
            .check(&new, &user.passwords, user.info.snmp.uses_password())
            .map_err(AccountRefusal::Password)?;
        user.set_password(new);
        Ok(AccountChange::PasswordChanged(name.to_owned()))
    }

    /// Changes everything about a user, all or nothing; an empty password keeps the old one.
    pub(crate) fn update(
        &mut self,
        name: &str,
        password: String,
        mut info: UserInfo,
        is_role: impl Fn(i32) -> bool,
    ) -> Result<Vec<AccountChange>, AccountRefusal> {
        let rules = self.passwords;
        let user = self.user_mut(name)?;
        check(&info, is_role)?;
        // The administrator of the device cannot lock everybody out.
        if user.locked && (!info.enabled || user.info.roles != info.roles) {
            return Err(AccountRefusal::Invalid);
        }
        let mut changes = Vec::new();
        let uses = info.snmp.uses_password();
        if !password.is_empty() {
            rules
                .check(&password, &user.passwords, uses)
                .map_err(AccountRefusal::Password)?;
            user.set_password(password);
            info.must_change_password = false;
            changes.push(AccountChange::PasswordChanged(name.to_owned()));
        }
        if user.info != info {
            user.info = info;
            changes.push(AccountChange::Changed(name.to_owned()));
        }
        Ok(changes)
    }

    /// Changes the units that a user likes to see.
    pub(crate) fn set_preferences(
        &mut self,
        name: &str,
        preferences: Preferences,
    ) -> Result<Option<AccountChange>, AccountRefusal> {
        let user = self.user_mut(name)?;
        let old = std::mem::replace(&mut user.info.preferences, preferences);
        Ok((old != preferences).then(|| AccountChange::Changed(name.to_owned())))
    }

    fn user_mut(&mut self, name: &str) -> Result<&mut User, AccountRefusal> {
        self.by_name
            .get_mut(name)
            .ok_or(AccountRefusal::DoesNotExist)
    }
}

fn check(info: &UserInfo, is_role: impl Fn(i32) -> bool) -> Result<(), AccountRefusal> {
    let short = |text: &String| text.chars().count() <= TEXT;
    let valid = [&info.full_name, &info.telephone, &info.email]
        .into_iter()
        .all(short)
        && info.snmp.is_valid()
        && info.roles.iter().all(|&role| is_role(role));
    if !valid {
        return Err(AccountRefusal::Invalid);
    }
    ssh_key::check(&info.ssh_key).map_err(AccountRefusal::SshKey)
}

#[cfg(test)]
#[path = "book/tests.rs"]
mod tests;
