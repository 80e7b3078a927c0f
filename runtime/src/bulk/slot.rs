//! Where the results of a bulk are kept until all are there.

use super::results::OptionalResult;
use crate::call::Plan;
use crate::call::results::{Callee, Read};
use crate::codec::Reader;
use crate::error::{BulkError, DecodeError, Error};
use crate::id::RequestId;
use crate::meta::Meta;

/// Takes the results of a bulk; what sends it is compiled once for all result types.
pub trait Accept {
    /// Reads the result of the call at `index`, which is `plan`.
    ///
    /// # Errors
    ///
    /// When the text is no such result.
    fn accept(
        &mut self,
        index: usize,
        plan: &Plan,
        callee: &Callee<'_>,
        reader: &mut Reader<'_>,
    ) -> Result<(), DecodeError>;

    /// Notes why the call at `index` has no result, in place of what was noted before.
    fn reject(&mut self, index: usize, error: Error);

    /// Drops what was taken for the call at `index`.
    fn forget(&mut self, index: usize);

    /// Hears of an answer before it is read: what the wire knows beside it, and which calls it is for, under which ids.
    fn answered(&mut self, meta: &Meta, calls: &mut dyn Iterator<Item = (usize, RequestId)>) {
        let _ = (meta, calls);
    }
}

/// Holds the results of a bulk until all are there.
pub trait Slots: Accept {
    /// What the caller gets.
    type Output;

    /// The results; a call that was never answered was not executed.
    fn finish(self: Box<Self>) -> Self::Output;
}

/// The results to come for one item of a bulk: one call, none, or a few.
pub trait ItemSlot: Accept {
    /// What the caller gets.
    type Output;

    /// How many calls the item has.
    fn calls(&self) -> usize;

    /// The results.
    fn finish(self) -> Self::Output;
}

/// One result to come.
pub struct Slot<T> {
    read: Read<T>,
    result: Option<Result<T, Error>>,
}

impl<T> Slot<T> {
    pub(super) fn new(read: Read<T>) -> Self {
        Self { read, result: None }
    }
}

impl<T> Slot<T> {
    /// Why the call has no result.
    pub(super) fn failure(&self) -> Option<Error> {
        match &self.result {
            Some(result) => result.as_ref().err().cloned(),
            None => Some(unanswered()),
        }
    }
}

/// A call that was never answered was not executed.
fn unanswered() -> Error {
    BulkError::MissingResponse.into()
}

impl<T> Accept for Slot<T> {
    fn accept(
        &mut self,
        _: usize,
        plan: &Plan,
        callee: &Callee<'_>,
        reader: &mut Reader<'_>,
    ) -> Result<(), DecodeError> {
        let verdict = (self.read)(callee, reader)?;
        self.result = Some(verdict.map_err(|refusal| plan.blame(callee.refused(refusal))));
        Ok(())
    }

    fn reject(&mut self, _: usize, error: Error) {
        self.result = Some(Err(error));
    }

    fn forget(&mut self, _: usize) {
        self.result = None;
    }
}

impl<T> ItemSlot for Slot<T> {
    type Output = Result<T, Error>;

    fn calls(&self) -> usize {
        1
    }

    fn finish(self) -> Self::Output {
        self.result.unwrap_or_else(|| Err(unanswered()))
    }
}

/// A call that may be absent.
impl<S: Accept> Accept for Option<S> {
    fn accept(
        &mut self,
        index: usize,
        plan: &Plan,
        callee: &Callee<'_>,
        reader: &mut Reader<'_>,
    ) -> Result<(), DecodeError> {
        match self {
            Some(slot) => slot.accept(index, plan, callee, reader),
            None => reader.skip_value(),
        }
    }

    fn reject(&mut self, index: usize, error: Error) {
        if let Some(slot) = self {
            slot.reject(index, error);
        }
    }

    fn forget(&mut self, index: usize) {
        if let Some(slot) = self {
            slot.forget(index);
        }
    }
}

impl<S: ItemSlot> ItemSlot for Option<S> {
    type Output = Option<S::Output>;

    fn calls(&self) -> usize {
        self.as_ref().map_or(0, S::calls)
    }

    fn finish(self) -> Self::Output {
        self.map(S::finish)
    }
}

/// A call that may be absent, as a part of a tuple.
pub struct PerhapsSlot<T>(pub(super) Option<Slot<T>>);

impl<T> Accept for PerhapsSlot<T> {
    fn accept(
        &mut self,
        index: usize,
        plan: &Plan,
        callee: &Callee<'_>,
        reader: &mut Reader<'_>,
    ) -> Result<(), DecodeError> {
        self.0.accept(index, plan, callee, reader)
    }

    fn reject(&mut self, index: usize, error: Error) {
        self.0.reject(index, error);
    }

    fn forget(&mut self, index: usize) {
        self.0.forget(index);
    }
}

