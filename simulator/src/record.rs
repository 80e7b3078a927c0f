//! What came in.

use std::collections::VecDeque;
use std::sync::{Mutex, MutexGuard, PoisonError};

/// A request that came to the objects: authenticated, and not stopped by a fault.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Recorded {
    /// The resource id, percent-decoded, with one leading slash.
    pub rid: String,
    /// The body as it came, which is JSON if the client is sound. Passwords that were set are in it, too.
    pub body: String,
}

/// The latest requests.
#[derive(Debug, Default)]
pub(crate) struct Recorder {
    keep: usize,
    latest: Mutex<VecDeque<Recorded>>,
}

impl Recorder {
    /// Keeps this many requests; with 0 none, at no cost.
    pub(crate) fn new(keep: usize) -> Self {
        Self {
            keep,
            latest: Mutex::default(),
        }
    }

    pub(crate) fn note(&self, rid: &str, body: &[u8]) {
        if self.keep == 0 {
            return;
        }
        let mut latest = self.lock();
        if latest.len() == self.keep {
            latest.pop_front();
        }
        latest.push_back(Recorded {
            rid: rid.to_owned(),
            body: String::from_utf8_lossy(body).into_owned(),
        });
    }

    /// Oldest first.
    pub(crate) fn latest(&self) -> Vec<Recorded> {
        self.lock().iter().cloned().collect()
    }

    fn lock(&self) -> MutexGuard<'_, VecDeque<Recorded>> {
        self.latest.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use super::Recorder;

    #[test]
    fn only_the_latest_are_kept() {
        let recorder = Recorder::new(2);
        for rid in ["/a", "/b", "/c"] {
            recorder.note(rid, b"{}");
        }
        let rids: Vec<_> = recorder.latest().into_iter().map(|seen| seen.rid).collect();
        assert_eq!(rids, ["/b", "/c"]);
        let off = Recorder::new(0);
        off.note("/a", b"{}");
        assert!(off.latest().is_empty());
    }
}
