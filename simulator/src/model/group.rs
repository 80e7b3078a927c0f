//! Outlet groups: outlets that are switched together and whose power is added up.

use std::collections::BTreeMap;

/// Why a group is not created, changed, found or removed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum GroupRefusal {
    /// Name or members are invalid.
    InvalidArgument,
    /// No group has that number.
    NoSuchId,
    /// No more groups fit.
    TooMany,
}

/// What can be configured about a group.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct GroupSettings {
    /// At most 64 characters.
    pub name: String,
    /// Numbers of outlets, from 0, each once.
    pub members: Vec<usize>,
}

/// A group.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Group {
    /// It may be used again after the group is gone.
    pub id: i32,
    /// It is never used again.
    pub unique_id: i32,
    /// What can be configured.
    pub settings: GroupSettings,
}

/// What happened to groups.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum GroupChange {
    /// It was created.
    Created(Group),
    /// The group after the change, and its settings before.
    Changed(Group, GroupSettings),
    /// It was removed.
    Deleted(Group),
}

impl GroupChange {
    /// The group that it happened to, after the change.
    #[must_use]
    pub fn group(&self) -> &Group {
        match self {
            Self::Created(group) | Self::Changed(group, _) | Self::Deleted(group) => group,
        }
    }
}

/// The groups of a device.
#[derive(Clone, Debug)]
pub(crate) struct Groups {
    /// Outlets of the device.
    outlets: usize,
    by_id: BTreeMap<i32, Group>,
    created: i32,
}

/// Groups that fit.
const MOST: usize = 64;
/// Characters of a name.
const NAME: usize = 64;

impl Groups {
    /// No groups, on a device with so many outlets.
    pub(crate) fn new(outlets: usize) -> Self {
        Self {
            outlets,
            by_id: BTreeMap::new(),
            created: 0,
        }
    }

    /// All groups, in order of their numbers.
    pub(crate) fn all(&self) -> impl Iterator<Item = &Group> {
        self.by_id.values()
    }

    pub(crate) fn get(&self, id: i32) -> Result<&Group, GroupRefusal> {
        self.by_id.get(&id).ok_or(GroupRefusal::NoSuchId)
    }

    /// Creates a group with the lowest number that is free, from 1.
    pub(crate) fn create(&mut self, settings: GroupSettings) -> Result<GroupChange, GroupRefusal> {
        self.check(&settings)?;
        if self.by_id.len() >= MOST {
            return Err(GroupRefusal::TooMany);
        }
        let taken = self.by_id.keys().zip(1..).take_while(|(id, n)| *id == n);
        let id = taken.last().map_or(1, |(_, n)| n + 1);
        self.created = self.created.saturating_add(1);
        let group = Group {
            id,
            unique_id: self.created,
            settings,
        };
        self.by_id.insert(id, group.clone());
        Ok(GroupChange::Created(group))
    }

    /// Changes name and members. `None`: they are the same as before.
    pub(crate) fn change(
        &mut self,
        id: i32,
        settings: GroupSettings,
    ) -> Result<Option<GroupChange>, GroupRefusal> {
        self.check(&settings)?;
        let group = self.by_id.get_mut(&id).ok_or(GroupRefusal::NoSuchId)?;
        if group.settings == settings {
            return Ok(None);
        }
        let old = std::mem::replace(&mut group.settings, settings);
        Ok(Some(GroupChange::Changed(group.clone(), old)))
    }

    /// Removes a group. Its outlets stay as they are.
    pub(crate) fn delete(&mut self, id: i32) -> Result<GroupChange, GroupRefusal> {
        let group = self.by_id.remove(&id).ok_or(GroupRefusal::NoSuchId)?;
        Ok(GroupChange::Deleted(group))
    }

    fn check(&self, settings: &GroupSettings) -> Result<(), GroupRefusal> {
        let length = settings.name.chars().count();
        let members = &settings.members;
        let exist = members.iter().all(|&member| member < self.outlets);
        let once = members
            .iter()
            .enumerate()
            .all(|(index, member)| !members[..index].contains(member));
        let valid = (1..=NAME).contains(&length)
            && !settings.name.chars().any(char::is_control)
            && exist
            && once;
        valid.then_some(()).ok_or(GroupRefusal::InvalidArgument)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn settings(name: &str, members: &[usize]) -> GroupSettings {
        GroupSettings {
            name: name.to_owned(),
            members: members.to_vec(),
        }
    }

    fn created(groups: &mut Groups, name: &str) -> (i32, i32) {
        match groups.create(settings(name, &[0])) {
            Ok(GroupChange::Created(group)) => (group.id, group.unique_id),
            other => panic!("no group was created: {other:?}"),
        }
    }

    #[test]
    fn numbers_are_used_again_and_unique_numbers_are_not() {
        let mut groups = Groups::new(8);
        assert_eq!(created(&mut groups, "a"), (1, 1));
        assert_eq!(created(&mut groups, "b"), (2, 2));
        assert_eq!(created(&mut groups, "c"), (3, 3));
        assert!(
            matches!(groups.delete(2), Ok(GroupChange::Deleted(group)) if group.unique_id == 2)
        );
        assert_eq!(created(&mut groups, "d"), (2, 4));
        assert_eq!(created(&mut groups, "e"), (4, 5));
        let ids: Vec<i32> = groups.all().map(|group| group.id).collect();
        assert_eq!(ids, [1, 2, 3, 4]);
    }

    #[test]
    fn name_and_members_are_checked() {
        let mut groups = Groups::new(8);
        let long = "x".repeat(65);
        for bad in [
            settings("", &[0]),
            settings(&long, &[0]),
            settings("a\nb", &[0]),
            settings("a", &[8]),
            settings("a", &[1, 2, 1]),
        ] {
            assert_eq!(
                groups.create(bad.clone()),
                Err(GroupRefusal::InvalidArgument),
                "{bad:?}"
            );
        }
        assert_eq!(created(&mut groups, "a"), (1, 1));
        assert_eq!(
            groups.change(1, settings("a", &[9])),
            Err(GroupRefusal::InvalidArgument)
        );
        assert_eq!(
            groups.get(1).map(|group| &group.settings),
            Ok(&settings("a", &[0]))
        );
    }

    #[test]
    fn a_change_tells_what_was_before() {
        let mut groups = Groups::new(8);
        created(&mut groups, "a");
        assert_eq!(groups.change(1, settings("a", &[0])), Ok(None));
        let Ok(Some(GroupChange::Changed(group, old))) = groups.change(1, settings("b", &[7, 3]))
        else {
            panic!("the settings differ");
        };
        assert_eq!(
            (group.settings, old),
            (settings("b", &[7, 3]), settings("a", &[0]))
        );
        assert_eq!(
            groups.change(2, settings("b", &[])),
            Err(GroupRefusal::NoSuchId)
        );
        assert_eq!(groups.delete(2), Err(GroupRefusal::NoSuchId));
    }

    #[test]
    fn there_is_an_end_of_groups() {
        let mut groups = Groups::new(1);
        for _ in 0..MOST {
            created(&mut groups, "a");
        }
        assert_eq!(
            groups.create(settings("a", &[])),
            Err(GroupRefusal::TooMany)
        );
    }
}
