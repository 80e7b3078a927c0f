//! Links of a cascade: a primary unit that forwards calls to its link units.

use std::collections::BTreeMap;

/// What a unit is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CascadeRole {
    /// It is alone.
    Standalone,
    /// Others are linked to it.
    Primary,
    /// It is linked to another one.
    Link,
}

/// How a link unit is doing.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum LinkStatus {
    /// It answers.
    #[default]
    Ok,
    /// It does not answer.
    Unreachable,
    /// It refuses the primary unit.
    AccessDenied,
    /// Its firmware is being replaced.
    FirmwareUpdate,
    /// It has another firmware.
    FirmwareMismatch,
}

/// Why a unit is not linked or released.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum LinkRefusal {
    InvalidParam,
    UnsupportedOnPrimary,
    UnsupportedOnLink,
    LinkIdInUse,
    HostInUse,
}

/// A unit that is linked to this one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LinkUnit {
    /// Its name or address.
    pub host: String,
    /// How it is doing.
    pub status: LinkStatus,
    /// The version of its firmware.
    pub firmware: String,
}

impl LinkUnit {
    /// A unit at an address that answers and runs this version of its firmware.
    #[must_use]
    pub fn new(host: impl Into<String>, firmware: impl Into<String>) -> Self {
        Self {
            host: host.into(),
            status: LinkStatus::Ok,
            firmware: firmware.into(),
        }
    }
}

/// What happened to links.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum LinkChange {
    /// The unit is something else now.
    Role {
        /// Before.
        old: CascadeRole,
        /// After.
        new: CascadeRole,
        /// Address of the primary unit; empty unless this is a link unit.
        primary: String,
    },
    /// A unit was linked.
    Added {
        /// Its number.
        id: i32,
        /// Its name or address.
        host: String,
    },
    /// A unit was released.
    Released {
        /// Its number.
        id: i32,
        /// Its name or address.
        host: String,
    },
    /// A unit is doing better or worse.
    Status {
        /// Its number.
        id: i32,
        /// Its name or address.
        host: String,
        /// Before.
        old: LinkStatus,
        /// After.
        new: LinkStatus,
    },
}

/// The links of a unit.
#[derive(Clone, Debug, Default)]
pub struct Links {
    units: BTreeMap<i32, LinkUnit>,
    /// Address of the primary unit, and the number of this unit there.
    primary: Option<(String, i32)>,
}

/// Numbers of link units; the primary unit is 1.
const IDS: std::ops::RangeInclusive<i32> = 2..=8;

impl Links {
    /// What the unit is.
    #[must_use]
    pub fn role(&self) -> CascadeRole {
        match (&self.primary, self.units.is_empty()) {
            (Some(_), _) => CascadeRole::Link,
            (None, false) => CascadeRole::Primary,
            (None, true) => CascadeRole::Standalone,
        }
    }

    /// Address of the primary unit and the number of this unit there, if this is a link unit.
    #[must_use]
    pub fn primary(&self) -> Option<(&str, i32)> {
        self.primary.as_ref().map(|(host, id)| (host.as_str(), *id))
    }

    /// Link units by number.
    #[must_use]
    pub fn units(&self) -> &BTreeMap<i32, LinkUnit> {
        &self.units
    }

    /// Links a unit.
    pub(crate) fn add(&mut self, id: i32, unit: LinkUnit) -> Result<Vec<LinkChange>, LinkRefusal> {
        let old = self.role();
        if old == CascadeRole::Link {
            return Err(LinkRefusal::UnsupportedOnLink);
        }
        if !IDS.contains(&id) || unit.host.is_empty() {
            return Err(LinkRefusal::InvalidParam);
        }
        if self.units.contains_key(&id) {
            return Err(LinkRefusal::LinkIdInUse);
        }
        if self.units.values().any(|other| other.host == unit.host) {
            return Err(LinkRefusal::HostInUse);
        }
        let host = unit.host.clone();
        self.units.insert(id, unit);
        Ok(self.with_role(old, LinkChange::Added { id, host }))
    }

    /// Releases a unit.
    pub(crate) fn release(&mut self, id: i32) -> Result<Vec<LinkChange>, LinkRefusal> {
        let old = self.role();
        let unit = self.units.remove(&id).ok_or(LinkRefusal::InvalidParam)?;
        let host = unit.host;
        Ok(self.with_role(old, LinkChange::Released { id, host }))
    }

