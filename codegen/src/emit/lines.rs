//! Text for what is the same in every item but for names: already laid out as prettyplease does, which a
//! test compares. Parsing and formatting these parts would cost more than everything else together.

use std::fmt;

use super::code::{INDENT, WIDTH};
use crate::rust_path::RustPath;

const DECODE: &str = "    fn decode(
        reader: &mut ::xerus_rpc::rt::Reader<'_>,
    ) -> ::core::result::Result<Self, ::xerus_rpc::DecodeError> {
";

const ENCODE: &str = "    fn as_value(&self) -> ::xerus_rpc::Value<'_> {
";

/// How a call of the macro for `serde` starts.
pub(super) const SERDE: &str = "::xerus_rpc::rt::serde!(";

/// The end of the only function of an `impl`.
pub(super) const END: &str = "    }
}
";

/// Lines that stand at a depth of modules, which others write.
pub(super) struct Lines {
    text: String,
    depth: usize,
}

impl Lines {
    pub(super) fn new(depth: usize) -> Self {
        Self {
            text: String::new(),
            depth,
        }
    }

    pub(super) fn finish(self) -> String {
        self.text
    }

    /// A line at a level of blocks.
    pub(super) fn line(&mut self, level: usize, line: fmt::Arguments<'_>) {
        self.indent(level);
        // Writing to a String cannot fail.
        let _ = fmt::Write::write_fmt(&mut self.text, line);
        self.text.push('\n');
    }

    /// Lines as they are, with blank ones between items.
    pub(super) fn block(&mut self, lines: &str) {
        self.text.push_str(lines);
    }

    /// A blank line.
    pub(super) fn blank(&mut self) {
        self.text.push('\n');
    }

    /// Whether something as long as this fits at a level.
    pub(super) fn fits(&self, level: usize, width: usize) -> bool {
        (self.depth + level) * INDENT + width <= WIDTH
    }

    /// The traits by which a value is read and looked at, each with one call.
    pub(super) fn codec(&mut self, name: &str, read: &str, value: &str) {
        self.blank();
        self.implementation("::xerus_rpc::rt::Decode", name);
        self.block(DECODE);
        self.line(2, format_args!("{read}"));
        self.block(END);
        self.blank();
        self.implementation("::xerus_rpc::rt::Encode", name);
        self.block(ENCODE);
        self.line(2, format_args!("{value}"));
        self.block(END);
    }

    /// What `serde` needs of a type; nothing without that feature of the runtime.
    pub(super) fn serde(&mut self, kind: &str, name: &str) {
        self.blank();
        if self.fits(0, SERDE.len() + kind.len() + name.len() + ");".len()) {
            self.line(0, format_args!("{SERDE}{kind}{name});"));
        } else {
            self.line(0, format_args!("{SERDE}"));
            self.line(1, format_args!("{kind}{name}"));
            self.line(0, format_args!(");"));
        }
    }

    /// `impl Trait for Name {`
    pub(super) fn implementation(&mut self, of: &str, name: &str) {
        if self.fits(0, "impl  for  {".len() + of.len() + name.len()) {
            self.line(0, format_args!("impl {of} for {name} {{"));
        } else {
            self.line(0, format_args!("impl {of}"));
            self.line(0, format_args!("for {name} {{"));
        }
    }

    /// `impl Trait for Name {}`
    pub(super) fn marker(&mut self, of: &str, name: &str) {
        if self.fits(0, "impl  for  {".len() + of.len() + name.len()) {
            self.line(0, format_args!("impl {of} for {name} {{}}"));
        } else {
            self.line(0, format_args!("impl {of}"));
            self.line(0, format_args!("for {name} {{}}"));
        }
    }

    /// The function that names the registry.
    pub(super) fn registry(&mut self, registry: &RustPath) {
        self.block("    fn registry() -> &'static ::xerus_rpc::rt::Registry {\n");
        self.line(2, format_args!("&{registry}"));
        self.block("    }\n");
    }

