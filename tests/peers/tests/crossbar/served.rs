//! What our callee serves.

use std::sync::atomic::{AtomicI32, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use xerus_rpc::server::{Context, Fault, Reply, Router, Servant};
use xerus_rpc::wamp::{
    Callee, CalleeServing, Caller, Content, EventServing, Invocation, Invoke, Match,
    RegisterOptions, SubscribeOptions, Wamp,
};

use crate::api::server::headings as served;

/// What the servants saw.
#[derive(Default)]
pub(crate) struct Seen {
    pub(crate) given_up: AtomicI32,
    pub(crate) heard: Mutex<Vec<i32>>,
}

struct Procedures(Arc<Seen>);

impl served::Procedures for Procedures {
    fn add<'a>(&'a self, _: &'a Context, x: i32, y: i32) -> Reply<'a, i32> {
        match x.checked_add(y) {
            Some(sum) => Reply::ok(sum),
            None => Reply::fault(Fault::carrying(
                "com.example.error.overflow",
                Content::new(),
            )),
        }
    }

    fn find_user<'a>(&'a self, _: &'a Context, id: i32) -> Reply<'a, String> {
        let told = Content::new().arg("no user").arg(&id).named("code", &404);
        Reply::fault(Fault::carrying("com.example.error.no_such_user", told))
    }

    fn fall_over<'a>(&'a self, _: &'a Context) -> Reply<'a, ()> {
        panic!("as the test wants")
    }

    fn sleep<'a>(&'a self, context: &'a Context, ms: i32) -> Reply<'a, i32> {
        Reply::future(async move {
            let time = Duration::from_millis(u64::try_from(ms).unwrap_or(0));
            tokio::select! {
                () = tokio::time::sleep(time) => Ok(ms),
                () = context.cancelled() => {
                    self.0.given_up.fetch_add(1, Ordering::Relaxed);
                    Err(Fault::internal("given up"))
                }
            }
        })
    }

    fn count<'a>(&'a self, context: &'a Context, n: i32, ms: i32) -> Reply<'a, i32> {
        Reply::future(async move {
            for number in 0..n {
                context.report(&number).await?;
                tokio::time::sleep(Duration::from_millis(u64::try_from(ms).unwrap_or(0))).await;
            }
            Ok(n)
        })
    }
}

struct Garden;

impl served::Garden for Garden {
    fn count_beds<'a>(&'a self, _: &'a Context) -> Reply<'a, i32> {
        Reply::ok(4)
    }
}

struct Sayings(Arc<Seen>);

impl served::Sayings for Sayings {
    fn heard<'a>(&'a self, _: &'a Context, number: i32) -> Reply<'a, ()> {
        self.0.heard.lock().unwrap().push(number);
        Reply::ok(())
    }
}

/// Hears what is published.
pub(crate) async fn hear(wamp: &Wamp, seen: &Arc<Seen>) -> EventServing {
    let sayings: Servant = served::sayings(Sayings(Arc::clone(seen)));
    let trouble = |trouble| panic!("{trouble:?}");
    let hearing = wamp.subscribe_servant(sayings, SubscribeOptions::new(), trouble);
    hearing.await.unwrap()
}

/// What all headings ask for.
pub(crate) async fn everything(wamp: &Wamp, seen: &Arc<Seen>) -> CalleeServing {
    let router = Router::new();
    router.insert(
        "/procedures",
        served::procedures(Procedures(Arc::clone(seen))),
    );
    router.insert("/garden", served::garden(Garden));
    let place = |kind: &'static str| {
        move |call: Invocation| async move {
            Ok(Content::new().arg(&vec![kind.to_owned(), call.procedure]))
        }
    };
    let exact = RegisterOptions::new;
    let prefix = RegisterOptions::new().with_match(Match::Prefix);
    let wildcard = RegisterOptions::new().with_match(Match::Wildcard);
    let (given_up, heard, speaker) = (Arc::clone(seen), Arc::clone(seen), wamp.clone());
    shared(Callee::new(router), "A")
        .interface("headings.Garden", prefix.clone())
        .procedure("com.example.echo", exact(), echo)
        .procedure("com.example.who", exact(), who)
        .procedure("com.example.docs.read", exact(), place("exact"))
        .procedure("com.example.docs", prefix.clone(), place("prefix"))
        .procedure("com.example.docs.old", prefix, place("longer"))
        .procedure("com.example..status", wildcard, place("wildcard"))
        .procedure(
            "com.example.two_at_once",
            exact().with_concurrency(2),
            |call| async move {
                let ms: i32 = call.arg(0)?;
                tokio::time::sleep(Duration::from_millis(u64::try_from(ms).unwrap_or(0))).await;
                Ok(Content::new())
            },
        )
        .procedure("com.example.given_up", exact(), move |_| {
            let given_up = given_up.given_up.load(Ordering::Relaxed);
            async move { Ok(Content::new().arg(&given_up)) }
        })
        .procedure("com.example.heard_so_far", exact(), move |_| {
            let heard = heard.heard.lock().unwrap().clone();
            async move { Ok(Content::new().arg(&heard)) }
        })
        .procedure("com.example.say", exact(), move |call| {
            let wamp = speaker.clone();
            async move {
                let words: String = call.arg(0)?;
                let said = wamp
                    .publish("com.example.said")
                    .arg(&words)
                    .named("loud", &false);
                said.await.map_err(Fault::internal)?;
                Ok(Content::new())
            }
        })
        .serve(wamp)
        .await
        .unwrap()
}

/// The procedures that two callees have.
pub(crate) fn shared(callee: Callee, name: &'static str) -> Callee {
    let shared = RegisterOptions::new();
    let name = move |_| async move { Ok(Content::new().arg(name)) };
    callee
        .procedure(
            "com.example.shared.roundrobin",
            shared.clone().with_invoke(Invoke::RoundRobin),
            name,
        )
        .procedure(
            "com.example.shared.last",
            shared.with_invoke(Invoke::Last),
            name,
        )
}

async fn echo(call: Invocation) -> Result<Content, Fault> {
    let arguments = call.arguments.arguments()?;
    let mut content = Content::new();
    for (name, value) in arguments.iter() {
        let value: xerus_rpc::Json = value.parse()?;
        content = match name {
            Some(name) => content.named(name.to_owned(), &value),
            None => content.arg(&value),
        };
    }
    Ok(content)
}

async fn who(call: Invocation) -> Result<Content, Fault> {
    let caller = Caller::of(&call.context);
    let told = [
        caller.session.map(|session| session.to_string()),
        caller.authid.map(|authid| format!("{authid:?}")),
        caller.authrole.map(|authrole| format!("{authrole:?}")),
    ];
    let told = told.map(|told| told.unwrap_or_else(|| "null".to_owned()));
    let told: xerus_rpc::Json = format!("[{}]", told.join(",")).parse()?;
    Ok(Content::new().arg(&told))
}
