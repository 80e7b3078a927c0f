//! A device with an event log and a debug log.

use std::collections::VecDeque;
use std::sync::{Arc, Mutex};

use xerus_api::logging::{LogChunk, LogEntry, LogInfo, RangeDirection};
use xerus_api::server::logging::{DebugLog, EventLog, debug_log, event_log};
use xerus_rpc::server::{Context, Reply, Router};
use xerus_rpc::{Agent, MemoryTransport, Time};

/// What the device does before it answers a request for a chunk.
pub(crate) type Before = Box<dyn FnMut(&mut Content) + Send>;

#[derive(Default)]
pub(crate) struct Content {
    pub(crate) created: i64,
    pub(crate) entries: VecDeque<LogEntry>,
    pub(crate) next: i32,
    /// Entries in a chunk at most.
    pub(crate) most: usize,
    /// The first of a chunk is the one that was looked at first.
    pub(crate) first_is_first: bool,
    pub(crate) before: Option<Before>,
    /// Stands in for what the device says of a chunk.
    pub(crate) spoil: Option<fn(&mut LogChunk)>,
    pub(crate) chunks: usize,
}

impl Content {
    pub(crate) fn write(&mut self, count: i32) {
        for _ in 0..count {
            self.entries.push_back(entry(self.next));
            self.next += 1;
        }
    }

    pub(crate) fn forget(&mut self, count: usize) {
        self.entries.drain(..count.min(self.entries.len()));
    }
}

pub(crate) fn entry(id: i32) -> LogEntry {
    LogEntry {
        id,
        timestamp: Time::from_unix_seconds(1_700_000_000 + i64::from(id)),
        event_class: if id % 3 == 0 { "Power" } else { "User" }.to_owned(),
        message: format!("entry {id}"),
        ..LogEntry::default()
    }
}

#[derive(Clone, Default)]
pub(crate) struct Device(Arc<Mutex<Content>>);

impl Device {
    /// A device with so many entries, the first with this id.
    pub(crate) fn with(first: i32, entries: i32) -> Self {
        let device = Self::default();
        device.change(|content| {
            content.most = 40;
            content.next = first;
            content.write(entries);
        });
        device
    }

    pub(crate) fn change<T>(&self, change: impl FnOnce(&mut Content) -> T) -> T {
        change(&mut self.0.lock().unwrap())
    }

    pub(crate) fn agent(&self) -> Agent {
        let router = Router::new();
        router.insert("/eventlog", event_log(self.clone()));
        router.insert("/debuglog", debug_log(self.clone()));
        Agent::with_transport(Arc::new(MemoryTransport::new(router)))
    }

    fn info(&self) -> LogInfo {
        self.change(|content| LogInfo {
            creation_time: content.created,
            id_first: content
                .entries
                .front()
                .map_or(content.next, |entry| entry.id),
            id_next: content.next,
            ..LogInfo::default()
        })
    }

    fn chunk(
        &self,
        from: i32,
        count: i32,
        direction: &RangeDirection,
        categories: &[String],
    ) -> LogChunk {
        let mut before = self.change(|content| content.before.take());
        self.change(|content| {
            if let Some(before) = &mut before {
                before(content);
            }
            content.before = before;
            content.chunks += 1;
            let count = usize::try_from(count)
                .unwrap_or(usize::MAX)
                .min(content.most);
            let mut looked_at: Vec<LogEntry> = if *direction == RangeDirection::Forward {
                let behind = content.entries.iter().filter(|entry| entry.id >= from);
                behind.take(count).cloned().collect()
            } else {
                let behind = content
                    .entries
                    .iter()
                    .rev()
                    .filter(|entry| entry.id <= from);
                behind.take(count).cloned().collect()
            };
            if !content.first_is_first {
                looked_at.sort_by_key(|entry| entry.id);
            }
            let mut chunk = LogChunk {
                log_creation_time: content.created,
                id_first: looked_at.first().map_or(0, |entry| entry.id),
                all_entry_cnt: i32::try_from(looked_at.len()).unwrap(),
                sel_entries: looked_at,
                ..LogChunk::default()
            };
            if !categories.is_empty() {
                chunk
                    .sel_entries
                    .retain(|entry| categories.contains(&entry.event_class));
            }
            if let Some(spoil) = content.spoil {
                spoil(&mut chunk);
            }
            chunk
        })
    }
}

impl EventLog for Device {
    fn get_info<'a>(&'a self, _: &'a Context) -> Reply<'a, LogInfo> {
        Reply::ok(self.info())
    }

    fn get_chunk<'a>(
        &'a self,
        _: &'a Context,
        from: i32,
        count: i32,
        direction: RangeDirection,
        categories: Vec<String>,
    ) -> Reply<'a, LogChunk> {
        Reply::ok(self.chunk(from, count, &direction, &categories))
    }
}

impl DebugLog for Device {
    fn get_info<'a>(&'a self, _: &'a Context) -> Reply<'a, LogInfo> {
        Reply::ok(self.info())
    }

    fn get_chunk<'a>(
        &'a self,
        _: &'a Context,
        from: i32,
        count: i32,
        direction: RangeDirection,
    ) -> Reply<'a, LogChunk> {
        Reply::ok(self.chunk(from, count, &direction, &[]))
    }
}
