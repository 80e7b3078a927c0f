//! Alternating voltages, currents and powers as vectors.

use std::iter::Sum;
use std::ops::{Add, Mul, Neg, Sub};

/// A sine wave by its effective value and its angle, as a complex number.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub(crate) struct Phasor {
    pub(crate) re: f64,
    pub(crate) im: f64,
}

impl Phasor {
    pub(crate) const ZERO: Self = Self { re: 0.0, im: 0.0 };

    pub(crate) const fn new(re: f64, im: f64) -> Self {
        Self { re, im }
    }

    /// The voltages of three lines, a third of a turn apart, by their effective values. The second line lags behind
    /// the first.
    pub(crate) fn three_lines(volts: [f64; 3]) -> [Self; 3] {
        let [first, second, third] = volts;
        // Cosine and sine of 120 degrees; the functions would be off by rounding.
        let (cos, sin) = (-0.5, 0.5 * 3.0_f64.sqrt());
        [
            Self::new(first, 0.0),
            Self::new(second * cos, -second * sin),
            Self::new(third * cos, third * sin),
        ]
    }

    /// The effective value.
    pub(crate) fn magnitude(self) -> f64 {
        self.re.hypot(self.im)
    }

    /// Degrees, over -180 and up to 180; 0 for nothing.
    pub(crate) fn degrees(self) -> f64 {
        // The angle of a negative zero would be half a turn.
        if self == Self::ZERO {
            0.0
        } else {
            self.im.atan2(self.re).to_degrees()
        }
    }

    pub(crate) fn conjugate(self) -> Self {
        Self::new(self.re, -self.im)
    }

    pub(crate) fn scaled(self, factor: f64) -> Self {
        Self::new(self.re * factor, self.im * factor)
    }

    /// The current that takes this complex power from `volts`; none where there is no voltage.
    pub(crate) fn current_at(self, volts: Self) -> Self {
        let square = volts.re * volts.re + volts.im * volts.im;
        if square > 0.0 {
            (self.conjugate() * volts).scaled(1.0 / square)
        } else {
            Self::ZERO
        }
    }
}

impl Add for Phasor {
    type Output = Self;

    fn add(self, other: Self) -> Self {
        Self::new(self.re + other.re, self.im + other.im)
    }
}

impl Sub for Phasor {
    type Output = Self;

    fn sub(self, other: Self) -> Self {
        Self::new(self.re - other.re, self.im - other.im)
    }
}

impl Neg for Phasor {
    type Output = Self;

    fn neg(self) -> Self {
        Self::new(-self.re, -self.im)
    }
}

impl Mul for Phasor {
    type Output = Self;

    fn mul(self, other: Self) -> Self {
        Self::new(
            self.re * other.re - self.im * other.im,
            self.re * other.im + self.im * other.re,
        )
    }
}

impl Sum for Phasor {
    fn sum<I: Iterator<Item = Self>>(parts: I) -> Self {
        parts.fold(Self::ZERO, Add::add)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn three_equal_lines_cancel_and_follow_each_other() {
        let lines = Phasor::three_lines([230.0; 3]);
        assert!(lines.into_iter().sum::<Phasor>().magnitude() < 1e-9);
        let angles = lines.map(Phasor::degrees);
        for (angle, expected) in angles.into_iter().zip([0.0, -120.0, 120.0]) {
            assert!((angle - expected).abs() < 1e-9, "{angles:?}");
        }
        // 230 V to neutral are 398.4 V between lines.
        assert!(((lines[0] - lines[1]).magnitude() - 398.371_685).abs() < 1e-5);
        assert!(((lines[0] - lines[1]).degrees() - 30.0).abs() < 1e-9);
    }

    #[test]
    fn a_current_gives_the_power_back() {
        let volts = Phasor::new(-115.0, 199.0);
        let power = Phasor::new(300.0, -120.0);
        let current = power.current_at(volts);
        let back = volts * current.conjugate();
        assert!((back - power).magnitude() < 1e-9, "{back:?}");
        assert_eq!(power.current_at(Phasor::ZERO), Phasor::ZERO);
        assert_eq!(-power, Phasor::ZERO - power);
        assert_eq!((-Phasor::ZERO).degrees(), 0.0);
    }
}
