//! Finds IDL names that would meet in one Rust scope. Nothing is renamed to avoid it: a name that
//! depended on its neighbours would change when a firmware update brings new neighbours.

use std::collections::HashMap;

use xerus_idl::diagnostic::{Code, Diagnostic};
use xerus_idl::model::{Field, Method, Model, ModuleIndex, Type, TypeIndex, TypeKind};
use xerus_idl::source::Span;

use super::table::Names;
use crate::codes;

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

struct Check<'m> {
    model: &'m Model,
    names: &'m Names,
    found: Vec<Diagnostic>,
}

/// One Rust namespace: what stands for each name, and where.
#[derive(Default)]
struct Scope {
    taken: HashMap<String, (String, Span)>,
}

impl Scope {
    /// Enters a name; an error when another item has it.
    fn enter(&mut self, rust: &str, item: String, span: Span, found: &mut Vec<Diagnostic>) {
        match self.taken.get(rust) {
            Some((other, _)) if *other == item => {}
            Some((other, place)) => push(
                found,
                Diagnostic::error(
                    codes::COLLISION,
                    span,
                    format!("{item} and {other} both become `{rust}` in Rust"),
                )
                .mark(format!("becomes `{rust}`"))
                .see(*place, format!("so does {other}"))
                .hint("rename one of them in the IDL"),
            ),
            None => {
                self.taken.insert(rust.to_owned(), (item, span));
            }
        }
    }
}

impl Check<'_> {
    fn roots(&mut self) {
        let mut scope = Scope::default();
        for (at, module) in self.model.modules().iter().enumerate() {
            if module.parent.is_none() {
                let index = ModuleIndex(u32::try_from(at).unwrap_or(u32::MAX));
                self.enter_module(&mut scope, index);
            }
        }
    }

    fn enter_module(&mut self, scope: &mut Scope, index: ModuleIndex) {
        let (Some(name), Some(span)) = (
            self.names.module(index).last(),
            first_place(self.model, index),
        ) else {
            return;
        };
        let module = self.model.module(index);
        self.lettered(&module.name, span);
        scope.enter(
            name,
            format!("module `{}`", module.path),
            span,
            &mut self.found,
        );
    }

    fn module(&mut self, index: ModuleIndex) {
        let module = self.model.module(index);
        let mut scope = Scope::default();
        for inner in &module.modules {
            self.enter_module(&mut scope, *inner);
        }
        self.types(&mut scope, &module.types);
        let mut functions = Scope::default();
        for index in &module.types {
            let ty = self.model.ty(*index);
            if matches!(ty.kind, TypeKind::Interface(_)) {
                let names = self.names.ty(*index);
                functions.enter(&names.module, describe(ty), ty.span, &mut self.found);
            }
        }
    }

    /// Types share a namespace with the modules of their nested types.
    fn types(&mut self, scope: &mut Scope, types: &[TypeIndex]) {
        for index in types {
            let ty = self.model.ty(*index);
            let names = self.names.ty(*index);
            self.lettered(&ty.base_name, ty.span);
            let mut taken = vec![&names.name];
            taken.extend(names.alias.as_ref().map(|alias| &alias.name));
            if !ty.nested.is_empty() {
                taken.push(&names.module);
                taken.extend(names.alias.as_ref().map(|alias| &alias.module));
            }
            for name in taken {
                scope.enter(name, describe(ty), ty.span, &mut self.found);
            }
        }
    }

    fn ty(&mut self, index: TypeIndex, ty: &Type) {
        let mut scope = Scope::default();
        self.types(&mut scope, &ty.nested);
        match &ty.kind {
            TypeKind::Interface(interface) => {
                let mut scope = Scope::default();
                for constant in &interface.constants {
                    self.lettered(&constant.name, constant.span);
                    let item = format!("constant `{}` of `{}`", constant.name, ty.path);
                    let rust = super::constant(&constant.name);
                    scope.enter(&rust, item, constant.span, &mut self.found);
                }
                for base in self.bases(index) {
                    if let TypeKind::Interface(interface) = &self.model.ty(base).kind {
                        self.methods(&mut scope, &self.model.ty(base).path, &interface.methods);
                    }
                }
                for method in &interface.methods {
                    self.method(ty, method);
                }
            }
            TypeKind::Structure { fields } => {
                let mut scope = Scope::default();
                self.fields(&mut scope, &ty.path, fields);
            }
            TypeKind::ValueObject { .. } => {
                let mut scope = Scope::default();
                for base in self.bases(index) {
                    if let TypeKind::ValueObject { fields, .. } = &self.model.ty(base).kind {
                        self.fields(&mut scope, &self.model.ty(base).path, fields);
                    }
                }
            }
            TypeKind::Enumeration { enumerators, .. } => {
                let mut scope = Scope::default();
                for enumerator in enumerators {
                    self.lettered(&enumerator.name, enumerator.span);
                    let item = format!("enumerator `{}` of `{}`", enumerator.name, ty.path);
                    let rust = super::variant(&enumerator.name);
                    scope.enter(&rust, item, enumerator.span, &mut self.found);
                }
            }
            TypeKind::Typedef { .. } | TypeKind::Opaque => {}
        }
    }

    fn methods(&mut self, scope: &mut Scope, owner: &str, methods: &[Method]) {
        for method in methods {
            self.lettered(&method.name, method.span);
            let item = format!("method `{}` of `{owner}`", method.name);
            scope.enter(
                &super::method(&method.name),
                item,
                method.span,
                &mut self.found,
            );
        }
    }

    fn method(&mut self, ty: &Type, method: &Method) {
        let mut scope = Scope::default();
        for parameter in method.ins() {
            self.lettered(&parameter.name, parameter.span);
            let item = format!("parameter `{}` of `{}`", parameter.name, method.name);
            scope.enter(
                &super::field(&parameter.name),
                item,
                parameter.span,
                &mut self.found,
            );
        }
        let results = usize::from(method.returns.is_some()) + method.outs().count();
        if results > MOST_RESULTS {
            let message = format!(
                "method `{}` of `{}` has {results} results, at most {MOST_RESULTS} are supported",
                method.name, ty.path
            );
            self.report(codes::TOO_MANY_RESULTS, method.span, message);
        }
    }

    fn fields(&mut self, scope: &mut Scope, owner: &str, fields: &[Field]) {
        for field in fields {
            self.lettered(&field.name, field.span);
            let item = format!("field `{}` of `{owner}`", field.name);
            scope.enter(
                &super::field(&field.name),
                item,
                field.span,
                &mut self.found,
            );
        }
    }

    /// The type and its bases, the outermost base first.
    fn bases(&self, index: TypeIndex) -> Vec<TypeIndex> {
        let mut chain = crate::walk::chain(self.model, index);
        chain.reverse();
        chain
    }

    fn lettered(&mut self, name: &str, span: Span) {
        if name.bytes().all(|b| b == b'_') {
            let message = format!("`{name}` has no letter or digit to make a Rust name of");
            self.report(codes::NO_LETTER, span, message);
        }
    }

    fn report(&mut self, code: Code, span: Span, message: String) {
        push(&mut self.found, Diagnostic::error(code, span, message));
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

fn describe(ty: &Type) -> String {
    format!("{} `{}`", ty.kind.word(), ty.path)
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
