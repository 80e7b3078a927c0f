//! Errors that marks name.

use proc_macro2::TokenStream;
use quote::quote;
use xerus_idl::model::{Method, TypeIndex};

use super::ident;
use super::scope::Scope;
use crate::names;
use crate::output::Output;
use crate::typed_errors::TypedError;

impl Scope<'_> {
    /// The errors without members that an interface names. This scope is that of the types nested in it.
    pub(super) fn bare_errors(&self, owner: TypeIndex, out: &mut dyn Output) {
        let condition = self.bare_errors_condition(owner);
        for error in self.plan.errors.bare(owner) {
            let name = ident(&names::type_name(&error.name));
            let codes: Vec<_> = error
                .codes()
                .iter()
                .map(|code| format!("`{code}`"))
                .collect();
            let docs = self.note(&format!("Error `{}`: {}.", error.name, codes.join(", ")));
            let implementation = typed(&name, error, &TokenStream::new());
            let declaration = quote! {
                #docs
                #[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
                pub struct #name;
                #implementation
            };
            out.item(self.under_condition(vec![declaration.into()], &condition));
        }
    }

    /// What makes a structure an error, if it is one.
    pub(super) fn structure_error(&self, index: TypeIndex) -> Option<TokenStream> {
        let error = self.plan.errors.structure(index)?;
        let name = ident(&self.plan.names.ty(index).name);
        let members = quote! {
            fn members(&self) -> ::core::option::Option<&dyn ::xerus_rpc::rt::Record> {
                ::core::option::Option::Some(self)
            }
            fn members_mut(&mut self) -> ::core::option::Option<&mut dyn ::xerus_rpc::rt::Record> {
                ::core::option::Option::Some(self)
            }
        };
        Some(typed(&name, error, &members))
    }

    /// What a method calls the errors that are its own, each with its code.
    pub(super) fn errors_note(&self, owner: TypeIndex, method: &Method) -> Option<String> {
        let facts = self.plan.facts.method(owner, method);
        let errors = facts.marks.errors.iter();
        let errors: Vec<_> = errors
            .filter(|(code, _)| facts.codes.is_none() || code.parse::<i32>().is_err())
            .map(|(code, name)| {
                let marked = facts.types.error(code);
                let name = marked.map_or(&**name, |marked| marked.name(self.model(), name));
                format!("`{}` (`{code}`)", names::type_name(name))
            })
            .collect();
        (!errors.is_empty()).then(|| format!("Errors of its own: {}.", errors.join(", ")))
    }
}

fn typed(name: &proc_macro2::Ident, error: &TypedError, members: &TokenStream) -> TokenStream {
    let (idl, codes) = (&error.name, error.codes());
    quote! {
        impl ::xerus_rpc::TypedError for #name {
            const NAME: &'static str = #idl;
            const CODES: &'static [&'static str] = &[#(#codes),*];
            #members
        }
    }
}
