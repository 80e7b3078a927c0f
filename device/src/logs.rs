//! The logs of a device, entry by entry.
//!
//! A device has an event log and a debug log, some have a log of their wireless network. They are read in chunks; a [`Log`] reads
//! them as a stream, from the oldest entry to the newest or the other way, and goes on with what comes when asked to.
//!
//! ```
//! use futures_util::TryStreamExt;
//! use xerus_device::logs::{Log, LogError, LogItem};
//! use xerus_rpc::Agent;
//!
//! /// The latest entries of the event log.
//! async fn latest(agent: &Agent, count: usize) -> Result<Vec<String>, LogError> {
//!     let mut entries = Log::event(agent).newest_first();
//!     let mut lines = Vec::new();
//!     while lines.len() < count
//!         && let Some(item) = entries.try_next().await?
//!     {
//!         if let LogItem::Entry(entry) = item {
//!             lines.push(format!("{} {}", entry.event_class, entry.message));
//!         }
//!     }
//!     Ok(lines)
//! }
//! ```
//!
//! # What is promised
//!
//! * Every entry comes once, and in order. A stream ends with what was the last entry when it began; entries that come meanwhile are
//!   for the next one, or for [`Log::follow`].
//! * A log may be begun anew while it is read: the device was started, or somebody has cleared it. Ids often go on counting. If
//!   what was read last is still there, the stream goes on behind it, and otherwise says [`Restarted`](LogItem::Restarted).
//! * Entries that were overwritten before they were read are [`Missing`](LogItem::Missing).
//! * Requests are few and bounded: a device whose log begins anew again and again, or whose chunks lead nowhere, ends the stream with
//!   an error.

mod error;
mod read;
mod source;
mod stream;
mod walk;

pub use error::LogError;
pub use read::Log;
pub use stream::{LogItem, LogStream};
pub use xerus_api::logging::LogEntry;
