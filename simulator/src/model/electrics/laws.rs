//! Laws that hold at every moment, whatever the wiring, the loads and the noise.

use std::time::Duration;

use super::{Connection, Load, Wiring};
use crate::model::make_up::MakeUp;
use crate::model::place::{Line, LinePair, Place};
use crate::model::quantity::Quantity as Q;
use crate::model::sensor_id::SensorId;
use crate::model::state::State;

/// A device, and numbers that look random but are the same in each run.
struct Bench {
    make_up: MakeUp,
    state: State,
    now: Duration,
    dice: u64,
}

const START: Duration = Duration::from_secs(1_700_000_000);

impl Bench {
    fn new(make_up: MakeUp) -> Self {
        let make_up = make_up.normalized();
        Self {
            state: State::new(&make_up, START),
            now: START,
            dice: make_up.seed.unwrap_or(0) ^ 0x5eed,
            make_up,
        }
    }

    fn read(&self, place: Place, quantity: Q) -> f64 {
        let wiring = Wiring {
            make_up: &self.make_up,
            state: &self.state,
        };
        wiring.value(SensorId::new(place, quantity))
    }

    fn sum(&self, places: impl IntoIterator<Item = Place>, quantity: Q) -> f64 {
        places
            .into_iter()
            .map(|place| self.read(place, quantity))
            .sum()
    }

    fn pass(&mut self, time: Duration) {
        self.now += time;
        self.state.meter(&self.make_up, self.now);
    }

    fn change(&mut self, change: impl FnOnce(&mut State)) {
        self.pass(Duration::ZERO);
        change(&mut self.state);
        self.pass(Duration::ZERO);
    }

    /// A number below `end`.
    fn roll(&mut self, end: u64) -> u64 {
        self.dice = self
            .dice
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1_442_695_040_888_963_407);
        (self.dice >> 33) % end
    }

    /// Switches, connects, trips or waits.
    fn something_happens(&mut self) {
        let outlet = usize::try_from(self.roll(self.make_up.outlets as u64)).unwrap();
        match self.roll(4) {
            0 => self.change(|state| state.outlets[outlet].on ^= true),
            1 => {
                let load = Load::new(self.roll(900) as f64, 0.2 + self.roll(81) as f64 / 100.0);
                let load = if self.roll(2) == 0 {
                    load.capacitive()
                } else {
                    load
                };
                self.change(|state| state.outlets[outlet].load = load);
            }
            2 if self.make_up.overcurrent_protectors > 0 => {
                let protectors = self.make_up.overcurrent_protectors as u64;
                let protector = usize::try_from(self.roll(protectors)).unwrap();
                self.change(|state| state.tripped[protector] ^= true);
            }
            _ => {
                let time = Duration::from_millis(self.roll(400_000));
                self.pass(time);
            }
        }
    }

    fn outlets(&self) -> impl Iterator<Item = usize> + use<> {
        0..self.make_up.outlets
    }

    fn powered(&self, outlet: usize) -> bool {
        let tripped = |ocp: usize| self.state.tripped[ocp];
        self.state.outlets[outlet].on && !self.make_up.ocp_of(outlet).is_some_and(tripped)
    }
}

/// Devices of every kind of wiring.
fn wirings() -> Vec<MakeUp> {
    let mut all = Vec::new();
    for (outlets, inlets, protectors) in
        [(8, 1, 2), (12, 1, 6), (24, 2, 12), (9, 1, 0), (36, 3, 18)]
    {
        for seed in [None, Some(1), Some(2_026)] {
            for connection in [
                None,
                Some(Connection::Wye),
                Some(Connection::Delta),
                Some(Connection::Mixed),
            ] {
                all.push(MakeUp {
                    outlets,
                    inlets,
                    overcurrent_protectors: protectors,
                    three_phase: connection.is_some(),
                    connection: connection.unwrap_or_default(),
                    seed,
                    ..MakeUp::default()
                });
            }
        }
    }
    all
}

/// Calls `law` at many moments in the lives of many devices.
fn always(law: impl Fn(&Bench)) {
    for make_up in wirings() {
        let mut bench = Bench::new(make_up);
        for _ in 0..40 {
            law(&bench);
            bench.something_happens();
        }
    }
}

#[track_caller]
fn same(left: f64, right: f64) {
    let scale = left.abs().max(right.abs()).max(1.0);
    assert!((left - right).abs() < 1e-9 * scale, "{left} is not {right}");
}

