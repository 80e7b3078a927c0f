//! How unequal lines are.

/// The greatest deviation from the mean, in percent of the mean: 0 for equal values and for nothing at all, 200 when
/// one of three lines carries everything.
pub(crate) fn unbalance(values: [f64; 3]) -> f64 {
    let mean = values.iter().sum::<f64>() / 3.0;
    if mean <= 0.0 {
        return 0.0;
    }
    let greatest = values
        .iter()
        .map(|value| (value - mean).abs())
        .fold(0.0, f64::max);
    greatest / mean * 100.0
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_greatest_deviation_counts_whichever_line_has_it() {
        assert_eq!(unbalance([0.0; 3]), 0.0);
        assert_eq!(unbalance([5.0; 3]), 0.0);
        // Mean 6; 9 is 3 away, 4 and 5 are 2 and 1 away.
        for values in [[4.0, 5.0, 9.0], [9.0, 4.0, 5.0], [5.0, 9.0, 4.0]] {
            assert_eq!(unbalance(values), 50.0);
        }
        // Below the mean counts as above it: mean 6, 3 is 3 away.
        assert_eq!(unbalance([3.0, 7.0, 8.0]), 50.0);
        assert!((unbalance([0.0, 0.0, 4.0]) - 200.0).abs() < 1e-9);
    }
}
