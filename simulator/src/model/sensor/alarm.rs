//! When a passed threshold counts: after its time, and until the reading has come back far enough.

use std::time::Duration;

use super::numeric::Reading;
use super::thresholds::{ThresholdStatus, Thresholds};

/// What a sensor has said about its thresholds so far.
#[derive(Clone, Debug, Default)]
pub(crate) struct Alarm {
    status: ThresholdStatus,
    /// Since when each threshold that does not count yet is passed: as in `status`.
    passed_since: [Option<Duration>; 4],
    /// The reading that was told last.
    pub(crate) told: Option<Reading>,
}

impl Alarm {
    /// Looks at a reading that was taken at `now`. One sample is one second.
    pub(crate) fn sample(
        &mut self,
        thresholds: &Thresholds,
        value: f64,
        now: Duration,
    ) -> ThresholdStatus {
        let timeout = u64::try_from(thresholds.assertion_timeout).unwrap_or(0);
        let hysteresis = f64::from(thresholds.deassertion_hysteresis);
        let above = |active: bool, threshold: f64| Limit {
            active,
            passed: value > threshold,
            back: value <= threshold - hysteresis,
        };
        let below = |active: bool, threshold: f64| Limit {
            active,
            passed: value < threshold,
            back: value >= threshold + hysteresis,
        };
        let limits = [
            above(thresholds.upper_critical_active, thresholds.upper_critical),
            above(thresholds.upper_warning_active, thresholds.upper_warning),
            below(thresholds.lower_warning_active, thresholds.lower_warning),
            below(thresholds.lower_critical_active, thresholds.lower_critical),
        ];
        let counts = [
            &mut self.status.above_upper_critical,
            &mut self.status.above_upper_warning,
            &mut self.status.below_lower_warning,
            &mut self.status.below_lower_critical,
        ];
        let timeout = Duration::from_secs(timeout);
        for ((limit, counts), since) in limits.iter().zip(counts).zip(&mut self.passed_since) {
            if !limit.active {
                (*counts, *since) = (false, None);
            } else if *counts {
                *counts = !limit.back;
            } else if limit.passed {
                let since = since.get_or_insert(now);
                *counts = now.saturating_sub(*since) >= timeout;
            }
            if !limit.passed || *counts {
                *since = None;
            }
        }
        self.status
    }

    /// The sensor says nothing: nothing counts.
    pub(crate) fn silence(&mut self) {
        self.status = ThresholdStatus::default();
        self.passed_since = [None; 4];
    }
}

/// A threshold and a reading.
struct Limit {
    active: bool,
    passed: bool,
    /// The reading has come back far enough that the threshold no longer counts.
    back: bool,
}

#[cfg(test)]
mod tests {
    use super::super::thresholds::defaults;
    use super::*;
    use crate::model::quantity::Quantity;

    fn thresholds(assertion_timeout: i32, deassertion_hysteresis: f32) -> Thresholds {
        let mut thresholds = defaults(Quantity::Temperature);
        (thresholds.upper_warning_active, thresholds.upper_warning) = (true, 25.0);
        (thresholds.upper_critical_active, thresholds.upper_critical) = (true, 33.0);
        (thresholds.lower_warning_active, thresholds.lower_warning) = (true, 18.0);
        (thresholds.lower_critical_active, thresholds.lower_critical) = (true, 10.0);
        thresholds.assertion_timeout = assertion_timeout;
        thresholds.deassertion_hysteresis = deassertion_hysteresis;
        thresholds
    }

    /// What counts after each of some readings, one a second: `C` and `W` above, `w` and `c` below.
    fn said(thresholds: &Thresholds, readings: &[f64]) -> Vec<String> {
        let mut alarm = Alarm::default();
        (1_000..)
            .zip(readings)
            .map(|(second, &value)| {
                let status = alarm.sample(thresholds, value, Duration::from_secs(second));
                let all = [
                    (status.above_upper_critical, 'C'),
                    (status.above_upper_warning, 'W'),
                    (status.below_lower_warning, 'w'),
                    (status.below_lower_critical, 'c'),
                ];
                all.iter()
                    .filter(|(counts, _)| *counts)
                    .map(|(_, letter)| *letter)
                    .collect()
            })
            .collect()
    }

    #[test]
    fn without_time_and_hysteresis_the_threshold_alone_counts() {
        let readings = [
            20.0, 25.0, 25.1, 33.1, 33.0, 25.0, 18.0, 17.9, 9.9, 10.0, 18.0,
        ];
        let expected = ["", "", "W", "CW", "W", "", "", "w", "wc", "w", ""];
        assert_eq!(said(&thresholds(0, 0.0), &readings), expected);
    }

    #[test]
    fn it_counts_until_the_reading_is_back_by_the_hysteresis() {
        let readings = [
            33.1, 31.1, 31.0, 23.1, 23.0, 25.0, 9.9, 11.9, 12.0, 19.9, 20.0, 18.0,
        ];
        let expected = ["CW", "CW", "W", "W", "", "", "wc", "wc", "w", "w", "", ""];
        assert_eq!(said(&thresholds(0, 2.0), &readings), expected);
    }

    #[test]
    fn it_counts_when_it_was_passed_all_the_time() {
        let readings = [26.0, 26.0, 26.0, 25.0, 26.0, 26.0, 26.0, 26.0, 20.0];
        let expected = ["", "", "", "", "", "", "", "W", ""];
        assert_eq!(said(&thresholds(3, 0.0), &readings), expected);
        let below = [17.0, 17.0, 17.0, 17.0, 9.0];
        assert_eq!(said(&thresholds(3, 0.0), &below), ["", "", "", "w", "w"]);
    }

    #[test]
    fn what_is_not_active_does_not_count_any_more() {
        let mut alarm = Alarm::default();
        let mut wanted = thresholds(0, 0.0);
        let now = Duration::from_secs(5);
        assert!(alarm.sample(&wanted, 26.0, now).above_upper_warning);
        wanted.upper_warning_active = false;
        let silent = ThresholdStatus::default();
        assert_eq!(alarm.sample(&wanted, 26.0, now), silent);
        wanted.upper_warning_active = true;
        assert!(alarm.sample(&wanted, 26.0, now).above_upper_warning);
        alarm.silence();
        assert_eq!(alarm.sample(&wanted, 20.0, now), silent);
    }
}
