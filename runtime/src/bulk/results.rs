//! What comes of a bulk.

use std::fmt;
use std::ops::Deref;

use crate::error::Error;

/// The results of a list of calls, in their order. Each result may be a refusal, so this must be used:
/// look at each, or take [`all`](Self::all).
///
/// ```
/// # use xerus_rpc::{Agent, Error, Json};
/// # async fn example(agent: &Agent) -> Result<(), Error> {
/// let versions = ["/firmware", "/bulk"].map(|rid| agent.call(rid, "getTypeInfo", Json::EMPTY_OBJECT));
/// for version in agent.bulk(versions).await?.all()? {
///     println!("{version}");
/// }
/// # Ok(())
/// # }
/// ```
#[must_use = "a result that nobody looks at may be a refusal"]
#[derive(Clone)]
pub struct BulkResults<R>(Vec<R>);

impl<R> BulkResults<R> {
    pub(super) fn new(results: Vec<R>) -> Self {
        Self(results)
    }

    /// All values, or the first error.
    ///
    /// # Errors
    ///
    /// That of the first call that failed. The calls behind it were made all the same.
    #[doc(alias = "raise_subreq_failure")]
    pub fn all(self) -> Result<Vec<R::Value>, Error>
    where
        R: BulkOutput,
    {
        self.0.into_iter().map(R::into_value).collect()
    }

    /// The results as a vector.
    #[must_use = "a result that nobody looks at may be a refusal"]
    pub fn into_vec(self) -> Vec<R> {
        self.0
    }
}

impl<R> Deref for BulkResults<R> {
    type Target = [R];

    fn deref(&self) -> &[R] {
        &self.0
    }
}

impl<R> IntoIterator for BulkResults<R> {
    type Item = R;
    type IntoIter = std::vec::IntoIter<R>;

    fn into_iter(self) -> Self::IntoIter {
        self.0.into_iter()
    }
}

impl<'a, R> IntoIterator for &'a BulkResults<R> {
    type Item = &'a R;
    type IntoIter = std::slice::Iter<'a, R>;

    fn into_iter(self) -> Self::IntoIter {
        self.0.iter()
    }
}

impl<R: fmt::Debug> fmt::Debug for BulkResults<R> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

/// The result of a call that may be absent, as a part of a tuple: an `Option` that must be used.
///
/// It dereferences to the `Option`, and [`into_option`](Self::into_option) is that.
#[must_use = "a result that nobody looks at may be a refusal"]
#[derive(Clone, Debug)]
pub struct OptionalResult<T>(Option<Result<T, Error>>);

impl<T> OptionalResult<T> {
    pub(super) fn new(result: Option<Result<T, Error>>) -> Self {
        Self(result)
    }

    /// The result; `None` when the call was absent.
    #[must_use = "a result that nobody looks at may be a refusal"]
    pub fn into_option(self) -> Option<Result<T, Error>> {
        self.0
    }

    /// The value; `None` when the call was absent.
    ///
    /// # Errors
    ///
    /// Why the call has no value.
    pub fn transpose(self) -> Result<Option<T>, Error> {
        self.0.transpose()
    }
}

impl<T> Deref for OptionalResult<T> {
    type Target = Option<Result<T, Error>>;

    fn deref(&self) -> &Self::Target {
        &self.0
    }
}

impl<T> BulkOutput for OptionalResult<T> {
    type Value = Option<T>;

    fn into_value(self) -> Result<Option<T>, Error> {
        self.transpose()
    }
}

/// What comes of an item or of all: values, or an error for one of them.
pub trait BulkOutput {
    /// The values, in the shape of the calls.
    type Value;

    /// All values, or the first error.
    ///
    /// # Errors
    ///
    /// That of the first call that failed.
    fn into_value(self) -> Result<Self::Value, Error>;
}

impl<T> BulkOutput for Result<T, Error> {
    type Value = T;

    fn into_value(self) -> Self {
        self
    }
}

impl<R: BulkOutput> BulkOutput for Option<R> {
    type Value = Option<R::Value>;

    fn into_value(self) -> Result<Self::Value, Error> {
        self.map(R::into_value).transpose()
    }
}

impl<R: BulkOutput> BulkOutput for BulkResults<R> {
    type Value = Vec<R::Value>;

    fn into_value(self) -> Result<Self::Value, Error> {
        self.all()
    }
}

macro_rules! tuple {
    ($($type:ident $index:tt),*) => {
        impl<$($type: BulkOutput),*> BulkOutput for ($($type,)*) {
            type Value = ($($type::Value,)*);

            fn into_value(self) -> Result<Self::Value, Error> {
                Ok(($(self.$index.into_value()?,)*))
            }
        }
    };
}

crate::tuples::tuples!(tuple);
