use super::clean::push_clean;
use super::inline::{code, escape, inline};
use super::sections::{Block, Document};
use crate::model::Docs;

/// Translates a documentation text with Doxygen marks to Markdown for rustdoc.
///
/// `@param` and `@return` become lists under headings of their own, wherever they stand; `@note`
/// and the like become a bold lead-in. Nothing in the result is taken for a link, HTML or a doc
/// test: what looks like markup is escaped, verbatim blocks are fenced as text, URLs are bracketed.
/// Any text is accepted.
#[must_use]
pub fn markdown(text: &str) -> String {
    let document = Document::parse(text);
    let mut out = String::new();
    let mut was_item = false;
    for block in &document.body {
        let text = match block {
            Block::Paragraph(text) | Block::Item(text) => inline(text),
            Block::Remark(lead, text) => format!("**{lead}** {}", inline(text)),
            Block::Code(text) => fenced(text),
        };
        if text.is_empty() {
            continue;
        }
        let is_item = matches!(block, Block::Item(_));
        separate(&mut out, is_item && was_item);
        was_item = is_item;
        if is_item {
            item(&mut out, &text);
        } else {
            out.push_str(&text);
        }
    }
    if !document.parameters.is_empty() {
        separate(&mut out, false);
        out.push_str("# Parameters\n");
        for (name, text) in &document.parameters {
            out.push('\n');
            let text = inline(text);
            let separator = if text.is_empty() { "" } else { ": " };
            item(&mut out, &format!("{}{separator}{text}", code(name)));
        }
    }
    let returns: Vec<_> = document.returns.iter().map(|text| inline(text)).collect();
    if returns.iter().any(|text| !text.is_empty()) {
        separate(&mut out, false);
        out.push_str("# Returns\n");
        for text in returns.iter().filter(|text| !text.is_empty()) {
            out.push('\n');
            item(&mut out, text);
        }
    }
    out.lines()
        .map(str::trim_end)
        .collect::<Vec<_>>()
        .join("\n")
}

/// The documentation of an item as Markdown: a heading of a group in bold, then the text.
#[must_use]
pub fn rustdoc(docs: &Docs) -> Option<String> {
    let text = docs
        .text
        .as_deref()
        .map(markdown)
        .filter(|text| !text.is_empty());
    let heading = docs.heading.as_deref().map(|heading| {
        if heading.contains(['\n', '@', '\\', '`', '<', '*', '_', '[', '%', '{', '#']) {
            markdown(heading)
        } else {
            let heading = escape(heading.trim());
            if heading.trim().is_empty() {
                String::new()
            } else {
                format!("**{heading}**")
            }
        }
    });
    match (heading.filter(|heading| !heading.is_empty()), text) {
        (Some(heading), Some(text)) => Some(format!("{heading}\n\n{text}")),
        (heading, text) => heading.or(text),
    }
}

fn separate(out: &mut String, is_tight: bool) {
    if !out.is_empty() {
        out.push_str(if is_tight { "\n" } else { "\n\n" });
    }
}

/// An item of a list, its further lines indented.
fn item(out: &mut String, text: &str) {
    out.push_str("- ");
    out.push_str(&text.lines().collect::<Vec<_>>().join("\n  "));
}

/// A fenced block that is no doc test.
fn fenced(text: &str) -> String {
    let runs = text.split(|c| c != '`').map(str::len);
    let longest = runs.max().expect("a split has at least one part");
    let fence = "`".repeat(longest.max(2) + 1);
    let mut out = format!("{fence}text\n");
    push_clean(&mut out, &text.replace('\t', "    "));
    out.push('\n');
    out.push_str(&fence);
    out
}
