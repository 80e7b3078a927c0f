//! Files to and from a device, beside the calls.

mod download;
mod upload;

pub use download::Download;
pub use upload::Upload;

use std::time::Duration;

use crate::error::{ConfigError, Error};

/// Refuses times that are over before anything could happen.
fn check_times(idle: Duration, total: Option<Duration>) -> Result<(), Error> {
    let setting = if idle.is_zero() {
        "idle_timeout"
    } else if total.is_some_and(|total| total.is_zero()) {
        "timeout"
    } else {
        return Ok(());
    };
    let expected = "more than 0 s";
    Err(ConfigError::OutOfRange { setting, expected }.into())
}

/// Adds which transfer it was that failed.
fn placed(error: Error, agent: &super::Agent, target: String, method: &'static str) -> Error {
    error.with_origin(agent.origin()).with_call(target, method)
}
