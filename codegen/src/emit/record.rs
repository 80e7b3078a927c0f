//! What structures, value objects and request forms have in common.

use proc_macro2::{Ident, TokenStream};
use quote::quote;
use xerus_idl::model::{Field, TypeIndex, TypeKind};

use super::lines::{Action, Lines};
use super::scope::{Scope, deprecated};
use super::{Part, ident};
use crate::{names, walk};

/// What a record is.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum RecordKind {
    Structure,
    ValueObject,
    /// What a request may send of a structure.
    RequestForm,
}

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
                    name: ident(&self.plan.names.field(field)),
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
            fields.extend(quote!(#docs #deprecated #extras pub #name: #ty,));
        }
        let docs =
            self.note("Members the device left out, and members these bindings do not know.");
        fields.extend(quote!(#docs pub extra_: ::xerus_rpc::Extra,));
        fields
    }

    /// The traits that carry a record over the wire.
    pub(super) fn record(
        &self,
        name: &str,
        wire_id: &str,
        members: &[Member<'_>],
        kind: RecordKind,
    ) -> Part {
        let sparse = kind == RecordKind::RequestForm;
        let mut lines = Lines::new(self.depth());
        lines.implementation("::xerus_rpc::rt::Record", name);
        lines.block(INFO);
        lines.line(3, format_args!("id: \"{wire_id}\","));
        let names = members.iter().map(|member| member.field.name.as_str());
        lines.strings(3, "members: &", names, ",");
        if sparse {
            lines.line(3, format_args!("sparse: true,"));
        }
        let named_by_rule = |member: &Member<'_>| member.name == names::field(&member.field.name);
        if !members.iter().all(named_by_rule) {
            let fields: Vec<_> = members
                .iter()
                .map(|member| member.name.to_string())
                .collect();
            let fields = fields.iter().map(String::as_str);
            lines.strings(3, "fields: &", fields, ",");
        }
        lines.block(READ);
        if members.is_empty() {
            lines.line(2, format_args!("let _ = (member, reader);"));
        }
        if sparse {
            each(&mut lines, members, |field, act| {
                act(&Action {
                    target: &format!("self.{field} = "),
                    function: "::core::option::Option::Some",
                    arguments: &["reader.value()?"],
                    end: "",
                });
            });
            lines.block("        ::core::result::Result::Ok(())\n");
        } else if members.is_empty() {
            lines.block("        ::core::result::Result::Ok(())\n");
        } else {
            lines.block("        match member {\n");
            for (at, Member { name, .. }) in members.iter().enumerate() {
                let argument = format!("&mut self.{name}");
                let fill = Action {
                    target: "",
                    function: "reader.fill",
                    arguments: &[&argument],
                    end: "",
                };
                lines.expression_arm(3, at, &fill);
            }
            lines.block("            _ => ::core::result::Result::Ok(()),\n        }\n");
        }
        lines.block(MEMBER);
        if members.is_empty() {
            lines.line(2, format_args!("let _ = member;"));
            lines.line(2, format_args!("&()"));
        } else {
            lines.block("        match member {\n");
            for (at, Member { name, .. }) in members.iter().enumerate() {
                lines.line(3, format_args!("{at} => &self.{name},"));
            }
            lines.block("            _ => &(),\n        }\n");
        }
        lines.block(EXTRA);
        lines.codec(name, "reader.record()", "::xerus_rpc::rt::structure(self)");
        let kind = match kind {
            RecordKind::ValueObject => "value_object ",
            RecordKind::Structure | RecordKind::RequestForm => "",
        };
        lines.serde(kind, name);
        Part::Text(lines.finish())
    }
}

/// A `match` over the index of a member; for one member an `if`.
fn each(
    lines: &mut Lines,
    members: &[Member<'_>],
    make: impl Fn(&Ident, &mut dyn FnMut(&Action<'_>)),
) {
    match members {
        [] => {}
        [only] => {
            lines.block("        if member == 0 {\n");
            make(&only.name, &mut |action| lines.statement(3, action));
            lines.block("        }\n");
        }
        many => {
            lines.block("        match member {\n");
            for (at, member) in many.iter().enumerate() {
                make(&member.name, &mut |action| lines.arm(3, at, action));
            }
            lines.block("            _ => {}\n        }\n");
        }
    }
}

const INFO: &str = "    fn info(&self) -> &'static ::xerus_rpc::rt::RecordInfo {
        &::xerus_rpc::rt::RecordInfo {
";

const READ: &str = "            ..::xerus_rpc::rt::RecordInfo::PLAIN
        }
    }

    fn read(
        &mut self,
        member: usize,
        reader: &mut ::xerus_rpc::rt::Reader<'_>,
    ) -> ::core::result::Result<(), ::xerus_rpc::DecodeError> {
";

const MEMBER: &str = "    }

    fn member(&self, member: usize) -> &dyn ::xerus_rpc::rt::Encode {
";

const EXTRA: &str = "    }

    fn extra(&self) -> &::xerus_rpc::Extra {
        &self.extra_
    }

    fn extra_mut(&mut self) -> &mut ::xerus_rpc::Extra {
        &mut self.extra_
    }
}
";
