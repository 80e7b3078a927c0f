//! What is sent: sensors and their records, as JSON.

use std::fmt::Write as _;

/// What a sensor is attached to, by its number in the message.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum SensorKind {
    /// An inlet.
    Inlet = 0,
    /// A pole of an inlet.
    InletPole = 1,
    /// An overcurrent protector.
    Ocp = 2,
    /// An outlet.
    Outlet = 4,
    /// A transfer switch.
    TransferSwitch = 8,
    /// A peripheral device.
    External = 10,
    /// The whole device.
    Pdu = 15,
    /// An outlet group.
    OutletGroup = 16,
}

/// What the readings of a numeric sensor are like.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct SensorMetaData {
    /// Number of the quantity.
    pub quantity: i32,
    /// Number of the unit.
    pub unit: i32,
    /// Decimal digits that count.
    pub digits: i32,
    /// Accuracy in percent.
    pub accuracy: f32,
    /// Smallest step.
    pub resolution: f32,
    /// Tolerance.
    pub tolerance: f32,
    /// What is below it is noise.
    pub noise_threshold: f32,
    /// Least value and greatest value.
    pub range: (f64, f64),
    /// Which thresholds there are: upper critical, upper warning, lower warning, lower critical.
    pub thresholds: [bool; 4],
}

/// A sensor in a message.
#[derive(Clone, Debug, PartialEq)]
pub struct PushSensor {
    /// What it is attached to.
    pub kind: SensorKind,
    /// The label of that, such as `I1`.
    pub label: String,
    /// Number of the line; 0 for the first.
    pub line: i32,
    /// Its id, such as `activePower`.
    pub id: String,
    /// Number of the kind of reading: 0 numeric, 1 on or off, 2 one of several states.
    pub reading_type: i32,
    /// For numeric sensors.
    pub meta_data: Option<SensorMetaData>,
}

/// What a sensor showed over one interval.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Record {
    /// Whether it could be read.
    pub available: bool,
    /// Readings that the values are made of.
    pub samples: i32,
    /// State; of a numeric sensor its thresholds.
    pub state: i32,
    /// Least value.
    pub min: f64,
    /// Average value.
    pub average: f64,
    /// Greatest value.
    pub max: f64,
}

/// Records of all sensors, in their order.
#[derive(Clone, Debug, PartialEq)]
pub struct PushRow {
    /// End of the interval, in seconds since 1970-01-01 UTC.
    pub timestamp: i64,
    /// A record for each sensor.
    pub records: Vec<Record>,
}

/// The message that lists sensors.
#[must_use]
pub fn sensor_list(sensors: &[PushSensor]) -> String {
    format!("{{\"sensors\":{}}}", array(sensors, sensor))
}

/// The message with the log of sensors.
#[must_use]
pub fn sensor_log(sensors: &[PushSensor], rows: &[PushRow]) -> String {
    let rows = array(rows, |text, row| {
        let records = array(&row.records, record);
        put(
            text,
            format_args!("{{\"timestamp\":{},\"records\":{records}}}", row.timestamp),
        );
    });
    let sensors = array(sensors, sensor);
    format!("{{\"sensors\":{sensors},\"rows\":{rows}}}")
}

fn array<T>(items: &[T], one: impl Fn(&mut String, &T)) -> String {
    let mut text = String::from("[");
    for (index, item) in items.iter().enumerate() {
        if index > 0 {
            text.push(',');
        }
        one(&mut text, item);
    }
    text.push(']');
    text
}

fn sensor(text: &mut String, sensor: &PushSensor) {
    let (kind, label, line) = (sensor.kind as i32, quoted(&sensor.label), sensor.line);
    let (id, reading_type) = (quoted(&sensor.id), sensor.reading_type);
    put(
        text,
        format_args!(
            "{{\"device\":{{\"type\":{kind},\"label\":{label},\"line\":{line}}},\"id\":{id},\"readingtype\":{reading_type}"
        ),
    );
    if let Some(meta) = &sensor.meta_data {
        let (quantity, unit, digits) = (meta.quantity, meta.unit, meta.digits);
        let [accuracy, resolution, tolerance, noise] = [
            meta.accuracy,
            meta.resolution,
            meta.tolerance,
            meta.noise_threshold,
        ]
        .map(|value| number(f64::from(value)));
        let (lower, upper) = (number(meta.range.0), number(meta.range.1));
        let [upper_critical, upper_warning, lower_warning, lower_critical] = meta.thresholds;
        put(
            text,
            format_args!(
                ",\"metadata\":{{\"type\":{{\"readingtype\":{reading_type},\"type\":{quantity},\"unit\":{unit}}},\
                 \"decdigits\":{digits},\"accuracy\":{accuracy},\"resolution\":{resolution},\
                 \"tolerance\":{tolerance},\"noiseThreshold\":{noise},\
                 \"range\":{{\"lower\":{lower},\"upper\":{upper}}},\
                 \"thresholdCaps\":{{\"hasUpperCritical\":{upper_critical},\"hasUpperWarning\":{upper_warning},\
                 \"hasLowerWarning\":{lower_warning},\"hasLowerCritical\":{lower_critical}}}}}"
            ),
        );
    }
    text.push('}');
}

fn record(text: &mut String, record: &Record) {
    let (available, samples, state) = (record.available, record.samples, record.state);
    let (min, average, max) = (
        number(record.min),
        number(record.average),
        number(record.max),
    );
    put(
        text,
        format_args!(
            "{{\"available\":{available},\"takenValidSamples\":{samples},\"state\":{state},\
             \"minValue\":{min},\"avgValue\":{average},\"maxValue\":{max}}}"
        ),
    );
}

fn put(text: &mut String, arguments: std::fmt::Arguments<'_>) {
    // Writing to a string does not fail.
    let _ = text.write_fmt(arguments);
}

/// With a point, as devices write numbers; what JSON cannot say is zero.
fn number(value: f64) -> String {
    let value = if value.is_finite() { value } else { 0.0 };
    format!("{value:?}")
}

fn quoted(text: &str) -> String {
    let mut quoted = String::from("\"");
    for c in text.chars() {
        match c {
            '"' | '\\' => {
                quoted.push('\\');
                quoted.push(c);
            }
            c if c < ' ' => put(&mut quoted, format_args!("\\u{:04x}", u32::from(c))),
            c => quoted.push(c),
        }
    }
    quoted.push('"');
    quoted
}
