//! The Rust of the documents that no published crate compiles, as examples of one crate: it has the bindings, the runtime,
//! the generator and the simulator, and in `OUT_DIR/xerus.rs` what the build script of the README makes.

/// The page of the repository.
#[cfg(doctest)]
#[doc = include_str!("../../../README.md")]
mod readme {}

/// The front page of `xerus-rpc`.
#[cfg(doctest)]
#[doc = include_str!("../../../runtime/README.md")]
mod runtime {}

/// The front page of `xerus-codegen`.
#[cfg(doctest)]
#[doc = include_str!("../../../codegen/README.md")]
mod codegen {}

/// What is known about methods.
#[cfg(doctest)]
#[doc = include_str!("../../../docs/method-facts.md")]
mod method_facts {}

/// Users and sessions.
#[cfg(doctest)]
#[doc = include_str!("../../../docs/guide/sessions.md")]
mod sessions {}

/// Devices in the local network.
#[cfg(doctest)]
#[doc = include_str!("../../../docs/guide/discovery.md")]
mod discovery {}

/// Bindings from a build script, or checked in.
#[cfg(doctest)]
#[doc = include_str!("../../../docs/guide/generate.md")]
mod generate {}

/// IDL on top of the ready bindings.
#[cfg(doctest)]
#[doc = include_str!("../../../docs/guide/own-idl.md")]
mod own_idl {}

/// Devices with older firmware.
#[cfg(doctest)]
#[doc = include_str!("../../../docs/guide/older-fleet.md")]
mod older_fleet {}

/// From the vendor's Python client.
#[cfg(doctest)]
#[doc = include_str!("../../../docs/guide/porting.md")]
mod porting {}

/// Programs behind and beside a Kamailio.
#[cfg(doctest)]
#[doc = include_str!("../../../docs/guide/kamailio.md")]
mod kamailio {}

/// Wires side by side.
#[cfg(doctest)]
#[doc = include_str!("../../../docs/guide/four-wires.md")]
mod four_wires {}

/// Calls over a router.
#[cfg(doctest)]
#[doc = include_str!("../../../docs/guide/wamp.md")]
mod wamp {}

/// Radio modems.
#[cfg(doctest)]
#[doc = include_str!("../../../docs/guide/ripex2.md")]
mod ripex2 {}

/// What goes on after a call.
#[cfg(doctest)]
#[doc = include_str!("../../../docs/guide/long-running.md")]
mod long_running {}

/// A session that becomes a test.
#[cfg(doctest)]
#[doc = include_str!("../../../docs/guide/record-replay.md")]
mod record_replay {}

/// A program that is tested without a device.
#[cfg(doctest)]
#[doc = include_str!("../../../docs/guide/testing.md")]
mod testing {}

/// The server in front of simulated devices.
#[cfg(doctest)]
#[doc = include_str!("../../../docs/simulator.md")]
mod simulator {}

/// A new firmware.
#[cfg(doctest)]
#[doc = include_str!("../../../docs/guide/firmware-update.md")]
mod firmware_update {}

/// Files, their endpoints and response codes.
#[cfg(doctest)]
#[doc = include_str!("../../../docs/protocol/files.md")]
mod files {}

/// Settings that are changed.
#[cfg(doctest)]
#[doc = include_str!("../../../docs/guide/update.md")]
mod update {}

/// Values that are read again and again.
#[cfg(doctest)]
#[doc = include_str!("../../../docs/guide/exporter.md")]
mod exporter {}

/// Many devices.
#[cfg(doctest)]
#[doc = include_str!("../../../docs/guide/fleet.md")]
mod fleet {}

/// The front page of `xerus-device`.
#[cfg(doctest)]
#[doc = include_str!("../../../device/README.md")]
mod device {}

/// Events, logs and pushed data.
#[cfg(doctest)]
#[doc = include_str!("../../../docs/guide/events.md")]
mod events {}

/// All sensors of a PDU.
#[cfg(doctest)]
#[doc = include_str!("../../../docs/guide/read-everything.md")]
mod read_everything {}

/// Outlets, switched once.
#[cfg(doctest)]
#[doc = include_str!("../../../docs/guide/switching.md")]
mod switching {}

/// Firmware updates, of one device and of many.
#[cfg(doctest)]
#[doc = include_str!("../../../docs/guide/firmware-rollout.md")]
mod firmware_rollout {}

/// Users, roles, sessions, clock, rules of access.
#[cfg(doctest)]
#[doc = include_str!("../../../docs/guide/administration.md")]
mod administration {}

/// Configurations and certificates.
#[cfg(doctest)]
#[doc = include_str!("../../../docs/guide/backup-restore.md")]
mod backup_restore {}
