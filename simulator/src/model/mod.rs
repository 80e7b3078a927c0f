//! What a device is and does, without any type of the API: state machines to which the time is told.

pub(crate) mod account;
pub(crate) mod asset_strip;
pub(crate) mod group;
pub(crate) mod link;
pub(crate) mod password;
pub(crate) mod privilege;
pub(crate) mod role;
pub(crate) mod sequence;
pub(crate) mod transfer_switch;
