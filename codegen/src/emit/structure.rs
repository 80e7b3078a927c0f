use quote::quote;
use xerus_idl::model::TypeIndex;

use super::record::RecordKind;
use super::scope::{Scope, deprecated};
use super::{Part, ident};

impl Scope<'_> {
    /// A structure.
    pub(super) fn structure(&self, index: TypeIndex) -> Vec<Part> {
        let ty = self.model().ty(index);
        let name = &self.plan.names.ty(index).name;
        let members = self.members(index);
        let docs = self.doc(self.type_docs(ty));
        let extras = self.extras(index);
        let deprecated = deprecated(&ty.annotations);
        let fields = self.fields(&members, |ty| ty);
        let record = self.record(name, &ty.wire_id, &members, RecordKind::Structure);
        let error = self.structure_error(index);
        let name = ident(name);
        let declaration = quote! {
            #docs
            #deprecated
            #[derive(Clone, Debug, Default, PartialEq)]
            #extras
            pub struct #name { #fields }
        };
        let mut parts = vec![declaration.into(), record];
        parts.extend(error.map(Part::from));
        parts
    }
}
