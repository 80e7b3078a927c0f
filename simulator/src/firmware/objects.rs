//! All objects of a device: under which names, served by whom.

use std::collections::HashMap;
use std::sync::{Arc, PoisonError, RwLock, RwLockReadGuard, RwLockWriteGuard};

use xerus_rpc::server::{Router, Servant};
use xerus_rpc::{Interface, Object, WireId};

use super::as_of;
use super::witness::witnessed;
use crate::calls::CallLog;
use crate::model::Firmware;

/// One object of the device: what it is called and what it is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Name {
    /// The resource id that references carry.
    pub(crate) opaque: String,
    /// The most derived type.
    pub(crate) type_id: &'static str,
    /// Resource ids that documentation names.
    pub(crate) well_known: Vec<String>,
}

impl Name {
    /// Names an object of type `I`, the `instance` of its kind.
    pub(crate) fn new<I: Interface>(instance: &str, well_known: Vec<String>) -> Self {
        Self {
            opaque: format!("/tfwopaque/{}/{instance}", I::TYPE_ID),
            type_id: I::TYPE_ID,
            well_known,
        }
    }

    /// An object of which there is one.
    pub(crate) fn single<I: Interface>(rid: &str) -> Self {
        Self::new::<I>(rid.trim_start_matches('/'), vec![rid.to_owned()])
    }

    /// Every resource id that the object answers to.
    pub(crate) fn all(&self) -> impl Iterator<Item = &String> {
        self.well_known.iter().chain([&self.opaque])
    }

    /// A reference to the object.
    pub(crate) fn object(&self) -> Object {
        let wire_id: WireId = self
            .type_id
            .parse()
            .expect("the type id of a generated interface is a wire id");
        Object::detached(&self.opaque, wire_id)
    }

    /// A reference of a declared type.
    pub(crate) fn to<I: Interface>(&self) -> Option<I> {
        Some(I::from_object(self.object()))
    }

    /// A reference of a declared type, as element of a vector.
    pub(crate) fn element<I: Interface>(&self) -> I {
        I::from_object(self.object())
    }
}

/// An object that is there.
struct Entry {
    /// What the servants call it.
    native: Name,
    /// Its resource ids in the firmware of the device.
    rids: Vec<String>,
}

/// The objects of a device under one firmware. Servants that make objects of their own hold it weakly: it owns them.
pub(crate) struct Objects {
    firmware: Firmware,
    /// Where calls are noted.
    calls: Option<CallLog>,
    router: Router,
    /// By each of their names, in both firmwares.
    entries: RwLock<HashMap<String, Arc<Entry>>>,
}

impl Objects {
    pub(super) fn new(firmware: Firmware, calls: Option<CallLog>) -> Self {
        Self {
            firmware,
            calls,
            router: Router::new(),
            entries: RwLock::default(),
        }
    }

    /// Who answers calls.
    pub(crate) fn router(&self) -> &Router {
        &self.router
    }

    /// Puts an object where it can be called, as the firmware of the device has it; nowhere if it has no such object.
    pub(crate) fn add(&self, native: Name, servant: Servant) {
        let Some((rids, servant)) = as_of(self.firmware, &native, servant) else {
            return;
        };
        let servant = match &self.calls {
            // The first of the names is the one that documentation puts first.
            Some(log) => witnessed(servant, rids.clone().into(), log.clone()),
            None => servant,
        };
        let entry = Arc::new(Entry { native, rids });
        {
            let mut entries = self.write();
            for rid in entry.native.all().chain(&entry.rids) {
                entries.insert(rid.clone(), Arc::clone(&entry));
            }
        }
        for rid in &entry.rids {
            self.router.insert(rid, servant.clone());
        }
    }

    /// Takes an object away that goes by this name.
    pub(crate) fn remove(&self, rid: &str) {
        let Some(entry) = self.read().get(rid).map(Arc::clone) else {
            return;
        };
        for rid in &entry.rids {
            self.router.remove(rid);
        }
        self.write().retain(|_, other| !Arc::ptr_eq(other, &entry));
    }

    /// The opaque resource id of an object as servants know it; names that nobody knows stay what they are.
    pub(crate) fn opaque(&self, rid: &str) -> String {
        match self.read().get(rid) {
            Some(entry) => entry.native.opaque.clone(),
            None => rid.to_owned(),
        }
    }

    /// A reference to a known object, as servants make it.
    pub(crate) fn object(&self, rid: &str) -> Option<Object> {
        self.read().get(rid).map(|entry| entry.native.object())
    }

    fn read(&self) -> RwLockReadGuard<'_, HashMap<String, Arc<Entry>>> {
        self.entries.read().unwrap_or_else(PoisonError::into_inner)
    }

    fn write(&self) -> RwLockWriteGuard<'_, HashMap<String, Arc<Entry>>> {
        self.entries.write().unwrap_or_else(PoisonError::into_inner)
    }
}
