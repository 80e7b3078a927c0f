//! Marks of methods: what a documentation comment says about the use of a method, for programs.
//!
//! `@idempotent`, `@timeout 500ms` and the like stand in the comment of a method, so that the file stays valid for tools
//! that do not know them. [`Marks::parse`] takes the same text from elsewhere. Here is
//! [the whole list](https://github.com/xerus-rs/xerus-rs/blob/main/docs/idl-marks.md).
//!
//! ```
//! use std::time::Duration;
//! use xerus_idl::marks::Marks;
//!
//! let mut marks = Marks::parse("@idempotent @timeout 500ms")?;
//! assert_eq!((marks.repeatable, marks.timeout), (Some(true), Some(Duration::from_millis(500))));
//!
//! marks.merge(&Marks::parse("@noidempotent")?);
//! assert_eq!(marks.to_string(), "@noidempotent @timeout 500ms");
//!
//! let refused = Marks::parse("@idempotant").unwrap_err();
//! assert_eq!(refused.to_string(), "unknown mark `@idempotant`: did you mean `@idempotent`?");
//! # Ok::<(), xerus_idl::marks::MarkErrors>(())
//! ```

mod display;
mod doxygen;
mod problem;
mod read;
mod scan;
mod words;

use std::collections::HashMap;
use std::time::Duration;

pub use self::problem::{MarkErrors, Problem, ProblemKind};
pub(crate) use self::read::take;
pub(crate) use self::scan::{Oddity, oddities};

/// What [`Marks::nullable`] calls the return value.
pub const RETURNED: &str = "_ret_";

/// What is said about the use of a method. `None` and an empty list mean that nothing is said, so that what is said
/// elsewhere holds.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct Marks {
    /// `@wire NAME`: its whole name on every wire, in place of the one made from interface and method.
    pub wire: Option<String>,
    /// `@idempotent`, `@noidempotent`: whether it may be sent again when it is not known if it ran.
    pub repeatable: Option<bool>,
    /// `@longpoll`, `@nolongpoll`: whether the device holds the answer back until there is something to say.
    pub long_poll: Option<bool>,
    /// `@oneway`, `@nooneway`: whether it is sent without waiting for an answer.
    pub one_way: Option<bool>,
    /// `@timeout 500ms`: how long to wait for the answer; whole milliseconds, more than none.
    pub timeout: Option<Duration>,
    /// `@progress TYPE`: the type, in IDL, of what comes before the result.
    pub progress: Option<String>,
    /// `@action check=METHOD poll=TYPE`: it starts something that another method asks about.
    pub action: Option<Action>,
    /// `@stream poll=METHOD stop=METHOD`: it starts a stream that is polled.
    pub stream: Option<Stream>,
    /// `@root`, `@noroot`: whether the results stand beside `result` in the answer, not in it.
    pub root: Option<bool>,
    /// `@error CODE NAME`: names of error codes, in order; a code comes once. A name is that of a structure, with its path
    /// where it has one in front, or any other.
    pub errors: Vec<(String, String)>,
    /// `@role NAME`: the least role that may call it.
    pub role: Option<String>,
    /// `@noremote`, `@remote`: whether it works on the unit itself only, not through another one.
    pub local: Option<bool>,
    /// `@code`, `@value`: whether the `int` that it returns is a return code, 0 for success.
    pub code: Option<bool>,
    /// `@nullable`, `@nullable NAME…`: the parameters that may be null, and the return value as [`RETURNED`].
    pub nullable: Vec<String>,
}

/// The arguments of `@action`.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Action {
    /// The method that asks how far it is.
    pub check: String,
    /// The type, in IDL, of what starting it answers: how often to ask, and until when.
    pub poll: Option<String>,
}

/// The arguments of `@stream`.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Stream {
    /// The method that fetches what came since.
    pub poll: String,
    /// The method that ends it.
    pub stop: String,
}

impl Action {
    /// The arguments.
    #[must_use]
    pub const fn new(check: String, poll: Option<String>) -> Self {
        Self { check, poll }
    }
}

impl Stream {
    /// The arguments.
    #[must_use]
    pub const fn new(poll: String, stop: String) -> Self {
        Self { poll, stop }
    }
}

impl Marks {
    /// Reads a text that holds marks and nothing else, on one line or several.
    ///
    /// # Errors
    ///
    /// Every mark that is unknown, given twice or has arguments that it does not take, and every other text.
    pub fn parse(text: &str) -> Result<Self, MarkErrors> {
        read::only(text)
    }

    /// Takes over what `later` says, mark by mark; error names code by code.
    pub fn merge(&mut self, later: &Self) {
        let Self {
            wire,
            repeatable,
            long_poll,
            one_way,
            timeout,
            progress,
            action,
            stream,
            root,
            errors,
            role,
            local,
            code,
            nullable,
        } = later;
        over(&mut self.wire, wire);
        over(&mut self.repeatable, repeatable);
        over(&mut self.long_poll, long_poll);
        over(&mut self.one_way, one_way);
        over(&mut self.timeout, timeout);
        over(&mut self.progress, progress);
        over(&mut self.action, action);
        over(&mut self.stream, stream);
        over(&mut self.root, root);
        over(&mut self.role, role);
        over(&mut self.local, local);
        over(&mut self.code, code);
        if !nullable.is_empty() {
            self.nullable.clone_from(nullable);
        }
        if self.errors.is_empty() {
            self.errors.clone_from(errors);
            return;
        }
        let own = self.errors.iter().enumerate();
        let own: HashMap<_, _> = own.map(|(at, (code, _))| (code.clone(), at)).collect();
        for (code, name) in errors {
            match own.get(code) {
                Some(&at) => self.errors[at].1.clone_from(name),
                None => self.errors.push((code.clone(), name.clone())),
            }
        }
    }

    /// Whether nothing is said.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        *self == Self::default()
    }
}

fn over<T: Clone>(own: &mut Option<T>, later: &Option<T>) {
    if later.is_some() {
        own.clone_from(later);
    }
}

#[cfg(test)]
mod tests;
