//! A user to be added.

use std::fmt;
use std::future::IntoFuture;

use xerus_api::usermgmt::{
    SnmpV3AuthProto, SnmpV3PrivProto, SnmpV3SecLevel, UserInfo, UserManager,
};
use xerus_rpc::wire::BoxFuture;

use super::ask::explain;
use super::known::{Known, majors};
use super::{AdminError, Refusal, Roles, SnmpV3, Users};

/// A user to be added; made by [`Users::create`], and added when it is awaited.
#[must_use = "the user is added when this is awaited"]
pub struct NewUser {
    users: Users,
    name: String,
    password: String,
    roles: Vec<String>,
    info: UserInfo,
}

impl NewUser {
    pub(super) fn new(users: Users, name: String, password: String) -> Self {
        let mut info = UserInfo {
            enabled: true,
            ..UserInfo::default()
        };
        // What counts when somebody switches SNMPv3 on; every firmware knows it.
        let snmp = &mut info.snmp_v3_settings;
        snmp.sec_level = SnmpV3SecLevel::AuthPriv;
        snmp.auth_protocol = SnmpV3AuthProto::Sha1;
        snmp.priv_protocol = SnmpV3PrivProto::Aes128;
        snmp.use_password_as_auth_passphrase = true;
        snmp.use_auth_passphrase_as_priv_passphrase = true;
        Self {
            users,
            name,
            password,
            roles: Vec::new(),
            info,
        }
    }

    /// Roles by name, in addition to those that were named before.
    pub fn roles<R: Into<String>>(mut self, roles: impl IntoIterator<Item = R>) -> Self {
        self.roles.extend(roles.into_iter().map(Into::into));
        self
    }

    /// The full name.
    pub fn full_name(mut self, name: impl Into<String>) -> Self {
        self.info.aux_info.fullname = name.into();
        self
    }

    /// The telephone number.
    pub fn telephone(mut self, number: impl Into<String>) -> Self {
        self.info.aux_info.telephone = number.into();
        self
    }

    /// The e-mail address.
    pub fn e_mail(mut self, address: impl Into<String>) -> Self {
        self.info.aux_info.e_mail = address.into();
        self
    }

    /// Whether the user may sign in. Default: yes.
    pub fn enabled(mut self, enabled: bool) -> Self {
        self.info.enabled = enabled;
        self
    }

    /// Whether the user has to choose another password first. Default: no.
    pub fn must_change_password(mut self, must: bool) -> Self {
        self.info.need_password_change = must;
        self
    }

    /// The public key for SSH: the one line of a file `.pub`.
    pub fn ssh_public_key(mut self, key: impl Into<String>) -> Self {
        self.info.ssh_public_key = key.into();
        self
    }

    /// How the user is known to SNMPv3. Default: not at all.
    pub fn snmp_v3(mut self, snmp: SnmpV3) -> Self {
        snmp.put(&mut self.info.snmp_v3_settings);
        self
    }
}

impl IntoFuture for NewUser {
    /// [`UserExists`](Refusal::UserExists), [`Password`](Refusal::Password), [`InvalidUserName`](Refusal::InvalidUserName),
    /// [`TooManyUsers`](Refusal::TooManyUsers) and the like say why the user was not added.
    type Output = Result<(), AdminError>;
    type IntoFuture = BoxFuture<'static, Self::Output>;

    fn into_future(mut self) -> Self::IntoFuture {
        Box::pin(async move {
            let agent = self.users.agent();
            let manager = UserManager::well_known(agent);
            Known::new(&manager, majors::USER_MANAGER)
                .check(AdminError::from)
                .await?;
            // A user who has not chosen any sees these.
            self.info.preferences = manager.get_default_preferences().await?;
            if !self.roles.is_empty() {
                self.info.role_ids = Roles::of(agent).numbers(&self.roles).await?;
            }
            let created = manager.create_account_full(&self.name, &self.password, &self.info);
            created
                .await
                .map_err(|error| explain(error, Refusal::of_create_user))
        })
    }
}

/// Without the password and other secrets.
impl fmt::Debug for NewUser {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("NewUser")
            .field("name", &self.name)
            .field("roles", &self.roles)
            .field("enabled", &self.info.enabled)
            .finish_non_exhaustive()
    }
}
