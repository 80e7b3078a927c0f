//! Calls without bindings: arguments are JSON, and of the method only the name is known.

use crate::error::Error;
use crate::json_text::Json;
use crate::wire::Values;

/// The arguments in a JSON object.
pub(super) fn arguments(params: &Json) -> Result<Values, Error> {
    if !params.get().starts_with('{') {
        return Err(Error::unsupported(
            "the parameters of a call are a JSON object: {} or {\"name\":value}",
        ));
    }
    Ok(Values::from_object(params.get())?)
}

/// Whether a method of this name only reads, so that sending it twice does no harm.
///
/// A guess, for calls without bindings only: generated code carries what is known of each method. True for names that
/// start with `get`, `is`, `list` or `lookup` before an upper-case letter, and for `demand…` and `cancelEvent…`, except
/// for those that are known to do more than they say.
pub(crate) fn is_repeatable(name: &str) -> bool {
    const WORDS: [&str; 6] = ["get", "is", "list", "lookup", "demand", "cancelEvent"];
    /// Uses up an attempt to enter a PIN.
    const NEVER: [&str; 1] = ["getInformationWithPin"];
    !NEVER.contains(&name)
        && WORDS.iter().any(|word| {
            name.strip_prefix(word)
                .is_some_and(|rest| rest.bytes().next().is_none_or(|b| !b.is_ascii_lowercase()))
        })
}

/// Whether the device answers a method of this name only when something happens: `poll…`. A guess as well.
pub(super) fn is_long_poll(name: &str) -> bool {
    name.strip_prefix("poll")
        .is_some_and(|rest| !rest.starts_with(|c: char| c.is_ascii_lowercase()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_readers_are_repeatable() {
        for name in [
            "getState",
            "isEnabled",
            "listServers",
            "lookup",
            "demandEvent",
            "cancelEventTypes",
            "getIOP",
        ] {
            assert!(is_repeatable(name), "{name}");
        }
        for name in [
            "setPowerState",
            "cyclePowerState",
            "issue",
            "getaway",
            "listen",
            "performBulk",
            "pollEvents",
            "newSession",
            "getInformationWithPin",
            "",
        ] {
            assert!(!is_repeatable(name), "{name}");
        }
    }

    #[test]
    fn only_polls_are_long() {
        assert!(is_long_poll("pollEvents") && is_long_poll("poll"));
        assert!(!is_long_poll("pollute") && !is_long_poll("getPoll"));
    }

    #[test]
    fn arguments_are_cut_out_of_the_object() {
        let params: Json = r#" { "a" : 1 , "b\u0062": [2] }"#.parse().expect("JSON");
        let values = arguments(&params).expect("an object");
        let all: Vec<_> = values.iter().collect();
        assert_eq!(all, [("a", "1"), ("bb", "[2]")]);
        assert_eq!(values.by_position(), "[1,[2]]");
        assert!(arguments(&Json::NULL).is_err());
    }
}
