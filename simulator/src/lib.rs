#![doc = include_str!("../README.md")]

mod authenticator;
mod builder;
mod clock;
mod device;
mod door;
mod error;
mod fault;
mod front;
mod record;
mod serve;

/// The API of firmware 4.0.20, as far as the simulated device serves it. Generated.
pub mod api {
    // Not `mod api;`, whose files rustfmt would lay out in its own way.
    include!("api.rs");
}

/// The files of a device: where they are taken and given.
pub mod site {
    pub use crate::door::{
        Download, FileEndpoint, FileRequest, Form, Part, Refusal, Site, Uploaded,
    };
}

pub use builder::{Running, Simulator, SimulatorBuilder};
pub use clock::Clock;
pub use device::{
    Accounts, Device, FACTORY_PASSWORD, FACTORY_USER, Line, MakeUp, Place, Quantity, Reported,
    Role, SensorId, StateSensorId,
};
pub use door::{Certificate, Limits};
pub use error::StartError;
pub use fault::{BadFault, Fault, FaultRule, Faults};
pub use front::Serving;
pub use record::Recorded;
pub use serve::{Serve, serve};
