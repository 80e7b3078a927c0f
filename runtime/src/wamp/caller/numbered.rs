//! Errors of other wires, whose codes are numbers, as they travel over this one.

use crate::json_text::Json;
use crate::wamp::message::Payload;
use crate::wire::Arguments;

/// The arguments by name with which an error carries what it is on a wire whose codes are numbers.
pub(in crate::wamp) const CODE: &str = "code";
pub(in crate::wamp) const DATA: &str = "data";
/// Says that a call was not begun, in an error whose URI leaves that open.
pub(in crate::wamp) const EXECUTED: &str = "executed";

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
        if part("args")?.len() > 1 {
            return None;
        }
        let kwargs = part("kwargs")?;
        let mut names = kwargs.iter().map(|(name, _)| name.unwrap_or_default());
        if !names.all(|name| [CODE, DATA, EXECUTED].contains(&name)) {
            return None;
        }
        let get = |name| kwargs.get(usize::MAX, name);
        let code = get(CODE)?.parse().ok()?;
        let data = get(DATA).map(|data| Json::trusted(data.to_owned()));
        Some(Self { code, data })
    }
}

/// Whether a callee says that it has not begun.
pub(super) fn was_not_begun(payload: &Payload) -> bool {
    let kwargs = payload.kwargs();
    let kwargs = std::str::from_utf8(&kwargs).ok();
    let kwargs = kwargs.and_then(|text| Arguments::parse(text).ok());
    kwargs.is_some_and(|kwargs| kwargs.get(usize::MAX, EXECUTED) == Some("false"))
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
            r#"{"args":[1.5],"kwargs":{"code":1.5}}"#,
        ] {
            assert_eq!(read(other), None, "{other}");
        }
    }

    #[test]
    fn only_a_callee_that_says_so_has_not_begun() {
        let said = |kwargs: Option<&'static str>| {
            was_not_begun(&Payload {
                args: None,
                kwargs: kwargs.map(Into::into),
            })
        };
        assert!(said(Some(r#"{"executed":false}"#)));
        for other in [
            None,
            Some("{}"),
            Some(r#"{"executed":true}"#),
            Some(r#"{"executed":0}"#),
            Some("[false]"),
            Some("{"),
        ] {
            assert!(!said(other), "{other:?}");
        }
    }
}
