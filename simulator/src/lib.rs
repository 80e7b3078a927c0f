#![doc = include_str!("../README.md")]

mod authenticator;
mod builder;
mod calls;
mod error;
mod faults;
mod firmware;
mod front;
mod http;
mod in_process;
mod limits;
pub mod model;
mod record;
mod scenario;
mod serve;
mod tls;

pub use builder::{Running, Simulator, SimulatorBuilder};
pub use calls::{Answered, Called, Calls};
pub use error::StartError;
pub use faults::{Fault, FaultRule, Faults};
pub use front::Serving;
pub use in_process::InProcess;
pub use limits::Limits;
pub use model::{
    Accounts, Clock, Device, Event, FACTORY_PASSWORD, FACTORY_USER, Firmware, Line, MakeUp, Place,
    Power, Profile, Quantity, Receptacle, Reported, Role, SensorId, StateSensorId,
};
pub use record::Recorded;
pub use scenario::{Scenario, ScenarioError};
pub use serve::{Serve, serve};
pub use tls::Certificate;
