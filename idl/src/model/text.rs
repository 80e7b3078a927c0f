use std::fmt;

use super::{Model, TypeRef};

/// A type expression as the dump writes it: IDL words for built-in types, wire ids for declared ones.
///
/// `vector<pdumodel.Pole:6.0.1>`, `map<string, int>`
#[derive(Clone, Copy, Debug)]
pub struct TypeText<'m> {
    model: &'m Model,
    ty: &'m TypeRef,
}

impl Model {
    /// A type expression as the dump writes it; `to_string` makes a text of it.
    #[must_use]
    pub const fn type_text<'m>(&'m self, ty: &'m TypeRef) -> TypeText<'m> {
        TypeText { model: self, ty }
    }
}

impl fmt::Display for TypeText<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let text = |ty| self.model.type_text(ty);
        match self.ty {
            TypeRef::Builtin(builtin) => f.write_str(builtin.word()),
            TypeRef::Vector(element) => write!(f, "vector<{}>", text(element)),
            TypeRef::Map(key, value) => write!(f, "map<{}, {}>", text(key), text(value)),
            TypeRef::Named(index) => f.write_str(&self.model.ty(*index).wire_id),
        }
    }
}
