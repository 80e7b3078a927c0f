//! `/auth/role`: adds, lists and removes roles; `/auth/role/<name>`: one of them.

use std::sync::{Arc, Weak};

use xerus_api::server::usermgmt as traits;
use xerus_api::usermgmt::{self, Role, RoleManager, role, role_manager};
use xerus_rpc::server::{Context, Fault, Reply};

use super::answer::{self, ReturnCode};
use crate::firmware::{Name, Objects};
use crate::model::{Device, Event, Grant, Listener, Privilege, RoleChange, RoleInfo, RoleRefusal};

/// The codes of the manager; a role has only one.
impl ReturnCode for RoleRefusal {
    fn code(self) -> i32 {
        match self {
            Self::AlreadyExists => RoleManager::ERR_ROLE_ALREADY_EXISTS,
            Self::TooMany => RoleManager::ERR_MAX_ROLES_REACHED,
            Self::Invalid => RoleManager::ERR_INVALID_VALUE,
            Self::DoesNotExist => RoleManager::ERR_ROLE_DOESNT_EXIST,
            Self::NotDeletable => RoleManager::ERR_ROLE_NOT_DELETABLE,
        }
    }
}

pub(super) fn name() -> Name {
    Name::single::<RoleManager>("/auth/role")
}

fn role_name(role: &str) -> Name {
    Name::single::<Role>(&format!("/auth/role/{role}"))
}

pub(super) fn privilege(grant: &Grant) -> role::Privilege {
    role::Privilege {
        name: grant.privilege.name().to_owned(),
        args: grant.arguments.clone(),
        extra_: Default::default(),
    }
}

pub(super) fn info(info: &RoleInfo) -> role::Info {
    role::Info {
        description: info.description.clone(),
        locked: info.locked,
        privileges: info.grants.iter().map(privilege).collect(),
        extra_: Default::default(),
    }
}

fn wanted(info: role::Info) -> Result<RoleInfo, RoleRefusal> {
    let privileges = info.privileges.into_iter();
    let grants = privileges
        .map(|privilege| Grant::named(&privilege.name, privilege.args).ok_or(RoleRefusal::Invalid));
    Ok(RoleInfo {
        description: info.description,
        locked: false,
        grants: grants.collect::<Result<_, _>>()?,
    })
}

fn description(privilege: Privilege) -> role_manager::PrivilegeDesc {
    let argument = privilege.argument().into_iter();
    role_manager::PrivilegeDesc {
        name: privilege.name().to_owned(),
        desc: privilege.description().to_owned(),
        args: argument
            .map(|(name, desc)| role_manager::ArgumentDesc {
                name: name.to_owned(),
                desc: desc.to_owned(),
                extra_: Default::default(),
            })
            .collect(),
        extra_: Default::default(),
    }
}

/// Makes an object for each role that comes, and takes it away from each that goes.
struct RoleObjects {
    device: Weak<Device>,
    objects: Weak<Objects>,
}

impl RoleObjects {
    fn add(&self, role: &str) {
        if let (Some(device), Some(objects)) = (self.device.upgrade(), self.objects.upgrade()) {
            let name = role.to_owned();
            objects.add(role_name(role), traits::role(RoleServant { device, name }));
        }
    }
}

impl Listener for RoleObjects {
    fn hear(&self, event: &Event) {
        let Event::Role { change, .. } = event else {
            return;
        };
        match &**change {
            RoleChange::Added(name) => self.add(name),
            RoleChange::Removed(name) => {
                if let Some(objects) = self.objects.upgrade() {
                    objects.remove(&role_name(name).opaque);
                }
            }
            RoleChange::Changed { .. } => {}
        }
    }
}

/// Serves a role.
struct RoleServant {
    device: Arc<Device>,
    name: String,
}

