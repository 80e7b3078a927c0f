//! Links of a cascade: a primary unit that forwards calls to its link units.

use std::collections::BTreeMap;

/// What a unit is. The numbers are those of the API.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum CascadeRole {
    Standalone = 0,
    Primary = 1,
    Link = 2,
}

/// How a link unit is doing. The numbers are those of the API.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) enum LinkStatus {
    #[default]
    Ok = 1,
    Unreachable = 2,
    AccessDenied = 3,
    FirmwareUpdate = 4,
    FirmwareMismatch = 5,
}

/// Why a unit is not linked or released. The numbers are return codes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum LinkRefusal {
    InvalidParam = 1,
    UnsupportedOnPrimary = 2,
    UnsupportedOnLink = 3,
    LinkIdInUse = 4,
    HostInUse = 5,
    Unreachable = 6,
}

impl LinkRefusal {
    pub(crate) fn code(self) -> i32 {
        self as i32
    }
}

/// A unit that is linked to this one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct LinkUnit {
    /// Its name or address.
    pub(crate) host: String,
    pub(crate) status: LinkStatus,
    pub(crate) firmware: String,
}

/// What happened to links.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum LinkChange {
    Role {
        old: CascadeRole,
        new: CascadeRole,
        /// Address of the primary unit; empty unless this is a link unit.
        primary: String,
    },
    Added {
        id: i32,
        host: String,
    },
    Released {
        id: i32,
        host: String,
    },
    Status {
        id: i32,
        host: String,
        old: LinkStatus,
        new: LinkStatus,
    },
}

/// The links of a unit.
#[derive(Clone, Debug, Default)]
pub(crate) struct Links {
    units: BTreeMap<i32, LinkUnit>,
    /// Address of the primary unit, and the number of this unit there.
    primary: Option<(String, i32)>,
}

/// Numbers of link units; the primary unit is 1.
const IDS: std::ops::RangeInclusive<i32> = 2..=8;

impl Links {
    pub(crate) fn role(&self) -> CascadeRole {
        match (&self.primary, self.units.is_empty()) {
            (Some(_), _) => CascadeRole::Link,
            (None, false) => CascadeRole::Primary,
            (None, true) => CascadeRole::Standalone,
        }
    }

    /// Address of the primary unit and the number of this unit there, if this is a link unit.
    pub(crate) fn primary(&self) -> Option<(&str, i32)> {
        self.primary.as_ref().map(|(host, id)| (host.as_str(), *id))
    }

    /// Link units by number.
    pub(crate) fn units(&self) -> &BTreeMap<i32, LinkUnit> {
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

/// The number of a link unit and the rest of a resource id `/link/<n>/…`, which begins with `/`.
pub(crate) fn forwarded(rid: &str) -> Option<(i32, &str)> {
    let rest = rid.strip_prefix("/link/")?;
    let (id, _) = rest.split_once('/')?;
    let digits = !id.is_empty() && id.bytes().all(|byte| byte.is_ascii_digit());
    Some((id.parse().ok().filter(|_| digits)?, &rest[id.len()..]))
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
        assert_eq!(LinkRefusal::HostInUse.code(), 5);
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

    #[test]
    fn forwarded_ids_are_told_from_others() {
        assert_eq!(forwarded("/link/2/model/pdu/0"), Some((2, "/model/pdu/0")));
        assert_eq!(forwarded("/link/12/firmware"), Some((12, "/firmware")));
        for other in [
            "/model/pdu/0",
            "/link/2",
            "/link//x",
            "/link/+2/x",
            "/link/x/y",
            "/links/2/x",
        ] {
            assert_eq!(forwarded(other), None, "{other}");
        }
    }
}
