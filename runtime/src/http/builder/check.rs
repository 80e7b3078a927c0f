//! What the values of a builder have to be.

use std::ops::RangeInclusive;
use std::time::Duration;

use ::http::HeaderValue;

use crate::error::{ConfigError, Error};

/// Longest `X-Client-Type`; devices show it in session lists.
const MAX_CLIENT_TYPE: usize = 128;

pub(super) fn in_range(
    setting: &'static str,
    value: usize,
    range: RangeInclusive<usize>,
    expected: &'static str,
) -> Result<(), Error> {
    holds(range.contains(&value), setting, expected)
}

pub(super) fn takes_time(setting: &'static str, time: Duration) -> Result<(), Error> {
    holds(!time.is_zero(), setting, "more than 0 s")
}

fn holds(fits: bool, setting: &'static str, expected: &'static str) -> Result<(), Error> {
    if fits {
        Ok(())
    } else {
        Err(ConfigError::OutOfRange { setting, expected }.into())
    }
}

pub(super) fn client_type(name: &str) -> Result<HeaderValue, Error> {
    let visible = name
        .bytes()
        .all(|byte| byte == b' ' || byte.is_ascii_graphic());
    if !visible || name.trim().is_empty() || name.len() > MAX_CLIENT_TYPE {
        return Err(ConfigError::BadHeaderValue("X-Client-Type").into());
    }
    HeaderValue::from_str(name).map_err(|_| ConfigError::BadHeaderValue("X-Client-Type").into())
}