impl traits::Role for RoleServant {
    fn get_info<'a>(&'a self, context: &'a Context) -> Reply<'a, role::Info> {
        let may = answer::may_look(
            &self.device,
            context,
            Privilege::ViewUsers,
            Privilege::ChangeUsers,
        );
        may.and_then(|()| {
            let book = self.device.accounts().book();
            let role = book.roles.get(&self.name);
            role.map(info).ok_or_else(Fault::object_not_found)
        })
        .into()
    }

    fn update_full<'a>(&'a self, context: &'a Context, info: role::Info) -> Reply<'a, ()> {
        answer::with(&self.device, context, Privilege::ChangeUsers, |actor| {
            let changed =
                wanted(info).and_then(|info| self.device.change_role(&self.name, info, actor));
            changed.map_err(|_| Role::ERR_INVALID_VALUE)
        })
    }
}

/// Serves `/auth/role`.
pub(super) struct RoleManagerServant {
    device: Arc<Device>,
    /// Hears of roles that come and go, as long as the manager is served.
    _objects: Arc<RoleObjects>,
}

impl RoleManagerServant {
    pub(super) fn new(device: &Arc<Device>, objects: &Arc<Objects>) -> Self {
        let these = Arc::new(RoleObjects {
            device: Arc::downgrade(device),
            objects: Arc::downgrade(objects),
        });
        let names: Vec<String> = {
            let book = device.accounts().book();
            book.roles.all().map(|(name, ..)| name.to_owned()).collect()
        };
        for name in names {
            these.add(&name);
        }
        device.listen(&these);
        Self {
            device: Arc::clone(device),
            _objects: these,
        }
    }

    fn look(&self, context: &Context) -> Result<(), Fault> {
        answer::may_look(
            &self.device,
            context,
            Privilege::ViewUsers,
            Privilege::ChangeUsers,
        )
    }

    fn roles(&self) -> Vec<role_manager::RoleAccount> {
        let book = self.device.accounts().book();
        let mut roles: Vec<_> = book
            .roles
            .all()
            .map(|(name, id, role)| role_manager::RoleAccount {
                id,
                name: name.to_owned(),
                info: info(role),
                extra_: Default::default(),
            })
            .collect();
        roles.sort_by_key(|role| role.id);
        roles
    }
}

impl traits::RoleManager for RoleManagerServant {
    fn create_role_full<'a>(
        &'a self,
        context: &'a Context,
        name: String,
        info: usermgmt::role::Info,
    ) -> Reply<'a, ()> {
        answer::with(&self.device, context, Privilege::ChangeUsers, |actor| {
            self.device.create_role(&name, wanted(info)?, actor)
        })
    }

    fn delete_role<'a>(&'a self, context: &'a Context, name: String) -> Reply<'a, ()> {
        answer::with(&self.device, context, Privilege::ChangeUsers, |actor| {
            self.device.delete_role(&name, actor)
        })
    }

    fn get_all_role_names<'a>(&'a self, context: &'a Context) -> Reply<'a, Vec<String>> {
        let names = self.look(context).map(|()| {
            let roles = self.roles().into_iter();
            roles.map(|role| role.name).collect()
        });
        names.into()
    }

    fn get_all_roles<'a>(
        &'a self,
        context: &'a Context,
    ) -> Reply<'a, Vec<role_manager::RoleAccount>> {
        self.look(context).map(|()| self.roles()).into()
    }

    fn get_all_privileges<'a>(
        &'a self,
        context: &'a Context,
    ) -> Reply<'a, Vec<role_manager::PrivilegeDesc>> {
        let all = self
            .look(context)
            .map(|()| Privilege::ALL.map(description).to_vec());
        all.into()
    }

    fn get_info<'a>(&'a self, context: &'a Context) -> Reply<'a, role_manager::Info> {
        let info = self.look(context).map(|()| role_manager::Info {
            privileges: Privilege::ALL.map(description).to_vec(),
            roles: self.roles(),
            extra_: Default::default(),
        });
        info.into()
    }
}
