//! What the methods of server traits return.

use std::fmt;
use std::future::Future;

use super::answer::Answer;
use super::fault::Fault;
use crate::encode::Encode;
use crate::json::Writer;
use crate::results::RETURN_VALUE;
use crate::transport::BoxFuture;

/// The result of a served method: a value at once, or a future.
///
/// ```
/// use xerus_rpc::server::{Fault, Reply};
///
/// let at_once: Reply<'_, i32> = Reply::ok(0);
/// let later: Reply<'_, i32> = Reply::future(async { Err(Fault::not_permitted()) });
/// let from_result: Reply<'_, i32> = Ok(1).into();
/// ```
pub struct Reply<'a, T>(Inner<'a, T>);

enum Inner<'a, T> {
    Ready(Result<T, Fault>),
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

    /// "Method not found": what a method does that nobody has implemented.
    #[must_use]
    pub fn unsupported() -> Self {
        Self::fault(Fault::method_not_found())
    }

    /// A value that takes time.
    pub fn future(future: impl Future<Output = Result<T, Fault>> + Send + 'a) -> Self {
        Self(Inner::Future(Box::pin(future)))
    }

    /// Writes the value as the `result` of an answer.
    fn answer(self, write: impl FnOnce(&T, &mut Writer) + Send + 'a) -> Answer<'a>
    where
        T: 'a,
    {
        let encode = move |value: T| {
            let mut writer = Writer::new();
            write(&value, &mut writer);
            Ok(writer.finish()?)
        };
        match self.0 {
            Inner::Ready(result) => Reply::from(result.and_then(encode)),
            Inner::Future(future) => Reply::future(async move { future.await.and_then(encode) }),
        }
    }
}

impl<T> From<Result<T, Fault>> for Reply<'_, T> {
    fn from(result: Result<T, Fault>) -> Self {
        Self(Inner::Ready(result))
    }
}

impl<'a, T: Encode + 'a> Reply<'a, T> {
    /// The answer of a method that returns this value and nothing else.
    #[must_use]
    pub fn single(self) -> Answer<'a> {
        self.named(RETURN_VALUE)
    }

    /// The answer of a method whose only result is the out-parameter `name`.
    #[must_use]
    pub fn named(self, name: &'static str) -> Answer<'a> {
        self.answer(move |value, writer| writer.members(&[name], &[value]))
    }
}

impl<'a> Reply<'a, ()> {
    /// The answer of a method without results: `null`.
    #[must_use]
    pub fn void(self) -> Answer<'a> {
        self.answer(|(), writer| writer.raw("null"))
    }
}

impl<'a, T: ReplyTuple + 'a> Reply<'a, T> {
    /// The answer of a method with several results, which have these names.
    #[must_use]
    pub fn tuple(self, names: &'static [&'static str]) -> Answer<'a> {
        self.answer(move |value, writer| value.write(names, writer))
    }
}

impl<T> Reply<'_, T> {
    /// The result, once it is there.
    pub(crate) async fn wait(self) -> Result<T, Fault> {
        match self.0 {
            Inner::Ready(result) => result,
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
    /// Writes an object with the values under these names.
    fn write(&self, names: &[&'static str], writer: &mut Writer);
}

macro_rules! tuple {
    ($($type:ident $index:tt),*) => {
        impl<$($type: Encode),*> ReplyTuple for ($($type,)*) {
            fn write(&self, names: &[&'static str], writer: &mut Writer) {
                writer.members(names, &[$(&self.$index),*]);
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
