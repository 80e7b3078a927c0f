//! No wire shows a secret: what is set up, what is refused and what is logged, searched.

#![allow(clippy::unwrap_used, reason = "helpers of tests may panic as tests do")]

use std::error::Error as _;
use std::fmt::{Debug, Write as _};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use tracing::field::{Field, Visit};
use tracing::span;
use xerus_rpc::layer::trace::Trace;
use xerus_rpc::netstring::{Netstring, NetstringServer, Servers};
use xerus_rpc::ripex2::{Ripex2, Ripex2Server, Role};
use xerus_rpc::server::Router;
use xerus_rpc::wamp::{Auth, Wamp};
use xerus_rpc::wire::Transport;
use xerus_rpc::{Agent, Settings};

/// Nowhere else in what is searched. Made of characters that every wire takes.
const SECRET: &str = "xq7Zw0ppk3";
/// A private key, in hexadecimal digits.
const KEY: &str = "5eC2e7f00dfeedbeefcafe0123456789abcdef00112233445566778899aabbcc";
/// The user and the secret as basic authentication has them.
const BASIC: &str = "bWU6eHE3WncwcHBrMw";

/// Everything that was shown so far.
#[derive(Clone, Default)]
struct Shown(Arc<Mutex<String>>);

struct Line<'a>(&'a mut String);

impl Visit for Line<'_> {
    fn record_debug(&mut self, field: &Field, value: &dyn Debug) {
        let _ = write!(self.0, "{field}={value:?} ");
    }
}

impl Shown {
    fn add(&self, text: impl AsRef<str>) {
        let mut all = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        all.push_str(text.as_ref());
        all.push('\n');
    }

    fn debug(&self, value: &dyn Debug) {
        self.add(format!("{value:?} {value:#?}"));
    }

    /// An error in all its forms, and those behind it.
    fn error(&self, error: &xerus_rpc::Error) {
        self.add(format!("{error} {error:?} {error:#?}"));
        let mut source = error.source();
        while let Some(error) = source {
            self.add(format!("{error} {error:?}"));
            source = error.source();
        }
    }
}

impl tracing::Subscriber for Shown {
    fn enabled(&self, _: &tracing::Metadata<'_>) -> bool {
        true
    }
    fn new_span(&self, attributes: &span::Attributes<'_>) -> span::Id {
        let mut line = format!("span {} ", attributes.metadata().name());
        attributes.record(&mut Line(&mut line));
        self.add(line);
        span::Id::from_u64(1)
    }
    fn record(&self, _: &span::Id, values: &span::Record<'_>) {
        let mut line = String::new();
        values.record(&mut Line(&mut line));
        self.add(line);
    }
    fn record_follows_from(&self, _: &span::Id, _: &span::Id) {}
    fn event(&self, event: &tracing::Event<'_>) {
        let mut line = format!("event {} ", event.metadata().target());
        event.record(&mut Line(&mut line));
        self.add(line);
    }
    fn enter(&self, _: &span::Id) {}
    fn exit(&self, _: &span::Id) {}
}

/// A call with a secret in its arguments, over a transport that is traced.
async fn call(shown: &Shown, transport: Arc<dyn Transport>) {
    let mut settings = Settings::default();
    settings.timeout = Duration::from_secs(10);
    let agent = Agent::with_settings(Arc::new(Trace::new(transport)), settings);
    shown.debug(&agent);
    let params = format!(r#"{{"password":"{SECRET}"}}"#).parse().unwrap();
    let call = agent.call("", "setPassword", params);
    shown.debug(&call);
    let error = call.await.expect_err("nobody has such a method");
    shown.add(format!("the end: {}", error.code()));
    shown.error(&error);
    agent.close().await;
}

#[tokio::test]
async fn nothing_that_is_shown_holds_a_secret() {
    let shown = Shown::default();
    tracing::subscriber::set_global_default(shown.clone()).expect("the only one");
    let router = Router::new();

    // HTTP: let in, and refused.
    let http = xerus_sim::serve(router.clone()).user("me", SECRET).start();
    let http = http.await.unwrap();
    for user in ["me", "you"] {
        let builder = Agent::builder(http.url()).basic_auth(user, SECRET);
        shown.debug(&builder);
        let agent = builder
            .layer(|transport| Arc::new(Trace::new(transport)))
            .build()
            .unwrap();
        shown.debug(&agent);
        let params = format!(r#"{{"password":"{SECRET}"}}"#).parse().unwrap();
        let error = agent.call("/x", "setPassword", params).await.unwrap_err();
        shown.add(format!("the end: {}", error.code()));
        shown.error(&error);
    }

    // RipEX2: let in, refused, and a secret that cannot be sent.
    let unit = Ripex2Server::new(router.clone()).user("me", SECRET, Role::Admin);
    shown.debug(&unit);
    let unit = unit.bind("127.0.0.1:0").await.unwrap();
    let awkward = format!("{SECRET};");
    for (user, password) in [("me", SECRET), ("you", SECRET), ("me", &awkward)] {
        let builder = Ripex2::builder(unit.url()).login(user, password);
        shown.debug(&builder);
        match builder.build_transport() {
            Ok(transport) => {
                shown.debug(&transport);
                call(&shown, Arc::new(transport)).await;
            }
            Err(error) => {
                shown.add(format!("the end: {}", error.code()));
                shown.error(&error);
            }
        }
    }

    // Netstrings have no users; there are the arguments.
    let server = NetstringServer::for_json_rpc(router);
    shown.debug(&server);
    let server = server.bind("127.0.0.1:0").await.unwrap();
    let servers = Servers::jsonrpcc(&format!("{},1", server.address())).unwrap();
    let transport = Netstring::builder(servers).build();
    shown.debug(&transport);
    call(&shown, Arc::new(transport)).await;

    // WAMP: no router is there, and a key that is none.
    let bad = Auth::cryptosign("me", &KEY[1..]).map(drop).unwrap_err();
    shown.error(&bad);
    for auth in [
        Auth::ticket("me", SECRET),
        Auth::wampcra("me", SECRET),
        Auth::cryptosign("me", KEY).unwrap(),
    ] {
        shown.debug(&auth);
        let builder = Wamp::builder("ws://127.0.0.1:1/ws?token=xq7Zw0ppk3", "a.realm").auth(auth);
        shown.debug(&builder);
        let wamp = builder.build().unwrap();
        shown.debug(&wamp);
        call(&shown, Arc::new(wamp)).await;
    }

    let all = shown.0.lock().unwrap_or_else(PoisonError::into_inner);
    // The search is worth something: there is much, from all of them, and calls were logged.
    assert_eq!(all.matches("the end: ").count(), 9, "{all}");
    assert!(all.contains("span call") && all.contains("event "), "{all}");
    for secret in [SECRET, KEY, &KEY[1..], &KEY.to_lowercase(), BASIC] {
        let found = all.lines().find(|line| line.contains(secret));
        assert_eq!(found, None, "{secret}");
    }
}
