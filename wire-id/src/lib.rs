//! Wire ids of the Xerus JSON-RPC API.
//!
//! Every type of the interface description language has a *wire id*, for example
//! `pdumodel.Outlet:3.0.1` or `pdumodel.Outlet_3_0_1.StateChangedEvent:1.0.0`: the names of the
//! enclosing modules and types with their version suffix kept as written, then the type's own name
//! without its suffix, a colon and its version. Devices name the types of references and value objects by it.
//!
//! ```
//! use xerus_wire_id::{Compatibility, Version, WireId};
//!
//! let server: WireId = "pdumodel.Outlet:3.0.4".parse()?;
//! let client: WireId = "pdumodel.Outlet:3.0.1".parse()?;
//! assert_eq!(server.version(), Version::new(3, 0, 4));
//! assert_eq!(server.version_free_name(), "pdumodel.Outlet");
//! assert_eq!(server.compatibility(&client), Compatibility::Full);
//! assert_eq!(client.compatibility(&server), Compatibility::OlderMinor);
//! # Ok::<(), xerus_wire_id::ParseWireIdError>(())
//! ```
#![doc(html_no_source)]

mod compatibility;
#[cfg(feature = "serde")]
mod serde_form;
mod version;
mod wire_id;

pub use compatibility::{Compatibility, compatibility};
pub use version::{SplitName, Version, split_suffix};
pub use wire_id::{ParseWireIdError, Segment, WireId};

/// The examples of the README.
#[cfg(doctest)]
#[doc = include_str!("../README.md")]
struct Readme;
