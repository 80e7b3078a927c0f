#![doc = include_str!("../README.md")]

mod authenticator;
mod builder;
mod error;
mod faults;
mod firmware;
mod front;
mod http;
mod limits;
pub mod model;
mod record;
mod serve;
mod tls;

pub use builder::{Running, Simulator, SimulatorBuilder};
pub use error::StartError;
pub use faults::{Fault, FaultRule, Faults};
pub use front::Serving;
pub use limits::Limits;
pub use model::{
    Accounts, Clock, Device, Event, FACTORY_PASSWORD, FACTORY_USER, Firmware, Line, MakeUp, Place,
    Power, Quantity, Reported, Role, SensorId, StateSensorId,
};
pub use record::Recorded;
pub use serve::{Serve, serve};
pub use tls::Certificate;
