//! The objects by which a device is reached, as its firmware has them.
//!
//! The servants in `v4_4_1` are the only ones. Whatever firmware a device runs, each of its objects passes through
//! [`as_of`] before anybody can call it.

mod objects;
mod served;
mod v4_4_1;

use std::sync::Arc;

use xerus_rpc::server::Servant;

pub(crate) use self::objects::{Name, Objects};
pub(crate) use self::served::{Routes, Served};
pub(crate) use self::v4_4_1::{
    CHANGE_PASSWORD, CLIENT_TYPE, CURRENT_USER, SESSION_TOKEN, user_rid,
};

use crate::limits::Limits;
use crate::model::{Device, Firmware};

/// The objects of `device` under `firmware`.
pub(crate) fn objects(device: &Arc<Device>, firmware: Firmware, limits: &Limits) -> Arc<Objects> {
    let objects = Arc::new(Objects::new(firmware));
    v4_4_1::fill(&objects, device, limits);
    objects
}

/// An object of the newest firmware as `firmware` has it: the one place that all of them pass.
fn as_of(_firmware: Firmware, name: Name, servant: Servant) -> (Name, Servant) {
    (name, servant)
}
