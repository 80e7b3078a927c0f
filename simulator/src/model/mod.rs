//! The device itself: its parts, their state, and what happens to them. Nothing here knows how a firmware names things or
//! how they are sent.

mod account;
pub(crate) mod accounts;
mod asset_strip;
pub mod certificates;
pub(crate) mod clock;
pub mod configuration;
pub mod datetime;
mod device;
pub mod diagnostics;
mod electrics;
mod event;
mod firmware;
mod group;
pub mod image;
mod inlet;
mod link;
pub mod log;
pub mod log_level;
mod maintenance;
mod make_up;
mod measured;
mod nameplate;
mod ocp;
mod outlet;
mod password;
mod pdu;
mod place;
pub mod presence;
mod privilege;
mod profile;
pub mod push;
mod quantity;
mod refusal;
mod role;
mod sensor;
mod sensor_id;
mod sequence;
mod session;
mod slot;
mod state;
mod switching;
mod transfer_switch;
pub mod update;

pub use self::accounts::{Accounts, Actor, FACTORY_PASSWORD, FACTORY_USER, Role};
pub use self::clock::Clock;
pub use self::device::Device;
pub use self::electrics::{Connection, Load};
pub use self::event::{Changed, ConfigurationKind, Event, Listener, PushChange, Source};
pub use self::firmware::{Firmware, UnknownFirmware};
pub use self::inlet::{InletMetaData, InletSettings};
pub use self::make_up::{MakeUp, Receptacle};
pub use self::nameplate::{Nameplate, Rating};
pub use self::ocp::{OcpMetaData, OcpSettings};
pub use self::outlet::{OutletMetaData, OutletSettings, OutletStartup, OutletState, Power};
pub use self::pdu::{InletWiring, PduMetaData, PduSettings, PduStartup, PduStatistic};
pub use self::place::{Line, LinePair, Place};
pub use self::profile::{Profile, UnknownProfile};
pub use self::quantity::{Kind, Quantity, Unit};
pub use self::refusal::{
    NameTooLong, OutletRefusal, PasswordRefusal, PduRefusal, SlotRefusal, ThresholdRefusal,
};
pub use self::sensor::{
    MinMax, Reading, SensorMetaData, StateReading, ThresholdStatus, Thresholds,
};
pub use self::sensor_id::{SensorId, StateSensorId};
pub use self::session::{HistoryEntry, Session};
pub use self::slot::{Location, Plugged, SlotSettings};
pub use self::state::Reported;
pub use self::switching::SequenceState;

pub(crate) use self::device::Boot;
pub(crate) use self::maintenance::{ImageUpload, Reach};
pub(crate) use self::session::{Opened, Sessions};
