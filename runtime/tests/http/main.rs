//! The HTTP transport against servers that do exactly what a test says, byte for byte. All on 127.0.0.1.

#![cfg(feature = "http")]

mod agent;
#[cfg(feature = "blocking")]
mod blocking;
mod body;
mod certificates;
mod curve;
mod decided;
mod files;
mod fleet;
mod layers;
mod logged_in;
mod presented;
mod queue;
mod redirect;
mod request;
mod retry;
mod route;
mod sessions;
mod short_rsa;
mod status;
mod support;
mod timeouts;
mod tls;
