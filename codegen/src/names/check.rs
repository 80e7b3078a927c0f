//! Finds IDL names that would meet in one Rust scope. Nothing is renamed to avoid it unless the user says so: a name
//! that depended on its neighbours would change when a firmware update brings new neighbours.

use std::collections::HashMap;

use xerus_idl::diagnostic::{Code, Diagnostic};
use xerus_idl::model::{Field, Method, Model, ModuleIndex, Type, TypeIndex, TypeKind};
use xerus_idl::source::Span;

use super::renames::{advice, free_name};
use super::table::Names;
use crate::facts::Facts;
use crate::typed_errors::TypedErrors;
use crate::{codes, paths};

/// The most results that fit the tuples of the runtime.
const MOST_RESULTS: usize = 12;

/// All collisions of a model.
pub(crate) fn check(model: &Model, names: &Names, errors: &TypedErrors) -> Vec<Diagnostic> {
    let mut check = Check {
        model,
        names,
        errors,
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
                let help = "take the method out of the IDL, which changes nothing for the others, and call it by its name with \
                            `Agent::call`; or generate without this interface: the option `root` names what is wanted instead";
                found.push(
                    Diagnostic::error(codes::TOO_MANY_RESULTS, method.span, message).hint(help),
                );
            }
        }
    }
    found
}

/// Methods of one interface that JSON-RPC cannot tell apart, since a mark gives one the name of another: who called one
/// would call the other.
pub(crate) fn wire_names(
    model: &Model,
    facts: &Facts<'_>,
    is_wanted: impl Fn(TypeIndex) -> bool,
) -> Vec<Diagnostic> {
    let mut found = Vec::new();
    for (index, _) in model
        .types()
        .filter(|(index, ty)| matches!(ty.kind, TypeKind::Interface(_)) && is_wanted(*index))
    {
        let methods = model.all_methods(index);
        let mark = |(owner, method): &(TypeIndex, &Method)| {
            facts.method(*owner, method).marks.wire.as_deref()
        };
        if methods.iter().all(|one| mark(one).is_none()) {
            continue;
        }
        let mut named: HashMap<&str, (TypeIndex, &Method)> = HashMap::new();
        for one in &methods {
            let (owner, method) = *one;
            let name = mark(one).unwrap_or(&method.name);
            let message = match named.get(name) {
                Some((_, other)) if other.name == method.name => continue,
                // What is wrong between two inherited ones is told of the base.
                Some((other, _)) if owner != index && *other != index => continue,
                Some((_, other)) => format!(
                    "methods `{}` and `{}` of `{}` are both called `{name}` on the wire",
                    other.name,
                    method.name,
                    model.ty(index).path
                ),
                None => {
                    named.insert(name, *one);
                    continue;
                }
            };
            let help = "one of them would be called in place of the other: give it another name with `@wire`, or leave \
                        the mark out";
            found.push(Diagnostic::error(codes::WIRE_NAME, method.span, message).hint(help));
        }
    }
    found
}

struct Check<'m> {
    model: &'m Model,
    names: &'m Names,
    errors: &'m TypedErrors,
    found: Vec<Diagnostic>,
}

/// One Rust namespace: what enters it, in order.
#[derive(Default)]
struct Scope<'m> {
    entries: Vec<Entry<'m>>,
}

/// A name in a namespace.
struct Entry<'m> {
    rust: String,
    item: Item<'m>,
}

/// What a name stands for.
#[derive(Clone, Copy, PartialEq)]
struct Item<'m> {
    what: What<'m>,
    span: Span,
    is_renamed: bool,
}

#[derive(Clone, Copy, PartialEq)]
enum What<'m> {
    Module {
        path: &'m str,
    },
    Type {
        index: TypeIndex,
    },
    /// A constant, method, field or enumerator.
    Member {
        kind: &'static str,
        owner: TypeIndex,
        name: &'m str,
    },
    Parameter {
        owner: TypeIndex,
        method: &'m str,
        name: &'m str,
    },
    /// An error that a mark names.
    Error {
        name: &'m str,
    },
}

