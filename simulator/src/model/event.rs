//! What happens to a device, as it is told to whoever listens.

use super::account::AccountChange;
use super::accounts::Actor;
use super::asset_strip::{AssetStrip, StripChange};
use super::firmware::Firmware;
use super::group::GroupChange;
use super::inlet::InletSettings;
use super::link::LinkChange;
use super::ocp::OcpSettings;
use super::outlet::{OutletSettings, OutletState, Power};
use super::password::PasswordRules;
use super::pdu::PduSettings;
use super::push::{PushSettings, PushStatus};
use super::role::RoleChange;
use super::sensor::{MinMax, Reading, StateReading, Thresholds};
use super::sensor_id::{SensorId, StateSensorId};
use super::slot::SlotSettings;
use super::snmp::SnmpSettings;
use super::switching::SequenceState;
use super::transfer_switch::TransferSettings;
use super::update::UpdateEvent;

/// Before and after.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct Changed<T> {
    /// Before.
    pub old: T,
    /// After.
    pub new: T,
}

impl<T> Changed<T> {
    pub(crate) fn new(old: T, new: T) -> Self {
        Self { old, new }
    }
}

/// Something that happened. Indexes count from 0.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub enum Event {
    /// Somebody switched an outlet, or began a power cycle, whether that changed anything or not.
    PowerControl {
        /// The outlet.
        outlet: usize,
        /// Who.
        actor: Actor,
        /// The power that it is to have in the end.
        power: Power,
        /// Whether it goes off first.
        cycle: bool,
    },
    /// The state of an outlet changed.
    OutletStateChanged {
        /// The outlet.
        outlet: usize,
        /// Its states.
        state: Changed<OutletState>,
    },
    /// The settings of an outlet changed.
    OutletSettingsChanged {
        /// The outlet.
        outlet: usize,
        /// Who did it.
        actor: Actor,
        /// Its settings.
        settings: Changed<OutletSettings>,
    },
    /// The settings of an inlet changed.
    InletSettingsChanged {
        /// The inlet.
        inlet: usize,
        /// Who did it.
        actor: Actor,
        /// Its settings.
        settings: Changed<InletSettings>,
    },
    /// An inlet was enabled or disabled.
    InletEnabled {
        /// The inlet.
        inlet: usize,
        /// Who did it.
        actor: Actor,
        /// Whether it is enabled now.
        enabled: bool,
    },
    /// The settings of an overcurrent protector changed.
    OcpSettingsChanged {
        /// The protector.
        ocp: usize,
        /// Who did it.
        actor: Actor,
        /// Its settings.
        settings: Changed<OcpSettings>,
    },
    /// The settings of the device changed.
    PduSettingsChanged {
        /// Who did it.
        actor: Actor,
        /// The settings.
        settings: Box<Changed<PduSettings>>,
    },
    /// A switching sequence began, went on or ended.
    SequenceChanged {
        /// How far it has come.
        state: SequenceState,
    },
    /// Load shedding began or ended.
    LoadShedding {
        /// Who did it.
        actor: Actor,
        /// Whether it is active now.
        active: bool,
    },
    /// The settings of a slot for peripheral devices changed.
    SlotSettingsChanged {
        /// The slot.
        slot: usize,
        /// Who did it.
        actor: Actor,
        /// Its settings.
        settings: Box<Changed<SlotSettings>>,
    },
    /// A numeric sensor reads something else.
    ReadingChanged {
        /// The sensor.
        sensor: SensorId,
        /// What it reads now.
        reading: Reading,
    },
    /// A numeric sensor passed a threshold, or became available or unavailable.
    ReadingStateChanged {
        /// The sensor.
        sensor: SensorId,
        /// What it reads.
        reading: Changed<Reading>,
    },
    /// The thresholds of a sensor changed.
    ThresholdsChanged {
        /// The sensor.
        sensor: SensorId,
        /// Who did it.
        actor: Actor,
        /// Its thresholds.
        thresholds: Box<Changed<Thresholds>>,
    },
    /// Lowest and highest reading of a sensor were forgotten.
    MinMaxReset {
        /// The sensor.
        sensor: SensorId,
        /// Who did it.
        actor: Actor,
        /// Its extremes.
        extremes: Box<Changed<MinMax>>,
    },
    /// A sensor that accumulates was set back to zero.
    CounterReset {
        /// The sensor.
        sensor: SensorId,
        /// Who did it.
        actor: Actor,
        /// What it reads.
        reading: Box<Changed<Reading>>,
    },
    /// A state sensor reads another state. A protector that trips or is reset is such a change, too.
    SensedStateChanged {
        /// The sensor.
        sensor: StateSensorId,
        /// What it reads.
        state: Changed<StateReading>,
    },
    /// Something happened to a user.
    Account {
        /// Who did it.
        actor: Actor,
        /// What happened.
        change: AccountChange,
    },
    /// Something happened to a role.
    Role {
        /// Who did it.
        actor: Actor,
        /// What happened.
        change: Box<RoleChange>,
    },
    /// An outlet group was created, changed or removed.
    Group {
        /// Who did it.
        actor: Actor,
        /// What happened.
        change: GroupChange,
    },
    /// Somebody switched an outlet group, or began to cycle it.
    GroupPowerControl {
        /// The number of the group.
        group: i32,
        /// Who.
        actor: Actor,
        /// The power that its outlets are to have in the end.
        power: Power,
        /// Whether they go off first.
        cycle: bool,
    },
    /// The settings of the transfer switch changed.
    TransferSettingsChanged {
        /// Who did it.
        actor: Actor,
        /// Its settings.
        settings: Box<Changed<TransferSettings>>,
    },
    /// Something happened to an asset strip.
    Strip {
        /// The strip.
        strip: usize,
        /// Who did it; the device itself when a tag came or went.
        actor: Actor,
        /// What happened.
        change: Box<StripChange>,
        /// The strip afterwards.
        now: Option<Box<AssetStrip>>,
    },
    /// Something happened to the links of a cascade.
    Link {
        /// Who did it.
        actor: Actor,
        /// What happened.
        change: LinkChange,
    },
    /// The device runs another firmware now.
    FirmwareChanged {
        /// The firmwares.
        firmware: Changed<Firmware>,
    },
    /// An update or a restart came a step further.
    FirmwareUpdate {
        /// Who began it.
        actor: Actor,
        /// The step.
        update: UpdateEvent,
    },
    /// A configuration was downloaded.
    ConfigurationSaved {
        /// Who did it.
        actor: Actor,
        /// Which one.
        kind: ConfigurationKind,
    },
    /// A configuration that was uploaded is in force.
    ConfigurationRestored {
        /// Who uploaded it.
        actor: Actor,
        /// Which one.
        kind: ConfigurationKind,
    },
    /// What goes into bulk configurations was changed.
    FiltersChanged {
        /// Who did it.
        actor: Actor,
    },
    /// All entries of the event log were thrown away.
    EventLogCleared {
        /// Who did it.
        actor: Actor,
    },
    /// Time zone, NTP servers or the choice between NTP and user changed.
    ClockSettingsChanged,
    /// The clock was set.
    ClockSet {
        /// Seconds since 1970-01-01 UTC.
        time: Changed<i64>,
    },
    /// Rules of access or settings of the SNMP agent changed.
    RulesChanged {
        /// Who did it.
        actor: Actor,
        /// Which ones.
        rules: Box<RulesChange>,
    },
    /// An entry of data push was added, changed or removed.
    PushEntryChanged {
        /// Its number.
        id: i32,
        /// Who did it.
        actor: Actor,
        /// What was done.
        change: Box<PushChange>,
    },
    /// An entry of data push began or ended to be sent.
    PushStatusChanged {
        /// Its number.
        id: i32,
        /// How it is doing.
        status: PushStatus,
    },
}

