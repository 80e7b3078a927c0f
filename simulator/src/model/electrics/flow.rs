//! What flows where in one second: voltages, currents and powers as phasors.

use super::connection::Ends;
use super::load::Load;
use super::mains;
use super::noise::{Noise, Stream};
use super::phasor::Phasor;
use crate::model::make_up::MakeUp;
use crate::model::place::{Line, LinePair, Place};

/// How far what is drawn wanders: two percent.
const LOAD_NOISE: f64 = 0.02;

/// Where two conductors meet the circuits behind them.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub(crate) struct Branch {
    pub(crate) volts: Phasor,
    pub(crate) current: Phasor,
    /// Active and reactive power.
    pub(crate) power: Phasor,
}

/// What decides how much is drawn.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Drawn {
    /// The load of each outlet whose relay is closed.
    pub(crate) loads: Vec<Option<Load>>,
    /// Which protectors have tripped.
    pub(crate) tripped: Vec<bool>,
    /// The inlet that feeds everything; `None` without a transfer switch.
    pub(crate) source: Option<usize>,
    /// Which of the first inlets have no power.
    pub(crate) dead: [bool; 2],
}

impl Drawn {
    fn is_dead(&self, inlet: usize) -> bool {
        self.dead.get(inlet) == Some(&true)
    }
}

/// The conductors of one inlet.
#[derive(Clone, Debug, Default)]
pub(crate) struct Conductors {
    /// Volts of the lines to neutral, or to where neutral would be.
    pub(crate) lines: [Phasor; 3],
    /// Currents in the lines.
    pub(crate) currents: [Phasor; 3],
    /// What flows between lines, by pair.
    pub(crate) pairs: [Branch; 3],
    /// What comes back through the neutral.
    pub(crate) neutral: Phasor,
}

impl Conductors {
    /// A line against neutral.
    pub(crate) fn pole(&self, line: Line) -> Branch {
        let index = line.index();
        if line == Line::Neutral {
            return Branch {
                current: self.neutral,
                ..Branch::default()
            };
        }
        let (volts, current) = (self.lines[index], self.currents[index]);
        Branch {
            volts,
            current,
            power: volts * current.conjugate(),
        }
    }

    /// Volts between two lines.
    pub(crate) fn between(&self, pair: LinePair) -> Phasor {
        let (from, to) = pair.lines();
        self.lines[from.index()] - self.lines[to.index()]
    }

    /// What the lines bring together.
    pub(crate) fn power(&self) -> Phasor {
        let lines = [Line::L1, Line::L2, Line::L3];
        lines.into_iter().map(|line| self.pole(line).power).sum()
    }

    /// Adds a circuit that lies between `ends`.
    fn add(&mut self, ends: Ends, branch: Branch) {
        let (from, to) = ends.lines();
        self.currents[from.index()] = self.currents[from.index()] + branch.current;
        match ends {
            Ends::Neutral(_) => self.neutral = self.neutral + branch.current,
            Ends::Pair(pair) => {
                self.currents[to.index()] = self.currents[to.index()] - branch.current;
                let pair = &mut self.pairs[pair.index()];
                pair.current = pair.current + branch.current;
                pair.power = pair.power + branch.power;
            }
        }
    }
}

/// A second of the device's wiring.
#[derive(Clone, Debug)]
pub(crate) struct Flow {
    pub(crate) second: u64,
    pub(crate) drawn: Drawn,
    pub(crate) outlets: Vec<Branch>,
    pub(crate) protectors: Vec<Branch>,
    pub(crate) inlets: Vec<Conductors>,
}

/// What passes through a line of an inline meter. Unequal, so that a mixed-up answer shows.
fn passing(line: usize) -> Load {
    Load::new(900.0 + 150.0 * (line % 8) as f64, 0.95)
}

impl Flow {
    pub(crate) fn new(make_up: &MakeUp, second: u64, drawn: Drawn) -> Self {
        Self::at(make_up, second, drawn, |inlet| {
            mains::line_voltages(make_up, inlet, second)
        })
    }

