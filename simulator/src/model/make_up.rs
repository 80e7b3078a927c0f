//! What a simulated PDU consists of.

use super::electrics::{Connection, Ends};
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
    /// The receptacles of the outlets; when there are more outlets, it begins anew with the first. None: all are
    /// [`C13`](Receptacle::C13).
    pub receptacles: Vec<Receptacle>,
    /// Whether outlets have relays. Without, they are metered only.
    pub switchable: bool,
    /// Inlets, 1 to 8; none on a gateway.
    pub inlets: usize,
    /// The plug of each inlet. Empty: IEC 60309, with as many poles as it needs.
    pub plug: String,
    /// What each line of an inlet bears, in amperes.
    pub inlet_amperes: u8,
    /// Overcurrent protectors; the outlets are spread over them evenly.
    pub overcurrent_protectors: usize,
    /// Whether each inlet has three lines instead of one line and a neutral.
    pub three_phase: bool,
    /// Whether a transfer switch feeds all outlets, from the first inlet or from the second; then there are two.
    pub transfer_switch: bool,
    /// Whether it only has sensors: neither inlets, protectors nor outlets.
    pub gateway: bool,
    /// How the circuits of a three-phase device are connected. One phase always lies between its line and neutral.
    pub connection: Connection,
    /// With a seed, voltages and loads wander from second to second, and the same seed and time give the same readings.
    /// Without one, loads draw exactly what they are set to.
    pub seed: Option<u64>,
    /// Slots for peripheral devices, at most 256.
    pub slots: usize,
    /// What the sensors in the slots measure, from the first slot on: [`Quantity::Temperature`] or
    /// [`Quantity::Humidity`]. The other slots are empty.
    pub sensors: Vec<Quantity>,
    /// Asset strips of 42 rack units, at most 8.
    pub asset_strips: usize,
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

/// The receptacle of an outlet.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Receptacle {
    /// IEC 60320 C13, 10 A.
    C13,
    /// IEC 60320 C19, 16 A.
    C19,
}

impl Receptacle {
    /// The name of its standard, and what it bears in amperes.
    pub(crate) fn facts(self) -> (&'static str, u8) {
        match self {
            Self::C13 => ("IEC 60320 C13", 10),
            Self::C19 => ("IEC 60320 C19", 16),
        }
    }
}

/// Five of the smaller receptacles, then a larger one.
pub(crate) const SIX: [Receptacle; 6] = [
    Receptacle::C13,
    Receptacle::C13,
    Receptacle::C13,
    Receptacle::C13,
    Receptacle::C13,
    Receptacle::C19,
];

