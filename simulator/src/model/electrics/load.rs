//! What is connected to an outlet.

use super::phasor::Phasor;

/// Equipment as an outlet sees it: it draws constant power, whatever the voltage.
///
/// ```
/// use xerus_sim::Load;
///
/// let server = Load::new(400.0, 0.8);
/// assert_eq!(server.watts(), 400.0);
/// // 400 W at 0.8 are 500 VA, of which 300 var: inductive, unless it is said to be capacitive.
/// assert!((server.reactive() - 300.0).abs() < 1e-9);
/// assert!((server.capacitive().reactive() + 300.0).abs() < 1e-9);
/// ```
#[derive(Clone, Copy, Debug, PartialEq)]
#[must_use]
pub struct Load {
    watts: f64,
    power_factor: f64,
    capacitive: bool,
    inrush: f64,
}

impl Load {
    /// Most watts of a load.
    const MOST_WATTS: f64 = 100_000.0;

    /// Draws `watts` (0 to 100 000) at a power factor of 0.1 to 1, its current behind the voltage. Numbers beyond
    /// these are brought into their range.
    pub fn new(watts: f64, power_factor: f64) -> Self {
        Self {
            watts: within(watts, 0.0, Self::MOST_WATTS),
            power_factor: within(power_factor, 0.1, 1.0),
            capacitive: false,
            inrush: 6.0,
        }
    }

    /// The same with the current ahead of the voltage, as small power supplies have it.
    pub fn capacitive(mut self) -> Self {
        self.capacitive = true;
        self
    }

    /// How many times the usual current flows for a moment when it is switched on, 1 to 100. 6 unless said.
    pub fn inrush(mut self, times: f64) -> Self {
        self.inrush = within(times, 1.0, 100.0);
        self
    }

    /// Active power in watts.
    #[must_use]
    pub fn watts(&self) -> f64 {
        self.watts
    }

    /// Active by apparent power.
    #[must_use]
    pub fn power_factor(&self) -> f64 {
        self.power_factor
    }

    /// Reactive power in volt-amperes reactive: positive for inductive loads, negative for capacitive ones.
    #[must_use]
    pub fn reactive(&self) -> f64 {
        let tangent = (1.0 - self.power_factor * self.power_factor).sqrt() / self.power_factor;
        let sign = if self.capacitive { -1.0 } else { 1.0 };
        sign * self.watts * tangent
    }

    /// The current at switching on, in times of the usual current.
    pub(crate) fn inrush_times(&self) -> f64 {
        self.inrush
    }

    /// Active and reactive power as one number.
    pub(crate) fn power(&self) -> Phasor {
        Phasor::new(self.watts, self.reactive())
    }
}

/// What is not a number becomes the least.
fn within(number: f64, least: f64, most: f64) -> f64 {
    if number.is_nan() {
        least
    } else {
        number.clamp(least, most)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_brought_into_range() {
        for (watts, power_factor, expected) in [
            (-5.0, 2.0, (0.0, 1.0)),
            (f64::NAN, f64::NAN, (0.0, 0.1)),
            (f64::INFINITY, 0.0, (100_000.0, 0.1)),
        ] {
            let load = Load::new(watts, power_factor);
            assert_eq!((load.watts(), load.power_factor()), expected);
            assert!(load.power().magnitude().is_finite());
        }
        assert_eq!(Load::new(1.0, 1.0).inrush(0.0).inrush_times(), 1.0);
        assert_eq!(Load::new(1.0, 1.0).inrush(1e9).inrush_times(), 100.0);
        assert_eq!(Load::new(1.0, 1.0).inrush_times(), 6.0);
        assert_eq!(Load::new(500.0, 1.0).reactive(), 0.0);
    }
}
