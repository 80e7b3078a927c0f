//! Saying which log is read, and how.

use std::time::Duration;

use xerus_api::logging::{DebugLog, EventLog, LogEntry, WlanLog};
use xerus_rpc::Agent;

use super::LogStream;
use super::source::Source;
use super::walk::{Walk, Way};

/// Pauses of a follower are at least so long.
const LEAST_PAUSE: Duration = Duration::from_millis(100);

/// Which log is read, and how, before the device is asked.
#[derive(Clone, Debug)]
#[must_use = "nothing is sent before a stream is read"]
#[doc(alias("LogHelper", "get_entries", "log_proxy"))]
pub struct Log {
    source: Source,
    chunk: i32,
    restarts: u32,
    after: Option<LogEntry>,
}

impl Log {
    fn new(source: Source) -> Self {
        Self {
            source,
            chunk: 100,
            restarts: 5,
            after: None,
        }
    }

    /// The event log, `/eventlog`: what happened, as the device tells people.
    pub fn event(agent: &Agent) -> Self {
        Self::new(Source::Event(EventLog::well_known(agent), Vec::new()))
    }

    /// The debug log, `/debuglog`: for the vendor's support.
    pub fn debug(agent: &Agent) -> Self {
        Self::new(Source::Debug(DebugLog::well_known(agent)))
    }

    /// The log of the wireless network, `/wlanlog`, of devices that have one.
    pub fn wlan(agent: &Agent) -> Self {
        Self::new(Source::Wlan(WlanLog::well_known(agent)))
    }

    /// Reads entries of these categories only. The event log has categories; others ignore this.
    pub fn categories<C: Into<String>>(mut self, only: impl IntoIterator<Item = C>) -> Self {
        if let Source::Event(_, categories) = &mut self.source {
            *categories = only.into_iter().map(Into::into).collect();
        }
        self
    }

    /// Reads what comes behind an entry that was read earlier: after it when the oldest come first, before it otherwise. If it is
    /// not in the log any more, the stream says [`Restarted`](super::LogItem::Restarted) first, and the oldest-first one begins
    /// with the oldest entry.
    pub fn behind(mut self, entry: LogEntry) -> Self {
        self.after = Some(entry);
        self
    }

    /// Entries in one request. Default: 100; 1 to 10,000.
    pub fn chunk(mut self, entries: u32) -> Self {
        self.chunk = i32::try_from(entries.clamp(1, 10_000)).unwrap_or(10_000);
        self
    }

    /// How often the log may be begun anew while it is read. Default: 5.
    pub fn restarts(mut self, most: u32) -> Self {
        self.restarts = most;
        self
    }

    fn walk(self, way: Way) -> LogStream {
        let walk = Walk::new(self.source, way, self.chunk, self.restarts, self.after);
        LogStream::new(walk)
    }

    /// From the oldest entry to the one that is the newest now.
    pub fn oldest_first(self) -> LogStream {
        self.walk(Way::Forward { pause: None })
    }

    /// From the newest entry to the oldest.
    pub fn newest_first(self) -> LogStream {
        self.walk(Way::Backward)
    }

    /// From the oldest entry to the newest, and then what comes: asked for after each `pause` (at least 100 ms) while the stream is
    /// read. It ends with an error only; go on then with [`behind`](Self::behind) what was read last.
    #[doc(alias = "get_next_entries")]
    pub fn follow(self, pause: Duration) -> LogStream {
        let pause = Some(pause.max(LEAST_PAUSE));
        self.walk(Way::Forward { pause })
    }
}
