//! The newest firmware, as far as the types of an older one are looked up in it.

use std::collections::HashMap;

use xerus_idl::model::{Enumerator, Method, Model, Type, TypeIndex, TypeKind, TypeRef};
use xerus_wire_id::WireId;

/// The newest model, by names without versions.
pub(crate) struct Newest<'m> {
    pub(crate) model: &'m Model,
    by_name: HashMap<String, TypeIndex>,
}

impl<'m> Newest<'m> {
    pub(crate) fn of(model: &'m Model) -> Self {
        let by_name = model
            .types_by_wire_id()
            .map(|(index, ty)| (free(&ty.wire_id), index))
            .collect();
        Self { model, by_name }
    }

    fn index(&self, ty: &Type) -> Option<TypeIndex> {
        self.by_name.get(&free(&ty.wire_id)).copied()
    }

    /// The type of this name.
    pub(crate) fn same(&self, ty: &Type) -> Option<&'m Type> {
        self.index(ty).map(|index| self.model.ty(index))
    }

    /// The members of the type of this name, inherited ones first.
    pub(crate) fn members(&self, ty: &Type) -> Vec<(&'m str, &'m TypeRef)> {
        self.index(ty)
            .map(|index| self.model.all_fields(index))
            .into_iter()
            .flatten()
            .map(|(_, field)| (field.name.as_str(), &field.ty))
            .collect()
    }

    pub(crate) fn has_member(&self, ty: &Type, name: &str) -> bool {
        self.members(ty).iter().any(|(member, _)| *member == name)
    }

    /// Whether the method is there, with the same parameters and results but for versions.
    pub(crate) fn has_method(&self, old: &Model, ty: &Type, method: &Method) -> bool {
        self.index(ty)
            .map(|index| self.model.all_methods(index))
            .into_iter()
            .flatten()
            .any(|(_, same)| shape(self.model, same) == shape(old, method))
    }

    /// An index means the same in both, or the table would have to say more.
    pub(crate) fn agrees_on(&self, ty: &Type, enumerators: &[Enumerator]) -> Result<(), String> {
        let Some(TypeKind::Enumeration {
            enumerators: newer, ..
        }) = self.same(ty).map(|ty| &ty.kind)
        else {
            return Ok(());
        };
        if newer.len() >= enumerators.len() {
            return Ok(());
        }
        Err(format!(
            "{} has more enumerators than the newest firmware: the table needs a word for it",
            ty.wire_id
        ))
    }
}

/// Name, types of parameters and of the result, without versions.
fn shape(model: &Model, method: &Method) -> Vec<String> {
    let parameters = method.parameters.iter().map(|parameter| {
        let ty = unversioned(model, &parameter.ty);
        format!("{:?} {} {ty}", parameter.direction, parameter.name)
    });
    let returns = method.returns.iter().map(|ty| unversioned(model, ty));
    std::iter::once(method.name.clone())
        .chain(parameters)
        .chain(returns)
        .collect()
}

fn unversioned(model: &Model, ty: &TypeRef) -> String {
    match ty {
        TypeRef::Vector(element) => format!("vector<{}>", unversioned(model, element)),
        TypeRef::Map(key, value) => {
            format!(
                "map<{},{}>",
                unversioned(model, key),
                unversioned(model, value)
            )
        }
        TypeRef::Named(index) => free(&model.ty(*index).wire_id),
        builtin @ TypeRef::Builtin(_) => type_name(model, builtin),
    }
}

/// A type as the table names it: without blanks.
pub(crate) fn type_name(model: &Model, ty: &TypeRef) -> String {
    model.type_text(ty).to_string().replace(' ', "")
}

fn free(wire_id: &str) -> String {
    WireId::new(wire_id).map_or_else(|_| wire_id.to_owned(), |id| id.version_free_name())
}
