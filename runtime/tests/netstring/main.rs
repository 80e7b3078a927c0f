//! JSON-RPC in netstrings: calls against scripted servers, and scripted clients against the server. The names of tests begin with the
//! fault that they play.

#![cfg(feature = "netstring")]
#![allow(clippy::unwrap_used)] // helpers of tests

#[cfg(feature = "blocking")]
mod blocking;
mod client;
#[cfg(feature = "netstring-srv")]
mod dns;
#[cfg(feature = "netstring-srv")]
mod dns_server;
mod groups;
mod holes;
mod limits;
mod notifications;
mod rest;
mod same_name;
mod script;
mod seed;
mod server;
mod silent;
mod srv;
mod srv_faults;
mod together;
