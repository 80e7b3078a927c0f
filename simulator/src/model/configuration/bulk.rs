//! Bulk configurations, to copy settings to other devices, and backups of one device.
//!
//! The form is our own: a head of `key=value` lines, `---`, the settings as lines or sealed with a password, and a last line
//! with a checksum over all before it.

use std::time::Duration;

use ring::digest::{SHA256, digest};
use xerus_rpc::files::BulkConfigCode;

use super::entries::{self, Entry, EntryError};
use super::filter::Filters;
use super::inforce::{Stage, Standing};
use super::{DeviceIdentity, DeviceSettings, MAX_BYTES, seal};

const FIRST_LINE: &str = "#!bulk-config 1";
const RULE: &str = "---\n";
const CHECKSUM: &str = "checksum=";

/// How a configuration is saved.
#[derive(Clone, Default)]
pub struct SaveOptions {
    /// A backup of this device instead of settings for many.
    pub backup: bool,
    /// Password to seal it with; empty: none.
    pub password: String,
    /// Clear text, whatever the password.
    pub clear_text: bool,
    /// Name of the filter profile; empty: the default one.
    pub profile: String,
}

/// How a configuration is restored.
#[derive(Clone, Default)]
pub struct RestoreOptions {
    /// The file is a backup of this device.
    pub backup: bool,
    /// Password that it is sealed with; empty: none.
    pub password: String,
    /// It may be of another model.
    pub skip_model: bool,
    /// It may be of another firmware version.
    pub skip_firmware: bool,
}

/// Bulk configurations of one device.
#[derive(Clone, Debug)]
pub struct BulkConfiguration {
    standing: Standing,
    /// What goes into a bulk configuration.
    pub filters: Filters,
    delay: Duration,
    /// Whether what is being restored, or was restored last, is a backup.
    backup: bool,
}

impl Default for BulkConfiguration {
    fn default() -> Self {
        Self {
            standing: Standing::default(),
            filters: Filters::default(),
            delay: Duration::from_secs(3),
            backup: false,
        }
    }
}

impl BulkConfiguration {
    /// Time until a configuration is restored. Default 3 s.
    pub fn set_delay(&mut self, delay: Duration) {
        self.delay = delay;
    }

    /// The settings as a file. `None`: there is no such filter profile, or no randomness for a password.
    #[must_use]
    pub fn save(
        &self,
        identity: &DeviceIdentity,
        settings: &DeviceSettings,
        options: &SaveOptions,
    ) -> Option<Vec<u8>> {
        let profile = &options.profile;
        let all = settings.entries();
        let entries = self.filters.pass(profile, options.backup, all)?;
        let clear = entries::print_all(&entries);
        let seal = !options.clear_text && !options.password.is_empty();
        let data = if seal {
            seal::seal(&options.password, &clear)? + "\n"
        } else {
            clear
        };
        let used: Vec<_> = Filters::filters()
            .iter()
            .map(|filter| filter.name)
            .collect();
        let head = [
            Entry::new("mode", mode(options.backup)),
            Entry::new("device", &identity.kind),
            Entry::new("model", &identity.model),
            Entry::new("firmware", &identity.firmware),
            Entry::new("filters", used.join(",")),
            Entry::new("data", if seal { "sealed" } else { "clear" }),
        ];
        let head = entries::print_all(&head);
        let mut file = format!("{FIRST_LINE}\n{head}{RULE}{data}");
        let sum = checksum(&file);
        file.push_str(&format!("{CHECKSUM}{sum}\n"));
        Some(file.into_bytes())
    }

    /// Takes a file to restore. The effect comes later.
    pub fn restore(
        &mut self,
        now: Duration,
        identity: &DeviceIdentity,
        options: &RestoreOptions,
        file: &[u8],
    ) -> BulkConfigCode {
        let taken = if self.standing.is_busy() {
            Err(BulkConfigCode::RestoreRunning)
        } else {
            read(identity, options, file)
        };
        match taken {
            Ok(entries) => {
                self.backup = options.backup;
                self.standing.accept(now, self.delay, entries);
                BulkConfigCode::Accepted
            }
            Err(code) => {
                self.standing.refuse(now);
                code
            }
        }
    }

    /// The upload was no form that the device understands.
    pub fn refuse(&mut self, now: Duration) -> BulkConfigCode {
        self.standing.refuse(now);
        BulkConfigCode::BadParameter
    }

    /// How the last upload fared, and since when.
    #[must_use]
    pub fn status(&self) -> (Stage, Duration) {
        self.standing.stage()
    }

    /// Whether what is being restored, or was restored last, is a backup.
    #[must_use]
    pub fn is_backup(&self) -> bool {
        self.backup
    }

    /// When [`pass`](Self::pass) has something to do.
    #[must_use]
    pub fn due(&self) -> Option<Duration> {
        self.standing.due()
    }

    /// Puts in force what is due, see [`Standing::pass`].
    pub fn pass(
        &mut self,
        now: Duration,
        apply: impl FnOnce(&[Entry]) -> Result<(), EntryError>,
    ) -> Option<Result<(), EntryError>> {
        self.standing.pass(now, apply)
    }
}

fn mode(backup: bool) -> &'static str {
    if backup { "backup" } else { "bulk" }
}

fn checksum(text: &str) -> String {
    let digest = digest(&SHA256, text.as_bytes());
    digest.as_ref().iter().map(|b| format!("{b:02x}")).collect()
}

fn read(
    identity: &DeviceIdentity,
    options: &RestoreOptions,
    file: &[u8],
) -> Result<Vec<Entry>, BulkConfigCode> {
    let unusable = BulkConfigCode::UnusableFile;
    if file.len() > MAX_BYTES {
        return Err(BulkConfigCode::FileTooLarge);
    }
    let text = std::str::from_utf8(file).map_err(|_| unusable)?;
    let body = text.strip_prefix(FIRST_LINE).ok_or(unusable)?;
    // The last line, whatever ends it.
    let missing = BulkConfigCode::ChecksumMissingOrWrong;
    let at = text.rfind(CHECKSUM).ok_or(missing)?;
    let (summed, sum) = text.split_at(at);
    if sum[CHECKSUM.len()..].trim() != checksum(summed) {
        return Err(missing);
    }
    let body = body.get(..at - FIRST_LINE.len()).ok_or(unusable)?;
    let (head, data) = body.split_once(RULE).ok_or(unusable)?;
    let head = entries::parse_all(head).ok_or(unusable)?;
    let value = |key: &str| {
        let found = head.iter().find(|entry| entry.key == key);
        found.map(|entry| entry.value.as_str()).ok_or(unusable)
    };
    if value("mode")? != mode(options.backup) {
        return Err(unusable);
    }
    if value("device")? != identity.kind {
        return Err(BulkConfigCode::WrongDeviceType);
    }
    if !options.skip_model && value("model")? != identity.model {
        return Err(BulkConfigCode::WrongModel);
    }
    if !options.skip_firmware && value("firmware")? != identity.firmware {
        return Err(BulkConfigCode::WrongFirmwareVersion);
    }
    for name in value("filters")?.split(',') {
        if !Filters::filters().iter().any(|filter| filter.name == name) {
            return Err(BulkConfigCode::UnknownFilter);
        }
    }
    let opened;
    let data = match value("data")? {
        "clear" => data,
        "sealed" => {
            opened = seal::open(&options.password, data).ok_or(unusable)?;
            &opened
        }
        _ => return Err(unusable),
    };
    entries::parse_all(data).ok_or(unusable)
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
debug!(SaveOptions: backup, clear_text, profile);
debug!(RestoreOptions: backup, skip_model, skip_firmware);
