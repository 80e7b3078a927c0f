//! Two programs in one, which meet at a router: `wamp-add serve` registers `com.example.add`, `wamp-add 2 3` calls it.
//!
//! Where the router is and who joins say the variables `BONDY_URL`, `REALM` and `AUTHMETHOD`.

use std::process::ExitCode;

use xerus_rpc::Error;
use xerus_rpc::server::{Context, Reply, Router};
use xerus_rpc::wamp::{Callee, Caller, Joined, WampBuilder};

/// What is generated from `calc.idl` and `userdb.idl`.
mod api {
    include!(concat!(env!("OUT_DIR"), "/xerus.rs"));
}

use api::{calc, server};

/// What answers the calls.
struct Adder;

impl server::calc::Adder for Adder {
    fn add<'a>(&'a self, context: &'a Context, x: f64, y: f64) -> Reply<'a, f64> {
        let caller = Caller::of(context);
        println!("{x} + {y} for session {:?}", caller.session);
        let sum = x + y;
        if sum.is_finite() {
            return Reply::ok(sum);
        }
        Reply::fault(calc::Overflow {
            text: "the sum is too large".to_owned(),
            x,
            y,
            ..Default::default()
        })
    }
}

/// Registers what is served, on the session that has just begun.
async fn register(joined: Joined) {
    println!("joined {:?} as session {}", joined.realm, joined.session);
    let router = Router::new();
    router.insert("/", server::calc::adder(Adder));
    match Callee::new(router).serve(&joined.wamp()).await {
        // It stays registered, on later sessions, too.
        Ok(serving) => serving.detach(),
        Err(error) => println!("cannot register: {error}"),
    }
}

async fn serve() -> Result<(), Error> {
    let wamp = WampBuilder::from_env()?
        // A router that is down is waited for.
        .on_not_joined(|why| println!("{why}"))
        .on_join(register)
        .on_leave(|left| match left.error {
            Some(error) => println!("left: {error}"),
            None => println!("left"),
        })
        .build()?;
    // Ctrl-C ends it, with a goodbye to the router.
    wamp.run(tokio::signal::ctrl_c()).await?;
    println!("Done.");
    Ok(())
}

async fn add(x: f64, y: f64) -> Result<(), Error> {
    let wamp = WampBuilder::from_env()?.build()?;
    let adder = calc::Adder::at(&wamp.agent(), "");
    let sum = adder.add(x, y).await;
    wamp.leave().await;
    let sum = sum.map_err(|error| match error.downcast::<calc::Overflow>() {
        // Of errors that the IDL names everything is known.
        Ok(over) => {
            println!("{} + {}: {}", over.x, over.y, over.text);
            error
        }
        Err(error) => error,
    });
    println!("{x} + {y} = {}", sum?);
    Ok(())
}

#[tokio::main(flavor = "current_thread")]
async fn main() -> ExitCode {
    let words: Vec<String> = std::env::args().skip(1).collect();
    let numbers: Vec<f64> = words.iter().filter_map(|word| word.parse().ok()).collect();
    let ended = match (&words[..], &numbers[..]) {
        ([word], _) if word == "serve" => serve().await,
        ([_, _], [x, y]) => add(*x, *y).await,
        _ => {
            println!("wamp-add serve, or wamp-add X Y with two numbers");
            return ExitCode::from(2);
        }
    };
    match ended {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            println!("RPC failed: {error}");
            ExitCode::FAILURE
        }
    }
}