    /// The same, with voltages that are given by inlet.
    pub(super) fn at(
        make_up: &MakeUp,
        second: u64,
        drawn: Drawn,
        lines: impl Fn(usize) -> [Phasor; 3],
    ) -> Self {
        let mut inlets: Vec<Conductors> = (0..make_up.inlets)
            .map(|inlet| Conductors {
                lines: if drawn.is_dead(inlet) {
                    [Phasor::ZERO; 3]
                } else {
                    lines(inlet)
                },
                ..Conductors::default()
            })
            .collect();
        let inlet_of = |circuit| {
            let wired = || make_up.inlet_of_circuit(circuit);
            drawn.source.unwrap_or_else(wired)
        };
        let volts_of = |inlets: &[Conductors], circuit: usize| {
            let conductors = &inlets[inlet_of(circuit)];
            match make_up.ends_of_circuit(circuit) {
                Ends::Neutral(line) => conductors.lines[line.index()],
                Ends::Pair(pair) => conductors.between(pair),
            }
        };
        let cut = |protector: usize| drawn.tripped.get(protector) == Some(&true);
        // Voltage is measured behind the contacts: there is none when they are open.
        let mut protectors: Vec<Branch> = (0..make_up.overcurrent_protectors)
            .map(|protector| Branch {
                volts: if cut(protector) {
                    Phasor::ZERO
                } else {
                    volts_of(&inlets, protector)
                },
                ..Branch::default()
            })
            .collect();
        let noise = Noise(make_up.seed);
        let mut outlets = Vec::with_capacity(drawn.loads.len());
        for (outlet, load) in drawn.loads.iter().enumerate() {
            let (circuit, protector) = (make_up.circuit_of(outlet), make_up.ocp_of(outlet));
            let dead = protector.is_some_and(cut) || drawn.is_dead(inlet_of(circuit));
            // An outlet measures its voltage in front of its relay.
            let volts = if dead {
                Phasor::ZERO
            } else {
                volts_of(&inlets, circuit)
            };
            let power = match load {
                Some(load) if !dead => {
                    let wander = noise.at(Stream::Load(outlet), second);
                    load.power().scaled(1.0 + LOAD_NOISE * wander)
                }
                _ => Phasor::ZERO,
            };
            let branch = Branch {
                volts,
                current: power.current_at(volts),
                power,
            };
            if let Some(protector) = protector {
                let protector = &mut protectors[protector];
                protector.current = protector.current + branch.current;
                protector.power = protector.power + branch.power;
            }
            inlets[inlet_of(circuit)].add(make_up.ends_of_circuit(circuit), branch);
            outlets.push(branch);
        }
        if make_up.is_inline_meter() {
            for (index, inlet) in inlets.iter_mut().enumerate() {
                for &line in make_up.lines() {
                    let number = 3 * index + line.index();
                    let wander = noise.at(Stream::Load(number), second);
                    let (volts, power) = (inlet.lines[line.index()], passing(number).power());
                    let power = power.scaled(1.0 + LOAD_NOISE * wander);
                    let current = power.current_at(volts);
                    let branch = Branch {
                        volts,
                        current,
                        power,
                    };
                    inlet.add(Ends::Neutral(line), branch);
                }
            }
        }
        for inlet in &mut inlets {
            for pair in LinePair::ALL {
                inlet.pairs[pair.index()].volts = inlet.between(pair);
            }
        }
        Self {
            second,
            drawn,
            outlets,
            protectors,
            inlets,
        }
    }

    /// Where a part has two conductors: not a whole inlet with three lines, not the device.
    pub(crate) fn branch(&self, make_up: &MakeUp, place: Place) -> Option<Branch> {
        match place {
            Place::Outlet(outlet) => self.outlets.get(outlet).copied(),
            Place::Ocp(protector) => self.protectors.get(protector).copied(),
            Place::Pole(inlet, line) => Some(self.inlets.get(inlet)?.pole(line)),
            Place::LinePair(inlet, pair) => Some(self.inlets.get(inlet)?.pairs[pair.index()]),
            Place::Inlet(inlet) if !make_up.three_phase => {
                Some(self.inlets.get(inlet)?.pole(Line::L1))
            }
            Place::Inlet(_) | Place::Pdu | Place::Group(_) | Place::Slot(_) => None,
        }
    }

    /// Active and reactive power at a part.
    pub(crate) fn power(&self, make_up: &MakeUp, place: Place) -> Phasor {
        match place {
            Place::Pdu => self.inlets.iter().map(Conductors::power).sum(),
            Place::Inlet(inlet) => self
                .inlets
                .get(inlet)
                .map_or(Phasor::ZERO, Conductors::power),
            _ => self
                .branch(make_up, place)
                .map_or(Phasor::ZERO, |branch| branch.power),
        }
    }
}
