//! What was recorded beside what was made.

use std::collections::HashMap;

use crate::recording::entry::{Called, What};
use crate::recording::json::Node;
use crate::recording::redaction::{Piece, of_member, pieces};
use crate::secrets::is_kind;

/// What placeholders were found to stand for.
pub(super) type Bindings = HashMap<String, String>;

/// The first place where two calls differ: `params.settings.name: recorded "a", made "b"`.
pub(super) type Difference = String;

/// The longest value shown, in characters.
const SHOWN: usize = 60;

/// Where what was made differs from what was recorded. `None`: it is the same, and `bindings` has what the placeholders
/// stand for.
pub(super) fn difference(
    recorded: &What,
    made: &What,
    bindings: &mut Bindings,
) -> Option<Difference> {
    let mut compare = Compare { bindings };
    match (recorded, made) {
        (What::Call(recorded), What::Call(made))
        | (What::Notify(recorded), What::Notify(made))
        | (What::Stream(recorded), What::Stream(made)) => compare.calls(recorded, made),
        (What::Download(recorded), What::Download(made)) => compare
            .names("path", &recorded.target, &made.target)
            .or_else(|| compare.nodes("query", &recorded.query, &made.query))
            .or_else(|| {
                let differ = recorded.offset != made.offset;
                differ.then(|| {
                    told(
                        "offset",
                        &recorded.offset.to_string(),
                        &made.offset.to_string(),
                    )
                })
            }),
        (What::Upload(recorded), What::Upload(made)) => compare
            .names("path", &recorded.target, &made.target)
            .or_else(|| compare.nodes("query", &recorded.query, &made.query))
            .or_else(|| compare.parts(&recorded.parts, &made.parts)),
        _ => Some(told("what is asked", recorded.word(), made.word())),
    }
}

fn told(path: &str, recorded: &str, made: &str) -> Difference {
    format!("{path}: recorded {recorded}, made {made}")
}

struct Compare<'a> {
    bindings: &'a mut Bindings,
}

impl Compare<'_> {
    fn calls(&mut self, recorded: &Called, made: &Called) -> Option<Difference> {
        if recorded.method != made.method {
            return Some(told("method", &recorded.method, &made.method));
        }
        self.names("object", &recorded.target, &made.target)
            .or_else(|| {
                if recorded.params.is_empty() && made.params.is_empty() {
                    return None;
                }
                self.nodes("params", &recorded.params, &made.params)
            })
    }

    fn names(&mut self, what: &str, recorded: &str, made: &str) -> Option<Difference> {
        (!self.text(recorded, made)).then(|| told(what, recorded, made))
    }

    fn nodes(&mut self, path: &str, recorded: &Node, made: &Node) -> Option<Difference> {
        match (recorded, made) {
            (Node::Text(a), Node::Text(b)) if self.text(a, b) => None,
            (Node::Word(a), Node::Word(b)) if is_same_number(a, b) => None,
            (Node::List(a), Node::List(b)) => {
                let each = a.iter().zip(b).enumerate();
                for (index, (a, b)) in each {
                    let found = self.nodes(&format!("{path}[{index}]"), a, b);
                    if found.is_some() {
                        return found;
                    }
                }
                let count = |list: &[Node]| format!("{} elements", list.len());
                (a.len() != b.len()).then(|| told(path, &count(a), &count(b)))
            }
            (Node::Object(a), Node::Object(_)) => {
                for (name, value) in a {
                    let inside = format!("{path}.{name}");
                    let found = match made.get(name) {
                        Some(other) => self.nodes(&inside, value, other),
                        None => Some(told(&inside, &shown(&inside, value), "nothing")),
                    };
                    if found.is_some() {
                        return found;
                    }
                }
                self.more(path, recorded, made)
            }
            _ => Some(told(path, &shown(path, recorded), &shown(path, made))),
        }
    }

    /// A member that was made and not recorded.
    fn more(&self, path: &str, recorded: &Node, made: &Node) -> Option<Difference> {
        let Node::Object(members) = made else {
            return None;
        };
        let (name, value) = members
            .iter()
            .find(|(name, _)| recorded.get(name).is_none())?;
        let inside = format!("{path}.{name}");
        Some(told(&inside, "nothing", &shown(&inside, value)))
    }

    /// Parts of a form. What either side does not know of a file says nothing.
    fn parts(&mut self, recorded: &Node, made: &Node) -> Option<Difference> {
        let known = |of: &Node, beside: &Node| match of {
            Node::Object(members) => Node::Object(
                members
                    .iter()
                    .filter(|(name, _)| name != "sha256" || beside.get(name).is_some())
                    .cloned()
                    .collect(),
            ),
            other => other.clone(),
        };
        let (Some(a), Some(b)) = (recorded.as_list(), made.as_list()) else {
            return self.nodes("parts", recorded, made);
        };
        let less = |these: &[Node], those: &[Node]| {
            let pairs = these.iter().enumerate();
            let each = pairs.map(|(at, part)| known(part, those.get(at).unwrap_or(part)));
            Node::List(each.collect())
        };
        self.nodes("parts", &less(a, b), &less(b, a))
    }

    /// Whether a text is what was recorded, where a placeholder stands for any text that is not empty, the same each time.
    fn text(&mut self, recorded: &str, made: &str) -> bool {
        if recorded == made {
            return true;
        }
        let mut found = Vec::new();
        if !fits(&pieces(recorded), made, &mut found) {
            return false;
        }
        let agree = |(name, value): &(&str, &str)| {
            let bound = self.bindings.get(*name);
            bound.is_none_or(|bound| bound == value) || name == value
        };
        if !found.iter().all(agree) {
            return false;
        }
        for (name, value) in found {
            if name != value {
                self.bindings.insert(name.to_owned(), value.to_owned());
            }
        }
        true
    }
}

