//! What an entry of data push sends: the sensors of the device, and what they read.

use crate::model::device::Device;
use crate::model::place::{Line, Place};
use crate::model::push::{
    PushKind, PushRow, PushSensor, Record, SensorKind, SensorMetaData, sensor_list, sensor_log,
};
use crate::model::quantity::{Kind, Unit};
use crate::model::sensor_id::SensorId;

impl Device {
    /// What an entry sends now; `None`: there is no such entry, or what it sends is not simulated. The log of sensors has one
    /// row, of now.
    pub(crate) fn push_body(&self, id: i32) -> Option<String> {
        let settings = self.maintenance().push.get(id).cloned()?;
        let wanted = |sensor: &PushSensor| {
            let long = format!("{}/{}", sensor.label, sensor.id);
            settings.items.is_empty()
                || settings.items.contains(&long)
                || settings.items.contains(&sensor.id)
        };
        let mut sensors = Vec::new();
        let mut records = Vec::new();
        for (place, kind, label, line) in self.push_places() {
            for &quantity in self.measured(place) {
                let id = SensorId::new(place, quantity);
                let sensor = PushSensor {
                    kind,
                    label: label.clone(),
                    line,
                    id: quantity.name().to_owned(),
                    reading_type: 0,
                    meta_data: Some(self.push_meta_data(id)),
                };
                if wanted(&sensor) {
                    sensors.push(sensor);
                    records.push(self.push_record(id));
                }
            }
        }
        match settings.kind {
            PushKind::SensorList => Some(sensor_list(&sensors)),
            PushKind::SensorLog => {
                let timestamp = self.shown_time();
                Some(sensor_log(&sensors, &[PushRow { timestamp, records }]))
            }
            PushKind::AssetList | PushKind::AssetLog | PushKind::AuditLog => None,
        }
    }

    /// Every place with sensors: what it is in a message, its label and line.
    fn push_places(&self) -> Vec<(Place, SensorKind, String, i32)> {
        let make_up = self.make_up();
        let mut places = vec![(Place::Pdu, SensorKind::Pdu, String::new(), 0)];
        for inlet in 0..make_up.inlets {
            let label = format!("I{}", inlet + 1);
            places.push((Place::Inlet(inlet), SensorKind::Inlet, label.clone(), 0));
            let lines = make_up.lines().iter().copied().chain([Line::Neutral]);
            for line in lines {
                let number = i32::try_from(line.index()).unwrap_or(0);
                let place = Place::Pole(inlet, line);
                places.push((place, SensorKind::InletPole, label.clone(), number));
            }
        }
        for ocp in 0..make_up.overcurrent_protectors {
            let label = format!("C{}", ocp + 1);
            places.push((Place::Ocp(ocp), SensorKind::Ocp, label, 0));
        }
        for outlet in 0..make_up.outlets {
            let label = (outlet + 1).to_string();
            places.push((Place::Outlet(outlet), SensorKind::Outlet, label, 0));
        }
        for slot in 0..make_up.slots {
            let label = (slot + 1).to_string();
            places.push((Place::Slot(slot), SensorKind::External, label, 0));
        }
        places
    }

    fn push_meta_data(&self, id: SensorId) -> SensorMetaData {
        let about = self.sensor_meta_data(id);
        SensorMetaData {
            quantity: kind_number(about.kind),
            unit: unit_number(about.unit),
            thresholds: [
                about.has_upper_thresholds,
                about.has_upper_thresholds,
                about.has_lower_thresholds,
                about.has_lower_thresholds,
            ],
            digits: about.digits,
            resolution: about.resolution,
            range: (about.lower, about.upper),
            ..SensorMetaData::default()
        }
    }

    fn push_record(&self, id: SensorId) -> Record {
        let reading = self.reading(id);
        Record {
            available: reading.available,
            samples: reading.available.into(),
            state: 0,
            min: reading.value,
            average: reading.value,
            max: reading.value,
        }
    }
}

/// The number of a kind of reading in messages.
fn kind_number(kind: Kind) -> i32 {
    match kind {
        Kind::Voltage => 1,
        Kind::Current => 2,
        Kind::UnbalancedCurrent => 3,
        Kind::Power => 4,
        Kind::PowerFactor => 5,
        Kind::Energy => 6,
        Kind::Frequency => 7,
        Kind::Temperature => 8,
        Kind::Humidity => 9,
        Kind::Angle => 27,
        Kind::UnbalancedVoltage => 48,
    }
}

/// The number of a unit in messages.
fn unit_number(unit: Unit) -> i32 {
    match unit {
        Unit::None => 0,
        Unit::Volt => 1,
        Unit::Ampere => 2,
        Unit::Watt => 3,
        Unit::VoltAmpere => 4,
        Unit::WattHour => 5,
        Unit::VoltAmpereHour => 6,
        Unit::DegreeCelsius => 7,
        Unit::Hertz => 8,
        Unit::Percent => 9,
        Unit::VoltAmpereReactive => 18,
        Unit::Degree => 28,
    }
}
