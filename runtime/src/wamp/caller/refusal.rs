//! What proves that a call was not begun.

use super::numbered;
use crate::wamp::message::{Object, Payload};

/// The call that an answer is for.
#[derive(Clone, Copy)]
pub(super) struct Called<'c> {
    /// The URI that was called.
    pub(super) procedure: &'c str,
    /// The id of the session that called.
    pub(super) session: u64,
}

impl Called<'_> {
    /// Whether a dealer or a callee says of this very call that it was not begun.
    ///
    /// No code does: a callee passes on what it got itself half way through, under the same URI, and Crossbar never tells whose error
    /// it is. So words count, and only where they name the procedure of this call: those of another call name another one.
    pub(super) fn was_not_begun(
        &self,
        details: &Object,
        uri: &str,
        words: &str,
        payload: &Payload,
    ) -> bool {
        numbered::was_not_begun(payload, self.procedure)
            || (!names_callee(details) && self.is_refused_by_a_dealer(uri, words))
    }

    /// The forms of Crossbar 26.10.1, in the order in which it looks at a call, and the one that Bondy is known to have.
    fn is_refused_by_a_dealer(&self, uri: &str, words: &str) -> bool {
        let procedure = self.procedure;
        let begins = |text: String| words.starts_with(&text);
        match uri {
            "wamp.error.invalid_uri" => {
                begins(format!("call with invalid procedure URI '{procedure}' "))
            }
            "wamp.error.authorization_failed" => begins(format!(
                "failed to authorize session for calling procedure '{procedure}': "
            )),
            "wamp.error.not_authorized" => {
                let refused =
                    format!(" is not authorized to call procedure \"{procedure}\" on realm \"");
                begins(format!("session (session_id={}, ", self.session))
                    && words.contains(&refused)
            }
            // It says the same of results, which are there when the callee is done.
            "wamp.error.invalid_argument" => begins(format!(
                "call of procedure '{procedure}' with invalid application payload: "
            )),
            "wamp.error.no_such_procedure" => {
                words == format!("no callee registered for procedure <{procedure}>")
                    || words
                        == format!(
                            "There are no registered procedures matching the uri '{procedure}'."
                        )
            }
            // `crossbar.error.max_concurrency_reached` names no procedure: it may be that of another call.
            _ => false,
        }
    }
}

/// Whether the router says whose answer it passed on: then it is none of its own.
fn names_callee(details: &Object) -> bool {
    let mut named = false;
    details.each(|name, value| named |= name == "callee" && value.trim() != "null");
    named
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_words_about_this_call_prove_that_it_was_not_begun() {
        let called = Called {
            procedure: "com.example.thing",
            session: 77,
        };
        let proves = |uri: &str, words: &str| called.is_refused_by_a_dealer(uri, words);
        for (uri, form) in [
            (
                "wamp.error.invalid_uri",
                "call with invalid procedure URI '{}' (URI strict checking False)",
            ),
            (
                "wamp.error.authorization_failed",
                "failed to authorize session for calling procedure '{}': no authorizer",
            ),
            (
                "wamp.error.not_authorized",
                r#"session (session_id=77, authid="A", authrole="a") is not authorized to call procedure "{}" on realm "r""#,
            ),
            (
                "wamp.error.invalid_argument",
                "call of procedure '{}' with invalid application payload: no x",
            ),
            (
                "wamp.error.no_such_procedure",
                "no callee registered for procedure <{}>",
            ),
            (
                "wamp.error.no_such_procedure",
                "There are no registered procedures matching the uri '{}'.",
            ),
        ] {
            let words = |procedure| form.replace("{}", procedure);
            assert!(proves(uri, &words("com.example.thing")), "{form}");
            for other in ["com.example.other", "com.example.thing.b", "example.thing"] {
                assert!(!proves(uri, &words(other)), "{form}");
            }
            let none = "wamp.error.runtime_error";
            assert!(!proves(none, &words("com.example.thing")), "{form}");
        }
        let of_another_session = r#"session (session_id=78, authid="A", authrole="a") is not authorized to call procedure "com.example.thing" on realm "r""#;
        assert!(!proves("wamp.error.not_authorized", of_another_session));
        let of_the_result =
            "call result from procedure 'com.example.thing' with invalid application payload: no x";
        assert!(!proves("wamp.error.invalid_argument", of_the_result));
        let busy =
            "maximum concurrency 2 of callee/endpoint reached (on non-shared/single registration)";
        assert!(!proves("crossbar.error.max_concurrency_reached", busy));
    }
}
