//! Energy: power added up over the device's clock.

use std::collections::BTreeMap;
use std::time::Duration;

use super::connection::Ends;
use super::flow::Flow;
use super::phasor::Phasor;
use crate::model::make_up::MakeUp;
use crate::model::place::{Line, LinePair, Place};

/// What one meter has counted.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub(crate) struct Counted {
    pub(crate) watt_hours: f64,
    pub(crate) volt_ampere_hours: f64,
}

/// The meters of all parts. Each counts for itself: apparent energy of a whole is not the sum of its parts.
#[derive(Debug)]
pub(crate) struct Meters {
    at: Duration,
    counted: BTreeMap<Place, Counted>,
}

impl Meters {
    /// Meters that have counted as if each outlet had taken what `before` says.
    pub(crate) fn new(make_up: &MakeUp, now: Duration, before: &[Phasor]) -> Self {
        let counted = places(make_up)
            .map(|place| {
                let taken: Phasor = (0..make_up.outlets)
                    .zip(before)
                    .filter(|&(outlet, _)| feeds(make_up, place, outlet))
                    .map(|(_, taken)| *taken)
                    .sum();
                let counted = Counted {
                    watt_hours: taken.re,
                    volt_ampere_hours: taken.magnitude(),
                };
                (place, counted)
            })
            .collect();
        Self { at: now, counted }
    }

    /// Up to when they have counted.
    pub(crate) fn at(&self) -> Duration {
        self.at
    }

    pub(crate) fn counted(&self, place: Place) -> Counted {
        self.counted.get(&place).copied().unwrap_or_default()
    }

    /// Counts until `now` what is drawn since the second of `flow`, which must not have changed since. Loads come again
    /// after `period` seconds.
    pub(crate) fn advance(&mut self, make_up: &MakeUp, flow: &Flow, now: Duration, period: u64) {
        while self.at < now {
            let second = self.at.as_secs();
            let periods = (now - self.at).as_secs() / period;
            if periods > 1 && self.at.subsec_nanos() == 0 {
                for offset in 0..period {
                    self.add(make_up, flow, second + offset, periods as f64);
                }
                self.at += Duration::from_secs(periods * period);
            } else {
                let next = Duration::from_secs(second + 1).min(now);
                self.add(make_up, flow, second, (next - self.at).as_secs_f64());
                self.at = next;
            }
        }
    }

    fn add(&mut self, make_up: &MakeUp, known: &Flow, second: u64, seconds: f64) {
        let other;
        let flow = if known.second == second {
            known
        } else {
            other = Flow::new(make_up, second, known.drawn.clone());
            &other
        };
        let hours = seconds / 3_600.0;
        for (&place, counted) in &mut self.counted {
            let power = flow.power(make_up, place);
            counted.watt_hours += power.re * hours;
            counted.volt_ampere_hours += power.magnitude() * hours;
        }
    }
}

/// Where energy is counted.
fn places(make_up: &MakeUp) -> impl Iterator<Item = Place> {
    let by_pole = make_up.has_pole_meters();
    let inlets = (0..make_up.inlets).flat_map(move |inlet| {
        let poles = make_up
            .lines()
            .iter()
            .filter(move |_| by_pole)
            .map(move |&line: &Line| Place::Pole(inlet, line));
        let pairs = LinePair::ALL
            .into_iter()
            .map(move |pair| Place::LinePair(inlet, pair))
            .filter(|&place| make_up.has(place));
        [Place::Inlet(inlet)].into_iter().chain(poles).chain(pairs)
    });
    [Place::Pdu]
        .into_iter()
        .chain(inlets)
        .chain((0..make_up.overcurrent_protectors).map(Place::Ocp))
        .chain((0..make_up.outlets).map(Place::Outlet))
}

/// Whether an outlet takes its power through `place`.
fn feeds(make_up: &MakeUp, place: Place, outlet: usize) -> bool {
    let ends = make_up.ends_of_circuit(make_up.circuit_of(outlet));
    let of = |inlet| make_up.inlet_of(outlet) == inlet;
    match place {
        Place::Pdu => true,
        Place::Inlet(inlet) => of(inlet),
        Place::Pole(inlet, line) => of(inlet) && ends == Ends::Neutral(line),
        Place::LinePair(inlet, pair) => of(inlet) && ends == Ends::Pair(pair),
        Place::Outlet(index) => outlet == index,
        Place::Ocp(protector) => make_up.ocp_of(outlet) == Some(protector),
        Place::Group(_) | Place::Slot(_) => false,
    }
}
