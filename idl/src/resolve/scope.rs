use std::collections::HashMap;

use crate::model::{ModuleIndex, TypeIndex};

/// A scope: the root, a module, an interface or a structure.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(super) struct ScopeId(u32);

/// What a name in a scope stands for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Entry {
    Module(ModuleIndex),
    Type(TypeIndex),
}

/// All scopes with their names.
#[derive(Debug)]
pub(super) struct Scopes<'a> {
    parents: Vec<Option<ScopeId>>,
    owners: Vec<Option<Entry>>,
    names: HashMap<(ScopeId, &'a str), Entry>,
}

impl<'a> Scopes<'a> {
    pub(super) const ROOT: ScopeId = ScopeId(0);

    pub(super) fn new() -> Self {
        Self {
            parents: vec![None],
            owners: vec![None],
            names: HashMap::new(),
        }
    }

    /// A new scope inside `parent`, that of a module or type.
    pub(super) fn open(&mut self, parent: ScopeId, owner: Entry) -> ScopeId {
        let id =
            ScopeId(u32::try_from(self.parents.len()).expect("2^32 scopes do not fit into memory"));
        self.parents.push(Some(parent));
        self.owners.push(Some(owner));
        id
    }

    /// The module or type whose scope it is; `None` for the root.
    pub(super) fn owner(&self, scope: ScopeId) -> Option<Entry> {
        self.owners.get(scope.0 as usize).copied().flatten()
    }

    /// Declares a name; gives back what had the name before, which then keeps it.
    pub(super) fn declare(&mut self, scope: ScopeId, name: &'a str, entry: Entry) -> Option<Entry> {
        use std::collections::hash_map::Entry as Slot;
        match self.names.entry((scope, name)) {
            Slot::Occupied(slot) => Some(*slot.get()),
            Slot::Vacant(slot) => {
                slot.insert(entry);
                None
            }
        }
    }

    /// What a scope itself declares under a name.
    pub(super) fn get(&self, scope: ScopeId, name: &str) -> Option<Entry> {
        self.names.get(&(scope, name)).copied()
    }

    /// The scope and all around it, innermost first.
    pub(super) fn outwards(&self, scope: ScopeId) -> impl Iterator<Item = ScopeId> {
        std::iter::successors(Some(scope), |at| {
            self.parents.get(at.0 as usize).copied().flatten()
        })
    }

    /// The first declaration of a name, looking outwards.
    pub(super) fn find(&self, scope: ScopeId, name: &str) -> Option<Entry> {
        self.outwards(scope).find_map(|at| self.get(at, name))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn inner_names_win_and_first_declarations_stay() {
        let mut scopes = Scopes::new();
        let (a, b) = (Entry::Type(TypeIndex(1)), Entry::Type(TypeIndex(2)));
        let inner = scopes.open(Scopes::ROOT, a);
        assert_eq!(scopes.declare(Scopes::ROOT, "X", a), None);
        assert_eq!(scopes.find(inner, "X"), Some(a));
        assert_eq!(scopes.declare(inner, "X", b), None);
        assert_eq!(scopes.find(inner, "X"), Some(b));
        assert_eq!(scopes.declare(inner, "X", a), Some(b));
        assert_eq!(scopes.find(inner, "X"), Some(b));
        assert_eq!(scopes.find(inner, "Y"), None);
    }
}
