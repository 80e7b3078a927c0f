//! The log of sensors that a device pushes.

use serde_json::{Map, Value};
use xerus_api::sensors::numeric_sensor::MetaData;
use xerus_rpc::Time;

use super::MessageError;

/// Readings of several sensors over some time.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct SensorLog {
    /// The sensors, in the order of the records in each row.
    pub sensors: Vec<LoggedSensor>,
    /// What was read, one row for each time.
    pub rows: Vec<Row>,
}

/// A sensor in a log.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct LoggedSensor {
    /// What it measures at.
    pub device: LoggedDevice,
    /// Which sensor of that, as the device names it.
    pub id: String,
    /// The type of its readings, as the device names or numbers it.
    pub reading_type: String,
    /// Unit, range and precision of a numeric sensor; `None` for others, and where it cannot be read.
    pub metadata: Option<MetaData>,
}

/// What a sensor measures at.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct LoggedDevice {
    /// What kind of thing.
    pub kind: DeviceKind,
    /// Its label.
    pub label: String,
    /// The line of a pole.
    pub line: Option<i64>,
}

/// What a sensor measures at.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
#[allow(missing_docs)] // The names say all that is known.
pub enum DeviceKind {
    Inlet,
    InletPole,
    OverCurrentProtector,
    OverCurrentProtectorPole,
    Outlet,
    OutletPole,
    Wire,
    WirePole,
    TransferSwitch,
    TransferSwitchPole,
    ExternalSensor,
    PowerMeter,
    PowerMeterPole,
    PanelCircuit,
    PanelCircuitPole,
    Pdu,
    OutletGroup,
    /// A kind that is not known here, by its number.
    Other(i64),
}

impl From<i64> for DeviceKind {
    fn from(number: i64) -> Self {
        const KINDS: [DeviceKind; 17] = [
            DeviceKind::Inlet,
            DeviceKind::InletPole,
            DeviceKind::OverCurrentProtector,
            DeviceKind::OverCurrentProtectorPole,
            DeviceKind::Outlet,
            DeviceKind::OutletPole,
            DeviceKind::Wire,
            DeviceKind::WirePole,
            DeviceKind::TransferSwitch,
            DeviceKind::TransferSwitchPole,
            DeviceKind::ExternalSensor,
            DeviceKind::PowerMeter,
            DeviceKind::PowerMeterPole,
            DeviceKind::PanelCircuit,
            DeviceKind::PanelCircuitPole,
            DeviceKind::Pdu,
            DeviceKind::OutletGroup,
        ];
        let known = usize::try_from(number)
            .ok()
            .and_then(|number| KINDS.get(number));
        known.copied().unwrap_or(Self::Other(number))
    }
}

/// What was read at one time.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct Row {
    /// When.
    pub timestamp: Time,
    /// As many as there are sensors.
    pub records: Vec<Record>,
}

/// What was read of one sensor at one time.
#[derive(Clone, Copy, Debug, PartialEq)]
#[non_exhaustive]
pub struct Record {
    /// Whether the sensor was there.
    pub available: bool,
    /// Valid samples that the values are made of; 0 where the device does not say.
    pub valid_samples: i64,
    /// The state of a sensor of states.
    pub state: Option<i64>,
    /// The least value, in the unit of the sensor.
    pub minimum: Option<f64>,
    /// The average, in the unit of the sensor.
    pub average: Option<f64>,
    /// The greatest value, in the unit of the sensor.
    pub maximum: Option<f64>,
}

/// What was read of one sensor at one time, with both.
pub type Logged<'a> = (Time, &'a LoggedSensor, &'a Record);

impl SensorLog {
    /// All that was read: time, sensor and record, row by row.
    pub fn readings(&self) -> impl Iterator<Item = Logged<'_>> {
        self.rows.iter().flat_map(|row| {
            let pairs = self.sensors.iter().zip(&row.records);
            pairs.map(|(sensor, record)| (row.timestamp, sensor, record))
        })
    }

    /// Reads the log; `None` when it is none.
    pub(super) fn read(value: &Value) -> Result<Option<Self>, MessageError> {
        let (Some(sensors), Some(rows)) = (value.get("sensors"), value.get("rows")) else {
            return Ok(None);
        };
        let sensors = list(sensors, "sensors", sensor)?;
        let rows = list(rows, "rows", row)?;
        for (place, row) in rows.iter().enumerate() {
            // Otherwise nobody knows which record belongs to which sensor.
            if row.records.len() != sensors.len() {
                let path = format!("rows[{place}].records");
                return Err(MessageError::new(path, "one record for each sensor"));
            }
        }
        Ok(Some(Self { sensors, rows }))
    }
}

fn list<T>(
    value: &Value,
    path: &str,
    read: fn(&Map<String, Value>, &str) -> Result<T, MessageError>,
) -> Result<Vec<T>, MessageError> {
    let items = value
        .as_array()
        .ok_or_else(|| MessageError::new(path, "an array"))?;
    let items = items.iter().enumerate();
    items
        .map(|(place, item)| {
            let path = format!("{path}[{place}]");
            match item.as_object() {
                Some(item) => read(item, &path),
                None => Err(MessageError::new(path, "an object")),
            }
        })
        .collect()
}

fn sensor(value: &Map<String, Value>, path: &str) -> Result<LoggedSensor, MessageError> {
    let device = value.get("device").and_then(Value::as_object);
    let device = device.ok_or_else(|| MessageError::new(format!("{path}.device"), "an object"))?;
    let kind = device.get("type").and_then(Value::as_i64);
    let kind = kind.ok_or_else(|| MessageError::new(format!("{path}.device.type"), "a number"))?;
    Ok(LoggedSensor {
        device: LoggedDevice {
            kind: kind.into(),
            label: text(device.get("label")),
            line: device.get("line").and_then(Value::as_i64),
        },
        id: text(value.get("id")),
        reading_type: text(value.get("readingtype")),
        metadata: value
            .get("metadata")
            .filter(|metadata| metadata.is_object())
            .and_then(|metadata| serde_json::from_value(metadata.clone()).ok()),
    })
}

fn row(value: &Map<String, Value>, path: &str) -> Result<Row, MessageError> {
    let timestamp = value.get("timestamp").and_then(Value::as_i64);
    let timestamp =
        timestamp.ok_or_else(|| MessageError::new(format!("{path}.timestamp"), "a time"))?;
    let records = value.get("records").unwrap_or(&Value::Null);
    Ok(Row {
        timestamp: Time::from_unix_seconds(timestamp),
        records: list(records, &format!("{path}.records"), record)?,
    })
}

fn record(value: &Map<String, Value>, path: &str) -> Result<Record, MessageError> {
    let available = value.get("available").and_then(Value::as_bool);
    let available =
        available.ok_or_else(|| MessageError::new(format!("{path}.available"), "true or false"))?;
    let number = |name| value.get(name).and_then(Value::as_f64);
    Ok(Record {
        available,
        valid_samples: value
            .get("takenValidSamples")
            .and_then(Value::as_i64)
            .unwrap_or(0),
        state: value.get("state").and_then(Value::as_i64),
        minimum: number("minValue"),
        average: number("avgValue"),
        maximum: number("maxValue"),
    })
}

/// A text, or a number as a text.
fn text(value: Option<&Value>) -> String {
    match value {
        Some(Value::String(text)) => text.clone(),
        Some(Value::Number(number)) => number.to_string(),
        _ => String::new(),
    }
}