/// Which rules of access changed.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub enum RulesChange {
    /// Those for passwords.
    Passwords(Changed<PasswordRules>),
    /// What whoever stands at the device may do, by names of privileges.
    FrontPanel(Changed<Vec<String>>),
    /// The settings of the SNMP agent.
    Snmp(Changed<SnmpSettings>),
}

/// Which configuration.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum ConfigurationKind {
    /// The raw configuration.
    Raw,
    /// Settings for many devices.
    Bulk,
    /// All settings of this device.
    Backup,
}

/// What was done to an entry of data push.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub enum PushChange {
    /// It was added.
    Added {
        /// Its settings.
        settings: PushSettings,
    },
    /// It was changed.
    Modified {
        /// Its settings.
        settings: Changed<PushSettings>,
    },
    /// It was removed.
    Deleted,
}

/// The part of the device that an event comes from.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
#[non_exhaustive]
pub enum Source {
    /// The device as a whole.
    Pdu,
    /// An inlet.
    Inlet(usize),
    /// An overcurrent protector.
    Ocp(usize),
    /// An outlet.
    Outlet(usize),
    /// A slot for peripheral devices.
    Slot(usize),
    /// A numeric sensor.
    Sensor(SensorId),
    /// A state sensor.
    StateSensor(StateSensorId),
    /// The firmware.
    Firmware,
    /// All users.
    Users,
    /// All roles.
    Roles,
    /// All outlet groups.
    Groups,
    /// An outlet group, by its number.
    Group(i32),
    /// The transfer switch.
    TransferSwitch,
    /// An asset strip.
    Strip(usize),
    /// The settings of an asset strip.
    StripSettings(usize),
    /// The links of a cascade.
    Cascade,
    /// The raw configuration.
    RawConfiguration,
    /// Bulk configurations and backups.
    BulkConfiguration,
    /// The event log.
    EventLog,
    /// The clock.
    Clock,
    /// Rules of access.
    Security,
    /// The SNMP agent.
    Snmp,
    /// Data push.
    DataPush,
}

