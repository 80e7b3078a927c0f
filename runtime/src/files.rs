//! The files that devices have: where they are, what is asked behind the path, how the parts of an upload are called, and the
//! codes with which devices answer.
//!
//! All of it is data for [`Agent::download`](crate::Agent::download) and [`Agent::upload`](crate::Agent::upload):
//!
//! ```no_run
//! use xerus_rpc::files::{RAW_CONFIG_UPLOAD, RawConfigCode};
//! use xerus_rpc::{Agent, Error};
//!
//! async fn configure(agent: &Agent, configuration: String) -> Result<(), Error> {
//!     let config = RAW_CONFIG_UPLOAD.file(configuration);
//!     let answer = agent.upload(RAW_CONFIG_UPLOAD).part(config).await?;
//!     // A code other than 0 is an error that says what is wrong and what to do.
//!     match RAW_CONFIG_UPLOAD.check(&answer) {
//!         Err(error) if error.response_code().map(RawConfigCode::from) == Some(RawConfigCode::UpdateRunning) => {
//!             println!("another update is running: later");
//!             Ok(())
//!         }
//!         other => other,
//!     }
//! }
//! ```
//!
//! [The page on files](https://github.com/xerus-rs/xerus-rs/blob/main/docs/protocol/files.md) has all endpoints and codes.

mod bulk_config;
mod certificate;
mod code;
mod endpoint;
mod firmware;
mod known;
mod measurements;
mod raw_config;

pub use bulk_config::{BulkConfigCode, BulkConfigRestore, BulkConfigSave, SkipCheck};
pub use certificate::{CertificateCode, CertificateFile};
pub use code::ResponseCode;
pub use endpoint::{CodePlace, Endpoint, FilePart, UploadEndpoint};
pub use firmware::FirmwareUpload;
pub use known::{
    BULK_CONFIG_RESTORE, BULK_CONFIG_SAVE, CERTIFICATE_DOWNLOAD, CERTIFICATE_KEY,
    CERTIFICATE_UPLOAD, DIAGNOSTICS, ENGINEERED_TO_ORDER, FIRMWARE_PROGRESS, FIRMWARE_UPLOAD,
    METRICS, POWER_METER_CONFIG_UPLOAD, POWER_METERS, RAW_CONFIG_DOWNLOAD, RAW_CONFIG_UPLOAD,
};
pub use measurements::{MetricsPage, PowerMeters};
pub use raw_config::RawConfigCode;
