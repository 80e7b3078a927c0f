//! What is printed on the device and its parts.

use super::make_up::MakeUp;
use crate::api::pdumodel::{Nameplate, Rating, nameplate as plate};

/// The nameplate of the device or of a part; parts without a serial number of their own pass `""`.
pub(super) fn nameplate(make_up: &MakeUp, serial: &str) -> Nameplate {
    Nameplate {
        manufacturer: "xerus-sim".to_owned(),
        brand: "Simulated".to_owned(),
        model: make_up.model.clone(),
        part_number: String::new(),
        serial_number: serial.to_owned(),
        rating: plate::Rating {
            voltage: "200-240V".to_owned(),
            current: "32A".to_owned(),
            frequency: "50/60Hz".to_owned(),
            power: "7.4kVA".to_owned(),
            extra_: Default::default(),
        },
        image_file_url: String::new(),
        extra_: Default::default(),
    }
}

/// A rating of so many whole amperes.
pub(super) fn rating(amperes: u8) -> Rating {
    Rating {
        current: amperes.into(),
        decimal_current: amperes.into(),
        min_voltage: 200,
        max_voltage: 240,
        extra_: Default::default(),
    }
}
