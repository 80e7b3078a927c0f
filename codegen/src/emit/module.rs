//! Modules: which items stand where, in which order.

use proc_macro2::TokenStream;
use quote::quote;
use xerus_idl::model::{ModuleIndex, TypeIndex, TypeKind};

use super::plan::{Plan, outermost_lints};
use super::scope::{Scope, Share, server_place};
use super::{Part, ident, sparse};
use crate::files;
use crate::names::reserved;
use crate::output::{Aside, Output};

/// A part that can be emitted on its own: one module, client or server side.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Unit {
    module: ModuleIndex,
    /// Whether it is the server side.
    pub(crate) server: bool,
    form: Form,
}

/// How a module is emitted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Form {
    /// With everything in it.
    Whole,
    /// The module, whose content is in another file.
    Frame,
    /// The content of the module without the module; modules in it are in other files.
    Content,
    /// The part of the content that only the feature of the module itself brings.
    Own,
}

/// All units in the order of the output: client modules by name, then server modules by name.
pub(crate) fn units(plan: &Plan<'_>) -> Vec<Unit> {
    let roots = sorted(plan, |module| module.parent.is_none());
    both_sides(plan, &roots, Form::Whole)
}

/// The modules of the root as the root of several files shows them.
pub(crate) fn frames(plan: &Plan<'_>) -> Vec<Unit> {
    let roots = sorted(plan, |module| module.parent.is_none());
    both_sides(plan, &roots, Form::Frame)
}

/// What is beside the root of several files: every module, those in other modules too.
pub(crate) fn contents(plan: &Plan<'_>) -> Vec<Unit> {
    let modules = sorted(plan, |_| true);
    let mut units = both_sides(plan, &modules, Form::Content);
    let own = modules.into_iter().filter(|module| has_own(plan, *module));
    units.extend(own.map(|module| Unit {
        module,
        server: false,
        form: Form::Own,
    }));
    units
}

/// Whether a part of a module has a file of its own: what several features bring is read for each of them.
fn has_own(plan: &Plan<'_>, index: ModuleIndex) -> bool {
    let (model, selection) = (plan.model, plan.selection);
    plan.features.as_ref().is_some_and(|features| {
        let types = &model.module(index).types;
        let own = features.own(model, index);
        features.any(model, selection, types) != own
            && types.iter().any(|ty| {
                selection.emits(*ty)
                    && (*features.present(*ty) == own
                        || matches!(model.ty(*ty).kind, TypeKind::Interface(_))
                            && *features.callable(*ty) == own)
            })
    })
}

fn both_sides(plan: &Plan<'_>, modules: &[ModuleIndex], form: Form) -> Vec<Unit> {
    let clients = modules.iter().map(|module| Unit {
        module: *module,
        server: false,
        form,
    });
    let clients: Vec<_> = clients
        .filter(|unit| plan.selection.emits_any(plan.model, unit.module))
        .collect();
    let mut units = clients.clone();
    if !plan.options.client_only {
        units.extend(
            clients
                .into_iter()
                .map(|unit| Unit {
                    server: true,
                    ..unit
                })
                .filter(|unit| has_interface(plan, unit.module)),
        );
    }
    units
}

impl Unit {
    /// Emits the unit.
    pub(crate) fn emit(self, plan: &Plan<'_>, aside: &Aside, out: &mut dyn Output) {
        let place = self.place(plan);
        let elsewhere = match self.form {
            Form::Whole => None,
            Form::Frame => Some(0),
            Form::Content | Form::Own => Some(place.len()),
        };
        let share = match self.form {
            Form::Content if has_own(plan, self.module) => Share::Common,
            Form::Own => Share::Own,
            _ => Share::All,
        };
        let scope = Scope {
            plan,
            aside,
            place,
            elsewhere,
            share,
        };
        match (self.form, self.server) {
            (Form::Content, true) => scope.server_content(self.module, out),
            (Form::Content, false) => scope.content(self.module, out),
            (Form::Own, _) => scope.types(&plan.model.module(self.module).types, out),
            (_, true) => scope.server_module(self.module, out),
            (_, false) => scope.module(self.module, out),
        }
    }

    /// The module in which the emitted items stand.
    pub(crate) fn place(self, plan: &Plan<'_>) -> Vec<String> {
        let module = match self.form {
            Form::Content | Form::Own => plan.names.module(self.module),
            Form::Whole | Form::Frame => &[],
        };
        if self.server {
            server_place(module)
        } else {
            module.to_vec()
        }
    }

    /// The file of the unit, as the path of the module that it would be.
    pub(crate) fn file(self, plan: &Plan<'_>) -> Vec<String> {
        let mut file = self.place(plan);
        if self.form == Form::Own {
            file.push(reserved::OWN.to_owned());
        }
        file
    }

    /// How many modules that others open stand around the emitted items in their file.
    pub(crate) fn depth(self) -> usize {
        usize::from(self.server && matches!(self.form, Form::Whole | Form::Frame))
    }
}

