//! Where an error happened.

use std::borrow::Cow;
use std::sync::Arc;

use crate::id::RequestId;
use crate::meta::Meta;

/// Whether the device executed a call that ended with an error.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Outcome {
    /// It did not. The call may be made again.
    NotExecuted,
    /// It did, but the answer is a refusal or cannot be used.
    Executed,
    /// It is not known. Read the state of the device before a call that changes something is made again.
    Unknown,
}

/// What is known about the call that failed. No credentials, no bodies.
#[derive(Clone, Debug, Default)]
pub(super) struct Whereabouts {
    pub(super) origin: Option<Arc<str>>,
    pub(super) rid: Option<Arc<str>>,
    pub(super) method: Option<Cow<'static, str>>,
    pub(super) request_id: Option<RequestId>,
    /// Whether bytes of the request went out.
    pub(super) sent: Option<bool>,
    /// Whether sending the request twice does no harm.
    pub(super) repeatable: bool,
    /// Whether the request went out without any credentials.
    pub(super) anonymous: bool,
    /// The device knows the user who made the request.
    pub(super) known: bool,
    /// It was the login before the request that failed; the request did not go out.
    pub(super) login: bool,
    /// Knowledge that overrides what the kind implies.
    pub(super) outcome: Option<Outcome>,
    /// What the wire knows beside the error.
    pub(super) meta: Option<Box<Meta>>,
}
