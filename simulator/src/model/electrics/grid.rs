//! What the wiring remembers: what flows now, what was counted, and the highest currents.

use std::collections::BTreeMap;
use std::time::Duration;

use super::flow::{Drawn, Flow};
use super::meters::{Counted, Meters};
use super::noise::Noise;
use super::phasor::Phasor;
use crate::model::make_up::MakeUp;
use crate::model::place::Place;

/// The memory of the wiring.
#[derive(Debug)]
pub(crate) struct Grid {
    flow: Flow,
    meters: Meters,
    maxima: BTreeMap<Place, f64>,
    /// By outlet, in amperes.
    inrush: Vec<f64>,
}

impl Grid {
    /// Wiring that has carried what `before` says, by outlet in watt-hours and reactive volt-ampere-hours.
    pub(crate) fn new(make_up: &MakeUp, drawn: Drawn, now: Duration, before: &[Phasor]) -> Self {
        let mut grid = Self {
            flow: Flow::new(make_up, now.as_secs(), drawn),
            meters: Meters::new(make_up, now, before),
            maxima: BTreeMap::new(),
            inrush: vec![0.0; make_up.outlets],
        };
        grid.note_maxima();
        grid
    }

    /// Lets time pass until `now` with `drawn` as it is. Must be called before and after whatever changes it.
    pub(crate) fn advance(&mut self, make_up: &MakeUp, drawn: Drawn, now: Duration) {
        // Somebody else may have been here since the caller looked at the clock.
        let now = now.max(self.meters.at());
        let period = Noise(make_up.seed).load_period();
        self.meters.advance(make_up, &self.flow, now, period);
        let second = now.as_secs();
        if self.flow.second == second && self.flow.drawn == drawn {
            return;
        }
        let before = std::mem::replace(&mut self.flow, Flow::new(make_up, second, drawn));
        self.note_maxima();
        self.note_inrush(&before);
    }

    pub(crate) fn flow(&self) -> &Flow {
        &self.flow
    }

    pub(crate) fn counted(&self, place: Place) -> Counted {
        self.meters.counted(place)
    }

    /// The highest current through an outlet or protector.
    pub(crate) fn maximum(&self, place: Place) -> f64 {
        self.maxima.get(&place).copied().unwrap_or(0.0)
    }

    /// Forgets the highest current but for the one of now.
    pub(crate) fn reset_maximum(&mut self, place: Place) {
        self.maxima.remove(&place);
        self.note_maxima();
    }

    /// The current when an outlet began to give power; 0 if it has given power since the device started.
    pub(crate) fn inrush(&self, outlet: usize) -> f64 {
        self.inrush.get(outlet).copied().unwrap_or(0.0)
    }

    fn note_maxima(&mut self) {
        let outlets = self.flow.outlets.iter().enumerate();
        let protectors = self.flow.protectors.iter().enumerate();
        let currents = outlets
            .map(|(index, branch)| (Place::Outlet(index), branch.current))
            .chain(protectors.map(|(index, branch)| (Place::Ocp(index), branch.current)));
        for (place, current) in currents {
            let maximum = self.maxima.entry(place).or_insert(0.0);
            *maximum = maximum.max(current.magnitude());
        }
    }

    fn note_inrush(&mut self, before: &Flow) {
        let branches = before.outlets.iter().zip(&self.flow.outlets);
        let loads = self.flow.drawn.loads.iter();
        for ((inrush, (before, now)), load) in self.inrush.iter_mut().zip(branches).zip(loads) {
            if let Some(load) = load
                && before.current == Phasor::ZERO
                && now.current != Phasor::ZERO
            {
                *inrush = now.current.magnitude() * load.inrush_times();
            }
        }
    }
}
