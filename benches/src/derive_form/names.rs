//! IDL names as Rust names.

use heck::{ToSnakeCase as _, ToUpperCamelCase as _};
use xerus_idl::model::{Model, Type};

/// A field, parameter or method.
pub(super) fn value(name: &str) -> String {
    escape(name.to_snake_case())
}

/// A module.
pub(super) fn module(name: &str) -> String {
    escape(name.to_snake_case())
}

/// A type.
pub(super) fn ty(name: &str) -> String {
    name.to_upper_camel_case()
}

/// The absolute path of a type in the emitted file.
pub(super) fn path(model: &Model, of: &Type) -> String {
    let mut parts = vec![ty(&of.base_name)];
    let mut parent = of.parent;
    while let Some(index) = parent {
        let enclosing = model.ty(index);
        parts.push(module(&enclosing.base_name));
        parent = enclosing.parent;
    }
    let mut next = Some(of.module);
    while let Some(index) = next {
        let enclosing = model.module(index);
        parts.push(module(&enclosing.name));
        next = enclosing.parent;
    }
    parts.push("crate".to_owned());
    parts.reverse();
    parts.join("::")
}

/// `type` is the only keyword that the API uses as a name; a few more are cheap.
fn escape(name: String) -> String {
    match name.as_str() {
        "type" | "match" | "ref" | "move" | "use" | "mod" | "fn" | "impl" | "trait" | "where"
        | "loop" => {
            format!("r#{name}")
        }
        _ => name,
    }
}
