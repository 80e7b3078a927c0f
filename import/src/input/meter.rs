//! Counts what is unpacked and stops at the limits.

use std::io::{self, Read};

use super::name::shown;
use crate::error::Error;
use crate::limits::Limits;

/// Small inputs pack well without being bombs: the ratio counts from here on.
const RATIO_FROM: u64 = 1 << 20;

/// How much has been met so far.
#[derive(Debug)]
pub(super) struct Meter {
    limits: Limits,
    entries: u64,
    total: u64,
}

impl Meter {
    pub(super) const fn new(limits: Limits) -> Self {
        Self {
            limits,
            entries: 0,
            total: 0,
        }
    }

    /// Counts an entry.
    pub(super) fn entry(&mut self) -> Result<(), Error> {
        self.entries += 1;
        if self.entries > self.limits.entries {
            return Err(limit(
                "number of entries".to_owned(),
                "entries",
                self.limits.entries,
            ));
        }
        Ok(())
    }

    /// Reads an entry whose packed size is known (0: it is not).
    pub(super) fn read(
        &mut self,
        name: &str,
        packed: u64,
        reader: impl Read,
    ) -> Result<Vec<u8>, Error> {
        let mut bytes = Vec::new();
        let most = self
            .limits
            .entry_bytes
            .min(self.limits.total_bytes - self.total);
        let mut reader = reader.take(most + 1);
        let mut chunk = [0; 64 << 10];
        loop {
            let count = match reader.read(&mut chunk) {
                Ok(0) => break,
                Ok(count) => count,
                Err(error) if error.kind() == io::ErrorKind::Interrupted => continue,
                Err(error) => return Err(unpacking(name, &error)),
            };
            bytes.extend_from_slice(&chunk[..count]);
            self.check(name, bytes.len() as u64, packed)?;
        }
        self.total += bytes.len() as u64;
        Ok(bytes)
    }

    fn check(&self, name: &str, bytes: u64, packed: u64) -> Result<(), Error> {
        let limits = self.limits;
        let what = || format!("unpacked size of `{}`", shown(name));
        if bytes > limits.entry_bytes {
            return Err(limit(what(), "entry_bytes", limits.entry_bytes));
        }
        if self.total + bytes > limits.total_bytes {
            return Err(limit(
                "unpacked size of all entries".to_owned(),
                "total_bytes",
                limits.total_bytes,
            ));
        }
        check_ratio(&what, bytes, packed, limits)
    }
}

/// Whether more than the allowed ratio comes out of what went in (0: unknown).
pub(super) fn check_ratio(
    what: &dyn Fn() -> String,
    bytes: u64,
    packed: u64,
    limits: Limits,
) -> Result<(), Error> {
    if packed != 0 && bytes > RATIO_FROM && bytes / packed > limits.ratio {
        return Err(limit(
            format!("{} per packed byte", what()),
            "ratio",
            limits.ratio,
        ));
    }
    Ok(())
}

/// A limit is passed.
pub(super) fn limit(what: String, name: &'static str, limit: u64) -> Error {
    Error::Limit { what, name, limit }
}

/// Unpacking fails, or a limit was met inside of a reader.
pub(super) fn unpacking(name: &str, error: &io::Error) -> Error {
    match error
        .get_ref()
        .and_then(|inner| inner.downcast_ref::<Passed>())
    {
        Some(passed) => limit(passed.what.to_owned(), passed.name, passed.limit),
        None => Error::Archive(format!("`{}` is cut off or damaged", shown(name))),
    }
}

/// A limit that was met where only I/O errors can be returned.
#[derive(Clone, Copy, Debug)]
pub(super) struct Passed {
    pub(super) what: &'static str,
    pub(super) name: &'static str,
    pub(super) limit: u64,
}

impl std::fmt::Display for Passed {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{} beyond the limit of {}", self.what, self.limit)
    }
}

impl std::error::Error for Passed {}
