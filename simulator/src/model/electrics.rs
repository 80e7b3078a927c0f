//! What the sensors read: the wiring as phasors.
//!
//! Lines carry sine voltages a third of a turn apart, which wander by a volt or two. Connected equipment draws constant
//! active and reactive power. Currents follow from both, and add up as vectors in protectors, lines and the neutral.
//! There are no losses: what goes in comes out. Readings change with each whole second; noise goes into the voltages and
//! into what is drawn, never into what follows from them, so the laws hold at every moment.

#[cfg(test)]
mod by_hand;
mod connection;
mod flow;
mod grid;
#[cfg(test)]
mod laws;
mod load;
mod mains;
mod meters;
mod noise;
mod phasor;
mod unbalance;

pub use self::connection::Connection;
pub use self::load::Load;

pub(crate) use self::connection::Ends;
pub(crate) use self::flow::Drawn;
pub(crate) use self::grid::Grid;
pub(crate) use self::phasor::Phasor;

use self::flow::{Branch, Conductors};
use self::noise::{Noise, Stream};
use self::unbalance::unbalance;
use super::make_up::MakeUp;
use super::place::{Line, LinePair, Place};
use super::quantity::Quantity;
use super::sensor_id::SensorId;
use super::state::State;

const LINES: [Line; 3] = [Line::L1, Line::L2, Line::L3];
/// Amperes that leak to earth: alternating and direct.
const LEAKAGE: (f64, f64) = (0.0029, 0.0011);

/// A moment in the life of the wiring: the one that `state` was metered at.
pub(crate) struct Wiring<'a> {
    pub(crate) make_up: &'a MakeUp,
    pub(crate) state: &'a State,
}

