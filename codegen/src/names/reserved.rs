//! Names that generated code must not use for IDL items, whatever else the input holds.

/// Keywords that can be written as raw identifiers, of all editions.
pub(crate) const KEYWORDS: &[&str] = &[
    "abstract", "as", "async", "await", "become", "box", "break", "const", "continue", "do", "dyn",
    "else", "enum", "extern", "false", "final", "fn", "for", "gen", "if", "impl", "in", "let",
    "loop", "macro", "match", "mod", "move", "mut", "override", "priv", "pub", "ref", "return",
    "static", "struct", "trait", "true", "try", "type", "typeof", "unsafe", "unsized", "use",
    "virtual", "where", "while", "yield",
];

/// Keywords that cannot be raw identifiers.
pub(crate) const PATH_WORDS: &[&str] = &["self", "super", "crate", "Self"];

/// Names of modules that would hide a primitive type.
pub(crate) const PRIMITIVES: &[&str] = &[
    "bool", "char", "f128", "f16", "f32", "f64", "i128", "i16", "i32", "i64", "i8", "isize", "str",
    "u128", "u16", "u32", "u64", "u8", "usize",
];

/// The module of the server traits.
pub(crate) const SERVER: &str = "server";

/// Constants that every proxy has.
pub(crate) const CONSTANTS: &[&str] = &["TYPE_ID", "VERSION"];

/// Methods of proxies: the constructor, the public methods of `xerus_rpc::Object` (reached through
/// `Deref`), and methods of the traits that proxies implement or the prelude brings.
pub(crate) const METHODS: &[&str] = &[
    "agent",
    "as_object",
    "as_ref",
    "assume",
    "at",
    "borrow",
    "borrow_mut",
    "cast",
    "clone",
    "clone_from",
    "clone_into",
    "cmp",
    "compatibility",
    "decode",
    "deref",
    "detached",
    "encode",
    "eq",
    "fmt",
    "from",
    "from_object",
    "get_type_info",
    "hash",
    "into",
    "ne",
    "partial_cmp",
    "registry",
    "rid",
    "through_link",
    "to_owned",
    "to_string",
    "try_from",
    "try_into",
    "type_id",
    "wire_id",
];

#[cfg(test)]
mod tests {
    use super::METHODS;

    /// Every public method of `xerus_rpc::Object` is reachable on a proxy and therefore reserved.
    #[test]
    fn methods_of_objects_are_reserved() {
        let path = concat!(env!("CARGO_MANIFEST_DIR"), "/../runtime/src/object.rs");
        let file = syn::parse_file(&std::fs::read_to_string(path).unwrap()).unwrap();
        let mut checked = 0;
        for item in file.items {
            let syn::Item::Impl(item) = item else {
                continue;
            };
            let syn::Type::Path(of) = &*item.self_ty else {
                continue;
            };
            if item.trait_.is_some() || !of.path.is_ident("Object") {
                continue;
            }
            for member in item.items {
                if let syn::ImplItem::Fn(method) = member
                    && matches!(method.vis, syn::Visibility::Public(_))
                {
                    let name = method.sig.ident.to_string();
                    assert!(METHODS.contains(&name.as_str()), "{name} is not reserved");
                    checked += 1;
                }
            }
        }
        assert!(checked >= 7, "{checked}");
    }

    #[test]
    fn lists_are_sorted_and_without_duplicates() {
        for list in [METHODS, super::KEYWORDS, super::PRIMITIVES] {
            assert!(list.is_sorted_by(|a, b| a < b), "{list:?}");
        }
    }
}
