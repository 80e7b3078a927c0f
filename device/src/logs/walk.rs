//! Going through a log, chunk by chunk.

use std::time::Duration;

use tokio::time::sleep;
use xerus_api::logging::{LogChunk, LogEntry, LogInfo, RangeDirection};

use super::source::Source;
use super::{LogError, LogItem};

/// Which way, and whether on and on.
#[derive(Clone, Copy, Debug)]
pub(super) enum Way {
    Forward { pause: Option<Duration> },
    Backward,
}

/// Going through a log, chunk by chunk.
pub(super) struct Walk {
    source: Source,
    way: Way,
    count: i32,
    restarts_left: u32,
    restarts: u32,
    /// What was read last.
    last: Option<LogEntry>,
    place: Place,
}

/// Where the walk is.
enum Place {
    /// The log has to be asked what it has: at the beginning, after a pause, or since it is another one than before.
    Outside,
    /// In the log with this information. `next` is the id to ask for; wide, since ids may end with the type.
    Inside {
        info: LogInfo,
        next: i64,
    },
    /// In the log with this information, which is another one than that of what was read last: is that in it?
    Looking {
        info: LogInfo,
    },
    End,
}

impl Walk {
    pub(super) fn new(
        source: Source,
        way: Way,
        count: i32,
        restarts: u32,
        last: Option<LogEntry>,
    ) -> Self {
        Self {
            source,
            way,
            count,
            restarts_left: restarts,
            restarts,
            last,
            place: Place::Outside,
        }
    }

    /// The next items, perhaps none; `None` at the end.
    pub(super) async fn step(&mut self) -> Result<Option<Vec<LogItem>>, LogError> {
        match std::mem::replace(&mut self.place, Place::End) {
            Place::End => Ok(None),
            Place::Outside => {
                let info = self.source.info().await?;
                self.place = match &self.last {
                    Some(_) => Place::Looking { info },
                    None => self.enter(info),
                };
                Ok(Some(Vec::new()))
            }
            Place::Looking { info } => self.look(info).await.map(Some),
            Place::Inside { info, next } => match self.way {
                Way::Forward { pause } => self.forward(info, next, pause).await.map(Some),
                Way::Backward => self.backward(info, next).await.map(Some),
            },
        }
    }

    /// At the end of the log from which it is read.
    fn enter(&self, info: LogInfo) -> Place {
        let next = match self.way {
            Way::Forward { .. } => i64::from(info.id_first),
            Way::Backward => i64::from(info.id_next) - 1,
        };
        Place::Inside { info, next }
    }

    /// A chunk of the log; `None` when that is another log than before.
    async fn chunk(
        &mut self,
        info: &LogInfo,
        from: i64,
        direction: RangeDirection,
    ) -> Result<Option<LogChunk>, LogError> {
        let from = i32::try_from(from).map_err(|_| LogError::LeadsNowhere { asked: i32::MAX })?;
        let chunk = self.source.chunk(from, self.count, direction).await?;
        if chunk.log_creation_time == info.creation_time {
            return Ok(Some(chunk));
        }
        let Some(left) = self.restarts_left.checked_sub(1) else {
            return Err(LogError::RestartsForEver);
        };
        self.restarts_left = left;
        self.place = Place::Outside;
        Ok(None)
    }

    /// Looks for what was read last, and goes on behind it.
    async fn look(&mut self, info: LogInfo) -> Result<Vec<LogItem>, LogError> {
        let Some(last) = self.last.clone() else {
            self.place = self.enter(info);
            return Ok(Vec::new());
        };
        let id = i64::from(last.id);
        let behind = match self.way {
            Way::Forward { .. } => id + 1,
            Way::Backward => id - 1,
        };
        if id >= i64::from(info.id_first) && id < i64::from(info.id_next) {
            let chunk = self.chunk(&info, id, RangeDirection::Forward).await?;
            let Some(chunk) = chunk else {
                return Ok(Vec::new());
            };
            if chunk.sel_entries.iter().any(|entry| is_same(entry, &last)) {
                self.place = Place::Inside { info, next: behind };
                return Ok(Vec::new());
            }
        }
        self.last = None;
        self.place = match self.way {
            Way::Forward { .. } => self.enter(info),
            Way::Backward => Place::End,
        };
        Ok(vec![LogItem::Restarted])
    }

