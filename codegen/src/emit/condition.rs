//! Conditions under which items are compiled, with the option `cargo_features`.

use proc_macro2::{Literal, TokenStream};
use quote::quote;
use syn::Attribute;
use syn::parse::Parser;
use xerus_idl::model::{Interface, ModuleIndex, TypeIndex};

use super::Part;
use super::lines::SERDE;
use super::plan::Plan;
use super::scope::{Scope, Share};
use crate::features::{Features, SERVER, Set};

impl Plan<'_> {
    /// The condition of the server side.
    pub(crate) fn server_condition(&self) -> TokenStream {
        match self.features {
            Some(_) => quote!(#[cfg(feature = #SERVER)]),
            None => TokenStream::new(),
        }
    }
}

impl Scope<'_> {
    /// The condition of a module.
    pub(super) fn module_condition(&self, index: ModuleIndex) -> TokenStream {
        self.condition(|features| {
            let set = |index| features.module(self.model(), self.plan.selection, index);
            (self.model().module(index).parent.map(set), set(index))
        })
    }

    /// The condition of the server side of a module.
    pub(super) fn server_module_condition(&self, index: ModuleIndex) -> TokenStream {
        self.condition(|features| {
            let set = |index| features.server_module(self.model(), self.plan.selection, index);
            (self.model().module(index).parent.map(set), set(index))
        })
    }

    /// The condition of a type.
    pub(super) fn type_condition(&self, index: TypeIndex) -> TokenStream {
        self.condition(|features| {
            let around = self.around(features, index);
            (Some(around), features.present(index).clone())
        })
    }

    /// The condition of a type where nothing around it has one.
    pub(super) fn bare_type_condition(&self, index: TypeIndex) -> TokenStream {
        self.condition(|features| (None, features.present(index).clone()))
    }

    /// The condition of what an interface has when it is more than a bare proxy.
    pub(super) fn methods_condition(&self, index: TypeIndex) -> TokenStream {
        self.condition(|features| {
            let around = self.around(features, index);
            (Some(around), features.callable(index).clone())
        })
    }

    /// The condition of the server side of an interface.
    pub(super) fn server_condition(&self, index: TypeIndex) -> TokenStream {
        self.condition(|features| {
            let module = self.model().ty(index).module;
            let around = features.server_module(self.model(), self.plan.selection, module);
            (Some(around), features.callable(index).clone())
        })
    }

    /// The condition of the module of the types nested in a type.
    pub(super) fn nested_condition(&self, index: TypeIndex) -> TokenStream {
        self.condition(|features| {
            let around = self.around(features, index);
            (Some(around), self.nested_set(features, index))
        })
    }

    /// The condition of the errors without members that an interface names, beside the types nested in it.
    pub(super) fn bare_errors_condition(&self, index: TypeIndex) -> TokenStream {
        self.condition(|features| {
            let around = self.nested_set(features, index);
            (Some(around), features.callable(index).clone())
        })
    }

    /// The features under which anything is in the module of the types nested in a type.
    fn nested_set(&self, features: &Features, index: TypeIndex) -> Set {
        let mut set = self.any(features, &self.model().ty(index).nested);
        if !self.plan.errors.bare(index).is_empty() {
            set.extend(features.callable(index));
        }
        set
    }

    /// The condition of the module of these request forms, or of one of several.
    pub(super) fn sparse_condition(
        &self,
        all: &[TypeIndex],
        one: Option<TypeIndex>,
    ) -> TokenStream {
        self.condition(|features| {
            let mut set = Set::new();
            for index in all {
                set.extend(features.present(*index));
            }
            match (one, all.first()) {
                (Some(one), _) => (Some(set), features.present(one).clone()),
                (None, Some(first)) => (Some(self.around(features, *first)), set),
                (None, None) => (None, set),
            }
        })
    }

    /// The condition of the file of what only the feature of a module itself brings.
    pub(super) fn own_condition(&self, index: ModuleIndex) -> TokenStream {
        self.condition(|features| (None, features.own(self.model(), index)))
    }

    /// A condition that never holds, and fails for want of the feature of a module.
    pub(super) fn absent_condition(&self, index: ModuleIndex) -> TokenStream {
        let Some(features) = &self.plan.features else {
            return TokenStream::new();
        };
        let own = features.own(self.model(), index);
        let names: Vec<_> = own
            .iter()
            .map(|feature| Literal::string(features.name(*feature)))
            .collect();
        quote!(#(#[cfg(not(feature = #names))] #[cfg(feature = #names)])*)
    }

    /// Whether a type is wanted here.
    pub(super) fn takes_type(&self, index: TypeIndex) -> bool {
        self.takes(index, |features| features.present(index).clone())
    }

    /// Whether the methods of an interface that has a bare form are wanted here.
    pub(super) fn takes_methods(&self, index: TypeIndex) -> bool {
        self.takes(index, |features| features.callable(index).clone())
    }

    /// Whether the module of the types nested in a type is wanted here.
    pub(super) fn takes_nested(&self, index: TypeIndex) -> bool {
        self.takes(index, |features| self.nested_set(features, index))
    }

    /// Whether the module of these request forms is wanted here.
    pub(super) fn takes_sparse(&self, all: &[TypeIndex]) -> bool {
        all.first().is_some_and(|first| {
            self.takes(*first, |features| {
                all.iter()
                    .flat_map(|index| features.present(*index))
                    .copied()
                    .collect()
            })
        })
    }

    fn takes(&self, index: TypeIndex, set: impl FnOnce(&Features) -> Set) -> bool {
        let Some(features) = &self.plan.features else {
            return true;
        };
        let module = self.model().ty(index).module;
        let is_own = |set| set == features.own(self.model(), module);
        match self.share {
            Share::All => true,
            Share::Common => !is_own(set(features)),
            Share::Own => is_own(set(features)),
        }
    }

    /// Whether the methods of an interface have another condition than the proxy.
    pub(super) fn is_split(&self, index: TypeIndex, interface: &Interface) -> bool {
        let is_empty = interface.methods.is_empty()
            && interface.constants.is_empty()
            && self.plan.well_known.constructors(index).is_empty();
        !is_empty
            && self
                .plan
                .features
                .as_ref()
                .is_some_and(|features| features.present(index) != features.callable(index))
    }

    /// Which features bring the methods of an interface.
    pub(super) fn methods_note(&self, index: TypeIndex) -> String {
        let Some(features) = &self.plan.features else {
            return String::new();
        };
        let names: Vec<_> = features
            .callable(index)
            .iter()
            .map(|feature| format!("`{}`", features.name(*feature)))
            .collect();
        match names.as_slice() {
            [one] => format!("Its methods come with the feature {one}."),
            many => format!(
                "Its methods come with any of the features {}.",
                many.join(", ")
            ),
        }
    }

    /// The features under which the module of a type has anything.
    fn around(&self, features: &Features, index: TypeIndex) -> Set {
        let ty = self.model().ty(index);
        let module = self.model().module(ty.module);
        match ty.parent {
            Some(outer) => self.nested_set(features, outer),
            None => {
                let mut set = self.any(features, &module.types);
                for inner in &module.modules {
                    set.extend(features.module(self.model(), self.plan.selection, *inner));
                }
                set
            }
        }
    }

    fn any(&self, features: &Features, types: &[TypeIndex]) -> Set {
        features.any(self.model(), self.plan.selection, types)
    }

    /// The attribute for a set of features, unless it is the set of what is around.
    fn condition(&self, sets: impl FnOnce(&Features) -> (Option<Set>, Set)) -> TokenStream {
        let Some(features) = &self.plan.features else {
            return TokenStream::new();
        };
        let (around, set) = sets(features);
        if around.as_ref() == Some(&set) {
            return TokenStream::new();
        }
        let names: Vec<_> = set
            .iter()
            .map(|feature| Literal::string(features.name(*feature)))
            .collect();
        match names.as_slice() {
            [one] => quote!(#[cfg(feature = #one)]),
            many => quote!(#[cfg(any(#(feature = #many),*))]),
        }
    }

    /// The same parts, every item under a condition.
    pub(super) fn under_condition(&self, parts: Vec<Part>, condition: &TokenStream) -> Vec<Part> {
        if condition.is_empty() {
            return parts;
        }
        let text = laid_out(condition, self.depth());
        parts
            .into_iter()
            .map(|part| match part {
                Part::Tokens(tokens) => Part::Tokens(with_attribute(tokens, condition)),
                Part::Text(lines) => Part::Text(before_items(&lines, &text)),
            })
            .collect()
    }
}

/// Puts an attribute on every item, behind its documentation.
fn with_attribute(tokens: TokenStream, condition: &TokenStream) -> TokenStream {
    let Ok(mut file) = syn::parse2::<syn::File>(tokens.clone()) else {
        // What is no Rust is told by whoever formats it.
        return tokens;
    };
    for item in &mut file.items {
        let attributes = match item {
            syn::Item::Enum(item) => &mut item.attrs,
            syn::Item::Fn(item) => &mut item.attrs,
            syn::Item::Impl(item) => &mut item.attrs,
            syn::Item::Struct(item) => &mut item.attrs,
            syn::Item::Trait(item) => &mut item.attrs,
            syn::Item::Type(item) => &mut item.attrs,
            syn::Item::Use(item) => &mut item.attrs,
            _ => continue,
        };
        let docs = attributes
            .iter()
            .take_while(|attribute| attribute.path().is_ident("doc"))
            .count();
        let added = Attribute::parse_outer
            .parse2(condition.clone())
            .expect("a condition is an attribute");
        attributes.splice(docs..docs, added);
    }
    quote!(#file)
}

/// Puts an attribute before every item of laid out text, which are implementations of traits and calls of macros.
fn before_items(lines: &str, attribute: &str) -> String {
    let mut text = String::new();
    for line in lines.lines() {
        if line.starts_with("impl") || line.starts_with(SERDE) {
            text.push_str(attribute);
        }
        text.push_str(line);
        text.push('\n');
    }
    text
}

/// An attribute as it is formatted inside that many modules, without their indentation.
pub(super) fn laid_out(attribute: &TokenStream, depth: usize) -> String {
    if attribute.is_empty() {
        return String::new();
    }
    let mut item = quote!(#attribute struct Item;);
    for _ in 0..depth {
        item = quote!(mod m { #item });
    }
    let file = syn::parse2(item).expect("an attribute, a structure and modules around it");
    let indent = "    ".repeat(depth);
    let mut text = String::new();
    for line in prettyplease::unparse(&file).lines().skip(depth) {
        let line = line.strip_prefix(indent.as_str()).unwrap_or(line);
        if line.starts_with("struct") {
            break;
        }
        text.push_str(line);
        text.push('\n');
    }
    text
}
