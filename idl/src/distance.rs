//! "Did you mean": the known name with the fewest edits.

/// Names longer than this are not compared.
const LONGEST: usize = 120;

/// The number of single-letter edits (insert, delete, replace, swap of neighbours) from `a` to `b`,
/// or `None` when it exceeds `limit`. Letters are compared without case, bytes are letters.
#[must_use]
pub fn distance(a: &str, b: &str, limit: usize) -> Option<usize> {
    let (a, b) = (a.as_bytes(), b.as_bytes());
    if a.len().abs_diff(b.len()) > limit || a.len() > LONGEST || b.len() > LONGEST {
        return None;
    }
    let mut above = [0; LONGEST + 1];
    let mut before = [0; LONGEST + 1];
    for (column, cell) in above.iter_mut().enumerate() {
        *cell = column;
    }
    for (row, x) in a.iter().enumerate() {
        let mut current = [row + 1; LONGEST + 1];
        let mut smallest = row + 1;
        for (column, y) in b.iter().enumerate() {
            let replace = above[column] + usize::from(!x.eq_ignore_ascii_case(y));
            let mut cost = replace.min(above[column + 1] + 1).min(current[column] + 1);
            if row > 0
                && column > 0
                && x.eq_ignore_ascii_case(&b[column - 1])
                && a[row - 1].eq_ignore_ascii_case(y)
            {
                cost = cost.min(before[column - 1] + 1);
            }
            current[column + 1] = cost;
            smallest = smallest.min(cost);
        }
        if smallest > limit {
            return None;
        }
        before = above;
        above = current;
    }
    Some(above[b.len()]).filter(|cost| *cost <= limit)
}

/// How many edits still make a name a likely misspelling.
#[must_use]
pub const fn tolerance(name: &str) -> usize {
    match name.len() {
        0..=2 => 0,
        3..=5 => 1,
        6..=9 => 2,
        _ => 3,
    }
}

/// The candidate nearest to `name`, if one is near enough. The first of equals wins.
pub fn nearest<'c>(name: &str, candidates: impl IntoIterator<Item = &'c str>) -> Option<&'c str> {
    let mut best = None;
    let mut limit = tolerance(name);
    for candidate in candidates {
        if let Some(cost) = distance(name, candidate, limit) {
            best = Some(candidate);
            let Some(smaller) = cost.checked_sub(1) else {
                break;
            };
            limit = smaller;
        }
    }
    best
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn edits_are_counted() {
        for (a, b, expected) in [
            ("Outlet", "Outlet", Some(0)),
            ("outlet", "Outlet", Some(0)),
            ("Oulet", "Outlet", Some(1)),
            ("Otulet", "Outlet", Some(1)),
            ("Outlets", "Outlet", Some(1)),
            ("Inlet", "Outlet", Some(3)),
            ("Settings", "Sensors", None),
            ("", "", Some(0)),
            ("", "ab", Some(2)),
            ("ab", "abcdef", None),
        ] {
            assert_eq!(distance(a, b, 3), expected, "{a} {b}");
        }
    }

    #[test]
    fn the_nearest_wins() {
        assert_eq!(
            nearest("Setings", ["Sensors", "Settings", "Setting"]),
            Some("Settings")
        );
        assert_eq!(nearest("Quux", ["Sensors", "Settings"]), None);
        assert_eq!(nearest("X", ["Y"]), None);
        let paths = ["pdumodel.Outlet", "pdumodel.Inlet", "sensors.Sensor"];
        assert_eq!(nearest("pdumodel.Outlt", paths), Some("pdumodel.Outlet"));
        assert_eq!(nearest("pdumodel.inlet", paths), Some("pdumodel.Inlet"));
        assert_eq!(nearest("sensor.Sensor", paths), Some("sensors.Sensor"));
        assert_eq!(nearest("something else", paths), None);
    }

    #[test]
    fn endless_names_are_left_alone() {
        let long = "x".repeat(LONGEST + 1);
        assert_eq!(distance(&long, &long, 3), None);
    }
}
