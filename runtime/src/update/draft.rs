//! The steps of an update, without the waiting.

use super::compare::difference;
use super::unsaid;
use super::{Edit, Updated, Verdict, Write};
use crate::call::Call;
use crate::codec::{Encode, encode};
use crate::error::{Difference, Error, Outcome, UpdateError};

#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Options {
    pub(super) dry_run: bool,
    pub(super) verify: bool,
    pub(super) allow_defaults: bool,
}

/// A value that was read and changed.
pub(super) struct Draft<T, R> {
    read: Call<T>,
    before: T,
    after: T,
    changed: Difference,
    /// What writes it, until it is sent.
    call: Option<Call<R>>,
}

/// What is to be done with a value that was changed.
pub(super) enum Next<T, R> {
    Done(Updated<T, R>),
    Write(Box<Draft<T, R>>),
}

impl<T: Encode + Clone, R> Draft<T, R> {
    /// Changes what was read.
    pub(super) fn make<V: Verdict>(
        before: T,
        change: Edit<'_, T, V>,
        write: Write<'_, T, R>,
        read: &Call<T>,
        options: Options,
    ) -> Result<Next<T, R>, V::Error> {
        let mut after = before.clone();
        change(&mut after).into_result()?;
        let changed = difference(&before, &after);
        let call = write(after.clone());
        let differs = says_something_else(&write(before.clone()), &call)?;
        let mut draft = Self {
            read: read.clone(),
            before,
            after,
            changed,
            call: None,
        };
        if differs {
            if !options.allow_defaults {
                draft.check_complete(&call)?;
            }
        } else if !draft.changed.is_empty() {
            let error = UpdateError::NotTaken(draft.changed);
            return Err(call.blame(error.into()).into());
        }
        if !differs || options.dry_run {
            return Ok(Next::Done(draft.into_updated(None)));
        }
        draft.call = Some(call);
        Ok(Next::Write(Box::new(draft)))
    }

    /// Whether the call sends defaults for what the device left out.
    fn check_complete(&self, call: &Call<R>) -> Result<(), Error> {
        let mut unsaid = unsaid::set_in_part(&self.after);
        let left_out = unsaid::left_out(&self.after);
        if !left_out.is_empty() && !takes_the_whole(call, &self.after)? {
            unsaid.extend(left_out);
        }
        if unsaid.is_empty() {
            return Ok(());
        }
        Err(call.blame(UpdateError::Incomplete(unsaid).into()))
    }

    /// Compares with what was read just before writing; gives the call that writes.
    pub(super) fn confirm(mut self, again: &T) -> Result<(Call<R>, Self), Error> {
        let theirs = difference(&self.before, again);
        let Some(call) = self.call.take().filter(|_| theirs.is_empty()) else {
            let ours = self.changed;
            let error = UpdateError::Conflict { ours, theirs };
            return Err(self.read.blame(error.into()));
        };
        Ok((call, self))
    }

    /// Compares with what was read after writing.
    pub(super) fn verify(self, answer: R, found: &T) -> Result<Updated<T, R>, Error> {
        let found = difference(&self.after, found).without_secrets();
        if !found.is_empty() {
            let ours = self.changed;
            let error = UpdateError::NotKept { ours, found };
            return Err(self.read.blame(error.into()));
        }
        Ok(Updated {
            verified: true,
            ..self.finish(answer)
        })
    }

    /// After writing.
    pub(super) fn finish(self, answer: R) -> Updated<T, R> {
        self.into_updated(Some(answer))
    }

    fn into_updated(self, answer: Option<R>) -> Updated<T, R> {
        Updated {
            changed: self.changed,
            sent: answer.is_some(),
            verified: false,
            answer,
            before: self.before,
            after: self.after,
        }
    }
}

/// Whether two calls have different arguments, or go elsewhere.
fn says_something_else<R>(old: &Call<R>, new: &Call<R>) -> Result<bool, Error> {
    let args = new
        .args()
        .map_err(|error| before_writing(new.blame(error.clone())))?;
    let same = old.args().is_ok_and(|old| old.by_name() == args.by_name())
        && (old.rid(), old.method()) == (new.rid(), new.method());
    Ok(!same)
}

/// Whether one of the arguments is the whole value.
fn takes_the_whole<R>(call: &Call<R>, value: &dyn Encode) -> Result<bool, Error> {
    let whole = encode(value).map_err(|error| before_writing(error.into()))?;
    Ok(call
        .args()
        .is_ok_and(|args| args.iter().any(|(_, text)| text == whole.get())))
}

/// The error of an update that did not come to writing, whatever became of the reading.
pub(super) fn before_writing(error: Error) -> Error {
    error.with_outcome(Outcome::NotExecuted)
}

/// The error of writing. Not to be repeated blindly: the change would be made to another value.
pub(super) fn while_writing(error: Error) -> Error {
    error.with_others(false, false)
}

/// The error of an update that was written.
pub(super) fn after_writing(error: Error) -> Error {
    error
        .with_outcome(Outcome::Executed)
        .with_others(false, false)
}
