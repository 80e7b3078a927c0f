//! Files of a device: configurations, certificates, diagnostic data, scripts, and tables of power meters.
//!
//! | type | is for |
//! |---|---|
//! | [`RawConfig`] | the configuration as text: read, and put in force, also one for many devices with a list of them |
//! | [`BulkConfig`] | settings that are copied from one device to others, and backups of one device |
//! | `Certificates` | certificate and key of the HTTPS service; with the feature `certificates` |
//! | [`Scripts`] | scripts in Lua: stored and read back, started, what they print |
//! | [`DeviceFiles`] | diagnostic data, the description of a device that was engineered to order, tables of power meters |
//!
//! A device takes a configuration with an answer, and works on it afterwards. Here an upload is over when the device says how
//! that ended:
//!
//! ```
//! use xerus_device::files::{BulkConfig, FilesError};
//! use xerus_rpc::Agent;
//! use xerus_rpc::files::{BulkConfigRestore, BulkConfigSave};
//!
//! async fn replace(old: &Agent, new: &Agent) -> Result<(), FilesError> {
//!     let backup = BulkConfig::of(old).save(BulkConfigSave::new().backup(true)).bytes().await?;
//!     let applied = BulkConfig::of(new)
//!         .restore(backup, BulkConfigRestore::new().backup(true))
//!         .progress(|sent, total| println!("{sent} of {total:?} bytes"))
//!         .await?;
//!     println!("in force since {}", applied.at);
//!     Ok(())
//! }
//! ```
//!
//! * **Nothing is sent twice.** When the answer to an upload is lost, the status of the device is read until it tells what became
//!   of the file; [`Applied::outcome`] says what is known.
//! * **A refusal has its code**: [`FilesError::response_code`] is the number, the message says what it means and what to do.
//! * **A device may restart meanwhile**: [`Apply::begin`] gives an [`Applying`], which tells what happens and has a ticket with
//!   which another process asks on.
//!
//! [The page on files](https://github.com/xerus-rs/xerus-rs/blob/main/docs/protocol/files.md) has all endpoints and codes,
//! [the guide](https://github.com/xerus-rs/xerus-rs/blob/main/docs/guide/backup-restore.md) whole programs.

mod apply;
mod bulk_config;
#[cfg(feature = "certificates")]
pub mod certificates;
mod error;
mod fetch;
mod other;
mod place;
mod raw_config;
pub mod scripts;
mod send;
mod standing;

pub use apply::{Applied, Apply, Applying, Stage};
pub use bulk_config::BulkConfig;
#[cfg(feature = "certificates")]
pub use certificates::Certificates;
pub use error::FilesError;
pub use fetch::Fetch;
pub use other::{ConfigureMeters, DeviceFiles};
pub use raw_config::{RawConfig, ReadBack};
pub use scripts::Scripts;
pub use standing::{Standing, Status};
