//! The first of several interfaces that fits an object.

use std::fmt;

use super::cast::CastError;
use super::{Interface, Object};

/// Candidates for an object, tried one after the other; made by [`Object::choose`].
#[must_use = "a choice is made when it is finished"]
pub struct Choice<'a, R> {
    object: &'a Object,
    chosen: Option<R>,
    tried: Vec<&'static str>,
}

impl Object {
    /// Tries several interfaces, commonly one interface of several firmwares, and goes on with the first that fits.
    ///
    /// Write the candidates newest first. Each is a [`cast`](Self::cast) with its rules: a minor version that is older
    /// than the bindings fits, another major version does not.
    ///
    /// ```
    /// use xerus_rpc::{CastError, Interface, Object};
    ///
    /// /// Which generation of bindings to use for an object.
    /// fn generation<V3: Interface, V4: Interface>(object: &Object) -> Result<u32, CastError> {
    ///     object
    ///         .choose()
    ///         .when(|_: V4| 4)
    ///         .when(|_: V3| 3)
    ///         .finish()
    /// }
    /// ```
    pub fn choose<R>(&self) -> Choice<'_, R> {
        Choice {
            object: self,
            chosen: None,
            tried: Vec::new(),
        }
    }
}

impl<R> Choice<'_, R> {
    /// Adds a candidate: if the object is a `T` and no candidate before it fitted, `then` makes the result of it.
    pub fn when<T: Interface>(mut self, then: impl FnOnce(T) -> R) -> Self {
        if self.chosen.is_none() {
            match self.object.cast() {
                Ok(proxy) => self.chosen = Some(then(proxy)),
                Err(_) => self.tried.push(T::TYPE_ID),
            }
        }
        self
    }

    /// The result of the candidate that fitted.
    ///
    /// # Errors
    ///
    /// [`CastError::NotReported`] when the device has not reported what the object is, [`CastError::Unreadable`] when it sent
    /// no reference; otherwise
    /// [`CastError::NoneFits`] with what it reported and what was tried.
    pub fn finish(self) -> Result<R, CastError> {
        match (self.chosen, self.object.wire_id()) {
            (Some(chosen), _) => Ok(chosen),
            (None, None) => Err(self.object.reported.no_type()),
            (None, Some(found)) => Err(CastError::NoneFits(found.clone(), self.tried)),
        }
    }
}

impl<R> fmt::Debug for Choice<'_, R> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Choice")
            .field("object", self.object)
            .field("is_made", &self.chosen.is_some())
            .field("tried", &self.tried)
            .finish()
    }
}
