//! Finds IDL names that would meet in one Rust scope. Nothing is renamed to avoid it unless the user says so: a name
//! that depended on its neighbours would change when a firmware update brings new neighbours.

use std::collections::HashMap;

use xerus_idl::diagnostic::{Code, Diagnostic};
use xerus_idl::model::{Field, Method, Model, ModuleIndex, Type, TypeIndex, TypeKind};
use xerus_idl::source::Span;

use super::renames::{advice, free_name};
use super::table::Names;
use crate::{codes, paths};

/// The most results that fit the tuples of the runtime.
const MOST_RESULTS: usize = 12;

/// All collisions of a model.
pub(crate) fn check(model: &Model, names: &Names) -> Vec<Diagnostic> {
    let mut check = Check {
        model,
        names,
        found: Vec::new(),
    };
    check.roots();
    for index in (0u32..).map(ModuleIndex).take(model.modules().len()) {
        check.module(index);
    }
    for (index, ty) in model.types() {
        check.ty(index, ty);
    }
    check.found
}

/// Methods with more results than can be generated, of the interfaces that are wanted.
pub(crate) fn results(model: &Model, is_wanted: impl Fn(TypeIndex) -> bool) -> Vec<Diagnostic> {
    let mut found = Vec::new();
    for (_, ty) in model.types().filter(|(index, _)| is_wanted(*index)) {
        let TypeKind::Interface(interface) = &ty.kind else {
            continue;
        };
        for method in &interface.methods {
            let results = usize::from(method.returns.is_some()) + method.outs().count();
            if results > MOST_RESULTS {
                let message = format!(
                    "method `{}` of `{}` has {results} results, and a tuple in Rust at most {MOST_RESULTS}",
                    method.name, ty.path
                );
                let help = "generate without this interface: the option `root` names what is wanted instead";
                found.push(
                    Diagnostic::error(codes::TOO_MANY_RESULTS, method.span, message).hint(help),
                );
            }
        }
    }
    found
}

struct Check<'m> {
    model: &'m Model,
    names: &'m Names,
    found: Vec<Diagnostic>,
}

/// One Rust namespace: what enters it, in order.
#[derive(Default)]
struct Scope {
    entries: Vec<Entry>,
}

/// A name in a namespace.
struct Entry {
    rust: String,
    item: Item,
}

/// What a name stands for.
#[derive(Clone, PartialEq)]
struct Item {
    /// In words, as in "field `x` of `m.S`".
    words: String,
    span: Span,
    /// The path by which the option `rename` knows it.
    path: String,
    /// What it would be called, to make another name of.
    name: String,
    /// Whether it is a type, whose name makes that of a module.
    is_type: bool,
    is_renamed: bool,
}

impl Scope {
    fn enter(&mut self, rust: String, item: Item) {
        // A name without letters has been reported.
        if !rust.is_empty() {
            self.entries.push(Entry { rust, item });
        }
    }

    /// Reports every name that stands for several items.
    fn report(&self, found: &mut Vec<Diagnostic>) {
        let mut first: HashMap<&str, &Item> = HashMap::new();
        for Entry { rust, item } in &self.entries {
            match first.get(rust.as_str()) {
                Some(other) if *other == item => {}
                Some(other) => push(found, self.collision(rust, item, other)),
                None => {
                    first.insert(rust, item);
                }
            }
        }
    }

    fn collision(&self, rust: &str, item: &Item, other: &Item) -> Diagnostic {
        let has = |name: &str| self.entries.iter().any(|entry| entry.rust == name);
        let free = free_name(&item.name, |name| {
            has(name) || item.is_type && has(&super::module(name))
        });
        let message = format!(
            "{} and {} both become `{rust}` in Rust",
            item.words, other.words
        );
        Diagnostic::error(codes::COLLISION, item.span, message)
            .mark(format!("becomes `{rust}`"))
            .see(other.span, format!("so does {}", other.words))
            .hint(advice(&item.path, &free, item.is_renamed))
    }
}

