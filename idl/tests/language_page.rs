//! `docs/idl.md`: its examples give what the page says, and its list of lints is complete.
//!
//! A block with the info string `idl` is a file that gives no message. `idl file=NAME` is the same, and later blocks may
//! include it. `idl wrong` is followed by a `text` block with its messages. A block `text ids` lists the types of the
//! block before it.

#[path = "support/repository.rs"]
mod repository;

use std::path::Path;

use xerus_idl::Idl;
use xerus_idl::diagnostic::Diagnostics;
use xerus_idl::lint::Lint;

/// The name of a block that has none.
const EXAMPLE: &str = "Example.idl";

/// A fenced block: what stands behind the fence, and what is in it.
struct Block<'a> {
    info: &'a str,
    text: String,
    line: usize,
}

fn page() -> Option<String> {
    if repository::is_missing() {
        return None;
    }
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../docs/idl.md");
    Some(std::fs::read_to_string(path).expect("the page is in the repository"))
}

fn blocks(page: &str) -> Vec<Block<'_>> {
    let mut blocks = Vec::new();
    let mut open: Option<Block<'_>> = None;
    for (at, line) in page.lines().enumerate() {
        match (&mut open, line.strip_prefix("```")) {
            (None, Some(info)) => {
                open = Some(Block {
                    info,
                    text: String::new(),
                    line: at + 1,
                });
            }
            (Some(_), Some("")) => blocks.extend(open.take()),
            (Some(block), _) => {
                block.text.push_str(line);
                block.text.push('\n');
            }
            (None, None) => {}
        }
    }
    assert!(open.is_none(), "a block is not closed");
    blocks
}

/// Reads a text together with those that came before it.
fn load(files: &[(&str, &str)], name: &str, text: &str) -> Result<Loaded, Diagnostics> {
    let mut idl = Idl::new();
    for (name, text) in files {
        idl = idl.text(*name, *text);
    }
    let loaded = idl.text(name, text).load()?;
    let ids = loaded
        .model
        .types()
        .filter(|(_, ty)| loaded.sources.file(ty.span.file).file_name() == name)
        .map(|(_, ty)| ty.wire_id.clone())
        .collect();
    Ok(Loaded {
        ids,
        warnings: Diagnostics::new(loaded.sources, loaded.warnings).to_short(),
    })
}

struct Loaded {
    ids: Vec<String>,
    warnings: String,
}

#[test]
fn examples_give_what_the_page_says() {
    let Some(page) = page() else { return };
    let blocks = blocks(&page);
    let mut files: Vec<(&str, &str)> = Vec::new();
    let (mut right, mut wrong) = (0, 0);
    let mut differences = Vec::new();
    for (at, block) in blocks.iter().enumerate() {
        let next = blocks.get(at + 1);
        let place = format!("docs/idl.md:{}", block.line);
        match block.info.split_once(' ').unwrap_or((block.info, "")) {
            ("idl", "wrong") => {
                wrong += 1;
                let expected = next.filter(|next| next.info == "text");
                let expected = expected.unwrap_or_else(|| panic!("{place}: no message behind it"));
                let said = match load(&files, EXAMPLE, &block.text) {
                    Ok(loaded) => loaded.warnings,
                    Err(report) => report.to_short(),
                };
                if said != expected.text {
                    differences.push(format!("{place}\n{said}"));
                }
            }
            ("idl", file) => {
                right += 1;
                let name = file.strip_prefix("file=").unwrap_or(EXAMPLE);
                let loaded = load(&files, name, &block.text)
                    .unwrap_or_else(|report| panic!("{place}: {}", report.to_short()));
                assert_eq!(loaded.warnings, "", "{place}");
                if let Some(ids) = next.filter(|next| next.info == "text ids") {
                    let listed: Vec<&str> = ids.text.lines().collect();
                    assert_eq!(loaded.ids, listed, "{place}");
                }
                if name != EXAMPLE {
                    files.push((name, &block.text));
                }
            }
            _ => {}
        }
    }
    assert!(differences.is_empty(), "{}", differences.join("\n"));
    assert!(
        right >= 3 && wrong >= 8,
        "{right} right and {wrong} wrong examples"
    );
}

#[test]
fn annotations_that_are_listed_mean_something() {
    let Some(page) = page() else { return };
    let section = page
        .split("\n## Annotations\n")
        .nth(1)
        .expect("the section");
    let listed: Vec<&str> = section
        .lines()
        .filter_map(|line| line.strip_prefix("| `[")?.split([']', '(']).next())
        .collect();
    assert!(listed.len() >= 4, "{listed:?}");
    for name in listed.iter().chain(&["shiny"]) {
        let text = format!("module m {{ [{name}] structure S {{ int x; }}; }}");
        let said = match Idl::new().text(EXAMPLE, text).load() {
            Ok(loaded) => Diagnostics::new(loaded.sources, loaded.warnings).to_short(),
            Err(report) => report.to_short(),
        };
        let unknown = said.contains("unknown annotation");
        assert_eq!(unknown, *name == "shiny", "{name}: {said}");
    }
}

#[test]
fn all_lints_are_listed() {
    let Some(page) = page() else { return };
    for lint in Lint::ALL {
        let row = format!("| `{}` | {} |", lint.name(), lint.code().0);
        assert_eq!(page.matches(&row).count(), 1, "{row}");
    }
}
