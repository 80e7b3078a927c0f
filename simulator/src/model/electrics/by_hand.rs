//! Cases worked out on paper: lines at 230 V (or 120 V), one outlet on each line or pair.

use super::connection::Connection;
use super::flow::{Drawn, Flow};
use super::load::Load;
use super::phasor::Phasor;
use super::unbalance::unbalance;
use crate::model::make_up::MakeUp;
use crate::model::place::{Line, LinePair, Place};

/// Lines at exactly their nominal voltage, and three outlets.
fn flow(connection: Connection, loads: [Load; 3]) -> (MakeUp, Flow) {
    let make_up = MakeUp {
        outlets: 3,
        overcurrent_protectors: 0,
        three_phase: true,
        connection,
        ..MakeUp::default()
    };
    let drawn = Drawn {
        loads: loads.map(Some).to_vec(),
        tripped: Vec::new(),
        source: None,
        dead: [false; 2],
    };
    let lines = Phasor::three_lines([connection.volts(); 3]);
    let flow = Flow::at(&make_up, 0, drawn, |_| lines);
    (make_up, flow)
}

fn near(value: f64, expected: f64) {
    assert!((value - expected).abs() < 1e-3, "{value} is not {expected}");
}

fn currents(flow: &Flow) -> [f64; 3] {
    flow.inlets[0].currents.map(Phasor::magnitude)
}

#[test]
fn an_unbalanced_wye() {
    // L1: 2 300 W at 1: 10 A, angle 0.
    // L2: 920 W at 0.8 inductive: 1 150 VA, 5 A, 36.870 degrees behind its voltage at -120: at -156.870.
    // L3: 828 W at 0.9 capacitive: 920 VA, 4 A, 25.842 degrees ahead of its voltage at 120: at 145.842.
    let loads = [
        Load::new(2_300.0, 1.0),
        Load::new(920.0, 0.8),
        Load::new(828.0, 0.9).capacitive(),
    ];
    let (make_up, flow) = flow(Connection::Wye, loads);
    let [first, second, third] = currents(&flow);
    near(first, 10.0);
    near(second, 5.0);
    near(third, 4.0);
    // Neutral: 10 - 4.59809 - 3.30999 = 2.09192 along, -1.96410 + 2.24599 = 0.28189 across: 2.11083 A.
    near(flow.inlets[0].neutral.re, 2.091_92);
    near(flow.inlets[0].neutral.im, 0.281_89);
    near(
        flow.inlets[0].pole(Line::Neutral).current.magnitude(),
        2.110_83,
    );
    // Mean 19/3 A; the first line is 11/3 A above it.
    near(unbalance(currents(&flow)), 57.894_7);
    // 2 300 + 920 + 828 W; 0 + 690 - 401.018 var.
    let power = flow.power(&make_up, Place::Inlet(0));
    near(power.re, 4_048.0);
    near(power.im, 288.982);
    near(power.magnitude(), 4_058.302);
    near(power.degrees(), 4.083_4);
    near(flow.power(&make_up, Place::Pole(0, Line::L3)).im, -401.018);
    near(flow.inlets[0].between(LinePair::L2L3).magnitude(), 398.372);
}

#[test]
fn a_balanced_wye_needs_no_neutral() {
    let (make_up, flow) = flow(Connection::Wye, [Load::new(1_150.0, 0.5); 3]);
    for current in currents(&flow) {
        near(current, 10.0);
    }
    assert!(flow.inlets[0].neutral.magnitude() < 1e-9);
    assert!(unbalance(currents(&flow)) < 1e-9);
    // The sum of three lines: the square root of 3, times volts between lines, times amperes.
    let apparent = flow.power(&make_up, Place::Inlet(0)).magnitude();
    near(apparent, 3.0_f64.sqrt() * 398.371_685 * 10.0);
}

#[test]
fn an_unbalanced_delta() {
    // Between lines: 120 V times the square root of 3, 207.846 V. One load of 10 A between the first two lines.
    let loads = [
        Load::new(2_078.460_969, 1.0),
        Load::new(0.0, 1.0),
        Load::new(0.0, 1.0),
    ];
    let (make_up, flow) = flow(Connection::Delta, loads);
    let inlet = &flow.inlets[0];
    near(inlet.between(LinePair::L1L2).magnitude(), 207.846);
    near(inlet.pairs[0].current.magnitude(), 10.0);
    for (current, expected) in currents(&flow).into_iter().zip([10.0, 10.0, 0.0]) {
        near(current, expected);
    }
    // What comes by one line goes by the other.
    near((inlet.currents[0] + inlet.currents[1]).magnitude(), 0.0);
    assert_eq!(inlet.neutral, Phasor::ZERO);
    // Mean 20/3 A, the third line is 20/3 A below it.
    near(unbalance(currents(&flow)), 100.0);
    near(
        flow.power(&make_up, Place::LinePair(0, LinePair::L1L2)).re,
        2_078.461,
    );
    near(flow.power(&make_up, Place::Inlet(0)).re, 2_078.461);
}

#[test]
fn a_balanced_delta_has_line_currents_of_root_three() {
    let (make_up, flow) = flow(Connection::Delta, [Load::new(2_078.460_969, 1.0); 3]);
    for current in currents(&flow) {
        near(current, 10.0 * 3.0_f64.sqrt());
    }
    assert!(unbalance(currents(&flow)) < 1e-9);
    near(flow.power(&make_up, Place::Pdu).re, 6_235.383);
    assert!(flow.power(&make_up, Place::Pdu).im.abs() < 1e-6);
}
