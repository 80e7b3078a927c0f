use std::collections::HashMap;

use xerus_wire_id::{SplitName, Version, split_suffix};

use super::annotations;
use super::node::Node;
use super::scope::{Entry, ScopeId, Scopes};
use crate::diagnostic::{Diagnostic, codes};
use crate::docs::{self, DocTable};
use crate::model::{self, Module, ModuleIndex, Type, TypeIndex, TypeKind};
use crate::source::{SourceMap, Span};
use crate::syntax::{self, Declaration};

/// Longest path of a module or type in bytes. Longer ones are refused, so that the paths and wire
/// ids of a file stay in proportion to its size.
const LONGEST_PATH: usize = 1000;

/// The first pass: every module and type with its name, version and scope, members still missing.
pub(super) struct Declared<'a> {
    pub(super) modules: Vec<Module>,
    /// Types with an empty kind.
    pub(super) types: Vec<Type>,
    /// The declaration of each type.
    pub(super) nodes: Vec<Node<'a>>,
    pub(super) scopes: Scopes<'a>,
    /// The scope that each type is declared in.
    pub(super) outer: Vec<ScopeId>,
    /// The scope of each type's members; the outer one for types that are no scope.
    pub(super) inner: Vec<ScopeId>,
    /// The scope of each module.
    pub(super) module_scopes: Vec<ScopeId>,
    /// The documentation of each file, in the order of `files`.
    pub(super) docs: Vec<DocTable>,
}

/// Where a declaration stands.
#[derive(Clone, Copy)]
struct Place {
    file: usize,
    module: ModuleIndex,
    parent: Option<TypeIndex>,
    scope: ScopeId,
}

struct Pass<'a, 'd> {
    declared: Declared<'a>,
    sources: &'a SourceMap,
    files: &'a [syntax::File],
    diagnostics: &'d mut Vec<Diagnostic>,
    /// The first type of each un-suffixed name and version in a scope.
    versions: HashMap<(ScopeId, &'a str, Version), TypeIndex>,
    /// The first block of each module.
    blocks: Vec<Span>,
    /// The documentation texts that each module has been given.
    module_texts: Vec<Vec<String>>,
    /// Types whose wire id leaves out the versions around them.
    unversioned: Vec<TypeIndex>,
}

/// Declares everything of all files.
pub(super) fn declare<'a>(
    sources: &'a SourceMap,
    files: &'a [syntax::File],
    diagnostics: &mut Vec<Diagnostic>,
) -> Declared<'a> {
    let mut pass = Pass {
        declared: Declared {
            modules: Vec::new(),
            types: Vec::new(),
            nodes: Vec::new(),
            scopes: Scopes::new(),
            outer: Vec::new(),
            inner: Vec::new(),
            module_scopes: Vec::new(),
            docs: files
                .iter()
                .map(|file| docs::attach(sources, file))
                .collect(),
        },
        sources,
        files,
        diagnostics,
        versions: HashMap::new(),
        blocks: Vec::new(),
        module_texts: Vec::new(),
        unversioned: Vec::new(),
    };
    for (at, file) in files.iter().enumerate() {
        for module in &file.modules {
            pass.module(at, module, None, Scopes::ROOT);
        }
    }
    pass.same_unversioned();
    for (module, texts) in pass.declared.modules.iter_mut().zip(pass.module_texts) {
        module.docs.text = (!texts.is_empty()).then(|| texts.join("\n\n"));
    }
    pass.declared
}

