//! Syntax tree to canonical IDL text.
//!
//! The layout works on tokens and comments, so it cannot change what a file says: blanks and line ends are all
//! that differs. Printing what was printed changes nothing.
//!
//! * Four blanks per level, one declaration, enumerator or annotation per line.
//! * At most one blank line where the author had one or more.
//! * Parameter lists beyond 100 columns go on behind their `(`.
//! * Comments stay where they are: before a declaration, behind it (in one column with their neighbours), or
//!   inside of it. A leading comment on the line of the declaration before moves to a line of its own.

mod align;
mod comment;
mod items;
mod layout;
mod logical;
mod tree;

use crate::diagnostic::Diagnostics;
use crate::parse::parse;
use crate::source::SourceMap;
use crate::syntax::File;

/// The canonical text of a parsed file, with all its comments.
#[must_use]
pub fn print(sources: &SourceMap, file: &File) -> String {
    layout::layout(sources, file.id)
}

/// The canonical text of a tree that need not come from a text; comments, which are places only, are left out.
#[must_use]
pub fn print_tree(file: &File) -> String {
    let mut sources = SourceMap::default();
    let id = sources.add("", None, tree::text(file));
    layout::layout(&sources, id)
}

/// The canonical form of a text; the name is for the report.
///
/// ```
/// let text = xerus_idl::print::format("a.idl", "module m{structure S{int x;///< why\n};}")?;
/// assert_eq!(text, "module m {\n    structure S {\n        int x;  ///< why\n    };\n}\n");
/// # Ok::<(), xerus_idl::Diagnostics>(())
/// ```
///
/// # Errors
///
/// Its errors and warnings, if it has errors of syntax.
pub fn format(name: &str, text: &str) -> Result<String, Diagnostics> {
    let mut sources = SourceMap::default();
    let id = sources.add(name, None, text);
    let mut found = Vec::new();
    match parse(&sources, id, &mut found) {
        Some(file) => Ok(print(&sources, &file)),
        None => Err(Diagnostics::new(sources, found)),
    }
}

/// The column behind a text that begins in a column (from 0): tabs reach to multiples of 8.
fn column_after(column: usize, text: &str) -> usize {
    text.chars()
        .fold(column, |column, character| match character {
            '\t' => column + 8 - column % 8,
            _ => column + 1,
        })
}

/// The column behind a text of one or several lines whose first one begins in a column.
fn last_column(column: usize, text: &str) -> usize {
    match text.rfind('\n') {
        Some(end) => column_after(0, &text[end + 1..]),
        None => column_after(column, text),
    }
}
