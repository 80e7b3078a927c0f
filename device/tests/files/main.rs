//! Files of devices: over sockets, with every firmware that is simulated, and with a device that is written down here for what the
//! simulated one does not do.

#![allow(clippy::unwrap_used)] // helpers of tests

mod bulk_config;
mod certificates;
mod codes;
mod lost;
mod manual;
mod plain_http;
mod raw_config;
mod read;
mod scripted;
mod scripts;
mod units;
mod world;
