//! What can be sent in bulk.

use std::marker::PhantomData;

use super::results::OptionalResult;
use super::slot::{ItemSlot, ListSlot, PerhapsSlot, Slot, Slots, Whole};
use crate::call::{Call, Plan};

/// One item of a bulk: a [`Call`], an `Option<Call>` for an object that may be absent, or a tuple of two to twelve items.
///
/// The result has the same shape: `Result<T, Error>`, `Option<Result<T, Error>>`, a tuple.
pub trait BulkItem {
    /// What comes of the item.
    type Output: Send + 'static;

    #[doc(hidden)]
    type Slot: ItemSlot<Output = Self::Output> + Send + 'static;

    #[doc(hidden)]
    fn split(self, plans: &mut Vec<Plan>) -> Self::Slot;
}

impl<T: Send + 'static, K> BulkItem for Call<T, K> {
    type Output = Result<T, crate::error::Error>;
    type Slot = Slot<T>;

    fn split(self, plans: &mut Vec<Plan>) -> Slot<T> {
        let (plan, read) = self.into_parts();
        plans.push(plan);
        Slot::new(read)
    }
}

impl<T: Send + 'static, K> BulkItem for Option<Call<T, K>> {
    type Output = Option<Result<T, crate::error::Error>>;
    type Slot = Option<Slot<T>>;

    fn split(self, plans: &mut Vec<Plan>) -> Option<Slot<T>> {
        self.map(|call| call.split(plans))
    }
}

/// A part of what [`Agent::bulk`](crate::Agent::bulk) takes: an item, or a list of items. `Shape` only tells them apart.
pub trait BulkPart<Shape> {
    /// What comes of the part.
    type Output: Send + 'static;

    #[doc(hidden)]
    type Slot: ItemSlot<Output = Self::Output> + Send + 'static;

    #[doc(hidden)]
    fn split_part(self, plans: &mut Vec<Plan>) -> Self::Slot;
}

/// What [`Agent::bulk`](crate::Agent::bulk) takes: an iterator, vector or array of [items](BulkItem), or a tuple of two to
/// twelve items and lists. `Shape` only tells them apart.
#[diagnostic::on_unimplemented(
    message = "`{Self}` cannot be sent in bulk",
    note = "a bulk is an iterator, vector or array of calls, or a tuple of calls and of those; an item may also be an \
            `Option` of a call or a tuple of calls"
)]
pub trait BulkCalls<Shape> {
    /// The results, in the shape of the calls.
    type Output: Send + 'static;

    #[doc(hidden)]
    fn split_all(self) -> (Vec<Plan>, Box<dyn Slots<Output = Self::Output> + Send>);
}

/// Marks an item that has a result.
#[derive(Debug)]
pub enum OneItem {}

/// Marks an item that may be absent.
#[derive(Debug)]
pub enum PerhapsItem {}

/// An item that has a result: a call, or a tuple that begins with one. A tuple of tuples consists of these, so that the
/// compiler warns when the result is not used.
pub trait SureItem: BulkItem {}

impl<T: Send + 'static, K> SureItem for Call<T, K> {}

/// Marks an iterator of items.
#[derive(Debug)]
pub enum Iterated {}

/// Marks a vector or array of items.
#[derive(Debug)]
pub enum Listed {}

/// Marks a tuple of parts with these shapes.
#[derive(Debug)]
pub struct TupleOf<Shapes>(PhantomData<Shapes>);

impl<T: Send + 'static, K> BulkPart<PerhapsItem> for Option<Call<T, K>> {
    type Output = OptionalResult<T>;
    type Slot = PerhapsSlot<T>;

    fn split_part(self, plans: &mut Vec<Plan>) -> PerhapsSlot<T> {
        PerhapsSlot(self.split(plans))
    }
}

impl<I: SureItem> BulkPart<OneItem> for I {
    type Output = I::Output;
    type Slot = I::Slot;

    fn split_part(self, plans: &mut Vec<Plan>) -> I::Slot {
        self.split(plans)
    }
}

macro_rules! list {
    ($(#[$attribute:meta])* $shape:ident, [$($generics:tt)*], $list:ty, $item:ty) => {
        impl<$($generics)*> BulkPart<$shape> for $list {
            type Output = super::BulkResults<<$item as BulkItem>::Output>;
            type Slot = ListSlot<<$item as BulkItem>::Slot>;

            fn split_part(self, plans: &mut Vec<Plan>) -> Self::Slot {
                let items = self.into_iter();
                // An item is one call as a rule.
                plans.reserve(items.size_hint().0);
                let items = items.map(|item| item.split(plans));
                ListSlot::new(items.collect())
            }
        }

        $(#[$attribute])*
        impl<$($generics)*> BulkCalls<$shape> for $list {
            type Output = super::BulkResults<<$item as BulkItem>::Output>;

            fn split_all(self) -> (Vec<Plan>, Box<dyn Slots<Output = Self::Output> + Send>) {
                let mut plans = Vec::new();
                let slot = self.split_part(&mut plans);
                (plans, Box::new(Whole(slot)))
            }
        }
    };
}

// Not every `IntoIterator`: an `Option` of a call is one, too.
list!(
    // Whatever is no list at all is told what a bulk takes, not that it is no iterator.
    #[diagnostic::do_not_recommend]
    Iterated,
    [I: Iterator<Item: BulkItem>],
    I,
    I::Item
);
list!(Listed, [I: BulkItem], Vec<I>, I);
list!(Listed, [I: BulkItem, const N: usize], [I; N], I);

macro_rules! tuple {
    ($($type:ident $index:tt),*) => {
        tuple!(@sure $($type)*);

        impl<$($type: BulkItem),*> BulkItem for ($($type,)*) {
            type Output = ($($type::Output,)*);
            type Slot = ($($type::Slot,)*);

            fn split(self, plans: &mut Vec<Plan>) -> Self::Slot {
                ($(self.$index.split(plans),)*)
            }
        }

        tuple!(@parts [$($type)*] [S0 S1 S2 S3 S4 S5 S6 S7 S8 S9 S10 S11] [] $($index)*);
    };
    // Unless its first item has a result, nobody is told of a tuple that is dropped.
    (@sure $first:ident $($type:ident)*) => {
        impl<$first: SureItem, $($type: BulkItem),*> SureItem for ($first, $($type,)*) {}
    };
    (@parts [] [$($rest:ident)*] [$($type:ident $shape:ident)*] $($index:tt)*) => {
        impl<$($type: BulkPart<$shape>, $shape),*> BulkCalls<TupleOf<($($shape,)*)>> for ($($type,)*) {
            type Output = ($($type::Output,)*);

            fn split_all(self) -> (Vec<Plan>, Box<dyn Slots<Output = Self::Output> + Send>) {
                let mut plans = Vec::new();
                let slots = ($(self.$index.split_part(&mut plans),)*);
                (plans, Box::new(Whole(slots)))
            }
        }
    };
    (@parts [$first:ident $($types:ident)*] [$shape:ident $($shapes:ident)*] [$($done:tt)*] $($index:tt)*) => {
        tuple!(@parts [$($types)*] [$($shapes)*] [$($done)* $first $shape] $($index)*);
    };
}

crate::tuples::tuples!(tuple);
