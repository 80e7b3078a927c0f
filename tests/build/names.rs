//! The places of generated types, seen from the crate that includes them in a module `api`.

use heck::{ToSnakeCase as _, ToUpperCamelCase as _};
use xerus_idl::model::{Model, ModuleIndex, Type};

/// Words that generated code escapes with `r#`. The API uses `type` alone; the rest is what a firmware may bring.
const KEYWORDS: &[&str] = &[
    "abstract", "as", "async", "await", "become", "box", "break", "const", "continue", "do", "dyn",
    "else", "enum", "extern", "final", "fn", "for", "gen", "if", "impl", "in", "let", "loop",
    "macro", "match", "mod", "move", "mut", "override", "priv", "pub", "ref", "return", "static",
    "struct", "trait", "try", "type", "typeof", "unsafe", "unsized", "use", "virtual", "where",
    "while", "yield",
];

/// A module, method, field or parameter.
pub(crate) fn snake(name: &str) -> String {
    let name = name.to_snake_case();
    if KEYWORDS.contains(&name.as_str()) {
        format!("r#{name}")
    } else {
        name
    }
}

/// A type.
pub(crate) fn camel(name: &str) -> String {
    name.to_upper_camel_case()
}

/// The path of the module that holds a type, without root: `pdumodel::outlet`.
pub(crate) fn place(model: &Model, ty: &Type) -> String {
    let mut parts = Vec::new();
    let mut parent = ty.parent;
    while let Some(index) = parent {
        let outer = model.ty(index);
        parts.push(snake(&outer.base_name));
        parent = outer.parent;
    }
    let mut next = Some(ty.module);
    while let Some(index) = next {
        let module = model.module(index);
        parts.push(snake(&module.name));
        next = module.parent;
    }
    parts.reverse();
    parts.join("::")
}

/// `crate::api::pdumodel::outlet::State`
pub(crate) fn path(model: &Model, ty: &Type) -> String {
    format!("crate::api::{}::{}", place(model, ty), camel(&ty.base_name))
}

/// The IDL path without any version: `pdumodel.Outlet.State`.
pub(crate) fn idl(model: &Model, ty: &Type) -> String {
    let mut parts = vec![ty.base_name.as_str()];
    let mut parent = ty.parent;
    while let Some(index) = parent {
        let outer = model.ty(index);
        parts.push(&outer.base_name);
        parent = outer.parent;
    }
    parts.push(&model.module(ModuleIndex(ty.module.0)).path);
    parts.reverse();
    parts.join(".")
}
