use proc_macro2::{Literal, TokenStream};
use quote::quote;
use xerus_idl::model::{Enumerator, TypeIndex};

use super::context::{Scope, deprecated};
use super::{ident, strings};
use crate::names;

impl Scope<'_> {
    /// An enumeration, open for indices of newer firmware.
    pub(super) fn enumeration(
        &self,
        index: TypeIndex,
        enumerators: &[Enumerator],
        fallback: Option<usize>,
    ) -> TokenStream {
        let ty = self.model().ty(index);
        let name = ident(&self.context.names.ty(index).name);
        let docs = self.doc(self.type_docs(ty));
        let (allow, extras) = (self.allow_suffix(index), self.extras(index));
        let type_deprecated = deprecated(&ty.annotations);
        let variants: Vec<_> = enumerators
            .iter()
            .map(|item| ident(&names::variant(&item.name)))
            .collect();
        let declared = enumerators.iter().zip(&variants).map(|(item, variant)| {
            let docs = self.member_docs(&item.docs, &format!("Enumerator `{}`.", item.name));
            let deprecated = deprecated(&item.annotations);
            let extras = self.member_extras(index, &item.name);
            quote!(#docs #deprecated #extras #variant,)
        });
        let unknown = self.note("An index that these bindings do not know.");
        let wire_id = &ty.wire_id;
        let wire_names = strings(enumerators.iter().map(|item| item.name.as_str()));
        let fallback = match fallback {
            Some(at) => {
                let at = Literal::usize_unsuffixed(at);
                quote!(::core::option::Option::Some(#at))
            }
            None => quote!(::core::option::Option::None),
        };
        let numbers: Vec<_> = (0..variants.len()).map(Literal::usize_unsuffixed).collect();
        quote! {
            #docs
            #type_deprecated
            #allow
            #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
            #extras
            pub enum #name { #(#declared)* #unknown Unknown_(i32), }
            impl ::core::default::Default for #name {
                fn default() -> Self {
                    Self::Unknown_(::xerus_rpc::UNSET)
                }
            }
            impl ::xerus_rpc::Enumeration for #name {
                const TYPE_ID: &'static str = #wire_id;
                const NAMES: &'static [&'static str] = #wire_names;
                const FALLBACK: ::core::option::Option<i32> = #fallback;
                fn from_index(index: i32) -> Self {
                    match index {
                        #(#numbers => Self::#variants,)*
                        other => Self::Unknown_(other),
                    }
                }
                fn index(self) -> i32 {
                    match self {
                        #(Self::#variants => #numbers,)*
                        Self::Unknown_(other) => other,
                    }
                }
            }
            impl ::xerus_rpc::Decode for #name {
                fn decode(
                    reader: &mut ::xerus_rpc::Reader<'_>,
                ) -> ::core::result::Result<Self, ::xerus_rpc::DecodeError> {
                    reader.enumeration()
                }
            }
            impl ::xerus_rpc::Encode for #name {
                fn encode(&self, writer: &mut ::xerus_rpc::Writer) {
                    writer.enumeration(*self);
                }
            }
        }
    }
}
