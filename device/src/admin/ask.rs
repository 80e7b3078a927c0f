//! What the errors of calls mean here.

use xerus_rpc::Error;

use super::{AdminError, Refusal};

/// What the numbers of a method mean.
pub(super) type Meaning = fn(i32) -> Refusal;

/// The error of a call to a method with these numbers.
pub(super) fn explain(error: Error, meaning: Meaning) -> AdminError {
    match error.as_application() {
        Some(refused) => AdminError::Refused {
            refusal: meaning(refused.code),
            error,
        },
        None => error.into(),
    }
}

/// The same for an object that is not there when what it stands for is not.
pub(super) fn explain_of(error: Error, meaning: Meaning, absent: Refusal) -> AdminError {
    if error.is_object_not_found() {
        return AdminError::Refused {
            refusal: absent,
            error,
        };
    }
    explain(error, meaning)
}

/// The error of reading an object that some models and firmwares do not have.
pub(super) fn explain_object(error: Error, meaning: Meaning) -> AdminError {
    if error.is_object_not_found() {
        return AdminError::NotThere(error);
    }
    explain(error, meaning)
}
