//! How servants answer: who asks, whether it may, and which number a refusal has.

use std::convert::Infallible;
use std::time::Duration;

use xerus_rpc::Time;
use xerus_rpc::server::{Context, Fault, Reply};

use crate::model::{Actor, Device, Privilege};

/// A refusal that an interface has a return code for: one of its constants, never 0.
pub(super) trait ReturnCode {
    fn code(self) -> i32;
}

/// Methods that cannot refuse.
impl ReturnCode for Infallible {
    fn code(self) -> i32 {
        match self {}
    }
}

/// A return code that a servant decides on itself.
impl ReturnCode for i32 {
    fn code(self) -> i32 {
        self
    }
}

/// A time since 1970 in whole seconds.
pub(super) fn time(time: Duration) -> Time {
    Time::from_unix_seconds(i64::try_from(time.as_secs()).unwrap_or(i64::MAX))
}

/// Who is behind a call.
pub(super) fn actor(context: &Context) -> Actor {
    Actor::new(
        // Nobody logged in, or the call came from this process: devices leave the member empty.
        context.user.clone().unwrap_or_default(),
        context
            .peer
            .map_or_else(String::new, |peer| peer.ip().to_string()),
    )
}

/// Refuses a caller who may only read.
pub(super) fn may_change(device: &Device, context: &Context) -> Result<(), Fault> {
    match device.accounts().may_change(context.user.as_deref()) {
        true => Ok(()),
        false => Err(Fault::not_permitted()),
    }
}

/// Refuses a caller without a privilege.
pub(super) fn may(device: &Device, context: &Context, privilege: Privilege) -> Result<(), Fault> {
    may_at(device, context, privilege, &[])
}

/// Refuses a caller without a privilege at these parts of the device (from 0).
pub(super) fn may_at(
    device: &Device,
    context: &Context,
    privilege: Privilege,
    parts: &[usize],
) -> Result<(), Fault> {
    let accounts = device.accounts();
    match accounts.may_at(context.user.as_deref(), privilege, parts) {
        true => Ok(()),
        false => Err(Fault::not_permitted()),
    }
}

/// Refuses a caller who may neither look at something nor change it.
pub(super) fn may_look(
    device: &Device,
    context: &Context,
    look: Privilege,
    change: Privilege,
) -> Result<(), Fault> {
    may(device, context, look).or_else(|_| may(device, context, change))
}

/// The answer of a method that may refuse, if the caller has a privilege.
pub(super) fn with<'a, T, R: ReturnCode>(
    device: &Device,
    context: &Context,
    privilege: Privilege,
    act: impl FnOnce(&Actor) -> Result<T, R>,
) -> Reply<'a, T> {
    with_at(device, context, privilege, &[], act)
}

/// The same, with the privilege at these parts of the device (from 0).
pub(super) fn with_at<'a, T, R: ReturnCode>(
    device: &Device,
    context: &Context,
    privilege: Privilege,
    parts: &[usize],
    act: impl FnOnce(&Actor) -> Result<T, R>,
) -> Reply<'a, T> {
    match may_at(device, context, privilege, parts) {
        Ok(()) => reply(act(&actor(context))),
        Err(fault) => Reply::fault(fault),
    }
}

/// The answer of a method that may refuse.
pub(super) fn reply<'a, T>(done: Result<T, impl ReturnCode>) -> Reply<'a, T> {
    done.map_err(|refusal| Fault::refused(refusal.code()))
        .into()
}

/// The same, with something that stands beside a refusal: some clients read every member of an answer before they look at the return code,
/// and an enumeration has no default value.
pub(super) fn whole<'a, T>(
    done: Result<T, impl ReturnCode>,
    placeholder: impl FnOnce() -> T,
) -> Reply<'a, T> {
    match done {
        Ok(value) => Reply::ok(value),
        Err(refusal) => Reply::refused_with(refusal.code(), placeholder()),
    }
}

/// The same for a method that changes the device, if the caller may do that.
pub(super) fn change<'a, T, R: ReturnCode>(
    device: &Device,
    context: &Context,
    act: impl FnOnce(&Actor) -> Result<T, R>,
) -> Reply<'a, T> {
    match may_change(device, context) {
        Ok(()) => reply(act(&actor(context))),
        Err(fault) => Reply::fault(fault),
    }
}

/// The same for a method that does not refuse.
pub(super) fn act<'a>(
    device: &Device,
    context: &Context,
    act: impl FnOnce(&Actor),
) -> Reply<'a, ()> {
    change(device, context, |actor| {
        act(actor);
        Ok::<(), Infallible>(())
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::{NameTooLong, OutletRefusal};

    #[test]
    fn refusals_have_the_codes_of_their_interfaces() {
        assert_eq!(OutletRefusal::LoadShedding.code(), 2);
        assert_eq!(NameTooLong.code(), 1);
    }
}