impl<T> ItemSlot for PerhapsSlot<T> {
    type Output = OptionalResult<T>;

    fn calls(&self) -> usize {
        self.0.calls()
    }

    fn finish(self) -> OptionalResult<T> {
        OptionalResult::new(self.0.finish())
    }
}

/// The items of a list, each with the number of its first call.
pub struct ListSlot<S> {
    items: Vec<S>,
    starts: Vec<usize>,
    calls: usize,
    /// The item asked for last: results come in the order of the calls.
    last: usize,
}

impl<S: ItemSlot> ListSlot<S> {
    pub(super) fn new(items: Vec<S>) -> Self {
        let mut calls = 0;
        let starts = items
            .iter()
            .map(|item| {
                let start = calls;
                calls += item.calls();
                start
            })
            .collect();
        Self {
            items,
            starts,
            calls,
            last: 0,
        }
    }

    /// The item that a call belongs to, and its place in the item.
    fn item(&mut self, index: usize) -> Option<(&mut S, usize)> {
        let holds = |starts: &[usize], at: usize, end: usize| {
            starts.get(at).is_some_and(|start| *start <= index)
                && starts.get(at + 1).map_or(index < end, |next| index < *next)
        };
        let near = [self.last, self.last + 1];
        let at = near
            .into_iter()
            .find(|at| holds(&self.starts, *at, self.calls))
            .unwrap_or_else(|| {
                self.starts
                    .partition_point(|start| *start <= index)
                    .saturating_sub(1)
            });
        self.last = at;
        let start = *self.starts.get(at)?;
        Some((self.items.get_mut(at)?, index.checked_sub(start)?))
    }
}

impl<S: ItemSlot> Accept for ListSlot<S> {
    fn accept(
        &mut self,
        index: usize,
        plan: &Plan,
        callee: &Callee<'_>,
        reader: &mut Reader<'_>,
    ) -> Result<(), DecodeError> {
        match self.item(index) {
            Some((item, index)) => item.accept(index, plan, callee, reader),
            None => reader.skip_value(),
        }
    }

    fn reject(&mut self, index: usize, error: Error) {
        if let Some((item, index)) = self.item(index) {
            item.reject(index, error);
        }
    }

    fn forget(&mut self, index: usize) {
        if let Some((item, index)) = self.item(index) {
            item.forget(index);
        }
    }
}

impl<S: ItemSlot> ItemSlot for ListSlot<S> {
    type Output = super::BulkResults<S::Output>;

    fn calls(&self) -> usize {
        self.calls
    }

    fn finish(self) -> Self::Output {
        super::BulkResults::new(self.items.into_iter().map(S::finish).collect())
    }
}

/// What is held for a whole bulk: one item, whatever that consists of.
pub(super) struct Whole<S>(pub(super) S);

impl<S: ItemSlot> Accept for Whole<S> {
    fn accept(
        &mut self,
        index: usize,
        plan: &Plan,
        callee: &Callee<'_>,
        reader: &mut Reader<'_>,
    ) -> Result<(), DecodeError> {
        self.0.accept(index, plan, callee, reader)
    }

    fn reject(&mut self, index: usize, error: Error) {
        self.0.reject(index, error);
    }

    fn forget(&mut self, index: usize) {
        self.0.forget(index);
    }
}

impl<S: ItemSlot> Slots for Whole<S> {
    type Output = S::Output;

    fn finish(self: Box<Self>) -> Self::Output {
        self.0.finish()
    }
}

macro_rules! tuple {
    ($($type:ident $index:tt),*) => {
        impl<$($type: ItemSlot),*> Accept for ($($type,)*) {
            fn accept(
                &mut self,
                mut index: usize,
                plan: &Plan,
                callee: &Callee<'_>,
                reader: &mut Reader<'_>,
            ) -> Result<(), DecodeError> {
                $(
                    let calls = self.$index.calls();
                    if index < calls {
                        return self.$index.accept(index, plan, callee, reader);
                    }
                    index -= calls;
                )*
                let _ = index;
                reader.skip_value()
            }

            fn reject(&mut self, mut index: usize, error: Error) {
                $(
                    let calls = self.$index.calls();
                    if index < calls {
                        return self.$index.reject(index, error);
                    }
                    index -= calls;
                )*
                let _ = index;
            }

            fn forget(&mut self, mut index: usize) {
                $(
                    let calls = self.$index.calls();
                    if index < calls {
                        return self.$index.forget(index);
                    }
                    index -= calls;
                )*
                let _ = index;
            }
        }

        impl<$($type: ItemSlot),*> ItemSlot for ($($type,)*) {
            type Output = ($($type::Output,)*);

            fn calls(&self) -> usize {
                0 $(+ self.$index.calls())*
            }

            fn finish(self) -> Self::Output {
                ($(self.$index.finish(),)*)
            }
        }
    };
}

crate::tuples::tuples!(tuple);
