//! Bulk configurations, which are copied to other devices, and backups of one device.

use xerus_api::bulkcfg::BulkConfiguration;
use xerus_api::bulkcfg::bulk_configuration::Settings;
use xerus_rpc::action::Ticket;
use xerus_rpc::files::{BULK_CONFIG_RESTORE, BULK_CONFIG_SAVE, BulkConfigRestore, BulkConfigSave};
use xerus_rpc::wire::Source;
use xerus_rpc::{Agent, Error};

use super::apply::{self, Apply, Applying};
use super::fetch::Fetch;
use super::place::Place;
use super::standing::{Kind, Standing};
use super::{DeviceFiles, FilesError};

/// The most bytes that a configuration has.
const LIMIT: u64 = 64 << 20;

/// Bulk configurations, which are copied from one device to others, and backups of one device.
///
/// A password protects the file; on its way it is a part of the URL, so use HTTPS. [`BulkConfigSave`] and [`BulkConfigRestore`]
/// say how.
///
/// ```
/// use xerus_device::files::{BulkConfig, FilesError};
/// use xerus_rpc::Agent;
/// use xerus_rpc::files::{BulkConfigCode, BulkConfigRestore, SkipCheck};
///
/// async fn copy(agent: &Agent, file: Vec<u8>) -> Result<(), FilesError> {
///     let how = BulkConfigRestore::new().password("of the file").skip_check(SkipCheck::FirmwareVersion);
///     match BulkConfig::of(agent).restore(file, how).await {
///         Err(error) if error.response_code().map(BulkConfigCode::from) == Some(BulkConfigCode::WrongModel) => {
///             println!("another model: nothing was changed");
///             Ok(())
///         }
///         other => other.map(|applied| println!("in force since {}", applied.at)),
///     }
/// }
/// ```
#[derive(Clone, Debug)]
#[must_use = "nothing is sent before one of its methods is awaited"]
#[doc(alias = "bulkcfg")]
pub struct BulkConfig {
    place: Place,
}

impl BulkConfig {
    /// Those of the device that this agent calls.
    pub fn of(agent: &Agent) -> Self {
        Self {
            place: Place::of(agent),
        }
    }

    /// Those of a unit of its cascade, which is asked itself: 1 is the device, 2 to 8 are link units. Any other number is
    /// `Config.OutOfRange` where it is used.
    ///
    /// Several units at once, through the primary one, are [`BulkConfigSave::link_units`] and [`BulkConfigRestore::link_units`]; what
    /// became of them in the link units, only `unit(n)` with [`status`](Self::status) tells.
    pub fn unit(self, unit: u32) -> Self {
        Self {
            place: self.place.at_unit(unit),
        }
    }

    /// A configuration or backup as a file. At most 64 MiB, unless [`limit`](Fetch::limit) says otherwise. Where a filter profile is
    /// named, the device is asked first whether it has it.
    #[doc(alias = "bulkcfg.download")]
    pub fn save(&self, how: BulkConfigSave) -> Fetch {
        let query = how.query();
        let profile = query.as_ref().ok().and_then(|query| {
            let mut parameters = query.iter();
            let (_, profile) = parameters.find(|(name, _)| *name == "filter_profile")?;
            Some(profile.to_owned())
        });
        let fetch = Fetch::new(
            Kind::Bulk.name(),
            &self.place,
            BULK_CONFIG_SAVE,
            query,
            LIMIT,
        );
        match profile {
            None => fetch,
            Some(profile) => {
                let config = self.clone();
                fetch.after(Box::pin(async move { config.require(profile).await }))
            }
        }
    }

    async fn require(&self, profile: String) -> Result<(), FilesError> {
        let known = self.profiles().await?.filter_profiles;
        if known.iter().any(|known| known.name == profile) {
            Ok(())
        } else {
            Err(FilesError::NoSuchProfile(profile))
        }
    }

    /// Puts a configuration or backup in force.
    ///
    /// Its end is judged by the status of the unit that it is sent to, and of no other. With [`BulkConfigRestore::link_units`] that is
    /// the primary unit, also where it is not one of those units: [`Applied`](super::Applied) then says nothing of the link units. For an
    /// end of each, send it to each with [`unit`](Self::unit), or read [`status`](Self::status) of each before and afterwards.
    #[doc(alias = "bulkcfg.upload")]
    pub fn restore(&self, file: impl Into<Source>, how: BulkConfigRestore) -> Apply {
        Apply::new(
            Kind::Bulk,
            &self.place,
            self.object().map(|object| object.rid().to_owned()),
            BULK_CONFIG_RESTORE,
            how.query(),
            vec![BULK_CONFIG_RESTORE.file(file)],
        )
    }

    /// Asks on for a configuration with a ticket of it, which another process may have written.
    ///
    /// # Errors
    ///
    /// When the ticket is one for another device, or for something else than a bulk configuration.
    pub fn resume(&self, ticket: Ticket) -> Result<Applying, FilesError> {
        apply::resume(Kind::Bulk, &self.place, ticket)
    }

    /// How the last restoring fared, whoever began it.
    ///
    /// # Errors
    ///
    /// [`NotThere`](FilesError::NotThere) when the firmware has no bulk configuration, else what the call met with.
    pub async fn status(&self) -> Result<Standing, FilesError> {
        let rid = self.object()?.rid().to_owned();
        let standing = Kind::Bulk.look(self.place.agent(), &rid).await;
        standing.map_err(|error| FilesError::sorted(Kind::Bulk.name(), error))
    }

    /// The filter profiles of the device, and which of them counts when none is named.
    ///
    /// # Errors
    ///
    /// As [`status`](Self::status).
    pub async fn profiles(&self) -> Result<Settings, FilesError> {
        let settings = self.object()?.get_settings().await;
        settings.map_err(|error| FilesError::sorted("filter profile of bulk configurations", error))
    }

    fn object(&self) -> Result<BulkConfiguration, Error> {
        self.place
            .object(BulkConfiguration::well_known(self.place.agent()))
    }
}

impl DeviceFiles {
    /// The bulk configurations of the same unit.
    pub fn bulk_config(&self) -> BulkConfig {
        BulkConfig {
            place: self.place().clone(),
        }
    }
}
