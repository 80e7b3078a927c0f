//! Bulk configurations: the settings of one device for others, or its backup.

use zeroize::Zeroizing;

use super::code::response_codes;
use crate::error::{ConfigError, Error};
use crate::wire::Query;

response_codes! {
    /// What a device answers to a bulk configuration or backup, in the header `X-Response-Code`.
    ///
    /// `Accepted` means that the device has begun to work on it; `getStatus` of `/bulkcfg` tells how that ends. Some codes
    /// are those of older firmware only.
    BulkConfigCode {
        0 => Accepted: "the configuration was accepted";
        1 => InternalError: unclear, "internal error of the device",
            "read the state of the device, look at its log, and send the configuration again";
        2 => BadParameter: refused, "wrong parameter of the upload", "check the names of the parts and the parameters, the password among them";
        3 => InvalidXml: refused, "invalid XML", "save the configuration again";
        4 => WrongDeviceType: refused, "saved on another kind of device", "use one that was saved on the same kind";
        5 => WrongModel: refused, "saved on another model", "use one of the same model, or skip the check of the model";
        6 => WrongFirmwareVersion: refused, "saved with another firmware version",
            "use one of the same firmware, or skip the check of the firmware version";
        7 => UnknownDataType: refused, "unknown kind of data", "save the configuration again, with the firmware of this device";
        8 => InvalidData: unclear, "invalid data", "save the configuration again";
        9 => WrongChecksum: refused, "wrong checksum", "save the configuration again: this file was changed or damaged";
        10 => WrongMode: refused, "saved in another mode", "use a bulk configuration where one is wanted, and a backup where that is wanted";
        11 => RestoreRunning: refused, "another configuration is being restored",
            "wait until getStatus of /bulkcfg tells of its end, then send this one again";
        12 => FileTooLarge: refused, "file too large", "send a smaller one";
        13 => UnusableFile: refused, "unusable file", "check that it is a bulk configuration or backup, and its password";
        14 => ChecksumMissingOrWrong: refused, "checksum missing or wrong", "save the configuration again: this file was changed or damaged";
        15 => UnknownFilter: refused, "the configuration names a filter that the device does not know",
            "save it with a filter that both devices have, or update the firmware";
        _: None, "look at the log of the device";
    }
}

/// What a device may leave unchecked when a configuration is restored.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
#[doc(alias = "skip_checks")]
pub enum SkipCheck {
    /// That it was saved on the same model.
    Model,
    /// That it was saved with the same firmware version.
    FirmwareVersion,
}

impl SkipCheck {
    const fn name(self) -> &'static str {
        match self {
            Self::Model => "model",
            Self::FirmwareVersion => "firmware_version",
        }
    }
}

/// How a bulk configuration or backup is restored: the parameters of
/// [`BULK_CONFIG_RESTORE`](super::BULK_CONFIG_RESTORE).
///
/// ```
/// use xerus_rpc::files::{BulkConfigRestore, SkipCheck};
///
/// let query = BulkConfigRestore::new().backup(true).skip_check(SkipCheck::Model).query()?;
/// let pairs: Vec<_> = query.iter().collect();
/// assert_eq!(pairs, [("skip_checks", "model"), ("link_ids", "1"), ("mode", "backup")]);
/// # Ok::<(), xerus_rpc::Error>(())
/// ```
#[derive(Clone, Default)]
#[must_use]
pub struct BulkConfigRestore {
    backup: bool,
    password: Zeroizing<String>,
    skipped: Vec<SkipCheck>,
    units: Vec<u32>,
}

impl BulkConfigRestore {
    /// A bulk configuration for the primary unit, without password, all checks made.
    pub fn new() -> Self {
        Self::default()
    }

    /// The file is the backup of this one device, not settings for many. Default: false.
    pub fn backup(mut self, backup: bool) -> Self {
        self.backup = backup;
        self
    }

    /// The password with which the file was saved. Default: none. It becomes part of the URL: use https.
    pub fn password(mut self, password: impl Into<String>) -> Self {
        self.password = Zeroizing::new(password.into());
        self
    }

    /// Leaves out a check. They are sent in the order in which they are given. Default: all checks are made.
    pub fn skip_check(mut self, check: SkipCheck) -> Self {
        self.skipped.push(check);
        self
    }

    /// Restores these units: 1 is the primary unit, 2 to 8 are link units. Default: 1.
    #[doc(alias = "link_ids")]
    pub fn link_units(mut self, units: impl IntoIterator<Item = u32>) -> Self {
        self.units = units.into_iter().collect();
        self
    }