impl<'a> Pass<'a, '_> {
    fn module(
        &mut self,
        file: usize,
        node: &'a syntax::Module,
        parent: Option<ModuleIndex>,
        outer: ScopeId,
    ) {
        let index = match self.declared.scopes.get(outer, &node.name.text) {
            Some(Entry::Module(index)) => index,
            before => {
                let Some(index) = self.new_module(node, parent, outer) else {
                    return;
                };
                if let Some(before) = before {
                    self.duplicate(&node.name, before, outer);
                }
                index
            }
        };
        annotations::check(&node.annotations, "module", self.diagnostics);
        let docs = self.declared.docs[file].take(node.name.span);
        let texts = &mut self.module_texts[index.0 as usize];
        if let Some(text) = docs.text
            && !texts.contains(&text)
        {
            texts.push(text);
        }
        let scope = self.declared.module_scopes[index.0 as usize];
        let place = Place {
            file,
            module: index,
            parent: None,
            scope,
        };
        for member in &node.members {
            if let Declaration::Module(inner) = member {
                self.module(file, inner, Some(index), scope);
            } else if let Some(node) = Node::of(member) {
                self.ty(node, place);
            }
        }
    }

    fn new_module(
        &mut self,
        node: &'a syntax::Module,
        parent: Option<ModuleIndex>,
        outer: ScopeId,
    ) -> Option<ModuleIndex> {
        let declared = &mut self.declared;
        let path = match parent {
            Some(parent) => {
                format!(
                    "{}.{}",
                    declared.modules[parent.0 as usize].path, node.name.text
                )
            }
            None => node.name.text.clone(),
        };
        if path.len() > LONGEST_PATH {
            self.diagnostics.push(too_long(&node.name));
            return None;
        }
        let index = ModuleIndex::of(declared.modules.len());
        if let Some(parent) = parent {
            declared.modules[parent.0 as usize].modules.push(index);
        }
        declared.modules.push(Module {
            name: node.name.text.clone(),
            path,
            parent,
            modules: Vec::new(),
            types: Vec::new(),
            docs: model::Docs::default(),
        });
        let scope = declared.scopes.open(outer, Entry::Module(index));
        declared.module_scopes.push(scope);
        declared
            .scopes
            .declare(outer, &node.name.text, Entry::Module(index));
        self.blocks.push(node.name.span);
        self.module_texts.push(Vec::new());
        Some(index)
    }

    fn ty(&mut self, node: Node<'a>, place: Place) {
        let name = node.name();
        let module = &self.declared.modules[place.module.0 as usize].path;
        let parent = place
            .parent
            .map(|parent| &self.declared.types[parent.at()].path);
        let enclosing = parent.unwrap_or(module);
        let path = format!("{enclosing}.{}", name.text);
        if path.len() > LONGEST_PATH {
            self.diagnostics.push(too_long(name));
            return;
        }
        let split = split_suffix(&name.text);
        if let SplitName::Overflow(_) = split {
            self.diagnostics.push(
                Diagnostic::error(
                    codes::VERSION_OVERFLOW,
                    name.span,
                    format!("version component of `{}` does not fit u32", name.text),
                )
                .hint(format!("version numbers go up to {}", u32::MAX)),
            );
        }
        let index = TypeIndex::of(self.declared.types.len());
        let is_unversioned = annotations::is_unversioned(
            node.annotations(),
            place.parent.is_some(),
            self.diagnostics,
        );
        let prefix = if is_unversioned {
            unversioned_prefix(enclosing, module.len())
        } else {
            wire_prefix(enclosing, module.len())
        };
        let wire_id = format!("{prefix}.{}:{}", split.base(), split.version());
        let id = self.files[place.file].id;
        let own_docs = self.declared.docs[place.file].take(name.span);
        let declared = &mut self.declared;
        declared.types.push(Type {
            wire_id,
            path,
            name: name.text.clone(),
            base_name: split.base().to_owned(),
            version: split.version(),
            module: place.module,
            parent: place.parent,
            nested: Vec::new(),
            kind: TypeKind::Opaque,
            annotations: annotations::convert(node.annotations()),
            docs: own_docs,
            file: id,
            file_name: self.sources.file(id).file_name().to_owned(),
            span: name.span,
        });
        declared.nodes.push(node);
        match place.parent {
            Some(parent) => declared.types[parent.at()].nested.push(index),
            None => declared.modules[place.module.0 as usize].types.push(index),
        }
        declared.outer.push(place.scope);
        let scope = if node.is_scope() {
            declared.scopes.open(place.scope, Entry::Type(index))
        } else {
            place.scope
        };
        declared.inner.push(scope);
        if is_unversioned {
            self.unversioned.push(index);
        }
        if let Some(before) = declared
            .scopes
            .declare(place.scope, &name.text, Entry::Type(index))
        {
            self.duplicate(name, before, place.scope);
        } else {
            self.same_wire_id(name, index, place.scope);
        }
        let place = Place {
            parent: Some(index),
            scope,
            ..place
        };
        for member in node.members() {
            if let Some(nested) = Node::of(member) {
                self.ty(nested, place);
            }
        }
    }

    /// Reports a name that its scope already has.
    fn duplicate(&mut self, name: &syntax::Name, before: Entry, scope: ScopeId) {
        let (first, kind) = match before {
            Entry::Type(index) => (self.declared.types[index.at()].span, "type"),
            Entry::Module(index) => (self.blocks[index.0 as usize], "module"),
        };
        let container = self.container(scope);
        let at = self.sources.position(first);
        let elsewhere = if first.file == name.span.file {
            String::new()
        } else {
            format!("{}:", self.sources.file(first.file).name())
        };
        self.diagnostics.push(
            Diagnostic::error(
                codes::DUPLICATE_NAME,
                name.span,
                format!(
                    "`{}` already declared in {container} at {elsewhere}{}:{}",
                    name.text, at.line, at.column
                ),
            )
            .see(first, format!("first declared here, as a {kind}"))
            .hint("a name stands for one type or module in its scope, in all files together"),
        );
    }

    /// Reports a type whose suffix spells the version that another one has without saying it.
    fn same_wire_id(&mut self, name: &'a syntax::Name, index: TypeIndex, scope: ScopeId) {
        let split = split_suffix(&name.text);
        let key = (scope, split.base(), split.version());
        let Some(&first) = self.versions.get(&key) else {
            self.versions.insert(key, index);
            return;
        };
        let types = &self.declared.types;
        let (own, other) = (&types[index.at()], &types[first.at()]);
        let diagnostic = Diagnostic::error(
            codes::SAME_WIRE_ID,
            name.span,
            format!(
                "`{}` and `{}` have the same wire id `{}`",
                own.name, other.name, own.wire_id
            ),
        )
        .see(other.span, format!("`{}` is declared here", other.name))
        .hint("a name without suffix has version 1.0.0: leave `_1_0_0` out");
        self.diagnostics.push(diagnostic);
    }

    /// Reports types whose wire ids become one since they leave out the versions around them.
    fn same_unversioned(&mut self) {
        if self.unversioned.is_empty() {
            return;
        }
        let types = &self.declared.types;
        let mut firsts: HashMap<&str, usize> = HashMap::new();
        for (at, ty) in types.iter().enumerate() {
            let first = *firsts.entry(&ty.wire_id).or_insert(at);
            let is_marked = |at: usize| self.unversioned.iter().any(|index| index.at() == at);
            if first == at || !(is_marked(at) || is_marked(first)) {
                continue;
            }
            let other = &types[first];
            let message = format!(
                "`{}` and `{}` have the same wire id `{}`",
                ty.path, other.path, ty.wire_id
            );
            self.diagnostics.push(
                Diagnostic::error(codes::SAME_WIRE_ID, ty.span, message)
                    .see(other.span, format!("`{}` is declared here", other.path))
                    .hint("keep the IDL of each firmware in a directory of its own"),
            );
        }
    }

    /// `module `m``, `interface `m.A``: what a scope belongs to.
    fn container(&self, scope: ScopeId) -> String {
        let owner = self.declared.scopes.owner(scope);
        owner.map_or_else(
            || "the top level".to_owned(),
            |entry| self.declared.describe(entry),
        )
    }
}

