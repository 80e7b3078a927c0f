//! What the methods of server traits return.

use std::fmt;
use std::future::Future;

use super::fault::Fault;
use crate::call::results::RETURN_VALUE;
use crate::codec::{self, Encode, Writer};
use crate::wire::{BoxFuture, Values};

/// The result of a served method: a value at once, or a future.
///
/// A method with a return code gives what it returns beside the code: `Reply::ok(())` is code 0, and
/// [`refused`](Self::refused) any other.
///
/// ```
/// use xerus_rpc::server::{Fault, Reply};
///
/// let at_once: Reply<'_, i32> = Reply::ok(0);
/// let later: Reply<'_, i32> = Reply::future(async { Err(Fault::not_permitted()) });
/// let from_result: Reply<'_, i32> = Ok(1).into();
/// let refused: Reply<'_, ()> = Reply::refused(1);
/// ```
pub struct Reply<'a, T>(Inner<'a, T>);

/// A reply that a wire can lay out.
pub type Answer<'a> = Reply<'a, Values>;

enum Inner<'a, T> {
    /// A value and its return code, 0 where the method has none.
    Ready(Result<(T, i32), Fault>),
    Future(BoxFuture<'a, Result<T, Fault>>),
}

impl<'a, T> Reply<'a, T> {
    /// A value.
    pub fn ok(value: T) -> Self {
        Ok(value).into()
    }

    /// A fault.
    #[must_use]
    pub fn fault(fault: Fault) -> Self {
        Err(fault).into()
    }

    /// A return code other than 0. The out-parameters beside it are default values, those left out that have none. With 0
    /// the call ends as an internal error.
    #[must_use]
    pub fn refused(code: i32) -> Self {
        Self::fault(Fault::refused(code))
    }

    /// A return code other than 0, with values for the out-parameters beside it: some callers need them whole.
    #[must_use]
    pub fn refused_with(code: i32, value: T) -> Self {
        Self(Inner::Ready(Ok((value, code))))
    }

    /// "Method not found": the answer of a method that is not implemented.
    #[must_use]
    pub fn unsupported() -> Self {
        Self::fault(Fault::method_not_found())
    }

    /// A value that takes time.
    pub fn future(future: impl Future<Output = Result<T, Fault>> + Send + 'a) -> Self {
        Self(Inner::Future(Box::pin(future)))
    }

    /// The value as results, given value and code.
    fn answer(
        self,
        write: impl FnOnce(Result<(T, i32), Fault>) -> Result<Values, Fault> + Send + 'a,
    ) -> Answer<'a>
    where
        T: 'a,
    {
        match self.0 {
            Inner::Ready(result) => Reply::from(write(result)),
            Inner::Future(future) => Reply::future(async move {
                let result = future.await;
                write(result.map(|value| (value, 0)))
            }),
        }
    }

    /// The same, for methods without a return code.
    fn plain(self, write: impl FnOnce(&T) -> Result<Values, Fault> + Send + 'a) -> Answer<'a>
    where
        T: 'a,
    {
        self.answer(|result| match result? {
            (value, 0) => write(&value),
            (_, code) => Err(Fault::refused(code)),
        })
    }
}

impl<T> From<Fault> for Reply<'_, T> {
    fn from(fault: Fault) -> Self {
        Self(Inner::Ready(Err(fault)))
    }
}

impl<T> From<Result<T, Fault>> for Reply<'_, T> {
    fn from(result: Result<T, Fault>) -> Self {
        Self(Inner::Ready(result.map(|value| (value, 0))))
    }
}

/// Writes values under names.
fn values(names: &'static [&'static str], values: &[&dyn Encode]) -> Result<Values, Fault> {
    Ok(codec::values(names, values, Writer::for_answers())?)
}

/// Writes a return code and what stands beside it.
///
/// Beside a refusal, what nobody gave is a default value; one that cannot be sent (an enumeration that was never set) is
/// left out, with all behind it, so that names and places stay together.
fn coded<T: Default>(
    names: &'static [&'static str],
    result: Result<(T, i32), Fault>,
    parts: for<'v> fn(&'v T) -> Vec<&'v dyn Encode>,
) -> Result<Values, Fault> {
    let (rest, code, given) = match result {
        Ok((rest, code)) => (rest, code, true),
        Err(fault) => match fault.return_code() {
            // It would be a success that nothing stands behind.
            Some(0) => return Err(Fault::internal("refused with return code 0")),
            Some(code) => (T::default(), code, false),
            None => return Err(fault),
        },
    };
    let mut all: Vec<&dyn Encode> = vec![&code];
    for part in parts(&rest) {
        if !given && crate::codec::encode(part).is_err() {
            break;
        }
        all.push(part);
    }
    values(names, &all)
}

impl<'a, T: Encode + 'a> Reply<'a, T> {
    /// The answer of a method that returns this value and nothing else.
    #[must_use]
    pub fn single(self) -> Answer<'a> {
        self.named(&[RETURN_VALUE])
    }

    /// The answer of a method whose only result is an out-parameter.
    #[must_use]
    pub fn named(self, name: &'static [&'static str; 1]) -> Answer<'a> {
        self.plain(move |value| values(name, &[value]))
    }
}

impl<'a, T: Encode + Default + 'a> Reply<'a, T> {
    /// The answer of a method with a return code and one out-parameter.
    #[must_use]
    pub fn code_and_one(self, names: &'static [&'static str; 2]) -> Answer<'a> {
        self.answer(move |result| coded(names, result, |value| vec![value]))
    }
}

impl<'a> Reply<'a, ()> {
    /// The answer of a method without results.
    #[must_use]
    pub fn void(self) -> Answer<'a> {
        self.plain(|()| Ok(Values::none()))
    }

    /// The answer of a method with a return code and nothing else.
    #[must_use]
    pub fn code(self) -> Answer<'a> {
        self.answer(|result| coded(&[RETURN_VALUE], result, |()| Vec::new()))
    }
}

impl<'a, T: ReplyTuple + 'a> Reply<'a, T> {
    /// The answer of a method with several results, which have these names.
    #[must_use]
    pub fn tuple(self, names: &'static [&'static str]) -> Answer<'a> {
        self.plain(move |value| values(names, &value.parts()))
    }
}

impl<'a, T: ReplyTuple + Default + 'a> Reply<'a, T> {
    /// The answer of a method with a return code and several out-parameters, which have these names, the code first.
    #[must_use]
    pub fn code_and_more(self, names: &'static [&'static str]) -> Answer<'a> {
        self.answer(move |result| coded(names, result, T::parts))
    }
}

impl<T> Reply<'_, T> {
    /// The result, once it is there.
    pub(crate) async fn wait(self) -> Result<T, Fault> {
        match self.0 {
            Inner::Ready(result) => result.map(|(value, _)| value),
            Inner::Future(future) => future.await,
        }
    }
}

impl<T> fmt::Debug for Reply<'_, T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match &self.0 {
            Inner::Ready(Ok(_)) => "Reply(value)",
            Inner::Ready(Err(_)) => "Reply(fault)",
            Inner::Future(_) => "Reply(future)",
        })
    }
}

/// Several results: a tuple of two to twelve values.
pub trait ReplyTuple {
    /// The values in order.
    fn parts(&self) -> Vec<&dyn Encode>;
}

macro_rules! tuple {
    ($($type:ident $index:tt),*) => {
        impl<$($type: Encode),*> ReplyTuple for ($($type,)*) {
            fn parts(&self) -> Vec<&dyn Encode> {
                vec![$(&self.$index),*]
            }
        }
    };
}

crate::tuples::tuples!(tuple);
