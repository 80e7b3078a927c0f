//! Which unit a call is for.

use std::net::IpAddr;

/// Why a target is none; in words that follow "the resource id is".
const NO_UNIT: &str =
    "no unit: leave it empty for the one that is connected, or give the IP address of another";

/// The unit that a target names: the one that is connected, or another one by its address.
pub(super) fn named(target: &str) -> Result<Option<IpAddr>, &'static str> {
    match target.strip_prefix('/').unwrap_or(target) {
        "" => Ok(None),
        address => address.parse().map(Some).map_err(|_| NO_UNIT),
    }
}
