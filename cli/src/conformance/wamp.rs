//! Routers of WAMP.

mod message;
mod pair;
mod router;
mod rows;
mod session;
mod socket;

use xerus_rpc::http::Tls;
use xerus_rpc::wamp::{Auth, Serializer};

use super::{Finding, Outcome, Probe, Row, Verdict, told};
use router::Router;
use rows::Test;

use crate::wire::shown;

/// Whom to test, and as whom.
pub(crate) struct Setup {
    /// Known to be one.
    pub(crate) url: String,
    pub(crate) realm: String,
    pub(crate) auth: Auth,
    pub(crate) tls: Tls,
    /// What all URIs begin with that are registered.
    pub(crate) prefix: String,
    /// The only serializer, if one was chosen.
    pub(crate) serializer: Option<Serializer>,
    pub(crate) probe: Probe,
}

const SERIALIZERS: [(Serializer, &str); 2] = [
    (Serializer::Json, " (JSON)"),
    (Serializer::MessagePack, " (MessagePack)"),
];

const SPOKEN: Row = Row {
    name: "W2",
    case: "a handshake for wamp.2.json, and one for wamp.2.msgpack",
    expect: "a WebSocket with the one that was asked for",
};

/// Runs every row in every serializer, one after another. The error says why the router cannot be tested at all.
pub(crate) async fn run(setup: &Setup) -> Result<Vec<Finding>, String> {
    let reached = socket::reach(setup).await;
    reached.map_err(|why| format!("{}: {why}", shown(&setup.url)))?;
    let mut routers = Vec::new();
    let mut refusals = Vec::new();
    for (serializer, variant) in SERIALIZERS {
        if setup.serializer.is_none_or(|chosen| chosen == serializer) {
            match Router::new(setup, serializer).await {
                Ok(router) => routers.push((router, variant)),
                Err(none) => {
                    refusals.push((serializer.subprotocol(), none.why));
                    if none.is_secret_refused {
                        break;
                    }
                }
            }
        }
    }
    let Some((first, _)) = routers.first() else {
        let (why, url) = (refusals.into_iter().next(), shown(&setup.url));
        let why = why.map_or_else(String::new, |(_, why)| why);
        return Err(format!(
            "{url} gave no session: {why}; look at the URL, --realm, and with which options xerus call gets one"
        ));
    };
    let mut findings = vec![Finding::new(SPOKEN, spoken(setup, &routers, &refusals))];
    for (row, test) in rows::handshakes() {
        findings.push(one(first, row, test).await);
    }
    for (row, test) in rows::all() {
        let mut of_row = Vec::new();
        for (router, variant) in &routers {
            of_row.push((one(router, row, test).await, *variant));
        }
        findings.extend(joined(of_row));
    }
    Ok(findings)
}

fn spoken(setup: &Setup, routers: &[(Router<'_>, &str)], refusals: &[(&str, String)]) -> Outcome {
    let spoken = routers.iter().map(|(router, _)| router.subprotocol());
    let mut seen: Vec<_> = spoken.map(str::to_owned).collect();
    for (name, why) in refusals {
        seen.push(format!("no {name}: {why}"));
    }
    if setup.serializer.is_some() {
        return Err(super::not_tried(format!(
            "{}; --serializer leaves the other one out",
            seen.join(", ")
        )));
    }
    match refusals {
        [] => told(true, seen.join(", ")),
        _ => Err(super::cannot(seen.join(", "))),
    }
}

async fn one(router: &Router<'_>, row: Row, test: Test) -> Finding {
    let finding = Finding::new(row, test(router).await);
    if finding.verdict != Verdict::NotTried && !router.answers().await {
        return finding.without_next_call();
    }
    finding
}

/// One finding, where all serializers give the same.
fn joined(findings: Vec<(Finding, &'static str)>) -> Vec<Finding> {
    let is_same = |pair: &[(Finding, &str)]| {
        (pair[0].0.verdict, &pair[0].0.seen) == (pair[1].0.verdict, &pair[1].0.seen)
    };
    if findings.windows(2).all(is_same) {
        return findings
            .into_iter()
            .map(|(finding, _)| finding)
            .take(1)
            .collect();
    }
    let named = findings
        .into_iter()
        .map(|(finding, variant)| Finding { variant, ..finding });
    named.collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn serializers_that_differ_have_rows_of_their_own() {
        let finding = |outcome| Finding::new(SPOKEN, outcome);
        let rows = |one: Outcome, two: Outcome| {
            let both = joined(vec![
                (finding(one), " (JSON)"),
                (finding(two), " (MessagePack)"),
            ]);
            let variants = both.iter().map(|finding| finding.variant);
            variants.collect::<Vec<_>>()
        };
        let seen = || told(true, "ERROR");
        assert_eq!(rows(seen(), seen()), [""]);
        assert_eq!(
            rows(seen(), told(true, "RESULT")),
            [" (JSON)", " (MessagePack)"]
        );
        assert_eq!(
            rows(seen(), told(false, "ERROR")),
            [" (JSON)", " (MessagePack)"]
        );
        let alone = joined(vec![(finding(seen()), " (JSON)")]);
        assert_eq!((alone.len(), alone[0].variant), (1, ""));
    }
}
