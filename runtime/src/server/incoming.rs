//! One call as a dispatcher sees it.

use super::context::Context;
use super::fault::Fault;
use crate::codec::{Decode, Reader, ReaderOptions};
use crate::wire::Arguments;

/// A call that came in: method, arguments and context.
#[derive(Debug)]
pub struct Incoming<'a> {
    method: &'a str,
    arguments: &'a Arguments<'a>,
    context: &'a Context,
}

impl<'a> Incoming<'a> {
    /// A call of the method with this IDL name.
    #[must_use]
    pub fn new(method: &'a str, arguments: &'a Arguments<'a>, context: &'a Context) -> Self {
        Self {
            method,
            arguments,
            context,
        }
    }

    /// The name of the method in the IDL.
    #[must_use]
    pub fn method(&self) -> &'a str {
        self.method
    }

    /// All arguments as they came.
    #[must_use]
    pub fn arguments(&self) -> &'a Arguments<'a> {
        self.arguments
    }

    /// Who calls.
    #[must_use]
    pub fn context(&self) -> &'a Context {
        self.context
    }

    /// An argument: the one with this name, or in this place.
    ///
    /// # Errors
    ///
    /// "Invalid parameters" when it is missing or no value of type `T`.
    pub fn argument<T: Decode>(&self, index: usize, name: &'static str) -> Result<T, Fault> {
        let Some(text) = self.arguments.get(index, name) else {
            return Err(Fault::invalid_params(format_args!("{name} is missing")));
        };
        let options = ReaderOptions {
            keeps_unreadable: false,
            ..ReaderOptions::default()
        };
        let mut reader = Reader::with_options(text, &options);
        Ok(reader.value().map_err(|error| error.member(name))?)
    }
}
