//! Results of a call: the values that an answer brings.

use std::sync::Arc;

use super::code::Code;
use crate::codec::{Decode, Reader};
use crate::error::{ApplicationError, DecodeError, DecodeErrorKind, Error};
use crate::json::{Mark, NON_EMPTY, duplicate};
use crate::method::Method;

/// The name under which a return value travels.
pub(crate) const RETURN_VALUE: &str = "_ret_";

/// Whose results are read, and in which form they stand.
#[derive(Clone, Copy, Debug)]
pub struct Callee<'a> {
    /// The object called.
    pub(crate) target: &'a Arc<str>,
    /// What was called; `None` for a call without bindings.
    pub(crate) method: Option<&'static Method>,
    pub(crate) form: Form,
}

/// How the results of an answer are laid out.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Form {
    /// An object.
    ByName,
    /// An array.
    ByPosition,
    /// One result without anything around it.
    Bare,
    /// There are none; `null` stands for them.
    Nothing,
}

impl Callee<'_> {
    fn names(&self) -> &'static [&'static str] {
        self.method.map_or(&[], |method| method.results)
    }

    fn code(&self, value: i32) -> Code {
        Code::new(
            value,
            self.method.map_or(&[], |method| method.code_names(value)),
        )
    }

    /// The error for a refusal.
    pub(crate) fn refused(&self, refusal: Refusal) -> Error {
        let code = self.code(refusal.0);
        ApplicationError::new(code.value(), code.names()).into()
    }
}

/// A return code other than 0.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Refusal(pub(crate) i32);

/// Reads the results of a call: the values, or the code with which the device refused.
pub(crate) type Read<T> =
    fn(&Callee<'_>, &mut Reader<'_>) -> Result<Result<T, Refusal>, DecodeError>;

/// Reads nothing: `null`, `{}` or whatever the wire says for no results.
pub(crate) fn void(
    callee: &Callee<'_>,
    reader: &mut Reader<'_>,
) -> Result<Result<(), Refusal>, DecodeError> {
    let named = matches!(callee.form, Form::ByName | Form::Nothing);
    if named && reader.is_strict() && !matches!(reader.peek(), Some(b'n' | b'{')) {
        return Err(reader.mismatch("null or an object").member("result"));
    }
    reader.skip_value().map(Ok)
}

/// Reads a single result.
pub(crate) fn single<T: Decode>(
    callee: &Callee<'_>,
    reader: &mut Reader<'_>,
) -> Result<Result<T, Refusal>, DecodeError> {
    value(callee, reader).map(Ok)
}

pub(crate) fn value<T: Decode>(
    callee: &Callee<'_>,
    reader: &mut Reader<'_>,
) -> Result<T, DecodeError> {
    let mark = reader.mark();
    if open_only_result(callee, reader)
        && let Ok(value) = reader.value()
        && is_closed(callee, reader)
    {
        return Ok(value);
    }
    reader.rewind(mark);
    reader.take_kept();
    if callee.form == Form::Nothing
        && let Some(absent) = T::absent()
    {
        return reader.skip_value().map(|()| absent);
    }
    let mut value = None;
    let outcome = read_results(callee, reader, First::Value, &mut |_, reader| {
        value = Some(reader.value()?);
        Ok(())
    });
    match (outcome, value) {
        (Ok(_), Some(value)) => Ok(value),
        (Ok(_), None) => Err(DecodeError::missing(RETURN_VALUE, reader.offset())),
        (Err(error), _) => without_name(callee, reader, mark).ok_or(error),
    }
}

/// Steps up to the value of a result that stands alone in an object, as devices send it, or in an array; anything else is left to
/// [`read_results`].
fn open_only_result(callee: &Callee<'_>, reader: &mut Reader<'_>) -> bool {
    let [name] = callee.names() else { return false };
    match callee.form {
        Form::ByName => {
            reader.at_object()
                && matches!(reader.open_object("an object"), Ok(NON_EMPTY))
                && reader.take_key(name)
        }
        Form::ByPosition => matches!(reader.open_array("an array"), Ok(NON_EMPTY)),
        Form::Bare | Form::Nothing => false,
    }
}

