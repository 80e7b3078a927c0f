use proc_macro2::TokenStream;
use quote::quote;
use xerus_idl::model::TypeIndex;

use super::context::{Scope, deprecated};
use super::record::RecordKind;
use super::{Part, ident};

impl Scope<'_> {
    /// A structure.
    pub(super) fn structure(&self, index: TypeIndex) -> Vec<Part> {
        let ty = self.model().ty(index);
        let name = &self.context.names.ty(index).name;
        let members = self.members(index);
        let docs = self.doc(self.type_docs(ty));
        let (allow, extras) = (self.allow_suffix(index), self.extras(index));
        let deprecated = deprecated(&ty.annotations);
        let fields = self.fields(&members, |ty| ty);
        let record = self.record(name, &ty.wire_id, &members, RecordKind::Structure);
        let name = ident(name);
        let declaration = quote! {
            #docs
            #deprecated
            #allow
            #[derive(Clone, Debug, Default, PartialEq)]
            #extras
            pub struct #name { #fields }
        };
        vec![declaration.into(), record]
    }

    /// Names with a version in them are not camel case.
    pub(super) fn allow_suffix(&self, index: TypeIndex) -> TokenStream {
        if self.context.names.ty(index).suffixed {
            quote!(#[allow(non_camel_case_types)])
        } else {
            TokenStream::new()
        }
    }
}
