//! The names of all enumerators of an enumeration. Only here does a name depend on its neighbours, and only when the user
//! wants it so.

use std::collections::HashSet;

use super::variant;
use crate::options::EnumeratorPrefix;

/// The Rust names of the enumerators, in order.
pub(crate) fn variants(idl: &[&str], prefix: EnumeratorPrefix) -> Vec<String> {
    let whole = || idl.iter().map(|name| variant(name)).collect();
    match prefix {
        EnumeratorPrefix::Keep => whole(),
        EnumeratorPrefix::Strip => stripped(idl).unwrap_or_else(whole),
    }
}

/// The names without the prefix that they share, up to an underscore; `None` when there is none, or a rest would be no
/// name of its own: it starts with no letter, or becomes the same as another.
fn stripped(idl: &[&str]) -> Option<Vec<String>> {
    let [first, rest @ ..] = idl else {
        return None;
    };
    if rest.is_empty() {
        // What a lone name shares with its neighbours cannot be told.
        return None;
    }
    let shared = rest.iter().fold(first.len(), |length, name| {
        let same = first.bytes().zip(name.bytes()).take_while(|(a, b)| a == b);
        length.min(same.count())
    });
    let end = first.get(..shared)?.rfind('_')? + 1;
    let mut seen = HashSet::new();
    idl.iter()
        .map(|name| {
            let rest = name.get(end..)?;
            let short = variant(rest);
            let is_name = rest.starts_with(|c: char| c.is_ascii_alphabetic());
            (is_name && seen.insert(short.clone())).then_some(short)
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::variants;
    use crate::options::EnumeratorPrefix::{Keep, Strip};

    #[test]
    fn shared_prefixes_go_when_the_rests_are_names() {
        for (idl, expected) in [
            (&["PS_OFF", "PS_ON"][..], &["Off", "On"][..]),
            (&["A_B_X", "A_B_Y", "A_Z"], &["BX", "BY", "Z"]),
            (&["A_B_X", "A_B_Y"], &["X", "Y"]),
            // Nothing is shared up to an underscore.
            (&["OFF", "ON"], &["Off", "On"]),
            (&["POWER_OFF", "POWERED"], &["PowerOff", "Powered"]),
            // A lone name stays, and so does one that is the prefix of the others.
            (&["WPA_2"], &["Wpa2"]),
            (&["PS_", "PS_ON"], &["Ps", "PsOn"]),
            (&["PS", "PS_ON"], &["Ps", "PsOn"]),
            // Rests that start with no letter.
            (&["W_20", "W_NONE"], &["W20", "WNone"]),
            (&["W__A", "W_B"], &["WA", "WB"]),
            // Rests that would be the same.
            (&["P_aB", "P_A_B"], &["PAB", "PAB"]),
            (&["P_SELF", "P_X"], &["Self_", "X"]),
            (&[], &[]),
        ] {
            assert_eq!(variants(idl, Strip), expected, "{idl:?}");
        }
        assert_eq!(variants(&["PS_OFF", "PS_ON"], Keep), ["PsOff", "PsOn"]);
    }
}
