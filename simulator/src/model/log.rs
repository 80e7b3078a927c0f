//! Logs: the event log and the log for diagnosis.

use std::collections::VecDeque;
use std::time::Duration;

/// One entry.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct LogEntry {
    /// Its id. Ids go on counting when the log is begun anew.
    pub id: i32,
    /// When it was written: time since 1970-01-01 UTC.
    pub at: Duration,
    /// Category.
    pub class: String,
    /// Text.
    pub message: String,
}

/// What entries there are.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct LogInfo {
    /// When the log was begun, in seconds since 1970-01-01 UTC; never the same twice.
    pub created: i64,
    /// Id of the oldest entry; that of the next one in an empty log.
    pub first: i32,
    /// Id of the next entry to come.
    pub next: i32,
}

/// Which way to read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Direction {
    /// The given entry and newer ones.
    Forward,
    /// The given entry and older ones.
    Backward,
}

/// Some entries, one after another. Older ones stand first, whichever way was read.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct LogChunk {
    /// [`LogInfo::created`] of the log that they are from.
    pub created: i64,
    /// Id of the oldest entry that was looked at.
    pub first: i32,
    /// Entries that were looked at; 0: there are no more.
    pub looked_at: i32,
    /// Those of them that were asked for.
    pub entries: Vec<LogEntry>,
}

/// Entries that one answer has at most.
pub const CHUNK: usize = 100;
/// Characters that a message has at most.
const MESSAGE: usize = 1_024;

/// A log that forgets its oldest entries.
#[derive(Clone, Debug)]
pub struct Log {
    capacity: usize,
    created: i64,
    next: i32,
    entries: VecDeque<LogEntry>,
}

impl Log {
    /// An empty log, begun at `now`, for at most so many entries, at least 1.
    #[must_use]
    pub fn new(capacity: usize, now: Duration) -> Self {
        Self {
            capacity: capacity.max(1),
            created: seconds(now),
            next: 0,
            entries: VecDeque::new(),
        }
    }

    /// Writes an entry. Messages are cut to 1024 characters, and control characters in them are replaced.
    pub fn write(&mut self, now: Duration, class: &str, message: &str) {
        if self.entries.len() == self.capacity {
            self.entries.pop_front();
        }
        let printable = |c: char| if c.is_control() { ' ' } else { c };
        self.entries.push_back(LogEntry {
            id: self.next,
            at: now,
            class: class.to_owned(),
            message: message.chars().take(MESSAGE).map(printable).collect(),
        });
        match self.next.checked_add(1) {
            Some(next) => self.next = next,
            // Two thousand million entries: begin anew.
            None => {
                self.clear(now);
                self.next = 0;
            }
        }
    }

    /// Throws all entries away: the log is begun anew, and ids go on counting.
    pub fn clear(&mut self, now: Duration) {
        self.entries.clear();
        self.created = seconds(now).max(self.created.saturating_add(1));
    }

    /// What entries there are.
    #[must_use]
    pub fn info(&self) -> LogInfo {
        LogInfo {
            created: self.created,
            first: self.entries.front().map_or(self.next, |entry| entry.id),
            next: self.next,
        }
    }

    /// All entries that are kept, the oldest first.
    pub fn entries(&self) -> impl ExactSizeIterator<Item = &LogEntry> {
        self.entries.iter()
    }

    /// At most `count` entries (negative: as many as fit, which are [`CHUNK`]) from `from` on; of those only the ones of some
    /// categories, if any are given. Ids before the oldest entry stand for that when it is read forward, and ids behind the
    /// newest for that when it is read backward.
    #[must_use]
    pub fn chunk(
        &self,
        from: i32,
        count: i32,
        direction: Direction,
        categories: &[String],
    ) -> LogChunk {
        let count = usize::try_from(count).unwrap_or(CHUNK).min(CHUNK);
        let held = self.entries.len();
        let range = match direction {
            Direction::Forward => {
                let start = self.entries.partition_point(|entry| entry.id < from);
                start..held.min(start + count)
            }
            Direction::Backward => {
                let end = self.entries.partition_point(|entry| entry.id <= from);
                end.saturating_sub(count)..end
            }
        };
        let looked_at = i32::try_from(range.len()).unwrap_or(i32::MAX);
        let first = self.entries.get(range.start).map_or(self.next, |e| e.id);
        let wanted = |entry: &&LogEntry| categories.is_empty() || categories.contains(&entry.class);
        LogChunk {
            created: self.created,
            first,
            looked_at,
            entries: self.entries.range(range).filter(wanted).cloned().collect(),
        }
    }
}

