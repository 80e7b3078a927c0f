//! Return codes.

use std::fmt;

use crate::error::{ApplicationError, Error};

/// The return code of a method: 0 for success, anything else for a refusal.
///
/// [`Call::code`](crate::Call::code) gives it. Awaiting the call without that turns a refusal into an error.
///
/// ```
/// # use xerus_rpc::{Call, Checked, Error};
/// # async fn example(cycle: Call<(), Checked>) -> Result<(), Error> {
/// let code = cycle.code().await?;
/// if code != 0 {
///     eprintln!("not cycled: {code}"); // not cycled: ERR_OUTLET_NOT_SWITCHABLE (1)
/// }
/// # Ok(())
/// # }
/// ```
#[must_use = "a code other than 0 is a refusal"]
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub struct Code {
    value: i32,
    names: &'static [&'static str],
}

impl Code {
    pub(crate) fn new(value: i32, names: &'static [&'static str]) -> Self {
        Self { value, names }
    }

    /// The number.
    #[must_use]
    pub fn value(self) -> i32 {
        self.value
    }

    /// Whether the device did what it was asked for.
    #[must_use]
    pub fn is_success(self) -> bool {
        self.value == 0
    }

    /// The constants that the method may mean by it; empty for 0, and where the interface names none.
    #[must_use]
    pub fn names(self) -> &'static [&'static str] {
        self.names
    }

    /// The code as a result, as awaiting the call gives it.
    ///
    /// # Errors
    ///
    /// Kind `Application` for a code other than 0.
    pub fn check(self) -> Result<(), Error> {
        if self.is_success() {
            Ok(())
        } else {
            Err(ApplicationError::new(self.value, self.names).into())
        }
    }
}

impl PartialEq<i32> for Code {
    fn eq(&self, other: &i32) -> bool {
        self.value == *other
    }
}

impl fmt::Display for Code {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.names {
            [] => self.value.fmt(f),
            names => write!(f, "{} ({})", names.join(" or "), self.value),
        }
    }
}

impl fmt::Debug for Code {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Code({self})")
    }
}
