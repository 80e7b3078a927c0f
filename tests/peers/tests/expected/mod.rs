//! What the device knows, step by step, in the JSON that the client's values are turned back into.

mod changing;

use serde_json::{Value, json};
use xerus_rpc::value::Encode;
use xerus_rpc::{Interface, Object, Polymorphic, ValueObject};
use xerus_sim::api::firmware::ImageInfo;
use xerus_sim::api::pdumodel::{Inlet, Outlet, OverCurrentProtector};
use xerus_sim::api::peripheral::DeviceSlot;
use xerus_sim::{Device, Line, Place, Quantity, SensorId, StateSensorId};

pub(crate) use changing::{changing, refusals};

pub(crate) type Step = (String, Value);

/// The JSON of a value of the device.
fn value<T: Encode + ?Sized>(value: &T) -> Value {
    serde_json::from_str(xerus_rpc::rt::encode(value).unwrap().get()).unwrap()
}

/// A reference as every answer must write it.
fn reference<I: Interface>(instance: &str) -> Value {
    let rid = format!("/tfwopaque/{}/{instance}", I::TYPE_ID);
    value(&Object::detached(&rid, I::TYPE_ID.parse().unwrap()))
}

/// References to the instances `prefix0`, `prefix1`, …
fn references<I: Interface>(prefix: &str, count: usize) -> Value {
    (0..count)
        .map(|index| reference::<I>(&format!("{prefix}{index}")))
        .collect()
}

fn step(name: impl Into<String>, value: Value) -> Step {
    (name.into(), value)
}

/// Steps that only read, from a device that nobody has changed.
pub(crate) fn reading(device: &Device) -> Vec<Step> {
    let mut steps = vec![
        step("pdu.meta_data", value(&device.pdu_meta_data())),
        step("pdu.nameplate", value(&device.nameplate())),
        step("pdu.settings", value(&device.pdu_settings())),
        step("pdu.sensors", value(&device.pdu_sensors())),
        step(
            "pdu.active_energy",
            reading_of(device, Place::Pdu, Quantity::ActiveEnergy),
        ),
        step(
            "pdu.power_supply",
            [0, 1]
                .map(|index| state_of(device, StateSensorId::PowerSupply(index)))
                .into(),
        ),
        step("pdu.controllers", json!([])),
        step("pdu.statistic", statistic(device)),
        step("firmware", json!(device.make_up().firmware)),
        step("image", json!([false, value(&ImageInfo::default())])),
        step("lookup", reference::<Outlet>("outlet.0")),
        step("manager.settings", value(&device.peripheral_settings())),
    ];
    outlets(device, &mut steps);
    inlets(device, &mut steps);
    protectors(device, &mut steps);
    sensor(device, "voltage", Quantity::Voltage, &mut steps);
    sensor(device, "energy", Quantity::ActiveEnergy, &mut steps);
    peripherals(device, &mut steps);
    bulk(device, &mut steps);
    steps
}

fn reading_of(device: &Device, place: Place, quantity: Quantity) -> Value {
    value(&device.reading(SensorId::new(place, quantity)))
}

fn state_of(device: &Device, id: StateSensorId) -> Value {
    value(&device.sensed_state(id))
}

fn statistic(device: &Device) -> Value {
    let make_up = device.make_up();
    json!({
        "cbStats": vec![json!({"tripCnt": 0}); make_up.overcurrent_protectors],
        "ctrlStats": [],
        "outletStats": vec![json!({"relayCycleCnt": 0, "relayFailCnt": 0}); make_up.outlets],
        "peripheralStats": {"cSumErrCnt": 0, "fuseTripCnt": 0},
    })
}

fn outlets(device: &Device, steps: &mut Vec<Step>) {
    let count = device.make_up().outlets;
    steps.push(step("outlets", references::<Outlet>("outlet.", count)));
    for index in 0..count {
        steps.extend([
            step(
                format!("outlet.{index}.meta_data"),
                value(&device.outlet_meta_data(index)),
            ),
            step(
                format!("outlet.{index}.settings"),
                value(&device.outlet_settings(index)),
            ),
            step(
                format!("outlet.{index}.state"),
                value(&device.outlet_state(index)),
            ),
            step(
                format!("outlet.{index}.sensors"),
                value(&device.outlet_sensors(index)),
            ),
            step(
                format!("outlet.{index}.outlet_state"),
                state_of(device, StateSensorId::OutletState(index)),
            ),
            step(
                format!("outlet.{index}.current"),
                reading_of(device, Place::Outlet(index), Quantity::Current),
            ),
        ]);
    }
    let poles = device.inlet_poles(0).unwrap();
    let iop = json!([
        reference::<Inlet>("inlet.0"),
        reference::<OverCurrentProtector>("ocp.0"),
        [value(&poles[0])]
    ]);
    steps.push(step("outlet.0.iop", iop));
}

