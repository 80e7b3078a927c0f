use std::fmt;
use std::ops::Range;

/// Why a text is no mark, or not the mark that it wants to be.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum ProblemKind {
    /// A mark with arguments that it does not take, or without those that it needs.
    Arguments,
    /// A mark that says again, or takes back, what one before it says.
    Repeated,
    /// A mark that nobody knows.
    Unknown,
    /// Text that is no mark, where only marks may stand.
    Prose,
}

/// One thing that is wrong with marks.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Problem {
    /// What sort of problem.
    pub kind: ProblemKind,
    /// Where in the text, in bytes.
    pub place: Range<usize>,
    /// What is wrong: lower case, no final stop.
    pub message: String,
    /// The way out.
    pub help: String,
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.message, self.help)
    }
}

/// Everything that is wrong with a text of marks, in order; at least one problem.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MarkErrors(pub(super) Vec<Problem>);

impl MarkErrors {
    /// The problems.
    #[must_use]
    pub fn problems(&self) -> &[Problem] {
        &self.0
    }
}

impl fmt::Display for MarkErrors {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (at, problem) in self.0.iter().enumerate() {
            if at > 0 {
                f.write_str("; ")?;
            }
            fmt::Display::fmt(problem, f)?;
        }
        Ok(())
    }
}

impl std::error::Error for MarkErrors {}
