//! One call as a dispatcher sees it.

use super::context::Context;
use super::fault::Fault;
use super::request::Params;
use crate::decode::Decode;
use crate::json::{Reader, ReaderOptions};

/// A call that came in: method, parameters and context.
#[derive(Debug)]
pub struct Incoming<'a> {
    method: &'a str,
    params: &'a Params<'a>,
    context: &'a Context,
}

impl<'a> Incoming<'a> {
    pub(super) fn new(method: &'a str, params: &'a Params<'a>, context: &'a Context) -> Self {
        Self {
            method,
            params,
            context,
        }
    }

    /// The name of the method.
    #[must_use]
    pub fn method(&self) -> &'a str {
        self.method
    }

    /// Who calls.
    #[must_use]
    pub fn context(&self) -> &'a Context {
        self.context
    }

    /// A parameter.
    ///
    /// # Errors
    ///
    /// "Invalid parameters" when it is missing or no value of type `T`.
    pub fn argument<T: Decode>(&self, name: &'static str) -> Result<T, Fault> {
        let Some(text) = self.params.get(name) else {
            return Err(Fault::invalid_params(format_args!("{name} is missing")));
        };
        let options = ReaderOptions::default();
        let mut reader = Reader::with_options(text, &options);
        Ok(reader.value().map_err(|error| error.member(name))?)
    }
}
