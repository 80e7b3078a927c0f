//! Static descriptions of methods, as generated code carries them.

use std::time::Duration;

/// One method of an interface: the names that go over the wire, and how it is to be called.
///
/// Generated code writes each as a literal over [`PLAIN`](Self::PLAIN), so that a later runtime can know more of methods
/// than the code that was generated before it.
///
/// ```
/// use xerus_rpc::rt::{Marks, Method};
///
/// static GET_STATE: Method = Method {
///     interface: "pdumodel.Outlet:3.0.1",
///     name: "getState",
///     results: &["_ret_"],
///     marks: &Marks::REPEATABLE,
///     ..Method::PLAIN
/// };
/// assert!(GET_STATE.marks.repeatable);
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Method {
    /// Wire id of the interface that declares the method.
    pub interface: &'static str,
    /// Its name in the IDL.
    pub name: &'static str,
    /// Names of the in-parameters, in IDL order.
    pub params: &'static [&'static str],
    /// Names of the results: `_ret_` first when the method returns a value, then the out-parameters.
    pub results: &'static [&'static str],
    /// How it is to be called.
    pub marks: &'static Marks,
    /// For a method whose return value is a return code: the names of the constants of each code other than 0, the
    /// codes in ascending order. A code has several names where it is not known which of them the method means. `None` for methods
    /// that return something else or nothing.
    pub codes: Option<Codes>,
}

/// Return codes other than 0 in ascending order, each with the names of its constants.
pub type Codes = &'static [(i32, &'static [&'static str])];

impl Method {
    /// A method without parameters, results and marks: what literals are written over.
    pub const PLAIN: Self = Self {
        interface: "",
        name: "",
        params: &[],
        results: &[],
        marks: &Marks::PLAIN,
        codes: None,
    };

    /// A method without marks that returns no code.
    #[must_use]
    pub const fn new(
        interface: &'static str,
        name: &'static str,
        params: &'static [&'static str],
        results: &'static [&'static str],
    ) -> Self {
        Self {
            interface,
            name,
            params,
            results,
            ..Self::PLAIN
        }
    }

    /// The names of the constants of a return code; empty where there are none.
    #[must_use]
    pub fn code_names(&self, code: i32) -> &'static [&'static str] {
        let codes = self.codes.unwrap_or(&[]);
        codes
            .iter()
            .find(|(known, _)| *known == code)
            .map_or(&[], |(_, names)| names)
    }

    /// The interface without its version: `pdumodel.Outlet`.
    #[must_use]
    pub fn interface_name(&self) -> &'static str {
        self.interface
            .split_once(':')
            .map_or(self.interface, |(name, _)| name)
    }
}

/// How a method is to be called: what its signature does not tell.
///
/// It comes from the interface description and from what is known about the methods of the vendor's devices
/// ([how it is decided](https://github.com/xerus-rs/xerus-rs/blob/main/docs/method-facts.md)). Nothing is guessed at run time.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Marks {
    /// Its name on every wire, in place of the one made from interface and name.
    pub wire: Option<&'static str>,
    /// Calling it twice does the same as calling it once, so a call may be sent again when it is not known whether the
    /// first attempt arrived.
    pub repeatable: bool,
    /// The device holds the answer back until something happens.
    pub long_poll: bool,
    /// No answer is expected.
    pub one_way: bool,
    /// Time that a call may take, in milliseconds, where it is not that of other calls.
    pub timeout_ms: Option<u32>,
    /// Wire id or IDL name of what is reported while the call is under way.
    pub progress: Option<&'static str>,
    /// The call only starts something; what asks for the end of it.
    pub action: Option<Action>,
    /// The call starts a stream that is polled and stopped by other methods.
    pub stream: Option<PolledStream>,
    /// The results stand at the top of the answer, not in a result object.
    pub root: bool,
    /// Names of the error codes that the method answers with, by code.
    pub errors: &'static [(&'static str, &'static str)],
    /// The role that a user needs.
    pub role: Option<&'static str>,
    /// It cannot be called on a remote unit.
    pub local: bool,
}

impl Marks {
    /// No marks.
    pub const PLAIN: Self = Self {
        wire: None,
        repeatable: false,
        long_poll: false,
        one_way: false,
        timeout_ms: None,
        progress: None,
        action: None,
        stream: None,
        root: false,
        errors: &[],
        role: None,
        local: false,
    };

    /// Nothing but [`repeatable`](Self::repeatable), as most methods that only read.
    pub const REPEATABLE: Self = Self {
        repeatable: true,
        ..Self::PLAIN
    };

    /// [`timeout_ms`](Self::timeout_ms) as a duration.
    #[must_use]
    pub fn timeout(&self) -> Option<Duration> {
        self.timeout_ms
            .map(|time| Duration::from_millis(u64::from(time)))
    }

    /// The name that goes with an error code.
    #[must_use]
    pub fn error_name(&self, code: &str) -> Option<&'static str> {
        self.errors
            .iter()
            .find(|(known, _)| *known == code)
            .map(|(_, name)| *name)
    }
}

/// How to learn what became of an action.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Action {
    /// The method that tells.
    pub check: &'static str,
    /// The type of what the start answers: when and how often to ask.
    pub poll: &'static str,
}

impl Action {
    /// What literals are written over.
    pub const PLAIN: Self = Self {
        check: "",
        poll: "",
    };
}

/// How a stream that a call started goes on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PolledStream {
    /// The method that gives the next part.
    pub poll: &'static str,
    /// The method that ends it early.
    pub stop: &'static str,
}

impl PolledStream {
    /// What literals are written over.
    pub const PLAIN: Self = Self { poll: "", stop: "" };
}

/// The method that every object has without declaring it.
pub(crate) static GET_TYPE_INFO: Method = Method {
    interface: "idl.Object:1.0.0",
    name: "getTypeInfo",
    results: &["_ret_"],
    marks: &Marks::REPEATABLE,
    ..Method::PLAIN
};

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_have_all_their_names() {
        static SET: Method = Method {
            codes: Some(&[(1, &["ERR_A", "ERR_B"]), (2, &["ERR_C"])]),
            ..Method::PLAIN
        };
        assert_eq!(SET.code_names(1), ["ERR_A", "ERR_B"]);
        assert_eq!(SET.code_names(2), ["ERR_C"]);
        assert!(SET.code_names(3).is_empty());
        assert!(Method::PLAIN.code_names(1).is_empty());
    }
}
