//! Which versions of an object are known well enough to change something there.

use std::ops::RangeInclusive;

use xerus_rpc::{Error, Object};

use super::AdminError;

/// An object and the major versions of its interface that are known here.
#[derive(Clone, Debug)]
pub(super) struct Known {
    object: Object,
    majors: RangeInclusive<u32>,
}

/// Between these, what is written here is the same, or is written in the form of each.
pub(super) mod majors {
    use std::ops::RangeInclusive;

    pub(in crate::admin) const USER: RangeInclusive<u32> = 1..=2;
    pub(in crate::admin) const USER_MANAGER: RangeInclusive<u32> = 1..=2;
    pub(in crate::admin) const ROLE: RangeInclusive<u32> = 1..=1;
    pub(in crate::admin) const SECURITY: RangeInclusive<u32> = 3..=5;
    pub(in crate::admin) const SNMP: RangeInclusive<u32> = 1..=1;
    pub(in crate::admin) const CLOCK: RangeInclusive<u32> = 3..=4;
    pub(in crate::admin) const NET: RangeInclusive<u32> = 5..=8;
    pub(in crate::admin) const SERVICES: RangeInclusive<u32> = 1..=1;
}

impl Known {
    pub(super) fn new(object: &Object, majors: RangeInclusive<u32>) -> Self {
        Self {
            object: object.clone(),
            majors,
        }
    }

    /// Asks the device which version it has. Of another major one nobody knows what a change would do.
    pub(super) async fn check(
        &self,
        explain: impl FnOnce(Error) -> AdminError,
    ) -> Result<(), AdminError> {
        let object = self.object.probe().await.map_err(explain)?;
        match object.wire_id() {
            Some(id) if !self.majors.contains(&id.version().major) => {
                Err(AdminError::UnknownVersion(id.clone()))
            }
            _ => Ok(()),
        }
    }
}
