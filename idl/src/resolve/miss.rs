use std::cell::OnceCell;
use std::collections::HashMap;

use super::declare::Declared;
use super::node::member_named;
use super::references::Failure;
use super::scope::{Entry, ScopeId};
use crate::diagnostic::{Diagnostic, codes};
use crate::distance::{distance, nearest, tolerance};
use crate::model::{Builtin, TypeIndex};
use crate::syntax::TypeName;

/// How many names may be compared in search of suggestions, over all errors of a run: thousands of
/// errors in a file of thousands of types must not take quadratic time.
const BUDGET: usize = 2_000_000;

/// Words of other languages for built-in types.
const FOREIGN: [(&str, &str); 14] = [
    ("any", "Object"),
    ("array", "vector"),
    ("bool", "boolean"),
    ("char", "byte"),
    ("dict", "map"),
    ("int32", "int"),
    ("int64", "long"),
    ("integer", "int"),
    ("list", "vector"),
    ("number", "double"),
    ("sequence", "vector"),
    ("short", "int"),
    ("str", "string"),
    ("uint8", "byte"),
];

/// A name that did not resolve, and where it stands.
#[derive(Clone, Copy)]
pub(super) struct Miss<'n> {
    pub(super) name: &'n TypeName,
    pub(super) failure: Failure,
    /// The type in whose declaration the name stands.
    pub(super) from: TypeIndex,
    /// The scope that the look-up started in.
    pub(super) scope: ScopeId,
}

/// Turns failed look-ups into errors with a way out.
pub(super) struct MissExplainer<'d, 'a> {
    declared: &'d Declared<'a>,
    by_base_name: OnceCell<HashMap<&'d str, Vec<TypeIndex>>>,
    budget: usize,
}

impl<'d, 'a> MissExplainer<'d, 'a> {
    pub(super) fn new(declared: &'d Declared<'a>) -> Self {
        Self {
            declared,
            by_base_name: OnceCell::new(),
            budget: BUDGET,
        }
    }

    /// The error for a name that did not resolve. `bases` are those of all types, as far as known.
    pub(super) fn explain(&mut self, miss: Miss<'_>, bases: &[Option<TypeIndex>]) -> Diagnostic {
        let (part, within) = match miss.failure {
            Failure::Module => {
                let name = dotted(miss.name, miss.name.parts.len());
                return Diagnostic::error(
                    codes::NOT_A_TYPE,
                    miss.name.span,
                    format!("`{name}` is a module, not a type"),
                )
                .hint(format!("write a type of the module, as in `{name}.Type`"));
            }
            Failure::Unknown { part, within } => (part, within),
        };
        let is_last = part + 1 == miss.name.parts.len();
        let (text, span) = match miss.name.parts.get(part) {
            Some(name) => (&*name.text, name.span),
            None => ("", miss.name.span),
        };
        if is_last && let Some((what, place)) = self.other_meaning(text, within, miss.from) {
            return Diagnostic::error(
                codes::NOT_A_TYPE,
                span,
                format!("`{text}` is {what}, not a type"),
            )
            .see(place, format!("`{text}` is declared here"));
        }
        let what = if is_last { "type" } else { "module or type" };
        let place = within.map_or_else(String::new, |entry| {
            format!(" in {}", self.declared.describe(entry))
        });
        let diagnostic = Diagnostic::error(
            codes::UNKNOWN_TYPE,
            span,
            format!("unknown {what} `{text}`{place}"),
        );
        match self.way_out(text, is_last, within, miss, bases) {
            Some(help) => diagnostic.hint(help),
            None => diagnostic,
        }
    }

    /// A constant, method, field or enumerator of the name.
    fn other_meaning(
        &mut self,
        text: &str,
        within: Option<Entry>,
        from: TypeIndex,
    ) -> Option<(&'static str, crate::source::Span)> {
        let declared = self.declared;
        let mut at = match within {
            None => Some(from),
            Some(Entry::Type(index)) => Some(index),
            Some(Entry::Module(_)) => None,
        };
        while let Some(index) = at {
            let node = declared.nodes[index.at()];
            self.budget = self.budget.checked_sub(node.members().len() + 1)?;
            if let Some(found) = member_named(node, text) {
                return Some(found);
            }
            at = declared.types[index.at()]
                .parent
                .filter(|_| within.is_none());
        }
        None
    }

    fn way_out(
        &mut self,
        text: &str,
        is_last: bool,
        within: Option<Entry>,
        miss: Miss<'_>,
        bases: &[Option<TypeIndex>],
    ) -> Option<String> {
        if let Some(help) = self.in_a_base(text, within, miss.from, bases) {
            return Some(help);
        }
        if is_last && let Some(help) = self.elsewhere(text, within, miss.scope) {
            return Some(help);
        }
        let near = self.misspelt(text, is_last, within, miss.scope)?;
        Some(format!("did you mean `{near}`?"))
    }

