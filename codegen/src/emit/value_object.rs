use proc_macro2::TokenStream;
use quote::quote;
use xerus_idl::model::TypeIndex;

use super::context::{Scope, deprecated};
use super::ident;
use crate::walk;

impl Scope<'_> {
    /// A value object, with the fields of its bases.
    pub(super) fn value_object(&self, index: TypeIndex) -> TokenStream {
        let ty = self.model().ty(index);
        let name = ident(&self.context.names.ty(index).name);
        let members = self.members(index);
        let mut docs = self.type_docs(ty);
        if let Some(base) = walk::base(ty) {
            docs.push(String::new());
            docs.push(format!("Extends `{}`.", self.model().ty(base).wire_id));
        }
        let docs = self.doc(docs);
        let (allow, extras) = (self.allow_suffix(index), self.extras(index));
        let deprecated = deprecated(&ty.annotations);
        let fields = self.fields(&members, |ty| ty);
        let record = self.record(&name, &ty.wire_id, &members, false);
        let extends = self.extends(index);
        let (wire_id, registry) = (&ty.wire_id, self.registry());
        quote! {
            #docs
            #deprecated
            #allow
            #[derive(Clone, Debug, Default, PartialEq)]
            #extras
            pub struct #name { #fields }
            #record
            impl ::xerus_rpc::ValueObject for #name {
                const TYPE_ID: &'static str = #wire_id;
                fn registry() -> &'static ::xerus_rpc::Registry {
                    &#registry
                }
            }
            #extends
        }
    }

    /// The marker for the type itself and every ancestor.
    pub(super) fn extends(&self, index: TypeIndex) -> TokenStream {
        let name = ident(&self.context.names.ty(index).name);
        let bases = walk::chain(self.model(), index);
        let bases = bases.into_iter().map(|base| self.type_path(base));
        quote!(#(impl ::xerus_rpc::Extends<#bases> for #name {})*)
    }
}
