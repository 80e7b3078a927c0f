//! What is printed on the device and its parts.

use super::make_up::MakeUp;

/// What is printed on a part.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Nameplate {
    /// Who made it.
    pub manufacturer: String,
    /// The brand under which it is sold.
    pub brand: String,
    /// The model.
    pub model: String,
    /// The number to order it by; empty if there is none.
    pub part_number: String,
    /// The serial number; empty for parts without one of their own.
    pub serial_number: String,
    /// Voltage with unit.
    pub voltage: String,
    /// Current with unit.
    pub current: String,
    /// Frequency with unit.
    pub frequency: String,
    /// Apparent power with unit.
    pub power: String,
}

impl Nameplate {
    /// The nameplate of the device or of a part; parts without a serial number of their own pass `""`.
    pub(crate) fn new(make_up: &MakeUp, serial: &str) -> Self {
        let amperes = make_up.inlet_amperes;
        let kilovolt_amperes = 0.23 * f64::from(amperes) * make_up.lines().len() as f64;
        Self {
            manufacturer: "xerus-sim".to_owned(),
            brand: "Simulated".to_owned(),
            model: make_up.model.clone(),
            part_number: String::new(),
            serial_number: serial.to_owned(),
            voltage: "200-240V".to_owned(),
            current: format!("{amperes}A"),
            frequency: "50/60Hz".to_owned(),
            power: format!("{kilovolt_amperes:.1}kVA"),
        }
    }
}

/// What a part bears.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Rating {
    /// Current in amperes.
    pub amperes: u8,
    /// Lowest voltage in volts.
    pub min_voltage: i32,
    /// Highest voltage in volts.
    pub max_voltage: i32,
}

impl Rating {
    /// So many amperes, at 200 to 240 volts.
    pub(crate) const fn of(amperes: u8) -> Self {
        Self {
            amperes,
            min_voltage: 200,
            max_voltage: 240,
        }
    }
}
