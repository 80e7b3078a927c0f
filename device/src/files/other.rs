//! Files that are read, and the configuration of power meters.

use std::fmt;
use std::future::IntoFuture;
use std::time::Duration;

use xerus_rpc::files::{
    DIAGNOSTICS, ENGINEERED_TO_ORDER, METRICS, MetricsPage, POWER_METER_CONFIG_UPLOAD,
    POWER_METERS, PowerMeters,
};
use xerus_rpc::wire::{BoxFuture, Query, Source};
use xerus_rpc::{Agent, Error};

use super::FilesError;
use super::fetch::Fetch;
use super::place::Place;
use super::send::Sending;

/// The most bytes of a text or table.
const LIMIT: u64 = 64 << 20;
/// The most bytes of diagnostic data.
const DIAGNOSTICS_LIMIT: u64 = 1 << 30;
/// What messages call it.
const METERS: &str = "configuration of power meters";

/// Files of a device that are read, and the configuration of its power meters.
///
/// ```
/// use xerus_device::files::{DeviceFiles, FilesError};
/// use xerus_rpc::Agent;
///
/// async fn collect(agent: &Agent) -> Result<Vec<u8>, FilesError> {
///     let files = DeviceFiles::of(agent);
///     if let Err(FilesError::NotThere { .. }) = files.panel(2).bytes().await {
///         println!("it has no second panel");
///     }
///     files.diagnostics().progress(|came, _| println!("{came} bytes")).bytes().await
/// }
/// ```
#[derive(Clone, Debug)]
#[must_use = "nothing is sent before one of its methods is awaited"]
pub struct DeviceFiles {
    place: Place,
}

impl DeviceFiles {
    /// Those of the device that this agent calls.
    pub fn of(agent: &Agent) -> Self {
        Self {
            place: Place::of(agent),
        }
    }

    /// Those of a unit of its cascade: 1 is the device itself, 2 to 8 are link units. Any other number is `Config.OutOfRange` where
    /// it is used.
    pub fn unit(self, unit: u32) -> Self {
        Self {
            place: self.place.at_unit(unit),
        }
    }

    pub(super) fn place(&self) -> &Place {
        &self.place
    }

    /// Diagnostic data, for the vendor's support. Their form is not documented, and they may be large: at most 1 GiB is taken,
    /// unless [`limit`](Fetch::limit) says otherwise.
    #[doc(alias = "diag.download")]
    pub fn diagnostics(&self) -> Fetch {
        let query = Ok(Query::new());
        Fetch::new(
            "diagnostic data",
            &self.place,
            DIAGNOSTICS,
            query,
            DIAGNOSTICS_LIMIT,
        )
    }

    /// The description of a device that was engineered to order (ETO). At most 64 MiB.
    #[doc(alias = "download_eto")]
    pub fn engineered_to_order(&self) -> Fetch {
        let query = Ok(Query::new());
        Fetch::new(
            "description of an engineered-to-order device",
            &self.place,
            ENGINEERED_TO_ORDER,
            query,
            LIMIT,
        )
    }

    /// What the mains of all power meters and panels (BCM2, PMC) measure, as comma-separated values. At most 64 MiB.
    #[doc(alias = "download_powermeter_csv")]
    pub fn power_meters(&self) -> Fetch {
        self.meters(Ok(PowerMeters::all()))
    }

    /// The same of one panel, 1 to 8; any other number is `Config.OutOfRange` when it is awaited.
    #[doc(alias = "download_panel_csv")]
    pub fn panel(&self, number: u8) -> Fetch {
        self.meters(PowerMeters::panel(number))
    }

    fn meters(&self, which: Result<PowerMeters, Error>) -> Fetch {
        let query = which.map(PowerMeters::query);
        Fetch::new(
            "table of power meters",
            &self.place,
            POWER_METERS,
            query,
            LIMIT,
        )
    }

    /// The page with measurements for Prometheus, from firmware 4.0.10 on. At most 64 MiB.
    pub fn metrics(&self, how: MetricsPage) -> Fetch {
        let query = Ok(how.query());
        Fetch::new("page with measurements", &self.place, METRICS, query, LIMIT)
    }

    /// Configures power meters and panels (BCM2, PMC) with the file that the vendor's spreadsheet writes, which is JSON.
    #[doc(alias = "upload_pmc_config")]
    pub fn configure_power_meters(&self, file: impl Into<Source>) -> ConfigureMeters {
        ConfigureMeters {
            place: self.place.clone(),
            file: file.into(),
            sending: Sending::default(),
        }
    }
}

/// A configuration for power meters that has not been sent.
///
/// Awaited, it is sent once, and gives the text with which the device answers. There is no code in it, and nothing tells whether
/// the device uses the configuration: show the text, and read [`DeviceFiles::power_meters`] afterwards.
#[must_use = "nothing is sent before this is awaited"]
pub struct ConfigureMeters {
    place: Place,
    file: Source,
    sending: Sending,
}

impl ConfigureMeters {
    /// Calls `progress` with the bytes that the connection has taken, and with all of them, where the length of the source is
    /// known. It must not block.
    pub fn progress(mut self, progress: impl FnMut(u64, Option<u64>) + Send + 'static) -> Self {
        self.sending.progress = Some(Box::new(progress));
        self
    }

    /// The upload is given up when nothing has moved for this long. Default: 60 s.
    pub fn idle_timeout(mut self, time: Duration) -> Self {
        self.sending.idle_timeout = Some(time);
        self
    }

    /// Time for the upload. Default: no limit.
    pub fn timeout(mut self, time: Duration) -> Self {
        self.sending.timeout = Some(time);
        self
    }
}

impl IntoFuture for ConfigureMeters {
    type Output = Result<String, FilesError>;
    type IntoFuture = BoxFuture<'static, Self::Output>;

    fn into_future(self) -> Self::IntoFuture {
        Box::pin(async move {
            let parts = vec![POWER_METER_CONFIG_UPLOAD.file(self.file)];
            let answer = self
                .sending
                .send(&self.place, POWER_METER_CONFIG_UPLOAD, Query::new(), parts)
                .await
                .map_err(|error| FilesError::sorted(METERS, error))?;
            Ok(String::from_utf8_lossy(answer.body()).into_owned())
        })
    }
}

impl fmt::Debug for ConfigureMeters {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ConfigureMeters")
            .field("place", &self.place)
            .field("file", &self.file)
            .field("sending", &self.sending)
            .finish()
    }
}