    async fn forward(
        &mut self,
        info: LogInfo,
        next: i64,
        pause: Option<Duration>,
    ) -> Result<Vec<LogItem>, LogError> {
        let end = i64::from(info.id_next);
        if next >= end {
            return self.rest(info, next, pause).await;
        }
        let chunk = self.chunk(&info, next, RangeDirection::Forward).await?;
        let Some(chunk) = chunk else {
            return Ok(Vec::new());
        };
        let (first, looked_at) = (i64::from(chunk.id_first), i64::from(chunk.all_entry_cnt));
        if looked_at == 0 {
            return self.rest(info, end, pause).await;
        }
        let following = first + looked_at;
        if looked_at < 0 || following <= next {
            return Err(nowhere(next));
        }
        let mut items = Vec::new();
        if let Ok(missing @ 1..) = u64::try_from(first - next) {
            items.push(LogItem::Missing(missing));
        }
        let mut entries = chunk.sel_entries;
        entries.retain(|entry| (next..end).contains(&i64::from(entry.id)));
        entries.sort_by_key(|entry| entry.id);
        entries.dedup_by_key(|entry| entry.id);
        self.give(entries, &mut items);
        self.place = Place::Inside {
            info,
            next: following,
        };
        Ok(items)
    }

    /// There is nothing more, or nothing more yet.
    async fn rest(
        &mut self,
        info: LogInfo,
        next: i64,
        pause: Option<Duration>,
    ) -> Result<Vec<LogItem>, LogError> {
        let Some(pause) = pause else {
            return Ok(Vec::new());
        };
        sleep(pause).await;
        self.restarts_left = self.restarts;
        let now = self.source.info().await?;
        self.place = if now.creation_time != info.creation_time {
            match &self.last {
                Some(_) => Place::Looking { info: now },
                None => self.enter(now),
            }
        } else {
            Place::Inside { info: now, next }
        };
        Ok(Vec::new())
    }

    async fn backward(&mut self, info: LogInfo, next: i64) -> Result<Vec<LogItem>, LogError> {
        if next < i64::from(info.id_first) {
            return Ok(Vec::new());
        }
        let chunk = self.chunk(&info, next, RangeDirection::Backward).await?;
        let Some(chunk) = chunk else {
            return Ok(Vec::new());
        };
        let (first, looked_at) = (i64::from(chunk.id_first), i64::from(chunk.all_entry_cnt));
        if looked_at == 0 {
            return Ok(Vec::new());
        }
        // The first may be the one with the lowest id, or the one that was looked at first.
        let lowest = if first >= next {
            next - looked_at + 1
        } else {
            first
        };
        if looked_at < 0 || lowest > next || first > next {
            return Err(nowhere(next));
        }
        let mut entries = chunk.sel_entries;
        entries.retain(|entry| (lowest..=next).contains(&i64::from(entry.id)));
        entries.sort_by_key(|entry| std::cmp::Reverse(entry.id));
        entries.dedup_by_key(|entry| entry.id);
        let mut items = Vec::new();
        self.give(entries, &mut items);
        self.place = Place::Inside {
            info,
            next: lowest - 1,
        };
        Ok(items)
    }

    fn give(&mut self, entries: Vec<LogEntry>, items: &mut Vec<LogItem>) {
        if let Some(last) = entries.last() {
            self.last = Some(last.clone());
        }
        items.extend(entries.into_iter().map(LogItem::Entry));
    }
}

/// Whether it is the same entry, also in a log that was begun anew: ids alone may begin again.
fn is_same(entry: &LogEntry, other: &LogEntry) -> bool {
    (entry.id, entry.timestamp, &entry.message) == (other.id, other.timestamp, &other.message)
}

fn nowhere(asked: i64) -> LogError {
    LogError::LeadsNowhere {
        asked: i32::try_from(asked).unwrap_or(i32::MAX),
    }
}