    /// Notes how a unit is doing; `None` if nothing changes.
    pub(crate) fn set_status(&mut self, id: i32, new: LinkStatus) -> Option<LinkChange> {
        let unit = self.units.get_mut(&id)?;
        let old = std::mem::replace(&mut unit.status, new);
        let host = unit.host.clone();
        (old != new).then_some(LinkChange::Status { id, host, old, new })
    }

    /// Becomes a link unit.
    pub(crate) fn link_to(
        &mut self,
        primary: &str,
        id: i32,
    ) -> Result<Vec<LinkChange>, LinkRefusal> {
        let old = self.role();
        if old == CascadeRole::Primary {
            return Err(LinkRefusal::UnsupportedOnPrimary);
        }
        if !IDS.contains(&id) || primary.is_empty() {
            return Err(LinkRefusal::InvalidParam);
        }
        self.primary = Some((primary.to_owned(), id));
        Ok(self.role_change(old).into_iter().collect())
    }

    /// Ends being a link unit.
    pub(crate) fn unlink(&mut self) -> Option<LinkChange> {
        let old = self.role();
        self.primary = None;
        self.role_change(old)
    }

    fn with_role(&self, old: CascadeRole, change: LinkChange) -> Vec<LinkChange> {
        self.role_change(old).into_iter().chain([change]).collect()
    }

    fn role_change(&self, old: CascadeRole) -> Option<LinkChange> {
        let new = self.role();
        (old != new).then(|| LinkChange::Role {
            old,
            new,
            primary: self
                .primary()
                .map_or_else(String::new, |(host, _)| host.to_owned()),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn unit(host: &str) -> LinkUnit {
        LinkUnit {
            host: host.to_owned(),
            status: LinkStatus::Ok,
            firmware: "4.4.1".to_owned(),
        }
    }

    #[test]
    fn the_first_link_makes_a_primary_unit_and_the_last_release_ends_it() {
        let mut links = Links::default();
        assert_eq!(links.role(), CascadeRole::Standalone);
        let changes = links.add(2, unit("a")).unwrap();
        assert_eq!(
            changes,
            [
                LinkChange::Role {
                    old: CascadeRole::Standalone,
                    new: CascadeRole::Primary,
                    primary: String::new()
                },
                LinkChange::Added {
                    id: 2,
                    host: "a".to_owned()
                }
            ]
        );
        assert_eq!(links.add(8, unit("b")).unwrap().len(), 1);
        assert_eq!(links.release(2).unwrap().len(), 1);
        assert_eq!(links.release(8).unwrap().len(), 2);
        assert_eq!(links.role(), CascadeRole::Standalone);
    }

    #[test]
    fn a_link_is_refused_for_a_reason() {
        let mut links = Links::default();
        links.add(2, unit("a")).unwrap();
        for (id, host, refusal) in [
            (1, "b", LinkRefusal::InvalidParam),
            (9, "b", LinkRefusal::InvalidParam),
            (3, "", LinkRefusal::InvalidParam),
            (2, "b", LinkRefusal::LinkIdInUse),
            (3, "a", LinkRefusal::HostInUse),
        ] {
            assert_eq!(links.add(id, unit(host)), Err(refusal), "{id} {host}");
        }
        assert_eq!(links.release(3), Err(LinkRefusal::InvalidParam));
        assert_eq!(
            links.link_to("p", 2),
            Err(LinkRefusal::UnsupportedOnPrimary)
        );
    }

    #[test]
    fn a_link_unit_has_no_links_of_its_own() {
        let mut links = Links::default();
        assert_eq!(links.link_to("192.0.2.1", 3).unwrap().len(), 1);
        assert_eq!(links.primary(), Some(("192.0.2.1", 3)));
        assert_eq!(links.add(2, unit("a")), Err(LinkRefusal::UnsupportedOnLink));
        assert!(links.unlink().is_some());
        assert_eq!(links.unlink(), None);
    }

    #[test]
    fn a_status_is_told_when_it_changes() {
        let mut links = Links::default();
        links.add(2, unit("a")).unwrap();
        assert_eq!(links.set_status(2, LinkStatus::Ok), None);
        assert_eq!(links.set_status(3, LinkStatus::Unreachable), None);
        let change = links.set_status(2, LinkStatus::Unreachable);
        assert!(matches!(
            change,
            Some(LinkChange::Status {
                id: 2,
                old: LinkStatus::Ok,
                new: LinkStatus::Unreachable,
                ..
            })
        ));
        assert_eq!(links.units()[&2].status, LinkStatus::Unreachable);
    }
}
