//! Generated code in which every item is deprecated.

/// The same text with a mark above each public item, so that the compiler tells every use of one.
pub(super) fn marked(text: &str) -> String {
    let mut out = String::with_capacity(text.len() * 2);
    let mut in_enum = None;
    for line in text.lines() {
        let code = line.trim_start();
        let indent = &line[..line.len() - code.len()];
        // The vendor's own mark: a second one would be an error.
        if code.starts_with("#[deprecated") {
            continue;
        }
        if in_enum == Some(indent.len()) && code == "}" {
            in_enum = None;
        }
        let is_variant = in_enum.is_some() && code.starts_with(|c: char| c.is_ascii_uppercase());
        if is_variant || is_item(code) {
            out.push_str(indent);
            out.push_str("#[deprecated]\n");
        }
        if code.starts_with("pub enum ") {
            in_enum = Some(indent.len());
        }
        out.push_str(line);
        out.push('\n');
    }
    out
}

/// What calls methods that no bindings describe: by their name, or by a description made by hand.
const CALLS: [&str; 5] = [
    "pub fn call(&self, rid: &str",
    "pub fn void(object",
    "pub fn single<",
    "pub fn tuple<",
    "pub fn checked<",
];

/// The same text of the runtime with a mark above what calls without bindings.
pub(super) fn with_marked_calls(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for line in text.lines() {
        if CALLS.iter().any(|call| line.trim_start().starts_with(call)) {
            out.push_str("#[deprecated]\n");
        }
        out.extend([line, "\n"]);
    }
    out
}

/// A type, a method, a constant or a field; no module, no import and no static.
fn is_item(code: &str) -> bool {
    let Some(rest) = code.strip_prefix("pub ") else {
        return false;
    };
    let word = rest.split([' ', ':', '(']).next().unwrap_or_default();
    match word {
        "fn" | "const" | "struct" | "enum" => true,
        "mod" | "use" | "static" | "type" | "trait" => false,
        // `pub available: bool,`
        _ => rest[word.len()..].starts_with(": "),
    }
}

#[cfg(test)]
mod tests {
    use super::marked;

    #[test]
    fn items_are_marked_and_what_is_around_them_is_not() {
        let text = "\
pub mod outlet {
    pub enum Power {
        /// off
        Off,
    }
    pub struct State {
        pub r#type: i32,
    }
    impl State {
        pub const ON: i32 = 1;
        pub fn get(&self) {}
    }
}
";
        let expected = "\
pub mod outlet {
    #[deprecated]
    pub enum Power {
        /// off
        #[deprecated]
        Off,
    }
    #[deprecated]
    pub struct State {
        #[deprecated]
        pub r#type: i32,
    }
    impl State {
        #[deprecated]
        pub const ON: i32 = 1;
        #[deprecated]
        pub fn get(&self) {}
    }
}
";
        assert_eq!(marked(text), expected);
    }
}
