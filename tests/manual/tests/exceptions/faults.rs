//! The faults, what the vendor's client raises, and the class of our error.

use std::time::Duration;

use xerus_rpc::error::ErrorClass::{self, Http, JsonRpc, JsonRpcSyntax};

/// What is tried.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Kind {
    /// A call.
    Single,
    /// A method that the object does not have.
    Method,
    /// Two calls in a bulk.
    Part,
    /// A call that looks at the certificate.
    Verify,
    /// A file.
    Download,
}

impl Kind {
    pub(crate) fn word(self) -> &'static str {
        match self {
            Self::Single => "single",
            Self::Method => "method",
            Self::Part => "part",
            Self::Verify => "verify",
            Self::Download => "download",
        }
    }
}

/// A fault and what becomes of it.
pub(crate) struct Row {
    /// As text; empty: none.
    pub(crate) fault: &'static str,
    pub(crate) kind: Kind,
    /// What the client raises; several, where releases differ.
    pub(crate) python: &'static [&'static str],
    /// `None`: our client gives a result.
    pub(crate) ours: Option<ErrorClass>,
}

/// After these the device stands still: only for them is a client impatient, as a busy machine takes its time for the others.
const STANDSTILLS: [&str; 3] = ["never-answer", "stall-in-head", "long-length"];

impl Row {
    /// How long a call may take.
    pub(crate) fn patience(&self) -> Duration {
        Duration::from_secs(if STANDSTILLS.contains(&self.fault) {
            1
        } else {
            20
        })
    }
}

const fn row(
    fault: &'static str,
    kind: Kind,
    python: &'static [&'static str],
    ours: Option<ErrorClass>,
) -> Row {
    Row {
        fault,
        kind,
        python,
        ours,
    }
}

const HTTP: &[&str] = &["HttpException"];
const ERROR: &[&str] = &["JsonRpcErrorException"];
const SYNTAX: &[&str] = &["JsonRpcSyntaxException"];
const NOTHING: &[&str] = &["None"];

/// Rows in which a client raises one of the manual's exceptions, and our class is another: an answer that is both a result and
/// an error is none (the client takes the error), and text that is no text or answers another call is no failure of the
/// connection.
pub(crate) const DIFFERENT: &[&str] = &[
    "result-and-error",
    "invalid-utf8",
    "wrong-id,method=getNameplate",
];

pub(crate) const FAULTS: &[Row] = &[
    row("", Kind::Single, NOTHING, None),
    row("", Kind::Part, NOTHING, None),
    // Communication.
    row("close-unanswered", Kind::Single, HTTP, Some(Http)),
    row("close-after-execution", Kind::Single, HTTP, Some(Http)),
    row("never-answer", Kind::Single, HTTP, Some(Http)),
    row("stall-in-head", Kind::Single, HTTP, Some(Http)),
    row("truncate-body", Kind::Single, HTTP, Some(Http)),
    row("long-length", Kind::Single, HTTP, Some(Http)),
    row("unfinished-chunks", Kind::Single, HTTP, Some(Http)),
    row("status=401", Kind::Single, HTTP, Some(Http)),
    row("status=403", Kind::Single, HTTP, Some(Http)),
    row("status=404", Kind::Single, HTTP, Some(Http)),
    row("status=408", Kind::Single, HTTP, Some(Http)),
    row("status=418", Kind::Single, HTTP, Some(Http)),
    row("status=451", Kind::Single, HTTP, Some(Http)),
    row("status=500,body=busy", Kind::Single, HTTP, Some(Http)),
    row("status=204", Kind::Single, HTTP, Some(Http)),
    row("retry-after=1", Kind::Single, HTTP, Some(Http)),
    row(
        "redirect=301,location=https://127.0.0.1/",
        Kind::Single,
        HTTP,
        Some(Http),
    ),
    row("status=500", Kind::Download, HTTP, Some(Http)),
    row("close-unanswered", Kind::Download, HTTP, Some(Http)),
    row("truncate-body", Kind::Download, HTTP, Some(Http)),
    // Errors of the device.
    row("", Kind::Method, ERROR, Some(JsonRpc)),
    row("result-and-error", Kind::Single, ERROR, Some(JsonRpcSyntax)),
    // What cannot be read.
    row("html-page", Kind::Single, SYNTAX, Some(JsonRpcSyntax)),
    row("empty-body", Kind::Single, SYNTAX, Some(JsonRpcSyntax)),
    row(
        "rewrite,from=\"result\",to=\"resalt\"",
        Kind::Single,
        SYNTAX,
        Some(JsonRpcSyntax),
    ),
    row(
        "rewrite,from=\"code\",to=\"kode\"",
        Kind::Method,
        SYNTAX,
        Some(JsonRpcSyntax),
    ),
    // Decoding, where the client raises what the manual does not mention.
    row(
        "rewrite,from=\"_ret_\",to=\"_rat_\"",
        Kind::Single,
        &["KeyError"],
        Some(JsonRpcSyntax),
    ),
    row(
        "rewrite,from=\"SIM-8\",to=8.5",
        Kind::Single,
        &["DecodeException", "AssertionError"],
        Some(JsonRpcSyntax),
    ),
    row(
        "deep-nesting=200000",
        Kind::Single,
        &["RecursionError"],
        Some(JsonRpcSyntax),
    ),
    row("error-null", Kind::Single, &["TypeError"], None),
    // What the client does not notice.
    row(
        "invalid-utf8",
        Kind::Single,
        &["None", "HttpException"],
        Some(JsonRpcSyntax),
    ),
    row("wrong-id", Kind::Single, NOTHING, Some(JsonRpcSyntax)),
    row("missing-id", Kind::Single, NOTHING, Some(JsonRpcSyntax)),
    row(
        "rewrite,from=\"2.0\",to=\"1.0\"",
        Kind::Single,
        NOTHING,
        Some(JsonRpcSyntax),
    ),
    // Calls in a bulk. The client looks for an id in the empty answer of a call that failed, before it looks at the status.
    row("part-status=500", Kind::Part, &["KeyError"], Some(Http)),
    row(
        "part-status=404,method=getNameplate",
        Kind::Part,
        &["KeyError"],
        Some(Http),
    ),
    row(
        "wrong-id,method=getNameplate",
        Kind::Part,
        HTTP,
        Some(JsonRpcSyntax),
    ),
    row("fewer-responses", Kind::Part, NOTHING, Some(Http)),
];