fn seconds(time: Duration) -> i64 {
    i64::try_from(time.as_secs()).unwrap_or(i64::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn log(capacity: usize, entries: usize) -> Log {
        let mut log = Log::new(capacity, Duration::from_secs(50));
        for number in 0..entries {
            let class = if number % 2 == 0 { "Outlet" } else { "User" };
            log.write(Duration::from_secs(60), class, &number.to_string());
        }
        log
    }

    fn ids(chunk: &LogChunk) -> Vec<i32> {
        chunk.entries.iter().map(|entry| entry.id).collect()
    }

    #[test]
    fn ids_keep_counting_when_old_entries_are_forgotten_or_all_are_cleared() {
        let mut log = log(10, 25);
        let info = log.info();
        assert_eq!((info.created, info.first, info.next), (50, 15, 25));
        assert_eq!(log.entries().len(), 10);
        log.clear(Duration::from_secs(40));
        let info = log.info();
        assert_eq!((info.created, info.first, info.next), (51, 25, 25));
        log.write(Duration::from_secs(41), "Outlet", "on");
        assert_eq!(ids(&log.chunk(0, -1, Direction::Forward, &[])), [25]);
    }

    #[test]
    fn walking_forward_sees_each_entry_once() {
        let log = log(1_000, 250);
        let mut from = log.info().first;
        let mut seen = Vec::new();
        loop {
            let chunk = log.chunk(from, -1, Direction::Forward, &[]);
            if chunk.looked_at == 0 {
                break;
            }
            seen.extend(ids(&chunk));
            from = chunk.first + chunk.looked_at;
        }
        assert_eq!(seen, (0..250).collect::<Vec<_>>());
    }

    #[test]
    fn categories_choose_among_what_was_looked_at() {
        let log = log(20, 20);
        let users = ["User".to_owned()];
        let chunk = log.chunk(4, 6, Direction::Forward, &users);
        assert_eq!((chunk.first, chunk.looked_at), (4, 6));
        assert_eq!(ids(&chunk), [5, 7, 9]);
        let none = log.chunk(4, 6, Direction::Forward, &["Other".to_owned()]);
        assert_eq!((none.looked_at, none.entries.len()), (6, 0));
    }

    #[test]
    fn walking_backward_comes_to_the_oldest() {
        let log = log(30, 50);
        let chunk = log.chunk(i32::MAX, 8, Direction::Backward, &[]);
        assert_eq!(ids(&chunk), (42..50).collect::<Vec<_>>());
        let chunk = log.chunk(chunk.first - 1, 100, Direction::Backward, &[]);
        assert_eq!((chunk.first, chunk.looked_at), (20, 22));
        let chunk = log.chunk(19, 5, Direction::Backward, &[]);
        assert_eq!((chunk.looked_at, chunk.entries.len()), (0, 0));
        assert_eq!(log.chunk(60, 5, Direction::Forward, &[]).looked_at, 0);
    }

    #[test]
    fn messages_are_one_bounded_line() {
        let mut log = log(3, 0);
        log.write(Duration::ZERO, "Outlet", &"a\nb".repeat(1_000));
        let message = &log.entries().next().unwrap().message;
        assert_eq!(message.chars().count(), MESSAGE);
        assert!(!message.contains('\n'));
    }

    #[test]
    fn ids_that_run_out_begin_anew_in_another_log() {
        let mut log = log(3, 0);
        log.next = i32::MAX;
        log.write(Duration::from_secs(60), "Outlet", "last");
        let info = log.info();
        assert_eq!((info.created, info.first, info.next), (60, 0, 0));
    }
}