impl What<'_> {
    /// In words, as in "field `x` of `m.S`".
    fn words(&self, model: &Model) -> String {
        match self {
            Self::Module { path } => format!("module `{path}`"),
            Self::Type { index } => {
                let ty = model.ty(*index);
                format!("{} `{}`", ty.kind.word(), ty.path)
            }
            Self::Member { kind, owner, name } => {
                format!("{kind} `{name}` of `{}`", model.ty(*owner).path)
            }
            Self::Parameter { method, name, .. } => format!("parameter `{name}` of `{method}`"),
            Self::Error { name } => format!("error `{name}`"),
        }
    }

    /// The path by which the option `rename` knows it.
    fn path(&self, model: &Model) -> String {
        let plain = |index: &TypeIndex| paths::plain(model, model.ty(*index));
        match self {
            Self::Module { path } => (*path).to_owned(),
            Self::Type { index } => plain(index),
            Self::Member { owner, name, .. } => format!("{}.{name}", plain(owner)),
            Self::Parameter {
                owner,
                method,
                name,
            } => format!("{}.{method}.{name}", plain(owner)),
            Self::Error { name } => (*name).to_owned(),
        }
    }
}

impl<'m> Scope<'m> {
    fn enter(&mut self, rust: String, item: Item<'m>) {
        // A name without letters has been reported.
        if !rust.is_empty() {
            self.entries.push(Entry { rust, item });
        }
    }

    /// Reports every name that stands for several items.
    fn report(&self, check: &mut Check<'m>) {
        if self.entries.len() < 2 {
            return;
        }
        let mut first: HashMap<&str, &Item<'m>> = HashMap::with_capacity(self.entries.len());
        for Entry { rust, item } in &self.entries {
            match first.get(rust.as_str()) {
                Some(other) if *other == item => {}
                Some(other) => {
                    let collision = self.collision(check, rust, item, other);
                    push(&mut check.found, collision);
                }
                None => {
                    first.insert(rust, item);
                }
            }
        }
    }

    fn collision(
        &self,
        check: &Check<'m>,
        rust: &str,
        item: &Item<'m>,
        other: &Item<'m>,
    ) -> Diagnostic {
        let model = check.model;
        // A type is renamed as such, whichever of its names it is.
        let (name, is_type) = match item.what {
            What::Type { index } => (check.names.plain(model, index), true),
            _ => (rust.to_owned(), false),
        };
        let has = |name: &str| self.entries.iter().any(|entry| entry.rust == name);
        let free = free_name(&name, |name| {
            has(name) || is_type && has(&super::module(name))
        });
        let (words, others) = (item.what.words(model), other.what.words(model));
        let message = format!("{words} and {others} both become `{rust}` in Rust");
        let help = match item.what {
            What::Error { .. } => {
                format!("give the error another name in its mark, such as `{free}`")
            }
            _ => advice(&item.what.path(model), &free, item.is_renamed),
        };
        Diagnostic::error(codes::COLLISION, item.span, message)
            .mark(format!("becomes `{rust}`"))
            .see(other.span, format!("so does {others}"))
            .hint(help)
    }
}

impl<'m> Check<'m> {
    fn roots(&mut self) {
        let mut scope = Scope::default();
        for (index, module) in (0u32..).map(ModuleIndex).zip(self.model.modules()) {
            if module.parent.is_none() {
                self.enter_module(&mut scope, index);
            }
        }
        scope.report(self);
    }

    fn enter_module(&mut self, scope: &mut Scope<'m>, index: ModuleIndex) {
        // A module without types is nowhere in the output.
        let Some(span) = first_place(self.model, index) else {
            return;
        };
        let module = self.model.module(index);
        let rust = self.names.module_name(index).to_owned();
        let item = Item {
            what: What::Module { path: &module.path },
            span,
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
        scope.report(self);
        let mut functions = Scope::default();
        for index in &module.types {
            let ty = self.model.ty(*index);
            if matches!(ty.kind, TypeKind::Interface(_)) {
                functions.enter(self.names.ty(*index).module.clone(), self.type_item(*index));
            }
        }
        functions.report(self);
    }

    /// Types share a namespace with the modules of their nested types.
    fn types(&mut self, scope: &mut Scope<'m>, types: &[TypeIndex]) {
        for index in types {
            let ty = self.model.ty(*index);
            let names = self.names.ty(*index);
            let item = self.type_item(*index);
            self.lettered(&ty.base_name, &item, "Unnamed");
            let mut taken = vec![&names.name];
            taken.extend(names.alias.as_ref().map(|alias| &alias.name));
            if !ty.nested.is_empty() || !self.errors.bare(*index).is_empty() {
                taken.push(&names.module);
                taken.extend(names.alias.as_ref().map(|alias| &alias.module));
            }
            for name in taken {
                scope.enter(name.clone(), item);
            }
        }
    }

    /// Errors without members stand beside the types nested in the interface that names them.
    fn bare_errors(&mut self, scope: &mut Scope<'m>, index: TypeIndex) {
        let errors = self.errors;
        for error in errors.bare(index) {
            let item = Item {
                what: What::Error { name: &error.name },
                span: error.span,
                is_renamed: false,
            };
            self.lettered(&error.name, &item, "Unnamed");
            scope.enter(super::type_name(&error.name), item);
        }
    }

    fn type_item(&self, index: TypeIndex) -> Item<'m> {
        Item {
            what: What::Type { index },
            span: self.model.ty(index).span,
            is_renamed: self.names.is_type_renamed(index),
        }
    }

