//! The simulated device from outside, over real sockets, with requests written byte by byte.

mod auth;
mod bulk;
mod connections;
mod events;
mod faults;
mod objects;
mod requests;
mod support;
