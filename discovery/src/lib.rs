#![doc = include_str!("../README.md")]

mod address;
mod answer;
mod builder;
mod device;
mod devices;
mod discovery;
mod doubt;
mod error;
mod event;
mod interfaces;
mod keeper;
mod service;
mod shared;
mod state;
mod text;
mod txt;

pub use address::{Address, Interface};
pub use builder::Builder;
pub use device::{Device, Doubt};
pub use devices::Devices;
pub use discovery::{Blocking, Discovery};
pub use doubt::AddressDoubt;
pub use error::Error;
pub use event::Event;
pub use service::{PRODUCTS_OF_PYTHON_CLIENT, ServiceType};
pub use txt::Txt;
