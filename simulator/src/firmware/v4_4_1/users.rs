//! `/auth/user`: adds, lists and removes users, and keeps an object for each of them.

use std::sync::{Arc, Weak};

use xerus_api::server::usermgmt as traits;
use xerus_api::usermgmt::{self, Account, Preferences, UserInfo, UserManager};
use xerus_rpc::server::{Context, Reply};

use super::answer::{self, ReturnCode};
use super::user::{self, UserServant};
use super::user_info;
use crate::firmware::{Name, Objects};
use crate::model::{
    self, AccountChange, AccountRefusal, Device, Event, Listener, PasswordRefusal, Privilege,
    SshKeyRefusal,
};

impl ReturnCode for SshKeyRefusal {
    fn code(self) -> i32 {
        match self {
            Self::TooLarge => UserManager::ERR_SSH_PUBKEY_DATA_TOO_LARGE,
            Self::Invalid => UserManager::ERR_SSH_PUBKEY_INVALID,
            Self::NotSupported => UserManager::ERR_SSH_PUBKEY_NOT_SUPPORTED,
        }
    }
}

/// The codes of the manager; a user has others.
impl ReturnCode for AccountRefusal {
    fn code(self) -> i32 {
        match self {
            Self::DoesNotExist => UserManager::ERR_USER_DOESNT_EXIST,
            Self::AlreadyExists => UserManager::ERR_USER_ALREADY_EXISTS,
            Self::NotDeletable => UserManager::ERR_USER_NOT_DELETABLE,
            Self::TooMany => UserManager::ERR_MAX_USERS_REACHED,
            Self::Invalid => UserManager::ERR_INVALID_VALUE,
            Self::NameInvalid => UserManager::ERR_USERNAME_INVALID,
            Self::NewNameExists => UserManager::ERR_NEW_USER_ALREADY_EXISTS,
            Self::SshKey(refusal) => refusal.code(),
            Self::Password(refusal) => match refusal {
                PasswordRefusal::Empty => UserManager::ERR_PASSWORD_EMPTY,
                PasswordRefusal::TooShort => UserManager::ERR_PASSWORD_TOO_SHORT,
                PasswordRefusal::TooLong => UserManager::ERR_PASSWORD_TOO_LONG,
                PasswordRefusal::ControlCharacters => UserManager::ERR_PASSWORD_CTRL_CHARS,
                PasswordRefusal::NeedsLower => UserManager::ERR_PASSWORD_NEED_LOWER,
                PasswordRefusal::NeedsUpper => UserManager::ERR_PASSWORD_NEED_UPPER,
                PasswordRefusal::NeedsNumeric => UserManager::ERR_PASSWORD_NEED_NUMERIC,
                PasswordRefusal::NeedsSpecial => UserManager::ERR_PASSWORD_NEED_SPECIAL,
                PasswordRefusal::TooShortForSnmp => UserManager::ERR_PASSWORD_TOO_SHORT_FOR_SNMP,
                // A new user has no former passwords.
                PasswordRefusal::Unchanged | PasswordRefusal::InHistory => {
                    UserManager::ERR_INVALID_VALUE
                }
            },
        }
    }
}

pub(super) fn name() -> Name {
    Name::single::<UserManager>("/auth/user")
}

/// Makes an object for each user that comes, and takes it away from each that goes.
struct UserObjects {
    device: Weak<Device>,
    /// Weak: the objects are served by whoever keeps this.
    objects: Weak<Objects>,
}

impl UserObjects {
    fn new(device: &Arc<Device>, objects: &Arc<Objects>) -> Self {
        let these = Self {
            device: Arc::downgrade(device),
            objects: Arc::downgrade(objects),
        };
        let names: Vec<String> = {
            let book = device.accounts().book();
            book.users.all().keys().cloned().collect()
        };
        for name in names {
            these.add(&name);
        }
        these
    }

    fn add(&self, user: &str) {
        if let (Some(device), Some(objects)) = (self.device.upgrade(), self.objects.upgrade()) {
            let name = Some(user.to_owned());
            let servant = traits::user(UserServant { device, name });
            objects.add(Name::single::<usermgmt::User>(&user::rid(user)), servant);
        }
    }

    fn remove(&self, user: &str) {
        if let Some(objects) = self.objects.upgrade() {
            objects.remove(&user::rid(user));
        }
    }
}

