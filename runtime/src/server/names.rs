//! Which servant has a method, for wires that name methods and no objects.

use std::collections::HashMap;
use std::sync::{PoisonError, RwLock};

use super::Router;
use crate::method::GET_TYPE_INFO;
use crate::wire::Binding;

/// The methods of all servants by their names on the wire. Of objects with the same method the first one counts, by its resource id.
#[derive(Default)]
pub(crate) struct Names(RwLock<HashMap<String, Found>>);

/// The resource id, and the name in the IDL.
pub(crate) type Found = (String, &'static str);

impl Names {
    pub(crate) fn find(&self, router: &Router, binding: &Binding, name: &str) -> Option<Found> {
        let known = self.0.read().unwrap_or_else(PoisonError::into_inner);
        let found = known.get(name).cloned();
        drop(known);
        let still_there = |(rid, method): &Found| {
            let servant = router.servant(rid);
            servant.is_some_and(|servant| servant.methods().any(|known| known.name == *method))
        };
        if let Some(found) = found.filter(still_there) {
            return Some(found);
        }
        // Servants come and go.
        let all = all(router, binding);
        let found = all.get(name).cloned();
        *self.0.write().unwrap_or_else(PoisonError::into_inner) = all;
        found
    }
}

/// The objects of which it is not known what methods they have: those of types that are known at run time only.
pub(crate) fn unknown(router: &Router) -> impl Iterator<Item = String> + use<> {
    let router = router.clone();
    router.rids().into_iter().filter(move |rid| {
        let servant = router.servant(rid);
        servant.is_some_and(|servant| {
            let mut methods = servant.methods();
            methods.all(|method| method.name == GET_TYPE_INFO.name)
        })
    })
}

fn all(router: &Router, binding: &Binding) -> HashMap<String, Found> {
    let mut all = HashMap::new();
    for rid in router.rids() {
        let Some(servant) = router.servant(&rid) else {
            continue;
        };
        for method in servant.methods() {
            all.entry(binding.method_name(method).into_owned())
                .or_insert_with(|| (rid.clone(), method.name));
        }
    }
    all
}
