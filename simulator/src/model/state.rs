//! Everything about the device that changes.

use std::collections::BTreeMap;
use std::time::Duration;

use super::asset_strip::AssetStrip;
use super::clock::whole_seconds;
use super::device::Boot;
use super::electrics::{Drawn, Grid, Load, Phasor};
use super::event::Event;
use super::group::Groups;
use super::link::Links;
use super::make_up::MakeUp;
use super::outlet::{OutletSettings, OutletStartup};
use super::pdu::{InletWiring, PduSettings, PduStartup};
use super::quantity::Quantity;
use super::sensor::{Alarm, MinMax, Thresholds};
use super::sensor_id::{SensorId, StateSensorId};
use super::sequence::Sequence;
use super::servers::Servers;
use super::slot::SlotSettings;
use super::switching::SequenceState;
use super::transfer_switch::TransferSwitch;

/// The changing part of a device, behind one lock.
pub(crate) struct State {
    pub(crate) boot: Boot,
    pub(crate) outlets: Vec<Outlet>,
    pub(crate) pdu_settings: PduSettings,
    pub(crate) inlet_names: Vec<String>,
    pub(crate) inlets_enabled: Vec<bool>,
    pub(crate) ocp_names: Vec<String>,
    pub(crate) tripped: Vec<bool>,
    /// What flows, and what was counted.
    pub(crate) grid: Grid,
    pub(crate) slot_settings: Vec<SlotSettings>,
    pub(crate) load_shedding: bool,
    pub(crate) groups: Groups,
    pub(crate) transfer: Option<TransferSwitch>,
    /// Tells the task that waits for a way back from former ones.
    pub(crate) transfer_task: u64,
    pub(crate) strips: Vec<AssetStrip>,
    pub(crate) links: Links,
    pub(crate) servers: Servers,
    /// Outlets that wait to go on.
    pub(crate) sequence: Sequence,
    /// Tells the task that waits for the next of them from former ones.
    pub(crate) sequence_task: u64,
    /// What was last told of the sequence, without times.
    pub(crate) sequence_told: SequenceState,
    /// Thresholds that differ from the defaults.
    pub(crate) thresholds: BTreeMap<SensorId, Thresholds>,
    pub(crate) extremes: BTreeMap<SensorId, MinMax>,
    /// What was said about thresholds, for sensors whose thresholds or readings somebody has set.
    pub(crate) alarms: BTreeMap<SensorId, Alarm>,
    /// Events of thresholds that nobody has been told yet.
    pub(crate) untold: Vec<Event>,
    /// Values set by hand; they win over the model.
    pub(crate) overrides: BTreeMap<SensorId, Reported>,
    /// State sensors set by hand.
    pub(crate) state_overrides: BTreeMap<StateSensorId, i32>,
    /// Accumulating sensors that were reset, and when last.
    pub(crate) reset_at: BTreeMap<SensorId, Reset>,
    /// What those who follow readings were told last; `None`: not available.
    pub(crate) told: BTreeMap<SensorId, Option<f64>>,
}

/// The last reset of an accumulating sensor.
#[derive(Clone, Copy)]
pub(crate) struct Reset {
    /// What it had counted altogether.
    pub(crate) counted: f64,
    /// When, in seconds since 1970.
    pub(crate) time: i64,
}

/// Rack units of an asset strip.
const RACK_UNITS: usize = 42;

/// What a sensor reports when somebody decides for it.
#[derive(Clone, Copy, Debug, PartialEq)]
#[non_exhaustive]
pub enum Reported {
    /// This value.
    Value(f64),
    /// Nothing: the reading is there but marked not available.
    Unavailable,
}

/// An outlet: relay and load.
pub(crate) struct Outlet {
    pub(crate) settings: OutletSettings,
    pub(crate) on: bool,
    /// Off because of load shedding; on again when it ends.
    pub(crate) shed: bool,
    /// Unix seconds.
    pub(crate) last_change: i64,
    pub(crate) switched: i32,
    /// The equipment that is connected; it draws power while the outlet is on.
    pub(crate) load: Load,
}

impl Outlet {
    fn new(index: usize, now: Duration) -> Self {
        Self {
            settings: OutletSettings {
                name: String::new(),
                startup: OutletStartup::AsPdu,
                use_pdu_cycle_delay: true,
                cycle_delay: 10,
                non_critical: false,
                sequence_delay: 0,
            },
            on: true,
            shed: false,
            last_change: whole_seconds(now),
            switched: 0,
            load: usual_load(index),
        }
    }
}

/// Unequal, so that a mixed-up answer shows; some equipment is inductive, some capacitive.
fn usual_load(index: usize) -> Load {
    let step = (index % 8) as f64;
    let load = Load::new(55.0 + 20.0 * step, 0.9 + 0.01 * step);
    if index % 3 == 2 {
        load.capacitive()
    } else {
        load
    }
}

