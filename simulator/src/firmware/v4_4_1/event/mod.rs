//! Events: who demands them, and where they wait.

mod channel;
mod hub;
mod service;

pub(crate) use hub::Hub;
pub(crate) use service::EventService;
