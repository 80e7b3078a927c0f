//! The simulated device from outside, over real sockets, with requests written byte by byte.

#![allow(clippy::unwrap_used)] // helpers of tests

mod abuse;
mod administered;
mod auth;
mod bulk;
mod connections;
mod events;
mod factory;
mod facts;
mod faults;
mod files;
mod firmware;
mod hostile;
mod listeners;
mod maintenance;
mod objects;
mod page;
mod push;
mod refusals;
mod requests;
mod rules;
mod scenario;
mod serve;
mod support;
mod time;
mod updates;
mod upkeep;