/// Where one current flows at one voltage.
fn branches(make_up: &MakeUp) -> Vec<Place> {
    let mut places: Vec<Place> = (0..make_up.outlets).map(Place::Outlet).collect();
    places.extend((0..make_up.overcurrent_protectors).map(Place::Ocp));
    for inlet in 0..make_up.inlets {
        if make_up.three_phase {
            places.extend(LinePair::ALL.map(|pair| Place::LinePair(inlet, pair)));
        } else {
            places.extend([Place::Inlet(inlet), Place::Pole(inlet, Line::L1)]);
        }
    }
    places
}

#[test]
fn active_power_is_voltage_times_current_times_power_factor() {
    always(|bench| {
        for place in branches(&bench.make_up) {
            // What is sent for pairs of a wye is nothing but the voltage.
            let volt_amperes = bench.read(place, Q::Voltage) * bench.read(place, Q::Current);
            same(volt_amperes, bench.read(place, Q::ApparentPower));
            same(
                volt_amperes * bench.read(place, Q::PowerFactor),
                bench.read(place, Q::ActivePower),
            );
        }
    });
}

#[test]
fn powers_are_the_sides_of_a_right_triangle() {
    always(|bench| {
        let mut places = branches(&bench.make_up);
        places.push(Place::Pdu);
        for inlet in 0..bench.make_up.inlets {
            places.push(Place::Inlet(inlet));
            places.extend(
                bench
                    .make_up
                    .lines()
                    .iter()
                    .map(|&line| Place::Pole(inlet, line)),
            );
        }
        for place in places {
            let [active, reactive, apparent, factor, angle, displacement] = [
                Q::ActivePower,
                Q::ReactivePower,
                Q::ApparentPower,
                Q::PowerFactor,
                Q::PhaseAngle,
                Q::DisplacementPowerFactor,
            ]
            .map(|quantity| bench.read(place, quantity));
            same(active.hypot(reactive), apparent);
            assert!((-1.0..=1.0).contains(&factor), "{factor}");
            same(apparent * factor, active);
            same(apparent * angle.to_radians().sin(), reactive);
            same(angle.to_radians().cos(), displacement);
            assert!((displacement - factor).abs() < 1e-9);
        }
    });
}

#[test]
fn what_comes_in_goes_out() {
    always(|bench| {
        let make_up = &bench.make_up;
        for quantity in [Q::ActivePower, Q::ReactivePower, Q::ActiveEnergy] {
            let device = bench.sum([Place::Pdu], quantity);
            let outlets = bench.sum(bench.outlets().map(Place::Outlet), quantity);
            let inlets = bench.sum((0..make_up.inlets).map(Place::Inlet), quantity);
            if quantity == Q::ReactivePower {
                // The difference of numbers that are much greater.
                assert!((outlets - device).abs() < 1e-6 && (inlets - device).abs() < 1e-6);
            } else {
                same(outlets, device);
                same(inlets, device);
            }
            let protectors = make_up.overcurrent_protectors;
            for ocp in 0..protectors {
                let behind = bench
                    .outlets()
                    .filter(|&outlet| make_up.ocp_of(outlet) == Some(ocp));
                same(
                    bench.sum(behind.map(Place::Outlet), quantity),
                    bench.read(Place::Ocp(ocp), quantity),
                );
            }
            for inlet in 0..make_up.inlets {
                let total = bench.read(Place::Inlet(inlet), quantity);
                let poles = make_up.lines().iter().map(|&line| Place::Pole(inlet, line));
                if quantity != Q::ActiveEnergy || make_up.has_pole_meters() {
                    assert!((bench.sum(poles, quantity) - total).abs() < 1e-6);
                }
                if make_up.three_phase && make_up.connection == Connection::Delta {
                    let pairs = LinePair::ALL.map(|pair| Place::LinePair(inlet, pair));
                    same(bench.sum(pairs, quantity), total);
                }
            }
        }
    });
}

