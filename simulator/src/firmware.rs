//! The objects by which a device is reached, as its firmware has them.
//!
//! The servants in `v4_4_1` are the only ones. Whatever firmware a device runs, each of its objects passes through
//! [`as_of`] before anybody can call it.

mod objects;
mod older;
mod served;
mod v4_4_1;
mod witness;

use std::sync::Arc;

use xerus_rpc::server::Servant;

pub(crate) use self::objects::{Name, Objects};
use self::older::{Projection, Way};
pub(crate) use self::served::{Routes, Served};
pub(crate) use self::v4_4_1::{
    CHANGE_PASSWORD, CLIENT_TYPE, CURRENT_USER, SESSION_TOKEN, user_rid,
};

use crate::calls::CallLog;
use crate::limits::Limits;
use crate::model::{Device, Firmware};

/// The objects of `device` under `firmware`.
pub(crate) fn objects(
    device: &Arc<Device>,
    firmware: Firmware,
    limits: &Limits,
    calls: Option<CallLog>,
) -> Arc<Objects> {
    let objects = Arc::new(Objects::new(firmware, calls));
    v4_4_1::fill(&objects, device, limits);
    objects
}

/// An object of the newest firmware as `firmware` has it, and its resource ids there: the one place that all of them pass. `None`:
/// the firmware has no such object.
fn as_of(firmware: Firmware, name: &Name, servant: Servant) -> Option<(Vec<String>, Servant)> {
    let rids = name.all();
    match Projection::of(firmware) {
        None => Some((rids.cloned().collect(), servant)),
        Some(older) => Some((
            rids.map(|rid| older.rid(Way::Out, rid)).collect(),
            older.servant(servant)?,
        )),
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;
    use crate::model::{Clock, MakeUp, Profile};

    /// The wire ids of the interfaces that a device serves under a firmware, and the number of its objects.
    fn served(make_up: MakeUp, firmware: Firmware) -> (BTreeSet<String>, usize) {
        let limits = Limits::default();
        let device = Device::new(make_up, Clock::frozen_at(1_000), &limits);
        let objects = objects(&device, firmware, &limits, None);
        let router = objects.router();
        let rids = router.rids();
        let ids = rids.iter().filter_map(|rid| router.servant(rid));
        let ids = ids.map(|servant| servant.type_id().to_string()).collect();
        (ids, rids.len())
    }

    #[tokio::test]
    async fn a_firmware_serves_its_own_versions() {
        let (newest, count) = served(MakeUp::default(), Firmware::V4_4_1);
        for (firmware, outlet) in [
            (Firmware::V3_6_80, "pdumodel.Outlet:2.1.9"),
            (Firmware::V4_0_20, "pdumodel.Outlet:3.0.1"),
            (Firmware::V4_4_1, "pdumodel.Outlet:3.0.4"),
        ] {
            let (ids, objects) = served(MakeUp::default(), firmware);
            assert!(ids.contains(outlet), "{firmware}: {ids:?}");
            // What is simulated today was there in all of them.
            assert_eq!((ids.len(), objects), (newest.len(), count), "{firmware}");
        }
    }

    #[tokio::test]
    async fn nothing_that_an_older_firmware_sends_is_forgotten() {
        for firmware in [Firmware::V3_6_80, Firmware::V4_0_20] {
            let older = Projection::of(firmware).unwrap();
            for profile in Profile::ALL {
                let (ids, _) = served(profile.make_up(), firmware);
                assert_eq!(older.unexplained(&ids), [""; 0], "{firmware} {profile}");
            }
        }
    }
}
