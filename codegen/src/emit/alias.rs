use proc_macro2::TokenStream;
use quote::quote;
use xerus_idl::model::{TypeIndex, TypeRef};

use super::ident;
use super::scope::{Scope, deprecated};

impl Scope<'_> {
    /// A typedef; without a target an opaque type, which is any JSON.
    pub(super) fn alias(&self, index: TypeIndex, target: Option<&TypeRef>) -> TokenStream {
        let ty = self.model().ty(index);
        let name = ident(&self.plan.names.ty(index).name);
        let docs = self.doc(self.type_docs(ty));
        let extras = self.extras(index);
        let deprecated = deprecated(&ty.annotations);
        let target = match target {
            Some(target) => self.element(target),
            None => quote!(::xerus_rpc::Json),
        };
        quote! {
            #docs
            #deprecated
            #extras
            pub type #name = #target;
        }
    }
}
