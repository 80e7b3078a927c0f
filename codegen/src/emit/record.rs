//! What structures, value objects and request forms have in common.

use proc_macro2::{Ident, Literal, TokenStream};
use quote::quote;
use xerus_idl::model::{Field, TypeIndex, TypeKind, TypeRef};

use super::context::{Scope, deprecated};
use super::{ident, strings, types};
use crate::names;
use crate::walk;

/// The longest line that the formatter keeps whole.
const LINE_WIDTH: usize = 89;
const INDENT: usize = 4;
/// The arms of a `match` stand in a function in an `impl`.
const LEVELS_OF_AN_ARM: usize = 3;

/// A field with its Rust name and the type that declares it.
pub(super) struct Member<'m> {
    pub(super) owner: TypeIndex,
    pub(super) field: &'m Field,
    pub(super) name: Ident,
}

impl<'a> Scope<'a> {
    /// The fields of a structure or value object, those of the outermost base first.
    pub(super) fn members(&self, index: TypeIndex) -> Vec<Member<'a>> {
        let mut chain = walk::chain(self.model(), index);
        chain.reverse();
        let mut members = Vec::new();
        for owner in chain {
            if let TypeKind::Structure { fields } | TypeKind::ValueObject { fields, .. } =
                &self.model().ty(owner).kind
            {
                members.extend(fields.iter().map(|field| Member {
                    owner,
                    field,
                    name: ident(&names::field(&field.name)),
                }));
            }
        }
        members
    }

    /// The declarations of the fields.
    pub(super) fn fields(
        &self,
        members: &[Member<'_>],
        wrap: impl Fn(TokenStream) -> TokenStream,
    ) -> TokenStream {
        let mut fields = TokenStream::new();
        for Member { owner, field, name } in members {
            let docs = self.member_docs(&field.docs, &format!("Member `{}`.", field.name));
            let deprecated = deprecated(&field.annotations);
            let extras = self.member_extras(*owner, &field.name);
            let ty = wrap(self.owned(&field.ty));
            let allow = self.allow_complex(&field.ty, &ty);
            fields.extend(quote!(#docs #deprecated #allow #extras pub #name: #ty,));
        }
        let docs =
            self.note("Members the device left out, and members these bindings do not know.");
        fields.extend(quote!(#docs pub extra_: ::xerus_rpc::Extra,));
        fields
    }

    /// Silences clippy where the IDL asks for a type of many layers.
    pub(super) fn allow_complex(&self, ty: &TypeRef, rust: &TokenStream) -> TokenStream {
        let nested = matches!(ty, TypeRef::Vector(_) | TypeRef::Map(..));
        if nested && types::is_complex(rust) {
            quote!(#[allow(clippy::type_complexity)])
        } else {
            TokenStream::new()
        }
    }

    /// The traits that carry a record over the wire.
    pub(super) fn record(
        &self,
        name: &Ident,
        wire_id: &str,
        members: &[Member<'_>],
        sparse: bool,
    ) -> TokenStream {
        let wire_names = strings(members.iter().map(|member| member.field.name.as_str()));
        let read = arms(members, |field| {
            if sparse {
                quote!(self.#field = ::core::option::Option::Some(reader.value()?))
            } else {
                quote!(self.#field = reader.value()?)
            }
        });
        let room = LINE_WIDTH.saturating_sub(INDENT * (self.place.len() + LEVELS_OF_AN_ARM));
        let write = arms(members, |field| {
            let (call, width) = if sparse {
                (
                    quote!(writer.optional(&self.#field)),
                    "00 => writer.optional(&self.),".len(),
                )
            } else {
                let call = quote!(::xerus_rpc::Encode::encode(&self.#field, writer));
                (
                    call,
                    "00 => ::xerus_rpc::Encode::encode(&self., writer),".len(),
                )
            };
            // A call that does not fit on the line gets a block around it, in which the semicolon would
            // be missed.
            if width + field.to_string().len() > room {
                quote!({ #call; })
            } else {
                call
            }
        });
        let (read, write) = match members {
            [] => (
                quote!(let _ = (member, reader);),
                quote!(let _ = (member, writer);),
            ),
            _ => (read, write),
        };
        quote! {
            impl ::xerus_rpc::rt::Record for #name {
                fn info(&self) -> &'static ::xerus_rpc::rt::RecordInfo {
                    static INFO: ::xerus_rpc::rt::RecordInfo = ::xerus_rpc::rt::RecordInfo {
                        id: #wire_id,
                        members: #wire_names,
                        sparse: #sparse,
                    };
                    &INFO
                }
                fn read(
                    &mut self,
                    member: usize,
                    reader: &mut ::xerus_rpc::Reader<'_>,
                ) -> ::core::result::Result<(), ::xerus_rpc::DecodeError> {
                    #read
                    ::core::result::Result::Ok(())
                }
                fn write(&self, member: usize, writer: &mut ::xerus_rpc::Writer) {
                    #write
                }
                fn extra(&self) -> &::xerus_rpc::Extra {
                    &self.extra_
                }
                fn extra_mut(&mut self) -> &mut ::xerus_rpc::Extra {
                    &mut self.extra_
                }
            }
            impl ::xerus_rpc::Decode for #name {
                fn decode(
                    reader: &mut ::xerus_rpc::Reader<'_>,
                ) -> ::core::result::Result<Self, ::xerus_rpc::DecodeError> {
                    reader.record()
                }
            }
            impl ::xerus_rpc::Encode for #name {
                fn encode(&self, writer: &mut ::xerus_rpc::Writer) {
                    writer.record(self);
                }
            }
        }
    }
}

/// A `match` over the index of a member; for one member an `if`, as clippy wants it.
fn arms(members: &[Member<'_>], act: impl Fn(&Ident) -> TokenStream) -> TokenStream {
    if let [only] = members {
        let act = act(&only.name);
        return quote!(if member == 0 { #act; });
    }
    let arms = members.iter().enumerate().map(|(at, member)| {
        let at = Literal::usize_unsuffixed(at);
        let act = act(&member.name);
        quote!(#at => #act,)
    });
    quote!(match member { #(#arms)* _ => {} })
}