    /// Bases are not searched, but the author may have expected it.
    fn in_a_base(
        &mut self,
        text: &str,
        within: Option<Entry>,
        from: TypeIndex,
        bases: &[Option<TypeIndex>],
    ) -> Option<String> {
        let declared = self.declared;
        let mut outer = match within {
            None => Some(from),
            Some(Entry::Type(index)) => Some(index),
            Some(Entry::Module(_)) => None,
        };
        while let Some(index) = outer {
            let mut at = bases[index.at()];
            while let Some(base) = at {
                self.budget = self.budget.checked_sub(1)?;
                let inner = declared.inside(Entry::Type(base));
                let found = inner.and_then(|scope| declared.scopes.get(scope, text));
                if let Some(Entry::Type(found)) = found {
                    let base_path = &declared.types[base.at()].path;
                    let path = &declared.types[found.at()].path;
                    return Some(format!(
                        "the base `{base_path}` has the name, but bases are not searched: \
                         write `{path}`"
                    ));
                }
                at = bases[base.at()];
            }
            outer = declared.types[index.at()]
                .parent
                .filter(|_| within.is_none());
        }
        None
    }

    /// The same name in another place, or another version of it.
    fn elsewhere(&mut self, text: &str, within: Option<Entry>, scope: ScopeId) -> Option<String> {
        let declared = self.declared;
        let by_base_name = self.by_base_name.get_or_init(|| {
            let mut map: HashMap<&str, Vec<TypeIndex>> = HashMap::new();
            for (at, ty) in declared.types.iter().enumerate() {
                map.entry(&ty.base_name)
                    .or_default()
                    .push(TypeIndex::of(at));
            }
            map
        });
        let base_name = xerus_wire_id::split_suffix(text).base();
        let candidates = by_base_name.get(base_name)?;
        self.budget = self.budget.checked_sub(candidates.len())?;
        let is_inside = |index: TypeIndex| match within {
            None => declared.is_visible(scope, index),
            Some(entry) => {
                let name = &*declared.types[index.at()].name;
                let inner = declared.inside(entry);
                inner.and_then(|inner| declared.scopes.get(inner, name)) == Some(Entry::Type(index))
            }
        };
        // Near ones before the same name far away; among those the newest version.
        let best = candidates.iter().copied().max_by_key(|&index| {
            let ty = &declared.types[index.at()];
            (
                is_inside(index),
                ty.name == text,
                ty.version,
                std::cmp::Reverse(index),
            )
        })?;
        let ty = &declared.types[best.at()];
        let name = if is_inside(best) { &ty.name } else { &ty.path };
        Some(if ty.name == text {
            format!("there is a `{name}`: write the name in full")
        } else {
            format!("there is a `{name}` (versions must match exactly)")
        })
    }

    /// The name with the fewest edits.
    fn misspelt(
        &mut self,
        text: &str,
        is_last: bool,
        within: Option<Entry>,
        scope: ScopeId,
    ) -> Option<&'d str> {
        let declared = self.declared;
        self.budget = self
            .budget
            .checked_sub(declared.types.len() + declared.modules.len())?;
        if within.is_none() && is_last {
            let lower = text.to_ascii_lowercase();
            if let Some((_, word)) = FOREIGN.iter().find(|(foreign, _)| *foreign == lower) {
                return Some(word);
            }
            let words = Builtin::ALL
                .map(Builtin::word)
                .into_iter()
                .chain(["vector", "map"]);
            if let Some(word) = nearest(text, words) {
                return Some(word);
            }
        }
        let inner = within.map(|entry| declared.inside(entry));
        let limit = tolerance(text);
        let types = (0..declared.types.len())
            .map(TypeIndex::of)
            .filter_map(|index| {
                let ty = &declared.types[index.at()];
                let cost = distance(text, &ty.name, limit)?;
                Some(match inner {
                    None => {
                        let is_far = !declared.is_visible(scope, index);
                        (cost, is_far, declared.spelling(scope, index))
                    }
                    Some(inner) => {
                        let found = declared.scopes.get(inner?, &ty.name)?;
                        (found == Entry::Type(index)).then_some((cost, false, &*ty.name))?
                    }
                })
            });
        let modules = declared.modules.iter().filter_map(|module| {
            let is_candidate = !is_last && within.is_none();
            let cost = distance(text, &module.name, limit).filter(|_| is_candidate)?;
            Some((cost, module.parent.is_some(), &*module.path))
        });
        types
            .chain(modules)
            .min_by_key(|(cost, is_far, _)| (*cost, *is_far))
            .map(|found| found.2)
    }
}

/// The first parts of a name as written.
fn dotted(name: &TypeName, count: usize) -> String {
    let parts: Vec<_> = name
        .parts
        .iter()
        .take(count)
        .map(|part| &*part.text)
        .collect();
    parts.join(".")
}
