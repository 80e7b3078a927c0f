//! Users as objects of the device: `/auth/user/<name>` for each account, and `/auth/currentUser`.

use std::sync::Arc;

use xerus_api::server::usermgmt as traits;
use xerus_api::usermgmt::{Preferences, User, UserCapabilities, UserInfo, role};
use xerus_rpc::server::{Context, Fault, Reply};

use super::answer::{self, ReturnCode};
use super::{roles, user_info};
use crate::model::{AccountRefusal, Actor, Device, PasswordRefusal, Privilege};

/// The codes of a user; the manager has others.
struct OfUser(AccountRefusal);

impl ReturnCode for OfUser {
    fn code(self) -> i32 {
        match self.0 {
            AccountRefusal::Password(refusal) => refusal.code(),
            AccountRefusal::SshKey(refusal) => refusal.code(),
            _ => User::ERR_INVALID_ARGUMENT,
        }
    }
}

impl ReturnCode for PasswordRefusal {
    fn code(self) -> i32 {
        match self {
            Self::Unchanged => User::ERR_PASSWORD_UNCHANGED,
            Self::Empty => User::ERR_PASSWORD_EMPTY,
            Self::TooShort => User::ERR_PASSWORD_TOO_SHORT,
            Self::TooLong => User::ERR_PASSWORD_TOO_LONG,
            Self::ControlCharacters => User::ERR_PASSWORD_CTRL_CHARS,
            Self::NeedsLower => User::ERR_PASSWORD_NEED_LOWER,
            Self::NeedsUpper => User::ERR_PASSWORD_NEED_UPPER,
            Self::NeedsNumeric => User::ERR_PASSWORD_NEED_NUMERIC,
            Self::NeedsSpecial => User::ERR_PASSWORD_NEED_SPECIAL,
            Self::InHistory => User::ERR_PASSWORD_IN_HISTORY,
            Self::TooShortForSnmp => User::ERR_PASSWORD_TOO_SHORT_FOR_SNMP,
        }
    }
}

/// Where the user stands who asks.
pub(crate) const CURRENT_USER: &str = "/auth/currentUser";
/// The method that changes a password.
pub(crate) const CHANGE_PASSWORD: &str = "setAccountPassword";

/// The resource id of a user.
pub(crate) fn rid(user: &str) -> String {
    format!("/auth/user/{user}")
}

/// Serves a user.
pub(super) struct UserServant {
    pub(super) device: Arc<Device>,
    /// `None`: who asks.
    pub(super) name: Option<String>,
}

impl UserServant {
    /// The user that this object is, if the caller is that user, or has one of the privileges.
    fn name<'a>(&'a self, context: &'a Context, others: &[Privilege]) -> Result<&'a str, Fault> {
        let caller = context.user.as_deref();
        let accounts = self.device.accounts();
        match &self.name {
            Some(name) if caller == Some(name) => Ok(name),
            Some(name) if others.iter().any(|&p| accounts.may(caller, p)) => Ok(name),
            Some(_) => Err(Fault::not_permitted()),
            None => caller.ok_or_else(|| Fault::internal("nobody is logged in")),
        }
    }

    /// Looks at the user.
    fn look<T>(
        &self,
        context: &Context,
        at: impl FnOnce(UserInfo, &[i32]) -> T,
    ) -> Result<T, Fault> {
        let name = self.name(context, &[Privilege::ViewUsers, Privilege::ChangeUsers])?;
        let now = self.device.clock().now();
        let (info, roles) = {
            let book = self.device.accounts().book();
            let user = book.users.get(name).ok_or_else(Fault::object_not_found)?;
            let blocked = book.users.is_blocked(name, now);
            (user_info::sent(user, blocked), user.info.roles.clone())
        };
        Ok(at(info, &roles))
    }

    fn change(
        &self,
        context: &Context,
        others: &[Privilege],
        act: impl FnOnce(&str, &Actor) -> Result<(), AccountRefusal>,
    ) -> Result<(), Fault> {
        let name = self.name(context, others)?;
        match act(name, &answer::actor(context)) {
            Err(AccountRefusal::DoesNotExist) => Err(Fault::object_not_found()),
            done => done.map_err(|refusal| Fault::refused(OfUser(refusal).code())),
        }
    }

    /// A user who has to change the own password may do so, whatever the role.
    fn may_change_password(&self, context: &Context) -> Result<(), Fault> {
        let accounts = self.device.accounts();
        let caller = context.user.as_deref();
        let own = self.name.as_deref().is_none_or(|name| caller == Some(name));
        let forced = caller.is_some_and(|caller| accounts.must_change_password(caller));
        match !own || forced || accounts.may(caller, Privilege::ChangeOwnPassword) {
            true => Ok(()),
            false => Err(Fault::not_permitted()),
        }
    }
}

impl traits::User for UserServant {
    fn get_info<'a>(&'a self, context: &'a Context) -> Reply<'a, UserInfo> {
        self.look(context, |info, _| info).into()
    }

    fn set_account_password<'a>(&'a self, context: &'a Context, password: String) -> Reply<'a, ()> {
        let done = self.may_change_password(context).and_then(|()| {
            self.change(context, &[Privilege::ChangeUsers], |name, actor| {
                self.device.set_password(name, password, actor)
            })
        });
        done.into()
    }

    fn update_account_full<'a>(
        &'a self,
        context: &'a Context,
        password: String,
        info: UserInfo,
    ) -> Reply<'a, ()> {
        // Roles are among what it changes: nobody may do that to the own account without the privilege.
        answer::may(&self.device, context, Privilege::ChangeUsers)
            .and_then(|()| {
                self.change(context, &[Privilege::ChangeUsers], |name, actor| {
                    let now = {
                        let book = self.device.accounts().book();
                        book.users.get(name).map(|user| user.info.clone())
                    };
                    let info = user_info::wanted(info, now.as_ref())?;
                    self.device.update_user(name, password, info, actor)
                })
            })
            .into()
    }

    fn get_info_and_privileges<'a>(
        &'a self,
        context: &'a Context,
    ) -> Reply<'a, (UserInfo, Vec<role::Privilege>)> {
        self.look(context, |info, ids| {
            let book = self.device.accounts().book();
            let grants = book.roles.grants(ids);
            (info, grants.map(roles::privilege).collect())
        })
        .into()
    }

    fn set_preferences<'a>(&'a self, context: &'a Context, prefs: Preferences) -> Reply<'a, ()> {
        self.change(context, &[Privilege::ChangeUsers], |name, actor| {
            let preferences = user_info::wanted_preferences(&prefs)?;
            self.device.set_preferences(name, preferences, actor)
        })
        .into()
    }

    fn get_capabilities<'a>(&'a self, context: &'a Context) -> Reply<'a, UserCapabilities> {
        let can = self.may_change_password(context).is_ok();
        self.look(context, |_, _| UserCapabilities {
            can_set_password: can,
            can_set_preferences: true,
            extra_: Default::default(),
        })
        .into()
    }
}
