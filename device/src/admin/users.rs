//! Users.

use std::collections::BTreeMap;

use xerus_api::usermgmt::{Account, User, UserInfo, UserManager};
use xerus_rpc::Agent;
use xerus_rpc::update::Updated;

use super::ask::{explain, explain_of};
use super::known::{Known, majors};
use super::{AdminError, Change, NewUser, Refusal, Roles, SnmpV3};

/// The users of a device (`/auth/user`), of any firmware.
///
/// Passwords are sent and never read back; nothing here shows, logs or keeps one. Send them over HTTPS only.
#[derive(Clone, Debug)]
pub struct Users {
    agent: Agent,
}

impl Users {
    /// Users of the device that this agent calls.
    #[must_use]
    pub fn of(agent: &Agent) -> Self {
        Self {
            agent: agent.clone(),
        }
    }

    pub(super) fn agent(&self) -> &Agent {
        &self.agent
    }

    fn manager(&self) -> UserManager {
        UserManager::well_known(&self.agent)
    }

    fn user(&self, name: &str) -> User {
        User::well_known(&self.agent, name)
    }

    /// All users, in one call. Secrets are empty in the answer.
    ///
    /// # Errors
    ///
    /// Those of the call.
    pub async fn list(&self) -> Result<Vec<Account>, AdminError> {
        Ok(self.manager().get_all_accounts().await?)
    }

    /// What makes up a user.
    ///
    /// # Errors
    ///
    /// [`NoSuchUser`](Refusal::NoSuchUser); those of the call.
    pub async fn get(&self, name: &str) -> Result<UserInfo, AdminError> {
        let info = self.user(name).get_info().await;
        info.map_err(|error| explain_of(error, Refusal::unnamed, Refusal::NoSuchUser))
    }

    /// The names of the roles that a user has. A number without a role is left out: the role was deleted.
    ///
    /// # Errors
    ///
    /// As [`get`](Self::get).
    pub async fn roles_of(&self, name: &str) -> Result<Vec<String>, AdminError> {
        let info = self.get(name).await?;
        let roles = Roles::of(&self.agent).list().await?;
        let mut names: BTreeMap<i32, String> =
            roles.into_iter().map(|role| (role.id, role.name)).collect();
        let ids = info.role_ids.iter();
        Ok(ids.filter_map(|id| names.remove(id)).collect())
    }

    /// A user to be added: an enabled one without roles, who may do nothing, unless said otherwise.
    ///
    /// Awaiting it sends `createAccountFull` once. After a lost answer the outcome is unknown: look whether the user is there.
    pub fn create(&self, name: impl Into<String>, password: impl Into<String>) -> NewUser {
        NewUser::new(self.clone(), name.into(), password.into())
    }

