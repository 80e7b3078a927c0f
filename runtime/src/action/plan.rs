//! When an action is asked after, and for how long.

use std::time::Duration;

const DEFAULT_DELAY: Duration = Duration::from_secs(2);
const DEFAULT_INTERVAL: Duration = Duration::from_secs(5);
const DEFAULT_TIMEOUT: Duration = Duration::from_secs(30 * 60);
const DEFAULT_CHECK_TIMEOUT: Duration = Duration::from_secs(10);

const MIN_INTERVAL: Duration = Duration::from_millis(100);
const HOUR: Duration = Duration::from_secs(60 * 60);
const DAY: Duration = Duration::from_secs(24 * 60 * 60);
/// The longest time that an action may take. The clock is sure to reach so far.
pub(super) const MAX_TIMEOUT: Duration = Duration::from_secs(7 * 24 * 60 * 60);

/// When an action is asked after, and for how long.
///
/// What makes no sense is replaced by the default when the action begins, what is too long by the longest time, and that is told as
/// [`Warning`](super::ActionEvent::Warning).
///
/// ```
/// use std::time::Duration;
/// use xerus_rpc::action::Plan;
///
/// let plan = Plan::new()
///     .delay(Duration::from_secs(10))
///     .interval(Duration::from_secs(2))
///     .timeout(Duration::from_secs(600));
/// # drop(plan);
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Plan {
    pub(super) delay: Duration,
    pub(super) interval: Duration,
    pub(super) increase: Duration,
    pub(super) timeout: Duration,
    pub(super) check_timeout: Duration,
    pub(super) id: String,
    pub(super) notes: Vec<(String, String)>,
    /// What was wrong with what the device told, and what it warned of.
    pub(super) warnings: Vec<String>,
}

impl Default for Plan {
    fn default() -> Self {
        Self::new()
    }
}

impl Plan {
    /// The first check after 2 s, then one every 5 s, for 30 min; 10 s for each check.
    #[must_use]
    pub fn new() -> Self {
        Self {
            delay: DEFAULT_DELAY,
            interval: DEFAULT_INTERVAL,
            increase: Duration::ZERO,
            timeout: DEFAULT_TIMEOUT,
            check_timeout: DEFAULT_CHECK_TIMEOUT,
            id: String::new(),
            notes: Vec::new(),
            warnings: Vec::new(),
        }
    }

    /// Time before the first check, at most a day.
    #[must_use]
    pub fn delay(mut self, delay: Duration) -> Self {
        self.delay = delay;
        self
    }

    /// Time from the end of one check to the beginning of the next: 100 ms to a day.
    #[must_use]
    pub fn interval(mut self, interval: Duration) -> Self {
        self.interval = interval;
        self
    }

    /// By how much the interval grows with every check, at most an hour. Default: not at all.
    #[must_use]
    pub fn interval_increase(mut self, increase: Duration) -> Self {
        self.increase = increase;
        self
    }

    /// Time for the whole action, counted from the answer of what started it: longer than the delay, at most seven days.
    #[must_use]
    pub fn timeout(mut self, timeout: Duration) -> Self {
        self.timeout = timeout;
        self
    }

    /// Time for one check: 100 ms to an hour, and never more than is left of the whole. A check that takes longer counts as
    /// one that nobody answered.
    #[must_use]
    pub fn check_timeout(mut self, timeout: Duration) -> Self {
        self.check_timeout = timeout;
        self
    }

    /// What the device calls the action, for the checks. It stands in the [ticket](super::Ticket), so it must not be a secret.
    #[must_use]
    pub fn id(mut self, id: impl Into<String>) -> Self {
        self.id = id.into();
        self
    }

    /// Something else that the checks have to know, also in another process: the version that is expected afterwards, say.
    /// It stands in the ticket, so it must not be a secret. A second note with the same name takes the place of the first.
    #[must_use]
    pub fn note(mut self, name: impl Into<String>, value: impl Into<String>) -> Self {
        let (name, value) = (name.into(), value.into());
        self.notes.retain(|(known, _)| *known != name);
        self.notes.push((name, value));
        self
    }

    /// Puts defaults in the place of what makes no sense, the longest time in that of one which is longer, and says so.
    pub(super) fn settle(&mut self) -> Vec<String> {
        let mut warnings = std::mem::take(&mut self.warnings);
        let mut keep = |what: &str, value: &mut Duration, range, default: Duration| {
            let (least, most): (Duration, Duration) = range;
            if !(least..=most).contains(value) {
                // The default would be faster than what was told.
                let instead = if *value > most { most } else { default };
                warnings.push(format!(
                    "the {what} of {value:?} makes no sense: {instead:?} instead"
                ));
                *value = instead;
            }
        };
        let zero = Duration::ZERO;
        keep("delay", &mut self.delay, (zero, DAY), DEFAULT_DELAY);
        keep(
            "interval",
            &mut self.interval,
            (MIN_INTERVAL, DAY),
            DEFAULT_INTERVAL,
        );
        keep("interval increase", &mut self.increase, (zero, HOUR), zero);
        keep(
            "time for a check",
            &mut self.check_timeout,
            (MIN_INTERVAL, HOUR),
            DEFAULT_CHECK_TIMEOUT,
        );
        // Else no check would be made in time.
        let least = self.delay + MIN_INTERVAL;
        keep(
            "timeout",
            &mut self.timeout,
            (least, MAX_TIMEOUT),
            self.delay + DEFAULT_TIMEOUT,
        );
        warnings
    }
}