    fn ty(&mut self, index: TypeIndex, ty: &'m Type) {
        let mut scope = Scope::default();
        self.types(&mut scope, &ty.nested);
        self.bare_errors(&mut scope, index);
        scope.report(self);
        let mut scope = Scope::default();
        match &ty.kind {
            TypeKind::Interface(interface) => {
                for constant in &interface.constants {
                    let rust = self.names.constant(constant);
                    let item = self.member("constant", index, &constant.name, constant.span);
                    self.lettered(&constant.name, &item, "UNNAMED");
                    scope.enter(rust, item);
                }
                for base in self.bases(index) {
                    if let TypeKind::Interface(interface) = &self.model.ty(base).kind {
                        self.methods(&mut scope, base, &interface.methods);
                    }
                }
                for method in &interface.methods {
                    self.method(index, method);
                }
            }
            TypeKind::Structure { fields } => self.fields(&mut scope, index, fields),
            TypeKind::ValueObject { .. } => {
                for base in self.bases(index) {
                    if let TypeKind::ValueObject { fields, .. } = &self.model.ty(base).kind {
                        self.fields(&mut scope, base, fields);
                    }
                }
            }
            TypeKind::Enumeration { enumerators, .. } => {
                let variants = self.names.variants(enumerators);
                for (item, rust) in enumerators.iter().zip(variants) {
                    let entry = self.member("enumerator", index, &item.name, item.span);
                    self.lettered(&item.name, &entry, "Unnamed");
                    scope.enter(rust, entry);
                }
            }
            TypeKind::Typedef { .. } | TypeKind::Opaque => {}
        }
        scope.report(self);
    }

    fn methods(&mut self, scope: &mut Scope<'m>, owner: TypeIndex, methods: &'m [Method]) {
        for method in methods {
            let rust = self.names.method(method);
            let item = self.member("method", owner, &method.name, method.span);
            self.lettered(&method.name, &item, "unnamed");
            scope.enter(rust, item);
        }
    }

    fn method(&mut self, owner: TypeIndex, method: &'m Method) {
        let mut scope = Scope::default();
        for parameter in method.ins() {
            let item = Item {
                what: What::Parameter {
                    owner,
                    method: &method.name,
                    name: &parameter.name,
                },
                span: parameter.span,
                is_renamed: self.names.is_renamed(parameter.span),
            };
            self.lettered(&parameter.name, &item, "unnamed");
            scope.enter(self.names.parameter(parameter), item);
        }
        scope.report(self);
    }

    fn fields(&mut self, scope: &mut Scope<'m>, owner: TypeIndex, fields: &'m [Field]) {
        for field in fields {
            let rust = self.names.field(field);
            let item = self.member("field", owner, &field.name, field.span);
            self.lettered(&field.name, &item, "unnamed");
            scope.enter(rust, item);
        }
    }

    fn member(&self, kind: &'static str, owner: TypeIndex, name: &'m str, span: Span) -> Item<'m> {
        Item {
            what: What::Member { kind, owner, name },
            span,
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
    fn lettered(&mut self, name: &str, item: &Item<'m>, example: &str) {
        if !item.is_renamed && name.bytes().all(|b| b == b'_') {
            let message = format!("`{name}` has no letter or digit to make a Rust name of");
            let help = match item.what {
                What::Error { .. } => "give the error a name with a letter in its mark".to_owned(),
                _ => advice(&item.what.path(self.model), example, false),
            };
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
