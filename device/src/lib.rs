#![cfg_attr(not(doctest), doc = include_str!("../README.md"))]
#![cfg_attr(docsrs, feature(doc_cfg))]

pub mod admin;
pub mod events;
pub mod files;
pub mod firmware;
pub mod logs;
mod older;
#[cfg(feature = "push")]
pub mod push;
pub mod sensors;
pub mod switching;

pub use events::{EventStream, Events};
pub use firmware::FirmwareUpdate;
pub use logs::{Log, LogStream};
pub use sensors::Topology;
pub use switching::Switching;