    /// Changes what makes up a user. The password stays; an empty secret of SNMPv3 keeps the old one.
    ///
    /// ```no_run
    /// # async fn example(agent: &xerus_rpc::Agent) -> Result<(), xerus_device::admin::AdminError> {
    /// use xerus_device::admin::Users;
    ///
    /// let users = Users::of(agent);
    /// let changed = users.change("olga", |info| info.aux_info.telephone = "4711".to_owned()).await?;
    /// println!("{}", changed.changed); // nothing, and nothing sent, when that was her number
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    ///
    /// [`NoSuchUser`](Refusal::NoSuchUser), [`SshKey`](Refusal::SshKey), [`InvalidValue`](Refusal::InvalidValue); those of
    /// [`xerus_rpc::update()`].
    pub fn change<'a>(
        &self,
        name: &str,
        change: impl FnOnce(&mut UserInfo) + Send + 'a,
    ) -> Change<'a, UserInfo> {
        let user = self.user(name);
        Change::new(
            Known::new(&user, majors::USER),
            user.get_info(),
            change,
            move |info| user.update_account_full("", &info),
            |error| explain_of(error, Refusal::of_user, Refusal::NoSuchUser),
        )
    }

    /// Lets a user sign in, or not. Devices end the sessions of a user who may not.
    ///
    /// # Errors
    ///
    /// As [`change`](Self::change). Devices may refuse to disable the administrator that they came with.
    pub fn set_enabled(&self, name: &str, enabled: bool) -> Change<'static, UserInfo> {
        self.change(name, move |info| info.enabled = enabled)
    }

    /// Gives a user exactly these roles, by name.
    ///
    /// # Errors
    ///
    /// [`NoSuchRole`](AdminError::NoSuchRole) before anything is sent; otherwise as [`change`](Self::change).
    pub async fn set_roles<R: AsRef<str>>(
        &self,
        name: &str,
        roles: impl IntoIterator<Item = R>,
    ) -> Result<Updated<UserInfo>, AdminError> {
        let ids = Roles::of(&self.agent).numbers(roles).await?;
        let same = |now: &[i32]| {
            let (mut now, mut wanted) = (now.to_vec(), ids.clone());
            now.sort_unstable();
            wanted.sort_unstable();
            now == wanted
        };
        let change = |info: &mut UserInfo| {
            // The order means nothing, so it is no change.
            if !same(&info.role_ids) {
                info.role_ids.clone_from(&ids);
            }
        };
        self.change(name, change).await
    }

    /// Sets how a user is known to SNMPv3.
    ///
    /// # Errors
    ///
    /// As [`change`](Self::change). Firmware before 4.0 knows only MD5 and SHA-1, and DES and AES-128.
    pub fn set_snmp_v3(&self, name: &str, snmp: SnmpV3) -> Change<'static, UserInfo> {
        self.change(name, move |info| snmp.put(&mut info.snmp_v3_settings))
    }

    /// Sets the password of a user.
    ///
    /// An agent that signs in as this user with the old password is refused from then on: give it the new one with
    /// [`Agent::login`]. After a lost answer the outcome is unknown: try both.
    ///
    /// # Errors
    ///
    /// [`Password`](Refusal::Password) says which rule it breaks; [`NoSuchUser`](Refusal::NoSuchUser).
    pub async fn set_password(&self, name: &str, password: &str) -> Result<(), AdminError> {
        let set = self.user(name).set_account_password(password).await;
        set.map_err(|error| explain_of(error, Refusal::of_user, Refusal::NoSuchUser))
    }

    /// Sets the password of the user that the agent signs in as. Otherwise as [`set_password`](Self::set_password); this also works on
    /// a device that comes from the factory, where nothing else is allowed before.
    ///
    /// # Errors
    ///
    /// As [`set_password`](Self::set_password).
    pub async fn set_own_password(&self, password: &str) -> Result<(), AdminError> {
        let user = User::well_known_current(&self.agent);
        let set = user.set_account_password(password).await;
        set.map_err(|error| explain(error, Refusal::of_user))
    }

    /// Gives a user another name. Devices end the sessions of the user.
    ///
    /// # Errors
    ///
    /// [`NoSuchUser`](Refusal::NoSuchUser), [`UserExists`](Refusal::UserExists) for the new name,
    /// [`InvalidUserName`](Refusal::InvalidUserName); [`NotThere`](AdminError::NotThere) with firmware before 4.0, where users keep
    /// their names.
    pub async fn rename(&self, name: &str, new_name: &str) -> Result<(), AdminError> {
        let renamed = self.manager().rename_account(name, new_name).await;
        renamed.map_err(|error| explain(error, Refusal::of_user_manager))
    }

    /// Deletes a user. Devices end the sessions of the user.
    ///
    /// # Errors
    ///
    /// [`NoSuchUser`](Refusal::NoSuchUser), [`UserNotDeletable`](Refusal::UserNotDeletable). After a lost answer the outcome is
    /// unknown; deleting again does no harm, and `NoSuchUser` then says that it was done.
    pub async fn delete(&self, name: &str) -> Result<(), AdminError> {
        let deleted = self.manager().delete_account(name).await;
        deleted.map_err(|error| explain(error, Refusal::of_user_manager))
    }
}
