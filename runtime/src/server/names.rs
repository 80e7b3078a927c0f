//! Which servant has a method, for wires that name methods and no objects.

use std::collections::HashMap;
use std::sync::{Arc, PoisonError, RwLock};

use super::Router;
use super::servant::WeakServant;
use crate::method::GET_TYPE_INFO;
use crate::wire::Binding;

/// The methods of all servants by their names on the wire. Looked up anew when servants came or went.
#[derive(Default)]
pub(crate) struct Names(RwLock<Option<Arc<Known>>>);

/// What a router has.
pub(crate) struct Known {
    /// The state of the router to which this belongs.
    changes: u64,
    /// Of objects with the same method the first one counts, in the order of their resource ids.
    named: HashMap<String, Found>,
    /// The objects of which it is not known what methods they have: those of types that are known at run time only.
    pub(crate) unknown: Vec<String>,
}

/// A method that a servant has.
pub(crate) struct Found {
    /// Not kept alive when it is taken out of the router.
    pub(crate) servant: WeakServant,
    /// Its name in the IDL.
    pub(crate) method: &'static str,
}

impl Names {
    pub(crate) fn known(&self, router: &Router, binding: &Binding) -> Arc<Known> {
        let changes = router.changes();
        let known = self
            .0
            .read()
            .unwrap_or_else(PoisonError::into_inner)
            .clone();
        if let Some(known) = known.filter(|known| known.changes == changes) {
            return known;
        }
        let known = Arc::new(Known::new(changes, router, binding));
        *self.0.write().unwrap_or_else(PoisonError::into_inner) = Some(Arc::clone(&known));
        known
    }
}

impl Known {
    fn new(changes: u64, router: &Router, binding: &Binding) -> Self {
        let (mut named, mut unknown) = (HashMap::new(), Vec::new());
        for rid in router.rids() {
            let Some(servant) = router.servant(&rid) else {
                continue;
            };
            if servant
                .methods()
                .all(|method| method.name == GET_TYPE_INFO.name)
            {
                unknown.push(rid.clone());
            }
            for method in servant.methods() {
                named
                    .entry(binding.method_name(method).into_owned())
                    .or_insert_with(|| Found {
                        servant: servant.downgrade(),
                        method: method.name,
                    });
            }
        }
        Self {
            changes,
            named,
            unknown,
        }
    }

    pub(crate) fn find(&self, name: &str) -> Option<&Found> {
        self.named.get(name)
    }
}
