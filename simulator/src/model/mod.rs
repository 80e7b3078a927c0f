//! The device itself: its parts, their state, and what happens to them. Nothing here knows how a firmware names things or
//! how they are sent.

pub(crate) mod access;
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
mod groups;
pub mod image;
mod inlet;
mod link;
mod links;
pub mod log;
pub mod log_level;
mod maintenance;
mod make_up;
pub(crate) mod manager;
mod measured;
mod nameplate;
pub(crate) mod network;
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
pub mod scripts;
mod sensor;
mod sensor_id;
mod sequence;
pub(crate) mod servers;
mod session;
mod slot;
pub(crate) mod snmp;
mod state;
mod strips;
mod switching;
mod transfer_switch;
mod transfers;
pub mod update;
mod user_management;
mod watching;

pub use self::account::AccountChange;
pub use self::accounts::{Accounts, Actor, FACTORY_PASSWORD, FACTORY_USER, Role};
pub use self::asset_strip::{
    AssetStrip, LedColor, LedMode, Mounted, PlacedTag, RackUnitSettings, StripChange,
    StripSettings, Tag,
};
pub use self::clock::Clock;
pub use self::device::Device;
pub use self::electrics::{Connection, Load};
pub use self::event::{Changed, ConfigurationKind, Event, Listener, PushChange, Source};
pub use self::firmware::{Firmware, UnknownFirmware};
pub use self::group::{Group, GroupChange, GroupSettings};
pub use self::inlet::{InletMetaData, InletSettings};
pub use self::link::{CascadeRole, LinkChange, LinkStatus, LinkUnit, Links};
pub use self::make_up::{MakeUp, Receptacle};
pub use self::nameplate::{Nameplate, Rating};
pub use self::ocp::{OcpMetaData, OcpSettings};
pub use self::outlet::{OutletMetaData, OutletSettings, OutletStartup, OutletState, Power};
pub use self::password::PasswordRefusal;
pub use self::pdu::{InletWiring, PduMetaData, PduSettings, PduStartup, PduStatistic};
pub use self::place::{Line, LinePair, Place};
pub use self::privilege::{Grant, Privilege};
pub use self::profile::{Profile, UnknownProfile};
pub use self::quantity::{Kind, Quantity, Unit};
pub use self::refusal::{NameTooLong, OutletRefusal, PduRefusal, SlotRefusal, ThresholdRefusal};
pub use self::role::{RoleChange, RoleInfo};
pub use self::sensor::{
    MinMax, Reading, SensorMetaData, StateReading, ThresholdStatus, Thresholds,
};
pub use self::sensor_id::{SensorId, StateSensorId, TransferSensor};
pub use self::session::{HistoryEntry, Session};
pub use self::slot::{Location, Plugged, SlotSettings};
pub use self::state::Reported;
pub use self::switching::SequenceState;
pub use self::transfer_switch::{
    Transfer, TransferOperation, TransferReadings, TransferReason, TransferSettings,
    TransferStatistics,
};

pub(crate) use self::account::{
    AccountRefusal, BlockRules, Preferences, Snmp, SshKeyRefusal, User, UserInfo,
};
pub(crate) use self::asset_strip::StripRefusal;
pub(crate) use self::device::Boot;
pub(crate) use self::group::GroupRefusal;
pub(crate) use self::link::LinkRefusal;
pub(crate) use self::maintenance::{ImageUpload, Reach};
pub(crate) use self::password::PasswordRules;
pub(crate) use self::role::RoleRefusal;
pub(crate) use self::session::{Opened, SessionRules, Sessions};
pub(crate) use self::transfer_switch::TransferRefusal;
