//! What the model of the device knows about the answer to a step, whatever firmware the answer went through.

use serde_json::{Value, json};
use xerus_sim::{Device, Place, Quantity, SensorId, StateSensorId};

/// Something that must be so in what a client made of an answer, if it knows the member at all.
#[derive(Debug)]
pub(crate) enum Fact {
    /// A JSON pointer, and the value there.
    At(String, Value),
    /// The number of elements.
    Length(usize),
}

fn at(pointer: impl Into<String>, value: impl Into<Value>) -> Fact {
    Fact::At(pointer.into(), value.into())
}

/// The facts about a step; none for steps of which only the firmware knows the answer.
pub(crate) fn facts(device: &Device, step: &str) -> Vec<Fact> {
    let parts: Vec<&str> = step.split('.').collect();
    let make_up = device.make_up();
    match *parts.as_slice() {
        ["outlets"] => vec![Fact::Length(make_up.outlets)],
        ["inlets"] => vec![Fact::Length(make_up.inlets)],
        ["ocps"] => vec![Fact::Length(make_up.overcurrent_protectors)],
        ["slots"] => vec![Fact::Length(make_up.slots)],
        ["manager", "devices"] => vec![Fact::Length(
            (0..make_up.slots)
                .filter(|&slot| device.plugged(slot).is_some())
                .count(),
        )],
        ["pdu", what] => pdu(device, what),
        ["certificate", "active"] => device
            .certificate()
            .map(|pair| at("", pair.chain_pem()))
            .into_iter()
            .collect(),
        ["firmware", "after"] => vec![at("", device.firmware_version().to_string())],
        ["firmware"] | ["firmware", "before"] | ["session", "version"] => {
            vec![at("", device.firmware().version_text())]
        }
        ["voltage", what] => sensor(device, Quantity::Voltage, what),
        ["energy", what] => sensor(device, Quantity::ActiveEnergy, what),
        ["multiple" | "all" | "group", "states"] => (0..make_up.outlets)
            .map(|outlet| at(format!("/{outlet}"), power(device, outlet)))
            .collect(),
        ["bulk", "names"] => (0..make_up.outlets)
            .filter_map(|outlet| {
                let name = device.outlet_settings(outlet)?.name;
                Some(at(format!("/{outlet}"), name))
            })
            .collect(),
        ["session", what] => session(device, what),
        [kind, index, what] => {
            let index = index.parse().unwrap_or(usize::MAX);
            match kind {
                "outlet" => outlet(device, index, what),
                "inlet" => inlet(device, index, what).unwrap_or_default(),
                "ocp" => protector(device, index, what).unwrap_or_default(),
                "slot" => slot(device, index, what).unwrap_or_default(),
                _ => Vec::new(),
            }
        }
        _ => Vec::new(),
    }
}

fn value(device: &Device, place: Place, quantity: Quantity) -> Value {
    device.reading(SensorId::new(place, quantity)).value.into()
}

fn state(device: &Device, id: StateSensorId) -> Value {
    device.sensed_state(id).value.into()
}

fn power(device: &Device, outlet: usize) -> Value {
    let on = device
        .outlet_state(outlet)
        .is_some_and(|state| state.power.is_on());
    i32::from(on).into()
}

fn pdu(device: &Device, what: &str) -> Vec<Fact> {
    match what {
        "meta_data" => {
            let known = device.pdu_meta_data();
            vec![
                at("/nameplate/serialNumber", known.nameplate.serial_number),
                at("/nameplate/model", known.nameplate.model),
                at("/fwRevision", known.firmware_version),
                at("/macAddress", known.mac_address),
                at("/hasSwitchableOutlets", known.has_switchable_outlets),
            ]
        }
        "nameplate" => vec![at("/serialNumber", device.nameplate().serial_number)],
        "settings" | "new_settings" => {
            let known = device.pdu_settings();
            vec![
                at("/name", known.name),
                at("/cycleDelay", known.cycle_delay),
                at("/outletPowerStateSequence", known.outlet_sequence),
            ]
        }
        "active_energy" => vec![at(
            "/value",
            value(device, Place::Pdu, Quantity::ActiveEnergy),
        )],
        "power_supply" => [0, 1]
            .map(|index| {
                let known = state(device, StateSensorId::PowerSupply(index));
                at(format!("/{index}/value"), known)
            })
            .into(),
        "statistic" => device
            .pdu_statistic()
            .relay_cycles
            .into_iter()
            .enumerate()
            .map(|(index, cycles)| at(format!("/outletStats/{index}/relayCycleCnt"), cycles))
            .collect(),
        _ => Vec::new(),
    }
}

