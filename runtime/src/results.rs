//! Method results: the `result` value of an answer (spec section 2, "Method result").

use std::sync::Arc;

use crate::decode::Decode;
use crate::error::{DecodeError, DecodeErrorKind};
use crate::json::{Mark, NON_EMPTY, Reader, duplicate};

/// The name under which a return value travels.
pub(crate) const RETURN_VALUE: &str = "_ret_";

/// Whose result is read, and under which names it travels.
#[derive(Clone, Copy, Debug)]
pub struct Callee<'a> {
    /// The resource id of the object called.
    pub(crate) rid: &'a Arc<str>,
    /// The names of [`Method::results`](crate::Method::results).
    pub(crate) results: &'a [&'static str],
}

/// Reads one `result` value.
pub(crate) type Read<T> = fn(&Callee<'_>, &mut Reader<'_>) -> Result<T, DecodeError>;

/// Reads nothing: `null`, `{}` or an object whose members do not matter.
pub(crate) fn void(_: &Callee<'_>, reader: &mut Reader<'_>) -> Result<(), DecodeError> {
    if reader.is_strict() && !matches!(reader.peek(), Some(b'n' | b'{')) {
        return Err(reader.mismatch("null or an object").member("result"));
    }
    reader.skip_value()
}

/// Reads a single result.
pub(crate) fn single<T: Decode>(
    callee: &Callee<'_>,
    reader: &mut Reader<'_>,
) -> Result<T, DecodeError> {
    let names = callee.results;
    let mark = reader.mark();
    let mut value = None;
    let outcome = read_results(names, reader, &mut |_, reader| {
        value = Some(reader.value()?);
        Ok(())
    });
    match (outcome, value) {
        (Ok(()), Some(value)) => Ok(value),
        (Ok(()), None) => Err(DecodeError::missing(RETURN_VALUE, reader.offset())),
        (Err(error), _) => bare(names, reader, mark).ok_or(error),
    }
}

