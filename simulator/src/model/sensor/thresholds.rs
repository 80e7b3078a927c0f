//! Thresholds: defaults, checks, and what they say about a value.

use super::super::quantity::Quantity;
use super::super::refusal::ThresholdRefusal;

/// Values that a sensor warns about when they are passed. Only those that are active count; all are in the unit of the
/// sensor.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct Thresholds {
    /// Whether `upper_critical` counts.
    pub upper_critical_active: bool,
    /// Above it, the reading is critical.
    pub upper_critical: f64,
    /// Whether `upper_warning` counts.
    pub upper_warning_active: bool,
    /// Above it, the reading is worth a warning.
    pub upper_warning: f64,
    /// Whether `lower_warning` counts.
    pub lower_warning_active: bool,
    /// Below it, the reading is worth a warning.
    pub lower_warning: f64,
    /// Whether `lower_critical` counts.
    pub lower_critical_active: bool,
    /// Below it, the reading is critical.
    pub lower_critical: f64,
    /// How many samples in a row must pass a threshold before that is reported, at least 0.
    pub assertion_timeout: i32,
    /// How far back behind a threshold a reading must be before that is reported, at least 0.
    pub deassertion_hysteresis: f32,
}

/// Which thresholds a reading has passed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct ThresholdStatus {
    /// It is above the upper critical threshold.
    pub above_upper_critical: bool,
    /// It is above the upper warning threshold.
    pub above_upper_warning: bool,
    /// It is below the lower warning threshold.
    pub below_lower_warning: bool,
    /// It is below the lower critical threshold.
    pub below_lower_critical: bool,
}

/// What a sensor has until somebody changes it: nothing is active.
pub(crate) fn defaults(quantity: Quantity) -> Thresholds {
    let (lower_critical, lower_warning, upper_warning, upper_critical) = match quantity {
        Quantity::Voltage => (188.0, 194.0, 247.0, 254.0),
        Quantity::Current => (0.0, 0.0, 10.4, 12.8),
        Quantity::ResidualCurrent => (0.0, 0.0, 0.015, 0.03),
        Quantity::Temperature => (10.0, 15.0, 30.0, 35.0),
        Quantity::Humidity => (10.0, 20.0, 60.0, 80.0),
        _ => (0.0, 0.0, 0.0, 0.0),
    };
    Thresholds {
        upper_critical_active: false,
        upper_critical,
        upper_warning_active: false,
        upper_warning,
        lower_warning_active: false,
        lower_warning,
        lower_critical_active: false,
        lower_critical,
        assertion_timeout: 0,
        deassertion_hysteresis: 0.0,
    }
}

/// Whether `wanted` can be used.
pub(super) fn check(quantity: Quantity, wanted: &Thresholds) -> Result<(), ThresholdRefusal> {
    let facts = quantity.facts();
    let (has_upper, has_lower) = facts.thresholds;
    let active = [
        (
            wanted.lower_critical_active,
            wanted.lower_critical,
            has_lower,
        ),
        (wanted.lower_warning_active, wanted.lower_warning, has_lower),
        (wanted.upper_warning_active, wanted.upper_warning, has_upper),
        (
            wanted.upper_critical_active,
            wanted.upper_critical,
            has_upper,
        ),
    ];
    let active: Vec<(f64, bool)> = active
        .into_iter()
        .filter(|(active, ..)| *active)
        .map(|(_, value, supported)| (value, supported))
        .collect();
    if active.iter().any(|&(_, supported)| !supported) {
        Err(ThresholdRefusal::NotSupported)
    } else if active
        .iter()
        .any(|&(value, _)| !(facts.lower..=facts.upper).contains(&value))
    {
        Err(ThresholdRefusal::OutOfRange)
    } else if !active.is_sorted_by(|low, high| low.0 <= high.0)
        || wanted.assertion_timeout < 0
        || wanted.deassertion_hysteresis < 0.0
    {
        Err(ThresholdRefusal::Invalid)
    } else {
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_is_active_is_checked() {
        let mut wanted = defaults(Quantity::ResidualCurrent);
        wanted.lower_warning = 9e9;
        assert_eq!(check(Quantity::ResidualCurrent, &wanted), Ok(()));
        wanted.lower_warning_active = true;
        assert_eq!(
            check(Quantity::ResidualCurrent, &wanted),
            Err(ThresholdRefusal::NotSupported)
        );
    }

    #[test]
    fn order_and_range_are_checked() {
        let mut wanted = defaults(Quantity::Voltage);
        (wanted.upper_warning_active, wanted.upper_critical_active) = (true, true);
        assert_eq!(check(Quantity::Voltage, &wanted), Ok(()));
        wanted.upper_warning = 260.0;
        assert_eq!(
            check(Quantity::Voltage, &wanted),
            Err(ThresholdRefusal::Invalid)
        );
        wanted.upper_warning = 5_000.0;
        assert_eq!(
            check(Quantity::Voltage, &wanted),
            Err(ThresholdRefusal::OutOfRange)
        );
    }
}