    /// The parameters, for [`Upload::queries`](crate::agent::Upload::queries).
    ///
    /// # Errors
    ///
    /// `Config.OutOfRange` for a link unit that none can be.
    pub fn query(&self) -> Result<Query, Error> {
        let mut query = Query::new();
        if !self.password.is_empty() {
            query.push("user_password", &**self.password);
        }
        if !self.skipped.is_empty() {
            let names: Vec<_> = self.skipped.iter().map(|check| check.name()).collect();
            query.push("skip_checks", names.join(","));
        }
        query.push("link_ids", link_ids(&self.units)?);
        if self.backup {
            query.push("mode", "backup");
        }
        Ok(query)
    }
}

/// How a bulk configuration or backup is saved: the parameters of [`BULK_CONFIG_SAVE`](super::BULK_CONFIG_SAVE).
///
/// ```
/// use xerus_rpc::files::BulkConfigSave;
///
/// let query = BulkConfigSave::new().filter_profile("network only").query()?;
/// let pairs: Vec<_> = query.iter().collect();
/// assert_eq!(pairs, [("link_ids", "1"), ("filter_profile", "network only")]);
/// # Ok::<(), xerus_rpc::Error>(())
/// ```
#[derive(Clone, Default)]
#[must_use]
pub struct BulkConfigSave {
    backup: bool,
    password: Zeroizing<String>,
    clear_text: bool,
    units: Vec<u32>,
    filter_profile: String,
}

impl BulkConfigSave {
    /// A bulk configuration of the primary unit, without password.
    pub fn new() -> Self {
        Self::default()
    }

    /// Saves a backup of this one device instead of settings for many. Default: false.
    pub fn backup(mut self, backup: bool) -> Self {
        self.backup = backup;
        self
    }

    /// Encrypts the file with this password. Default: none. It becomes part of the URL: use https.
    pub fn password(mut self, password: impl Into<String>) -> Self {
        self.password = Zeroizing::new(password.into());
        self
    }

    /// Saves clear text, whatever the password. Default: false.
    pub fn clear_text(mut self, clear_text: bool) -> Self {
        self.clear_text = clear_text;
        self
    }

    /// Saves these units: 1 is the primary unit, 2 to 8 are link units. Default: 1.
    #[doc(alias = "link_ids")]
    pub fn link_units(mut self, units: impl IntoIterator<Item = u32>) -> Self {
        self.units = units.into_iter().collect();
        self
    }

    /// Saves only what a filter of the device lets through. Default: none.
    pub fn filter_profile(mut self, name: impl Into<String>) -> Self {
        self.filter_profile = name.into();
        self
    }

    /// The parameters, for [`Download::queries`](crate::agent::Download::queries).
    ///
    /// # Errors
    ///
    /// `Config.OutOfRange` for a link unit that none can be.
    pub fn query(&self) -> Result<Query, Error> {
        let mut query = Query::new();
        if !self.password.is_empty() {
            query.push("bulk_config_password", &**self.password);
        }
        if self.clear_text {
            query.push("config_format", "cleartext");
        }
        query.push("link_ids", link_ids(&self.units)?);
        if !self.filter_profile.is_empty() {
            query.push("filter_profile", &*self.filter_profile);
        }
        if self.backup {
            query.push("mode", "backup");
        }
        Ok(query)
    }
}

/// A list as devices read it; the primary unit when there is none.
fn link_ids(units: &[u32]) -> Result<String, Error> {
    if units.is_empty() {
        return Ok("1".to_owned());
    }
    if !units.iter().all(|unit| (1..=8).contains(unit)) {
        return Err(ConfigError::OutOfRange {
            setting: "the link units",
            expected: "1 for the primary unit, 2 to 8 for link units",
        }
        .into());
    }
    let units: Vec<_> = units.iter().map(u32::to_string).collect();
    Ok(units.join(","))
}

/// Without the password.
macro_rules! debug {
    ($type:ident: $($field:ident),*) => {
        impl std::fmt::Debug for $type {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.debug_struct(stringify!($type))
                    $(.field(stringify!($field), &self.$field))*
                    .field("password", &!self.password.is_empty())
                    .finish()
            }
        }
    };
}
debug!(BulkConfigRestore: backup, skipped, units);
debug!(BulkConfigSave: backup, clear_text, units, filter_profile);
