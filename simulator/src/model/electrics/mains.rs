//! What the mains bring: voltages of the lines, and their frequency.

use super::noise::{Noise, Stream};
use super::phasor::Phasor;
use crate::model::make_up::MakeUp;

/// Volts up and down in two minutes.
const SWAY: f64 = 1.5;
/// Volts of noise.
const NOISE: f64 = 0.4;

/// A sine of the time.
pub(crate) fn wave(second: u64, period: u64, shift: f64) -> f64 {
    let turn = (second % period) as f64 / period as f64;
    (turn * std::f64::consts::TAU + shift).sin()
}

/// Volts of the lines of an inlet to neutral, a third of a turn apart. Lines that the inlet does not have are 0.
pub(crate) fn line_voltages(make_up: &MakeUp, inlet: usize, second: u64) -> [Phasor; 3] {
    let noise = Noise(make_up.seed);
    let nominal = make_up.line_volts();
    let volts = std::array::from_fn(|line| {
        if line >= make_up.lines().len() {
            return 0.0;
        }
        let shift = 2.0 * (line + 3 * inlet) as f64;
        let sway = SWAY * wave(second, 120, shift);
        nominal + sway + NOISE * noise.at(Stream::Line(inlet, line), second)
    });
    Phasor::three_lines(volts)
}

/// Hertz.
pub(crate) fn frequency(make_up: &MakeUp, second: u64) -> f64 {
    let noise = Noise(make_up.seed).at(Stream::Frequency, second);
    make_up.nominal_hertz() + 0.02 * wave(second, 61, 0.0) + 0.005 * noise
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::electrics::Connection;

    #[test]
    fn mains_stay_near_what_they_should_be() {
        for (three_phase, connection, volts, hertz) in [
            (false, Connection::Delta, 230.0, 50.0),
            (true, Connection::Wye, 230.0, 50.0),
            (true, Connection::Delta, 120.0, 60.0),
            (true, Connection::Mixed, 120.0, 60.0),
        ] {
            let make_up = MakeUp {
                three_phase,
                connection,
                seed: Some(3),
                ..MakeUp::default()
            };
            for second in 0..300 {
                let lines = line_voltages(&make_up, 0, second);
                for (line, phasor) in lines.into_iter().enumerate() {
                    let expected = if three_phase || line == 0 { volts } else { 0.0 };
                    assert!((phasor.magnitude() - expected).abs() < 1.91, "{phasor:?}");
                }
                assert!((frequency(&make_up, second) - hertz).abs() < 0.026);
            }
            // They do not stand still, and lines differ.
            assert_ne!(frequency(&make_up, 1), frequency(&make_up, 2));
            let lines = line_voltages(&make_up, 0, 7);
            assert_ne!(lines[0].magnitude(), lines[1].magnitude());
            assert_ne!(lines, line_voltages(&make_up, 0, 8));
        }
    }

    #[test]
    fn each_line_of_each_inlet_sways_by_itself() {
        let make_up = MakeUp {
            three_phase: true,
            inlets: 2,
            ..MakeUp::default()
        };
        let volts: Vec<f64> = (0..2)
            .flat_map(|inlet| line_voltages(&make_up, inlet, 7))
            .map(Phasor::magnitude)
            .collect();
        for (index, line) in volts.iter().enumerate() {
            let others = &volts[index + 1..];
            assert!(others.iter().all(|other| (other - line).abs() > 0.01));
        }
    }

    #[test]
    fn a_wave_goes_round_once_in_its_period() {
        assert_eq!(wave(0, 120, 0.0), 0.0);
        assert!((wave(30, 120, 0.0) - 1.0).abs() < 1e-12);
        assert!((wave(90, 120, 0.0) + 1.0).abs() < 1e-12);
        assert_eq!(wave(31, 120, 0.5), wave(151, 120, 0.5));
        assert!((wave(0, 60, 1.0) - 1.0_f64.sin()).abs() < 1e-12);
    }
}
