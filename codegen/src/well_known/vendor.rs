//! The vendor's ids: `vendor.txt`, read.

use std::fmt;

use heck::ToSnakeCase;

use super::constructor_name;
use super::template::{self, Template};

/// The table; its head says what is in it.
const TEXT: &str = include_str!("vendor.txt");

/// What the words of a row take the place of.
const STAR: char = '*';

/// One constructor, by names.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Row {
    /// The interface whose proxy gets it: path without versions.
    pub(super) owner: String,
    /// Its name in Rust.
    pub(super) constructor: String,
    /// Where the object is.
    pub(super) template: Template,
    /// The interface of the object: path without versions.
    pub(super) returned: String,
}

/// A line that is no row.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Fault {
    line: usize,
    kind: Kind,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    Columns,
    Name(String),
    Version(String),
    Star,
    Template(String, template::Fault),
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "vendor.txt:{}: ", self.line)?;
        match &self.kind {
            Kind::Columns => {
                f.write_str("expected interface, name, template and returned interface")
            }
            Kind::Name(name) => write!(f, "`{name}` is no name in snake case"),
            Kind::Version(id) => write!(f, "`{id}` is no interface with a version"),
            Kind::Star => f.write_str(
                "words are for rows with `*` in name and template, and those need words",
            ),
            Kind::Template(text, fault) => write!(f, "`{text}` is no template: {fault}"),
        }
    }
}

/// The rows of the table.
pub(super) fn rows() -> Result<Vec<Row>, Fault> {
    read(TEXT).map(|rows| rows.into_iter().map(|(row, _)| row).collect())
}

/// The rows of a text, each with the version it tells of the returned interface.
pub(super) fn read(text: &str) -> Result<Vec<(Row, String)>, Fault> {
    let mut rows = Vec::new();
    for (at, line) in text.lines().enumerate() {
        let line = line.trim();
        if !line.is_empty() && !line.starts_with('#') {
            let add = |kind| Fault { line: at + 1, kind };
            row(line, &mut rows).map_err(add)?;
        }
    }
    Ok(rows)
}

fn row(line: &str, rows: &mut Vec<(Row, String)>) -> Result<(), Kind> {
    let mut columns = line.split_ascii_whitespace();
    let (Some(owner), Some(name), Some(template), Some(returned)) = (
        columns.next(),
        columns.next(),
        columns.next(),
        columns.next(),
    ) else {
        return Err(Kind::Columns);
    };
    let (returned, version) = match returned.split_once(':') {
        Some((path, version)) if !path.is_empty() && version.split('.').count() == 3 => {
            (path, version)
        }
        _ => return Err(Kind::Version(returned.to_owned())),
    };
    let words: Vec<_> = columns.collect();
    let stars = (name.contains(STAR), template.contains(STAR));
    if stars != (!words.is_empty(), !words.is_empty()) {
        return Err(Kind::Star);
    }
    let mut push = |name: &str, template: &str| {
        let word = (name != "-").then_some(name);
        let constructor = constructor_name(word).ok_or_else(|| Kind::Name(name.to_owned()))?;
        let template =
            Template::new(template).map_err(|fault| Kind::Template(template.to_owned(), fault))?;
        let row = Row {
            owner: owner.to_owned(),
            constructor,
            template,
            returned: returned.to_owned(),
        };
        rows.push((row, version.to_owned()));
        Ok(())
    };
    if words.is_empty() {
        return push(name, template);
    }
    for word in words {
        push(
            &name.replace(STAR, &word.to_snake_case()),
            &template.replace(STAR, word),
        )?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::{Kind, read};
    use crate::well_known::template;

    #[test]
    fn words_make_a_row_each() {
        let rows = read("# head\n\nm.Lamp - /lamp/{lamp} m.Lamp:1.0.0\n  m.Lamp its_* /lamp/{lamp}/* m.Meter:2.0.1 powerFactor x\n").expect("a table");
        let list: Vec<_> = rows
            .iter()
            .map(|(row, version)| {
                let template = row.template.text();
                let (owner, returned) = (row.owner.as_str(), row.returned.as_str());
                (
                    owner,
                    row.constructor.as_str(),
                    template,
                    returned,
                    version.as_str(),
                )
            })
            .collect();
        assert_eq!(
            list,
            [
                ("m.Lamp", "well_known", "/lamp/{lamp}", "m.Lamp", "1.0.0"),
                (
                    "m.Lamp",
                    "well_known_its_power_factor",
                    "/lamp/{lamp}/powerFactor",
                    "m.Meter",
                    "2.0.1"
                ),
                (
                    "m.Lamp",
                    "well_known_its_x",
                    "/lamp/{lamp}/x",
                    "m.Meter",
                    "2.0.1"
                ),
            ]
        );
    }

    #[test]
    fn bad_rows_are_named_by_their_line() {
        for (line, kind) in [
            ("m.Lamp - /lamp", Kind::Columns),
            ("m.Lamp - /lamp m.Lamp", Kind::Version("m.Lamp".to_owned())),
            (
                "m.Lamp - /lamp m.Lamp:1",
                Kind::Version("m.Lamp:1".to_owned()),
            ),
            (
                "m.Lamp Big /lamp m.Lamp:1.0.0",
                Kind::Name("Big".to_owned()),
            ),
            ("m.Lamp - /lamp m.Lamp:1.0.0 word", Kind::Star),
            ("m.Lamp * /lamp/* m.Lamp:1.0.0", Kind::Star),
            ("m.Lamp * /lamp m.Lamp:1.0.0 word", Kind::Star),
            (
                "m.Lamp - lamp m.Lamp:1.0.0",
                Kind::Template("lamp".to_owned(), template::Fault::NoSlash),
            ),
        ] {
            let fault = read(&format!("# head\n{line}\n")).expect_err(line);
            assert_eq!((fault.line, &fault.kind), (2, &kind), "{line}");
            assert!(fault.to_string().starts_with("vendor.txt:2: "), "{fault}");
        }
    }
}
