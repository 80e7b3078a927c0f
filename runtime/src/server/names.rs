//! Which servant has a method, for wires that name methods and no objects.

use std::collections::HashMap;
use std::collections::hash_map::Entry;
use std::io;
use std::sync::{Arc, PoisonError, RwLock};

use super::Router;
use super::fault::Fault;
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
    /// The resource id of that servant.
    rid: String,
    /// That of another one with a method of this name: which of them is meant cannot be told.
    other: Option<String>,
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

    /// # Errors
    ///
    /// The name of a method that two objects have.
    pub(crate) fn check(&self, router: &Router, binding: &Binding) -> io::Result<()> {
        let known = self.known(router, binding);
        let clashes = known.named.iter().filter_map(|(name, found)| {
            let other = found.other.as_deref()?;
            Some((found.rid.as_str(), other, name.as_str()))
        });
        // The same one each time.
        let Some((rid, other, name)) = clashes.min() else {
            return Ok(());
        };
        Err(io::Error::new(
            io::ErrorKind::InvalidInput,
            format!(
                "{rid} and {other} both have the method `{name}`, and a call over this wire names no object: nobody could say which of them \
                 is meant; serve each out of a router and at an address of its own, or give the methods names of their own with the mark @wire"
            ),
        ))
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
                match named.entry(binding.method_name(method).into_owned()) {
                    Entry::Vacant(place) => {
                        place.insert(Found {
                            servant: servant.downgrade(),
                            method: method.name,
                            rid: rid.clone(),
                            other: None,
                        });
                    }
                    Entry::Occupied(mut place) => {
                        let found: &mut Found = place.get_mut();
                        // Every object has it, and one may stand under several resource ids.
                        let is_one = method.name == GET_TYPE_INFO.name
                            || found
                                .servant
                                .upgrade()
                                .is_some_and(|first| first.is_same(&servant));
                        if !is_one {
                            found.other.get_or_insert_with(|| rid.clone());
                        }
                    }
                }
            }
        }
        Self {
            changes,
            named,
            unknown,
        }
    }

    /// The method of this name, where it is known who has it.
    ///
    /// # Errors
    ///
    /// Several objects have it: the one that is not meant is not called.
    pub(crate) fn find(&self, name: &str) -> Result<Option<&Found>, Fault> {
        match self.named.get(name) {
            Some(Found {
                rid,
                other: Some(other),
                ..
            }) => Err(Fault::new(
                -32601,
                format!(
                    "Several objects have this method, and a call over this wire names none: {rid}, {other}"
                ),
            )),
            found => Ok(found),
        }
    }
}