fn outlet(device: &Device, index: usize, what: &str) -> Vec<Fact> {
    match what {
        "meta_data" => device.outlet_meta_data(index).map(|known| {
            vec![
                at("/label", known.label),
                at("/receptacleType", known.receptacle_type),
                at("/isSwitchable", known.is_switchable),
                at("/isLatching", known.is_latching),
            ]
        }),
        "settings" | "new_settings" => device.outlet_settings(index).map(|known| {
            vec![
                at("/name", known.name),
                at("/cycleDelay", known.cycle_delay),
                at("/nonCritical", known.non_critical),
                at("/sequenceDelay", known.sequence_delay),
            ]
        }),
        "state" | "new_state" | "after" => device.outlet_state(index).map(|known| {
            vec![
                at("/powerState", power(device, index)),
                at("/cycleInProgress", known.cycle_in_progress),
                at("/isLoadShed", known.is_load_shed),
                at("/lastPowerStateChange", known.last_change),
            ]
        }),
        "outlet_state" | "before" => Some(vec![at("/value", power(device, index))]),
        "off_meanwhile" | "on_again" => Some(vec![at("", power(device, index))]),
        "current" | "new_current" => {
            let known = value(device, Place::Outlet(index), Quantity::Current);
            Some(vec![at("/value", known)])
        }
        _ => None,
    }
    .unwrap_or_default()
}

fn inlet(device: &Device, index: usize, what: &str) -> Option<Vec<Fact>> {
    let lines = device.inlet_lines(index)?;
    Some(match what {
        "meta_data" => {
            let known = device.inlet_meta_data(index)?;
            vec![at("/label", known.label), at("/plugType", known.plug_type)]
        }
        "settings" => vec![at("/name", device.inlet_settings(index)?.name)],
        "enabled" => vec![at("", device.inlet_enabled(index)?)],
        "poles" => vec![Fact::Length(lines.len())],
        "pole_currents" => lines
            .into_iter()
            .enumerate()
            .map(|(pole, line)| {
                let known = value(device, Place::Pole(index, line), Quantity::Current);
                at(format!("/{pole}/value"), known)
            })
            .collect(),
        "residual_current_status" => {
            vec![at(
                "/value",
                state(device, StateSensorId::ResidualCurrent(index)),
            )]
        }
        _ => Vec::new(),
    })
}

fn protector(device: &Device, index: usize, what: &str) -> Option<Vec<Fact>> {
    Some(match what {
        "meta_data" => vec![at("/label", device.ocp_meta_data(index)?.label)],
        "settings" => vec![at("/name", device.ocp_settings(index)?.name)],
        "trip" => vec![at("/value", state(device, StateSensorId::Trip(index)))],
        _ => Vec::new(),
    })
}

fn slot(device: &Device, index: usize, what: &str) -> Option<Vec<Fact>> {
    Some(match what {
        "device" => vec![match device.plugged(index) {
            Some(known) => at("/value/deviceID/serial", known.serial),
            None => at("", Value::Null),
        }],
        "settings" => {
            let known = device.slot_settings(index)?;
            vec![
                at("/name", known.name),
                at("/description", known.description),
                at("/location/x", known.location.x),
            ]
        }
        "reading" => {
            let known = device.reading(device.plugged(index)?.sensor);
            vec![at("/value", known.value)]
        }
        _ => Vec::new(),
    })
}

fn sensor(device: &Device, quantity: Quantity, what: &str) -> Vec<Fact> {
    let id = SensorId::new(Place::Outlet(0), quantity);
    match what {
        "thresholds" | "new_thresholds" => {
            let known = device.thresholds(id);
            vec![
                at("/upperCriticalActive", known.upper_critical_active),
                at("/upperCritical", known.upper_critical),
                at("/upperWarningActive", known.upper_warning_active),
                at("/upperWarning", known.upper_warning),
                at("/lowerWarning", known.lower_warning),
                at("/lowerCritical", known.lower_critical),
                at("/assertionTimeout", known.assertion_timeout),
            ]
        }
        "reading" | "warned_reading" => {
            let known = device.reading(id);
            vec![
                at("/value", known.value),
                at("/valid", known.valid),
                at("/timestamp", known.timestamp),
                at(
                    "/status/aboveUpperWarning",
                    known.status.above_upper_warning,
                ),
            ]
        }
        "extremes" => vec![at("/maxReading", device.extremes(id).max_reading)],
        "meta_data" => {
            let known = device.sensor_meta_data(id);
            vec![
                at("/decdigits", known.digits),
                at("/resolution", known.resolution),
                at("/range/upper", known.upper),
            ]
        }
        _ => Vec::new(),
    }
}

/// The only session is the client's.
fn session(device: &Device, what: &str) -> Vec<Fact> {
    let now = device.clock().unix_seconds();
    let of = |pointer: &str| {
        vec![
            at(format!("{pointer}/username"), "admin"),
            at(format!("{pointer}/remoteIp"), "127.0.0.1"),
            at(format!("{pointer}/creationTime"), now),
        ]
    };
    match what {
        "new" => {
            let mut facts = of("/1");
            facts.extend([at("/0", 0), at("/2", 32)]);
            facts
        }
        "current" => of(""),
        "all" => {
            let mut facts = of("/0");
            facts.push(Fact::Length(1));
            facts
        }
        "touch" | "close" => vec![at("", json!(null))],
        _ => Vec::new(),
    }
}
