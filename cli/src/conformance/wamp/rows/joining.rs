//! From the WebSocket to the welcome.

use serde_json::{Value, json};

use super::rows;
use crate::conformance::wamp::Router;
use crate::conformance::wamp::message::{ABORT, WELCOME};
use crate::conformance::wamp::router::roles;
use crate::conformance::wamp::socket::{self, Handshake};
use crate::conformance::{Outcome, told};

rows! { HANDSHAKES:
    "W2", "a handshake without a subprotocol", "no WebSocket, or one without a protocol", |router| refused(router, None);
    "W2", "a handshake for a subprotocol that there is not", "no WebSocket, or one without a protocol", |router| refused(router, Some("wamp.2.xerus-none"));
    "W2", "a handshake for two subprotocols, the first one unknown", "the one that there is", second;
}

rows! { ROWS:
    "W5", "HELLO", "WELCOME with an id from 1 to 2^53 and a dealer", welcome;
    "W4", "HELLO for a realm that there is not", "ABORT wamp.error.no_such_realm", no_realm;
    "W4", "HELLO for a realm with a blank in its URI", "ABORT, or closed", |router| ended(router, Some("xerus conformance"), Value::Null);
    "W4", "HELLO without roles", "ABORT, or closed", |router| ended(router, None, json!({"roles": {}}));
    "W6", "HELLO with a way to authenticate that there is not", "ABORT", no_method;
}

async fn refused(router: &Router<'_>, protocols: Option<&str>) -> Outcome {
    match socket::open(router.setup, protocols).await? {
        Handshake::Open(_, None) => Ok("a WebSocket without a protocol".to_owned()),
        Handshake::Open(_, Some(_)) => Err("a WebSocket with a protocol that was not offered"
            .to_owned()
            .into()),
        Handshake::Refused(why) => told(!why.contains("with a protocol"), why),
    }
}

async fn second(router: &Router<'_>) -> Outcome {
    let offered = format!("wamp.2.xerus-none, {}", router.subprotocol());
    match socket::open(router.setup, Some(&offered)).await? {
        Handshake::Open(_, Some(chosen)) => told(chosen == router.subprotocol(), chosen),
        Handshake::Open(_, None) => Err("a WebSocket without a protocol".to_owned().into()),
        Handshake::Refused(why) => Err(why.into()),
    }
}

async fn welcome(router: &Router<'_>) -> Outcome {
    let session = router.join().await?;
    let dealer = &router.welcome()["roles"]["dealer"];
    let features = dealer["features"].as_object();
    let announced = features
        .into_iter()
        .flatten()
        .filter(|(_, is)| **is == true);
    let mut announced: Vec<_> = announced.map(|(name, _)| name.as_str()).collect();
    announced.sort_unstable();
    let seen = match announced.is_empty() {
        true => "a dealer without features".to_owned(),
        false => format!("a dealer with {}", announced.join(" ")),
    };
    let is_id = (1..=1 << 53).contains(&session.id);
    told(
        is_id && dealer.is_object(),
        if dealer.is_object() {
            seen
        } else {
            "no dealer".to_owned()
        },
    )
}

async fn no_realm(router: &Router<'_>) -> Outcome {
    let mut session = router.open().await?;
    let realm = router.uri("nowhere");
    let said = router
        .hello(&mut session, &realm, router.details(roles()))
        .await?;
    told(
        said.is(ABORT) && said.uri() == "wamp.error.no_such_realm",
        said.text(),
    )
}

async fn no_method(router: &Router<'_>) -> Outcome {
    let mut session = router.open().await?;
    let details = json!({"roles": roles(), "authmethods": ["xerus-none"]});
    let said = router
        .hello(&mut session, &router.setup.realm, details)
        .await?;
    told(said.is(ABORT), said.text())
}

/// Whether HELLO in this way is the end. What is null is as it should be.
async fn ended(router: &Router<'_>, realm: Option<&str>, changed: Value) -> Outcome {
    let mut session = router.open().await?;
    let mut details = router.details(roles());
    for (name, value) in changed.as_object().into_iter().flatten() {
        details[name] = value.clone();
    }
    let realm = realm.unwrap_or(&router.setup.realm);
    match router.hello(&mut session, realm, details).await {
        Ok(said) => told(said.is(ABORT) && !said.is(WELCOME), said.text()),
        Err(seen) => told(seen.starts_with("closed"), seen),
    }
}
