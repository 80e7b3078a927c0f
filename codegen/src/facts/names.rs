//! What the name of a method suggests. A table, documentation and options correct it.

/// Whether a name suggests that the method only reads, so that calling it twice does no harm.
///
/// True for names that start with `get`, `is`, `list`, `lookup`, `cancelEvent` or `cancelEvents` as a whole word, and for
/// `demand…`. Everything else may switch, add or delete something.
///
/// ```
/// use xerus_codegen::facts::suggests_repeatable;
///
/// assert!(suggests_repeatable("getState") && suggests_repeatable("isEnabled"));
/// assert!(!suggests_repeatable("issue") && !suggests_repeatable("setState"));
/// ```
#[must_use]
pub fn suggests_repeatable(name: &str) -> bool {
    const WORDS: [&str; 7] = [
        "get",
        "is",
        "list",
        "lookup",
        "demand",
        "cancelEvent",
        "cancelEvents",
    ];
    WORDS.iter().any(|word| starts_with_word(name, word))
}

/// Whether a name suggests that the device holds the answer back until something happens: `poll…`, unless it ends in
/// `Nb`, for "non-blocking".
///
/// ```
/// use xerus_codegen::facts::suggests_long_poll;
///
/// assert!(suggests_long_poll("pollEvents"));
/// assert!(!suggests_long_poll("pollEventsNb") && !suggests_long_poll("pollute"));
/// ```
#[must_use]
pub fn suggests_long_poll(name: &str) -> bool {
    starts_with_word(name, "poll") && !name.ends_with("Nb")
}

/// Whether a method of this name that returns an `int` and nothing else more likely returns a value than a code.
pub(super) fn suggests_value(name: &str) -> bool {
    const FIRST: [&str; 14] = [
        "get", "is", "has", "list", "lookup", "find", "query", "read", "count", "number", "size",
        "length", "index", "next",
    ];
    const CHANGES: [&str; 3] = ["set", "reset", "clear"];
    FIRST.iter().any(|word| starts_with_word(name, word))
        || (name.ends_with("Count") && !CHANGES.iter().any(|word| starts_with_word(name, word)))
}

fn starts_with_word(name: &str, word: &str) -> bool {
    name.strip_prefix(word)
        .is_some_and(|rest| !rest.starts_with(|c: char| c.is_ascii_lowercase()))
}

#[cfg(test)]
mod tests {
    use super::{suggests_long_poll, suggests_repeatable, suggests_value};

    #[test]
    fn only_readers_may_be_repeated() {
        for name in [
            "getState",
            "isEnabled",
            "listServers",
            "lookup",
            "demandEvent",
            "cancelEvent",
            "cancelEvents",
            "cancelEventTypes",
            "getIOP",
        ] {
            assert!(suggests_repeatable(name), "{name}");
        }
        for name in [
            "setPowerState",
            "cyclePowerState",
            "issue",
            "getaway",
            "listen",
            "cancelEventually",
            "performBulk",
            "pollEvents",
            "newSession",
            "",
        ] {
            assert!(!suggests_repeatable(name), "{name}");
        }
    }

    #[test]
    fn long_polls() {
        assert!(suggests_long_poll("poll") && suggests_long_poll("pollMessages"));
        assert!(!suggests_long_poll("pollingInterval") && !suggests_long_poll("getPoll"));
    }

    #[test]
    fn values() {
        for name in ["getTripCount", "size", "indexOf", "outletCount", "hasPorts"] {
            assert!(suggests_value(name), "{name}");
        }
        for name in ["resetCount", "addEntry", "reset", "issue", "countermand"] {
            assert!(!suggests_value(name), "{name}");
        }
    }
}
