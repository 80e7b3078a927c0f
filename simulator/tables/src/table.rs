//! The table of one firmware: every type with its members, and what of it differs from the newest.
//!
//! A line is a word and what belongs to it; a type comes before its members. The simulator reads it when it starts.

use std::fmt::Write as _;

use xerus_idl::model::{Direction, Method, Model, Type, TypeIndex, TypeKind};

use crate::compare::{Newest, type_name};
use crate::zero::zero;

/// Modules of the vendor's own tools and of hardware that is not simulated.
const LEFT_OUT: [&str; 12] = [
    "cew",
    "cfg",
    "datapush",
    "dsam",
    "emdmodel",
    "lhx",
    "lhxmodel",
    "production",
    "sx",
    "test",
    "tfw",
    "zigbee",
];

/// The table as text.
pub(crate) fn table(old: &Model, new: &Model) -> Result<String, String> {
    let newest = Newest::of(new);
    let mut text = String::new();
    for (index, ty) in old.types_by_wire_id() {
        if LEFT_OUT.contains(&ty.path.split('.').next().unwrap_or_default()) {
            continue;
        }
        let lines = Lines {
            old,
            newest: &newest,
            index,
            ty,
        };
        lines.write(&mut text)?;
    }
    Ok(text)
}

struct Lines<'m> {
    old: &'m Model,
    newest: &'m Newest<'m>,
    index: TypeIndex,
    ty: &'m Type,
}

impl Lines<'_> {
    fn write(&self, text: &mut String) -> Result<(), String> {
        let id = &self.ty.wire_id;
        // Writing to a string cannot fail.
        match &self.ty.kind {
            TypeKind::Interface(_) => {
                let _ = writeln!(text, "interface {id}");
                self.interface(text);
            }
            TypeKind::Structure { .. } => {
                let _ = writeln!(text, "structure {id}");
                self.members(text);
            }
            TypeKind::ValueObject { .. } => {
                let _ = writeln!(text, "valueobject {id}");
                self.members(text);
            }
            TypeKind::Enumeration {
                enumerators,
                fallback,
            } => {
                let known = enumerators.len();
                let _ = writeln!(text, "enumeration {id} {known} {}", fallback.unwrap_or(0));
                self.newest.agrees_on(self.ty, enumerators)?;
            }
            TypeKind::Typedef { target } => {
                let _ = writeln!(text, "typedef {id} {}", type_name(self.old, target));
            }
            TypeKind::Opaque => {
                let _ = writeln!(text, "opaque {id}");
            }
        }
        Ok(())
    }

    fn interface(&self, text: &mut String) {
        if let Some(same) = self.newest.same(self.ty) {
            let _ = writeln!(text, "newest {}", same.wire_id);
        }
        for base in self.old.bases(self.index) {
            let _ = writeln!(text, "base {}", self.old.ty(base).wire_id);
        }
        // Those of the bases stand with them.
        for method in self.ty.methods() {
            self.method(text, method);
        }
    }

    fn method(&self, text: &mut String, method: &Method) {
        let same = self.newest.has_method(self.old, self.ty, method);
        let word = if same { "method" } else { "different" };
        let _ = writeln!(text, "{word} {}", method.name);
        for parameter in &method.parameters {
            let direction = match parameter.direction {
                Direction::In => "in",
                Direction::Out => "out",
            };
            let ty = type_name(self.old, &parameter.ty);
            let _ = writeln!(text, "{direction} {} {ty}", parameter.name);
        }
        if let Some(returns) = &method.returns {
            let _ = writeln!(text, "out _ret_ {}", type_name(self.old, returns));
        }
    }

    fn members(&self, text: &mut String) {
        let own = self.old.all_fields(self.index);
        for (_, field) in &own {
            let known = self.newest.has_member(self.ty, &field.name);
            let word = if known { "member" } else { "older" };
            let _ = writeln!(
                text,
                "{word} {} {}",
                field.name,
                type_name(self.old, &field.ty)
            );
        }
        // What is left out of a sparse structure stays as it is.
        let sparse = |ty: &Type| ty.has_annotation("sparse_in");
        if self.newest.same(self.ty).is_some_and(sparse) {
            return;
        }
        for (name, ty) in self.newest.members(self.ty) {
            if !own.iter().any(|(_, field)| field.name == name) {
                let _ = writeln!(text, "newer {name} {}", zero(self.newest.model, ty));
            }
        }
    }
}