/// Whether the pieces make up a text; `found` gets what their placeholders stand for.
fn fits<'a>(recorded: &[Piece<'a>], made: &'a str, found: &mut Vec<(&'a str, &'a str)>) -> bool {
    let mut left = made;
    for (index, piece) in recorded.iter().enumerate() {
        match piece {
            Piece::Plain(plain) => match left.strip_prefix(plain) {
                Some(rest) => left = rest,
                None => return false,
            },
            Piece::Placeholder(name) => {
                // It ends where the next plain piece begins; two placeholders side by side cannot be told apart.
                let end = match recorded.get(index + 1) {
                    None => Some(left.len()),
                    Some(Piece::Plain(plain)) => left.find(plain),
                    Some(Piece::Placeholder(_)) => left.chars().next().map(char::len_utf8),
                };
                let Some((value, rest)) = end.and_then(|end| left.split_at_checked(end)) else {
                    return false;
                };
                if value.is_empty() {
                    return false;
                }
                found.push((name, value));
                left = rest;
            }
        }
    }
    left.is_empty()
}

/// `1` and `1.0` are one number.
fn is_same_number(a: &str, b: &str) -> bool {
    if a == b {
        return true;
    }
    match (a.parse::<i128>(), b.parse::<i128>()) {
        (Ok(a), Ok(b)) => a == b,
        _ => matches!((a.parse::<f64>(), b.parse::<f64>()), (Ok(a), Ok(b)) if a == b),
    }
}

/// A value for an error: short, and not where it may be a secret.
fn shown(path: &str, value: &Node) -> String {
    let names = path.split(['.', '[']).map(|name| {
        let letters = name.chars().filter(char::is_ascii_alphanumeric);
        letters.map(|c| c.to_ascii_lowercase()).collect::<String>()
    });
    if names
        .into_iter()
        .any(|name| of_member(&name).is_some_and(is_kind))
    {
        return "a secret".to_owned();
    }
    let holds_more = matches!(value, Node::Object(_) | Node::List(_));
    if holds_more {
        // What is in it may be a secret.
        return match value {
            Node::Object(members) => format!("an object of {} members", members.len()),
            _ => "a list".to_owned(),
        };
    }
    let text = value.compact();
    match text.char_indices().nth(SHOWN) {
        Some((end, _)) => format!("{}…", &text[..end]),
        None => text,
    }
}