impl Event {
    /// Where it happened.
    #[must_use]
    pub fn source(&self) -> Source {
        match self {
            Self::PowerControl { outlet, .. }
            | Self::OutletStateChanged { outlet, .. }
            | Self::OutletSettingsChanged { outlet, .. } => Source::Outlet(*outlet),
            Self::InletSettingsChanged { inlet, .. } | Self::InletEnabled { inlet, .. } => {
                Source::Inlet(*inlet)
            }
            Self::OcpSettingsChanged { ocp, .. } => Source::Ocp(*ocp),
            Self::PduSettingsChanged { .. }
            | Self::SequenceChanged { .. }
            | Self::LoadShedding { .. } => Source::Pdu,
            Self::SlotSettingsChanged { slot, .. } => Source::Slot(*slot),
            Self::ReadingChanged { sensor, .. }
            | Self::ReadingStateChanged { sensor, .. }
            | Self::ThresholdsChanged { sensor, .. }
            | Self::MinMaxReset { sensor, .. }
            | Self::CounterReset { sensor, .. } => Source::Sensor(*sensor),
            Self::SensedStateChanged { sensor, .. } => Source::StateSensor(*sensor),
            Self::FirmwareChanged { .. } | Self::FirmwareUpdate { .. } => Source::Firmware,
            Self::ConfigurationSaved { kind, .. } | Self::ConfigurationRestored { kind, .. } => {
                match kind {
                    ConfigurationKind::Raw => Source::RawConfiguration,
                    ConfigurationKind::Bulk | ConfigurationKind::Backup => {
                        Source::BulkConfiguration
                    }
                }
            }
            Self::FiltersChanged { .. } => Source::BulkConfiguration,
            Self::EventLogCleared { .. } => Source::EventLog,
            Self::ClockSettingsChanged | Self::ClockSet { .. } => Source::Clock,
            Self::RulesChanged { rules, .. } => match **rules {
                RulesChange::Snmp(_) => Source::Snmp,
                _ => Source::Security,
            },
            Self::PushEntryChanged { .. } | Self::PushStatusChanged { .. } => Source::DataPush,
            Self::Account { .. } => Source::Users,
            Self::Role { .. } => Source::Roles,
            Self::Group { change, .. } => match change {
                GroupChange::Changed(group, _) => Source::Group(group.id),
                _ => Source::Groups,
            },
            Self::GroupPowerControl { group, .. } => Source::Group(*group),
            Self::TransferSettingsChanged { .. } => Source::TransferSwitch,
            Self::Strip { strip, change, .. } => match **change {
                StripChange::Settings { .. } | StripChange::UnitSettings { .. } => {
                    Source::StripSettings(*strip)
                }
                _ => Source::Strip(*strip),
            },
            Self::Link { .. } => Source::Cascade,
        }
    }

    /// Who did it; `None` when nobody did.
    #[must_use]
    pub fn actor(&self) -> Option<&Actor> {
        match self {
            Self::PowerControl { actor, .. }
            | Self::OutletSettingsChanged { actor, .. }
            | Self::InletSettingsChanged { actor, .. }
            | Self::InletEnabled { actor, .. }
            | Self::OcpSettingsChanged { actor, .. }
            | Self::PduSettingsChanged { actor, .. }
            | Self::LoadShedding { actor, .. }
            | Self::SlotSettingsChanged { actor, .. }
            | Self::ThresholdsChanged { actor, .. }
            | Self::MinMaxReset { actor, .. }
            | Self::CounterReset { actor, .. }
            | Self::Account { actor, .. }
            | Self::Role { actor, .. }
            | Self::Group { actor, .. }
            | Self::GroupPowerControl { actor, .. }
            | Self::TransferSettingsChanged { actor, .. }
            | Self::Strip { actor, .. }
            | Self::Link { actor, .. }
            | Self::FirmwareUpdate { actor, .. }
            | Self::ConfigurationSaved { actor, .. }
            | Self::ConfigurationRestored { actor, .. }
            | Self::FiltersChanged { actor }
            | Self::EventLogCleared { actor }
            | Self::RulesChanged { actor, .. }
            | Self::PushEntryChanged { actor, .. } => Some(actor),
            Self::OutletStateChanged { .. }
            | Self::SequenceChanged { .. }
            | Self::ReadingChanged { .. }
            | Self::ReadingStateChanged { .. }
            | Self::SensedStateChanged { .. }
            | Self::FirmwareChanged { .. }
            | Self::ClockSettingsChanged
            | Self::ClockSet { .. }
            | Self::PushStatusChanged { .. } => None,
        }
    }
}

/// Hears of every event of a device, at once and in order. It must not wait, and not change the device.
pub trait Listener: Send + Sync {
    /// Something happened.
    fn hear(&self, event: &Event);

    /// Whether it wants to be told each second of sensors that read something else. Default: no, and it hears only of readings that were
    /// set by hand.
    fn follows_readings(&self) -> bool {
        false
    }
}
