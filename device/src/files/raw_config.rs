//! Raw configurations: all settings as text.

use std::collections::BTreeSet;

use xerus_api::rawcfg::RawConfiguration;
use xerus_rpc::action::Ticket;
use xerus_rpc::files::{RAW_CONFIG_DOWNLOAD, RAW_CONFIG_UPLOAD};
use xerus_rpc::wire::{Part, Query, Source};
use xerus_rpc::{Agent, Error};

use super::apply::{self, Apply, Applying};
use super::fetch::Fetch;
use super::place::Place;
use super::standing::{Kind, Standing};
use super::{DeviceFiles, FilesError};

/// The part of the form that holds the device list, unless said otherwise.
const DEVICE_LIST: &str = "device_list_file";
/// The most bytes that a configuration has.
const LIMIT: u64 = 64 << 20;

/// The raw configuration of a device: all settings as text.
///
/// ```
/// use xerus_device::files::{FilesError, RawConfig};
/// use xerus_rpc::Agent;
///
/// async fn name(agent: &Agent, name: &str) -> Result<(), FilesError> {
///     let config = RawConfig::of(agent);
///     let before = config.download().bytes().await?;
///     println!("{} bytes before", before.len());
///     config.upload(format!("network.hostname={name}\n")).await?;
///     Ok(())
/// }
/// ```
#[derive(Clone, Debug)]
#[must_use = "nothing is sent before one of its methods is awaited"]
#[doc(alias = "rawcfg")]
pub struct RawConfig {
    place: Place,
}

impl RawConfig {
    /// That of the device that this agent calls.
    pub fn of(agent: &Agent) -> Self {
        Self {
            place: Place::of(agent),
        }
    }

    /// That of a unit of its cascade: 1 is the device itself, 2 to 8 are link units. Any other number is `Config.OutOfRange` where
    /// it is used.
    pub fn unit(self, unit: u32) -> Self {
        Self {
            place: self.place.at_unit(unit),
        }
    }

    /// The configuration as text. At most 64 MiB, unless [`limit`](Fetch::limit) says otherwise. What is secret in it, the device
    /// decides.
    #[doc(alias = "rawcfg.download")]
    pub fn download(&self) -> Fetch {
        let query = Ok(Query::new());
        Fetch::new(
            Kind::Raw.name(),
            &self.place,
            RAW_CONFIG_DOWNLOAD,
            query,
            LIMIT,
        )
    }

    /// Puts a configuration in force.
    #[doc(alias = "rawcfg.upload")]
    pub fn upload(&self, configuration: impl Into<Source>) -> Apply {
        self.send(vec![RAW_CONFIG_UPLOAD.file(configuration)])
    }

    /// Puts a configuration in force that has macros, with the list of devices that they are taken from: comma-separated values,
    /// a line for each device. The list goes first, as devices want it.
    ///
    /// How the part with the list is called is not documented: `device_list_file` is sent. If a device answers
    /// `DeviceListMissing` (7) or `BadParameter` (2) although the list was sent, take [`upload_parts`](Self::upload_parts).
    pub fn upload_with_list(
        &self,
        device_list: impl Into<Source>,
        configuration: impl Into<Source>,
    ) -> Apply {
        let list = Part::file(
            DEVICE_LIST,
            "devices.csv",
            "application/octet-stream",
            device_list,
        );
        self.send(vec![list, RAW_CONFIG_UPLOAD.file(configuration)])
    }

    /// Puts a configuration in force, sent as these parts, in this order.
    pub fn upload_parts(&self, parts: impl IntoIterator<Item = Part>) -> Apply {
        self.send(parts.into_iter().collect())
    }

    fn send(&self, parts: Vec<Part>) -> Apply {
        let rid = self.rid();
        Apply::new(
            Kind::Raw,
            &self.place,
            rid,
            RAW_CONFIG_UPLOAD,
            Ok(Query::new()),
            parts,
        )
    }

    /// Asks on for a configuration with a ticket of it, which another process may have written.
    ///
    /// # Errors
    ///
    /// When the ticket is one for another device, or for something else than a raw configuration.
    pub fn resume(&self, ticket: Ticket) -> Result<Applying, FilesError> {
        apply::resume(Kind::Raw, &self.place, ticket)
    }

    /// How the last upload fared, whoever sent it.
    ///
    /// # Errors
    ///
    /// [`NotThere`](FilesError::NotThere) when the firmware has no raw configuration, else what the call met with.
    pub async fn status(&self) -> Result<Standing, FilesError> {
        let rid = self.rid()?;
        let standing = Kind::Raw.look(self.place.agent(), &rid).await;
        standing.map_err(|error| FilesError::sorted(Kind::Raw.name(), error))
    }

    /// Which settings of `configuration` the device has now, line by line.
    ///
    /// Values are compared as text. A setting that a device shows in another way than it was sent (a password, a macro) differs
    /// without anything being wrong.
    ///
    /// # Errors
    ///
    /// As [`download`](Self::download).
    pub async fn read_back(&self, configuration: &str) -> Result<ReadBack, FilesError> {
        let present = self.download().bytes().await?;
        Ok(ReadBack::of(
            configuration,
            &String::from_utf8_lossy(&present),
        ))
    }

    fn rid(&self) -> Result<String, Error> {
        let object = RawConfiguration::well_known(self.place.agent());
        Ok(self.place.object(object)?.rid().to_owned())
    }
}

impl DeviceFiles {
    /// The raw configuration of the same unit.
    pub fn raw_config(&self) -> RawConfig {
        RawConfig {
            place: self.place().clone(),
        }
    }
}

/// What a device has of a configuration that was sent to it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct ReadBack {
    /// How many settings are as they were sent.
    pub same: usize,
    /// The names of those that are missing or have another value. Values are not kept: they may be secret.
    pub differing: Vec<String>,
}

impl ReadBack {
    fn of(sent: &str, present: &str) -> Self {
        let present: BTreeSet<&str> = settings(present).collect();
        let mut read_back = Self::default();
        for line in settings(sent) {
            if present.contains(line) {
                read_back.same += 1;
            } else {
                let name = line.split_once('=').map_or(line, |(name, _)| name);
                read_back.differing.push(name.trim_end().to_owned());
            }
        }
        read_back
    }

    /// Whether all settings are as they were sent.
    #[must_use]
    pub fn is_complete(&self) -> bool {
        self.differing.is_empty()
    }
}

/// The lines with settings: no comments, no special lines, no empty ones.
fn settings(text: &str) -> impl Iterator<Item = &str> {
    text.lines()
        .map(str::trim)
        .filter(|line| !line.starts_with('#') && line.contains('='))
}

#[cfg(test)]
mod tests {
    use super::ReadBack;

    #[test]
    fn settings_are_compared_line_by_line() {
        let sent = "#!match=serial:1\n# a=b\n\na=1\r\nb = 2\nsecret=x\n";
        let present = "b = 2\na=1\nsecret=***\nc=3\n";
        let read_back = ReadBack::of(sent, present);
        assert_eq!(
            (read_back.same, &*read_back.differing),
            (2, &["secret".to_owned()][..])
        );
        assert!(!read_back.is_complete());
        assert!(ReadBack::of(present, present).is_complete());
    }
}
