//! Features as lines of a `Cargo.toml`.

use std::fmt;

use super::{FULL, Feature, SERVER};
use crate::difference::difference;

/// The comment lines between which the features of a `Cargo.toml` are written, in its table `[features]`.
pub const MARKERS: [&str; 2] = [
    "# Features of the IDL modules, written by `xerus generate --cargo-toml`; changes will be lost.",
    "# End of the features of the IDL modules.",
];

/// The longest line of the list of all features.
const WIDTH: usize = 100;

/// A `Cargo.toml` that has no place for the features.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum NoMarkers {
    /// One of the two lines is not there.
    Missing,
    /// A line is there more than once, or the second before the first.
    Misplaced,
}

impl fmt::Display for NoMarkers {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let [first, last] = MARKERS;
        match self {
            Self::Missing => write!(
                f,
                "there is no place for the features; add these lines to it:\n\n[features]\n{first}\n{last}"
            ),
            Self::Misplaced => write!(
                f,
                "these lines have to be there once each and in this order:\n\n{first}\n{last}"
            ),
        }
    }
}

impl std::error::Error for NoMarkers {}

/// What a `Cargo.toml` with these features looks like.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Manifest {
    /// The whole text.
    pub text: String,
    /// Whether it is what was there before.
    pub fresh: bool,
    old: String,
}

impl Manifest {
    /// A short account of the first difference from what was there before; empty when there is none.
    #[must_use]
    pub fn difference(&self) -> String {
        if self.fresh {
            String::new()
        } else {
            difference(&self.old, &self.text)
        }
    }
}

/// Writes features between the two [`MARKERS`] of a `Cargo.toml`: [`FULL`], one line for each feature with a
/// comment before it, and [`SERVER`] when there is a server side. Nothing else is touched; line ends are kept.
///
/// # Errors
///
/// When the markers are not there.
pub fn manifest(old: &str, features: &[Feature], server: bool) -> Result<Manifest, NoMarkers> {
    let [first, last] = MARKERS.map(|marker| {
        let mut found = starts(old, marker);
        (found.next(), found.next())
    });
    let (start, end) = match (first, last) {
        ((Some(start), None), (Some(end), None)) if start < end => (start, end),
        ((None, _), _) | (_, (None, _)) => return Err(NoMarkers::Missing),
        _ => return Err(NoMarkers::Misplaced),
    };
    let (head, rest) = old.split_at(start);
    let (marker_line, _) = rest.split_at(rest.find('\n').map_or(rest.len(), |at| at + 1));
    let line_end = if marker_line.ends_with("\r\n") {
        "\r\n"
    } else {
        "\n"
    };
    let lines = lines(features, server).replace('\n', line_end);
    let tail = old.get(end..).expect("the marker was found there");
    let text = format!("{head}{marker_line}{lines}{tail}");
    let fresh = text == old;
    let old = old.to_owned();
    Ok(Manifest { text, fresh, old })
}

/// Where lines with this text start.
fn starts(text: &str, line: &str) -> impl Iterator<Item = usize> {
    let mut at = 0;
    text.split_inclusive('\n').filter_map(move |found| {
        let start = at;
        at += found.len();
        (found.trim_end() == line).then_some(start)
    })
}

fn lines(features: &[Feature], server: bool) -> String {
    let mut text = String::from("## All modules; without `server`.\n");
    text.push_str(&format!("{FULL} = [\n"));
    let mut line = String::new();
    for feature in features {
        let entry = format!("\"{}\",", feature.name);
        if !line.is_empty() && line.len() + entry.len() + 5 > WIDTH {
            text.push_str(&format!("    {line}\n"));
            line.clear();
        }
        if !line.is_empty() {
            line.push(' ');
        }
        line.push_str(&entry);
    }
    if !line.is_empty() {
        text.push_str(&format!("    {line}\n"));
    }
    text.push_str("]\n");
    if server {
        text.push_str(&format!(
            "## The server side of the modules whose features are on.\n{SERVER} = []\n"
        ));
    }
    for feature in features {
        text.push_str(&format!("## {}", feature.docs));
        if !feature.parts.is_empty() {
            let parts: Vec<_> = feature
                .parts
                .iter()
                .map(|part| format!("`{part}`"))
                .collect();
            text.push_str(&format!(" With what it needs of {}.", parts.join(", ")));
        }
        text.push_str(&format!("\n{} = []\n", feature.name));
    }
    text
}
