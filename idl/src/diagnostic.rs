//! Errors and warnings as data, and their rendering.

pub mod codes;
mod json;
pub(crate) mod limit;
mod render;

use std::borrow::Cow;
use std::fmt;
use std::path::PathBuf;

pub use self::limit::MAX_ERRORS;
use crate::source::{SourceMap, Span};

/// How bad a diagnostic is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Level {
    /// The input is accepted.
    Warning,
    /// The input is refused.
    Error,
}

impl Level {
    /// `error` or `warning`.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::Warning => "warning",
            Self::Error => "error",
        }
    }
}

/// A stable code such as `X0203`; here is [the full list](https://github.com/xerus-rs/xerus-rs/blob/main/docs/diagnostics.md).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Code(pub &'static str);

/// One finding.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Diagnostic {
    /// Its level.
    pub level: Level,
    /// Its code.
    pub code: Code,
    /// What is wrong, one line, lower case, no final stop.
    pub message: String,
    /// The place reported to the user.
    pub span: Span,
    /// Text beside the marked place.
    pub label: Option<String>,
    /// Other places that matter, with a text each ("first declared here").
    pub related: Vec<(Span, String)>,
    /// The way out.
    pub help: Option<String>,
}

impl Diagnostic {
    /// An error without details.
    #[must_use]
    pub fn error(code: Code, span: Span, message: impl Into<String>) -> Self {
        Self::new(Level::Error, code, span, message.into())
    }

    /// A warning without details.
    #[must_use]
    pub fn warning(code: Code, span: Span, message: impl Into<String>) -> Self {
        Self::new(Level::Warning, code, span, message.into())
    }

    const fn new(level: Level, code: Code, span: Span, message: String) -> Self {
        Self {
            level,
            code,
            message,
            span,
            label: None,
            related: Vec::new(),
            help: None,
        }
    }

    /// Puts a text beside the marked place.
    #[must_use]
    pub fn mark(mut self, label: impl Into<String>) -> Self {
        self.label = Some(label.into());
        self
    }

    /// Adds another place that matters.
    #[must_use]
    pub fn see(mut self, span: Span, text: impl Into<String>) -> Self {
        self.related.push((span, text.into()));
        self
    }

    /// Says the way out.
    #[must_use]
    pub fn hint(mut self, help: impl Into<String>) -> Self {
        self.help = Some(help.into());
        self
    }

    /// Whether the input is refused for it.
    #[must_use]
    pub fn is_error(&self) -> bool {
        self.level == Level::Error
    }
}

/// A source map and what was found in it.
#[derive(Clone, Default)]
#[non_exhaustive]
pub struct Diagnostics {
    /// The texts.
    pub sources: SourceMap,
    /// The findings, sorted by file and position; of each file at most 100 errors and 100 warnings, and a note behind
    /// them that counts the others.
    pub items: Vec<Diagnostic>,
    /// Files and directories that the findings depend on, as [`Loaded::dependencies`](crate::Loaded::dependencies) has
    /// them for input without errors.
    pub dependencies: Vec<PathBuf>,
}

impl Diagnostics {
    /// Sorts findings by file and position; what was found twice is kept once, and what is too much for one file is
    /// counted only ([`codes::TOO_MANY_ERRORS`]).
    #[must_use]
    pub fn new(sources: SourceMap, mut items: Vec<Diagnostic>) -> Self {
        limit::sort(&mut items);
        items.dedup_by(|a, b| (a.span, a.code) == (b.span, b.code) && a.message == b.message);
        Self {
            sources,
            items: limit::cut(items),
            dependencies: Vec::new(),
        }
    }

    /// Whether at least one finding is an error.
    #[must_use]
    pub fn has_errors(&self) -> bool {
        self.items.iter().any(Diagnostic::is_error)
    }

    /// The findings as text: snippets without colours.
    #[must_use]
    pub fn to_plain(&self) -> String {
        render::human(&self.sources, &self.items, false)
    }

    /// The findings as text with ANSI colours, for a terminal.
    #[must_use]
    pub fn to_colored(&self) -> String {
        render::human(&self.sources, &self.items, true)
    }

    /// One line per finding: `file:line:col: error: text`.
    #[must_use]
    pub fn to_short(&self) -> String {
        self.items
            .iter()
            .map(|item| short(&self.sources, item) + "\n")
            .collect()
    }

    /// One JSON object per finding and line; the members are `level`, `code`, `message`, `file`, `line`, `column`,
    /// `end_line`, `end_column`, `label`, `help` and `related` (`file`, `line`, `column`, `message` each).
    #[must_use]
    pub fn to_json(&self) -> String {
        self.items
            .iter()
            .map(|item| json::line(&self.sources, item))
            .collect()
    }
}

/// `file:line:col: error: text`, without line end.
#[must_use]
pub fn short(sources: &SourceMap, item: &Diagnostic) -> String {
    let position = sources.position(item.span);
    format!(
        "{}:{}:{}: {}: {}",
        visible(sources.file(item.span.file).name()),
        position.line,
        position.column,
        item.level.word(),
        visible(&item.message)
    )
}

/// A text for a terminal: control characters, which names and strings may hold, are spelt out.
fn visible(text: &str) -> Cow<'_, str> {
    if !text.contains(char::is_control) {
        return Cow::Borrowed(text);
    }
    let spell = |c: char| match c.is_control() {
        true => c.escape_default().to_string(),
        false => c.to_string(),
    };
    Cow::Owned(text.chars().map(spell).collect())
}

impl fmt::Display for Diagnostics {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.to_plain())
    }
}

/// The report, since this is what `unwrap` and `fn main() -> Result<…>` print.
impl fmt::Debug for Diagnostics {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("\n")?;
        fmt::Display::fmt(self, f)
    }
}

impl std::error::Error for Diagnostics {}
