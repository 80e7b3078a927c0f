//! Pauses before something that failed is tried again.

use std::time::Duration;

/// Longer than anybody waits; more than the longest time there is would be a panic.
const FAR: Duration = Duration::from_secs(86_400 * 365);

/// The pause after so many failures: twice as long each time, from the first to the longest, and never the same for two.
pub(crate) fn pause((first, longest): (Duration, Duration), failures: u32) -> Duration {
    let doubled = first.saturating_mul(1 << failures.saturating_sub(1).min(16));
    // Three to five quarters.
    doubled.min(longest).min(FAR).mul_f64(0.75 + random() / 2.0)
}

/// From 0 up to 1, by chance.
pub(crate) fn random() -> f64 {
    use std::hash::{BuildHasher as _, Hasher as _};
    let random = std::hash::RandomState::new().build_hasher().finish();
    (random % 1000) as f64 / 1000.0
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn n26_pauses_grow_and_have_an_end() {
        let bounds = (Duration::from_millis(200), Duration::from_secs(10));
        for (failures, whole) in [
            (1, 200.0),
            (2, 400.0),
            (6, 6400.0),
            (7, 10_000.0),
            (99, 10_000.0),
        ] {
            let millis = pause(bounds, failures).as_secs_f64() * 1000.0;
            assert!(
                (whole * 0.74..whole * 1.26).contains(&millis),
                "{failures}: {millis}"
            );
        }
        // The longest time there is has no place on the clock, and is no reason to panic.
        let bounds = (Duration::MAX, Duration::MAX);
        assert!((0..100).all(|failures| pause(bounds, failures) > Duration::from_secs(86_400)));
    }
}
