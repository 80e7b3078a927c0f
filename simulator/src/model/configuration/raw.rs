//! Raw configurations: all settings as text.
//!
//! The form is our own. The first line is `#!raw-config 1`; other lines that begin with `#!` are special lines, of which there
//! is one: `#!match=serial:1` (or `mac:2`) says in which column of the device list a device finds itself. `${3}` in a value
//! stands for the third column of its row. All else is `key=value`, or a comment behind `#`.

use std::time::Duration;

use xerus_rpc::files::RawConfigCode;

use super::entries::{self, Entry, EntryError};
use super::inforce::{Stage, Standing};
use super::{DeviceIdentity, DeviceSettings, MAX_BYTES, table};

const SPECIAL: &str = "#!";
const FIRST_LINE: &str = "#!raw-config 1";
/// A value that a device encrypted for itself.
const ENCRYPTED: &str = "{encrypted}";

/// The name of the part that holds the configuration. Another part before it is the device list.
const CONFIG_PART: &str = "config_file";

/// Raw configurations of one device.
#[derive(Clone, Debug)]
pub struct RawConfiguration {
    standing: Standing,
    delay: Duration,
}

impl Default for RawConfiguration {
    fn default() -> Self {
        Self {
            standing: Standing::default(),
            delay: Duration::from_secs(2),
        }
    }
}

impl RawConfiguration {
    /// Time until a configuration is in force. Default 2 s.
    pub fn set_delay(&mut self, delay: Duration) {
        self.delay = delay;
    }

    /// The configuration as text.
    #[must_use]
    pub fn download(settings: &DeviceSettings) -> String {
        format!("{FIRST_LINE}\n{}", entries::print_all(&settings.entries()))
    }

    /// Takes the files of an upload, each with the name of its part, in their order.
    pub fn upload(
        &mut self,
        now: Duration,
        identity: &DeviceIdentity,
        files: &[(&str, &[u8])],
    ) -> RawConfigCode {
        let taken = if self.standing.is_busy() {
            Err(RawConfigCode::UpdateRunning)
        } else {
            read(identity, files)
        };
        match taken {
            Ok(entries) => {
                self.standing.accept(now, self.delay, entries);
                RawConfigCode::Accepted
            }
            Err(code) => {
                self.standing.refuse(now);
                code
            }
        }
    }

    /// How the last upload fared, and since when.
    #[must_use]
    pub fn status(&self) -> (Stage, Duration) {
        self.standing.stage()
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

fn read(identity: &DeviceIdentity, files: &[(&str, &[u8])]) -> Result<Vec<Entry>, RawConfigCode> {
    let at = files.iter().position(|(name, _)| *name == CONFIG_PART);
    let at = at.ok_or(RawConfigCode::BadParameter)?;
    if files.iter().any(|(_, bytes)| bytes.len() > MAX_BYTES) {
        return Err(RawConfigCode::FileTooLarge);
    }
    let text = text(files[at].1).ok_or(RawConfigCode::InvalidFile)?;
    let (special, entries) = parse(text)?;
    let macros = entries.iter().any(|entry| entry.value.contains("${"));
    // Only a list before the configuration counts.
    let list = files[..at].first().map(|(_, bytes)| *bytes);
    let row = match list {
        None if special.is_some() || macros => return Err(RawConfigCode::DeviceListMissing),
        None => Vec::new(),
        Some(list) => row(identity, special.unwrap_or("serial:1"), list)?,
    };
    entries
        .into_iter()
        .map(|entry| {
            let value = substitute(&entry.value, &row).ok_or(RawConfigCode::MacroFailed)?;
            // The simulated device encrypts nothing for itself, so whatever is encrypted is somebody else's.
            if value.starts_with(ENCRYPTED) {
                return Err(RawConfigCode::DecryptionFailed);
            }
            Ok(Entry { value, ..entry })
        })
        .collect()
}

fn text(bytes: &[u8]) -> Option<&str> {
    let text = std::str::from_utf8(bytes).ok()?;
    (!text.contains('\0')).then_some(text)
}

/// The value of the special line `match`, and the entries.
fn parse(text: &str) -> Result<(Option<&str>, Vec<Entry>), RawConfigCode> {
    let mut lines = text.lines();
    if lines.next().map(str::trim_end) != Some(FIRST_LINE) {
        return Err(RawConfigCode::InvalidFile);
    }
    let mut matched = None;
    for line in lines {
        let Some(special) = line.strip_prefix(SPECIAL) else {
            continue;
        };
        let (name, value) = special.split_once('=').unwrap_or((special, ""));
        match (name.trim(), value.trim()) {
            ("match", "") => return Err(RawConfigCode::SpecialLineFailed),
            ("match", value) => matched = Some(value),
            _ => return Err(RawConfigCode::UnknownSpecialLine),
        }
    }
    let entries = entries::parse_all(text).ok_or(RawConfigCode::InvalidFile)?;
    Ok((matched, entries))
}

/// The row of the device list that is about this device.
fn row(
    identity: &DeviceIdentity,
    matched: &str,
    list: &[u8],
) -> Result<Vec<String>, RawConfigCode> {
    let invalid = RawConfigCode::InvalidDeviceList;
    let (property, column) = matched.split_once(':').ok_or(invalid)?;
    let column: usize = column.parse().map_err(|_| invalid)?;
    let column = column.checked_sub(1).ok_or(invalid)?;
    let is_ours: Box<dyn Fn(&str) -> bool> = match property {
        "serial" => Box::new(|text| text == identity.serial),
        "mac" => {
            let ours = digits(&identity.mac);
            Box::new(move |text| digits(text) == ours)
        }
        _ => return Err(invalid),
    };
    let rows = text(list).and_then(table::parse).ok_or(invalid)?;
    if rows.is_empty() {
        return Err(invalid);
    }
    rows.into_iter()
        .find(|row| row.get(column).is_some_and(|field| is_ours(field)))
        .ok_or(RawConfigCode::NotInDeviceList)
}

fn digits(mac: &str) -> String {
    let digits = mac.chars().filter(char::is_ascii_hexdigit);
    digits.map(|c| c.to_ascii_lowercase()).collect()
}

/// The value with its macros replaced; `None` when one cannot be.
fn substitute(value: &str, row: &[String]) -> Option<String> {
    let mut text = String::with_capacity(value.len());
    let mut rest = value;
    while let Some((before, behind)) = rest.split_once("${") {
        let (column, after) = behind.split_once('}')?;
        let column: usize = column.parse().ok()?;
        text.push_str(before);
        text.push_str(row.get(column.checked_sub(1)?)?);
        if text.len() > MAX_BYTES {
            return None;
        }
        rest = after;
    }
    text.push_str(rest);
    Some(text)
}
