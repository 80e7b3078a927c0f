//! What stands in a recording.

use std::time::Duration;

use super::json::Node;
use crate::json_text::Json;

/// One exchange with a device: a call and its answer, or a file and what became of it.
#[derive(Clone, Debug, PartialEq)]
pub struct Entry {
    pub(super) number: u64,
    /// Where it begins in the text that it was read from, counted from 1; 0 for one that was not read.
    pub(super) line: usize,
    pub(super) at: Duration,
    pub(super) took: Duration,
    pub(super) bulk: Option<u64>,
    pub(super) what: What,
    pub(super) answer: Answer,
}

/// What was asked for.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum What {
    Call(Called),
    /// A call without an answer.
    Notify(Called),
    /// A call that reports progress.
    Stream(Called),
    Download(Fetched),
    Upload(Given),
}

/// A method that was called.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Called {
    pub(super) target: String,
    pub(super) method: String,
    pub(super) params: Node,
}

/// A file that was asked for.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Fetched {
    pub(super) target: String,
    /// An object.
    pub(super) query: Node,
    pub(super) offset: u64,
}

/// Files that were given.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Given {
    pub(super) target: String,
    /// An object.
    pub(super) query: Node,
    /// A list of objects: name, file name, media type, size and digest.
    pub(super) parts: Node,
}

/// How an exchange ended.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Answer {
    /// The results by name.
    Result(Node),
    /// The results in the order of the method.
    ByPosition(Node),
    /// The only result.
    Bare(Node),
    /// The error that the device answered with.
    Error(Node),
    /// What was reported on the way, and how it ended.
    Progress(Vec<Node>, Box<Answer>),
    /// Why there is no answer: an object with kind and outcome.
    Failure(Node),
    /// An answer that cannot be read.
    Body(String),
    /// A file: an object with size, digest and headers.
    File(Node),
    /// What became of files that were given: an object with status, headers and body.
    Uploaded(Node),
    /// No results, and none were to come.
    Nothing,
    /// The caller did not wait for it.
    GivenUp,
}

impl What {
    /// The first word of its entry.
    pub(super) fn word(&self) -> &'static str {
        match self {
            Self::Call(_) => "call",
            Self::Notify(_) => "notify",
            Self::Stream(_) => "stream",
            Self::Download(_) => "download",
            Self::Upload(_) => "upload",
        }
    }

    pub(super) fn target(&self) -> &str {
        match self {
            Self::Call(called) | Self::Notify(called) | Self::Stream(called) => &called.target,
            Self::Download(fetched) => &fetched.target,
            Self::Upload(given) => &given.target,
        }
    }

    pub(super) fn called(&self) -> Option<&Called> {
        match self {
            Self::Call(called) | Self::Notify(called) | Self::Stream(called) => Some(called),
            Self::Download(_) | Self::Upload(_) => None,
        }
    }

    /// What is asked for, in a few words.
    pub(super) fn shown(&self) -> String {
        match self {
            Self::Call(called) => format!("{} on {}", called.method, called.target),
            Self::Notify(called) => {
                format!("{} on {} without an answer", called.method, called.target)
            }
            Self::Stream(called) => format!("{} on {} with progress", called.method, called.target),
            Self::Download(fetched) => format!("the download of {}", fetched.target),
            Self::Upload(given) => format!("the upload to {}", given.target),
        }
    }
}

impl Entry {
    pub(super) fn new(what: What, answer: Answer) -> Self {
        Self {
            number: 0,
            line: 0,
            at: Duration::ZERO,
            took: Duration::ZERO,
            bulk: None,
            what,
            answer,
        }
    }

    /// A call that gave a result, for programs that make recordings of something else than a device. `params` and
    /// `result` are objects with what they hold by name, a return value being `_ret_`.
    #[must_use]
    pub fn answered(
        target: impl Into<String>,
        method: impl Into<String>,
        params: &Json,
        result: &Json,
    ) -> Self {
        Self::new(
            What::Call(Called::new(target, method, params)),
            Answer::Result(Node::of(result)),
        )
    }

    /// A call that the device answered with an error. `error` is the object of JSON-RPC, with `code` and `message`.
    #[must_use]
    pub fn refused(
        target: impl Into<String>,
        method: impl Into<String>,
        params: &Json,
        error: &Json,
    ) -> Self {
        Self::new(
            What::Call(Called::new(target, method, params)),
            Answer::Error(Node::of(error)),
        )
    }

    /// A call that was answered with an HTTP status other than 200; in a bulk that of the call itself.
    #[must_use]
    pub fn turned_away(
        target: impl Into<String>,
        method: impl Into<String>,
        params: &Json,
        status: u16,
        in_a_bulk: bool,
    ) -> Self {
        let failure = if in_a_bulk {
            super::failure::of_part(i64::from(status))
        } else {
            super::failure::of_status(status)
        };
        Self::new(
            What::Call(Called::new(target, method, params)),
            Answer::Failure(failure),
        )
    }

    /// Says when it began, counted from the start of the recording.
    #[must_use]
    pub fn with_at(mut self, at: Duration) -> Self {
        self.at = at;
        self
    }

    /// Says how long it took.
    #[must_use]
    pub fn with_took(mut self, took: Duration) -> Self {
        self.took = took;
        self
    }

    /// Says in which bulk request of the recording it was.
    #[must_use]
    pub fn with_bulk(mut self, number: u64) -> Self {
        self.bulk = Some(number);
        self
    }

    /// Its number: the order in which exchanges began.
    #[must_use]
    pub fn number(&self) -> u64 {
        self.number
    }

    /// Where it begins in the text that it was read from, counted from 1; 0 for one that was not read.
    #[must_use]
    pub fn line(&self) -> usize {
        self.line
    }

    /// When it began, counted from the start of the recording.
    #[must_use]
    pub fn at(&self) -> Duration {
        self.at
    }

    /// How long it took.
    #[must_use]
    pub fn took(&self) -> Duration {
        self.took
    }

    /// In which bulk request of the recording it was; `None` for a request of its own.
    #[must_use]
    pub fn bulk(&self) -> Option<u64> {
        self.bulk
    }

    /// The object that was called, or the path of a file.
    #[must_use]
    pub fn target(&self) -> &str {
        self.what.target()
    }

    /// The method that was called; `None` for files.
    #[must_use]
    pub fn method(&self) -> Option<&str> {
        self.what.called().map(|called| &*called.method)
    }

    /// The parameters by name; `None` for files.
    #[must_use]
    pub fn params(&self) -> Option<Json> {
        self.what.called().map(|called| called.params.to_json())
    }

    /// The results by name; `None` where it ended in another way.
    #[must_use]
    pub fn result(&self) -> Option<Json> {
        match &self.answer {
            Answer::Result(result) => Some(result.to_json()),
            _ => None,
        }
    }
}

impl Called {
    pub(super) fn new(target: impl Into<String>, method: impl Into<String>, params: &Json) -> Self {
        Self {
            target: target.into(),
            method: method.into(),
            params: Node::of(params),
        }
    }
}
