use quote::quote;
use xerus_idl::model::TypeIndex;

use super::lines::Lines;
use super::record::RecordKind;
use super::scope::{Scope, deprecated};
use super::{Part, ident};
use crate::walk;

impl Scope<'_> {
    /// A value object, with the fields of its bases.
    pub(super) fn value_object(&self, index: TypeIndex) -> Vec<Part> {
        let ty = self.model().ty(index);
        let name = &self.plan.names.ty(index).name;
        let members = self.members(index);
        let mut docs = self.type_docs(ty);
        if let Some(base) = walk::base(ty) {
            docs.push(String::new());
            docs.push(format!("Extends `{}`.", self.model().ty(base).wire_id));
        }
        let docs = self.doc(docs);
        let extras = self.extras(index);
        let deprecated = deprecated(&ty.annotations);
        let fields = self.fields(&members, |ty| ty);
        let record = self.record(name, &ty.wire_id, &members, RecordKind::ValueObject);
        let mut lines = Lines::new(self.depth());
        lines.implementation("::xerus_rpc::ValueObject", name);
        lines.line(
            1,
            format_args!("const TYPE_ID: &'static str = \"{}\";", ty.wire_id),
        );
        lines.registry(&self.registry());
        lines.block("}\n");
        self.extends(index, &mut lines);
        let traits = Part::Text(lines.finish());
        let name = ident(name);
        let declaration = quote! {
            #docs
            #deprecated
            #[derive(Clone, Debug, Default, PartialEq)]
            #extras
            pub struct #name { #fields }
        };
        vec![declaration.into(), record, traits]
    }

    /// The marker for the type itself and every ancestor.
    pub(super) fn extends(&self, index: TypeIndex, lines: &mut Lines) {
        let name = &self.plan.names.ty(index).name;
        lines.blank();
        for base in walk::chain(self.model(), index) {
            lines.marker(
                &format!("::xerus_rpc::Extends<{}>", self.type_path(base)),
                name,
            );
        }
    }
}
