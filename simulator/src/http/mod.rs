//! HTTP/1.1 in front of the device.

mod answer;
mod auth;
mod path;
mod server;

pub(crate) use server::{Listening, Scheme, Server};
