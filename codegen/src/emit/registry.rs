use proc_macro2::{Literal, TokenStream};
use quote::quote;
use xerus_idl::model::{Model, TypeIndex, TypeKind};

use super::plan::Plan;
use super::scope::{Scope, Share};
use crate::output::DocTable;
use crate::walk;

/// The table of all interfaces and value objects, by which the types that a device sends are looked up.
pub(crate) fn registry(plan: &Plan<'_>, docs: &DocTable) -> TokenStream {
    let scope = Scope {
        plan,
        docs,
        place: Vec::new(),
        elsewhere: None,
        share: Share::All,
    };
    let model = plan.model;
    let mut types: Vec<_> = model
        .types()
        .filter(|(index, ty)| {
            plan.selection.emits(*index)
                && matches!(
                    ty.kind,
                    TypeKind::Interface(_) | TypeKind::ValueObject { .. }
                )
        })
        .map(|(index, ty)| (version_free_name(model, index), ty.version, ty, index))
        .collect();
    types.sort_by(|a, b| (&a.0, a.1, &a.2.wire_id).cmp(&(&b.0, b.1, &b.2.wire_id)));
    let names_deprecated = types.iter().any(|(_, _, ty, _)| {
        matches!(ty.kind, TypeKind::ValueObject { .. }) && ty.has_annotation("deprecated")
    });
    let deprecated = names_deprecated.then(|| quote!(deprecated,));
    let allow = quote!(#[allow(dead_code, #deprecated unreachable_pub)]);
    let entries = types.into_iter().map(|(name, version, ty, index)| {
        let kind = match ty.kind {
            TypeKind::Interface(_) => quote!(Interface),
            _ => quote!(ValueObject),
        };
        let make = matches!(ty.kind, TypeKind::ValueObject { .. }).then(|| {
            let (condition, path) = (scope.bare_type_condition(index), scope.type_path(index));
            quote!(#condition make: ::xerus_rpc::rt::make!(#path),)
        });
        let id = &ty.wire_id;
        let base = walk::base(ty).map(|base| {
            let base = &model.ty(base).wire_id;
            quote!(base: ::core::option::Option::Some(#base),)
        });
        let [major, submajor, minor] =
            [version.major, version.submajor, version.minor].map(Literal::u32_unsuffixed);
        // Literals, since the compiler checks every call in a constant: hundreds of them are felt in compile time.
        quote!(::xerus_rpc::rt::TypeEntry {
            name: #name,
            id: #id,
            version: ::xerus_rpc::Version { major: #major, submajor: #submajor, minor: #minor },
            kind: ::xerus_rpc::rt::TypeKind::#kind,
            #base
            #make
            ..::xerus_rpc::rt::TypeEntry::PLAIN
        })
    });
    let imports = plan.selection.registries();
    let docs = scope.note("The interfaces and value objects of this code, by name and version.");
    quote! {
        #docs
        #allow
        pub static REGISTRY: ::xerus_rpc::rt::Registry =
            ::xerus_rpc::rt::Registry::new(&[#(#entries),*], &[#(&#imports),*]);
    }
}

/// `::xerus_rpc::Version::new(3, 0, 1)`
pub(super) fn version_tokens(major: u32, submajor: u32, minor: u32) -> TokenStream {
    let [major, submajor, minor] = [major, submajor, minor].map(Literal::u32_unsuffixed);
    quote!(::xerus_rpc::Version::new(#major, #submajor, #minor))
}

/// The dotted name with every version suffix dropped.
fn version_free_name(model: &Model, index: TypeIndex) -> String {
    let mut parts = Vec::new();
    let mut at = Some(index);
    while let Some(current) = at {
        let ty = model.ty(current);
        parts.push(ty.base_name.as_str());
        at = ty.parent;
    }
    parts.push(&model.module(model.ty(index).module).path);
    parts.reverse();
    parts.join(".")
}
