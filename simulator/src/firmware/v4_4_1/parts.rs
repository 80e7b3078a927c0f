//! What parts of the device have in common, as clients see it.

use xerus_api::pdumodel::{self, PowerLine, nameplate};

use crate::model::{Line, Nameplate, Rating};

pub(super) fn nameplate(plate: Nameplate) -> pdumodel::Nameplate {
    pdumodel::Nameplate {
        manufacturer: plate.manufacturer,
        brand: plate.brand,
        model: plate.model,
        part_number: plate.part_number,
        serial_number: match plate.serial_number {
            none if none.is_empty() => "<not set>".to_owned(),
            serial => serial,
        },
        rating: nameplate::Rating {
            voltage: plate.voltage,
            current: plate.current,
            frequency: plate.frequency,
            power: plate.power,
            extra_: Default::default(),
        },
        image_file_url: String::new(),
        extra_: Default::default(),
    }
}

pub(super) fn rating(rating: Rating) -> pdumodel::Rating {
    pdumodel::Rating {
        current: rating.amperes.into(),
        decimal_current: rating.amperes.into(),
        min_voltage: rating.min_voltage,
        max_voltage: rating.max_voltage,
        extra_: Default::default(),
    }
}

pub(super) fn line(line: Line) -> PowerLine {
    match line {
        Line::L1 => PowerLine::L1,
        Line::L2 => PowerLine::L2,
        Line::L3 => PowerLine::L3,
        Line::Neutral => PowerLine::Neutral,
    }
}
