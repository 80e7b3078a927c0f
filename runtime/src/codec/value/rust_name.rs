//! The rule by which the generator names fields.

use std::borrow::Cow;

/// Keywords that can be written as raw identifiers, of all editions.
const KEYWORDS: &[&str] = &[
    "abstract", "as", "async", "await", "become", "box", "break", "const", "continue", "do", "dyn",
    "else", "enum", "extern", "false", "final", "fn", "for", "gen", "if", "impl", "in", "let",
    "loop", "macro", "match", "mod", "move", "mut", "override", "priv", "pub", "ref", "return",
    "static", "struct", "trait", "true", "try", "type", "typeof", "unsafe", "unsized", "use",
    "virtual", "where", "while", "yield",
];

/// Keywords that cannot be raw identifiers.
const PATH_WORDS: &[&str] = &["self", "super", "crate"];

/// The name of the field for a member of the IDL: `powerState` becomes `power_state`.
pub(super) fn field(wire: &'static str) -> Cow<'static, str> {
    let name = snake(wire);
    if name.starts_with(|c: char| c.is_ascii_digit()) {
        Cow::Owned(format!("_{name}"))
    } else if PATH_WORDS.contains(&&*name) {
        Cow::Owned(format!("{name}_"))
    } else if KEYWORDS.contains(&&*name) {
        Cow::Owned(format!("r#{name}"))
    } else {
        name
    }
}

/// Words in lower case with `_` between them. A word starts after `_`, at a capital after a small letter, and at the last
/// capital before a small letter.
fn snake(name: &'static str) -> Cow<'static, str> {
    let plain = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit();
    if name.chars().all(plain) {
        return Cow::Borrowed(name);
    }
    let mut out = String::with_capacity(name.len() + 4);
    for word in name.split('_') {
        let letters: Vec<char> = word.chars().collect();
        // Digits belong to the letters before them.
        let mut last = None;
        for (at, letter) in letters.iter().enumerate() {
            let starts = match last {
                _ if at == 0 => true,
                Some(Case::Small) => letter.is_uppercase(),
                Some(Case::Capital) => {
                    letter.is_uppercase() && letters.get(at + 1).is_some_and(|c| c.is_lowercase())
                }
                None => false,
            };
            if starts && !out.is_empty() {
                out.push('_');
            }
            out.extend(letter.to_lowercase());
            if starts {
                last = None;
            }
            last = Case::of(*letter).or(last);
        }
    }
    Cow::Owned(out)
}

#[derive(Clone, Copy)]
enum Case {
    Small,
    Capital,
}

impl Case {
    fn of(letter: char) -> Option<Self> {
        if letter.is_lowercase() {
            Some(Self::Small)
        } else {
            letter.is_uppercase().then_some(Self::Capital)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::field;

    #[test]
    fn words_are_split_as_the_generator_does() {
        for (wire, rust) in [
            ("label", "label"),
            ("powerState", "power_state"),
            ("imageMD5", "image_md5"),
            ("hasDSTInfo", "has_dst_info"),
            ("getIOP", "get_iop"),
            ("EDevice", "e_device"),
            ("PS_OFF", "ps_off"),
            ("type", "r#type"),
            ("self", "self_"),
            ("_2nd", "_2nd"),
            ("a__b_", "a_b"),
            ("ipv4Address", "ipv4_address"),
            ("aB2C", "a_b2c"),
            ("A1b", "a1b"),
            ("AB1c", "ab1c"),
        ] {
            assert_eq!(field(wire), rust, "{wire}");
        }
    }
}
