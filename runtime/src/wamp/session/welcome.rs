//! What a router says of a session when it begins.

use crate::wamp::message::Object;

/// What a router says of a session when it begins.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(in crate::wamp) struct Welcome {
    pub(in crate::wamp) session: u64,
    /// The URL of the router, without a query.
    pub(in crate::wamp) router: String,
    pub(in crate::wamp) realm: Option<String>,
    pub(in crate::wamp) authid: Option<String>,
    pub(in crate::wamp) authrole: Option<String>,
    pub(in crate::wamp) authmethod: Option<String>,
    pub(in crate::wamp) agent: Option<String>,
    /// The names of the features that the dealer announced, in order.
    pub(in crate::wamp) dealer: Vec<String>,
    /// Those of the broker.
    pub(in crate::wamp) broker: Vec<String>,
    /// Whether CANCEL does something.
    pub(in crate::wamp) cancels_calls: bool,
}

impl Welcome {
    pub(in crate::wamp) fn new(session: u64, details: &Object) -> Self {
        let dealer = features(details, "dealer");
        Self {
            session,
            router: String::new(),
            realm: details.text("realm"),
            authid: details.text("authid"),
            authrole: details.text("authrole"),
            authmethod: details.text("authmethod"),
            agent: details.text("agent"),
            cancels_calls: dealer
                .iter()
                .any(|name| name == "call_canceling" || name == "call_cancelling"),
            dealer,
            broker: features(details, "broker"),
        }
    }

    /// Whether the dealer announced this.
    pub(in crate::wamp) fn dealer_has(&self, feature: &str) -> bool {
        self.dealer.iter().any(|name| name == feature)
    }

    /// Whether the broker announced this.
    pub(in crate::wamp) fn broker_has(&self, feature: &str) -> bool {
        self.broker.iter().any(|name| name == feature)
    }
}

fn features(details: &Object, role: &str) -> Vec<String> {
    let mut names = Vec::new();
    let features = details
        .object("roles")
        .and_then(|roles| roles.object(role))
        .and_then(|role| role.object("features"));
    if let Some(features) = features {
        features.each(|name, value| {
            if value == "true" {
                names.push(name.to_owned());
            }
        });
    }
    names.sort_unstable();
    names
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn features_are_those_that_are_true() {
        let details = r#"{"realm":"r","authid":"kim","roles":{"broker":{"features":{"x":true}},
            "dealer":{"features":{"call_canceling":true,"call_timeout":false,"progressive_call_results":true}}}}"#;
        let welcome = Welcome::new(7, &Object::new(details.into()));
        assert_eq!(
            (welcome.session, welcome.authid.as_deref()),
            (7, Some("kim"))
        );
        assert!(welcome.cancels_calls && welcome.dealer_has("progressive_call_results"));
        assert!(!welcome.dealer_has("call_timeout") && welcome.broker_has("x"));
        let bare = Welcome::new(1, &Object::empty());
        assert!(bare.dealer.is_empty() && bare.realm.is_none() && !bare.cancels_calls);
    }
}
