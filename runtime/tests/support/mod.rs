//! Bindings as the generator would make them from a few cut-down Xerus interfaces.

#![allow(
    clippy::module_inception,
    reason = "files here are named after what is in them"
)]
#![allow(
    clippy::needless_update,
    reason = "literals are written over PLAIN so that they can grow"
)]
#![allow(
    dead_code,
    unused_imports,
    reason = "a sample of bindings, not all of which every test uses"
)]

mod events;
mod outlet;
mod records;
mod sensor;
pub mod server;

pub static REGISTRY: xerus_rpc::rt::Registry = xerus_rpc::rt::Registry::new(
    &[
        xerus_rpc::rt::TypeEntry {
            make: xerus_rpc::rt::make!(event::UserEvent),
            ..xerus_rpc::rt::TypeEntry::value_object(
                "event.UserEvent",
                "event.UserEvent:1.0.0",
                xerus_rpc::Version::new(1, 0, 0),
                Some("idl.Event:1.0.0"),
            )
        },
        xerus_rpc::rt::TypeEntry {
            make: xerus_rpc::rt::make!(idl::Event),
            ..xerus_rpc::rt::TypeEntry::value_object(
                "idl.Event",
                "idl.Event:1.0.0",
                xerus_rpc::Version::new(1, 0, 0),
                None,
            )
        },
        xerus_rpc::rt::TypeEntry::interface(
            "pdumodel.EDevice",
            "pdumodel.EDevice:1.0.1",
            xerus_rpc::Version::new(1, 0, 1),
            None,
        ),
        xerus_rpc::rt::TypeEntry::interface(
            "pdumodel.Inlet",
            "pdumodel.Inlet:3.0.0",
            xerus_rpc::Version::new(3, 0, 0),
            Some("pdumodel.EDevice:1.0.1"),
        ),
        xerus_rpc::rt::TypeEntry::interface(
            "pdumodel.Outlet",
            "pdumodel.Outlet:3.0.1",
            xerus_rpc::Version::new(3, 0, 1),
            Some("pdumodel.EDevice:1.0.1"),
        ),
        xerus_rpc::rt::TypeEntry {
            make: xerus_rpc::rt::make!(pdumodel::outlet::PowerEvent),
            ..xerus_rpc::rt::TypeEntry::value_object(
                "pdumodel.Outlet.PowerEvent",
                "pdumodel.Outlet_3_0_1.PowerEvent:1.0.0",
                xerus_rpc::Version::new(1, 0, 0),
                Some("event.UserEvent:1.0.0"),
            )
        },
        xerus_rpc::rt::TypeEntry::interface(
            "sensors.NumericSensor",
            "sensors.NumericSensor:4.0.3",
            xerus_rpc::Version::new(4, 0, 3),
            Some("sensors.Sensor:4.0.1"),
        ),
        xerus_rpc::rt::TypeEntry::interface(
            "sensors.Sensor",
            "sensors.Sensor:4.0.1",
            xerus_rpc::Version::new(4, 0, 1),
            None,
        ),
    ],
    &[],
);

pub mod idl {
    pub use super::events::Event;
}

pub mod event {
    pub use super::events::UserEvent;
}

pub mod pdumodel {
    pub use super::outlet::{EDevice, Inlet, Outlet, outlet};
}

pub mod sensors {
    pub use super::sensor::{NumericSensor, Sensor, numeric_sensor};
}

pub mod misc {
    pub use super::records::{Hub, Kitchen, Node, Wide};
}
