//! A simulated Xerus PDU in a process.
//!
//! It speaks JSON-RPC over HTTP and HTTPS as real devices do: basic authentication and session tokens, bulk requests,
//! event channels, well-known and opaque resource ids, and the request quirks of the known clients. Everything behind
//! HTTP is made with server traits generated from the IDL.
//!
//! ```
//! # #[tokio::main(flavor = "current_thread")]
//! # async fn main() -> Result<(), xerus_sim::StartError> {
//! use xerus_sim::Simulator;
//!
//! let device = Simulator::builder()
//!     .outlets(8)
//!     .inlets(1)
//!     .user("admin", "pass")
//!     .https(true)
//!     .listen("127.0.0.1:0")
//!     .start()
//!     .await?;
//! assert!(device.url().starts_with("https://127.0.0.1:"));
//! assert!(device.certificate_pem().is_some());
//! assert!(device.device().outlet_state(0).is_some());
//! // Dropping `device` ends the server.
//! # Ok(())
//! # }
//! ```
//!
//! Other devices than this one can be played, too: [`serve`] puts objects of your own behind the same HTTP.
//!
//! Time comes from one [`Clock`], which a test may freeze and advance; [`Faults`] make the server misbehave on demand.

mod authenticator;
mod builder;
mod clock;
mod device;
mod error;
mod faults;
mod front;
mod http;
mod limits;
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
pub use record::Recorded;
pub use serve::{Serve, serve};
pub use tls::Certificate;

/// The examples of the README.
#[cfg(doctest)]
#[doc = include_str!("../README.md")]
struct Readme;
