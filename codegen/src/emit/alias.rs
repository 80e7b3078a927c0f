use proc_macro2::TokenStream;
use quote::quote;
use xerus_idl::model::{TypeIndex, TypeRef};

use super::context::{Scope, deprecated};
use super::{ident, types};

impl Scope<'_> {
    /// A typedef; without a target an opaque type, which is any JSON.
    pub(super) fn alias(&self, index: TypeIndex, target: Option<&TypeRef>) -> TokenStream {
        let ty = self.model().ty(index);
        let name = ident(&self.context.names.ty(index).name);
        let docs = self.doc(self.type_docs(ty));
        let (suffix, extras) = (self.allow_suffix(index), self.extras(index));
        let deprecated = deprecated(&ty.annotations);
        let target = match target {
            Some(target) => self.element(target),
            None => quote!(::xerus_rpc::Json),
        };
        let complex = if types::is_complex(&target) {
            quote!(#[allow(clippy::type_complexity)])
        } else {
            TokenStream::new()
        };
        quote! {
            #docs
            #deprecated
            #suffix
            #complex
            #extras
            pub type #name = #target;
        }
    }
}
