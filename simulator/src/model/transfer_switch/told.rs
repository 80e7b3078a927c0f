//! What a transfer switch takes and tells.

use std::time::Duration;

/// Why the source was changed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TransferReason {
    /// The switch started.
    Startup,
    /// Somebody asked for it.
    Manual,
    /// The preferred source came back.
    AutoRetransfer,
    /// The source failed.
    PowerFailure,
}

/// Why a transfer, or other settings, are refused.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum TransferRefusal {
    /// There is no such source, or a setting is out of range.
    InvalidParam,
    /// An alarm forbids the transfer.
    Prevented,
    /// The transfer did not work: the source has no power.
    Failed,
}

/// What can be configured.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TransferSettings {
    /// At most 64 characters.
    pub name: String,
    /// Index of the preferred source.
    pub preferred: usize,
    /// Whether to go back when the preferred source is good again.
    pub auto_retransfer: bool,
    /// Whether not to go back while the sources are out of step.
    pub not_if_phase_fault: bool,
    /// How long the preferred source has to be good before, in seconds, at most an hour.
    pub wait: u32,
    /// Whether the button at the device works.
    pub manual_transfer: bool,
    /// Whether the phase alarm is watched.
    pub phase_sync_sensor: bool,
}

impl Default for TransferSettings {
    fn default() -> Self {
        Self {
            name: String::new(),
            preferred: 0,
            auto_retransfer: true,
            not_if_phase_fault: true,
            wait: 20,
            manual_transfer: true,
            phase_sync_sensor: true,
        }
    }
}

/// What the sensors of the switch show.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct TransferReadings {
    /// Index of the source that feeds the output.
    pub selected: usize,
    /// What the switch does.
    pub operation: TransferOperation,
    /// There is too much load.
    pub overload: bool,
    /// The sources are out of step.
    pub phase_fault: bool,
    /// Degrees between the sources; `None` while one of them has no power.
    pub phase_angle: Option<f64>,
    /// Whether the output has power.
    pub powered: bool,
}

/// What the switch does. The numbers are those of the API.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TransferOperation {
    /// The output has no power.
    Off = 0,
    /// Fed from the preferred source, and the other one is usable.
    Normal = 1,
    /// Fed from the other source, and the preferred one is usable.
    Standby = 2,
    /// The source that does not feed the output is not usable.
    NonRedundant = 3,
}

/// Counters, and the times of the last transfer in microseconds.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct TransferStatistics {
    /// Number of transfers.
    pub transfers: i32,
    /// Until the failure was noticed.
    pub detect_time: i32,
    /// Until the relay was open.
    pub relay_open_time: i32,
    /// The whole transfer.
    pub total_time: i32,
    /// Number of overloads.
    pub overloads: i32,
}

/// One transfer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Transfer {
    /// Since 1970.
    pub at: Duration,
    /// Index of the inlet before.
    pub from: usize,
    /// Index of the inlet afterwards.
    pub to: usize,
    /// Why.
    pub reason: TransferReason,
    /// Counters afterwards.
    pub statistics: TransferStatistics,
}
