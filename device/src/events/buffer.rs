//! What lies between the device and a reader who takes his time.

use std::collections::VecDeque;

use super::{Item, Overflow};

/// Bytes that an event takes beside its text, about.
const BESIDE: usize = 256;

/// What lies between the device and a reader who takes his time.
///
/// Full is a buffer with so many items or bytes. What one answer of the device brings is never torn apart for that: a reader who
/// has emptied the buffer gets all of it. So the buffer holds what was said, or one answer.
#[derive(Clone, Debug, PartialEq, Eq)]
#[must_use]
pub struct Buffer {
    items: usize,
    bytes: usize,
    full: Full,
}

/// What happens when the buffer is full.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Full {
    DropOldest,
    DropNewest,
    Wait,
}

impl Buffer {
    const BYTES: usize = 8 << 20;

    const fn new(items: usize, full: Full) -> Self {
        Self {
            items: if items == 0 { 1 } else { items },
            bytes: Self::BYTES,
            full,
        }
    }

    /// A buffer for so many items, at least one. When it is full, the oldest give way, and an [`Overflow`] stands in their place.
    pub const fn drop_oldest(items: usize) -> Self {
        Self::new(items, Full::DropOldest)
    }

    /// A buffer for so many items, at least one. When it is full, what comes is thrown away, and an [`Overflow`] stands in its
    /// place.
    pub const fn drop_newest(items: usize) -> Self {
        Self::new(items, Full::DropNewest)
    }

    /// A buffer for so many items, at least one. When it is full, the device is not polled; it keeps events as long as it has
    /// room, and gives the channel up after 30 s, which is a [`Gap`](super::Gap).
    pub const fn wait(items: usize) -> Self {
        Self::new(items, Full::Wait)
    }

    /// The most bytes, text of events and about 256 bytes for each. Default: 8 MiB.
    pub const fn max_bytes(mut self, bytes: usize) -> Self {
        self.bytes = bytes;
        self
    }

    /// Whether a full buffer stops the polls.
    pub(super) fn waits(&self) -> bool {
        self.full == Full::Wait
    }
}

impl Default for Buffer {
    /// 1024 items and 8 MiB; the oldest give way.
    fn default() -> Self {
        Self::drop_oldest(1024)
    }
}

/// A buffer and what is in it.
#[derive(Debug)]
pub(super) struct Queue {
    limits: Buffer,
    items: VecDeque<Item>,
    bytes: usize,
}

impl Queue {
    pub(super) fn new(limits: Buffer) -> Self {
        Self {
            limits,
            items: VecDeque::new(),
            bytes: 0,
        }
    }

    pub(super) fn waits(&self) -> bool {
        self.limits.waits()
    }

    pub(super) fn len(&self) -> usize {
        self.items.len()
    }

    pub(super) fn is_full(&self) -> bool {
        self.items.len() >= self.limits.items || self.bytes >= self.limits.bytes
    }

    /// Whether there is room for as much again.
    pub(super) fn is_half_empty(&self) -> bool {
        self.items.len() <= self.limits.items / 2 && self.bytes <= self.limits.bytes / 2
    }

    pub(super) fn pop(&mut self) -> Option<Item> {
        let item = self.items.pop_front()?;
        self.bytes -= weight(&item);
        Some(item)
    }

    /// Takes what one answer of the device brought.
    pub(super) fn push(&mut self, batch: Vec<Item>) {
        if batch.is_empty() {
            return;
        }
        if let ([Item::Trouble(_)], Some(last @ Item::Trouble(_))) =
            (batch.as_slice(), self.items.back_mut())
        {
            // The later one says all that the earlier one said, and nothing has to give way to it.
            batch.into_iter().for_each(|item| *last = item);
            return;
        }
        match self.limits.full {
            Full::DropOldest => self.make_room(&batch),
            Full::DropNewest if !self.items.is_empty() => return self.push_what_fits(batch),
            Full::DropNewest | Full::Wait => {}
        }
        batch.into_iter().for_each(|item| self.append(item));
    }

    fn fits(&self, items: usize, bytes: usize) -> bool {
        self.items.len() + items <= self.limits.items
            && self.bytes.saturating_add(bytes) <= self.limits.bytes
    }

    /// Throws the oldest away until the batch fits, or nothing is left to throw away.
    fn make_room(&mut self, batch: &[Item]) {
        let bytes = batch.iter().map(weight).sum();
        let mut lost = Overflow::default();
        while !self.fits(batch.len(), bytes)
            && let Some(item) = self.pop()
        {
            lost.add(&item);
        }
        if lost != Overflow::default() {
            self.items.push_front(Item::Overflow(lost));
            self.bytes += BESIDE;
        }
    }

    fn push_what_fits(&mut self, batch: Vec<Item>) {
        let mut full = false;
        for item in batch {
            // What follows something that is missing is missing, too: the place of the loss is one.
            full = full || !self.fits(1, weight(&item));
            if !full {
                self.append(item);
            } else if let Some(Item::Overflow(lost)) = self.items.back_mut() {
                lost.add(&item);
            } else {
                let mut lost = Overflow::default();
                lost.add(&item);
                if lost != Overflow::default() {
                    self.append(Item::Overflow(lost));
                }
            }
        }
    }

    fn append(&mut self, item: Item) {
        self.bytes += weight(&item);
        self.items.push_back(item);
    }
}

fn weight(item: &Item) -> usize {
    BESIDE + item.event().map_or(0, |event| event.raw().get().len())
}

#[cfg(test)]
mod tests;
