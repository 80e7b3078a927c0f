//! Streams that are started, fetched and stopped.

use std::collections::HashMap;
use std::sync::{Mutex, MutexGuard, PoisonError};

use xerus_rpc::ripex2::FaultCode;
use xerus_rpc::server::Fault;

use crate::api::ripex2::{StreamInit, StreamPart};

/// Those of one unit, by their ids: how many parts each has, and how many were fetched.
#[derive(Default)]
pub(crate) struct Streams(Mutex<HashMap<String, (i32, i32)>>);

impl Streams {
    fn lock(&self) -> MutexGuard<'_, HashMap<String, (i32, i32)>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Starts one with so many parts; one of the same id begins anew.
    pub(crate) fn start(&self, id: &str, parts: i32) -> StreamInit {
        self.lock().insert(id.to_owned(), (parts, 0));
        StreamInit {
            process_id: id.to_owned(),
            min_interval: 1,
            max_interval: 3,
            min_interval_threshold: 5,
            max_interval_threshold: 20,
            ..StreamInit::default()
        }
    }

    pub(crate) fn poll(&self, id: &str) -> Result<StreamPart, Fault> {
        let mut streams = self.lock();
        let (parts, sent) = streams.get_mut(id).ok_or(FaultCode::InvalidParameter)?;
        *sent += 1;
        Ok(StreamPart {
            lines: vec![format!("reply {sent}")],
            is_last: sent >= parts,
            ..StreamPart::default()
        })
    }

    pub(crate) fn stop(&self, id: &str) -> Result<(), Fault> {
        let stopped = self.lock().remove(id).map(drop);
        stopped.ok_or_else(|| FaultCode::InvalidParameter.into())
    }
}
