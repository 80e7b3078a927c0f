//! Walks over a model that several parts need.

use std::collections::HashSet;

use xerus_idl::model::{Model, Type, TypeIndex, TypeKind, TypeRef};

/// The base of an interface or value object.
pub(crate) fn base(ty: &Type) -> Option<TypeIndex> {
    match &ty.kind {
        TypeKind::Interface(interface) => interface.base,
        TypeKind::ValueObject { base, .. } => *base,
        _ => None,
    }
}

/// The type itself and all its bases, nearest first. Ends even in a model with a cycle.
pub(crate) fn chain(model: &Model, index: TypeIndex) -> Vec<TypeIndex> {
    let mut seen = HashSet::new();
    let mut chain = Vec::new();
    let mut at = Some(index);
    while let Some(current) = at {
        if !seen.insert(current) {
            break;
        }
        chain.push(current);
        at = base(model.ty(current));
    }
    chain
}

/// What a type reference stands for when typedefs are followed.
pub(crate) fn resolve<'m>(model: &'m Model, mut ty: &'m TypeRef) -> &'m TypeRef {
    // Typedef cycles are refused by the resolver; the bound only guards a broken model.
    for _ in 0..u16::MAX {
        match ty {
            TypeRef::Named(index) => match &model.ty(*index).kind {
                TypeKind::Typedef { target } => ty = target,
                _ => break,
            },
            _ => break,
        }
    }
    ty
}

/// Every declared type that a type reference mentions.
pub(crate) fn mentioned(ty: &TypeRef, visit: &mut impl FnMut(TypeIndex)) {
    match ty {
        TypeRef::Builtin(_) => {}
        TypeRef::Vector(element) => mentioned(element, visit),
        TypeRef::Map(key, value) => {
            mentioned(key, visit);
            mentioned(value, visit);
        }
        TypeRef::Named(index) => visit(*index),
    }
}

/// Every declared type that a type's own members mention, and its base.
pub(crate) fn references(ty: &Type, visit: &mut impl FnMut(TypeIndex)) {
    if let Some(base) = base(ty) {
        visit(base);
    }
    match &ty.kind {
        TypeKind::Interface(interface) => {
            for constant in &interface.constants {
                mentioned(&constant.ty, visit);
            }
            for method in &interface.methods {
                if let Some(returns) = &method.returns {
                    mentioned(returns, visit);
                }
                for parameter in &method.parameters {
                    mentioned(&parameter.ty, visit);
                }
                for ty in method.mark_types.iter() {
                    mentioned(ty, visit);
                }
            }
        }
        TypeKind::Structure { fields } | TypeKind::ValueObject { fields, .. } => {
            for field in fields {
                mentioned(&field.ty, visit);
            }
        }
        TypeKind::Typedef { target } => mentioned(target, visit),
        TypeKind::Enumeration { .. } | TypeKind::Opaque => {}
    }
}
