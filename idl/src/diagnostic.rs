//! Errors and warnings as data, and their rendering.

use crate::source::{SourceMap, Span};

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

/// A source map and what was found in it.
#[derive(Clone, Debug, Default)]
pub struct Diagnostics {
    /// The texts.
    pub sources: SourceMap,
    /// The findings, sorted by file and position.
    pub items: Vec<Diagnostic>,
}
