//! Errors of a description as faults of servants.

use super::fault::{Fault, Typed};
use crate::codec::{Encode, Record, Structure, Value, encode};
use crate::error::{ErrorCode, RpcError};
use crate::typed_error::TypedError;

impl<E: TypedError> From<E> for Fault {
    /// The error as each wire has it: a number where codes are numbers, else its word or URI, with the members as that wire
    /// lays them out.
    fn from(error: E) -> Self {
        fault(E::NAME, E::CODES, error.members())
    }
}

/// A record that stands alone.
struct Members<'a>(&'a dyn Record);

impl Encode for Members<'_> {
    fn as_value(&self) -> Value<'_> {
        Value::Structure(Structure::new(self.0))
    }
}

fn fault(name: &str, codes: &[&'static str], members: Option<&dyn Record>) -> Fault {
    let number = codes.iter().find_map(|code| code.parse::<i64>().ok());
    let words = codes.iter().find(|code| code.parse::<i64>().is_err());
    let code = match (words, number) {
        (Some(uri), _) if uri.contains('.') => ErrorCode::Uri((*uri).into()),
        (Some(word), _) => ErrorCode::Text((*word).into()),
        (None, number) => ErrorCode::Number(number.unwrap_or(-32000)),
    };
    let mut typed = Typed {
        error: RpcError::new(code, name),
        number,
        members: Some(members.map_or(&[], |members| members.info().members)),
    };
    let Some(members) = members else {
        return typed.into();
    };
    match encode(&Members(members)) {
        Ok(data) => typed.error.data = Some(data),
        // The refusal itself must not get lost with it.
        Err(error) => {
            typed.error.message = format!("{name}; what belongs to it cannot be sent: {error}");
            return typed.into();
        }
    }
    // What is read first over WAMP is the message elsewhere.
    if let Value::Text(text) = members.member(0).as_value()
        && !text.is_empty()
    {
        text.clone_into(&mut typed.error.message);
    }
    typed.into()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[derive(Default)]
    struct Busy;

    impl TypedError for Busy {
        const NAME: &'static str = "Busy";
        const CODES: &'static [&'static str] = &["bench.busy", "-32050"];
    }

    #[test]
    fn each_wire_takes_the_code_that_it_has() {
        let fault = Fault::from(Busy);
        let told = fault.error().expect("no return code");
        assert_eq!(told.code, ErrorCode::Uri("bench.busy".into()));
        assert_eq!(fault.number(), Some(-32050));
        assert_eq!(
            fault.clone().into_numbered().code,
            ErrorCode::Number(-32050)
        );
        assert_eq!(RpcError::from(fault).code.text(), Some("bench.busy"));
    }

    #[test]
    fn other_data_takes_the_place_of_the_members_and_of_no_code() {
        let data: crate::Json = "[1]".parse().expect("JSON");
        let fault = Fault::from(Busy).with_data(data.clone());
        assert_eq!(fault.number(), Some(-32050));
        let numbered = fault.into_numbered();
        assert_eq!(
            (numbered.code, numbered.data),
            (ErrorCode::Number(-32050), Some(data))
        );
    }
}
