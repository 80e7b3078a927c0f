//! What a program can come across of a model.

use std::collections::{BTreeSet, HashMap, HashSet};

use xerus_codegen::RustNames;
use xerus_idl::diff::{Action, Change, Class, Effect, Item};
use xerus_idl::model::{Direction, Model, TypeIndex, TypeKind, TypeRef};

use super::scan::{Path, plain};
use super::sources::Sources;

/// How the program comes across a type.
#[derive(Clone, Copy, Debug, Default)]
struct Ways {
    /// Its name stands in the sources.
    named: bool,
    /// A method that is called returns it, perhaps inside something.
    received: bool,
    /// A method that is called takes it, perhaps inside something.
    sent: bool,
    /// It is an interface of which a method is called.
    called: bool,
}

impl Ways {
    const fn any(self) -> bool {
        self.named || self.received || self.sent || self.called
    }
}

/// What sources use of a model.
#[derive(Debug)]
pub(crate) struct Usage<'s> {
    sources: &'s Sources,
    /// By path without versions.
    types: HashMap<String, Ways>,
    /// Path of an interface and name of a method that is called, in the interface itself or an heir.
    methods: HashSet<(String, String)>,
}

impl<'s> Usage<'s> {
    /// Follows what the sources name through the model that they were written for.
    pub(crate) fn of(model: &Model, names: &RustNames<'_>, sources: &'s Sources) -> Self {
        let mut walk = Walk {
            model,
            names,
            sources,
            ways: vec![Ways::default(); model.types().len()],
            methods: HashSet::new(),
            is_server: false,
            open: Vec::new(),
        };
        walk.named();
        walk.run();
        let mut types: HashMap<String, Ways> = HashMap::new();
        for (index, _) in model.types() {
            let found = walk.ways[index.0 as usize];
            let known = types.entry(path(model, index)).or_default();
            known.named |= found.named;
            known.received |= found.received;
            known.sent |= found.sent;
            known.called |= found.called;
        }
        Self {
            sources,
            types,
            methods: walk.methods,
        }
    }

    /// How many types are named or come by, and how many methods are called.
    pub(crate) fn counts(&self) -> (usize, usize) {
        let types = self.types.values().filter(|ways| ways.any()).count();
        (types, self.methods.len())
    }

    /// Whether a change can touch the program. Additions do not, unless something has to be sent that was not.
    pub(crate) fn touches(&self, change: &Change) -> bool {
        let is_quiet =
            change.class == Class::Compatible && change.effect == Effect::SourceCompatible;
        if is_quiet || change.item == Item::Reference {
            return false;
        }
        let ways = self.types.get(&change.path).copied().unwrap_or_default();
        let is_called = || {
            let method = change.member.split('(').next().unwrap_or_default();
            self.methods
                .contains(&(change.path.clone(), method.to_owned()))
        };
        match change.item {
            Item::Type | Item::Event => ways.any() || self.touches_inside(&change.path),
            Item::Version => ways.named || ways.called,
            Item::Method | Item::Return | Item::Parameter | Item::Marks => is_called(),
            Item::Constant => ways.any() && self.mentions(change),
            Item::Field if change.action == Action::Added => ways.sent || ways.named,
            Item::Enumerator if change.class != Class::Breaking => {
                ways.any() && self.mentions(change)
            }
            Item::Annotation if change.old.as_deref() == Some("[sparse_in]") => {
                ways.sent || ways.named
            }
            Item::Annotation | Item::MapKey if is_called() => true,
            // Annotations of methods and keys in their types belong to those that are called.
            Item::Annotation | Item::MapKey if ways.called => change.member.is_empty(),
            _ => ways.any(),
        }
    }

    /// Whether anything declared inside a type is used: it goes with the type.
    fn touches_inside(&self, outer: &str) -> bool {
        let is_inside = |path: &str| {
            path.strip_prefix(outer)
                .is_some_and(|rest| rest.starts_with('.'))
        };
        self.types
            .iter()
            .any(|(path, ways)| ways.any() && is_inside(path))
    }

    /// Whether the sources have the name of the member, as Rust or as the wire has it.
    fn mentions(&self, change: &Change) -> bool {
        let rust = change.rust.old.as_deref();
        let rust = rust.and_then(|path| path.rsplit("::").next());
        rust.is_none_or(|name| self.sources.has_ident(&plain(name)))
            || self.sources.has_text(&change.member)
    }
}

/// One step: a type, and how it is come across.
enum Step {
    /// An interface that the program has objects of.
    Object(TypeIndex),
    /// A value.
    Value(TypeIndex, Direction),
}

struct Walk<'w, 'm> {
    model: &'m Model,
    names: &'w RustNames<'m>,
    sources: &'w Sources,
    ways: Vec<Ways>,
    methods: HashSet<(String, String)>,
    /// Whether the program answers calls: then everything goes the other way, too.
    is_server: bool,
    open: Vec<Step>,
}

