//! The page of a device for Prometheus. Its form is known from what users read there; a device may have families that this
//! one has not.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use crate::model::device::Device;
use crate::model::place::{Line, LinePair, Place};
use crate::model::quantity::Quantity;
use crate::model::sensor_id::{SensorId, StateSensorId};

/// Samples by the name of their family.
#[derive(Default)]
struct Page(BTreeMap<&'static str, Vec<String>>);

impl Page {
    fn add(&mut self, family: &'static str, labels: &str, value: f64) {
        let sample = format!("raritan_pdu_{family}{{{labels}}} {value:.2}\n");
        self.0.entry(family).or_default().push(sample);
    }

    fn finish(self) -> String {
        let mut text = String::new();
        for (family, samples) in self.0 {
            let kind = if family.ends_with("_total") {
                "counter"
            } else {
                "gauge"
            };
            // Writing to a string does not fail.
            let _ = writeln!(text, "# TYPE raritan_pdu_{family} {kind}");
            text.extend(samples);
        }
        text
    }
}

/// Labels as they are written: a blank after each comma.
fn label(name: &str, value: &str) -> String {
    let value = value
        .replace('\\', "\\\\")
        .replace('"', "\\\"")
        .replace('\n', "\\n");
    format!("{name}=\"{value}\"")
}

fn family(quantity: Quantity, place: Place) -> Option<&'static str> {
    if matches!(place, Place::Slot(_)) {
        return match quantity {
            Quantity::Temperature => Some("peripheral_temperature_degreecelsius"),
            Quantity::Humidity => Some("peripheral_relativehumidity_percent"),
            _ => None,
        };
    }
    match quantity {
        Quantity::ActiveEnergy => Some("activeenergy_watthour_total"),
        Quantity::ActivePower => Some("activepower_watt"),
        Quantity::ApparentPower => Some("apparentpower_voltampere"),
        Quantity::Current => Some("current_ampere"),
        Quantity::Voltage => Some("voltage_volt"),
        Quantity::LineFrequency => Some("linefrequency_hertz"),
        Quantity::PowerFactor => Some("powerfactor"),
        Quantity::UnbalancedCurrent => Some("unbalancedcurrent_percent"),
        Quantity::UnbalancedLineLineCurrent => Some("unbalancedlinelinecurrent_percent"),
        Quantity::UnbalancedLineLineVoltage => Some("unbalancedlinelinevoltage_percent"),
        _ => None,
    }
}

impl Device {
    /// The page for Prometheus, with or without the names that users gave.
    #[must_use]
    pub fn metrics(&self, include_names: bool) -> String {
        let make_up = self.make_up();
        let settings = self.configuration();
        let name = |kind: &str, name: &str| {
            if include_names {
                format!(", {}", label(kind, name))
            } else {
                String::new()
            }
        };
        let pdu = label("pduid", "1") + &name("pduname", &settings.pdu.name);
        let mut page = Page::default();
        self.samples(&mut page, Place::Pdu, &pdu);
        for (index, inlet) in settings.inlets.iter().enumerate() {
            let id = label("inletid", &format!("I{}", index + 1));
            let labels = format!("{pdu}, {id}{}", name("inletname", &inlet.name));
            self.samples(&mut page, Place::Inlet(index), &labels);
            if let Some(about) = self.inlet_meta_data(index) {
                page.add("inletrating", &labels, about.rating.amperes.into());
            }
            let lines = make_up.lines().iter().copied().chain([Line::Neutral]);
            for line in lines {
                let pole = match line {
                    Line::Neutral => "N".to_owned(),
                    line => format!("{line:?}"),
                };
                let labels = format!("{labels}, {}", label("poleline", &pole));
                self.samples(&mut page, Place::Pole(index, line), &labels);
            }
            for pair in LinePair::ALL {
                let labels = format!("{labels}, {}", label("linepair", &format!("{pair:?}")));
                self.samples(&mut page, Place::LinePair(index, pair), &labels);
            }
        }
        for (index, ocp) in settings.ocps.iter().enumerate() {
            let id = label("overcurrentprotectorid", &format!("C{}", index + 1));
            let labels = format!("{pdu}, {id}{}", name("overcurrentprotectorname", &ocp.name));
            self.samples(&mut page, Place::Ocp(index), &labels);
            if let Some(about) = self.ocp_meta_data(index) {
                page.add("ocprating", &labels, about.rating.amperes.into());
            }
            let trip = self.sensed_state(StateSensorId::Trip(index));
            page.add("trip", &labels, trip.value.into());
        }
        for (index, outlet) in settings.outlets.iter().enumerate() {
            let id = label("outletid", &(index + 1).to_string());
            let labels = format!("{pdu}, {id}{}", name("outletname", &outlet.name));
            self.samples(&mut page, Place::Outlet(index), &labels);
        }
        for (index, slot) in settings.slots.iter().enumerate() {
            // The name is all that tells one from another, so one without gets its number.
            let number = (index + 1).to_string();
            let name = Some(slot.name.as_str()).filter(|name| !name.is_empty());
            let sensor = label("sensorname", name.unwrap_or(&number));
            let labels = format!("{pdu}, {sensor}");
            self.samples(&mut page, Place::Slot(index), &labels);
        }
        page.finish()
    }

    /// What is measured at a place and has a family; nothing of what cannot be read.
    fn samples(&self, page: &mut Page, place: Place, labels: &str) {
        for &quantity in self.measured(place) {
            let reading = self.reading(SensorId::new(place, quantity));
            if let Some(family) = family(quantity, place).filter(|_| reading.available) {
                page.add(family, labels, reading.value);
            }
        }
    }
}
