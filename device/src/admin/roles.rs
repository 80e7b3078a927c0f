//! Roles.

use xerus_api::usermgmt::role::{Info, Privilege};
use xerus_api::usermgmt::role_manager::{PrivilegeDesc, RoleAccount};
use xerus_api::usermgmt::{Role, RoleManager, UserManager};
use xerus_rpc::Agent;

use super::ask::{explain, explain_of};
use super::known::{Known, majors};
use super::{AdminError, Change, Refusal};

/// The roles of a device (`/auth/role`), of any firmware.
#[derive(Clone, Debug)]
pub struct Roles {
    agent: Agent,
}

/// A privilege by name, with what it is limited to: `privilege("switchOutlet", ["1", "3"])` or `privilege("switchOutlet", ["all"])`;
/// without arguments for one that has none. [`Roles::privileges`] lists what the device knows.
///
/// ```
/// use xerus_device::admin::privilege;
///
/// let third = privilege("switchOutlet", ["3"]);
/// assert_eq!((third.name.as_str(), third.args.len()), ("switchOutlet", 1));
/// ```
pub fn privilege<A: Into<String>>(
    name: impl Into<String>,
    arguments: impl IntoIterator<Item = A>,
) -> Privilege {
    Privilege {
        name: name.into(),
        args: arguments.into_iter().map(Into::into).collect(),
        extra_: Default::default(),
    }
}

impl Roles {
    /// Roles of the device that this agent calls.
    #[must_use]
    pub fn of(agent: &Agent) -> Self {
        Self {
            agent: agent.clone(),
        }
    }

    fn manager(&self) -> RoleManager {
        RoleManager::well_known(&self.agent)
    }

    /// All roles with their numbers, descriptions and privileges.
    ///
    /// # Errors
    ///
    /// Those of the call.
    pub async fn list(&self) -> Result<Vec<RoleAccount>, AdminError> {
        Ok(self.manager().get_all_roles().await?)
    }

    /// Description and privileges of a role.
    ///
    /// # Errors
    ///
    /// [`NoSuchRole`](Refusal::NoSuchRole); those of the call.
    pub async fn get(&self, name: &str) -> Result<Info, AdminError> {
        let info = Role::well_known(&self.agent, name).get_info().await;
        info.map_err(|error| explain_of(error, Refusal::unnamed, Refusal::NoSuchRole))
    }

    /// All privileges that the device knows, with what they allow and which arguments they take. Models differ.
    ///
    /// # Errors
    ///
    /// Those of the call.
    pub async fn privileges(&self) -> Result<Vec<PrivilegeDesc>, AdminError> {
        Ok(self.manager().get_all_privileges().await?)
    }

    /// The names of the users that have a role.
    ///
    /// # Errors
    ///
    /// Those of the call.
    pub async fn users(&self, role: &str) -> Result<Vec<String>, AdminError> {
        let accounts = UserManager::well_known(&self.agent).get_accounts_by_role(role);
        let accounts = accounts.await?.into_iter();
        Ok(accounts.map(|account| account.name).collect())
    }

    /// The numbers of roles.
    pub(super) async fn numbers<R: AsRef<str>>(
        &self,
        names: impl IntoIterator<Item = R>,
    ) -> Result<Vec<i32>, AdminError> {
        let all = self.list().await?;
        let mut numbers = Vec::new();
        for name in names {
            let name = name.as_ref();
            let role = all.iter().find(|role| role.name == name);
            let role = role.ok_or_else(|| AdminError::NoSuchRole(name.to_owned()))?;
            if !numbers.contains(&role.id) {
                numbers.push(role.id);
            }
        }
        Ok(numbers)
    }

    /// Adds a role.
    ///
    /// # Errors
    ///
    /// [`RoleExists`](Refusal::RoleExists), [`TooManyRoles`](Refusal::TooManyRoles), and
    /// [`InvalidValue`](Refusal::InvalidValue) for a name, a privilege or an argument that the device does not know.
    pub async fn create(
        &self,
        name: &str,
        description: &str,
        privileges: impl IntoIterator<Item = Privilege>,
    ) -> Result<(), AdminError> {
        let info = Info {
            description: description.to_owned(),
            privileges: privileges.into_iter().collect(),
            ..Info::default()
        };
        let manager = self.manager();
        Known::new(&manager, majors::ROLE)
            .check(AdminError::from)
            .await?;
        let created = manager.create_role_full(name, &info).await;
        created.map_err(|error| explain(error, Refusal::of_create_role))
    }

    /// Changes description and privileges of a role.
    ///
    /// # Errors
    ///
    /// [`NoSuchRole`](Refusal::NoSuchRole), [`InvalidValue`](Refusal::InvalidValue), also for a role that belongs to the device; those
    /// of [`xerus_rpc::update()`].
    pub fn change<'a>(
        &self,
        name: &str,
        change: impl FnOnce(&mut Info) + Send + 'a,
    ) -> Change<'a, Info> {
        let role = Role::well_known(&self.agent, name);
        Change::new(
            Known::new(&role, majors::ROLE),
            role.get_info(),
            change,
            move |info| role.update_full(&info),
            |error| explain_of(error, Refusal::of_value, Refusal::NoSuchRole),
        )
    }

    /// Gives a role a privilege. One that it has already gets the arguments that are given here, in place of those that it had.
    ///
    /// # Errors
    ///
    /// As [`change`](Self::change).
    pub fn grant(&self, name: &str, privilege: Privilege) -> Change<'static, Info> {
        self.change(name, move |info| {
            let mut all = info.privileges.iter_mut();
            match all.find(|other| other.name == privilege.name) {
                Some(same) => same.args = privilege.args,
                None => info.privileges.push(privilege),
            }
        })
    }

    /// Takes a privilege from a role, with all its arguments.
    ///
    /// # Errors
    ///
    /// As [`change`](Self::change).
    pub fn revoke<'a>(&self, name: &str, privilege: &'a str) -> Change<'a, Info> {
        self.change(name, move |info| {
            info.privileges.retain(|other| other.name != privilege);
        })
    }

    /// Deletes a role that nobody has.
    ///
    /// Devices do not look at that: between the look and the deletion remains the time of one request, in which somebody may give the
    /// role to a user.
    ///
    /// # Errors
    ///
    /// [`RoleInUse`](AdminError::RoleInUse) before anything is deleted; [`NoSuchRole`](Refusal::NoSuchRole),
    /// [`RoleNotDeletable`](Refusal::RoleNotDeletable).
    pub async fn delete(&self, name: &str) -> Result<(), AdminError> {
        let users = self.users(name).await?;
        if !users.is_empty() {
            let role = name.to_owned();
            return Err(AdminError::RoleInUse { role, users });
        }
        self.delete_even_in_use(name).await
    }

    /// Deletes a role. Users that have it lose what it allows.
    ///
    /// # Errors
    ///
    /// [`NoSuchRole`](Refusal::NoSuchRole), [`RoleNotDeletable`](Refusal::RoleNotDeletable).
    pub async fn delete_even_in_use(&self, name: &str) -> Result<(), AdminError> {
        let deleted = self.manager().delete_role(name).await;
        deleted.map_err(|error| explain(error, Refusal::of_delete_role))
    }
}
