//! What makes up a user, from and to what clients send.

use xerus_api::usermgmt::{
    AuxInfo, LengthEnum, Preferences, PressureEnum, SnmpV3AuthProto, SnmpV3PrivProto,
    SnmpV3SecLevel, SnmpV3Settings, TemperatureEnum, UserInfo,
};

use crate::model::{self, AccountRefusal, Snmp, User};

pub(super) fn sent(user: &User, blocked: bool) -> UserInfo {
    let info = user.info.clone();
    UserInfo {
        enabled: info.enabled,
        locked: user.locked,
        blocked,
        need_password_change: info.must_change_password,
        aux_info: AuxInfo {
            fullname: info.full_name,
            telephone: info.telephone,
            e_mail: info.email,
            extra_: Default::default(),
        },
        snmp_v3_settings: snmp(&info.snmp),
        ssh_public_key: info.ssh_key,
        preferences: preferences(info.preferences),
        role_ids: info.roles,
        extra_: Default::default(),
    }
}

/// Secrets are not told.
fn snmp(snmp: &Snmp) -> SnmpV3Settings {
    SnmpV3Settings {
        enabled: snmp.enabled,
        sec_level: LEVELS[snmp.level],
        auth_protocol: AUTHENTICATIONS[snmp.authentication],
        use_password_as_auth_passphrase: snmp.password_authenticates,
        have_auth_passphrase: snmp.authentication_secret.is_some(),
        auth_passphrase: String::new(),
        priv_protocol: ENCRYPTIONS[snmp.encryption],
        use_auth_passphrase_as_priv_passphrase: snmp.same_secret,
        have_priv_passphrase: snmp.encryption_secret.is_some(),
        priv_passphrase: String::new(),
        extra_: Default::default(),
    }
}

const LEVELS: [SnmpV3SecLevel; 3] = [
    SnmpV3SecLevel::NoAuthNoPriv,
    SnmpV3SecLevel::AuthNoPriv,
    SnmpV3SecLevel::AuthPriv,
];
const AUTHENTICATIONS: [SnmpV3AuthProto; 6] = [
    SnmpV3AuthProto::Md5,
    SnmpV3AuthProto::Sha1,
    SnmpV3AuthProto::Sha224,
    SnmpV3AuthProto::Sha256,
    SnmpV3AuthProto::Sha384,
    SnmpV3AuthProto::Sha512,
];
const ENCRYPTIONS: [SnmpV3PrivProto; 6] = [
    SnmpV3PrivProto::Des,
    SnmpV3PrivProto::Aes128,
    SnmpV3PrivProto::Aes192,
    SnmpV3PrivProto::Aes256,
    SnmpV3PrivProto::Aes1923des,
    SnmpV3PrivProto::Aes2563des,
];

pub(super) fn preferences(preferences: model::Preferences) -> Preferences {
    Preferences {
        temperature_unit: if preferences.fahrenheit {
            TemperatureEnum::DegF
        } else {
            TemperatureEnum::DegC
        },
        length_unit: if preferences.feet {
            LengthEnum::Feet
        } else {
            LengthEnum::Meter
        },
        pressure_unit: if preferences.psi {
            PressureEnum::Psi
        } else {
            PressureEnum::Pascal
        },
        extra_: Default::default(),
    }
}

pub(super) fn wanted_preferences(
    preferences: &Preferences,
) -> Result<model::Preferences, AccountRefusal> {
    Ok(model::Preferences {
        fahrenheit: match preferences.temperature_unit {
            TemperatureEnum::DegC => false,
            TemperatureEnum::DegF => true,
            _ => return Err(AccountRefusal::Invalid),
        },
        feet: match preferences.length_unit {
            LengthEnum::Meter => false,
            LengthEnum::Feet => true,
            _ => return Err(AccountRefusal::Invalid),
        },
        psi: match preferences.pressure_unit {
            PressureEnum::Pascal => false,
            PressureEnum::Psi => true,
            _ => return Err(AccountRefusal::Invalid),
        },
    })
}

/// What a client wants a user to be; secrets that it does not send stay as they are.
pub(super) fn wanted(
    info: UserInfo,
    now: Option<&model::UserInfo>,
) -> Result<model::UserInfo, AccountRefusal> {
    fn place<T: PartialEq>(all: &[T], one: &T) -> Result<usize, AccountRefusal> {
        let mut all = all.iter();
        all.position(|other| other == one)
            .ok_or(AccountRefusal::Invalid)
    }
    let secret = |has: bool, new: String, old: Option<&Option<String>>| match (has, new.as_str()) {
        (false, _) => None,
        (true, "") => old.cloned().flatten(),
        (true, _) => Some(new),
    };
    let (wanted, old) = (info.snmp_v3_settings, now.map(|info| &info.snmp));
    Ok(model::UserInfo {
        enabled: info.enabled,
        must_change_password: info.need_password_change,
        full_name: info.aux_info.fullname,
        telephone: info.aux_info.telephone,
        email: info.aux_info.e_mail,
        snmp: Snmp {
            enabled: wanted.enabled,
            level: place(&LEVELS, &wanted.sec_level)?,
            authentication: place(&AUTHENTICATIONS, &wanted.auth_protocol)?,
            password_authenticates: wanted.use_password_as_auth_passphrase,
            authentication_secret: secret(
                wanted.have_auth_passphrase,
                wanted.auth_passphrase,
                old.map(|snmp| &snmp.authentication_secret),
            ),
            encryption: place(&ENCRYPTIONS, &wanted.priv_protocol)?,
            same_secret: wanted.use_auth_passphrase_as_priv_passphrase,
            encryption_secret: secret(
                wanted.have_priv_passphrase,
                wanted.priv_passphrase,
                old.map(|snmp| &snmp.encryption_secret),
            ),
        },
        ssh_key: info.ssh_public_key,
        preferences: wanted_preferences(&info.preferences)?,
        roles: info.role_ids,
    })
}
