use super::declare::Declared;
use super::scope::{Entry, ScopeId};
use crate::model::TypeIndex;
use crate::syntax::TypeName;

/// Why a name does not resolve to a type.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Failure {
    /// The part at this position is declared neither in the scope of what stands before it
    /// (`within`) nor, for the first part, in any scope around.
    Unknown { part: usize, within: Option<Entry> },
    /// The whole name is that of a module.
    Module,
}

impl Declared<'_> {
    /// Looks a name up from a scope: the innermost scope that declares the first
    /// part decides, the other parts are looked for inside it only.
    pub(super) fn resolve(&self, scope: ScopeId, name: &TypeName) -> Result<TypeIndex, Failure> {
        let mut within = None;
        for (at, part) in name.parts.iter().enumerate() {
            let found = match within {
                None => self.scopes.find(scope, &part.text),
                Some(entry) => self
                    .inside(entry)
                    .and_then(|inner| self.scopes.get(inner, &part.text)),
            };
            within = Some(found.ok_or(Failure::Unknown { part: at, within })?);
        }
        match within {
            Some(Entry::Type(index)) => Ok(index),
            Some(Entry::Module(_)) => Err(Failure::Module),
            None => Err(Failure::Unknown {
                part: 0,
                within: None,
            }),
        }
    }

    /// The scope inside a module or type; `None` for a type that holds no types.
    pub(super) fn inside(&self, entry: Entry) -> Option<ScopeId> {
        match entry {
            Entry::Module(index) => self.module_scopes.get(index.0 as usize).copied(),
            Entry::Type(index) => self.nodes[index.at()]
                .is_scope()
                .then(|| self.inner[index.at()]),
        }
    }

    /// How to write a type from a scope: its own name where that means it, else its whole path.
    pub(super) fn spelling(&self, scope: ScopeId, index: TypeIndex) -> &str {
        let ty = &self.types[index.at()];
        if self.is_visible(scope, index) {
            &ty.name
        } else {
            &ty.path
        }
    }

    /// Whether the own name of a type means it in a scope.
    pub(super) fn is_visible(&self, scope: ScopeId, index: TypeIndex) -> bool {
        let name = &self.types[index.at()].name;
        self.scopes.find(scope, name) == Some(Entry::Type(index))
    }

    /// `module `m``, `interface `m.A``.
    pub(super) fn describe(&self, entry: Entry) -> String {
        match entry {
            Entry::Module(index) => format!("module `{}`", self.modules[index.0 as usize].path),
            Entry::Type(index) => {
                let at = index.at();
                format!("{} `{}`", self.nodes[at].word(), self.types[at].path)
            }
        }
    }
}
