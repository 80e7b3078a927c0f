//! What the sensors read: a small model of the wiring.
//!
//! Lines carry about 230 V that wander by a volt and a half. Connected equipment draws constant power; currents,
//! powers and energies of protectors, poles, inlets and the device are sums over the outlets behind them.

use std::time::Duration;

use super::make_up::MakeUp;
use super::place::{Line, Place};
use super::quantity::Quantity;
use super::sensor_id::SensorId;
use super::state::{Outlet, State};

const NOMINAL: f64 = 230.0;

/// A moment in the life of the wiring. The meters in `state` must stand at `seconds`.
pub(crate) struct Wiring<'a> {
    pub(crate) make_up: &'a MakeUp,
    pub(crate) state: &'a State,
    /// Seconds since 1970.
    pub(crate) seconds: f64,
}

impl Wiring<'_> {
    /// The value at a sensor that the device has, before anybody's override.
    pub(crate) fn value(&self, id: SensorId) -> f64 {
        match id.quantity {
            Quantity::Voltage => self.voltage(id.place),
            Quantity::VoltageToNeutral => self.to_neutral(id.place),
            Quantity::Current => self.current(id.place),
            Quantity::MaximumCurrent => self.sum(id.place, |outlet| outlet.maximum_current),
            Quantity::ResidualCurrent => 0.0031,
            Quantity::ResidualAcCurrent => 0.0029,
            Quantity::ResidualDcCurrent => 0.0011,
            Quantity::UnbalancedCurrent => self.unbalance(id.place),
            Quantity::ActivePower => self.sum(id.place, Outlet::watts),
            Quantity::ApparentPower => self.sum(id.place, Outlet::volt_amperes),
            Quantity::ReactivePower => self.sum(id.place, reactive),
            Quantity::PowerFactor => self.power_factor(id.place),
            Quantity::ActiveEnergy => {
                self.since_reset(id, self.sum(id.place, |outlet| outlet.energy))
            }
            Quantity::ApparentEnergy => {
                self.since_reset(id, self.sum(id.place, |outlet| outlet.apparent_energy))
            }
            Quantity::LineFrequency => 50.0 + 0.02 * self.wave(61.0, 0.0),
            Quantity::Temperature => 24.0 + 0.8 * self.wave(600.0, 0.0),
            Quantity::Humidity => 41.0 + 3.0 * self.wave(900.0, 1.0),
        }
    }

    /// What an accumulating sensor has counted altogether.
    pub(crate) fn counted(&self, id: SensorId) -> f64 {
        match id.quantity {
            Quantity::ApparentEnergy => self.sum(id.place, |outlet| outlet.apparent_energy),
            _ => self.sum(id.place, |outlet| outlet.energy),
        }
    }

    /// A sensor that was never reset counts from nothing.
    fn since_reset(&self, id: SensorId, counted: f64) -> f64 {
        (counted - self.state.reset_at.get(&id).copied().unwrap_or(0.0)).max(0.0)
    }

    fn wave(&self, period: f64, shift: f64) -> f64 {
        (self.seconds.rem_euclid(period) / period * std::f64::consts::TAU + shift).sin()
    }

    /// Volts between a line of an inlet and neutral.
    pub(crate) fn line_voltage(&self, inlet: usize, line: Line) -> f64 {
        if line == Line::Neutral {
            return 0.0;
        }
        let shift = 2.0 * (line.index() + 3 * inlet) as f64;
        NOMINAL + 1.5 * self.wave(120.0, shift)
    }

    fn to_neutral(&self, place: Place) -> f64 {
        match place {
            Place::Pole(inlet, line) => self.line_voltage(inlet, line),
            Place::Outlet(outlet) => {
                self.line_voltage(self.make_up.inlet_of(outlet), self.make_up.line_of(outlet))
            }
            Place::Ocp(ocp) => self.line_voltage(
                self.make_up.inlet_of_circuit(ocp),
                self.make_up.line_of_circuit(ocp),
            ),
            Place::Inlet(inlet) => {
                let lines = self.make_up.lines();
                lines
                    .iter()
                    .map(|&line| self.line_voltage(inlet, line))
                    .sum::<f64>()
                    / lines.len() as f64
            }
            Place::Pdu | Place::Slot(_) => NOMINAL,
        }
    }

    fn voltage(&self, place: Place) -> f64 {
        let between_lines =
            self.make_up.three_phase && matches!(place, Place::Inlet(_) | Place::Pole(..));
        let factor = if between_lines { 3.0_f64.sqrt() } else { 1.0 };
        self.to_neutral(place) * factor
    }

    fn current(&self, place: Place) -> f64 {
        match place {
            Place::Outlet(outlet) => self.outlet_current(outlet),
            Place::Pole(inlet, Line::Neutral) => self.neutral_current(inlet),
            Place::Inlet(inlet) => self.line_currents(inlet).into_iter().fold(0.0, f64::max),
            _ => self
                .behind(place)
                .map(|outlet| self.outlet_current(outlet))
                .sum(),
        }
    }

    /// Amperes through an outlet.
    pub(crate) fn outlet_current(&self, outlet: usize) -> f64 {
        let volts = self.to_neutral(Place::Outlet(outlet));
        self.state.outlets[outlet].volt_amperes() / volts
    }

    fn line_currents(&self, inlet: usize) -> Vec<f64> {
        self.make_up
            .lines()
            .iter()
            .map(|&line| self.current(Place::Pole(inlet, line)))
            .collect()
    }

    /// One line: what goes in comes back. Three lines: the sum of three vectors at 120 degrees.
    fn neutral_current(&self, inlet: usize) -> f64 {
        match self.line_currents(inlet).as_slice() {
            [a, b, c] => (a * a + b * b + c * c - a * b - b * c - c * a)
                .max(0.0)
                .sqrt(),
            currents => currents.iter().sum(),
        }
    }

    /// Largest deviation from the mean, in percent of it.
    fn unbalance(&self, place: Place) -> f64 {
        let Place::Inlet(inlet) = place else {
            return 0.0;
        };
        let currents = self.line_currents(inlet);
        let mean = currents.iter().sum::<f64>() / currents.len() as f64;
        if mean <= 0.0 {
            return 0.0;
        }
        currents
            .iter()
            .map(|current| (current - mean).abs())
            .fold(0.0, f64::max)
            / mean
            * 100.0
    }

    fn power_factor(&self, place: Place) -> f64 {
        let apparent = self.sum(place, Outlet::volt_amperes);
        if apparent > 0.0 {
            self.sum(place, Outlet::watts) / apparent
        } else {
            1.0
        }
    }

    /// The outlets that are fed through `place`.
    fn behind(&self, place: Place) -> impl Iterator<Item = usize> {
        let make_up = self.make_up;
        (0..self.state.outlets.len()).filter(move |&outlet| match place {
            Place::Pdu => true,
            Place::Inlet(inlet) | Place::Pole(inlet, Line::Neutral) => {
                make_up.inlet_of(outlet) == inlet
            }
            Place::Pole(inlet, line) => {
                make_up.inlet_of(outlet) == inlet && make_up.line_of(outlet) == line
            }
            Place::Outlet(index) => outlet == index,
            Place::Ocp(ocp) => make_up.ocp_of(outlet) == Some(ocp),
            Place::Slot(_) => false,
        })
    }

    fn sum(&self, place: Place, of: impl Fn(&Outlet) -> f64) -> f64 {
        self.behind(place)
            .map(|outlet| of(&self.state.outlets[outlet]))
            .sum()
    }
}

