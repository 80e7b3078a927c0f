//! What is behind an error.

use std::error::Error as StdError;
use std::io;

/// An error and everything behind it. `io::Error` hides its cause from `source`, so it is asked for it.
pub(super) fn causes<'a>(
    error: &'a (dyn StdError + 'static),
) -> impl Iterator<Item = &'a (dyn StdError + 'static)> {
    let mut next = Some(error);
    std::iter::from_fn(move || {
        let error = next?;
        next = match error.downcast_ref::<io::Error>() {
            Some(io) => io.get_ref().map(|inner| inner as &(dyn StdError + 'static)),
            None => error.source(),
        };
        Some(error)
    })
    // A cyclic chain cannot be built, but a long one can.
    .take(64)
}
