//! WAMP: calls that a router such as Bondy or Crossbar passes on between its clients, over WebSocket.
//!
//! [`Wamp`] joins a realm and keeps the session up. [`Wamp::agent`] gives an [`Agent`](crate::Agent): the generated proxies call over it as
//! over any other wire.
//!
//! ```no_run
//! # async fn example() -> Result<(), Box<dyn std::error::Error>> {
//! use xerus_rpc::wamp::{Auth, Wamp};
//!
//! let wamp = Wamp::builder("ws://localhost:18080/ws", "com.example.realm")
//!     .auth(Auth::anonymous())
//!     .build()?;
//! let agent = wamp.agent();
//! let sum = agent.call("", "com.example.add", r#"{"x": 2, "y": 3}"#.parse()?).await?;
//! println!("{sum}");
//! wamp.leave().await;
//! # Ok(())
//! # }
//! ```

mod auth;
#[cfg(feature = "blocking")]
mod blocking;
mod builder;
mod callee;
mod caller;
mod client;
mod codec;
mod connect;
mod content;
mod env;
mod error;
mod hooks;
mod link;
mod message;
pub mod registration;
mod request;
mod session;
mod socket;
mod topics;
mod uri;

pub use crate::wire::Overflow;
pub use auth::Auth;
pub use builder::WampBuilder;
pub use callee::{
    Callee, CalleeCounters, CalleeServing, Caller, Change, Invocation, Invoke, Match,
    RegisterOptions,
};
pub use caller::{ErrorArguments, Layout, Objects, OneWay};
pub use client::{Wamp, WampStatus};
pub use codec::Serializer;
pub use content::{Content, Received};
pub use error::{ClosedBy, NoRouter, RouterCause, SessionEnded, Stage};
pub use hooks::{Joined, Left, NotJoined};
pub use topics::{
    Delivery, Event, EventServing, FromContent, Publish, Publisher, SubscribeOptions, Subscription,
    Trouble,
};

use std::sync::Arc;

use crate::wire::{ArgumentStyle, Binding, NameStyle, ResultStyle};

/// How this wire calls methods: `prefix.module.interface.method` in small letters with `_` between words, arguments and results by
/// position, the error codes of WAMP with what they mean. An empty prefix is none.
///
/// ```
/// use xerus_rpc::wamp::binding;
/// use xerus_rpc::wire::Method;
///
/// static GET: Method = Method::new("pdumodel.Outlet:2.1.5", "getState", &[], &["_ret_"]);
/// assert_eq!(binding("com.example").method_name(&GET), "com.example.pdumodel.outlet.get_state");
/// ```
#[must_use]
pub fn binding(prefix: &str) -> Binding {
    let prefix = prefix.to_owned();
    Binding::XERUS
        .with_names(NameStyle::Custom(Arc::new(move |method| {
            caller::procedure(&prefix, method.interface_name(), method.name)
        })))
        .with_arguments(ArgumentStyle::ByPosition)
        .with_results(ResultStyle::ByPosition)
        .with_errors(caller::meaning)
}
