//! Errors and warnings as data, and their rendering.

use crate::source::{SourceMap, Span};

pub mod codes;

/// How bad a diagnostic is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Level {
    /// The input is accepted.
    Warning,
    /// The input is refused.
    Error,
}

/// A stable code such as `X0203`; the full list is in `docs/diagnostics.md`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Code(pub &'static str);

/// One finding.
#[derive(Clone, Debug, PartialEq, Eq)]
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
        Self { level, code, message, span, label: None, related: Vec::new(), help: None }
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
#[derive(Clone, Debug, Default)]
pub struct Diagnostics {
    /// The texts.
    pub sources: SourceMap,
    /// The findings, sorted by file and position.
    pub items: Vec<Diagnostic>,
}
