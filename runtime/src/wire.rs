//! The seam between calls and what carries them: one call for every wire.
//!
//! A generated method makes a [`Request`]: the static [`Method`], the target, and the arguments as
//! encoded [`Values`]. A [`Transport`] lays them out as its [`Binding`] says, and brings a [`Reply`] back. A [`Layer`]
//! wraps a transport and passes on all that it does not change.
//!
//! An example of a transport, for a wire that numbers its arguments:
//!
//! ```
//! use std::sync::Arc;
//! use xerus_rpc::wire::{ArgumentStyle, Binding, BoxFuture, Reply, Request, ResultStyle, Transport};
//! use xerus_rpc::{Agent, Error};
//!
//! struct Loopback(Binding);
//!
//! impl Transport for Loopback {
//!     fn origin(&self) -> &str {
//!         "loopback"
//!     }
//!
//!     fn call<'a>(&'a self, request: &'a Request) -> BoxFuture<'a, Result<Reply, Error>> {
//!         Box::pin(async move {
//!             let (name, arguments) = (self.0.name(request), self.0.lay_out_arguments(request));
//!             println!("{name} {arguments:?}"); // what would go out
//!             Ok(self.0.reply(request, "[21.5]")) // what came in
//!         })
//!     }
//! }
//!
//! let binding = Binding::XERUS
//!     .with_arguments(ArgumentStyle::ByPosition)
//!     .with_results(ResultStyle::ByPosition);
//! let agent = Agent::with_transport(Arc::new(Loopback(binding)));
//! # drop(agent);
//! ```

mod answers;
mod arguments;
mod binding;
mod capabilities;
mod credentials;
mod files;
mod layer;
mod overflow;
mod reply;
mod request;
mod stream;
mod transport;
mod values;

pub use crate::id::RequestId;
pub use arguments::Arguments;
#[cfg(feature = "ripex2")]
pub(crate) use arguments::list;
pub(crate) use arguments::wrong;
pub use binding::{ArgumentStyle, Binding, NameStyle, ResultStyle};
pub use capabilities::Capabilities;
pub use credentials::Credentials;
pub use files::{
    BoxSource, DownloadRequest, Headers, IncomingFile, Part, Progress, Query, Source, UploadAnswer,
    UploadRequest,
};
pub use layer::Layer;
pub use overflow::{Overflow, Room};
pub use reply::{Reply, Results};
pub(crate) use request::Called;
pub use request::Request;
pub use stream::Item;
pub use transport::{BoxFuture, BoxStream, Transport};
pub use values::Values;
pub(crate) use values::{FEW, Places};

pub use crate::meta::Meta;
pub use crate::method::{Action, Codes, Marks, Method, PolledStream};
