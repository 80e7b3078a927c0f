//! What a router tells about the procedures that are registered with it, typed: the six procedures `wamp.registration.…` and the four
//! topics.
//!
//! It is generated from [`wamp_registration.idl`](https://github.com/xerus-rs/xerus-rs/blob/main/idl/wamp/wamp_registration.idl).
//! A procedure that a router does not have fails as any other that is missing; Bondy counts and lists no callees.
//!
//! ```no_run
//! # async fn example(wamp: xerus_rpc::wamp::Wamp) -> Result<(), xerus_rpc::Error> {
//! use xerus_rpc::server::{Context, Reply};
//! use xerus_rpc::wamp::SubscribeOptions;
//! use xerus_rpc::wamp::registration::{Registration, server};
//!
//! // Which registration would get a call?
//! let registration = Registration::at(&wamp.agent(), "");
//! if let Some(id) = registration.r#match("com.example.add").await? {
//!     println!("{}: {} callees", registration.get(id).await?.uri, registration.count_callees(id).await?);
//! }
//!
//! // What comes and goes?
//! struct Log;
//! impl server::RegistrationEvents for Log {
//!     fn on_delete<'a>(&'a self, _: &'a Context, session: Option<i64>, registration: i64) -> Reply<'a, ()> {
//!         println!("{registration} is gone with session {session:?}");
//!         Reply::ok(())
//!     }
//! }
//! let log = server::registration_events(Log);
//! let watching = wamp.subscribe_servant(log, SubscribeOptions::new(), |trouble| println!("{trouble:?}")).await?;
//! # drop(watching);
//! # Ok(())
//! # }
//! ```

#[rustfmt::skip]
mod api;

pub use api::REGISTRY;
pub use api::wamp::{Registration, RegistrationEvents, registration};

/// The serving side: what is implemented to be told of events.
pub mod server {
    pub use super::api::server::wamp::{
        Registration, RegistrationEvents, registration, registration_events,
    };
}