/// Modules of a level by their Rust names, so that the output does not depend on the order of reading.
fn sorted(plan: &Plan<'_>, wanted: impl Fn(&xerus_idl::model::Module) -> bool) -> Vec<ModuleIndex> {
    let mut modules: Vec<_> = (0u32..)
        .map(ModuleIndex)
        .zip(plan.model.modules())
        .filter(|(_, module)| wanted(module))
        .map(|(index, _)| index)
        .collect();
    modules.sort_by_key(|index| plan.names.module(*index));
    modules
}

fn has_interface(plan: &Plan<'_>, module: ModuleIndex) -> bool {
    let module = plan.model.module(module);
    module
        .modules
        .iter()
        .any(|inner| has_interface(plan, *inner))
        || module.types.iter().any(|index| {
            plan.selection.emits(*index)
                && matches!(plan.model.ty(*index).kind, TypeKind::Interface(_))
        })
}

impl Scope<'_> {
    fn module(&self, index: ModuleIndex, out: &mut dyn Output) {
        let module = self.model().module(index);
        let name = self.plan.names.module_name(index);
        let mut docs = self.text(&module.docs);
        if docs.is_empty() {
            docs.push(format!("Module `{}`.", module.path));
        }
        let (condition, lints) = (self.module_condition(index), self.module_lints());
        out.open(docs, quote!(#condition #lints), &ident(name));
        if self.elsewhere.is_some() {
            out.item(vec![self.include(name).into()]);
        } else {
            self.below(name).content(index, out);
        }
        out.close();
    }

    /// What is in a module, at the place of the module.
    fn content(&self, index: ModuleIndex, out: &mut dyn Output) {
        for inner in sorted(self.plan, |inner| inner.parent == Some(index)) {
            if self.plan.selection.emits_any(self.model(), inner) {
                self.module(inner, out);
            }
        }
        self.types(&self.model().module(index).types, out);
        if self.share == Share::Common {
            let (condition, include) = (self.own_condition(index), self.include(reserved::OWN));
            out.item(vec![quote!(#condition #include).into()]);
            self.absent(index, out);
        }
    }

    /// The names of what only the feature of a module itself brings, declared where they never are: rustc remembers which
    /// feature an item lacks, but not what stands in a file that it did not read.
    fn absent(&self, index: ModuleIndex, out: &mut dyn Output) {
        let condition = self.absent_condition(index);
        let own = Self {
            share: Share::Own,
            ..self.clone()
        };
        let mut sparse = Vec::new();
        for index in self.sorted_types(&self.model().module(index).types) {
            let names = self.plan.names.ty(index);
            let alias = names.alias.as_ref();
            if self.plan.selection.emits(index) && own.takes_type(index) {
                for name in [Some(&names.name), alias.map(|alias| &alias.name)]
                    .into_iter()
                    .flatten()
                {
                    let name = ident(name);
                    out.item(vec![quote!(#condition pub struct #name;).into()]);
                }
            }
            if self.has_nested(index) && own.takes_nested(index) {
                for name in [Some(&names.module), alias.map(|alias| &alias.module)]
                    .into_iter()
                    .flatten()
                {
                    let name = ident(name);
                    out.item(vec![quote!(#condition pub mod #name {}).into()]);
                }
            }
            if self.plan.selection.emits(index) && self.is_sparse(index) {
                sparse.push(index);
            }
        }
        if own.takes_sparse(&sparse) {
            let name = ident(sparse::MODULE);
            out.item(vec![quote!(#condition pub mod #name {}).into()]);
        }
    }

    /// Takes the content of a module below this place from its file.
    fn include(&self, name: &str) -> TokenStream {
        let file = files::beside(self.plan.options, &self.place, name);
        quote!(::core::include!(#file);)
    }

    /// Attributes of a module.
    fn module_lints(&self) -> TokenStream {
        if self.place.is_empty() {
            outermost_lints()
        } else {
            TokenStream::new()
        }
    }

    /// The types of which anything is emitted, in the order of the output.
    fn sorted_types(&self, types: &[TypeIndex]) -> Vec<TypeIndex> {
        let mut types: Vec<_> = types
            .iter()
            .copied()
            .filter(|index| self.plan.selection.emits_within(*index))
            .collect();
        types.sort_by_key(|index| {
            let ty = self.model().ty(*index);
            (&ty.file_name, ty.span.start, &ty.wire_id)
        });
        types
    }

    /// The types of a module or the types nested in one, each followed by the module of its own
    /// nested types.
    fn types(&self, types: &[TypeIndex], out: &mut dyn Output) {
        let mut sparse = Vec::new();
        for index in self.sorted_types(types) {
            if self.plan.selection.emits(index) {
                self.item(index, out);
                if self.is_sparse(index) {
                    sparse.push(index);
                }
            }
            self.nested(index, out);
            let alias = self.alias_of(index);
            if !alias.is_empty() {
                out.item(vec![alias.into()]);
            }
        }
        if self.takes_sparse(&sparse) {
            let docs = "Request forms: structures of which a request may send a part.".to_owned();
            let below = self.below(sparse::MODULE);
            let condition = self.sparse_condition(&sparse, None);
            out.open(vec![docs], condition, &ident(sparse::MODULE));
            for &index in &sparse {
                let condition = self.sparse_condition(&sparse, Some(index));
                out.item(below.under_condition(below.sparse(index), &condition));
                let names = self.plan.names.ty(index);
                if let Some(alias) = &names.alias {
                    let (name, alias) = (ident(&names.name), ident(&alias.name));
                    out.item(vec![
                        quote!(#condition pub use self::#name as #alias;).into(),
                    ]);
                }
            }
            out.close();
        }
    }

    /// A type under its condition, and the methods of an interface under theirs.
    fn item(&self, index: TypeIndex, out: &mut dyn Output) {
        if self.takes_type(index) {
            out.item(self.under_condition(self.ty(index), &self.type_condition(index)));
        }
        if let TypeKind::Interface(interface) = &self.model().ty(index).kind
            && self.is_split(index, interface)
            && self.takes_methods(index)
        {
            let methods = vec![self.methods(index, interface).into()];
            out.item(self.under_condition(methods, &self.methods_condition(index)));
        }
    }

    fn ty(&self, index: TypeIndex) -> Vec<Part> {
        match &self.model().ty(index).kind {
            TypeKind::Interface(interface) => self.interface(index, interface),
            TypeKind::Structure { .. } => self.structure(index),
            TypeKind::ValueObject { .. } => self.value_object(index),
            TypeKind::Enumeration {
                enumerators,
                fallback,
            } => self.enumeration(index, enumerators, *fallback),
            TypeKind::Typedef { target } => vec![self.alias(index, Some(target)).into()],
            TypeKind::Opaque => vec![self.alias(index, None).into()],
        }
    }

    /// The module of the types that are nested in a type.
    fn nested(&self, index: TypeIndex, out: &mut dyn Output) {
        let ty = self.model().ty(index);
        if !self.has_nested(index) || !self.takes_nested(index) {
            return;
        }
        let name = &self.plan.names.ty(index).module;
        let outer = &self.plan.names.ty(index).name;
        // Some traits of the prelude have derive macros of the same name.
        let docs = vec![format!("Types that belong to [`{outer}`](struct@{outer}).")];
        out.open(docs, self.nested_condition(index), &ident(name));
        let below = self.below(name);
        below.types(&ty.nested, out);
        below.bare_errors(index, out);
        out.close();
    }

    fn has_nested(&self, index: TypeIndex) -> bool {
        let ty = self.model().ty(index);
        let mut nested = ty.nested.iter();
        nested.any(|inner| self.plan.selection.emits_within(*inner))
            || !self.plan.errors.bare(index).is_empty()
    }

    /// The plain names of the newest of several versions.
    fn alias_of(&self, index: TypeIndex) -> TokenStream {
        let names = self.plan.names.ty(index);
        let Some(alias) = &names.alias else {
            return TokenStream::new();
        };
        let mut tokens = TokenStream::new();
        if self.plan.selection.emits(index) && self.takes_type(index) {
            let (name, plain) = (ident(&names.name), ident(&alias.name));
            let condition = self.type_condition(index);
            tokens.extend(quote!(#condition pub use self::#name as #plain;));
        }
        if self.has_nested(index) && self.takes_nested(index) {
            let (name, plain) = (ident(&names.module), ident(&alias.module));
            let condition = self.nested_condition(index);
            tokens.extend(quote!(#condition pub use self::#name as #plain;));
        }
        tokens
    }

    fn server_module(&self, index: ModuleIndex, out: &mut dyn Output) {
        let module = self.model().module(index);
        let name = self.plan.names.module_name(index);
        let docs = vec![format!("Server side of module `{}`.", module.path)];
        let (condition, lints) = (self.server_module_condition(index), self.module_lints());
        out.open(docs, quote!(#condition #lints), &ident(name));
        if self.elsewhere.is_some() {
            out.item(vec![self.include(name).into()]);
        } else {
            self.below(name).server_content(index, out);
        }
        out.close();
    }

    fn server_content(&self, index: ModuleIndex, out: &mut dyn Output) {
        let module = self.model().module(index);
        for inner in sorted(self.plan, |inner| inner.parent == Some(index)) {
            if has_interface(self.plan, inner) {
                self.server_module(inner, out);
            }
        }
        let mut types: Vec<_> = module
            .types
            .iter()
            .copied()
            .filter(|index| self.plan.selection.emits(*index))
            .collect();
        types.sort_by_key(|index| {
            let ty = self.model().ty(*index);
            (&ty.file_name, ty.span.start, &ty.wire_id)
        });
        for index in types {
            if let TypeKind::Interface(interface) = &self.model().ty(index).kind {
                let condition = self.server_condition(index);
                out.item(
                    self.under_condition(vec![self.server(index, interface).into()], &condition),
                );
                let alias = self.server_alias(index);
                if !alias.is_empty() {
                    out.item(self.under_condition(vec![alias.into()], &condition));
                }
            }
        }
    }
}