#[test]
fn an_outlet_draws_its_load_or_nothing() {
    always(|bench| {
        for outlet in bench.outlets() {
            let at = |quantity| bench.read(Place::Outlet(outlet), quantity);
            let load = bench.state.outlets[outlet].load;
            if bench.powered(outlet) {
                let wander = if bench.make_up.seed.is_some() {
                    0.02
                } else {
                    1e-12
                };
                assert!((at(Q::ActivePower) - load.watts()).abs() <= wander * load.watts() + 1e-9);
                if load.watts() > 0.0 {
                    same(at(Q::PowerFactor), load.power_factor());
                    same(
                        at(Q::ReactivePower) / at(Q::ActivePower),
                        load.reactive() / load.watts(),
                    );
                }
            } else {
                for quantity in [
                    Q::Current,
                    Q::ActivePower,
                    Q::ReactivePower,
                    Q::ApparentPower,
                ] {
                    assert_eq!(at(quantity), 0.0);
                }
            }
            let ocp = bench.make_up.ocp_of(outlet);
            let tripped = ocp.is_some_and(|ocp| bench.state.tripped[ocp]);
            assert_eq!(at(Q::Voltage) == 0.0, tripped);
        }
    });
}

#[test]
fn currents_meet_as_vectors() {
    always(|bench| {
        let make_up = &bench.make_up;
        for inlet in 0..make_up.inlets {
            let pole = |line| bench.read(Place::Pole(inlet, line), Q::Current);
            let flow = &bench.state.grid.flow().inlets[inlet];
            let together = flow.currents[0] + flow.currents[1] + flow.currents[2];
            same(together.magnitude(), pole(Line::Neutral));
            let lines = make_up.lines().iter().map(|&line| pole(line));
            same(
                lines.fold(0.0, f64::max),
                bench.read(Place::Inlet(inlet), Q::Current),
            );
            if !make_up.three_phase {
                same(pole(Line::L1), pole(Line::Neutral));
            } else if make_up.connection == Connection::Delta {
                assert!(pole(Line::Neutral) < 1e-9);
            }
        }
    });
}

#[test]
fn volts_between_lines_are_the_difference_of_vectors() {
    always(|bench| {
        for inlet in 0..bench.make_up.inlets {
            if !bench.make_up.three_phase {
                let inlet_volts = bench.read(Place::Inlet(inlet), Q::Voltage);
                same(
                    inlet_volts,
                    bench.read(Place::Pole(inlet, Line::L1), Q::VoltageToNeutral),
                );
                continue;
            }
            let mut mean = 0.0;
            for pair in LinePair::ALL {
                let (from, to) = pair.lines();
                let to_neutral = |line| bench.read(Place::Pole(inlet, line), Q::VoltageToNeutral);
                let (a, b) = (to_neutral(from), to_neutral(to));
                // The side of a triangle opposite an angle of 120 degrees.
                let between = (a * a + b * b + a * b).sqrt();
                same(
                    between,
                    bench.read(Place::LinePair(inlet, pair), Q::Voltage),
                );
                same(between, bench.read(Place::Pole(inlet, from), Q::Voltage));
                mean += between / 3.0;
            }
            same(mean, bench.read(Place::Inlet(inlet), Q::Voltage));
        }
    });
}

#[test]
fn energy_is_the_integral_of_power_and_never_falls() {
    for make_up in wirings() {
        // One passes the time at once, the other in steps of less than a second and more.
        let (mut at_once, mut in_steps) = (Bench::new(make_up.clone()), Bench::new(make_up));
        let places = || {
            (0..8)
                .map(Place::Outlet)
                .chain([Place::Pdu, Place::Inlet(0)])
        };
        let read = |bench: &Bench| -> Vec<f64> {
            places()
                .flat_map(|place| {
                    [Q::ActiveEnergy, Q::ApparentEnergy].map(|quantity| bench.read(place, quantity))
                })
                .collect()
        };
        let start = read(&at_once);
        let mut summed = start.clone();
        for (step, millis) in [300_u64, 700, 1_000, 1_000, 90_500, 500, 64_000, 333_333]
            .into_iter()
            .enumerate()
        {
            let before = read(&in_steps);
            let powers: Vec<f64> = places()
                .flat_map(|place| {
                    [Q::ActivePower, Q::ApparentPower]
                        .map(|quantity| in_steps.read(place, quantity))
                })
                .collect();
            in_steps.pass(Duration::from_millis(millis));
            let after = read(&in_steps);
            assert!(
                before
                    .iter()
                    .zip(&after)
                    .all(|(before, after)| after >= before)
            );
            if step < 2 {
                // Within one second power is constant.
                for (index, power) in powers.into_iter().enumerate() {
                    summed[index] += power * millis as f64 / 3_600_000.0;
                    same(summed[index], after[index]);
                }
            }
        }
        at_once.pass(in_steps.now - START);
        for (index, (once, steps)) in read(&at_once).into_iter().zip(read(&in_steps)).enumerate() {
            same(once, steps);
            assert!(once > start[index]);
        }
        // Nothing flows, nothing is counted.
        at_once.change(|state| {
            state
                .outlets
                .iter_mut()
                .for_each(|outlet| outlet.on = false);
        });
        let before = read(&at_once);
        at_once.pass(Duration::from_secs(86_400));
        assert_eq!(before, read(&at_once));
    }
}

