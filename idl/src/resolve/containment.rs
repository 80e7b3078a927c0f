use super::cycles::cycles;
use super::declare::Declared;
use super::words::chain;
use crate::diagnostic::{Diagnostic, codes};
use crate::model::{Model, TypeIndex, TypeKind, TypeRef};
use crate::source::Span;
use crate::syntax::{Declaration, Type};

/// Reports structures that contain themselves without a vector or map between, directly or through
/// other structures and typedefs.
pub(super) fn check(declared: &Declared<'_>, model: &Model, diagnostics: &mut Vec<Diagnostic>) {
    let edges: Vec<Vec<usize>> = model
        .types()
        .map(|(_, ty)| match &ty.kind {
            TypeKind::Structure { fields } => fields
                .iter()
                .filter_map(|field| by_value(model, &field.ty))
                .collect(),
            TypeKind::Typedef { target } => by_value(model, target).into_iter().collect(),
            _ => Vec::new(),
        })
        .collect();
    for mut cycle in cycles(&edges) {
        let is_structure = |at: &usize| {
            matches!(
                model.ty(TypeIndex::of(*at)).kind,
                TypeKind::Structure { .. }
            )
        };
        // A ring of typedefs alone is reported as such.
        let Some(start) = cycle.iter().position(is_structure) else {
            continue;
        };
        cycle.rotate_left(start);
        diagnostics.extend(report(declared, model, &cycle));
    }
}

/// The structure or typedef that a field type holds by value.
fn by_value(model: &Model, ty: &TypeRef) -> Option<usize> {
    let TypeRef::Named(index) = ty else {
        return None;
    };
    matches!(
        model.ty(*index).kind,
        TypeKind::Structure { .. } | TypeKind::Typedef { .. }
    )
    .then(|| index.at())
}

fn report(declared: &Declared<'_>, model: &Model, cycle: &[usize]) -> Option<Diagnostic> {
    let (&first, others) = cycle.split_first()?;
    let next = others.first().copied().unwrap_or(first);
    let span = field_type(declared, first, TypeIndex::of(next))?;
    let name = |at: usize| &*model.ty(TypeIndex::of(at)).name;
    let way = if others.is_empty() {
        String::new()
    } else {
        let names: Vec<&str> = cycle.iter().map(|&at| name(at)).collect();
        format!(": {}", chain(&names))
    };
    Some(
        Diagnostic::error(
            codes::CONTAINMENT_CYCLE,
            span,
            format!(
                "structure `{}` contains itself by value{way} (use vector or map); \
                 no finite value exists",
                name(first)
            ),
        )
        .hint(format!(
            "`vector<{}>` can be empty and ends the chain",
            name(next)
        )),
    )
}

/// Where a structure names the type of a by-value field.
fn field_type(declared: &Declared<'_>, owner: usize, ty: TypeIndex) -> Option<Span> {
    let scope = declared.inner[owner];
    declared.nodes[owner].members().iter().find_map(|member| {
        let Declaration::Field(field) = member else {
            return None;
        };
        let Type::Named(name) = &field.ty else {
            return None;
        };
        (declared.resolve(scope, name) == Ok(ty)).then_some(name.span)
    })
}
