//! The faults as they are written.

use super::kind::Fault;
use super::parse::{BadFault, CONDITIONS, Words, needs, number, time};

/// The faults as they are written, and what stands behind the equals sign.
pub(super) const KINDS: &[&str] = &[
    "close-unanswered",
    "close-after-execution",
    "close-after-answer",
    "never-answer",
    "stall-in-head",
    "truncate-body",
    "short-length",
    "long-length",
    "unfinished-chunks",
    "endless-body=BYTES",
    "drip=TIME",
    "doubled-answer",
    "stale-answer",
    "html-page",
    "empty-body",
    "content-type=TYPE",
    "invalid-utf8",
    "deep-nesting=DEPTH",
    "wrong-id",
    "missing-id",
    "result-and-error",
    "error-null",
    "delay=TIME",
    "part-delay=TIME",
    "part-status=CODE",
    "fewer-responses",
    "more-responses",
    "permuted-responses",
    "status=CODE[,body=TEXT]",
    "retry-after=SECONDS",
    "timeout-on-reuse",
    "session-expired",
    "redirect=CODE,location=URL",
    "rewrite,from=TEXT,to=TEXT",
    "serial-number=TEXT",
    "stale-references=TIME",
];

/// The fault with this name; takes the words that it needs besides.
pub(super) fn fault(kind: &str, value: Option<&str>, words: &mut Words) -> Result<Fault, BadFault> {
    let simple = match kind {
        "close-unanswered" => Some(Fault::CloseUnanswered),
        "close-after-execution" => Some(Fault::CloseAfterExecution),
        "close-after-answer" => Some(Fault::CloseAfterAnswer),
        "never-answer" => Some(Fault::NeverAnswer),
        "stall-in-head" => Some(Fault::StallInHead),
        "truncate-body" => Some(Fault::TruncateBody),
        "short-length" => Some(Fault::ShortLength),
        "long-length" => Some(Fault::LongLength),
        "unfinished-chunks" => Some(Fault::UnfinishedChunks),
        "doubled-answer" => Some(Fault::DoubledAnswer),
        "stale-answer" => Some(Fault::StaleAnswer),
        "html-page" => Some(Fault::HtmlPage),
        "empty-body" => Some(Fault::EmptyBody),
        "invalid-utf8" => Some(Fault::InvalidUtf8),
        "wrong-id" => Some(Fault::WrongId),
        "missing-id" => Some(Fault::MissingId),
        "result-and-error" => Some(Fault::ResultAndError),
        "error-null" => Some(Fault::ErrorNull),
        "fewer-responses" => Some(Fault::FewerResponses),
        "more-responses" => Some(Fault::MoreResponses),
        "permuted-responses" => Some(Fault::PermutedResponses),
        "timeout-on-reuse" => Some(Fault::TimeoutOnReuse),
        "session-expired" => Some(Fault::SessionExpired),
        _ => None,
    };
    if let Some(fault) = simple {
        return match value {
            None => Ok(fault),
            Some(_) => Err(BadFault(format!(
                "the fault {kind} takes no value: write {kind} alone"
            ))),
        };
    }
    let text = |expected| {
        value
            .filter(|value| !value.is_empty())
            .map(str::to_owned)
            .ok_or_else(|| needs(kind, expected))
    };
    let member = |words: &mut Words, name: &str, expected| {
        words
            .take(name)
            .flatten()
            .ok_or_else(|| needs(name, expected))
    };
    const STATUS: &str = "an HTTP status, such as 503";
    Ok(match kind {
        "endless-body" => Fault::EndlessBody(number(kind, value, "a number of bytes")?),
        "drip" => Fault::Drip(time(kind, value)?),
        "delay" => Fault::Delay(time(kind, value)?),
        "part-delay" => Fault::PartDelay(time(kind, value)?),
        "part-status" => Fault::PartStatus(number(kind, value, STATUS)?),
        "content-type" => Fault::ContentType(text("a media type, such as image/png")?),
        "deep-nesting" => Fault::DeepNesting(number(kind, value, "a depth, such as 200000")?),
        "status" => Fault::Status {
            code: number(kind, value, STATUS)?,
            body: words.take("body").flatten().unwrap_or_default(),
        },
        "retry-after" => Fault::RetryAfter(number(kind, value, "a number of seconds")?),
        "redirect" => Fault::Redirect {
            code: number(kind, value, "302 or 307")?,
            location: member(
                words,
                "location",
                "where to, such as https://pdu.example.com/",
            )?,
        },
        "rewrite" => Fault::Rewrite {
            from: member(words, "from", "the text to look for")?,
            to: member(words, "to", "its replacement")?,
        },
        "serial-number" => Fault::SerialNumber(text("a serial number")?),
        "stale-references" => Fault::StaleReferences(time(kind, value)?),
        _ => {
            let kinds = KINDS.join(", ");
            return Err(BadFault(format!(
                "there is no fault \"{kind}\"; faults are {kinds}; behind the fault may stand {CONDITIONS}"
            )));
        }
    })
}