impl Default for MakeUp {
    fn default() -> Self {
        Self {
            outlets: 8,
            receptacles: SIX.to_vec(),
            switchable: true,
            inlets: 1,
            plug: String::new(),
            inlet_amperes: 32,
            overcurrent_protectors: 2,
            three_phase: false,
            transfer_switch: false,
            gateway: false,
            connection: Connection::Wye,
            seed: None,
            slots: 4,
            sensors: vec![Quantity::Temperature, Quantity::Humidity],
            asset_strips: 0,
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
        self.transfer_switch &= !self.gateway;
        (self.outlets, self.inlets) = match (self.gateway, self.transfer_switch) {
            (true, _) => (0, 0),
            (_, true) => (self.outlets.min(500), 2),
            _ => (self.outlets.min(500), self.inlets.clamp(1, 8)),
        };
        self.slots = self.slots.min(256);
        self.asset_strips = self.asset_strips.min(8);
        self.overcurrent_protectors = self.overcurrent_protectors.min(self.outlets);
        self
    }

    /// Whether it only measures what passes through its inlets.
    pub(crate) fn is_inline_meter(&self) -> bool {
        self.outlets == 0 && !self.gateway
    }

    /// The receptacle of an outlet.
    pub(crate) fn receptacle(&self, outlet: usize) -> Receptacle {
        let receptacles = &self.receptacles;
        let index = outlet.checked_rem(receptacles.len()).unwrap_or_default();
        receptacles.get(index).copied().unwrap_or(Receptacle::C13)
    }

    /// The plug of each inlet.
    pub(crate) fn plug(&self) -> String {
        match (self.plug.as_str(), self.three_phase) {
            ("", true) => format!("IEC 60309 3P+N+E 6h {}A", self.inlet_amperes),
            ("", false) => format!("IEC 60309 1P+N+E 6h {}A", self.inlet_amperes),
            (plug, _) => plug.to_owned(),
        }
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
                let there = if line == Line::Neutral {
                    !self.three_phase || self.connection.has_neutral()
                } else {
                    self.lines().contains(&line)
                };
                inlet < self.inlets && there
            }
            Place::LinePair(inlet, _) => inlet < self.inlets && self.three_phase,
            Place::Outlet(outlet) => outlet < self.outlets,
            Place::Ocp(ocp) => ocp < self.overcurrent_protectors,
            // Which groups there are changes.
            Place::Group(_) => self.outlets > 0,
            Place::Slot(slot) => slot < self.slots,
        }
    }

    /// What is measured at a part: nothing in empty slots, and nothing in parts that the device does not have.
    pub(crate) fn measured(&self, place: Place) -> &'static [Quantity] {
        measured(self, place)
    }

    /// How many sensors of the same kind there are up to a slot, its own included.
    pub(crate) fn ordinal(&self, slot: usize) -> usize {
        let up_to = self.sensors.iter().take(slot.saturating_add(1));
        let own = self.sensors.get(slot);
        up_to.filter(|&quantity| Some(quantity) == own).count()
    }

    /// Whether the device has this sensor.
    pub(crate) fn has_state_sensor(&self, id: StateSensorId) -> bool {
        match id {
            StateSensorId::OutletState(outlet) => self.has(Place::Outlet(outlet)),
            StateSensorId::Trip(ocp) => self.has(Place::Ocp(ocp)),
            StateSensorId::ResidualCurrent(inlet) => self.has(Place::Inlet(inlet)),
            StateSensorId::Transfer(_) => self.transfer_switch,
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
    pub(crate) fn circuit_of(&self, outlet: usize) -> usize {
        self.ocp_of(outlet).unwrap_or(outlet)
    }

    /// The inlet that feeds a circuit; behind a transfer switch, while that stands at its first source.
    pub(crate) fn inlet_of_circuit(&self, circuit: usize) -> usize {
        if self.transfer_switch {
            return 0;
        }
        circuit / self.lines().len() % self.inlets
    }

    /// The conductors of its inlet that a circuit lies between.
    pub(crate) fn ends_of_circuit(&self, circuit: usize) -> Ends {
        if self.three_phase {
            // Circuits come in threes, and the threes go round the inlets.
            let three = circuit / 3 / self.inlets;
            self.connection.ends(three * 3 + circuit % 3)
        } else {
            Ends::Neutral(Line::L1)
        }
    }

    /// The line of its inlet that feeds a circuit; of two lines the first.
    pub(crate) fn line_of_circuit(&self, circuit: usize) -> Line {
        self.ends_of_circuit(circuit).lines().0
    }

    /// Whether each pole has an energy meter: only where every circuit lies between a line and neutral, because what one
    /// line of a pair brings is not a matter of its own.
    pub(crate) fn has_pole_meters(&self) -> bool {
        !self.three_phase || !self.connection.has_pairs()
    }

    /// Nominal volts between a line and neutral, or where neutral would be.
    pub(crate) fn line_volts(&self) -> f64 {
        self.mains().volts()
    }

    /// Nominal hertz.
    pub(crate) fn nominal_hertz(&self) -> f64 {
        self.mains().hertz()
    }

    fn mains(&self) -> Connection {
        if self.three_phase {
            self.connection
        } else {
            Connection::Wye
        }
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
            assert_eq!(
                make_up.has_pole_meters(),
                matches!(
                    make_up.ends_of_circuit(make_up.circuit_of(outlet)),
                    Ends::Neutral(_)
                )
            );
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
