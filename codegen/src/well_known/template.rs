//! Templates of resource ids, checked.

use std::fmt;

use heck::ToSnakeCase;

use crate::names;

/// The longest template, in bytes. Resource ids have at most 4096.
const LONGEST: usize = 1024;

/// What ends the name of a placeholder for a text.
const TEXT: &str = ":str";

/// Ids below this are made by devices only.
const OPAQUE: &str = "tfwopaque";

/// Parameters of constructors beside the placeholders.
const TAKEN: [&str; 1] = ["agent"];

/// A template of resource ids, such as `/model/pdu/{unit}`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Template {
    text: String,
    placeholders: Vec<Placeholder>,
}

/// A segment that a value takes the place of.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Placeholder {
    /// As written, without what says that it is a text.
    pub(crate) name: String,
    /// Whether the value is a text; otherwise it is a number.
    pub(crate) is_text: bool,
}

/// Why a text is no template.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Fault {
    NoSlash,
    TooLong,
    Empty,
    Dots,
    Opaque,
    Character(char),
    Placeholder(String),
    Taken(String),
    Twice(String),
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NoSlash => f.write_str("it does not start with a slash"),
            Self::TooLong => write!(f, "it is longer than {LONGEST} bytes"),
            Self::Empty => f.write_str("it has an empty segment"),
            Self::Dots => f.write_str("it has a segment of dots"),
            Self::Opaque => write!(f, "ids below `/{OPAQUE}` are made by devices only"),
            Self::Character(c) => write!(
                f,
                "{c:?} cannot stand in it; letters, digits and `-._~:@` can"
            ),
            Self::Placeholder(text) => write!(
                f,
                "`{text}` is neither `{{name}}`, for a number, nor `{{name:str}}`; names are in \
                 snake case"
            ),
            Self::Taken(name) => write!(f, "a placeholder cannot be called `{name}`"),
            Self::Twice(name) => write!(f, "two placeholders are called `{name}`"),
        }
    }
}

impl Template {
    /// Reads a template.
    pub(crate) fn new(text: &str) -> Result<Self, Fault> {
        let path = text.strip_prefix('/').ok_or(Fault::NoSlash)?;
        if text.len() > LONGEST {
            return Err(Fault::TooLong);
        }
        let mut placeholders: Vec<Placeholder> = Vec::new();
        for (at, segment) in path.split('/').enumerate() {
            if segment.contains(['{', '}']) {
                let placeholder = placeholder(segment)?;
                if placeholders
                    .iter()
                    .any(|other| other.name == placeholder.name)
                {
                    return Err(Fault::Twice(placeholder.name));
                }
                placeholders.push(placeholder);
            } else {
                literal(segment)?;
                if at == 0 && segment == OPAQUE {
                    return Err(Fault::Opaque);
                }
            }
        }
        Ok(Self {
            text: text.to_owned(),
            placeholders,
        })
    }

    /// The template as written.
    pub(crate) fn text(&self) -> &str {
        &self.text
    }

    /// What has to be filled in, in order.
    pub(crate) fn placeholders(&self) -> &[Placeholder] {
        &self.placeholders
    }
}

impl Placeholder {
    /// The name of the parameter.
    pub(crate) fn parameter(&self) -> String {
        names::field(&self.name)
    }
}

/// Whether a text is a Rust name in snake case of ASCII, apart from keywords.
pub(super) fn is_word(text: &str) -> bool {
    text.starts_with(|c: char| c.is_ascii_lowercase())
        && text.is_ascii()
        && text.to_snake_case() == text
}

fn literal(segment: &str) -> Result<(), Fault> {
    if segment.is_empty() {
        return Err(Fault::Empty);
    }
    if matches!(segment, "." | "..") {
        return Err(Fault::Dots);
    }
    let odd = |c: &char| !(c.is_ascii_alphanumeric() || "-._~:@".contains(*c));
    match segment.chars().find(odd) {
        Some(c) => Err(Fault::Character(c)),
        None => Ok(()),
    }
}

fn placeholder(segment: &str) -> Result<Placeholder, Fault> {
    let bad = || Fault::Placeholder(segment.to_owned());
    let inner = segment
        .strip_prefix('{')
        .and_then(|rest| rest.strip_suffix('}'))
        .ok_or_else(bad)?;
    let (name, is_text) = match inner.strip_suffix(TEXT) {
        Some(name) => (name, true),
        None => (inner, false),
    };
    if TAKEN.contains(&name) {
        return Err(Fault::Taken(name.to_owned()));
    }
    if !is_word(name) {
        return Err(bad());
    }
    Ok(Placeholder {
        name: name.to_owned(),
        is_text,
    })
}

#[cfg(test)]
mod tests {
    use super::{Fault, Template};

    #[test]
    fn templates_tell_what_to_fill_in() {
        let template = Template::new("/model/pdu/{unit}/x.cgi/{type:str}").expect("a template");
        assert_eq!(template.text(), "/model/pdu/{unit}/x.cgi/{type:str}");
        let list: Vec<_> = template
            .placeholders()
            .iter()
            .map(|one| (one.name.as_str(), one.parameter(), one.is_text))
            .collect();
        assert_eq!(
            list,
            [
                ("unit", "unit".to_owned(), false),
                ("type", "r#type".to_owned(), true)
            ]
        );
    }

    #[test]
    fn what_is_no_template_is_refused() {
        let placeholder = |text: &str| Fault::Placeholder(text.to_owned());
        for (text, fault) in [
            ("", Fault::NoSlash),
            ("model", Fault::NoSlash),
            ("/", Fault::Empty),
            ("//x", Fault::Empty),
            ("/x/", Fault::Empty),
            ("/x/../y", Fault::Dots),
            ("/.", Fault::Dots),
            ("/tfwopaque/x", Fault::Opaque),
            ("/tfwopaque", Fault::Opaque),
            ("/a b", Fault::Character(' ')),
            ("/a%20b", Fault::Character('%')),
            ("/a?b", Fault::Character('?')),
            ("/a\"b", Fault::Character('"')),
            ("/ä", Fault::Character('ä')),
            ("/{}", placeholder("{}")),
            ("/{a}b", placeholder("{a}b")),
            ("/a{b}", placeholder("a{b}")),
            ("/{a", placeholder("{a")),
            ("/{A}", placeholder("{A}")),
            ("/{1}", placeholder("{1}")),
            ("/{a-b}", placeholder("{a-b}")),
            ("/{a_}", placeholder("{a_}")),
            ("/{a:int}", placeholder("{a:int}")),
            ("/{ä}", placeholder("{ä}")),
            ("/{a{b}}", placeholder("{a{b}}")),
            ("/{agent}", Fault::Taken("agent".to_owned())),
            ("/{a}/{a:str}", Fault::Twice("a".to_owned())),
        ] {
            let refused = Template::new(text).expect_err(text);
            assert_eq!(refused, fault, "{text}");
            assert!(!refused.to_string().is_empty());
        }
        let long = format!("/{}", "a".repeat(1024));
        assert_eq!(Template::new(&long), Err(Fault::TooLong));
    }
}
