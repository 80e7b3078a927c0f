//! What an import found out, chose and lost.

use std::fmt;

/// Everything worth knowing about an import that the IDL itself does not say.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct Report {
    /// Name of the package: `raritan`; `dump` for a dump.
    pub package: String,
    /// Its version: `4.4.1.53217`; `None` when the input does not say.
    pub version: Option<String>,
    /// Findings, sorted by kind and place.
    pub findings: Vec<Finding>,
}

/// One remark.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
#[non_exhaustive]
pub struct Finding {
    /// What sort of remark.
    pub kind: FindingKind,
    /// What it is about: an IDL path (`pdumodel.Panel_2_0_0.getCircuits`), a file or the package.
    pub place: String,
    /// The remark.
    pub text: String,
}

/// Where something that the package does not say comes from, or what became of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[non_exhaustive]
pub enum FindingKind {
    /// Part of the package that was not understood and is missing from the result, as
    /// [`lenient`](crate::Importer::lenient) allows.
    LeftOut,
    /// No source has it; what was written is a choice, with a `// choice: …` comment beside it.
    Choice,
    /// Python does not carry it; it is missing from the result or written in a plain form.
    Lost,
    /// Taken from the built-in table of what IDL of the vendor says.
    Table,
    /// Taken from the IDL given with `like`.
    Like,
    /// Part of the package, but no part of the API.
    Skipped,
    /// A warning of `xerus check` about the result.
    Warning,
}

impl FindingKind {
    /// All of them, in order of weight.
    pub const ALL: [Self; 7] = [
        Self::LeftOut,
        Self::Choice,
        Self::Lost,
        Self::Table,
        Self::Like,
        Self::Skipped,
        Self::Warning,
    ];

    /// A word for it: `left out`, `choice`, `lost`, `table`, `like`, `skipped`, `warning`.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::LeftOut => "left out",
            Self::Choice => "choice",
            Self::Lost => "lost",
            Self::Table => "table",
            Self::Like => "like",
            Self::Skipped => "skipped",
            Self::Warning => "warning",
        }
    }
}

impl Report {
    /// An empty one.
    pub(crate) fn of_package(package: &str, version: Option<&str>) -> Self {
        Self {
            package: package.to_owned(),
            version: version.map(str::to_owned),
            findings: Vec::new(),
        }
    }

    /// Adds a remark.
    pub(crate) fn add(
        &mut self,
        kind: FindingKind,
        place: impl Into<String>,
        text: impl Into<String>,
    ) {
        self.findings.push(Finding {
            kind,
            place: place.into(),
            text: text.into(),
        });
    }

    /// The remarks of a kind.
    pub fn of(&self, kind: FindingKind) -> impl Iterator<Item = &Finding> {
        self.findings
            .iter()
            .filter(move |finding| finding.kind == kind)
    }

    /// How many remarks of a kind there are.
    #[must_use]
    pub fn count(&self, kind: FindingKind) -> usize {
        self.of(kind).count()
    }
}

/// One line per remark: `choice: pdumodel.Panel_2_0_0.getCircuits: …`.
impl fmt::Display for Report {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let version = self.version.as_deref().unwrap_or("of unknown version");
        writeln!(f, "{} {version}", self.package)?;
        for finding in &self.findings {
            writeln!(
                f,
                "{}: {}: {}",
                finding.kind.word(),
                finding.place,
                finding.text
            )?;
        }
        Ok(())
    }
}
