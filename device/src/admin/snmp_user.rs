//! How a user is known to SNMPv3.

use std::fmt;

use xerus_api::usermgmt::{SnmpV3AuthProto, SnmpV3PrivProto, SnmpV3SecLevel, SnmpV3Settings};

/// How a user is known to SNMPv3: which protection, and with which secrets.
///
/// The secrets are those of the user's password unless others are given. A secret that is given is sent once and never read back.
///
/// ```
/// use xerus_api::usermgmt::{SnmpV3AuthProto, SnmpV3PrivProto};
/// use xerus_device::admin::SnmpV3;
///
/// let snmp = SnmpV3::encrypted(SnmpV3AuthProto::Sha256, SnmpV3PrivProto::Aes128).auth_passphrase("correct horse");
/// assert!(!format!("{snmp:?}").contains("horse"));
/// ```
#[derive(Clone)]
pub struct SnmpV3 {
    enabled: bool,
    level: SnmpV3SecLevel,
    auth: Option<SnmpV3AuthProto>,
    privacy: Option<SnmpV3PrivProto>,
    auth_passphrase: Option<String>,
    priv_passphrase: Option<String>,
}

impl SnmpV3 {
    fn new(level: SnmpV3SecLevel) -> Self {
        Self {
            enabled: true,
            level,
            auth: None,
            privacy: None,
            auth_passphrase: None,
            priv_passphrase: None,
        }
    }

    /// Not known to SNMPv3. Everything else stays as it was.
    #[must_use]
    pub fn disabled() -> Self {
        let mut snmp = Self::new(SnmpV3SecLevel::NoAuthNoPriv);
        snmp.enabled = false;
        snmp
    }

    /// Without protection: whoever knows the name may do what the user may.
    #[must_use]
    pub fn unprotected() -> Self {
        Self::new(SnmpV3SecLevel::NoAuthNoPriv)
    }

    /// Messages are authenticated, and everybody can read them.
    #[must_use]
    pub fn authenticated(auth: SnmpV3AuthProto) -> Self {
        let mut snmp = Self::new(SnmpV3SecLevel::AuthNoPriv);
        snmp.auth = Some(auth);
        snmp
    }

    /// Messages are authenticated and encrypted.
    #[must_use]
    pub fn encrypted(auth: SnmpV3AuthProto, privacy: SnmpV3PrivProto) -> Self {
        let mut snmp = Self::new(SnmpV3SecLevel::AuthPriv);
        (snmp.auth, snmp.privacy) = (Some(auth), Some(privacy));
        snmp
    }

    /// The secret for authentication, in place of the user's password.
    #[must_use]
    pub fn auth_passphrase(mut self, passphrase: impl Into<String>) -> Self {
        self.auth_passphrase = Some(passphrase.into());
        self
    }

    /// The secret for encryption, in place of the one for authentication.
    #[must_use]
    pub fn priv_passphrase(mut self, passphrase: impl Into<String>) -> Self {
        self.priv_passphrase = Some(passphrase.into());
        self
    }

    pub(super) fn put(self, settings: &mut SnmpV3Settings) {
        settings.enabled = self.enabled;
        if !self.enabled {
            return;
        }
        settings.sec_level = self.level;
        if let Some(auth) = self.auth {
            settings.auth_protocol = auth;
            settings.use_password_as_auth_passphrase = self.auth_passphrase.is_none();
            settings.have_auth_passphrase = self.auth_passphrase.is_some();
            settings.auth_passphrase = self.auth_passphrase.unwrap_or_default();
        }
        if let Some(privacy) = self.privacy {
            settings.priv_protocol = privacy;
            settings.use_auth_passphrase_as_priv_passphrase = self.priv_passphrase.is_none();
            settings.have_priv_passphrase = self.priv_passphrase.is_some();
            settings.priv_passphrase = self.priv_passphrase.unwrap_or_default();
        }
    }
}

/// Without the secrets.
impl fmt::Debug for SnmpV3 {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("SnmpV3")
            .field("enabled", &self.enabled)
            .field("level", &self.level)
            .field("auth", &self.auth)
            .field("privacy", &self.privacy)
            .finish_non_exhaustive()
    }
}
