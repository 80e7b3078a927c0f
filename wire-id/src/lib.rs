#![doc = include_str!("../README.md")]

mod compatibility;
#[cfg(feature = "serde")]
mod serde_form;
mod version;
mod wire_id;

pub use compatibility::{Compatibility, compatibility};
pub use version::{SplitName, Version, split_suffix};
pub use wire_id::{ParseWireIdError, Segment, WireId};