impl Check<'_> {
    fn roots(&mut self) {
        let mut scope = Scope::default();
        for (index, module) in (0u32..).map(ModuleIndex).zip(self.model.modules()) {
            if module.parent.is_none() {
                self.enter_module(&mut scope, index);
            }
        }
        scope.report(&mut self.found);
    }

    fn enter_module(&mut self, scope: &mut Scope, index: ModuleIndex) {
        // A module without types is nowhere in the output.
        let Some(span) = first_place(self.model, index) else {
            return;
        };
        let module = self.model.module(index);
        let rust = self.names.module_name(index).to_owned();
        let item = Item {
            words: format!("module `{}`", module.path),
            span,
            path: module.path.clone(),
            name: rust.clone(),
            is_type: false,
            is_renamed: self.names.is_module_renamed(index),
        };
        self.lettered(&module.name, &item, "unnamed");
        scope.enter(rust, item);
    }

    fn module(&mut self, index: ModuleIndex) {
        let module = self.model.module(index);
        let mut scope = Scope::default();
        for inner in &module.modules {
            self.enter_module(&mut scope, *inner);
        }
        self.types(&mut scope, &module.types);
        scope.report(&mut self.found);
        let mut functions = Scope::default();
        for index in &module.types {
            let ty = self.model.ty(*index);
            if matches!(ty.kind, TypeKind::Interface(_)) {
                functions.enter(self.names.ty(*index).module.clone(), self.type_item(*index));
            }
        }
        functions.report(&mut self.found);
    }

    /// Types share a namespace with the modules of their nested types.
    fn types(&mut self, scope: &mut Scope, types: &[TypeIndex]) {
        for index in types {
            let ty = self.model.ty(*index);
            let names = self.names.ty(*index);
            let item = self.type_item(*index);
            self.lettered(&ty.base_name, &item, "Unnamed");
            let mut taken = vec![&names.name];
            taken.extend(names.alias.as_ref().map(|alias| &alias.name));
            if !ty.nested.is_empty() {
                taken.push(&names.module);
                taken.extend(names.alias.as_ref().map(|alias| &alias.module));
            }
            for name in taken {
                scope.enter(name.clone(), item.clone());
            }
        }
    }

    fn type_item(&self, index: TypeIndex) -> Item {
        let ty = self.model.ty(index);
        let names = self.names.ty(index);
        Item {
            words: format!("{} `{}`", ty.kind.word(), ty.path),
            span: ty.span,
            path: paths::plain(self.model, ty),
            name: match &names.alias {
                Some(alias) => alias.name.clone(),
                None => names.name.clone(),
            },
            is_type: true,
            is_renamed: self.names.is_type_renamed(index),
        }
    }

    fn ty(&mut self, index: TypeIndex, ty: &Type) {
        let mut scope = Scope::default();
        self.types(&mut scope, &ty.nested);
        scope.report(&mut self.found);
        let mut scope = Scope::default();
        match &ty.kind {
            TypeKind::Interface(interface) => {
                for constant in &interface.constants {
                    let rust = self.names.constant(constant);
                    let item = self.member("constant", ty, &constant.name, constant.span, &rust);
                    self.lettered(&constant.name, &item, "UNNAMED");
                    scope.enter(rust, item);
                }
                for base in self.bases(index) {
                    let base = self.model.ty(base);
                    if let TypeKind::Interface(interface) = &base.kind {
                        self.methods(&mut scope, base, &interface.methods);
                    }
                }
                for method in &interface.methods {
                    self.method(ty, method);
                }
            }
            TypeKind::Structure { fields } => self.fields(&mut scope, ty, fields),
            TypeKind::ValueObject { .. } => {
                for base in self.bases(index) {
                    let base = self.model.ty(base);
                    if let TypeKind::ValueObject { fields, .. } = &base.kind {
                        self.fields(&mut scope, base, fields);
                    }
                }
            }
            TypeKind::Enumeration { enumerators, .. } => {
                let variants = self.names.variants(enumerators);
                for (item, rust) in enumerators.iter().zip(variants) {
                    let entry = self.member("enumerator", ty, &item.name, item.span, &rust);
                    self.lettered(&item.name, &entry, "Unnamed");
                    scope.enter(rust, entry);
                }
            }
            TypeKind::Typedef { .. } | TypeKind::Opaque => {}
        }
        scope.report(&mut self.found);
    }

    fn methods(&mut self, scope: &mut Scope, owner: &Type, methods: &[Method]) {
        for method in methods {
            let rust = self.names.method(method);
            let item = self.member("method", owner, &method.name, method.span, &rust);
            self.lettered(&method.name, &item, "unnamed");
            scope.enter(rust, item);
        }
    }

    fn method(&mut self, ty: &Type, method: &Method) {
        let mut scope = Scope::default();
        for parameter in method.ins() {
            let rust = self.names.parameter(parameter);
            let mut item = self.member("parameter", ty, &parameter.name, parameter.span, &rust);
            item.words = format!("parameter `{}` of `{}`", parameter.name, method.name);
            let owner = paths::plain(self.model, ty);
            item.path = format!("{owner}.{}.{}", method.name, parameter.name);
            self.lettered(&parameter.name, &item, "unnamed");
            scope.enter(rust, item);
        }
        scope.report(&mut self.found);
    }

    fn fields(&mut self, scope: &mut Scope, owner: &Type, fields: &[Field]) {
        for field in fields {
            let rust = self.names.field(field);
            let item = self.member("field", owner, &field.name, field.span, &rust);
            self.lettered(&field.name, &item, "unnamed");
            scope.enter(rust, item);
        }
    }

    /// A member of a type under its Rust name.
    fn member(&self, kind: &str, owner: &Type, name: &str, span: Span, rust: &str) -> Item {
        Item {
            words: format!("{kind} `{name}` of `{}`", owner.path),
            span,
            path: format!("{}.{name}", paths::plain(self.model, owner)),
            name: rust.to_owned(),
            is_type: false,
            is_renamed: self.names.is_renamed(span),
        }
    }

    /// The type and its bases, the outermost base first.
    fn bases(&self, index: TypeIndex) -> Vec<TypeIndex> {
        let mut chain = crate::walk::chain(self.model, index);
        chain.reverse();
        chain
    }

    /// A name of underscores alone leaves nothing to make a Rust name of.
    fn lettered(&mut self, name: &str, item: &Item, example: &str) {
        if !item.is_renamed && name.bytes().all(|b| b == b'_') {
            let message = format!("`{name}` has no letter or digit to make a Rust name of");
            let help = advice(&item.path, example, false);
            self.report(codes::NO_LETTER, item.span, message, help);
        }
    }

    fn report(&mut self, code: Code, span: Span, message: String, help: String) {
        let diagnostic = Diagnostic::error(code, span, message).hint(help);
        push(&mut self.found, diagnostic);
    }
}

/// Members of a base are seen again in everything derived from it, and two types may share more than
/// one name; one report is enough.
fn push(found: &mut Vec<Diagnostic>, diagnostic: Diagnostic) {
    let place = |item: &Diagnostic| item.related.first().map(|(span, _)| *span);
    let known = |item: &Diagnostic| match place(item) {
        Some(other) => item.span == diagnostic.span && Some(other) == place(&diagnostic),
        None => *item == diagnostic,
    };
    if !found.iter().any(known) {
        found.push(diagnostic);
    }
}

/// A place to show for a module: its first type.
fn first_place(model: &Model, index: ModuleIndex) -> Option<Span> {
    let module = model.module(index);
    module
        .types
        .first()
        .map(|ty| model.ty(*ty).span)
        .or_else(|| {
            module
                .modules
                .iter()
                .find_map(|inner| first_place(model, *inner))
        })
}