    /// An arm of a `match` over numbers.
    pub(super) fn arm(&mut self, level: usize, number: usize, action: &Action<'_>) {
        let number = number.to_string();
        // The comma may stand beyond the margin.
        if self.fits(level, number.len() + " => ".len() + action.width()) {
            self.indent(level);
            self.text.push_str(&number);
            self.text.push_str(" => ");
            action.append(&mut self.text);
            self.text.push_str(",\n");
        } else {
            self.line(level, format_args!("{number} => {{"));
            self.statement(level + 1, action);
            self.line(level, format_args!("}}"));
        }
    }

    /// An arm whose value is that of the `match`.
    pub(super) fn expression_arm(&mut self, level: usize, number: usize, action: &Action<'_>) {
        let width = number.to_string().len() + " => ".len() + action.width();
        if self.fits(level, width) {
            self.arm(level, number, action);
        } else {
            self.line(level, format_args!("{number} => {{"));
            self.indent(level + 1);
            action.append(&mut self.text);
            self.text.push('\n');
            self.line(level, format_args!("}}"));
        }
    }

    /// A statement.
    pub(super) fn statement(&mut self, level: usize, action: &Action<'_>) {
        let Action {
            target,
            function,
            arguments,
            end,
        } = action;
        let receiver = function.rsplit_once('.');
        if self.fits(level, action.width() + ";".len()) {
            self.indent(level);
            action.append(&mut self.text);
            self.text.push_str(";\n");
        } else if let (Some((receiver, method)), []) = (receiver, arguments) {
            self.line(level, format_args!("{target}{receiver}"));
            self.line(level + 1, format_args!(".{method}(){end};"));
        } else {
            self.line(level, format_args!("{target}{function}("));
            for argument in *arguments {
                self.line(level + 1, format_args!("{argument},"));
            }
            self.line(level, format_args!("){end};"));
        }
    }

    /// `before["a", "b"]after` in one line, or every string on its own.
    pub(super) fn strings<'s>(
        &mut self,
        level: usize,
        before: &str,
        strings: impl Iterator<Item = &'s str> + Clone,
        after: &str,
    ) {
        let mut width = before.len() + after.len() + "[]".len();
        for (at, string) in strings.clone().enumerate() {
            width += string.len() + if at > 0 { "\"\", ".len() } else { "\"\"".len() };
        }
        if self.fits(level, width) {
            self.indent(level);
            self.text.push_str(before);
            self.text.push('[');
            for (at, string) in strings.enumerate() {
                self.text.push_str(if at > 0 { ", \"" } else { "\"" });
                self.text.push_str(string);
                self.text.push('"');
            }
            self.text.push(']');
            self.text.push_str(after);
            self.text.push('\n');
        } else {
            self.line(level, format_args!("{before}["));
            for string in strings {
                self.line(level + 1, format_args!("\"{string}\","));
            }
            self.line(level, format_args!("]{after}"));
        }
    }

    fn indent(&mut self, level: usize) {
        for _ in 0..level {
            self.text.push_str("    ");
        }
    }
}

/// What an arm or a statement does: a call, whose result may be assigned.
pub(super) struct Action<'a> {
    /// `self.x = ` or nothing.
    pub(super) target: &'a str,
    /// What is called.
    pub(super) function: &'a str,
    /// With what.
    pub(super) arguments: &'a [&'a str],
    /// `?` or nothing.
    pub(super) end: &'a str,
}

impl Action<'_> {
    fn width(&self) -> usize {
        let commas = ", ".len() * self.arguments.len().saturating_sub(1);
        let arguments: usize = self.arguments.iter().map(|argument| argument.len()).sum();
        let around = self.target.len() + self.function.len() + "()".len() + self.end.len();
        around + arguments + commas
    }

    fn append(&self, text: &mut String) {
        text.push_str(self.target);
        text.push_str(self.function);
        text.push('(');
        for (at, argument) in self.arguments.iter().enumerate() {
            if at > 0 {
                text.push_str(", ");
            }
            text.push_str(argument);
        }
        text.push(')');
        text.push_str(self.end);
    }
}
