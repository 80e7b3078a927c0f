use std::fmt;

/// What is wrong with a text that should be JSON.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum JsonErrorKind {
    /// Nothing but white space.
    Empty,
    /// Not JSON: a bare word, a missing comma, a comment, a cut document.
    Syntax,
    /// Bytes that are no UTF-8, or an escape that stands for no character (a lone surrogate).
    Encoding,
    /// A complete document, and then something else.
    TrailingData,
    /// Arrays and objects nested deeper than the limit.
    DepthExceeded,
    /// A number that no 64-bit float can hold, or one written with too many digits.
    NumberRange,
    /// An object names the same member twice.
    DuplicateKey,
}

impl JsonErrorKind {
    /// Stable name, for logs and tests: `Json.Syntax`.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::Empty => "Json.Empty",
            Self::Syntax => "Json.Syntax",
            Self::Encoding => "Json.Encoding",
            Self::TrailingData => "Json.TrailingData",
            Self::DepthExceeded => "Json.DepthExceeded",
            Self::NumberRange => "Json.NumberRange",
            Self::DuplicateKey => "Json.DuplicateKey",
        }
    }

    const fn words(self) -> &'static str {
        match self {
            Self::Empty => "empty document",
            Self::Syntax => "not valid JSON",
            Self::Encoding => "not valid Unicode text",
            Self::TrailingData => "data after the JSON document",
            Self::DepthExceeded => "JSON nested too deeply",
            Self::NumberRange => "number out of range",
            Self::DuplicateKey => "object member given twice",
        }
    }
}

/// A text that is not the JSON it should be, with the place of the fault.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct JsonError {
    kind: JsonErrorKind,
    offset: usize,
    detail: Option<Box<str>>,
    /// Where in the value, for what is found out only when the value is read.
    path: Option<Box<str>>,
}

impl JsonError {
    pub(crate) const fn new(kind: JsonErrorKind, offset: usize) -> Self {
        Self {
            kind,
            offset,
            detail: None,
            path: None,
        }
    }

    pub(crate) fn with_detail(
        kind: JsonErrorKind,
        offset: usize,
        detail: impl Into<Box<str>>,
    ) -> Self {
        Self {
            kind,
            offset,
            detail: Some(detail.into()),
            path: None,
        }
    }

    /// What is wrong.
    #[must_use]
    pub const fn kind(&self) -> JsonErrorKind {
        self.kind
    }

    /// Where, in bytes from the start of the document.
    #[must_use]
    pub const fn offset(&self) -> usize {
        self.offset
    }

    /// Adds where in the value.
    pub(crate) fn with_path(mut self, path: String) -> Self {
        if !path.is_empty() {
            self.path = Some(path.into());
        }
        self
    }

    /// Where in the value, `_ret_.status`; empty for a fault of the whole text.
    #[must_use]
    pub fn path(&self) -> &str {
        self.path.as_deref().unwrap_or_default()
    }

    /// What to do about an answer that is like this, to be put behind what is wrong.
    pub(super) fn way_out(&self) -> &'static str {
        match self.kind {
            // Inside a value the place says more.
            _ if self.path.is_some() => "",
            JsonErrorKind::Empty | JsonErrorKind::Syntax => "; check what answers at this URL",
            JsonErrorKind::TrailingData => {
                "; something between here and the device may have added it"
            }
            JsonErrorKind::DepthExceeded => "; raise max_depth if the device is right",
            JsonErrorKind::Encoding | JsonErrorKind::NumberRange | JsonErrorKind::DuplicateKey => {
                "; report it with the firmware version"
            }
        }
    }

    /// A few words more, for example what was expected.
    #[must_use]
    pub fn detail(&self) -> Option<&str> {
        self.detail.as_deref()
    }
}

impl fmt::Display for JsonError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} at byte {}", self.kind.words(), self.offset)?;
        if let Some(detail) = &self.detail {
            write!(f, ": {detail}")?;
        }
        match &self.path {
            Some(path) => write!(f, " (in {path})"),
            None => Ok(()),
        }
    }
}

impl std::error::Error for JsonError {}
