//! Comments around declarations.

use super::declarations::Writer;
use crate::api::Notes;

impl Writer<'_> {
    /// What stands before a declaration: documentation, choices, annotations.
    pub(super) fn notes(&mut self, notes: &Notes) {
        match notes.leading.as_slice() {
            [] => {}
            [line] => self.line(&format!("/** {line} */")),
            lines => {
                self.line("/**");
                for line in lines {
                    self.line(format!(" * {line}").trim_end());
                }
                self.line(" */");
            }
        }
        for choice in &notes.choices {
            self.line(&format!("// choice: {choice}"));
        }
        for annotation in &notes.annotations {
            self.line(&format!("[{annotation}]"));
        }
    }

    /// A declaration with its documentation behind it.
    pub(super) fn documented(&mut self, declaration: &str, notes: &Notes) {
        let mut lines = notes.trailing.iter();
        match lines.next() {
            None => self.line(declaration),
            Some(first) => self.line(format!("{declaration} ///< {first}").trim_end()),
        }
        let blanks = " ".repeat(declaration.chars().count());
        for line in lines {
            self.line(format!("{blanks} ///< {line}").trim_end());
        }
    }
}