fn too_long(name: &syntax::Name) -> Diagnostic {
    Diagnostic::error(
        codes::NAME_TOO_LONG,
        name.span,
        format!("with its enclosing names this name is longer than {LONGEST_PATH} bytes"),
    )
}

/// The enclosing names of a wire id: as written, but the never used `_1_0_0` of types normalised to
/// no suffix, so that a version has one spelling. Modules, the first
/// `modules` bytes of the path, have no versions.
fn wire_prefix(path: &str, modules: usize) -> String {
    let (modules, types) = path.split_at(modules);
    let mut prefix = modules.to_owned();
    for name in types.split('.').skip(1) {
        prefix.push('.');
        prefix.push_str(match split_suffix(name) {
            SplitName::Versioned(base, Version::ONE) => base,
            _ => name,
        });
    }
    prefix
}

/// The same without any version.
fn unversioned_prefix(path: &str, modules: usize) -> String {
    let (modules, types) = path.split_at(modules);
    let mut prefix = modules.to_owned();
    for name in types.split('.').skip(1) {
        prefix.push('.');
        prefix.push_str(split_suffix(name).base());
    }
    prefix
}

#[cfg(test)]
mod tests {
    use super::{unversioned_prefix, wire_prefix};

    #[test]
    fn enclosing_versions_stay_except_the_default() {
        assert_eq!(wire_prefix("m", 1), "m");
        assert_eq!(wire_prefix("m.A_2_0_0.B", 1), "m.A_2_0_0.B");
        assert_eq!(wire_prefix("m.A_1_0_0.B_1_0_0x", 1), "m.A.B_1_0_0x");
        assert_eq!(wire_prefix("m.n_1_0_0.A_1_0_0", 9), "m.n_1_0_0.A");
    }

    #[test]
    fn enclosing_versions_can_be_left_out() {
        assert_eq!(unversioned_prefix("m.A_2_0_0.B_1_0_1", 1), "m.A.B");
        assert_eq!(unversioned_prefix("m.n_1_0_0.A_2_0_0", 9), "m.n_1_0_0.A");
    }
}
