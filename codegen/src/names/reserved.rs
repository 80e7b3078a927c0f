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

/// The file of what only the feature of a module brings, in the folder of the module.
pub(crate) const OWN: &str = "own_";

/// The parameter of every dispatcher's type.
pub(crate) const TYPES: &[&str] = &["I_"];

/// The field of every structure, value object and request form.
pub(crate) const FIELDS: &[&str] = &["extra_"];

/// The variant of every enumeration.
pub(crate) const VARIANTS: &[&str] = &["Unknown_"];

/// The first parameter of every method of a server trait.
pub(crate) const PARAMETERS: &[&str] = &["context_"];

/// Constants that every proxy has.
pub(crate) const CONSTANTS: &[&str] = &["TYPE_ID", "VERSION"];

/// Methods of proxies: the constructor, the public methods of `xerus_rpc::Object` (reached through
/// `Deref`), and methods of the traits that proxies implement or the prelude brings.
pub(crate) const METHODS: &[&str] = &[
    "agent",
    "as_object",
    "as_ref",
    "as_value",
    "assume",
    "at",
    "borrow",
    "borrow_mut",
    "cast",
    "choose",
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
    "is_left_out",
    "ne",
    "partial_cmp",
    "probe",
    "registry",
    "rid",
    "through_link",
    "to_owned",
    "to_string",
    "try_from",
    "try_into",
    "type_id",
    "type_info",
    "unreadable",
    "wire_id",
    "with_agent",
];

#[cfg(test)]
mod tests {
    use super::METHODS;

    /// Every public method of `xerus_rpc::Object` is reachable on a proxy and therefore reserved.
    #[test]
    fn methods_of_objects_are_reserved() {
        if crate::repository::is_missing() {
            return;
        }
        let sources = concat!(env!("CARGO_MANIFEST_DIR"), "/../runtime/src/object");
        let parts = std::fs::read_dir(sources).unwrap();
        let mut files: Vec<_> = parts.map(|part| part.unwrap().path()).collect();
        files.push(format!("{sources}.rs").into());
        let mut checked = 0;
        for file in files {
            let file = syn::parse_file(&std::fs::read_to_string(file).unwrap()).unwrap();
            checked += file.items.into_iter().map(reserved_methods).sum::<usize>();
        }
        assert!(checked >= 13, "{checked}");
    }

    /// How many public methods of `Object` an item holds; all of them must be reserved.
    fn reserved_methods(item: syn::Item) -> usize {
        let syn::Item::Impl(item) = item else {
            return 0;
        };
        let syn::Type::Path(of) = &*item.self_ty else {
            return 0;
        };
        if item.trait_.is_some() || !of.path.is_ident("Object") {
            return 0;
        }
        let mut checked = 0;
        for member in item.items {
            if let syn::ImplItem::Fn(method) = member
                && matches!(method.vis, syn::Visibility::Public(_))
            {
                let name = method.sig.ident.to_string();
                assert!(METHODS.contains(&name.as_str()), "{name} is not reserved");
                checked += 1;
            }
        }
        checked
    }

    #[test]
    fn lists_are_sorted_and_without_duplicates() {
        for list in [METHODS, super::KEYWORDS, super::PRIMITIVES] {
            assert!(list.is_sorted_by(|a, b| a < b), "{list:?}");
        }
    }
}
