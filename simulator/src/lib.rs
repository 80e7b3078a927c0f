#![doc = include_str!("../README.md")]

mod authenticator;
mod builder;
mod calls;
mod device_site;
mod door;
mod error;
mod fault;
mod firmware;
mod front;
mod in_process;
mod limits;
pub mod model;
mod push;
mod record;
mod scenario;
mod serve;

/// The files of a device: where they are taken and given.
pub mod site {
    pub use crate::door::{
        Download, FileEndpoint, FileRequest, Form, Part, Refusal, Site, Uploaded,
    };
}

pub use builder::{Running, Simulator, SimulatorBuilder};
pub use calls::{Answered, Called, Calls};
pub use door::Certificate;
#[cfg(feature = "mdns")]
pub use door::{Announce, AnnounceError};
pub use error::StartError;
pub use fault::{BadFault, Fault, FaultRule, Faults, Injected};
pub use front::Serving;
pub use in_process::InProcess;
pub use limits::Limits;
pub use model::image::FirmwareImage;
pub use model::update::{UpdateEnding, UpdatePlan};
pub use model::{
    Accounts, Clock, Connection, Device, Event, FACTORY_PASSWORD, FACTORY_USER, Firmware, Line,
    LinePair, Load, MakeUp, Place, Power, Profile, Quantity, Receptacle, Reported, Role, SensorId,
    StateSensorId,
};
pub use record::Recorded;
pub use scenario::{Scenario, ScenarioError};
pub use serve::{Serve, serve};