/// Energy that an outlet has given before the device started: as many hours of its usual load as give a number of its own.
fn energy_before(index: usize) -> Phasor {
    let load = usual_load(index);
    let watt_hours = 12_000.0 + 750.0 * (index % 8) as f64;
    load.power().scaled(watt_hours / load.watts())
}

impl State {
    pub(crate) fn new(make_up: &MakeUp, now: Duration) -> Self {
        let sequence = (0..).take(make_up.outlets).collect();
        let outlets: Vec<Outlet> = (0..make_up.outlets)
            .map(|index| Outlet::new(index, now))
            .collect();
        let tripped = vec![false; make_up.overcurrent_protectors];
        let before: Vec<Phasor> = (0..make_up.outlets).map(energy_before).collect();
        Self {
            grid: Grid::new(make_up, drawn(&outlets, &tripped, None), now, &before),
            boot: Boot {
                firmware: make_up.firmware,
                number: 0,
            },
            outlets,
            pdu_settings: PduSettings {
                name: make_up.name.clone(),
                startup: PduStartup::LastKnown,
                cycle_delay: 10,
                in_rush_guard_delay: 200,
                outlet_sequence: sequence,
                power_on_delay: 0,
                latching_relays: false,
                energy_pulse_enabled: false,
                energy_pulses_per_kwh: 1_000,
                demand_update_interval: 300,
                demand_averaging_intervals: 1,
                suspend_trip_cause_outlets: false,
                inhibit_relay_control: false,
                inlet_wiring: InletWiring::AutoDetect,
            },
            inlet_names: vec![String::new(); make_up.inlets],
            inlets_enabled: vec![true; make_up.inlets],
            ocp_names: vec![String::new(); make_up.overcurrent_protectors],
            tripped,
            slot_settings: (0..make_up.slots)
                .map(|slot| slot_settings(make_up, slot))
                .collect(),
            load_shedding: false,
            groups: Groups::new(make_up.outlets),
            transfer: make_up.transfer_switch.then(|| TransferSwitch::new(now)),
            transfer_task: 0,
            strips: vec![AssetStrip::new(RACK_UNITS); make_up.asset_strips],
            links: Links::default(),
            servers: Servers::default(),
            sequence: Sequence::default(),
            sequence_task: 0,
            sequence_told: SequenceState::default(),
            thresholds: BTreeMap::new(),
            extremes: BTreeMap::new(),
            alarms: BTreeMap::new(),
            untold: Vec::new(),
            overrides: BTreeMap::new(),
            state_overrides: BTreeMap::new(),
            reset_at: BTreeMap::new(),
            told: BTreeMap::new(),
        }
    }

    /// After a jump of the clock, this many of the latest seconds are measured one by one: a turn of the slowest wave.
    const MEASURED: u64 = 900;

    /// Brings the wiring and all meters up to `now`, and measures what is watched at each whole second on the way. Called
    /// before and after whatever changes the power.
    pub(crate) fn meter(&mut self, make_up: &MakeUp, now: Duration) {
        let (known, last) = (self.grid.flow().second, now.as_secs());
        if last > known && !(self.alarms.is_empty() && self.extremes.is_empty()) {
            let first = (known + 1).max(last.saturating_sub(Self::MEASURED));
            for second in first..=last {
                let time = Duration::from_secs(second);
                self.advance(make_up, time);
                self.sample(make_up, time);
            }
        }
        self.advance(make_up, now);
    }

    fn advance(&mut self, make_up: &MakeUp, now: Duration) {
        let drawn = drawn(&self.outlets, &self.tripped, self.transfer.as_ref());
        self.grid.advance(make_up, drawn, now);
    }
}

fn drawn(outlets: &[Outlet], tripped: &[bool], transfer: Option<&TransferSwitch>) -> Drawn {
    Drawn {
        source: transfer.map(TransferSwitch::selected),
        dead: transfer.map_or([false; TransferSwitch::SOURCES], |switch| {
            std::array::from_fn(|source| !switch.is_powered(source))
        }),
        loads: outlets
            .iter()
            .map(|outlet| outlet.on.then_some(outlet.load))
            .collect(),
        tripped: tripped.to_vec(),
    }
}

fn slot_settings(make_up: &MakeUp, slot: usize) -> SlotSettings {
    let kind = match make_up.sensors.get(slot) {
        Some(Quantity::Temperature) => "Temperature",
        Some(Quantity::Humidity) => "Relative Humidity",
        _ => "",
    };
    let name = match kind {
        "" => String::new(),
        kind => format!("{kind} {}", make_up.ordinal(slot)),
    };
    SlotSettings {
        name,
        use_default_thresholds: true,
        ..Default::default()
    }
}
