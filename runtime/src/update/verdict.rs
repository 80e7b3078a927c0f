//! What a closure that changes a value may give.

use crate::error::Error;

/// What the closure of an [update](crate::update()) gives: nothing, or a `Result` whose error ends the update.
pub trait Verdict {
    /// The error of the update.
    type Error: From<Error>;

    /// Why the update must not go on.
    ///
    /// # Errors
    ///
    /// The reason.
    fn into_result(self) -> Result<(), Self::Error>;
}

impl Verdict for () {
    type Error = Error;

    fn into_result(self) -> Result<(), Error> {
        Ok(())
    }
}

impl<E: From<Error>> Verdict for Result<(), E> {
    type Error = E;

    fn into_result(self) -> Self {
        self
    }
}
