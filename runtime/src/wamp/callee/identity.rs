//! Who calls, how, and until when: the details of an invocation.

use std::time::{Duration, Instant};

use crate::server::{CancellationToken, Context};
use crate::wamp::message::Object;
use crate::wamp::message::object::{number, text};

/// Who calls, as far as the router tells.
///
/// ```
/// use xerus_rpc::server::Context;
/// use xerus_rpc::wamp::Caller;
///
/// fn is_operator(context: &Context) -> bool {
///     Caller::of(context).authrole.as_deref() == Some("operator")
/// }
/// # assert!(!is_operator(&Context::new()));
/// ```
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct Caller {
    /// The id of its session.
    pub session: Option<u64>,
    /// The name under which it logged in.
    pub authid: Option<String>,
    /// Its role.
    pub authrole: Option<String>,
}

/// What the attributes of a context are called: as on the wire.
const SESSION: &str = "caller";
const AUTHID: &str = "caller_authid";
const AUTHROLE: &str = "caller_authrole";
const PROCEDURE: &str = "procedure";

impl Caller {
    /// The caller of what is served in this context. All is `None` where the router does not tell, or the call came over another wire.
    #[must_use]
    pub fn of(context: &Context) -> Self {
        let attribute = |name| context.attribute(name).map(str::to_owned);
        Self {
            session: context.attribute(SESSION).and_then(number),
            authid: attribute(AUTHID),
            authrole: attribute(AUTHROLE),
        }
    }
}

/// The URI that was called, where the call came through a pattern.
pub(super) fn procedure(details: &Object) -> Option<String> {
    details.text(PROCEDURE)
}

/// The context of one call.
///
/// Each detail is an attribute under its name on the wire: texts as they are, all else as JSON. The deadline is known only from a router that
/// counts in milliseconds.
pub(super) fn context(
    base: &Context,
    details: &Object,
    called: &str,
    in_milliseconds: bool,
    given_up: CancellationToken,
) -> Context {
    let mut context = base.clone().with_cancellation(given_up);
    context = context.with_attribute(PROCEDURE, called);
    details.each(|name, value| match name {
        "receive_progress" | PROCEDURE => {}
        "timeout" => {
            let time = number(value).filter(|time| in_milliseconds && *time > 0);
            let until =
                time.and_then(|time| Instant::now().checked_add(Duration::from_millis(time)));
            if let Some(until) = until {
                context.deadline = Some(context.deadline.map_or(until, |known| known.min(until)));
            }
        }
        _ => {
            let value = text(value).unwrap_or_else(|| value.to_owned());
            let known = std::mem::take(&mut context);
            context = known.with_attribute(name.to_owned(), value);
        }
    });
    if let Some(authid) = context.attribute(AUTHID).map(str::to_owned) {
        context.user = Some(authid);
    }
    context
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(details: &'static str, in_milliseconds: bool) -> Context {
        let details = Object::new(details.into());
        let token = CancellationToken::new();
        context(
            &Context::new(),
            &details,
            "com.example.add",
            in_milliseconds,
            token,
        )
    }

    #[test]
    fn the_caller_is_told() {
        let told = of(
            r#"{"caller":6802479863109048,"caller_authid":"kim","caller_authrole":"operator","x_claims":{"a":1}}"#,
            true,
        );
        let caller = Caller::of(&told);
        assert_eq!(caller.session, Some(6_802_479_863_109_048));
        assert_eq!(caller.authid.as_deref(), Some("kim"));
        assert_eq!(caller.authrole.as_deref(), Some("operator"));
        assert_eq!(told.user.as_deref(), Some("kim"));
        assert_eq!(told.attribute("procedure"), Some("com.example.add"));
        assert_eq!(told.attribute("x_claims"), Some(r#"{"a":1}"#));
        assert_eq!(told.deadline, None);
    }

    #[test]
    fn a_caller_that_is_not_disclosed_is_nobody() {
        let told = of("{}", true);
        assert_eq!(Caller::of(&told), Caller::default());
        assert_eq!(told.user, None);
    }

    #[test]
    fn w16_a_timeout_counts_where_it_is_in_milliseconds() {
        assert!(of(r#"{"timeout":2000}"#, true).deadline.is_some());
        assert_eq!(of(r#"{"timeout":2000}"#, false).deadline, None);
        assert_eq!(of(r#"{"timeout":0}"#, true).deadline, None);
    }
}
