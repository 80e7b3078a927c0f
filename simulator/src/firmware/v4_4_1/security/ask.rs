//! Who may look at rules of access and change them.

use xerus_api::security::{RoleAccessControl, Security};
use xerus_rpc::server::{Context, Reply};

use super::super::access_rules::wanted_role_access;
use super::super::answer;
use super::SecurityServant;
use crate::model::access::Family;
use crate::model::{Device, Privilege, SessionRules};

impl SecurityServant {
    /// Looks at rules, if the caller may.
    pub(super) fn look<'a, T>(
        &self,
        context: &Context,
        at: impl FnOnce(&Device) -> T,
    ) -> Reply<'a, T> {
        let (view, change) = (Privilege::ViewSecurity, Privilege::ChangeSecurity);
        let may = answer::may_look(&self.0, context, view, change);
        may.map(|()| at(&self.0)).into()
    }

    /// Changes a rule, if the caller may and it is one.
    pub(super) fn change<'a, T>(
        &self,
        context: &Context,
        rule: Option<T>,
        put: impl FnOnce(&Device, T),
    ) -> Reply<'a, ()> {
        answer::with(&self.0, context, Privilege::ChangeSecurity, |_| {
            let rule = rule.ok_or(Security::ERR_INVALID_VALUE)?;
            put(&self.0, rule);
            Ok::<(), i32>(())
        })
    }

    /// Changes a rule, if the caller may and the device takes it.
    pub(super) fn change_if<'a>(
        &self,
        context: &Context,
        put: impl FnOnce(&Device) -> bool,
    ) -> Reply<'a, ()> {
        answer::with(&self.0, context, Privilege::ChangeSecurity, |_| {
            let taken = put(&self.0);
            taken.then_some(()).ok_or(Security::ERR_INVALID_VALUE)
        })
    }
}

pub(super) fn change_sessions(device: &Device, edit: impl FnOnce(&mut SessionRules)) {
    let now = device.clock().now();
    let mut rules = device.sessions().rules(now);
    edit(&mut rules);
    device.sessions().set_rules(rules, now);
}

pub(super) fn set_role_access(device: &Device, family: Family, wanted: RoleAccessControl) -> bool {
    let Some(wanted) = wanted_role_access(wanted) else {
        return false;
    };
    let roles = device.accounts().book().roles.clone();
    device
        .maintenance()
        .access
        .set_roles(family, wanted, |role| roles.has(role))
}
