//! What lies behind an error of a library.

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

/// The first error of a type among these.
pub(super) fn find<'a, E: StdError + 'static>(
    error: &'a (dyn StdError + 'static),
) -> Option<&'a E> {
    causes(error).find_map(|error| error.downcast_ref::<E>())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn causes_are_found_through_io_errors() {
        let inner = io::Error::new(io::ErrorKind::InvalidData, std::fmt::Error);
        let error = io::Error::other(inner);
        assert!(find::<std::fmt::Error>(&error).is_some());
        assert_eq!(causes(&error).count(), 3);
    }
}