#[test]
fn a_year_is_counted_as_seconds_are() {
    let make_up = MakeUp {
        seed: Some(5),
        ..MakeUp::default()
    };
    let mut bench = Bench::new(make_up);
    let load = bench.state.outlets[0].load.watts();
    let before = bench.read(Place::Outlet(0), Q::ActiveEnergy);
    bench.pass(Duration::from_secs(365 * 86_400));
    let counted = bench.read(Place::Outlet(0), Q::ActiveEnergy) - before;
    assert!((counted / (load * 8_760.0) - 1.0).abs() < 0.01, "{counted}");
}

#[test]
fn maxima_are_the_highest_currents_and_inrush_comes_with_switching_on() {
    let mut bench = Bench::new(MakeUp::default());
    let read = |bench: &Bench, place| {
        (
            bench.read(place, Q::Current),
            bench.read(place, Q::MaximumCurrent),
        )
    };
    let (usual, maximum) = read(&bench, Place::Ocp(0));
    assert!(usual > 0.0);
    same(usual, maximum);
    assert_eq!(bench.read(Place::Outlet(0), Q::InrushCurrent), 0.0);
    let load = Load::new(1_000.0, 1.0).inrush(8.0);
    bench.change(|state| state.outlets[0].load = load);
    let (high, _) = read(&bench, Place::Ocp(0));
    assert!(high > usual + 3.0);
    bench.change(|state| state.outlets[0].on = false);
    bench.pass(Duration::from_secs(5));
    let (low, maximum) = read(&bench, Place::Ocp(0));
    assert!(low < usual);
    same(maximum, high);
    // What was connected while it was on was not switched on.
    assert_eq!(bench.read(Place::Outlet(0), Q::InrushCurrent), 0.0);
    bench.state.grid.reset_maximum(Place::Ocp(0));
    same(read(&bench, Place::Ocp(0)).1, low);
    bench.change(|state| state.outlets[0].on = true);
    same(
        bench.read(Place::Outlet(0), Q::InrushCurrent),
        8.0 * bench.read(Place::Outlet(0), Q::Current),
    );
}

#[test]
fn the_same_seed_gives_the_same_readings() {
    let read = |seed: Option<u64>, seconds| {
        let mut bench = Bench::new(MakeUp {
            seed,
            ..MakeUp::default()
        });
        bench.pass(Duration::from_secs(seconds));
        [
            (Place::Inlet(0), Q::Voltage),
            (Place::Outlet(3), Q::ActivePower),
            (Place::Outlet(3), Q::LineFrequency),
            (Place::Slot(0), Q::Temperature),
            (Place::Slot(1), Q::Humidity),
        ]
        .map(|(place, quantity)| bench.read(place, quantity))
    };
    assert_eq!(read(Some(1), 7), read(Some(1), 7));
    for (left, right) in [
        (read(Some(1), 7), read(Some(2), 7)),
        (read(Some(1), 7), read(None, 7)),
        (read(Some(1), 7), read(Some(1), 8)),
    ] {
        assert!(
            left.iter().zip(&right).all(|(left, right)| left != right),
            "{left:?} {right:?}"
        );
    }
    assert_eq!(read(None, 7)[1], read(None, 9)[1]);
}

#[test]
fn an_inline_meter_reads_what_passes_through() {
    let make_up = crate::model::Profile::InlineMeter.make_up();
    let mut bench = Bench::new(make_up);
    let poles = [Line::L1, Line::L2, Line::L3].map(|line| Place::Pole(0, line));
    let power = bench.read(Place::Inlet(0), Q::ActivePower);
    assert!(power > 2_000.0);
    assert!((bench.sum(poles, Q::ActivePower) - power).abs() < 1e-9);
    assert!((bench.read(Place::Pdu, Q::ActivePower) - power).abs() < 1e-9);
    let before = bench.read(Place::Pdu, Q::ActiveEnergy);
    bench.pass(Duration::from_secs(3_600));
    let counted = bench.read(Place::Pdu, Q::ActiveEnergy) - before;
    assert!(
        (counted / power - 1.0).abs() < 0.05,
        "{counted} Wh at {power} W"
    );
}
