//! One look at a device that was told to begin.

use std::sync::{Arc, Mutex};
use std::time::Duration;

use tokio::time::Instant;
use xerus_api::firmware::UpdateHistoryEntry;
use xerus_rpc::action::Check;
use xerus_rpc::error::Fingerprint;
use xerus_rpc::{Agent, Error, ErrorKind};

use super::device::Device;
use super::watch::locked;
use crate::firmware::error::UpdateError;
use crate::firmware::event::{Phase, Progress};
use crate::firmware::history;
use crate::firmware::judge::{Doubt, Ending, Facts, Verdict};
use crate::firmware::notes::Notes;
use crate::firmware::updated::{Change, Updated};

/// So often another certificate has to be seen, for devices present others while they start.
const TIMES: u32 = 3;

/// What a look comes to in the end.
pub(super) enum Found {
    Updated(Box<Updated>),
    NotBegun,
    /// It presents a certificate that is not trusted: those that are, that one, and why.
    Certificate(Vec<Fingerprint>, Fingerprint, Error),
    Ended(UpdateError),
}

/// What looks have found until now.
pub(super) struct Memory {
    pub(super) notes: Notes,
    doubt: Doubt,
    certificate: Option<(Fingerprint, Instant, u32)>,
}

impl Memory {
    pub(super) fn new(notes: Notes) -> Self {
        Self {
            notes,
            doubt: Doubt::default(),
            certificate: None,
        }
    }

    /// Whether this certificate was presented long enough, or in another process before.
    fn believes(&mut self, presented: Fingerprint, now: Instant) -> bool {
        let (since, times) = match self.certificate {
            Some((known, since, times)) if known == presented => (since, times.saturating_add(1)),
            _ => (now, 1),
        };
        self.certificate = Some((presented, since, times));
        self.notes.certificate.as_deref() == Some(presented.to_string().as_str())
            || times >= TIMES && now - since >= self.patience() / 3
    }

    fn patience(&self) -> Duration {
        self.notes.patience
    }
}

/// Looks once. The lock is never held while the device is asked.
pub(super) async fn look(
    agent: Agent,
    memory: Arc<Mutex<Memory>>,
) -> Result<Check<Progress, Found>, Error> {
    let device = Device::new(&agent, &locked(&memory).notes)?;
    let progress = match device.progress().await {
        Ok(progress) => progress,
        Err(error) => return untrusted(error, &memory),
    };
    let must_read = {
        let mut memory = locked(&memory);
        memory.certificate = None;
        memory.doubt.looks(Instant::now());
        memory.notes.ran |= progress.phase.is_under_way();
        // What works on the update answers nothing else; after a restart the progress may be what it was before.
        !progress.phase.is_running() || memory.notes.away
    };
    if !must_read {
        locked(&memory).doubt.forget();
        return Ok(Check::Pending(progress));
    }
    let read = async {
        let version = device.firmware.get_version().await?;
        Ok::<_, Error>((version, device.history().await?))
    };
    match read.await {
        Ok((version, history)) => Ok(judged(&mut locked(&memory), progress, version, history)),
        // It tells the progress, and nothing else yet. One that no longer knows the user does not get to know it by waiting.
        Err(error)
            if progress.phase != Phase::None && !matches!(error.kind(), ErrorKind::Auth(_)) =>
        {
            Ok(Check::Pending(progress))
        }
        Err(error) => untrusted(error, &memory),
    }
}

fn judged(
    memory: &mut Memory,
    progress: Progress,
    version: String,
    history: Vec<UpdateHistoryEntry>,
) -> Check<Progress, Found> {
    let notes = &memory.notes;
    let record = history::news(history, &notes.updates, &notes.image);
    let facts = Facts {
        installed: &notes.installed,
        image: &notes.image,
        version: &version,
        record: record.as_ref(),
        progress: &progress,
        ran: notes.ran,
        away: notes.away,
    };
    let ending = match facts.verdict() {
        Verdict::Pending => {
            memory.doubt.forget();
            return Check::Pending(progress);
        }
        Verdict::Updated => {
            return Check::Done(Found::Updated(Box::new(Updated {
                before: notes.installed.clone(),
                version,
                change: Change::Installed,
                record,
                warnings: Vec::new(),
            })));
        }
        Verdict::Ends(ending) => ending,
    };
    let patience = memory.patience();
    if !memory
        .doubt
        .believes(ending, record.is_some(), patience, Instant::now())
    {
        return Check::Pending(progress);
    }
    let expected = memory.notes.image.clone();
    Check::Done(found(ending, progress, version, expected, record))
}

fn found(
    ending: Ending,
    progress: Progress,
    version: String,
    expected: String,
    record: Option<UpdateHistoryEntry>,
) -> Found {
    let details = |record: &Option<UpdateHistoryEntry>| {
        record
            .as_ref()
            .map_or_else(String::new, |record| record.details.clone())
    };
    Found::Ended(match ending {
        Ending::NotBegun => return Found::NotBegun,
        Ending::Failed => UpdateError::Failed {
            message: if progress.message.is_empty() {
                details(&record)
            } else {
                progress.message
            },
            version,
            record: record.map(Box::new),
        },
        Ending::OldVersion => UpdateError::OldVersion {
            version,
            record: record.map(Box::new),
        },
        Ending::OtherVersion => UpdateError::OtherVersion {
            version,
            expected,
            record: record.map(Box::new),
        },
        Ending::Contradiction(what) => UpdateError::Contradiction {
            version,
            what,
            progress: Box::new(progress),
            record: record.map(Box::new),
        },
    })
}

/// A device that does not answer is away, until it presents another certificate for long.
fn untrusted(error: Error, memory: &Mutex<Memory>) -> Result<Check<Progress, Found>, Error> {
    let ErrorKind::Tls(tls) = error.kind() else {
        return Err(error);
    };
    let Some(presented) = tls.certificate_sha256() else {
        return Err(error);
    };
    let expected = tls.pinned_certificates().to_vec();
    let mut memory = locked(memory);
    if !memory.believes(presented, Instant::now()) {
        drop(memory);
        return Err(error);
    }
    memory.notes.presented(presented);
    drop(memory);
    Ok(Check::Done(Found::Certificate(expected, presented, error)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_certificate_that_passes_is_no_end() {
        let (one, other) = (
            Fingerprint::from_bytes([1; 32]),
            Fingerprint::from_bytes([2; 32]),
        );
        let begin = Instant::now();
        let at = |seconds| begin + Duration::from_secs(seconds);
        let mut memory = Memory::new(Notes::new());
        // 30 s of patience: the same one for 10 s, seen three times.
        for (certificate, seconds, believed) in [
            (one, 0, false),
            (one, 4, false),
            (other, 8, false),
            (one, 12, false),
            (one, 16, false),
            (one, 20, false),
            (one, 22, true),
        ] {
            assert_eq!(
                memory.believes(certificate, at(seconds)),
                believed,
                "{seconds}"
            );
        }
        // The device was trusted in between.
        memory.certificate = None;
        assert!(!memory.believes(one, at(60)));
        // Another process has seen it for long enough.
        memory.notes.presented(one);
        memory.certificate = None;
        assert!(memory.believes(one, at(61)));
        assert!(!memory.believes(other, at(62)));
    }
}
