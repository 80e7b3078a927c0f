//! Files with what a device measures.

use crate::error::{ConfigError, Error};
use crate::wire::Query;

/// Which power meters are wanted: the parameter of [`POWER_METERS`](super::POWER_METERS).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[must_use]
pub struct PowerMeters {
    panel: Option<u8>,
}

impl PowerMeters {
    /// The mains of all meters and panels.
    pub fn all() -> Self {
        Self::default()
    }

    /// One panel, 1 to 8.
    ///
    /// # Errors
    ///
    /// `Config.OutOfRange` for any other number.
    pub fn panel(number: u8) -> Result<Self, Error> {
        if !(1..=8).contains(&number) {
            return Err(ConfigError::OutOfRange {
                setting: "the panel",
                expected: "1 to 8",
            }
            .into());
        }
        Ok(Self {
            panel: Some(number),
        })
    }

    /// The parameter, for [`Download::queries`](crate::agent::Download::queries).
    pub fn query(self) -> Query {
        let mut query = Query::new();
        if let Some(panel) = self.panel {
            query.push("panelid", panel.to_string());
        }
        query
    }
}

/// How the page for Prometheus is wanted: the parameter of [`METRICS`](super::METRICS).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[must_use]
pub struct MetricsPage {
    include_names: bool,
}

impl MetricsPage {
    /// Without the names that users gave.
    pub fn new() -> Self {
        Self::default()
    }

    /// With the names that users gave to device, inlets, outlets and sensors. Default: false.
    pub fn include_names(mut self, include: bool) -> Self {
        self.include_names = include;
        self
    }

    /// The parameter, for [`Download::queries`](crate::agent::Download::queries).
    pub fn query(self) -> Query {
        let mut query = Query::new();
        if self.include_names {
            query.push("include_names", "1");
        }
        query
    }
}
