//! All sensors of a PDU, and what they read.
//!
//! [`Topology::walk`] finds them: those of the PDU itself, of inlets with their poles and line pairs, of outlets, overcurrent
//! protectors with their poles, transfer switches, outlet groups and peripheral devices. It goes by the references that the device
//! sends, so that a sensor which only a newer firmware has is among them, also where the bindings have no member for it.
//!
//! ```no_run
//! use xerus_device::sensors::{SensorsError, Topology};
//! use xerus_rpc::Agent;
//!
//! async fn show(agent: &Agent) -> Result<(), SensorsError> {
//!     let topology = Topology::walk(agent).await?;
//!     let readings = topology.read().await?;
//!     for (sensor, reading) in readings.iter() {
//!         match reading.value {
//!             // `inlet I1 / pole L1 / current: 3.20 A`
//!             Some(value) => println!("{sensor}: {}", sensor.show(value)),
//!             None => println!("{sensor}: no reading"),
//!         }
//!     }
//!     Ok(())
//! }
//! ```

mod conductor;
mod describe;
mod error;
mod open;
mod part;
mod parts;
mod place;
mod quantity;
mod readings;
mod sensor;
mod topology;
mod unit;
mod walk;

pub use error::{SensorsError, Stale};
pub use place::{Place, PlaceKind};
pub use quantity::Quantity;
pub use readings::{Reading, Readings};
pub use sensor::{Kind, Sensor};
pub use topology::Topology;
pub use unit::Unit;
pub use walk::Missing;
