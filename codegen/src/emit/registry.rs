use proc_macro2::{Literal, TokenStream};
use quote::quote;
use xerus_idl::model::{Model, TypeIndex, TypeKind};

use super::code::{Code, Field};
use super::condition::laid_out;
use super::plan::Plan;
use super::scope::{Scope, Share};
use crate::output::Aside;
use crate::walk;

/// The table of all interfaces and value objects, by which the types that a device sends are looked up.
pub(crate) fn registry(plan: &Plan<'_>, aside: &Aside) -> TokenStream {
    let scope = Scope {
        plan,
        aside,
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
            TypeKind::Interface(_) => "::xerus_rpc::rt::TypeKind::Interface",
            _ => "::xerus_rpc::rt::TypeKind::ValueObject",
        };
        // Literals, since the compiler checks every call in a constant: hundreds of them are felt in compile time.
        let version = [
            ("major", version.major),
            ("submajor", version.submajor),
            ("minor", version.minor),
        ];
        let version = version.map(|(name, part)| Field::new(name, Code::word(part.to_string())));
        let mut fields = vec![
            Field::new("name", Code::string(&name)),
            Field::new("id", Code::string(&ty.wire_id)),
            Field::new(
                "version",
                Code::structure("::xerus_rpc::Version", version.into()),
            ),
            Field::new("kind", Code::word(kind)),
        ];
        if let Some(base) = walk::base(ty) {
            let base = Code::string(&model.ty(base).wire_id);
            fields.push(Field::new("base", Code::some(base)));
        }
        if matches!(ty.kind, TypeKind::ValueObject { .. }) {
            let path = Code::word(scope.type_path(index).to_string());
            let make = Code::invocation("::xerus_rpc::rt::make!(", path);
            let condition = scope.bare_type_condition(index);
            let condition = laid_out(&condition, FIELD_LEVEL);
            fields.push(Field::under(condition, "make", make));
        }
        fields.push(Field::rest("::xerus_rpc::rt::TypeEntry::PLAIN"));
        Code::structure("::xerus_rpc::rt::TypeEntry", fields)
    });
    let imports = plan.selection.registries();
    let imports = imports
        .iter()
        .map(|import| Code::word(format!("&{import}")));
    let lists = vec![Code::slice(entries), Code::slice(imports)];
    let list = Code::call("::xerus_rpc::rt::Registry::new(", lists);
    let before = "pub static REGISTRY: ::xerus_rpc::rt::Registry = ".len();
    let list = scope.code(0, before, ";".len(), &list);
    let docs = scope.note("The interfaces and value objects of this code, by name and version.");
    quote! {
        #docs
        #allow
        pub static REGISTRY: ::xerus_rpc::rt::Registry = #list;
    }
}

/// How deep the fields of the entries stand.
const FIELD_LEVEL: usize = 3;

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
