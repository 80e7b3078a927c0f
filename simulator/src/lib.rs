#![doc = include_str!("../README.md")]

mod authenticator;
mod builder;
mod clock;
mod device;
mod error;
mod faults;
mod front;
mod http;
mod limits;
pub mod model;
mod record;
mod serve;
mod tls;

/// The API of firmware 4.0.20, as far as the simulated device serves it. Generated.
pub mod api {
    // Not `mod api;`, whose files rustfmt would lay out in its own way.
    include!("api.rs");
}

pub use builder::{Running, Simulator, SimulatorBuilder};
pub use clock::Clock;
pub use device::{
    Accounts, Device, FACTORY_PASSWORD, FACTORY_USER, Line, MakeUp, Place, Quantity, Reported,
    Role, SensorId, StateSensorId,
};
pub use error::StartError;
pub use faults::{Fault, FaultRule, Faults};
pub use front::Serving;
pub use limits::Limits;
pub use model::image::FirmwareImage;
pub use model::update::{UpdateEnding, UpdatePlan};
pub use record::Recorded;
pub use serve::{Serve, serve};
pub use tls::Certificate;
