//! What is different between two values.

use super::node::Node;
use crate::codec::{Encode, Writer};
use crate::error::{Change, Difference, Shown};
use crate::secrets::{kind_of, normal};

/// What is different from one value to the other.
pub(super) fn difference(before: &dyn Encode, after: &dyn Encode) -> Difference {
    let mut changes = Vec::new();
    let (before, after) = (before.as_value(), after.as_value());
    compare(
        String::new(),
        &Node::of(&before),
        &Node::of(&after),
        Hiding::Nothing,
        &mut changes,
    );
    Difference::new(changes)
}

/// What must not be shown.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Hiding {
    Nothing,
    /// Under the name of a secret: numbers and switches are about it, texts are it.
    Texts,
    /// In a list under the name of a secret, which may be its bytes.
    All,
}

impl Hiding {
    fn under(self, name: &str) -> Self {
        if self == Self::Nothing && kind_of(&normal(name)).is_some() {
            Self::Texts
        } else {
            self
        }
    }

    fn in_list(self) -> Self {
        match self {
            Self::Nothing => Self::Nothing,
            Self::Texts | Self::All => Self::All,
        }
    }
}

fn compare(path: String, before: &Node, after: &Node, hiding: Hiding, changes: &mut Vec<Change>) {
    if before == after {
        return;
    }
    match (before, after) {
        (Node::Members(old), Node::Members(new)) => members(&path, old, new, hiding, changes),
        (Node::Entries(old), Node::Entries(new)) => entries(&path, old, new, hiding, changes),
        (Node::Elements(old), Node::Elements(new)) => elements(&path, old, new, hiding, changes),
        // What comes or goes as a whole is shown by its parts.
        (Node::Members(old), Node::Absent) if !old.is_empty() => {
            members(&path, old, &[], hiding, changes);
        }
        (Node::Absent, Node::Members(new)) if !new.is_empty() => {
            members(&path, &[], new, hiding, changes);
        }
        (Node::Entries(old), Node::Absent) if !old.is_empty() => {
            entries(&path, old, &[], hiding, changes);
        }
        (Node::Absent, Node::Entries(new)) if !new.is_empty() => {
            entries(&path, &[], new, hiding, changes);
        }
        (Node::Elements(old), Node::Absent) if !old.is_empty() => {
            elements(&path, old, &[], hiding, changes);
        }
        (Node::Absent, Node::Elements(new)) if !new.is_empty() => {
            elements(&path, &[], new, hiding, changes);
        }
        _ => match (shown(before, hiding), shown(after, hiding)) {
            (Side::Plain(old), Side::Plain(new)) => changes.push(Change::new(path, old, new)),
            _ => {
                compare(path.clone(), before, &Node::Absent, hiding, changes);
                compare(path, &Node::Absent, after, hiding, changes);
            }
        },
    }
}

fn members(
    path: &str,
    before: &[(String, Node)],
    after: &[(String, Node)],
    hiding: Hiding,
    changes: &mut Vec<Change>,
) {
    let place = |name: &str| match path {
        "" => name.to_owned(),
        path => format!("{path}.{name}"),
    };
    by_name(before, after, &mut |name, old, new| {
        compare(place(name), old, new, hiding.under(name), changes);
    });
}

fn entries(
    path: &str,
    before: &[(String, Node)],
    after: &[(String, Node)],
    hiding: Hiding,
    changes: &mut Vec<Change>,
) {
    by_name(before, after, &mut |key, old, new| {
        let place = format!("{path}[{key}]");
        compare(place, old, new, hiding.under(key), changes);
    });
}

fn elements(
    path: &str,
    before: &[Node],
    after: &[Node],
    hiding: Hiding,
    changes: &mut Vec<Change>,
) {
    for index in 0..before.len().max(after.len()) {
        let old = before.get(index).unwrap_or(&Node::Absent);
        let new = after.get(index).unwrap_or(&Node::Absent);
        let place = format!("{path}[{index}]");
        compare(place, old, new, hiding.in_list(), changes);
    }
}

/// Each name that is in one of two lists, those of the first before others.
fn by_name(
    before: &[(String, Node)],
    after: &[(String, Node)],
    each: &mut dyn FnMut(&str, &Node, &Node),
) {
    for (name, old) in before {
        each(name, old, find(after, name).unwrap_or(&Node::Absent));
    }
    for (name, new) in after {
        if find(before, name).is_none() {
            each(name, &Node::Absent, new);
        }
    }
}

fn find<'n>(list: &'n [(String, Node)], name: &str) -> Option<&'n Node> {
    let found = list.iter().find(|(known, _)| known == name);
    found.map(|(_, node)| node)
}

/// One side of a change.
enum Side {
    Plain(Option<Shown>),
    /// Something with parts.
    Parts,
}

fn shown(node: &Node, hiding: Hiding) -> Side {
    Side::Plain(Some(match node {
        Node::Absent => return Side::Plain(None),
        Node::Opaque(_) => Shown::Hidden,
        Node::Text(_) if hiding != Hiding::Nothing => Shown::Hidden,
        Node::Plain(_) if hiding == Hiding::All => Shown::Hidden,
        Node::Text(text) => Shown::Json(quoted(text)),
        Node::Plain(text) => Shown::Json(text.clone()),
        Node::Word(text) => Shown::Word(text.clone()),
        Node::Members(parts) if parts.is_empty() => Shown::Json("{}".to_owned()),
        Node::Entries(parts) if parts.is_empty() => Shown::Json("[]".to_owned()),
        Node::Elements(parts) if parts.is_empty() => Shown::Json("[]".to_owned()),
        Node::Members(_) | Node::Entries(_) | Node::Elements(_) => return Side::Parts,
    }))
}

fn quoted(text: &str) -> String {
    let mut writer = Writer::new();
    writer.string(text);
    // Texts can always be written.
    let json = writer.finish_json();
    json.map_or_else(|_| String::new(), |json| json.get().to_owned())
}
