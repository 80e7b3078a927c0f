//! Typed bindings for the JSON-RPC API of Xerus devices: rack PDUs, transfer switches and sensor gateways by Legrand, Raritan
//! and Server Technology. All of it, made ready: no build script, no interface description, one cargo feature for each module.
//!
//! ```toml
//! [dependencies]
//! xerus-api = { version = "0.1", features = ["pdumodel"] }
//! xerus-rpc = "0.1"
//! tokio = { version = "1", features = ["macros", "rt"] }
//! ```
//!
//! ```no_run
//! use xerus_api::pdumodel::{Outlet, Pdu, outlet::PowerState};
//! use xerus_rpc::{Agent, Error};
//!
//! # #[tokio::main(flavor = "current_thread")]
//! # async fn main() -> Result<(), Error> {
//! let agent = Agent::builder("https://pdu.example.com").basic_auth("admin", "secret").build()?;
//! let outlets = Pdu::well_known(&agent, 0).get_outlets().await?;
//!
//! // One request for all outlets; an item may be several calls.
//! let described = outlets.iter().map(|o| (o.get_settings(), o.get_sensors()));
//! let described = agent.bulk(described).all().await?;
//!
//! // What is measured at an outlet is a reference: empty where the device has no such sensor, and then so is its reading.
//! let readings = described.iter().map(|(_, sensors)| sensors.active_power.as_ref().map(|power| power.get_reading()));
//! for ((settings, _), reading) in described.iter().zip(agent.bulk(readings).await?) {
//!     match reading {
//!         Some(reading) => println!("{}: {} W", settings.name, reading?.value),
//!         None => println!("{}: not metered", settings.name),
//!     }
//! }
//!
//! // A refusal of the device is an error, with the names of the constants that stand at the proxy.
//! match outlets[0].set_power_state(PowerState::PsOff).await {
//!     Err(error) if error.return_code() == Some(Outlet::ERR_OUTLET_DISABLED) => println!("it is not in use"),
//!     switched => switched?,
//! }
//! # Ok(())
//! # }
//! ```
//!
//! The runtime is [`xerus_rpc`]: its documentation tells about agents, errors, bulk requests, and blocking programs.
//!
//! # Features
//!
//! None is on by default; [`full`](#features) stands for all of them without `server`. They only add: no signature depends on
//! one.
//!
//! | for | features |
//! |---|---|
//! | the PDU, its inlets, outlets, breakers and what they measure | `pdumodel` |
//! | sensors of every kind, thresholds, logged readings | `sensors` |
//! | attached sensors, actuators and the ports they hang on | `peripheral`, `portsmodel` |
//! | asset strips, door locks, card readers, cameras, wireless sensors | `assetmgrmodel`, `smartlock`, `smartcard`, `webcam`, `zigbee` |
//! | serial access modules, serial ports, USB | `dsam`, `serial`, `usb` |
//! | events, rules, timers, data push; what events have in common | `event`, `idl` |
//! | users, roles, sessions, authentication | `usermgmt`, `session`, `auth` |
//! | network, certificates, firewall and passwords | `net`, `cert`, `security` |
//! | SNMP, Modbus, e-mail and other services | `devsettings`, `modbus`, `servermon` |
//! | firmware, clock, logs, health, resources | `firmware`, `datetime`, `logging`, `fitness`, `res_mon` |
//! | configuration to copy or keep | `bulkcfg`, `rawcfg`, `cfg` |
//! | several units, a management appliance | `cascading`, `sx` |
//! | display, beeper, scripts on the device | `display`, `hmi`, `luaservice` |
//! | the protocol's own: bulk requests, names | `bulkrpc`, `jsonrpc` |
//! | diagnosis and production | `diag`, `production`, `sys`, `test`, `tfw` |
//! | traits for programs that answer calls, as a simulator does | `server` |
//! | `Serialize` and `Deserialize` for all types, see [`xerus_rpc`] | `serde` |
//!
//! A feature brings its module, and of the others what that module names: `pdumodel` alone has outlets *and* the readings of
//! their sensors, at a quarter of the compile time of `full`. What is behind a reference to another module is met without its
//! methods, as a bare proxy; its documentation says which feature brings them. Events of another module come with the feature
//! of that module. The page of every item says under which features it is there.
//!
//! Where the compiler misses something that the documentation has, the feature named like the module of that type is off. It
//! says so itself for modules (*the item is gated behind the `net` feature*), but not for what is only partly there, as with
//! `pdumodel` alone:
//!
//! * *cannot find `Service` in `event`*: turn on `event`.
//! * *no method named `get_settings` found for struct `Logger`*, or *no associated function named `well_known`*: a bare proxy of
//!   module `sensors`; turn on `sensors`.
//!
//! [`REGISTRY`] is whole whatever is on: which types there are, and what they extend, is always known, so references and events
//! of modules that are off are still told apart, carried and sent back.
//!
//! # Which firmware
//!
//! [`FIRMWARE`] is the one described. Devices with another one work too, as far as they understand each other:
//!
//! * Members that a device leaves out get their default value and are noted in `extra_` of the structure; members that these
//!   bindings do not know are kept there and written back.
//! * Enumerators, value objects and types of references that are newer than these bindings are kept as they came.
//! * A method that the device does not have fails with an error for which `is_method_not_found()` is true.
//! * Every interface has a [`VERSION`](xerus_rpc::Interface::VERSION). A reference that a device sends keeps the version that the
//!   device reported; when that is of another major version, calls through it are refused with an error before anything is
//!   sent: the two would misunderstand each other. [`assume`](xerus_rpc::Object::assume) calls in spite of that.
//!
//! ```
//! use xerus_api::pdumodel::Outlet;
//! use xerus_rpc::{Compatibility, Object, WireId};
//!
//! # fn main() -> Result<(), Box<dyn std::error::Error>> {
//! // As an older device would report it:
//! let older = Object::detached("/model/pdu/0/outlet/0", WireId::new("pdumodel.Outlet:2.1.4")?);
//! assert!(older.cast::<Outlet>().is_err());
//! assert_eq!(Outlet::VERSION.major, 3);
//! # Ok(())
//! # }
//! ```
//!
//! For another firmware, or for a few types only, generate bindings of your own with `xerus-codegen`; they and these can live in
//! one program and share an agent.

#![cfg_attr(docsrs, feature(doc_cfg))]

/// The firmware whose interface description these bindings are made from.
pub const FIRMWARE: &str = "4.4.1";

// Not `mod api;`: the modules stand at the root of the crate, and rustfmt leaves the files alone.
include!("api.rs");

/// The example of the README.
#[cfg(all(doctest, feature = "pdumodel"))]
#[doc = include_str!("../README.md")]
struct Readme;