impl Wiring<'_> {
    /// The value at a sensor that the device has, before anybody's override.
    pub(crate) fn value(&self, id: SensorId) -> f64 {
        let place = id.place;
        match id.quantity {
            Quantity::Voltage => self.voltage(place),
            Quantity::VoltageToNeutral => self.branch(place).volts.magnitude(),
            Quantity::Current => self.current(place),
            Quantity::MaximumCurrent => self.state.grid.maximum(place),
            Quantity::InrushCurrent => match place {
                Place::Outlet(outlet) => self.state.grid.inrush(outlet),
                _ => 0.0,
            },
            Quantity::ResidualCurrent => LEAKAGE.0.hypot(LEAKAGE.1),
            Quantity::ResidualAcCurrent => LEAKAGE.0,
            Quantity::ResidualDcCurrent => LEAKAGE.1,
            Quantity::UnbalancedCurrent => self.unbalance(place, |inlet, line| {
                inlet.currents[line.index()].magnitude()
            }),
            Quantity::UnbalancedLineLineCurrent => {
                self.unbalance_of_pairs(place, |inlet, pair| inlet.pairs[pair.index()].current)
            }
            Quantity::UnbalancedVoltage => {
                self.unbalance(place, |inlet, line| inlet.lines[line.index()].magnitude())
            }
            Quantity::UnbalancedLineLineVoltage => {
                self.unbalance_of_pairs(place, Conductors::between)
            }
            Quantity::ActivePower => self.power(place).re,
            Quantity::ReactivePower => self.power(place).im,
            Quantity::ApparentPower => self.power(place).magnitude(),
            Quantity::PowerFactor => power_factor(self.power(place)),
            // All waves are sines, so there is nothing but the fundamental wave.
            Quantity::DisplacementPowerFactor => self.power(place).degrees().to_radians().cos(),
            Quantity::PhaseAngle => self.power(place).degrees(),
            Quantity::ActiveEnergy | Quantity::ApparentEnergy => {
                // A sensor that was never reset counts from nothing.
                let reset = self.state.reset_at.get(&id);
                (self.counted(id) - reset.map_or(0.0, |reset| reset.counted)).max(0.0)
            }
            Quantity::LineFrequency => mains::frequency(self.make_up, self.second()),
            Quantity::Temperature => 24.0 + 0.8 * self.wave(600, 0.0) + 0.05 * self.noise(place),
            Quantity::Humidity => 41.0 + 3.0 * self.wave(900, 1.0) + 0.2 * self.noise(place),
        }
    }

    /// What an accumulating sensor has counted altogether.
    pub(crate) fn counted(&self, id: SensorId) -> f64 {
        let counted = |place| {
            let counted = self.state.grid.counted(place);
            match id.quantity {
                Quantity::ApparentEnergy => counted.volt_ampere_hours,
                _ => counted.watt_hours,
            }
        };
        match id.place {
            Place::Group(group) => self.members(group).map(counted).sum(),
            place => counted(place),
        }
    }

    /// The outlets of a group.
    fn members(&self, group: i32) -> impl Iterator<Item = Place> {
        let outlets = 0..self.state.outlets.len();
        outlets
            .filter(move |&outlet| self.state.is_member(group, outlet))
            .map(Place::Outlet)
    }

    fn second(&self) -> u64 {
        self.state.grid.flow().second
    }

    fn wave(&self, period: u64, shift: f64) -> f64 {
        mains::wave(self.second(), period, shift)
    }

    fn noise(&self, place: Place) -> f64 {
        match place {
            Place::Slot(slot) => Noise(self.make_up.seed).at(Stream::Slot(slot), self.second()),
            _ => 0.0,
        }
    }

    fn branch(&self, place: Place) -> Branch {
        let flow = self.state.grid.flow();
        flow.branch(self.make_up, place).unwrap_or_default()
    }

    fn power(&self, place: Place) -> Phasor {
        let flow = self.state.grid.flow();
        match place {
            Place::Group(group) => self
                .members(group)
                .map(|outlet| flow.power(self.make_up, outlet))
                .sum(),
            _ => flow.power(self.make_up, place),
        }
    }

    fn conductors(&self, inlet: usize) -> Option<&Conductors> {
        self.state.grid.flow().inlets.get(inlet)
    }

    /// Of three lines, a pole shows the volts to the next line, and the inlet their mean.
    fn voltage(&self, place: Place) -> f64 {
        let between = |inlet: usize, pair| {
            self.conductors(inlet)
                .map_or(0.0, |inlet| inlet.between(pair).magnitude())
        };
        match place {
            Place::Inlet(inlet) if self.make_up.three_phase => {
                LinePair::ALL
                    .map(|pair| between(inlet, pair))
                    .iter()
                    .sum::<f64>()
                    / 3.0
            }
            Place::Pole(inlet, line) if self.make_up.three_phase && line != Line::Neutral => {
                between(inlet, LinePair::ALL[line.index()])
            }
            _ => self.branch(place).volts.magnitude(),
        }
    }

    /// An inlet shows the current of the line that carries most.
    fn current(&self, place: Place) -> f64 {
        match place {
            Place::Inlet(inlet) => LINES
                .map(|line| self.branch(Place::Pole(inlet, line)).current.magnitude())
                .into_iter()
                .fold(0.0, f64::max),
            _ => self.branch(place).current.magnitude(),
        }
    }

    fn unbalance(&self, place: Place, of: impl Fn(&Conductors, Line) -> f64) -> f64 {
        match place {
            Place::Inlet(inlet) if self.make_up.three_phase => self
                .conductors(inlet)
                .map_or(0.0, |inlet| unbalance(LINES.map(|line| of(inlet, line)))),
            _ => 0.0,
        }
    }

    fn unbalance_of_pairs(
        &self,
        place: Place,
        of: impl Fn(&Conductors, LinePair) -> Phasor,
    ) -> f64 {
        self.unbalance(place, |inlet, line| {
            of(inlet, LinePair::ALL[line.index()]).magnitude()
        })
    }
}

/// Active by apparent power; 1 where nothing flows.
fn power_factor(power: Phasor) -> f64 {
    let apparent = power.magnitude();
    if apparent > 0.0 {
        (power.re / apparent).clamp(-1.0, 1.0)
    } else {
        1.0
    }
}