fn inlets(device: &Device, steps: &mut Vec<Step>) {
    let make_up = device.make_up();
    steps.push(step(
        "inlets",
        references::<Inlet>("inlet.", make_up.inlets),
    ));
    let lines: &[Line] = if make_up.three_phase {
        &[Line::L1, Line::L2, Line::L3, Line::Neutral]
    } else {
        &[Line::L1, Line::Neutral]
    };
    for index in 0..make_up.inlets {
        let status = StateSensorId::ResidualCurrent(index);
        let currents = lines
            .iter()
            .map(|&line| reading_of(device, Place::Pole(index, line), Quantity::Current));
        steps.extend([
            step(
                format!("inlet.{index}.meta_data"),
                value(&device.inlet_meta_data(index)),
            ),
            step(
                format!("inlet.{index}.settings"),
                value(&device.inlet_settings(index)),
            ),
            step(format!("inlet.{index}.enabled"), json!(true)),
            step(
                format!("inlet.{index}.sensors"),
                value(&device.inlet_sensors(index)),
            ),
            step(
                format!("inlet.{index}.residual_current_status"),
                state_of(device, status),
            ),
            step(
                format!("inlet.{index}.poles"),
                value(&device.inlet_poles(index)),
            ),
            step(format!("inlet.{index}.pole_currents"), currents.collect()),
        ]);
    }
}

fn protectors(device: &Device, steps: &mut Vec<Step>) {
    let count = device.make_up().overcurrent_protectors;
    steps.push(step(
        "ocps",
        references::<OverCurrentProtector>("ocp.", count),
    ));
    for index in 0..count {
        steps.extend([
            step(
                format!("ocp.{index}.meta_data"),
                value(&device.ocp_meta_data(index)),
            ),
            step(
                format!("ocp.{index}.settings"),
                value(&device.ocp_settings(index)),
            ),
            step(
                format!("ocp.{index}.sensors"),
                value(&device.ocp_sensors(index)),
            ),
            step(
                format!("ocp.{index}.trip"),
                state_of(device, StateSensorId::Trip(index)),
            ),
            step(
                format!("ocp.{index}.poles"),
                value(&device.ocp_poles(index)),
            ),
            step(format!("ocp.{index}.inlet"), reference::<Inlet>("inlet.0")),
        ]);
    }
}

fn sensor(device: &Device, name: &str, quantity: Quantity, steps: &mut Vec<Step>) {
    let id = SensorId::new(Place::Outlet(0), quantity);
    let meta_data = device.sensor_meta_data(id);
    steps.extend([
        step(format!("{name}.type"), value(&meta_data.r#type)),
        step(format!("{name}.meta_data"), value(&meta_data)),
        step(format!("{name}.thresholds"), value(&device.thresholds(id))),
        step(format!("{name}.reading"), value(&device.reading(id))),
        step(format!("{name}.extremes"), value(&device.extremes(id))),
    ]);
}

fn peripherals(device: &Device, steps: &mut Vec<Step>) {
    let slots = device.make_up().slots;
    steps.push(step("slots", references::<DeviceSlot>("pDevSlot.", slots)));
    let mut found = Vec::new();
    for slot in 0..slots {
        steps.push(step(
            format!("slot.{slot}.settings"),
            value(&device.slot_settings(slot)),
        ));
        let plugged = device
            .peripheral_device(slot)
            .map(|device| value_object(&device));
        steps.push(step(
            format!("slot.{slot}.device"),
            plugged.clone().unwrap_or_default(),
        ));
        if let Some(id) = device.plugged(slot) {
            steps.push(step(
                format!("slot.{slot}.reading"),
                value(&device.reading(id)),
            ));
        }
        found.extend(plugged);
    }
    steps.push(step("manager.devices", found.into()));
}

fn value_object<V: ValueObject + xerus_rpc::Extends<V>>(object: &V) -> Value {
    value(&Polymorphic::<V>::new(object))
}

/// The bulk helper runs before anything is changed, and switches an outlet on that is on.
fn bulk(device: &Device, steps: &mut Vec<Step>) {
    let count = device.make_up().outlets;
    let states: Vec<_> = (0..count)
        .map(|index| value(&device.outlet_state(index)))
        .collect();
    let settings: Vec<_> = (0..count)
        .map(|index| value(&device.outlet_settings(index)))
        .collect();
    let mut failed = vec![false; count + 3];
    failed.extend([true, true]);
    steps.extend([
        step("bulk.failed", json!(failed)),
        step("bulk.states", json!(states)),
        step(
            "bulk.others",
            json!([value(&device.pdu_meta_data()), 0, null]),
        ),
        step(
            "bulk.errors",
            json!([changing::UNKNOWN_RID, changing::UNKNOWN_METHOD]),
        ),
        step("bulk.function", json!(settings)),
    ]);
}
