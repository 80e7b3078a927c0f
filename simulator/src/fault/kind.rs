//! The ways in which a request goes wrong.

use std::time::Duration;

/// One way in which a request goes wrong.
///
/// What is sent in place of an answer is sent byte by byte: no library mends it. A [`FaultRule`](super::FaultRule) says
/// when; it can be written as text, see there, and there also what a fault does in a bulk request.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Fault {
    /// The connection is closed without an answer; the call is not executed.
    CloseUnanswered,
    /// The call is executed, then the connection is closed without an answer.
    CloseAfterExecution,
    /// The connection is closed after the answer, without an announcement.
    CloseAfterAnswer,
    /// The request is read, and nothing more happens: no call, no answer. The connection stays open until the client goes.
    NeverAnswer,
    /// The call is executed; the answer stops in the middle of its head, and the connection stays open.
    StallInHead,
    /// The answer announces its full length, but the connection ends after half of it.
    TruncateBody,
    /// `Content-Length` says half of what is sent. The rest stands before the next answer.
    ShortLength,
    /// `Content-Length` says more than is sent, and the connection stays open.
    LongLength,
    /// The answer comes in chunks, and the connection ends without the last one.
    UnfinishedChunks,
    /// In place of the answer come so many bytes of blanks, without a length; then the connection ends.
    EndlessBody(u64),
    /// The answer comes a byte at a time with this pause between them. Real time.
    Drip(Duration),
    /// The answer comes twice.
    DoubledAnswer,
    /// The call is executed, and the answer to the call before on the same connection comes once more. The first call of a
    /// connection is answered as it should be. Answers up to 1 MiB are remembered.
    StaleAnswer,
    /// A page for people, with status 200, in place of the answer; the call is executed.
    HtmlPage,
    /// Status 200 without a body; the call is executed.
    EmptyBody,
    /// The answer says that it is of this media type. If that cannot stand in a header, the answer has status 500 and says so.
    ContentType(String),
    /// The answer has a byte in it that is not UTF-8.
    InvalidUtf8,
    /// The result is so many lists in one another; the call is executed.
    DeepNesting(u32),
    /// The answer carries an `id` that was not sent.
    WrongId,
    /// The answer carries no `id`.
    MissingId,
    /// The answer carries an `error` beside its `result`.
    ResultAndError,
    /// The answer carries `"error":null` beside its `result`.
    ErrorNull,
    /// The answer comes this much later. Real time, whatever the device's clock says.
    Delay(Duration),
    /// Each call in a bulk is answered this much later: real devices take about 11 ms. The rule's resource id and method
    /// are those of the call in the bulk. Real time.
    PartDelay(Duration),
    /// Calls in a bulk are not executed and have this `statcode`. The rule's resource id and method are those of the call
    /// in the bulk.
    PartStatus(u16),
    /// The list of a bulk's responses lacks its last one; the call was executed.
    FewerResponses,
    /// The list of a bulk's responses has its last one twice.
    MoreResponses,
    /// The list of a bulk's responses is in reverse order.
    PermutedResponses,
    /// This HTTP status with this text instead of an answer; the call is not executed.
    Status {
        /// The HTTP status code, 200 to 999. With another the answer has status 500 and says what is wrong.
        code: u16,
        /// The body, sent as `text/html`.
        body: String,
    },
    /// Status 503 with a `Retry-After` of so many seconds; the call is not executed.
    RetryAfter(u64),
    /// Status 408 for every request but the first of a connection, and the connection is closed: as servers do that close
    /// idle connections at that moment. The call is not executed.
    TimeoutOnReuse,
    /// The session of the request ends: status 401, now and for every later request with the same token. Requests without a
    /// token pass. The call is not executed.
    SessionExpired,
    /// A redirect; the call is not executed.
    Redirect {
        /// The HTTP status code, 302 or 307 on real devices; the range is that of [`Status`](Self::Status).
        code: u16,
        /// The `Location` header. If it cannot stand there, the answer has status 500 and says so.
        location: String,
    },
    /// The call is executed, and every occurrence of a text in the answer is replaced. Other type versions, unknown
    /// enumerators, missing members and scalars of another type are made this way.
    Rewrite {
        /// The text to look for.
        from: String,
        /// Its replacement.
        to: String,
    },
    /// Every `serialNumber` in the answer is this one: another device has taken the address.
    SerialNumber(String),
    /// References to sensors live so long: then they lead nowhere (status 404) until they are fetched anew. Resource ids that
    /// documentation names are not concerned. Meant for all requests, without conditions.
    StaleReferences(std::time::Duration),
}

impl Fault {
    /// Whether it hits the calls in a bulk, each for itself, and never the bulk.
    pub(super) fn is_for_parts(&self) -> bool {
        matches!(self, Self::PartDelay(_) | Self::PartStatus(_))
    }

    /// Whether it changes what a call is answered: in a bulk it can do so for one call.
    pub(super) fn changes_a_reply(&self) -> bool {
        matches!(
            self,
            Self::DeepNesting(_)
                | Self::WrongId
                | Self::MissingId
                | Self::ResultAndError
                | Self::ErrorNull
                | Self::Rewrite { .. }
                | Self::SerialNumber(_)
        )
    }
}
