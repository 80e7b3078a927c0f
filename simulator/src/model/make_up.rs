//! What a simulated PDU consists of.

use super::firmware::Firmware;
use super::measured::measured;
use super::place::{Line, Place};
use super::quantity::Quantity;
use super::sensor_id::StateSensorId;

/// Number and wiring of the parts of a device. All indexes count from 0, labels from 1.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct MakeUp {
    /// Outlets, at most 500.
    pub outlets: usize,
    /// Inlets, 1 to 8.
    pub inlets: usize,
    /// Overcurrent protectors; the outlets are spread over them evenly.
    pub overcurrent_protectors: usize,
    /// Whether each inlet has three lines and a neutral instead of one line and a neutral.
    pub three_phase: bool,
    /// Slots for peripheral devices. The first holds a temperature sensor, the second a humidity sensor.
    pub slots: usize,
    /// The name in the settings.
    pub name: String,
    /// The model in the nameplate.
    pub model: String,
    /// The serial number in the nameplate.
    pub serial: String,
    /// The firmware that it comes with. Default: the newest.
    pub firmware: Firmware,
    /// The Ethernet address.
    pub mac: String,
}

impl Default for MakeUp {
    fn default() -> Self {
        Self {
            outlets: 8,
            inlets: 1,
            overcurrent_protectors: 2,
            three_phase: false,
            slots: 4,
            name: "Simulated PDU".to_owned(),
            model: "SIM-8".to_owned(),
            serial: "SIM0000001".to_owned(),
            firmware: Firmware::default(),
            mac: "02:00:00:00:00:01".to_owned(),
        }
    }
}

impl MakeUp {
    /// Power supplies of the controller.
    pub(crate) const POWER_SUPPLIES: usize = 2;

    /// Brings every number into its range.
    pub(crate) fn normalized(mut self) -> Self {
        self.outlets = self.outlets.min(500);
        self.inlets = self.inlets.clamp(1, 8);
        self.slots = self.slots.min(256);
        self.overcurrent_protectors = self.overcurrent_protectors.min(self.outlets);
        self
    }

    /// The lines of an inlet, without the neutral.
    pub(crate) fn lines(&self) -> &'static [Line] {
        if self.three_phase {
            &[Line::L1, Line::L2, Line::L3]
        } else {
            &[Line::L1]
        }
    }

    /// Whether the device has this part.
    pub(crate) fn has(&self, place: Place) -> bool {
        match place {
            Place::Pdu => true,
            Place::Inlet(inlet) => inlet < self.inlets,
            Place::Pole(inlet, line) => {
                inlet < self.inlets && (line == Line::Neutral || self.lines().contains(&line))
            }
            Place::Outlet(outlet) => outlet < self.outlets,
            Place::Ocp(ocp) => ocp < self.overcurrent_protectors,
            Place::Slot(slot) => slot < self.slots,
        }
    }

    /// What is measured at a part: nothing in empty slots, and nothing in parts that the device does not have.
    pub(crate) fn measured(&self, place: Place) -> &'static [Quantity] {
        measured(self, place)
    }

    /// Whether the device has this sensor.
    pub(crate) fn has_state_sensor(&self, id: StateSensorId) -> bool {
        match id {
            StateSensorId::OutletState(outlet) => self.has(Place::Outlet(outlet)),
            StateSensorId::Trip(ocp) => self.has(Place::Ocp(ocp)),
            StateSensorId::ResidualCurrent(inlet) => self.has(Place::Inlet(inlet)),
            StateSensorId::PowerSupply(index) => index < Self::POWER_SUPPLIES,
        }
    }

    /// The protector in front of an outlet; `None` on a device without protectors.
    pub(crate) fn ocp_of(&self, outlet: usize) -> Option<usize> {
        (self.overcurrent_protectors > 0)
            .then(|| outlet * self.overcurrent_protectors / self.outlets)
    }

    /// The circuit, counted over the device, to which an outlet belongs: inlet and line follow from it. Without
    /// protectors each outlet is a circuit of its own.
    fn circuit_of(&self, outlet: usize) -> usize {
        self.ocp_of(outlet).unwrap_or(outlet)
    }

    /// The inlet that feeds a circuit.
    pub(crate) fn inlet_of_circuit(&self, circuit: usize) -> usize {
        circuit / self.lines().len() % self.inlets
    }

    /// The line of its inlet that feeds a circuit.
    pub(crate) fn line_of_circuit(&self, circuit: usize) -> Line {
        let lines = self.lines();
        lines[circuit % lines.len()]
    }

    /// The inlet that feeds an outlet.
    pub(crate) fn inlet_of(&self, outlet: usize) -> usize {
        self.inlet_of_circuit(self.circuit_of(outlet))
    }

    /// The line that feeds an outlet.
    pub(crate) fn line_of(&self, outlet: usize) -> Line {
        self.line_of_circuit(self.circuit_of(outlet))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_outlet_has_a_protector_a_line_and_an_inlet() {
        let make_up = MakeUp {
            outlets: 36,
            inlets: 2,
            overcurrent_protectors: 6,
            three_phase: true,
            ..MakeUp::default()
        };
        let mut per_ocp = [0; 6];
        for outlet in 0..36 {
            per_ocp[make_up.ocp_of(outlet).unwrap()] += 1;
            assert!(make_up.inlet_of(outlet) < 2);
            assert!(make_up.lines().contains(&make_up.line_of(outlet)));
        }
        assert_eq!(per_ocp, [6; 6]);
        assert_eq!((make_up.inlet_of(0), make_up.inlet_of(35)), (0, 1));
    }

    #[test]
    fn a_device_has_what_it_consists_of() {
        let make_up = MakeUp::default();
        for place in [
            Place::Pdu,
            Place::Inlet(0),
            Place::Pole(0, Line::L1),
            Place::Pole(0, Line::Neutral),
            Place::Outlet(7),
            Place::Ocp(1),
            Place::Slot(3),
        ] {
            assert!(make_up.has(place), "{place:?}");
        }
        for place in [
            Place::Inlet(1),
            Place::Pole(0, Line::L2),
            Place::Pole(1, Line::Neutral),
            Place::Outlet(8),
            Place::Ocp(2),
            Place::Slot(4),
        ] {
            assert!(!make_up.has(place), "{place:?}");
        }
        assert!(make_up.has_state_sensor(StateSensorId::PowerSupply(1)));
        assert!(!make_up.has_state_sensor(StateSensorId::PowerSupply(2)));
    }

    #[test]
    fn numbers_are_brought_into_range() {
        let wild = MakeUp {
            outlets: 0,
            inlets: 0,
            overcurrent_protectors: 9,
            slots: 9_999,
            ..MakeUp::default()
        };
        let tame = wild.normalized();
        assert_eq!(
            (
                tame.outlets,
                tame.inlets,
                tame.overcurrent_protectors,
                tame.slots
            ),
            (0, 1, 0, 256)
        );
        assert_eq!(tame.ocp_of(0), None);
    }
}
