//! Request forms of `[sparse_in]` structures.

use quote::quote;
use xerus_idl::model::TypeIndex;

use super::record::RecordKind;
use super::scope::Scope;
use super::{Part, ident};

/// The module of the request forms.
pub(super) const MODULE: &str = "sparse_";

impl Scope<'_> {
    /// The request form of a structure. This scope is that of the module for request forms.
    pub(super) fn sparse(&self, index: TypeIndex) -> Vec<Part> {
        let ty = self.model().ty(index);
        let name = &self.plan.names.ty(index).name;
        let whole = self.type_path(index);
        let members = self.members(index);
        let docs = self.doc(vec![
            format!("What a request may send of `{}`: members that are `None` are left out.", ty.wire_id),
            String::new(),
            "The method's documentation says whether the device then keeps its value or takes a default."
                .to_owned(),
        ]);
        let extras = self.extras(index);
        let fields = self.fields(&members, |ty| quote!(::core::option::Option<#ty>));
        let record = self.record(name, &ty.wire_id, &members, RecordKind::RequestForm);
        let name = ident(name);
        let names: Vec<_> = members.iter().map(|member| &member.name).collect();
        let wire_names: Vec<_> = members.iter().map(|member| &member.field.name).collect();
        let declaration = quote! {
            #docs
            #[derive(Clone, Debug, Default, PartialEq)]
            #extras
            pub struct #name { #fields }
        };
        let conversions = quote! {
            impl ::core::convert::From<#whole> for #name {
                fn from(whole: #whole) -> Self {
                    Self {
                        #(#names: ::xerus_rpc::rt::present(&whole.extra_, #wire_names, whole.#names),)*
                        extra_: whole.extra_,
                    }
                }
            }
            impl ::core::convert::From<&#whole> for #name {
                fn from(whole: &#whole) -> Self {
                    ::core::convert::From::from(::core::clone::Clone::clone(whole))
                }
            }
        };
        vec![declaration.into(), record, conversions.into()]
    }
}