impl Listener for UserObjects {
    fn hear(&self, event: &Event) {
        let Event::Account { change, .. } = event else {
            return;
        };
        match change {
            AccountChange::Added(name) => self.add(name),
            AccountChange::Removed(name) => self.remove(name),
            AccountChange::Renamed { old, new } => {
                self.remove(old);
                self.add(new);
            }
            AccountChange::PasswordChanged(_) | AccountChange::Changed(_) => {}
        }
    }
}

/// Serves `/auth/user`.
pub(super) struct UserManagerServant {
    device: Arc<Device>,
    /// Hears of users that come and go, as long as the manager is served.
    _users: Arc<UserObjects>,
}

impl UserManagerServant {
    /// All users whom `wanted` takes, if the caller may look at users.
    fn accounts<'a>(
        &self,
        context: &Context,
        wanted: impl Fn(&model::User) -> bool,
    ) -> Reply<'a, Vec<Account>> {
        let may = answer::may_look(
            &self.device,
            context,
            Privilege::ViewUsers,
            Privilege::ChangeUsers,
        );
        let now = self.device.clock().now();
        may.map(|()| {
            let book = self.device.accounts().book();
            let users = book.users.all().iter().filter(|(_, user)| wanted(user));
            users
                .map(|(name, user)| Account {
                    name: name.clone(),
                    info: user_info::sent(user, book.users.is_blocked(name, now)),
                    extra_: Default::default(),
                })
                .collect()
        })
        .into()
    }
}

impl traits::UserManager for UserManagerServant {
    fn get_account_names<'a>(&'a self, context: &'a Context) -> Reply<'a, Vec<String>> {
        let may = answer::may_look(
            &self.device,
            context,
            Privilege::ViewUsers,
            Privilege::ChangeUsers,
        );
        may.map(|()| {
            let book = self.device.accounts().book();
            book.users.all().keys().cloned().collect()
        })
        .into()
    }

    fn create_account<'a>(
        &'a self,
        context: &'a Context,
        username: String,
        password: String,
    ) -> Reply<'a, ()> {
        answer::with(&self.device, context, Privilege::ChangeUsers, |actor| {
            let info = model::UserInfo {
                preferences: self.device.accounts().book().users.preferences,
                ..Default::default()
            };
            self.device.create_user(&username, password, info, actor)
        })
    }

    fn rename_account<'a>(
        &'a self,
        context: &'a Context,
        username: String,
        new_username: String,
    ) -> Reply<'a, ()> {
        answer::with(&self.device, context, Privilege::ChangeUsers, |actor| {
            self.device.rename_user(&username, &new_username, actor)
        })
    }

    fn delete_account<'a>(&'a self, context: &'a Context, username: String) -> Reply<'a, ()> {
        answer::with(&self.device, context, Privilege::ChangeUsers, |actor| {
            self.device.delete_user(&username, actor)
        })
    }

    fn get_all_accounts<'a>(&'a self, context: &'a Context) -> Reply<'a, Vec<Account>> {
        self.accounts(context, |_| true)
    }

    fn create_account_full<'a>(
        &'a self,
        context: &'a Context,
        username: String,
        password: String,
        info: UserInfo,
    ) -> Reply<'a, ()> {
        answer::with(&self.device, context, Privilege::ChangeUsers, |actor| {
            let info = user_info::wanted(info, None)?;
            self.device.create_user(&username, password, info, actor)
        })
    }

    fn get_accounts_by_role<'a>(
        &'a self,
        context: &'a Context,
        role_name: String,
    ) -> Reply<'a, Vec<Account>> {
        let role = self.device.accounts().book().roles.id(&role_name);
        self.accounts(context, |user| {
            role.is_some_and(|role| user.info.roles.contains(&role))
        })
    }

    fn get_default_preferences<'a>(&'a self, _: &'a Context) -> Reply<'a, Preferences> {
        let preferences = self.device.accounts().book().users.preferences;
        Reply::ok(user_info::preferences(preferences))
    }

    fn set_default_preferences<'a>(
        &'a self,
        context: &'a Context,
        prefs: Preferences,
    ) -> Reply<'a, ()> {
        answer::with(&self.device, context, Privilege::ChangeUsers, |_| {
            let wanted = user_info::wanted_preferences(&prefs)?;
            self.device.accounts().book().users.preferences = wanted;
            Ok::<(), AccountRefusal>(())
        })
    }
}

impl UserManagerServant {
    pub(super) fn new(device: &Arc<Device>, objects: &Arc<Objects>) -> Self {
        let users = Arc::new(UserObjects::new(device, objects));
        device.listen(&users);
        Self {
            device: Arc::clone(device),
            _users: users,
        }
    }
}
