//! Firmware updates, guided from the image to the version that runs afterwards.
//!
//! [`FirmwareUpdate`] does in order what an update takes: it looks whether one is needed, uploads the image, reads what the
//! device thinks of it, lets the program decide, begins, follows, waits while the device restarts, and compares version and
//! update history. What may have begun is never begun again. Every step is told before it is taken, with a [`Ticket`] from
//! which another process goes on.
//!
//! ```no_run
//! use xerus_device::firmware::{FirmwareUpdate, Image, UpdateError};
//! use xerus_rpc::Agent;
//!
//! async fn update(agent: &Agent) -> Result<(), Box<dyn std::error::Error>> {
//!     let image = Image::file("pdu-4.4.1.bin")?;
//!     match FirmwareUpdate::of(agent, image).keep_in("rack-4.ticket").await {
//!         Ok(updated) => println!("{} runs", updated.version),
//!         Err(error @ UpdateError::Refused(_)) => eprintln!("nothing was installed: {error}"),
//!         Err(error) => eprintln!("{error}"),
//!     }
//!     Ok(())
//! }
//! ```
//!
//! The facts are from `docs/protocol/files.md`, "A firmware update".

mod error;
mod event;
mod flow;
mod history;
mod image;
mod judge;
mod keep;
mod notes;
mod review;
mod run;
mod text;
mod update;
mod updated;

pub use error::UpdateError;
pub use event::{Phase, Progress, UpdateEvent};
pub use image::Image;
pub use notes::Step;
pub use review::{Allow, Decision, Obstacle, Review};
pub use run::UpdateRun;
pub use update::FirmwareUpdate;
pub use updated::{Change, Updated};
pub use xerus_rpc::action::Ticket;
