//! Roles: privileges that users have together.

use std::collections::BTreeMap;

use super::privilege::{Grant, Privilege};

/// What makes up a role.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct RoleInfo {
    /// In words.
    pub description: String,
    /// Whether it belongs to the device and cannot be changed or removed.
    pub locked: bool,
    /// What it may do.
    pub grants: Vec<Grant>,
}

/// Why a role is not added, changed or removed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum RoleRefusal {
    AlreadyExists,
    TooMany,
    /// Name or description is invalid.
    Invalid,
    DoesNotExist,
    /// It belongs to the device.
    NotDeletable,
}

/// What happened to roles, by name.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum RoleChange {
    /// It was added.
    Added(String),
    /// It was removed.
    Removed(String),
    /// It was changed.
    Changed {
        /// Its name.
        name: String,
        /// Before.
        old: RoleInfo,
        /// After.
        new: RoleInfo,
    },
}

/// The role that may do everything.
pub(crate) const ADMIN: &str = "Admin";
/// The role that may switch and look.
pub(crate) const OPERATOR: &str = "Operator";
/// The role that may only look.
pub(crate) const VIEWER: &str = "Viewer";

/// Roles that fit.
const MOST: usize = 64;
/// Characters of a name, and of a description.
const LENGTHS: (usize, usize) = (32, 256);

/// The roles of a device.
#[derive(Clone, Debug)]
pub(crate) struct Roles {
    /// With their numbers.
    by_name: BTreeMap<String, (i32, RoleInfo)>,
    /// The highest number that was ever given.
    last: i32,
}

impl Default for Roles {
    /// The roles that a device comes with.
    fn default() -> Self {
        let look = [
            Privilege::ChangeOwnPassword,
            Privilege::ViewEvents,
            Privilege::ViewLog,
        ];
        let operate = [
            Privilege::AcknowledgeAlarms,
            Privilege::ChangePdu,
            Privilege::ChangePeripherals,
            Privilege::SwitchOutlet,
            Privilege::SwitchActuator,
            Privilege::SwitchTransferSwitch,
        ];
        let mut roles = Self {
            by_name: BTreeMap::new(),
            last: 0,
        };
        let whole =
            |privileges: &[Privilege]| privileges.iter().copied().map(Grant::whole).collect();
        roles.give(
            ADMIN,
            "System defined administrator role",
            true,
            whole(&[Privilege::Administrator]),
        );
        roles.give(
            OPERATOR,
            "Predefined operator role",
            false,
            whole(&[&look[..], &operate].concat()),
        );
        roles.give(
            VIEWER,
            "Predefined role that changes nothing",
            false,
            whole(&look),
        );
        roles
    }
}

impl Roles {
    fn give(&mut self, name: &str, description: &str, locked: bool, grants: Vec<Grant>) {
        let info = RoleInfo {
            description: description.to_owned(),
            locked,
            grants,
        };
        self.last += 1;
        self.by_name.insert(name.to_owned(), (self.last, info));
    }

    /// All roles: name, number, and what makes them up.
    pub(crate) fn all(&self) -> impl Iterator<Item = (&str, i32, &RoleInfo)> {
        self.by_name
            .iter()
            .map(|(name, (id, info))| (name.as_str(), *id, info))
    }

    pub(crate) fn get(&self, name: &str) -> Option<&RoleInfo> {
        self.by_name.get(name).map(|(_, info)| info)
    }

    /// The number of a role.
    pub(crate) fn id(&self, name: &str) -> Option<i32> {
        self.by_name.get(name).map(|(id, _)| *id)
    }

    /// Whether there is a role of this number.
    pub(crate) fn has(&self, id: i32) -> bool {
        self.by_name.values().any(|(other, _)| *other == id)
    }

    /// What the roles of these numbers may do together.
    pub(crate) fn grants<'a>(&'a self, ids: &'a [i32]) -> impl Iterator<Item = &'a Grant> {
        self.by_name
            .values()
            .filter(|(id, _)| ids.contains(id))
            .flat_map(|(_, info)| &info.grants)
    }

    /// Adds a role.
    pub(crate) fn create(&mut self, name: &str, info: RoleInfo) -> Result<RoleChange, RoleRefusal> {
        if self.by_name.contains_key(name) {
            return Err(RoleRefusal::AlreadyExists);
        }
        if !is_name(name) || !fits(&info) {
            return Err(RoleRefusal::Invalid);
        }
        if self.by_name.len() >= MOST {
            return Err(RoleRefusal::TooMany);
        }
        self.give(name, &info.description, false, info.grants);
        Ok(RoleChange::Added(name.to_owned()))
    }

    /// Changes description and privileges. `None`: they are the same as before.
    pub(crate) fn change(
        &mut self,
        name: &str,
        new: RoleInfo,
    ) -> Result<Option<RoleChange>, RoleRefusal> {
        let (_, info) = self
            .by_name
            .get_mut(name)
            .ok_or(RoleRefusal::DoesNotExist)?;
        let new = RoleInfo {
            locked: info.locked,
            ..new
        };
        if *info == new {
            return Ok(None);
        }
        if info.locked || !fits(&new) {
            return Err(RoleRefusal::Invalid);
        }
        let old = std::mem::replace(info, new.clone());
        let name = name.to_owned();
        Ok(Some(RoleChange::Changed { name, old, new }))
    }

    /// Removes a role. Users who have it lose its privileges.
    pub(crate) fn delete(&mut self, name: &str) -> Result<RoleChange, RoleRefusal> {
        let info = self.get(name).ok_or(RoleRefusal::DoesNotExist)?;
        if info.locked {
            return Err(RoleRefusal::NotDeletable);
        }
        self.by_name.remove(name);
        Ok(RoleChange::Removed(name.to_owned()))
    }
}

/// Whether users and roles can be called that: the name has to fit into a resource id and into a login.
pub(crate) fn is_name(name: &str) -> bool {
    let bad = |c: char| c.is_control() || c == ':' || c == '/';
    (1..=LENGTHS.0).contains(&name.chars().count()) && !name.contains(bad) && name.trim() == name
}

fn fits(info: &RoleInfo) -> bool {
    info.description.chars().count() <= LENGTHS.1
}

#[cfg(test)]
#[path = "role/tests.rs"]
mod tests;
