//! "Did you mean": the known name with the fewest edits.

/// Names longer than this are not compared.
const LONGEST: usize = 120;

/// The candidate nearest to `name`, if it is near enough to be meant. The first of equals wins.
pub(crate) fn nearest<'c>(
    name: &str,
    candidates: impl IntoIterator<Item = &'c str>,
) -> Option<&'c str> {
    let limit = (name.len() / 3).clamp(1, 4);
    candidates
        .into_iter()
        .filter_map(|candidate| Some((distance(name, candidate)?, candidate)))
        .filter(|(edits, _)| *edits <= limit)
        .min_by_key(|(edits, _)| *edits)
        .map(|(_, candidate)| candidate)
}

/// Edits from one text to the other, letters compared without case.
fn distance(a: &str, b: &str) -> Option<usize> {
    if a.len() > LONGEST || b.len() > LONGEST || a.len().abs_diff(b.len()) > 4 {
        return None;
    }
    let mut row: Vec<usize> = (0..=b.len()).collect();
    for (i, x) in a.bytes().enumerate() {
        let mut diagonal = i;
        let mut left = i + 1;
        for (y, cell) in b.bytes().zip(row.iter_mut().skip(1)) {
            let replace = diagonal + usize::from(!x.eq_ignore_ascii_case(&y));
            diagonal = *cell;
            left = replace.min(left + 1).min(*cell + 1);
            *cell = left;
        }
        row[0] = i + 1;
    }
    row.last().copied()
}

#[cfg(test)]
mod tests {
    use super::nearest;

    #[test]
    fn misspellings_are_found() {
        let known = ["pdumodel.Outlet", "pdumodel.Inlet", "sensors.Sensor"];
        assert_eq!(nearest("pdumodel.Outlt", known), Some("pdumodel.Outlet"));
        assert_eq!(nearest("pdumodel.inlet", known), Some("pdumodel.Inlet"));
        assert_eq!(nearest("sensor.Sensor", known), Some("sensors.Sensor"));
        assert_eq!(nearest("something else", known), None);
    }
}