/// Keeps the highest current of each outlet, for the sensors of that name. The meters must stand at `now`.
pub(crate) fn note_maxima(make_up: &MakeUp, state: &mut State, now: Duration) {
    let wiring = Wiring {
        make_up,
        state,
        seconds: now.as_secs_f64(),
    };
    let currents: Vec<f64> = (0..state.outlets.len())
        .map(|index| wiring.outlet_current(index))
        .collect();
    for (outlet, current) in state.outlets.iter_mut().zip(currents) {
        outlet.maximum_current = outlet.maximum_current.max(current);
    }
}

fn reactive(outlet: &Outlet) -> f64 {
    let (active, apparent) = (outlet.watts(), outlet.volt_amperes());
    (apparent * apparent - active * active).max(0.0).sqrt()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn value(make_up: &MakeUp, state: &State, place: Place, quantity: Quantity) -> f64 {
        Wiring {
            make_up,
            state,
            seconds: 1_000.0,
        }
        .value(SensorId::new(place, quantity))
    }

    #[test]
    fn sums_agree_from_outlet_to_device() {
        let make_up = MakeUp {
            outlets: 12,
            overcurrent_protectors: 6,
            three_phase: true,
            ..MakeUp::default()
        };
        let mut state = State::new(&make_up, Duration::ZERO);
        state.outlets[3].on = false;
        let sum = |places: Vec<Place>| -> f64 {
            places
                .into_iter()
                .map(|place| value(&make_up, &state, place, Quantity::ActivePower))
                .sum()
        };
        let device = sum(vec![Place::Pdu]);
        let poles = [Line::L1, Line::L2, Line::L3].map(|line| Place::Pole(0, line));
        assert!(device > 500.0);
        assert!((sum((0..12).map(Place::Outlet).collect()) - device).abs() < 1e-9);
        assert!((sum((0..6).map(Place::Ocp).collect()) - device).abs() < 1e-9);
        assert!((sum(poles.to_vec()) - device).abs() < 1e-9);
        assert_eq!(
            value(&make_up, &state, Place::Outlet(3), Quantity::Current),
            0.0
        );
    }

    #[test]
    fn neutral_carries_what_a_single_line_brings() {
        let make_up = MakeUp::default();
        let state = State::new(&make_up, Duration::ZERO);
        let line = value(
            &make_up,
            &state,
            Place::Pole(0, Line::L1),
            Quantity::Current,
        );
        let neutral = value(
            &make_up,
            &state,
            Place::Pole(0, Line::Neutral),
            Quantity::Current,
        );
        assert!(line > 1.0);
        assert!((line - neutral).abs() < 1e-9);
    }

    #[test]
    fn energy_grows_only_while_power_flows() {
        let make_up = MakeUp::default();
        let mut state = State::new(&make_up, Duration::ZERO);
        let energy =
            |state: &State| value(&make_up, state, Place::Outlet(0), Quantity::ActiveEnergy);
        let (load, before) = (state.outlets[0].load, energy(&state));
        state.meter(Duration::from_secs(7_200));
        assert!((energy(&state) - before - 2.0 * load).abs() < 1e-9);
        state.outlets[0].on = false;
        state.meter(Duration::from_secs(14_400));
        assert!((energy(&state) - before - 2.0 * load).abs() < 1e-9);
    }
}