/// Whether nothing follows it there.
fn is_closed(callee: &Callee<'_>, reader: &mut Reader<'_>) -> bool {
    let more = match callee.form {
        Form::ByPosition => reader.more_elements(),
        Form::ByName | Form::Bare | Form::Nothing => reader.more_members(),
    };
    matches!(more, Ok(false))
}

/// Reads a structure whose members stand directly in the result, as very old firmware sends it.
#[cold]
fn without_name<T: Decode>(callee: &Callee<'_>, reader: &mut Reader<'_>, mark: Mark) -> Option<T> {
    let end = reader.mark();
    reader.rewind(mark);
    let named = matches!(callee.form, Form::ByName | Form::Nothing);
    if !named || reader.is_strict() || callee.names() != [RETURN_VALUE] || has_return_value(reader)
    {
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

/// What the first result is.
#[derive(Clone, Copy, PartialEq, Eq)]
enum First {
    /// A value like the others.
    Value,
    /// A return code, which the caller wants to see: out-parameters beside a refusal must be readable in strict reading.
    ShownCode,
    /// A return code that becomes an error, which no out-parameter may hide.
    CheckedCode,
}

/// Reads results as the description of the method lists them, in any order; each must be there. A return code is read
/// here and returned, 0 for methods without one; `read` gets the others, counted from 0.
///
/// Beside a refusal out-parameters may be placeholders: those that cannot be read are left alone.
fn read_results(
    callee: &Callee<'_>,
    reader: &mut Reader<'_>,
    first: First,
    read: &mut dyn FnMut(usize, &mut Reader<'_>) -> Result<(), DecodeError>,
) -> Result<i32, DecodeError> {
    let names = callee.names();
    let coded = usize::from(first != First::Value);
    let start = reader.offset();
    let mut code = 0;
    // Methods have a handful of parameters.
    let mut seen = 0u64;
    let mut failed = None;
    let mut one = |index: usize, reader: &mut Reader<'_>| -> Result<(), DecodeError> {
        let name = names.get(index).copied().unwrap_or(RETURN_VALUE);
        if seen >> index & 1 == 1 {
            return Err(duplicate(reader.offset()).member(name));
        }
        seen |= 1 << index;
        if index < coded {
            code = reader.value().map_err(|error| error.member(name))?;
            return Ok(());
        }
        let mark = reader.mark();
        match read(index - coded, reader) {
            Err(error) if coded > 0 => {
                failed.get_or_insert(error.member(name));
                reader.rewind(mark);
                reader.skip_value()
            }
            result => result.map_err(|error| error.member(name)),
        }
    };
    match callee.form {
        Form::ByName | Form::Nothing => by_name(names, reader, &mut one)?,
        Form::ByPosition => by_position(names.len(), reader, &mut one)?,
        Form::Bare => one(0, reader)?,
    }
    if code != 0 && (first == First::CheckedCode || !reader.is_strict()) {
        return Ok(code);
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
        None => Ok(code),
    }
}

type One<'o> = dyn FnMut(usize, &mut Reader<'_>) -> Result<(), DecodeError> + 'o;

fn by_name(
    names: &[&'static str],
    reader: &mut Reader<'_>,
    one: &mut One<'_>,
) -> Result<(), DecodeError> {
    if !reader.at_object() {
        return Err(reader.mismatch("an object").member("result"));
    }
    let mut expected = 0;
    if reader.open_object("an object")? == NON_EMPTY {
        loop {
            match result_member(names, expected, reader)? {
                Some(index) => {
                    expected = index + 1;
                    one(index, reader)?;
                }
                None => reader.skip_value()?,
            }
            if !reader.more_members()? {
                break;
            }
        }
    }
    Ok(())
}

pub(super) fn by_position(
    count: usize,
    reader: &mut Reader<'_>,
    one: &mut One<'_>,
) -> Result<(), DecodeError> {
    let mut index = 0;
    if reader.open_array("an array")? == NON_EMPTY {
        loop {
            if index < count {
                one(index, reader)?;
            } else {
                reader.skip_value()?;
            }
            index += 1;
            if !reader.more_elements()? {
                break;
            }
        }
    }
    Ok(())
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

/// Several results: the return value first, then the out-parameters.
pub trait Tuple: Sized {
    /// Reads the results of a call.
    ///
    /// # Errors
    ///
    /// When one is missing or is no value of its type.
    fn read(callee: &Callee<'_>, reader: &mut Reader<'_>) -> Result<Self, DecodeError>;
}

/// Reads several results.
pub(crate) fn tuple<T: Tuple>(
    callee: &Callee<'_>,
    reader: &mut Reader<'_>,
) -> Result<Result<T, Refusal>, DecodeError> {
    T::read(callee, reader).map(Ok)
}

/// What a method returns beside its return code: nothing, one value or several.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not what a method returns beside a return code"
)]
pub trait Remaining: Sized {
    /// The same with the code before it, as the IDL has it.
    type WithCode;

    /// Reads code and values; beside a refusal the values may be placeholders.
    ///
    /// # Errors
    ///
    /// When one is missing or is no value of its type.
    #[doc(hidden)]
    fn read(
        callee: &Callee<'_>,
        reader: &mut Reader<'_>,
        checked: bool,
    ) -> Result<(i32, Self), DecodeError>;

    #[doc(hidden)]
    fn with_code(self, code: Code) -> Self::WithCode;
}

/// Reads the results of a method that returns a code, and takes the code off.
pub(crate) fn checked<T: Remaining>(
    callee: &Callee<'_>,
    reader: &mut Reader<'_>,
) -> Result<Result<T, Refusal>, DecodeError> {
    let (code, values) = T::read(callee, reader, true)?;
    Ok(if code == 0 {
        Ok(values)
    } else {
        Err(Refusal(code))
    })
}

/// Reads the results of a method that returns a code, the code included.
pub(crate) fn coded<T: Remaining>(
    callee: &Callee<'_>,
    reader: &mut Reader<'_>,
) -> Result<Result<T::WithCode, Refusal>, DecodeError> {
    let (code, values) = T::read(callee, reader, false)?;
    Ok(Ok(values.with_code(callee.code(code))))
}

const fn first(checked: bool) -> First {
    if checked {
        First::CheckedCode
    } else {
        First::ShownCode
    }
}

impl Remaining for () {
    type WithCode = Code;

    fn read(
        callee: &Callee<'_>,
        reader: &mut Reader<'_>,
        checked: bool,
    ) -> Result<(i32, Self), DecodeError> {
        let code = read_results(callee, reader, first(checked), &mut |_, reader| {
            Err(surplus(reader))
        })?;
        Ok((code, ()))
    }

    fn with_code(self, code: Code) -> Code {
        code
    }
}

impl<T: Decode + Default> Remaining for T {
    type WithCode = (Code, T);

    fn read(
        callee: &Callee<'_>,
        reader: &mut Reader<'_>,
        checked: bool,
    ) -> Result<(i32, Self), DecodeError> {
        let mut value = T::default();
        let code = read_results(callee, reader, first(checked), &mut |_, reader| {
            reader.fill(&mut value)
        })?;
        Ok((code, value))
    }

    fn with_code(self, code: Code) -> (Code, T) {
        (code, self)
    }
}

macro_rules! tuple {
    ($($type:ident $index:tt),*) => {
        impl<$($type: Decode + Default),*> Tuple for ($($type,)*) {
            fn read(callee: &Callee<'_>, reader: &mut Reader<'_>) -> Result<Self, DecodeError> {
                let mut values = ($($type::default(),)*);
                read_results(callee, reader, First::Value, &mut |index, reader| {
                    match index {
                        $($index => reader.fill(&mut values.$index),)*
                        _ => Err(surplus(reader)),
                    }
                })?;
                Ok(values)
            }
        }

        impl<$($type: Decode + Default),*> Remaining for ($($type,)*) {
            type WithCode = (Code, $($type,)*);

            fn read(
                callee: &Callee<'_>,
                reader: &mut Reader<'_>,
                checked: bool,
            ) -> Result<(i32, Self), DecodeError> {
                let mut values = ($($type::default(),)*);
                let code = read_results(callee, reader, first(checked), &mut |index, reader| {
                    match index {
                        $($index => reader.fill(&mut values.$index),)*
                        _ => Err(surplus(reader)),
                    }
                })?;
                Ok((code, values))
            }

            fn with_code(self, code: Code) -> Self::WithCode {
                (code, $(self.$index,)*)
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

crate::tuples::tuples!(tuple);
