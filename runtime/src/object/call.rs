//! Calls of methods of an object.

use std::sync::Arc;

use super::cast::mismatch;
use super::{CastError, Object};
use crate::call::Call;
use crate::call::results::Read;
use crate::codec::Encode;
use crate::compatibility::Compatibility;
use crate::error::Error;
use crate::method::Method;

impl Object {
    /// A call of a method; its results are read by `read`.
    pub(crate) fn call<T, K>(
        &self,
        method: &'static Method,
        args: &[&dyn Encode],
        read: Read<T>,
    ) -> Call<T, K> {
        let args = self.check_callable().map(|()| args);
        Call::new(&self.agent, Arc::clone(&self.rid), method, args, read)
    }

    /// Refuses calls that the device would understand differently than meant.
    fn check_callable(&self) -> Result<(), Error> {
        if let Some(element) = self.unreadable() {
            return Err(CastError::Unreadable(element.error().clone()).into());
        }
        if self.compatibility == Compatibility::MajorMismatch {
            return Err(Error::major_mismatch(mismatch(
                self.shown_type(),
                self.declared,
            )));
        }
        Ok(())
    }
}
