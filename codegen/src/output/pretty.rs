//! Text as prettyplease writes it, item by item: the syntax tree of a whole API would take hundreds of
//! megabytes, and modules can be formatted on several threads.

use std::mem;

use proc_macro2::{Ident, TokenStream};
use quote::quote;

use super::Output;
use super::{Aside, CODE_MARK, DOC_MARK, Numbered, Part};
use crate::runtime_path::RuntimePath;

const INDENT: &str = "    ";

/// Formatted text.
pub(crate) struct Pretty<'d> {
    aside: &'d Aside,
    runtime: Option<&'d RuntimePath>,
    text: String,
    depth: usize,
    /// The first item that could not be formatted, which is a fault of the generator.
    fault: Option<String>,
}

impl<'d> Pretty<'d> {
    /// Starts inside `depth` modules that somebody else writes.
    pub(crate) fn new(aside: &'d Aside, runtime: Option<&'d RuntimePath>, depth: usize) -> Self {
        Self {
            aside,
            runtime,
            text: String::new(),
            depth,
            fault: None,
        }
    }

    /// The text.
    ///
    /// # Errors
    ///
    /// When an item was no Rust.
    pub(crate) fn finish(self) -> Result<String, String> {
        match self.fault {
            None => Ok(self.text),
            Some(fault) => Err(fault),
        }
    }

    /// The lines of formatted items, without those of the modules around them.
    fn format(&mut self, tokens: TokenStream) -> Option<String> {
        let mut file: syn::File = match syn::parse2(tokens) {
            Ok(file) => file,
            Err(error) => {
                self.fault.get_or_insert(error.to_string());
                return None;
            }
        };
        for _ in 0..self.depth {
            let items = mem::take(&mut file.items);
            let mut outer: syn::ItemMod = syn::parse_quote!(
                mod m {}
            );
            outer.content = Some((syn::token::Brace::default(), items));
            file.items.push(syn::Item::Mod(outer));
        }
        Some(prettyplease::unparse(&file))
    }

    fn blank_line(&mut self) {
        if !self.text.is_empty() && !self.text.ends_with("{\n") {
            self.text.push('\n');
        }
    }

    fn doc(&mut self, indent: &str, lines: &[String]) {
        for line in lines {
            self.text.push_str(indent);
            self.text.push_str("///");
            if !line.is_empty() {
                self.text.push(' ');
                self.text.push_str(line);
            }
            self.text.push('\n');
        }
    }

    /// Appends lines that were laid out for this depth.
    fn indented(&mut self, text: &str) {
        for line in text.lines() {
            if !line.is_empty() {
                for _ in 0..self.depth {
                    self.text.push_str(INDENT);
                }
            }
            self.text.push_str(line);
            self.text.push('\n');
        }
    }

    /// Appends formatted lines: marks become what they stand for, and a blank line separates items that have bodies.
    fn append(&mut self, formatted: &str, last: &str) {
        let count = formatted.lines().count();
        let inner = count.saturating_sub(2 * self.depth);
        let aside = match self.aside {
            Aside::Nothing => Numbered::default(),
            Aside::Numbered(table) => mem::take(&mut *table.borrow_mut()),
        };
        let mut before = "";
        for (at, line) in formatted.lines().skip(self.depth).take(inner).enumerate() {
            let trimmed = line.trim_start();
            let indent = &line[..line.len() - trimmed.len()];
            if starts_item(before, trimmed) {
                self.text.push('\n');
            }
            before = trimmed;
            let number = trimmed
                .strip_prefix("///")
                .and_then(|text| text.strip_prefix(DOC_MARK));
            // The text of an attribute of the user is whatever it is.
            let entry = number.and_then(|number| aside.docs.get(number.parse::<usize>().ok()?));
            if let Some(lines) = entry {
                self.doc(indent, lines);
                continue;
            }
            let line = if at + 1 == inner {
                line.strip_suffix(last).unwrap_or(line)
            } else {
                line
            };
            if let Some((start, number, end)) = code_mark(line)
                && let Some(code) = aside.code.get(number)
            {
                self.text.push_str(start);
                self.text.push_str(code);
                self.text.push_str(end);
                before = end;
            } else {
                self.text.push_str(line);
            }
            self.text.push('\n');
        }
    }
}

/// The mark of code that ends a line, with what is before and behind it.
fn code_mark(line: &str) -> Option<(&str, usize, &str)> {
    let (line, end) = match line.strip_suffix(';') {
        Some(line) => (line, ";"),
        None => (line, ""),
    };
    let (start, number) = line.strip_suffix(CODE_MARK.1)?.rsplit_once(CODE_MARK.0)?;
    let stands_alone = start.is_empty() || start.ends_with(' ');
    stands_alone.then_some((start, number.parse().ok()?, end))
}

/// Whether a line starts an item that stands apart from what is before it.
fn starts_item(before: &str, line: &str) -> bool {
    const STARTS: [&str; 7] = ["///", "#[", "pub ", "impl ", "fn ", "impl<", "static "];
    match before {
        "}" => STARTS.iter().any(|start| line.starts_with(start)),
        _ => {
            before.ends_with(';')
                && ["impl ", "#[cfg("]
                    .iter()
                    .any(|start| line.starts_with(start))
        }
    }
}

impl Output for Pretty<'_> {
    fn open(&mut self, docs: Vec<String>, attributes: TokenStream, name: &Ident) {
        self.blank_line();
        let indent = INDENT.repeat(self.depth);
        self.doc(&indent, &docs);
        if let Some(formatted) = self.format(quote!(#attributes pub mod #name {})) {
            self.append(&formatted, "}");
        }
        self.depth += 1;
    }

    fn item(&mut self, parts: Vec<Part>) {
        for part in parts {
            self.blank_line();
            let tokens = match (part, self.runtime) {
                (Part::Tokens(tokens), None) => tokens,
                (Part::Tokens(tokens), Some(runtime)) => runtime.put_into(tokens),
                // It is laid out for the default path.
                (Part::Text(text), Some(runtime)) => match text.parse() {
                    Ok(tokens) => runtime.put_into(tokens),
                    Err(error) => {
                        self.fault.get_or_insert(error.to_string());
                        continue;
                    }
                },
                (Part::Text(text), None) => {
                    self.indented(&text);
                    continue;
                }
            };
            if let Some(formatted) = self.format(tokens) {
                self.append(&formatted, "");
            }
        }
    }

    fn close(&mut self) {
        self.depth -= 1;
        self.text.push_str(&INDENT.repeat(self.depth));
        self.text.push_str("}\n");
    }
}
