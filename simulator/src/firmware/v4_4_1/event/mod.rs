//! Events: what clients see of them, who demands them, and where they wait.

mod administered;
mod channel;
mod demand;
mod hub;
mod maintenance;
mod sent;
mod service;
mod strips;

pub(crate) use hub::Hub;
pub(crate) use service::EventService;
