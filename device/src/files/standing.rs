//! How the last upload of a configuration fared.

use xerus_api::bulkcfg::BulkConfiguration;
use xerus_api::rawcfg::RawConfiguration;
use xerus_rpc::{Agent, Enumeration as _, Error, Time};

/// How the last upload of a configuration fared, whoever sent it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Status {
    /// The device knows of none.
    None,
    /// The file was not taken.
    UploadFailed,
    /// It is being put in force.
    Pending,
    /// It is in force.
    InForce,
    /// It could not be put in force.
    Failed,
    /// What the device says is not known.
    Other(i32),
}

/// How the last upload of a configuration fared, and since when.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub struct Standing {
    /// How it fared.
    pub status: Status,
    /// Since when, by the clock of the device.
    pub since: Time,
}

impl Status {
    fn of(index: i32) -> Self {
        match index {
            0 => Self::None,
            1 => Self::UploadFailed,
            2 => Self::Pending,
            3 => Self::InForce,
            4 => Self::Failed,
            other => Self::Other(other),
        }
    }

    pub(super) fn index(self) -> i32 {
        match self {
            Self::None => 0,
            Self::UploadFailed => 1,
            Self::Pending => 2,
            Self::InForce => 3,
            Self::Failed => 4,
            Self::Other(index) => index,
        }
    }
}

/// Which of the two kinds of configuration.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    Raw,
    Bulk,
}

impl Kind {
    /// What it is called in messages and tickets.
    pub(super) const fn name(self) -> &'static str {
        match self {
            Self::Raw => "raw configuration",
            Self::Bulk => "bulk configuration",
        }
    }

    /// How the last upload fared, as the object with this resource id tells.
    pub(super) async fn look(self, agent: &Agent, rid: &str) -> Result<Standing, Error> {
        // The two interfaces are alike but for the names of their enumerators.
        let (index, since) = match self {
            Self::Raw => {
                let (status, since) = RawConfiguration::at(agent, rid).get_status().await?;
                (status.index(), since)
            }
            Self::Bulk => {
                let (status, since) = BulkConfiguration::at(agent, rid).get_status().await?;
                (status.index(), since)
            }
        };
        Ok(Standing {
            status: Status::of(index),
            since,
        })
    }
}