impl Walk<'_, '_> {
    /// Finds the types whose names stand in the sources.
    fn named(&mut self) {
        let paths = self.sources.paths();
        // As a module: a field may be called so, too.
        self.is_server = paths.iter().any(|path| {
            let modules = path.split_last().map_or(&[][..], |(_, modules)| modules);
            modules.iter().any(|part| part == SERVER)
        });
        // Types by the last part of their Rust names.
        let mut known: HashMap<String, Vec<(TypeIndex, Path)>> = HashMap::new();
        for (index, _) in self.model.types() {
            let Some(name) = self.names.get(&path(self.model, index), "") else {
                continue;
            };
            let parts: Path = name.split("::").map(plain).collect();
            if let Some(last) = parts.last() {
                known.entry(last.clone()).or_default().push((index, parts));
            }
        }
        let mut found = BTreeSet::new();
        for path in &paths {
            let path: Path = path
                .iter()
                .filter(|part| !INNER.contains(&part.as_str()))
                .cloned()
                .collect();
            for end in 1..=path.len() {
                let head = &path[..end];
                let candidates = head.last().and_then(|last| known.get(last));
                for (index, parts) in candidates.into_iter().flatten() {
                    // A name alone tells nothing: `State` may be anybody's.
                    if head.ends_with(parts) || (head.len() > 1 && parts.ends_with(head)) {
                        found.insert(*index);
                    }
                }
            }
        }
        for index in found {
            self.ways[index.0 as usize].named = true;
            if matches!(self.model.ty(index).kind, TypeKind::Interface(_)) {
                self.open.push(Step::Object(index));
            } else {
                self.parts(index, Direction::Out);
            }
        }
    }

    fn run(&mut self) {
        let mut objects = HashSet::new();
        while let Some(step) = self.open.pop() {
            match step {
                Step::Object(index) => {
                    if objects.insert(index) {
                        self.object(index);
                    }
                }
                Step::Value(index, direction) => self.value(index, direction),
            }
        }
    }

    /// The methods that are called of an object, its own and inherited ones.
    fn object(&mut self, index: TypeIndex) {
        let model = self.model;
        let own = path(model, index);
        let mut is_called = false;
        for (_, method) in model.all_methods(index) {
            let name = self.names.get(&own, &method.name);
            let name = name.as_deref().and_then(|name| name.rsplit("::").next());
            if !name.is_some_and(|name| self.sources.calls(&plain(name))) {
                continue;
            }
            is_called = true;
            // A call through an heir is one of every interface up to the one that declares the method.
            for at in model.lineage(index) {
                self.methods.insert((path(model, at), method.name.clone()));
            }
            let results = method.returns.iter().chain(method.mark_types.iter());
            for ty in results {
                self.flow(ty, Direction::Out);
            }
            for parameter in &method.parameters {
                self.flow(&parameter.ty, parameter.direction);
            }
        }
        if is_called {
            for at in model.lineage(index) {
                self.ways[at.0 as usize].called = true;
            }
        }
    }

    fn flow(&mut self, ty: &TypeRef, direction: Direction) {
        for index in ty.named() {
            self.open.push(Step::Value(index, direction));
            if self.is_server {
                self.open.push(Step::Value(index, Direction::In));
                self.open.push(Step::Value(index, Direction::Out));
            }
        }
    }

    /// A value that is sent or received, with all that is in it.
    fn value(&mut self, index: TypeIndex, direction: Direction) {
        if matches!(self.model.ty(index).kind, TypeKind::Interface(_)) {
            self.open.push(Step::Object(index));
            return;
        }
        let ways = &mut self.ways[index.0 as usize];
        let known = match direction {
            Direction::In => &mut ways.sent,
            Direction::Out => &mut ways.received,
        };
        if !std::mem::replace(known, true) {
            self.parts(index, direction);
        }
    }

    /// What is in a value: its members, and those of its bases. Heirs of a value object are only used by those who name
    /// them.
    fn parts(&mut self, index: TypeIndex, direction: Direction) {
        let model = self.model;
        for ty in model.ty(index).member_types() {
            self.flow(ty, direction);
        }
        let base = model.base(index);
        self.open
            .extend(base.map(|base| Step::Value(base, direction)));
    }
}

/// The module of generated code with the traits of those who answer calls.
const SERVER: &str = "server";

/// Parts of the paths of generated code that the IDL does not have.
const INNER: [&str; 2] = [SERVER, "sparse_"];

/// The path of a type without versions.
pub(crate) fn path(model: &Model, index: TypeIndex) -> String {
    let ty = model.ty(index);
    let outer = match ty.parent {
        Some(parent) => path(model, parent),
        None => model.module(ty.module).path.clone(),
    };
    format!("{outer}.{}", ty.base_name)
}
