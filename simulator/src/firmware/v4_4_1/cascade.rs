//! `/cascade`: what is linked to this device, or what it is linked to.

use std::sync::Arc;

use xerus_api::cascading::CascadeManager;
use xerus_api::cascading::cascade_manager::{
    self, LinkPortStatus, LinkUnitStatus, LinkUnitType, PrimaryUnitSettings, Role, Status,
};
use xerus_api::server::cascading as traits;
use xerus_rpc::server::{Context, Reply};

use super::answer::{self, ReturnCode};
use crate::firmware::Name;
use crate::model::{CascadeRole, Device, LinkRefusal, LinkStatus, LinkUnit, Links, Privilege};

impl ReturnCode for LinkRefusal {
    fn code(self) -> i32 {
        match self {
            Self::InvalidParam => CascadeManager::ERR_INVALID_PARAM,
            Self::UnsupportedOnPrimary => CascadeManager::ERR_UNSUPPORTED_ON_PRIMARY_UNIT,
            Self::UnsupportedOnLink => CascadeManager::ERR_UNSUPPORTED_ON_LINK_UNIT,
            Self::LinkIdInUse => CascadeManager::ERR_LINK_ID_IN_USE,
            Self::HostInUse => CascadeManager::ERR_HOST_IN_USE,
        }
    }
}

pub(super) fn name() -> Name {
    Name::single::<CascadeManager>("/cascade")
}

pub(super) fn role(role: CascadeRole) -> Role {
    match role {
        CascadeRole::Standalone => Role::Standalone,
        CascadeRole::Primary => Role::PrimaryUnit,
        CascadeRole::Link => Role::LinkUnit,
    }
}

pub(super) fn unit_status(status: LinkStatus) -> LinkUnitStatus {
    match status {
        LinkStatus::Ok => LinkUnitStatus::Ok,
        LinkStatus::Unreachable => LinkUnitStatus::Unreachable,
        LinkStatus::AccessDenied => LinkUnitStatus::AccessDenied,
        LinkStatus::FirmwareUpdate => LinkUnitStatus::FirmwareUpdate,
        LinkStatus::FirmwareMismatch => LinkUnitStatus::FirmwareMismatch,
    }
}

fn unit(unit: &LinkUnit) -> cascade_manager::LinkUnit {
    cascade_manager::LinkUnit {
        r#type: LinkUnitType::Network,
        host: unit.host.clone(),
        status: unit_status(unit.status),
        fw_version: unit.firmware.clone(),
        extra_: Default::default(),
    }
}

fn status(links: &Links) -> Status {
    let (primary_unit, primary_link_id) = links.primary().unwrap_or_default();
    Status {
        role: role(links.role()),
        primary_unit: primary_unit.to_owned(),
        primary_link_id,
        link_units: links
            .units()
            .iter()
            .map(|(&id, linked)| (id, unit(linked)))
            .collect(),
        extra_: Default::default(),
    }
}

/// Serves `/cascade`.
pub(super) struct CascadeServant(pub(super) Arc<Device>);

impl CascadeServant {
    fn not_supported<'a>(&self, context: &Context) -> Reply<'a, ()> {
        answer::with(&self.0, context, Privilege::Administrator, |_| {
            Err(CascadeManager::ERR_NOT_SUPPORTED)
        })
    }

    /// Nothing is asked of the other unit: it is there as soon as it is named.
    fn link<'a>(&self, context: &Context, id: i32, host: String) -> Reply<'a, ()> {
        answer::with(&self.0, context, Privilege::Administrator, |actor| {
            let unit = LinkUnit {
                host,
                status: LinkStatus::Ok,
                firmware: self.0.firmware().version_text().to_owned(),
            };
            self.0.link(id, unit, actor)
        })
    }
}

impl traits::CascadeManager for CascadeServant {
    fn get_primary_unit_settings<'a>(&'a self, _: &'a Context) -> Reply<'a, PrimaryUnitSettings> {
        Reply::ok(PrimaryUnitSettings::default())
    }

    fn get_status<'a>(&'a self, _: &'a Context) -> Reply<'a, Status> {
        Reply::ok(status(&self.0.links()))
    }

    fn get_link_port_status<'a>(&'a self, _: &'a Context) -> Reply<'a, LinkPortStatus> {
        Reply::ok(LinkPortStatus::default())
    }

    fn add_link_unit<'a>(
        &'a self,
        context: &'a Context,
        link_id: i32,
        host: String,
        _login: String,
        _password: String,
        _new_password: String,
    ) -> Reply<'a, ()> {
        self.link(context, link_id, host)
    }

    fn add_link_unit2<'a>(
        &'a self,
        context: &'a Context,
        link_id: i32,
        host: String,
        _login: String,
        _password: String,
        _new_password: String,
        _disable_strong_password_req: bool,
    ) -> Reply<'a, ()> {
        self.link(context, link_id, host)
    }

    fn release_link_unit<'a>(&'a self, context: &'a Context, link_id: i32) -> Reply<'a, ()> {
        answer::with(&self.0, context, Privilege::Administrator, |actor| {
            self.0.release(link_id, actor)
        })
    }

    fn unlink<'a>(&'a self, context: &'a Context) -> Reply<'a, ()> {
        answer::with(&self.0, context, Privilege::Administrator, |actor| {
            self.0.unlink(actor);
            Ok::<(), LinkRefusal>(())
        })
    }

    fn get_supported_roles<'a>(&'a self, _: &'a Context) -> Reply<'a, Vec<Role>> {
        Reply::ok(vec![Role::Standalone, Role::PrimaryUnit, Role::LinkUnit])
    }

    fn get_supported_link_unit_types<'a>(&'a self, _: &'a Context) -> Reply<'a, Vec<LinkUnitType>> {
        Reply::ok(vec![LinkUnitType::Network])
    }

    fn add_link_port_link_unit<'a>(&'a self, context: &'a Context) -> Reply<'a, ()> {
        self.not_supported(context)
    }

    fn add_secure_serial_link_unit<'a>(
        &'a self,
        context: &'a Context,
        _: i32,
        _: String,
    ) -> Reply<'a, ()> {
        self.not_supported(context)
    }

    fn add_zigbee_link_unit<'a>(
        &'a self,
        context: &'a Context,
        _: i32,
        _: String,
        _: String,
    ) -> Reply<'a, ()> {
        self.not_supported(context)
    }
}