/// When to ask, as devices tell it: numbers of seconds, of which some are missing or make no sense.
///
/// ```
/// use xerus_rpc::action::{Plan, Told};
///
/// let told = Told {
///     delay: Some(5.0),
///     interval: Some(2.0),
///     timeout: None,
///     ..Told::default()
/// };
/// let plan = Plan::from(told).id("4711"); // 30 min for the whole
/// # drop(plan);
/// ```
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Told {
    /// Seconds before the first check.
    pub delay: Option<f64>,
    /// Seconds between checks.
    pub interval: Option<f64>,
    /// Seconds by which the interval grows with every check; nothing is as good as 0.
    pub interval_increase: Option<f64>,
    /// Seconds for the whole, counted from the answer that tells this.
    pub timeout: Option<f64>,
}

impl From<Told> for Plan {
    fn from(told: Told) -> Self {
        let mut plan = Self::new();
        let warnings = &mut plan.warnings;
        read("delay", told.delay, &mut plan.delay, warnings);
        read("interval", told.interval, &mut plan.interval, warnings);
        let increase = told.interval_increase.or(Some(0.0));
        read("interval increase", increase, &mut plan.increase, warnings);
        read("timeout", told.timeout, &mut plan.timeout, warnings);
        plan
    }
}

/// Puts what was told in the place of the default, if it is a length of time.
fn read(what: &str, told: Option<f64>, value: &mut Duration, warnings: &mut Vec<String>) {
    // What no clock reaches is as good as what the bounds do not permit.
    let seconds = told.map(|told| if told > 1e9 { 1e9 } else { told });
    match seconds.map(Duration::try_from_secs_f64) {
        Some(Ok(told)) => *value = told,
        Some(Err(_)) => {
            let told = told.unwrap_or_default();
            warnings.push(format!(
                "the {what} of {told} s makes no sense: {value:?} instead"
            ));
        }
        None => warnings.push(format!("the {what} is missing: {value:?} instead")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn settled(told: Told) -> ([u64; 4], usize) {
        let mut plan = Plan::from(told);
        let warnings = plan.settle();
        let times = [plan.delay, plan.interval, plan.increase, plan.timeout];
        (times.map(|time| time.as_secs()), warnings.len())
    }

    fn told(delay: f64, interval: f64, increase: f64, timeout: f64) -> Told {
        Told {
            delay: Some(delay),
            interval: Some(interval),
            interval_increase: Some(increase),
            timeout: Some(timeout),
        }
    }

    #[test]
    fn what_makes_sense_is_kept() {
        assert_eq!(settled(told(0.0, 1.0, 0.0, 1.0)), ([0, 1, 0, 1], 0));
        assert_eq!(settled(told(10.0, 2.0, 1.0, 600.0)), ([10, 2, 1, 600], 0));
        assert_eq!(
            settled(told(10.0, 3000.0, 0.0, 60.0)),
            ([10, 3000, 0, 60], 0)
        );
    }

    #[test]
    fn what_makes_none_is_replaced_and_told() {
        assert_eq!(settled(Told::default()), ([2, 5, 0, 1800], 3));
        for (delay, interval, increase, timeout, expected, warnings) in [
            (1.0, 1.0, 0.0, 0.0, [1, 1, 0, 1801], 1),
            (60.0, 1.0, 0.0, 10.0, [60, 1, 0, 1860], 1),
            (60.0, 1.0, 0.0, 60.0, [60, 1, 0, 1860], 1),
            (1.0, 0.0, 0.0, 10.0, [1, 5, 0, 10], 1),
            (-1.0, -1.0, -1.0, -1.0, [2, 5, 0, 1800], 4),
            (
                f64::NAN,
                f64::INFINITY,
                1e300,
                f64::NEG_INFINITY,
                [2, 86_400, 3600, 1800],
                4,
            ),
            (1e9, 1e9, 1e9, 1e9, [86_400, 86_400, 3600, 604_800], 4),
            (1.0, 90_000.0, 0.0, 10.0, [1, 86_400, 0, 10], 1),
        ] {
            let found = settled(told(delay, interval, increase, timeout));
            assert_eq!(
                found,
                (expected, warnings),
                "{delay} {interval} {increase} {timeout}"
            );
        }
    }
}