/// Reads a structure whose members stand directly in the result, as very old firmware sends it.
#[cold]
fn bare<T: Decode>(names: &[&'static str], reader: &mut Reader<'_>, mark: Mark) -> Option<T> {
    let end = reader.mark();
    reader.rewind(mark);
    if reader.is_strict() || names != [RETURN_VALUE] || has_return_value(reader) {
        reader.rewind(end);
        return None;
    }
    reader.rewind(mark);
    reader.known_members = 0;
    let value = T::decode(reader).ok();
    // Only records count members, so nothing else passes for one.
    value.filter(|_| reader.known_members > 0)
}

fn has_return_value(reader: &mut Reader<'_>) -> bool {
    let mut found = false;
    let mut look = || -> Result<(), DecodeError> {
        if reader.open_object("an object")? == NON_EMPTY {
            loop {
                found |= reader.key()? == RETURN_VALUE;
                reader.skip_value()?;
                if !reader.more_members()? {
                    break;
                }
            }
        }
        Ok(())
    };
    look().is_err() || found
}

/// Reads the members that `names` lists, in any order; each must be there.
///
/// When the return value is an error code, out-parameters may be placeholders (spec section 2): lenient
/// reading then leaves those alone that cannot be read.
fn read_results(
    names: &[&'static str],
    reader: &mut Reader<'_>,
    read: &mut dyn FnMut(usize, &mut Reader<'_>) -> Result<(), DecodeError>,
) -> Result<(), DecodeError> {
    if !reader.at_object() {
        return Err(reader.mismatch("an object").member("result"));
    }
    let start = reader.offset();
    let codes = !reader.is_strict() && names.first() == Some(&RETURN_VALUE);
    // Methods have a handful of parameters.
    let mut seen = 0u64;
    let mut code = 0;
    let mut failed = None;
    let mut expected = 0;
    if reader.open_object("an object")? == NON_EMPTY {
        loop {
            let Some(index) = result_member(names, expected, reader)? else {
                reader.skip_value()?;
                if reader.more_members()? {
                    continue;
                }
                break;
            };
            let name = names[index];
            if seen >> index & 1 == 1 {
                return Err(duplicate(reader.offset()).member(name));
            }
            seen |= 1 << index;
            expected = index + 1;
            let mark = reader.mark();
            match read(index, reader) {
                Ok(()) => {
                    if codes && index == 0 && names.len() > 1 {
                        code = code_at(reader, mark);
                    }
                }
                Err(error) if codes && index > 0 => {
                    failed.get_or_insert(error.member(name));
                    reader.rewind(mark);
                    reader.skip_value()?;
                }
                Err(error) => return Err(error.member(name)),
            }
            if !reader.more_members()? {
                break;
            }
        }
    }
    if code != 0 {
        return Ok(());
    }
    if let Some(error) = failed {
        return Err(error);
    }
    match names
        .iter()
        .enumerate()
        .find(|(index, _)| seen >> index & 1 == 0)
    {
        Some((_, name)) => Err(DecodeError::missing(name, start)),
        None => Ok(()),
    }
}

/// Reads a member name; tells which result it is.
fn result_member(
    names: &[&'static str],
    expected: usize,
    reader: &mut Reader<'_>,
) -> Result<Option<usize>, DecodeError> {
    if let Some(name) = names.get(expected)
        && reader.take_key(name)
    {
        return Ok(Some(expected));
    }
    let key = reader.key()?;
    Ok(names
        .iter()
        .take(u64::BITS as usize)
        .position(|name| *name == key))
}

/// The integer that stands at a place already read; 0 when something else stands there.
fn code_at(reader: &mut Reader<'_>, mark: Mark) -> i64 {
    let end = reader.mark();
    reader.rewind(mark);
    let code = if matches!(reader.peek(), Some(b'-' | b'0'..=b'9')) {
        reader.integer().unwrap_or(0)
    } else {
        0
    };
    reader.rewind(end);
    code
}

/// Several results: the return value first, then the out-parameters.
pub trait Tuple: Sized {
    /// Reads the results of a call.
    ///
    /// # Errors
    ///
    /// When one is missing or is no value of its type.
    fn read(callee: &Callee<'_>, reader: &mut Reader<'_>) -> Result<Self, DecodeError>;
}

macro_rules! tuple {
    ($($type:ident $index:tt),*) => {
        impl<$($type: Decode + Default),*> Tuple for ($($type,)*) {
            fn read(callee: &Callee<'_>, reader: &mut Reader<'_>) -> Result<Self, DecodeError> {
                let mut values = ($($type::default(),)*);
                read_results(callee.results, reader, &mut |index, reader| {
                    match index {
                        $($index => values.$index = reader.value()?,)*
                        _ => return Err(surplus(reader)),
                    }
                    Ok(())
                })?;
                Ok(values)
            }
        }
    };
}

#[cold]
fn surplus(reader: &Reader<'_>) -> DecodeError {
    DecodeError::new(
        DecodeErrorKind::LimitExceeded,
        reader.offset(),
        "as many results as the type has",
        "more",
    )
}

tuple!(A 0, B 1);
tuple!(A 0, B 1, C 2);
tuple!(A 0, B 1, C 2, D 3);
tuple!(A 0, B 1, C 2, D 3, E 4);
tuple!(A 0, B 1, C 2, D 3, E 4, F 5);
tuple!(A 0, B 1, C 2, D 3, E 4, F 5, G 6);
tuple!(A 0, B 1, C 2, D 3, E 4, F 5, G 6, H 7);
tuple!(A 0, B 1, C 2, D 3, E 4, F 5, G 6, H 7, I 8);
tuple!(A 0, B 1, C 2, D 3, E 4, F 5, G 6, H 7, I 8, J 9);
tuple!(A 0, B 1, C 2, D 3, E 4, F 5, G 6, H 7, I 8, J 9, K 10);
tuple!(A 0, B 1, C 2, D 3, E 4, F 5, G 6, H 7, I 8, J 9, K 10, L 11);
