//! Logs, and how much is written to the one for diagnosis.

use std::sync::Arc;

use xerus_api::diag::DiagLogSettings;
use xerus_api::diag::diag_log_settings::{LogLevel, LogLevelEntry};
use xerus_api::logging::{LogChunk, LogEntry, LogInfo, RangeDirection};
use xerus_api::server::{diag as diag_traits, logging as traits};
use xerus_rpc::server::{Context, Fault, Reply};

use super::answer;
use crate::model::Device;
use crate::model::log::{self, Direction, Log};
use crate::model::log_level;

/// Serves `/eventlog`.
pub(super) struct EventLogServant(pub(super) Arc<Device>);

impl traits::EventLog for EventLogServant {
    fn clear<'a>(&'a self, context: &'a Context) -> Reply<'a, ()> {
        answer::act(&self.0, context, |actor| self.0.clear_event_log(actor))
    }

    fn get_info<'a>(&'a self, _: &'a Context) -> Reply<'a, LogInfo> {
        Reply::ok(info(&self.0.maintenance().event_log))
    }

    fn get_chunk<'a>(
        &'a self,
        _: &'a Context,
        ref_id: i32,
        count: i32,
        direction: RangeDirection,
        categories: Vec<String>,
    ) -> Reply<'a, LogChunk> {
        let maintenance = self.0.maintenance();
        chunk(
            &maintenance.event_log,
            ref_id,
            count,
            direction,
            &categories,
        )
        .into()
    }
}

/// Serves `/debuglog`.
pub(super) struct DebugLogServant(pub(super) Arc<Device>);

impl traits::DebugLog for DebugLogServant {
    fn clear<'a>(&'a self, context: &'a Context) -> Reply<'a, ()> {
        let now = self.0.clock().now();
        answer::act(&self.0, context, |_| {
            self.0.maintenance().debug_log.clear(now);
        })
    }

    fn get_info<'a>(&'a self, _: &'a Context) -> Reply<'a, LogInfo> {
        Reply::ok(info(&self.0.maintenance().debug_log))
    }

    fn get_chunk<'a>(
        &'a self,
        _: &'a Context,
        ref_id: i32,
        count: i32,
        direction: RangeDirection,
    ) -> Reply<'a, LogChunk> {
        let maintenance = self.0.maintenance();
        chunk(&maintenance.debug_log, ref_id, count, direction, &[]).into()
    }
}

fn info(log: &Log) -> LogInfo {
    let info = log.info();
    LogInfo {
        creation_time: info.created,
        id_first: info.first,
        id_next: info.next,
        extra_: Default::default(),
    }
}

fn chunk(
    log: &Log,
    from: i32,
    count: i32,
    direction: RangeDirection,
    categories: &[String],
) -> Result<LogChunk, Fault> {
    let direction = match direction {
        RangeDirection::Forward => Direction::Forward,
        RangeDirection::Backward => Direction::Backward,
        _ => return Err(Fault::invalid_params("no such direction")),
    };
    let chunk = log.chunk(from, count, direction, categories);
    Ok(LogChunk {
        log_creation_time: chunk.created,
        id_first: chunk.first,
        all_entry_cnt: chunk.looked_at,
        sel_entries: chunk.entries.into_iter().map(entry).collect(),
        extra_: Default::default(),
    })
}

fn entry(entry: log::LogEntry) -> LogEntry {
    LogEntry {
        id: entry.id,
        timestamp: answer::time(entry.at),
        event_class: entry.class,
        message: entry.message,
        extra_: Default::default(),
    }
}

/// Serves `/diag`.
pub(super) struct LogLevelServant(pub(super) Arc<Device>);

impl diag_traits::DiagLogSettings for LogLevelServant {
    fn reset_log_levels_for_all_ctx_names<'a>(&'a self, context: &'a Context) -> Reply<'a, ()> {
        answer::act(&self.0, context, |_| {
            self.0.maintenance().log_levels = log_level::LogLevels::default();
        })
    }

    fn get_log_levels_for_all_ctx_names<'a>(
        &'a self,
        _: &'a Context,
    ) -> Reply<'a, Vec<LogLevelEntry>> {
        let maintenance = self.0.maintenance();
        let entries = maintenance
            .log_levels
            .all()
            .map(|(part, level)| LogLevelEntry {
                ctx_name: part.to_owned(),
                log_level: sent(level),
                extra_: Default::default(),
            });
        Reply::ok(entries.collect())
    }

    fn set_log_level_for_all_ctx_names<'a>(
        &'a self,
        context: &'a Context,
        level: LogLevel,
    ) -> Reply<'a, ()> {
        answer::change(&self.0, context, |_| {
            let level = read(level)?;
            self.0.maintenance().log_levels.set_all(level);
            Ok::<(), i32>(())
        })
    }

    fn get_log_level_by_ctx_name<'a>(
        &'a self,
        _: &'a Context,
        name: String,
    ) -> Reply<'a, LogLevel> {
        let level = self.0.maintenance().log_levels.get(&name).map(sent);
        let unknown = DiagLogSettings::ERR_UNKNOWN_LOG_CONTEXT_NAME;
        answer::whole(level.ok_or(unknown), || LogLevel::LogLevelNone)
    }

    fn set_log_level_by_ctx_name<'a>(
        &'a self,
        context: &'a Context,
        name: String,
        level: LogLevel,
    ) -> Reply<'a, ()> {
        answer::change(&self.0, context, |_| {
            let level = read(level)?;
            let known = self.0.maintenance().log_levels.set(&name, level);
            known
                .then_some(())
                .ok_or(DiagLogSettings::ERR_UNKNOWN_LOG_CONTEXT_NAME)
        })
    }
}

fn sent(level: log_level::LogLevel) -> LogLevel {
    match level {
        log_level::LogLevel::None => LogLevel::LogLevelNone,
        log_level::LogLevel::Error => LogLevel::LogLevelErr,
        log_level::LogLevel::Warning => LogLevel::LogLevelWarn,
        log_level::LogLevel::Info => LogLevel::LogLevelInfo,
        log_level::LogLevel::Debug => LogLevel::LogLevelDebug,
        log_level::LogLevel::Trace => LogLevel::LogLevelTrace,
    }
}

fn read(level: LogLevel) -> Result<log_level::LogLevel, i32> {
    Ok(match level {
        LogLevel::LogLevelNone => log_level::LogLevel::None,
        LogLevel::LogLevelErr => log_level::LogLevel::Error,
        LogLevel::LogLevelWarn => log_level::LogLevel::Warning,
        LogLevel::LogLevelInfo => log_level::LogLevel::Info,
        LogLevel::LogLevelDebug => log_level::LogLevel::Debug,
        LogLevel::LogLevelTrace => log_level::LogLevel::Trace,
        _ => return Err(DiagLogSettings::ERR_UNKNOWN_LOG_LEVEL),
    })
}
