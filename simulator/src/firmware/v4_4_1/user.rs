//! Users as objects of the device: `/auth/user/<name>` for each account, and `/auth/currentUser`.

use std::sync::Arc;

use xerus_api::server::usermgmt as traits;
use xerus_api::usermgmt::{
    LengthEnum, Preferences, PressureEnum, SnmpV3AuthProto, SnmpV3PrivProto, SnmpV3SecLevel,
    SnmpV3Settings, TemperatureEnum, User, UserInfo,
};
use xerus_rpc::server::{Context, Fault, Reply};

use super::answer::{self, ReturnCode};
use crate::model::{Accounts, Device, PasswordRefusal};

impl ReturnCode for PasswordRefusal {
    fn code(self) -> i32 {
        match self {
            Self::Unchanged => User::ERR_PASSWORD_UNCHANGED,
            Self::Empty => User::ERR_PASSWORD_EMPTY,
            Self::TooShort => User::ERR_PASSWORD_TOO_SHORT,
            Self::TooLong => User::ERR_PASSWORD_TOO_LONG,
            Self::ControlCharacters => User::ERR_PASSWORD_CTRL_CHARS,
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
    fn accounts(&self) -> &Accounts {
        self.device.accounts()
    }

    /// The user that this object is, if the caller may look at it and change it: itself, or as an administrator.
    fn name<'a>(&'a self, context: &'a Context) -> Result<&'a str, Fault> {
        let caller = context.user.as_deref();
        match &self.name {
            Some(name) if caller == Some(name) => Ok(name),
            Some(name) => answer::may_change(&self.device, context).map(|()| name.as_str()),
            None => caller.ok_or_else(|| Fault::internal("nobody is logged in")),
        }
    }

    fn info(&self, context: &Context) -> Result<UserInfo, Fault> {
        let name = self.name(context)?;
        Ok(UserInfo {
            enabled: true,
            need_password_change: self.accounts().must_change_password(name),
            snmp_v3_settings: SnmpV3Settings {
                sec_level: SnmpV3SecLevel::AuthPriv,
                auth_protocol: SnmpV3AuthProto::Sha1,
                priv_protocol: SnmpV3PrivProto::Aes128,
                ..SnmpV3Settings::default()
            },
            preferences: Preferences {
                temperature_unit: TemperatureEnum::DegC,
                length_unit: LengthEnum::Meter,
                pressure_unit: PressureEnum::Pascal,
                ..Preferences::default()
            },
            ..UserInfo::default()
        })
    }

    fn change_password(&self, context: &Context, new: String) -> Result<(), Fault> {
        let name = self.name(context)?;
        match self.accounts().change_password(name, new) {
            Some(done) => done.map_err(|refusal| Fault::refused(refusal.code())),
            None => Err(Fault::object_not_found()),
        }
    }
}

impl traits::User for UserServant {
    fn get_info<'a>(&'a self, context: &'a Context) -> Reply<'a, UserInfo> {
        self.info(context).into()
    }

    fn set_account_password<'a>(&'a self, context: &'a Context, password: String) -> Reply<'a, ()> {
        self.change_password(context, password).into()
    }
}
