//! The one loop that reads every structure and value object.

use super::reader::Reader;
use super::record::Record;
use crate::error::DecodeError;
use crate::json::{NON_EMPTY, duplicate};
use crate::json_text::Json;

/// The most members of one object that the bindings do not know.
const MAX_UNKNOWN: usize = 4096;

const OBJECT: &str = "an object";

impl Reader<'_> {
    /// Reads a structure or value object.
    ///
    /// Members may come in any order. Unknown ones are kept in [`Extra`](crate::Extra); missing ones keep
    /// their default value and are noted there, or fail in strict reading.
    ///
    /// # Errors
    ///
    /// When the value is no object, a member is no value of its type, or a member is given twice.
    #[inline]
    pub fn record<T: Record + Default>(&mut self) -> Result<T, DecodeError> {
        let mut record = T::default();
        self.record_into(&mut record)?;
        Ok(record)
    }

    pub(crate) fn record_into(&mut self, record: &mut dyn Record) -> Result<(), DecodeError> {
        let members = record.info().members;
        if self.open_object(OBJECT)? != NON_EMPTY {
            return self.finish_record(record, &Seen::first(0, members.len()), Vec::new());
        }
        // Devices send the members in the order of the IDL: no search, no bookkeeping.
        for (index, name) in members.iter().enumerate() {
            if !self.take_key(name) {
                return self.record_in_any_order(record, index);
            }
            if let Err(error) = record.read(index, self) {
                return Err(error.member(*name));
            }
            if !self.more_members()? {
                let read = index + 1;
                if read == members.len() {
                    self.known_members = read;
                    return Ok(());
                }
                return self.finish_record(record, &Seen::first(read, members.len()), Vec::new());
            }
        }
        self.record_in_any_order(record, members.len())
    }

    /// The general loop, entered before a member name, with the first `done` members read.
    fn record_in_any_order(
        &mut self,
        record: &mut dyn Record,
        done: usize,
    ) -> Result<(), DecodeError> {
        let members = record.info().members;
        let mut seen = Seen::first(done, members.len());
        let mut unknown = Vec::new();
        let mut expected = done;
        loop {
            self.peek();
            let start = self.offset();
            let name = self.key()?;
            // The search begins behind the member read last, since order mostly holds.
            let position = (expected..members.len())
                .chain(0..expected)
                .find(|at| members[*at] == name);
            if let Some(index) = position {
                if !seen.insert(index) {
                    return Err(duplicate(start).member(members[index]));
                }
                if let Err(error) = record.read(index, self) {
                    return Err(error.member(members[index]));
                }
                expected = index + 1;
            } else {
                if unknown.len() == MAX_UNKNOWN {
                    return Err(self.limit("at most 4096 members unknown to the bindings", "more"));
                }
                let value = self
                    .raw_value()
                    .map_err(|error| error.member(name.to_string()))?;
                self.charge(size_of::<Unknown>() + name.len() + value.len())?;
                unknown.push(Unknown {
                    name: name.into(),
                    value: Json::trusted(value.to_owned()),
                    start,
                });
            }
            if !self.more_members()? {
                break;
            }
        }
        self.finish_record(record, &seen, unknown)
    }

    fn finish_record(
        &mut self,
        record: &mut dyn Record,
        seen: &Seen,
        unknown: Vec<Unknown>,
    ) -> Result<(), DecodeError> {
        let info = record.info();
        let mut missing = 0;
        if !info.sparse {
            for (index, name) in info.members.iter().enumerate() {
                if seen.contains(index) {
                    continue;
                }
                if self.is_strict() {
                    return Err(DecodeError::missing(name, self.offset()));
                }
                self.charge(size_of::<&str>())?;
                record.extra_mut().add_missing(name);
                missing += 1;
            }
        }
        self.known_members = info.members.len() - missing;
        if !unknown.is_empty() {
            refuse_duplicates(&unknown)?;
            let members = unknown
                .into_iter()
                .map(|member| (member.name, member.value))
                .collect();
            record.extra_mut().set_unknown(members, self.agent());
        }
        Ok(())
    }
}

/// A member that the bindings do not know.
struct Unknown {
    name: Box<str>,
    value: Json,
    /// Where its name stands.
    start: usize,
}

fn refuse_duplicates(unknown: &[Unknown]) -> Result<(), DecodeError> {
    // Sorted rather than compared pairwise: a hostile object may have thousands of names.
    let mut names: Vec<(&str, usize)> = unknown
        .iter()
        .map(|member| (&*member.name, member.start))
        .collect();
    names.sort_unstable();
    let twice = names
        .iter()
        .zip(names.iter().skip(1))
        .find(|(one, two)| one.0 == two.0);
    match twice {
        Some((_, (name, start))) => Err(duplicate(*start).member((*name).to_owned())),
        None => Ok(()),
    }
}

/// Which members have been read.
struct Seen {
    low: u64,
    /// For records with more than 64 members.
    high: Vec<bool>,
}

impl Seen {
    /// The first `count` of `total` members.
    fn first(count: usize, total: usize) -> Self {
        let low = if count >= 64 {
            u64::MAX
        } else {
            (1 << count) - 1
        };
        let high = (64..total).map(|index| index < count).collect();
        Self { low, high }
    }

    fn contains(&self, index: usize) -> bool {
        match index.checked_sub(64) {
            None => self.low >> index & 1 == 1,
            Some(index) => self.high.get(index).copied().unwrap_or(false),
        }
    }

    /// Whether `index` is new.
    fn insert(&mut self, index: usize) -> bool {
        if self.contains(index) {
            return false;
        }
        match index.checked_sub(64) {
            None => self.low |= 1 << index,
            Some(index) => {
                if let Some(flag) = self.high.get_mut(index) {
                    *flag = true;
                }
            }
        }
        true
    }
}
