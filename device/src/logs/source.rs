//! The logs that there are.

use xerus_api::logging::{DebugLog, EventLog, LogChunk, LogInfo, RangeDirection, WlanLog};
use xerus_rpc::Error;

/// A log, and which of its entries are read.
#[derive(Clone, Debug)]
pub(super) enum Source {
    /// The event log, and categories; without any: all.
    Event(EventLog, Vec<String>),
    Debug(DebugLog),
    Wlan(WlanLog),
}

impl Source {
    pub(super) async fn info(&self) -> Result<LogInfo, Error> {
        match self {
            Self::Event(log, _) => log.get_info().await,
            Self::Debug(log) => log.get_info().await,
            Self::Wlan(log) => log.get_info().await,
        }
    }

    pub(super) async fn chunk(
        &self,
        from: i32,
        count: i32,
        direction: RangeDirection,
    ) -> Result<LogChunk, Error> {
        match self {
            Self::Event(log, categories) => log.get_chunk(from, count, direction, categories).await,
            Self::Debug(log) => log.get_chunk(from, count, direction).await,
            Self::Wlan(log) => log.get_chunk(from, count, direction).await,
        }
    }
}
