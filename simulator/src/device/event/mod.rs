//! Events: who demands them, and where they wait (spec/wire.md section 5.1).

mod channel;
mod hub;
mod service;

pub(crate) use hub::Hub;
pub(crate) use service::EventService;
