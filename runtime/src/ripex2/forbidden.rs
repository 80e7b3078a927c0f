//! Characters that a RipEX2 takes in no text.

use crate::error::{DecodeError, EncodeError, EncodeErrorKind, Error};
use crate::json::{Limits, NON_EMPTY, Text};
use crate::settings::{DEFAULT_MAX_MEMORY, MAX_DEPTH};
use crate::wire::Values;

/// Whether a text has a character that is taken in none.
pub(super) fn is_in(text: &str) -> bool {
    text.contains(['"', '\'', '\\', ';', '$'])
}

/// Looks through all texts in the arguments.
///
/// # Errors
///
/// `Encode.ForbiddenCharacter` with the place of the first text that the device would refuse.
pub(super) fn check(args: &Values) -> Result<(), Error> {
    for (name, value) in args.iter() {
        // A quotation mark inside a text has a backslash before it.
        if !value.contains(['\'', '\\', ';', '$']) {
            continue;
        }
        if let Some(mut error) = find(value)? {
            error.path.member(name.to_owned());
            return Err(error.into());
        }
    }
    Ok(())
}

/// The first text with a forbidden character.
pub(super) fn find(json: &str) -> Result<Option<EncodeError>, DecodeError> {
    let limits = Limits {
        strict: false,
        depth: MAX_DEPTH,
        memory: DEFAULT_MAX_MEMORY,
    };
    value(&mut Text::new(json, limits))
}

fn value(text: &mut Text<'_>) -> Result<Option<EncodeError>, DecodeError> {
    match text.peek() {
        Some(b'"') => {
            let found = is_in(&text.string()?);
            Ok(found.then(|| EncodeError::new(EncodeErrorKind::ForbiddenCharacter)))
        }
        Some(b'{') => {
            let mut more = text.open_object("an object")? == NON_EMPTY;
            while more {
                let name = text.key()?.into_owned();
                if let Some(mut error) = value(text)? {
                    error.path.member(name);
                    return Ok(Some(error));
                }
                more = text.more_members()?;
            }
            Ok(None)
        }
        Some(b'[') => {
            let mut more = text.open_array("an array")? == NON_EMPTY;
            let mut index = 0;
            while more {
                if let Some(mut error) = value(text)? {
                    error.path.index(index);
                    return Ok(Some(error));
                }
                index += 1;
                more = text.more_elements()?;
            }
            Ok(None)
        }
        _ => text.skip_value().map(|()| None),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn place(args: &str) -> Option<String> {
        let args = Values::from_object(args).expect("an object");
        let error = check(&args).err()?;
        assert_eq!(error.code(), "Encode.ForbiddenCharacter");
        error.path()
    }

    #[test]
    fn r14_a_forbidden_character_is_told_with_its_place() {
        for (args, expected) in [
            (r#"{"a":"b","c":[1,{"d":"e"}]}"#, None),
            (r#"{"a":"$"}"#, Some("a")),
            (
                r#"{"main":{"LanInterfaces":[{},{"Name":"it's"}]}}"#,
                Some("main.LanInterfaces[1].Name"),
            ),
            (r#"{"a":"\""}"#, Some("a")),
            (r#"{"a":"\u0024"}"#, Some("a")),
            (r#"{"a":"x\\y"}"#, Some("a")),
            (r#"{"a":";"}"#, Some("a")),
            // Other escapes and names of members are none of it.
            (r#"{"a":"line\nline","b;":1,"c":{"$":2}}"#, None),
        ] {
            assert_eq!(place(args).as_deref(), expected, "{args}");
        }
    }
}
