//! What the device does not do, and how it says so.

use xerus_rpc::server::{Context, Fault, Reply};

use super::accounts::{Accounts, Actor};

/// Why the device did not do what it was asked to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Refusal {
    /// The return code of the method: one of the constants of its interface, never 0.
    code: i32,
}

impl Refusal {
    pub(crate) const fn new(code: i32) -> Self {
        Self { code }
    }
}

impl From<Refusal> for Fault {
    fn from(refusal: Refusal) -> Self {
        Self::refused(refusal.code)
    }
}

/// The return code of a method that came to `done`: 0 is success.
pub(crate) fn code(done: Result<(), Refusal>) -> i32 {
    match done {
        Ok(()) => 0,
        Err(refusal) => refusal.code,
    }
}

/// The answer of a method that returns nothing but a return code.
pub(crate) fn reply<'a>(done: Result<(), Refusal>) -> Reply<'a, ()> {
    done.map_err(Fault::from).into()
}

/// The same for a method that changes the device, if the caller may do that.
pub(crate) fn change<'a>(
    accounts: &Accounts,
    context: &Context,
    act: impl FnOnce(&Actor) -> Result<(), Refusal>,
) -> Reply<'a, ()> {
    match accounts.may_change(context) {
        Ok(()) => reply(act(&Actor::of(context))),
        Err(fault) => Reply::fault(fault),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn success_is_0_and_a_refusal_its_code() {
        assert_eq!(code(Ok(())), 0);
        assert_eq!(code(Err(Refusal::new(3))), 3);
        assert_eq!(Fault::from(Refusal::new(3)).return_code(), Some(3));
    }
}
