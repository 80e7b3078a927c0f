//! How references are written: as short as they still resolve.

use std::collections::{HashMap, HashSet};

use crate::api::{Api, Member, Type};

/// The names that every scope declares.
pub(super) struct Scopes {
    names: HashMap<String, HashSet<String>>,
}

impl Scopes {
    pub(super) fn of(api: &Api) -> Self {
        let mut scopes = Self {
            names: HashMap::new(),
        };
        for ty in &api.types {
            let mut scope = String::new();
            for module in ty.module.split('.') {
                scopes.declare(&scope, module);
                scope = join(&scope, module);
            }
            scopes.declare(&ty.scope, &ty.name);
            for member in &ty.members {
                if let Member::Typedef(typedef) = member {
                    scopes.declare(&ty.path(), &typedef.name);
                }
            }
        }
        scopes
    }

    fn declare(&mut self, scope: &str, name: &str) {
        self.names
            .entry(scope.to_owned())
            .or_default()
            .insert(name.to_owned());
    }

    /// The shortest end of a type's path that means this type inside of a scope.
    pub(super) fn reference(&self, ty: &Type, scope: &str) -> Option<String> {
        let path = ty.path();
        let starts = path.rmatch_indices('.').map(|(at, _)| at + 1).chain([0]);
        starts
            .filter_map(|start| path.get(start..))
            .find(|text| self.resolve(text, scope).as_deref() == Some(&path))
            .map(str::to_owned)
    }

    /// The innermost scope that declares the first part decides.
    fn resolve(&self, text: &str, scope: &str) -> Option<String> {
        let first = text.split_once('.').map_or(text, |(first, _)| first);
        let mut at = scope;
        loop {
            if self
                .names
                .get(at)
                .is_some_and(|names| names.contains(first))
            {
                return Some(join(at, text));
            }
            if at.is_empty() {
                return None;
            }
            at = at.rsplit_once('.').map_or("", |(outer, _)| outer);
        }
    }
}

fn join(scope: &str, name: &str) -> String {
    if scope.is_empty() {
        name.to_owned()
    } else {
        format!("{scope}.{name}")
    }
}
