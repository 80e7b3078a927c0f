//! Turning calls of different types into one list, and results back.

use std::marker::PhantomData;

use crate::call::{Call, Plan};
use crate::error::{BulkError, DecodeError, Error};
use crate::json::Reader;
use crate::results::{Callee, Read};

/// Takes the results of a bulk; compiled once for all result types.
pub trait Accept {
    /// Reads the result of the call at `index`, which went to this object.
    ///
    /// # Errors
    ///
    /// When the text is no such result.
    fn accept(
        &mut self,
        index: usize,
        callee: &Callee<'_>,
        reader: &mut Reader<'_>,
    ) -> Result<(), DecodeError>;

    /// Notes why the call at `index` has no result, in place of what was noted before.
    fn reject(&mut self, index: usize, error: Error);

    /// Drops what was taken for the call at `index`.
    fn forget(&mut self, index: usize);
}

/// Holds the results of a bulk until all are there.
pub trait Slots: Accept {
    /// What the caller gets.
    type Output;

    /// The results; a call that was never answered was not executed.
    fn finish(self: Box<Self>) -> Self::Output;
}

/// What [`Agent::bulk`](crate::Agent::bulk) takes: an iterator of calls of one type, or a tuple of two to
/// twelve calls. `Shape` only tells the two apart.
pub trait BulkCalls<Shape> {
    /// `Vec<Result<T, Error>>`, or a tuple of results.
    type Output: 'static;

    #[doc(hidden)]
    #[allow(private_interfaces, reason = "only this crate makes and takes plans")]
    fn split(self) -> (Vec<Plan>, Box<dyn Slots<Output = Self::Output> + Send>);
}

/// One result to come.
struct Slot<T> {
    read: Read<T>,
    result: Option<Result<T, Error>>,
}

impl<T> Slot<T> {
    fn new(read: Read<T>) -> Self {
        Self { read, result: None }
    }

    fn accept(&mut self, callee: &Callee<'_>, reader: &mut Reader<'_>) -> Result<(), DecodeError> {
        self.result = Some(Ok((self.read)(callee, reader)?));
        Ok(())
    }

    fn finish(self) -> Result<T, Error> {
        self.result
            .unwrap_or_else(|| Err(BulkError::MissingResponse.into()))
    }
}

/// Marks an iterator of calls.
#[derive(Debug)]
pub struct Many<T>(PhantomData<T>);

impl<I, T> BulkCalls<Many<T>> for I
where
    I: IntoIterator<Item = Call<T>>,
    T: Send + 'static,
{
    type Output = Vec<Result<T, Error>>;

    #[allow(private_interfaces, reason = "only this crate makes and takes plans")]
    fn split(self) -> (Vec<Plan>, Box<dyn Slots<Output = Self::Output> + Send>) {
        let (plans, slots): (Vec<Plan>, Vec<Slot<T>>) = self
            .into_iter()
            .map(|call| {
                let (plan, read) = call.into_parts();
                (plan, Slot::new(read))
            })
            .unzip();
        (plans, Box::new(slots))
    }
}

impl<T> Accept for Vec<Slot<T>> {
    fn accept(
        &mut self,
        index: usize,
        callee: &Callee<'_>,
        reader: &mut Reader<'_>,
    ) -> Result<(), DecodeError> {
        match self.get_mut(index) {
            Some(slot) => slot.accept(callee, reader),
            None => reader.skip_value(),
        }
    }

    fn reject(&mut self, index: usize, error: Error) {
        if let Some(slot) = self.get_mut(index) {
            slot.result = Some(Err(error));
        }
    }

    fn forget(&mut self, index: usize) {
        if let Some(slot) = self.get_mut(index) {
            slot.result = None;
        }
    }
}

impl<T> Slots for Vec<Slot<T>> {
    type Output = Vec<Result<T, Error>>;

    fn finish(self: Box<Self>) -> Self::Output {
        self.into_iter().map(Slot::finish).collect()
    }
}

macro_rules! tuple {
    ($($type:ident $index:tt),*) => {
        impl<$($type: Send + 'static),*> BulkCalls<($($type,)*)> for ($(Call<$type>,)*) {
            type Output = ($(Result<$type, Error>,)*);

            #[allow(private_interfaces, reason = "only this crate makes and takes plans")]
            fn split(self) -> (Vec<Plan>, Box<dyn Slots<Output = Self::Output> + Send>) {
                let parts = ($(self.$index.into_parts(),)*);
                let slots = ($(Slot::new(parts.$index.1),)*);
                (vec![$(parts.$index.0),*], Box::new(slots))
            }
        }

        impl<$($type),*> Accept for ($(Slot<$type>,)*) {
            fn accept(
                &mut self,
                index: usize,
                callee: &Callee<'_>,
                reader: &mut Reader<'_>,
            ) -> Result<(), DecodeError> {
                match index {
                    $($index => self.$index.accept(callee, reader),)*
                    _ => reader.skip_value(),
                }
            }

            fn reject(&mut self, index: usize, error: Error) {
                match index {
                    $($index => self.$index.result = Some(Err(error)),)*
                    _ => {}
                }
            }

            fn forget(&mut self, index: usize) {
                match index {
                    $($index => self.$index.result = None,)*
                    _ => {}
                }
            }
        }

        impl<$($type),*> Slots for ($(Slot<$type>,)*) {
            type Output = ($(Result<$type, Error>,)*);

            fn finish(self: Box<Self>) -> Self::Output {
                ($(self.$index.finish(),)*)
            }
        }
    };
}

tuple!(A 0, B 1);
tuple!(A 0, B 1, C 2);
tuple!(A 0, B 1, C 2, D 3);
tuple!(A 0, B 1, C 2, D 3, E 4);
tuple!(A 0, B 1, C 2, D 3, E 4, F 5);
tuple!(A 0, B 1, C 2, D 3, E 4, F 5, G 6);
tuple!(A 0, B 1, C 2, D 3, E 4, F 5, G 6, H 7);
tuple!(A 0, B 1, C 2, D 3, E 4, F 5, G 6, H 7, I 8);
tuple!(A 0, B 1, C 2, D 3, E 4, F 5, G 6, H 7, I 8, J 9);
tuple!(A 0, B 1, C 2, D 3, E 4, F 5, G 6, H 7, I 8, J 9, K 10);
tuple!(A 0, B 1, C 2, D 3, E 4, F 5, G 6, H 7, I 8, J 9, K 10, L 11);
