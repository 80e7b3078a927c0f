//! Errors of other wires, whose codes are numbers, as they travel over this one.

use crate::json_text::Json;
use crate::wamp::message::{Payload, object};
use crate::wire::Arguments;

/// The arguments by name with which an error carries what it is on a wire whose codes are numbers.
pub(in crate::wamp) const CODE: &str = "code";
pub(in crate::wamp) const DATA: &str = "data";
/// Says that a call was not begun, which no URI says; and of which call it is said: that of this URI.
pub(in crate::wamp) const EXECUTED: &str = "executed";
pub(in crate::wamp) const PROCEDURE: &str = "procedure";

/// What a callee of ours sends for an error with a number.
pub(super) struct Numbered {
    pub(super) code: i64,
    pub(super) data: Option<Json>,
}

impl Numbered {
    /// Reads `{"args":["words"],"kwargs":{"code":-32000,"data":…}}`. An error with more than that is one of WAMP, with arguments of its own.
    pub(super) fn read(arguments: &Json) -> Option<Self> {
        let both = Arguments::parse(arguments.get()).ok()?;
        let part = |name| Arguments::parse(both.get(usize::MAX, name)?).ok();
        // Words become the message; anything else would be lost.
        let args = part("args")?;
        if args.len() > 1 || !args.iter().all(|(_, words)| words.starts_with('"')) {
            return None;
        }
        let kwargs = part("kwargs")?;
        let mut names = kwargs.iter().map(|(name, _)| name.unwrap_or_default());
        if !names.all(|name| [CODE, DATA, EXECUTED, PROCEDURE].contains(&name)) {
            return None;
        }
        let get = |name| kwargs.get(usize::MAX, name);
        let code = get(CODE)?.parse().ok()?;
        let data = get(DATA).map(|data| Json::trusted(data.to_owned()));
        Some(Self { code, data })
    }
}

/// Whether a callee says that it has not begun a call of this procedure. What it says of another call was passed on to it.
pub(super) fn was_not_begun(payload: &Payload, procedure: &str) -> bool {
    let kwargs = payload.kwargs();
    let kwargs = std::str::from_utf8(&kwargs).ok();
    let kwargs = kwargs.and_then(|text| Arguments::parse(text).ok());
    kwargs.is_some_and(|kwargs| {
        let of = kwargs.get(usize::MAX, PROCEDURE).and_then(object::text);
        kwargs.get(usize::MAX, EXECUTED) == Some("false") && of.as_deref() == Some(procedure)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(arguments: &str) -> Option<(i64, Option<String>)> {
        let numbered = Numbered::read(&arguments.parse().unwrap())?;
        Some((
            numbered.code,
            numbered.data.map(|data| data.get().to_owned()),
        ))
    }

    #[test]
    fn a_number_is_read_and_nothing_else_is_taken_for_one() {
        assert_eq!(
            read(r#"{"args":["smoke"],"kwargs":{"code":-32050,"data":{"a":1}}}"#),
            Some((-32050, Some(r#"{"a":1}"#.to_owned())))
        );
        assert_eq!(read(r#"{"args":[],"kwargs":{"code":7}}"#), Some((7, None)));
        for other in [
            r#"{"args":["no user",7],"kwargs":{"code":404}}"#,
            r#"{"args":["no user"],"kwargs":{"code":404,"user":"kim"}}"#,
            r#"{"args":["no user"],"kwargs":{"code":"404"}}"#,
            r#"{"args":["no user"],"kwargs":{}}"#,
            r#"{"args":["no user"],"kwargs":{"code":1.5}}"#,
            r#"{"args":[{"user":"kim"}],"kwargs":{"code":404}}"#,
        ] {
            assert_eq!(read(other), None, "{other}");
        }
    }

    #[test]
    fn only_a_callee_that_says_so_has_not_begun() {
        let said = |kwargs: Option<&'static str>| {
            let payload = Payload {
                args: None,
                kwargs: kwargs.map(Into::into),
            };
            was_not_begun(&payload, "com.example.thing")
        };
        assert!(said(Some(
            r#"{"procedure":"com.example.thing","executed":false}"#
        )));
        for other in [
            None,
            Some("{}"),
            Some(r#"{"executed":false}"#),
            Some(r#"{"executed":false,"procedure":"com.example.other"}"#),
            Some(r#"{"executed":false,"procedure":null}"#),
            Some(r#"{"executed":true,"procedure":"com.example.thing"}"#),
            Some(r#"{"executed":0,"procedure":"com.example.thing"}"#),
            Some("[false]"),
            Some("{"),
        ] {
            assert!(!said(other), "{other:?}");
        }
    }
}
