//! Source distributions: gzipped tar archives.

use std::cell::Cell;
use std::fs::File;
use std::io::{self, BufReader, Read};
use std::rc::Rc;

use flate2::read::GzDecoder;
use tar::{Archive, EntryType};

use super::meter::{Meter, Passed, check_ratio, unpacking};
use super::name::{check, shown};
use super::{Files, Kept, is_wanted};
use crate::error::Error;
use crate::limits::Limits;

pub(super) fn read(file: File, limits: Limits) -> Result<Files, Error> {
    let packed = Rc::new(Cell::new(0));
    let source = Counted {
        inner: BufReader::new(file),
        count: Rc::clone(&packed),
    };
    let unpacked = Bounded {
        inner: GzDecoder::new(source),
        count: 0,
        packed,
        limits,
    };
    let mut archive = Archive::new(unpacked);
    let mut kept = Kept::default();
    let mut meter = Meter::new(limits);
    for entry in archive
        .entries()
        .map_err(|error| unpacking("archive", &error))?
    {
        meter.entry()?;
        let entry = entry.map_err(|error| unpacking("archive", &error))?;
        let raw = String::from_utf8_lossy(&entry.path_bytes()).into_owned();
        let name = check(&raw, limits)?;
        let refuse = |reason| {
            Err(Error::RefusedEntry {
                name: shown(&raw),
                reason,
            })
        };
        match entry.header().entry_type() {
            EntryType::Regular | EntryType::Continuous => {}
            EntryType::Directory | EntryType::XGlobalHeader => continue,
            EntryType::Symlink => return refuse("symbolic link"),
            EntryType::Link => return refuse("hard link"),
            _ => return refuse("neither file nor directory"),
        }
        kept.name(&name)?;
        if !is_wanted(&name) {
            continue;
        }
        let bytes = meter.read(&name, 0, entry)?;
        kept.files.insert(name, bytes);
    }
    Ok(kept.files)
}

/// Counts the packed bytes.
struct Counted<R> {
    inner: R,
    count: Rc<Cell<u64>>,
}

impl<R: Read> Read for Counted<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let count = self.inner.read(buffer)?;
        self.count.set(self.count.get() + count as u64);
        Ok(count)
    }
}

/// Stops when too much comes out, of whatever entry: also of those that are skipped.
struct Bounded<R> {
    inner: R,
    count: u64,
    packed: Rc<Cell<u64>>,
    limits: Limits,
}

impl<R: Read> Read for Bounded<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let count = self.inner.read(buffer)?;
        self.count += count as u64;
        let limits = self.limits;
        let passed = |what, name, limit| Err(io::Error::other(Passed { what, name, limit }));
        if self.count > limits.total_bytes {
            return passed(
                "unpacked size of the archive",
                "total_bytes",
                limits.total_bytes,
            );
        }
        if check_ratio(&String::new, self.count, self.packed.get().max(1), limits).is_err() {
            return passed(
                "unpacked size of the archive per packed byte",
                "ratio",
                limits.ratio,
            );
        }
        Ok(count)
    }
}
