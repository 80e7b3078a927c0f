//! Parts of the device and what their sensors say, in words, for the event log.

use crate::model::{Line, LinePair, Place, StateSensorId, ThresholdStatus, TransferSensor};

/// The part of the device, as labels and documents call it.
pub(super) fn place(place: Place) -> String {
    match place {
        Place::Pdu => "the device".to_owned(),
        Place::Inlet(inlet) => format!("inlet I{}", inlet + 1),
        Place::Pole(inlet, line) => {
            let line = match line {
                Line::L1 => "L1",
                Line::L2 => "L2",
                Line::L3 => "L3",
                Line::Neutral => "N",
            };
            format!("inlet I{} line {line}", inlet + 1)
        }
        Place::LinePair(inlet, pair) => {
            let pair = match pair {
                LinePair::L1L2 => "L1-L2",
                LinePair::L2L3 => "L2-L3",
                LinePair::L3L1 => "L3-L1",
            };
            format!("inlet I{} lines {pair}", inlet + 1)
        }
        Place::Outlet(outlet) => format!("outlet {}", outlet + 1),
        Place::Ocp(ocp) => format!("overcurrent protector C{}", ocp + 1),
        Place::Group(group) => format!("outlet group {group}"),
        Place::Slot(slot) => format!("peripheral slot {}", slot + 1),
    }
}

/// Which thresholds a reading has passed.
pub(super) fn status(status: ThresholdStatus) -> &'static str {
    if status.above_upper_critical {
        "above the upper critical threshold"
    } else if status.above_upper_warning {
        "above the upper warning threshold"
    } else if status.below_lower_critical {
        "below the lower critical threshold"
    } else if status.below_lower_warning {
        "below the lower warning threshold"
    } else {
        "normal"
    }
}

/// What a state sensor says.
pub(super) fn state(sensor: StateSensorId, value: i32) -> String {
    let transfer = match sensor {
        StateSensorId::OutletState(outlet) => {
            let state = if value == 0 { "off" } else { "on" };
            return format!("State of outlet {} is {state}.", outlet + 1);
        }
        StateSensorId::Trip(ocp) => {
            let state = if value == 0 { "tripped" } else { "is closed" };
            return format!("Overcurrent protector C{} {state}.", ocp + 1);
        }
        StateSensorId::ResidualCurrent(inlet) => {
            return format!(
                "State of the residual current monitor of inlet I{} is {value}.",
                inlet + 1
            );
        }
        StateSensorId::PowerSupply(supply) => {
            let state = if value == 0 { "works" } else { "has failed" };
            return format!("Power supply {} of the controller {state}.", supply + 1);
        }
        StateSensorId::Transfer(sensor) => sensor,
    };
    let name = match transfer {
        TransferSensor::SelectedSource => return format!("Source {} is selected.", value + 1),
        TransferSensor::Operation => "operation",
        TransferSensor::OverloadAlarm => "overload alarm",
        TransferSensor::PhaseSyncAlarm => "phase alarm",
        TransferSensor::SwitchFault => "switch fault",
        TransferSensor::InstallFaultAlarm => "wiring alarm",
        TransferSensor::OutputStatus => "output",
    };
    format!("Transfer switch: {name} is {value}.")
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use crate::limits::Limits;
    use crate::model::{
        Actor, Clock, Device, MakeUp, Place, Power, Quantity, SensorId, StateSensorId,
    };

    use super::*;

    #[test]
    fn parts_have_the_names_that_people_know() {
        for (part, expected) in [
            (Place::Outlet(0), "outlet 1"),
            (Place::Ocp(1), "overcurrent protector C2"),
            (Place::Pole(0, Line::Neutral), "inlet I1 line N"),
            (Place::LinePair(1, LinePair::L3L1), "inlet I2 lines L3-L1"),
        ] {
            assert_eq!(place(part), expected);
        }
        assert_eq!(
            state(StateSensorId::Trip(0), 0),
            "Overcurrent protector C1 tripped."
        );
        let source = StateSensorId::Transfer(TransferSensor::SelectedSource);
        assert_eq!(state(source, 1), "Source 2 is selected.");
    }

    #[tokio::test]
    async fn the_event_log_speaks_of_parts_as_people_do() {
        let clock = Clock::frozen_at(1_000_000);
        let device = Device::new(MakeUp::default(), clock.clone(), &Limits::default());
        device.switch_outlet(1, Power::Off).unwrap();
        device.reset_counter(
            SensorId::new(Place::Outlet(1), Quantity::ActiveEnergy),
            &Actor::new("olga", ""),
        );
        clock.advance(Duration::from_secs(1));
        let maintenance = device.maintenance();
        let entries = maintenance.event_log.entries();
        let log: Vec<&str> = entries.map(|entry| entry.message.as_str()).collect();
        assert!(log.contains(&"State of outlet 2 is off."), "{log:?}");
        let reset = "Counter activeEnergy of outlet 2 reset by user 'olga'.";
        assert!(log.contains(&reset), "{log:?}");
    }
}
