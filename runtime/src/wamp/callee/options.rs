//! How something is registered.

/// Which calls a registration gets.
///
/// Where several registrations fit a call, the exact one gets it, then the longest prefix, then a wildcard.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Match {
    /// Those of the procedure with this URI.
    #[default]
    Exact,
    /// Those of all procedures whose URI begins with this one. It may end inside a part: `com.example.file` fits
    /// `com.example.filesystem.read`.
    Prefix,
    /// Those of all procedures with as many parts, where empty parts stand for any: `com.example..status`.
    Wildcard,
}

impl Match {
    /// The word on the wire.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Exact => "exact",
            Self::Prefix => "prefix",
            Self::Wildcard => "wildcard",
        }
    }
}

/// Which of several callees that share a registration gets a call.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Invoke {
    /// There is one callee only; the router refuses others.
    #[default]
    Single,
    /// All in turns.
    RoundRobin,
    /// Any, by chance.
    Random,
    /// Always the one that registered first, as long as it is there.
    First,
    /// Always the one that registered last.
    Last,
}

impl Invoke {
    /// The word on the wire.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Single => "single",
            Self::RoundRobin => "roundrobin",
            Self::Random => "random",
            Self::First => "first",
            Self::Last => "last",
        }
    }
}

/// How procedures are registered: which calls they get, and who else may have them.
///
/// ```
/// use xerus_rpc::wamp::{Invoke, Match, RegisterOptions};
///
/// let shared = RegisterOptions::new().with_invoke(Invoke::RoundRobin).with_concurrency(4);
/// let whole_module = RegisterOptions::new().with_match(Match::Prefix);
/// assert_ne!(shared, whole_module);
/// ```
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub struct RegisterOptions {
    /// Which calls it gets.
    pub matching: Match,
    /// Which of several callees gets a call.
    pub invoke: Invoke,
    /// How many calls the router gives to this callee at a time; `None` for any number. Crossbar knows this, and refuses calls beyond with
    /// `crossbar.error.max_concurrency_reached`.
    pub concurrency: Option<u32>,
    /// Whether a registration that others have is taken from them.
    pub force: bool,
    /// Whether the router is asked to tell who calls. Bondy knows this; Crossbar decides by the role of the caller.
    pub disclose_caller: Option<bool>,
}

impl RegisterOptions {
    /// One callee, exact names, any number of calls.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Sets which calls it gets.
    #[must_use]
    pub fn with_match(mut self, matching: Match) -> Self {
        self.matching = matching;
        self
    }

    /// Sets which of several callees gets a call.
    #[must_use]
    pub fn with_invoke(mut self, invoke: Invoke) -> Self {
        self.invoke = invoke;
        self
    }

    /// Sets how many calls the router gives to this callee at a time, at least 1.
    #[must_use]
    pub fn with_concurrency(mut self, calls: u32) -> Self {
        self.concurrency = Some(calls.max(1));
        self
    }

    /// Takes the registration from others that have it: they are told. For routers with `force_reregister`, such as Crossbar; others refuse or
    /// ignore it.
    #[must_use]
    pub fn with_force(mut self, force: bool) -> Self {
        self.force = force;
        self
    }

    /// Asks the router to tell who calls, or not to.
    #[must_use]
    pub fn with_disclose_caller(mut self, disclose: bool) -> Self {
        self.disclose_caller = Some(disclose);
        self
    }

    /// The options of REGISTER as a JSON object; what is as the standard has it is left out.
    pub(crate) fn details(&self) -> String {
        let mut members = Vec::new();
        if self.matching != Match::Exact {
            members.push(format!(r#""match":"{}""#, self.matching.as_str()));
        }
        if self.invoke != Invoke::Single {
            members.push(format!(r#""invoke":"{}""#, self.invoke.as_str()));
        }
        if let Some(calls) = self.concurrency {
            members.push(format!(r#""concurrency":{calls}"#));
        }
        if self.force {
            members.push(r#""force_reregister":true"#.to_owned());
        }
        if let Some(disclose) = self.disclose_caller {
            members.push(format!(r#""disclose_caller":{disclose}"#));
        }
        format!("{{{}}}", members.join(","))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_is_not_standard_is_sent() {
        assert_eq!(RegisterOptions::new().details(), "{}");
        let all = RegisterOptions::new()
            .with_match(Match::Wildcard)
            .with_invoke(Invoke::Last)
            .with_concurrency(0)
            .with_force(true)
            .with_disclose_caller(false);
        assert_eq!(
            all.details(),
            r#"{"match":"wildcard","invoke":"last","concurrency":1,"force_reregister":true,"disclose_caller":false}"#
        );
    }
}
