//! Static descriptions of methods, as generated code carries them.

/// One method of an interface, described by the names that go over the wire.
///
/// ```
/// use xerus_rpc::Method;
///
/// static SET_POWER_STATE: Method =
///     Method::new("pdumodel.Outlet:3.0.1", "setPowerState", &["pstate"], &["_ret_"]);
/// assert!(!SET_POWER_STATE.is_repeatable());
/// ```
#[derive(Debug)]
pub struct Method {
    /// Wire id of the interface that declares the method.
    pub interface: &'static str,
    /// Its name.
    pub name: &'static str,
    /// Names of the in-parameters, in IDL order.
    pub params: &'static [&'static str],
    /// Names of the results: `_ret_` first when the method returns a value, then the out-parameters.
    pub results: &'static [&'static str],
}

impl Method {
    /// A description.
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
        }
    }

    /// Whether a call may be sent again when nobody knows if the first one arrived: see
    /// [`is_repeatable`].
    #[must_use]
    pub fn is_repeatable(&self) -> bool {
        is_repeatable(self.name)
    }
}

/// Whether a method of this name only reads, so that sending it twice does no harm (spec section 1.7).
///
/// True for names that start with `get`, `is`, `list` or `lookup` before an upper-case letter, and for
/// `demand…` and `cancelEvent…`. Everything else may switch, add or delete something.
#[must_use]
pub fn is_repeatable(name: &str) -> bool {
    const WORDS: [&str; 6] = ["get", "is", "list", "lookup", "demand", "cancelEvent"];
    WORDS.iter().any(|word| {
        name.strip_prefix(word)
            .is_some_and(|rest| rest.bytes().next().is_none_or(|b| !b.is_ascii_lowercase()))
    })
}

#[cfg(test)]
mod tests {
    use super::is_repeatable;

    #[test]
    fn only_readers_are_repeatable() {
        for name in [
            "getState",
            "isEnabled",
            "listServers",
            "lookup",
            "demandEvent",
            "cancelEventTypes",
            "getIOP",
        ] {
            assert!(is_repeatable(name), "{name}");
        }
        for name in [
            "setPowerState",
            "cyclePowerState",
            "issue",
            "getaway",
            "listen",
            "performBulk",
            "pollEvents",
            "newSession",
            "",
        ] {
            assert!(!is_repeatable(name), "{name}");
        }
    }
}
