//! Frames that wait to be written.

use std::ops::Range;
use std::sync::{Mutex, MutexGuard, PoisonError};

use tokio::sync::{Notify, Semaphore};

use super::codec;

/// What a frame costs beside its bytes.
const EACH: usize = 128;
/// Bytes that are written at a time; a larger frame is written alone.
const CHUNK: usize = 64 << 10;

/// A frame among others.
struct Frame<M> {
    mark: M,
    /// Where it ends in the text.
    end: usize,
    room: usize,
}

/// Frames that wait to be written, one behind the other, each with a mark of whoever put it in.
pub(super) struct Outbox<M> {
    batch: Mutex<Batch<M>>,
    filled: Notify,
    room: Semaphore,
    /// Bytes that may wait.
    size: usize,
}

/// Frames in order.
pub(super) struct Batch<M> {
    text: Vec<u8>,
    frames: Vec<Frame<M>>,
}

/// Room for one frame.
pub(super) struct Room(usize);

impl<M> Outbox<M> {
    /// An outbox in which so many bytes may wait.
    pub(super) fn new(size: u32) -> Self {
        let size = usize::try_from(size).unwrap_or(usize::MAX);
        let size = size.min(Semaphore::MAX_PERMITS);
        Self {
            batch: Mutex::default(),
            filled: Notify::new(),
            room: Semaphore::new(size),
            size,
        }
    }

    fn lock(&self) -> MutexGuard<'_, Batch<M>> {
        self.batch.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Room for a frame of about this many bytes, where there is some at once.
    pub(super) fn try_room(&self, bytes: usize) -> Option<Room> {
        let room = self.needed(bytes);
        self.room.try_acquire_many(permits(room)).ok()?.forget();
        Some(Room(room))
    }

    /// Waits for the same.
    pub(super) async fn room(&self, bytes: usize) -> Option<Room> {
        let room = self.needed(bytes);
        self.room.acquire_many(permits(room)).await.ok()?.forget();
        Some(Room(room))
    }

    fn needed(&self, bytes: usize) -> usize {
        bytes.saturating_add(EACH).min(self.size)
    }

    /// Adds the frame of a body.
    pub(super) fn push(&self, room: Room, mark: M, body: impl FnOnce(&mut Vec<u8>)) {
        let mut batch = self.lock();
        let first = batch.frames.is_empty();
        codec::append(&mut batch.text, room.0.saturating_sub(EACH), body);
        let end = batch.text.len();
        batch.frames.push(Frame {
            mark,
            end,
            room: room.0,
        });
        drop(batch);
        if first {
            self.filled.notify_one();
        }
    }

    /// Waits for frames, and takes all in exchange for an empty batch.
    pub(super) async fn take(&self, batch: &mut Batch<M>) {
        loop {
            {
                let mut filled = self.lock();
                if !filled.frames.is_empty() {
                    std::mem::swap(&mut *filled, batch);
                    return;
                }
            }
            self.filled.notified().await;
        }
    }

    /// Gives the room of these back.
    pub(super) fn done(&self, room: usize) {
        self.room.add_permits(room);
    }
}

fn permits(room: usize) -> u32 {
    u32::try_from(room).unwrap_or(u32::MAX)
}

impl<M> Default for Batch<M> {
    fn default() -> Self {
        Self {
            text: Vec::new(),
            frames: Vec::new(),
        }
    }
}

/// Some frames of a batch that are written together.
pub(super) struct Chunk {
    frames: Range<usize>,
    /// What they are written from: a part of the batch, or what is left of that without those which were given up.
    text: Range<usize>,
    kept: Option<Vec<u8>>,
}

impl<M> Batch<M> {
    /// The next frames from this one on, so many at most; those that are not to go out any more are left out.
    pub(super) fn chunk(
        &self,
        from: usize,
        most: usize,
        mut goes: impl FnMut(&M) -> bool,
    ) -> Option<Chunk> {
        let begin = self.begin(from);
        let rest = self.frames.get(from..)?;
        let fits = rest
            .iter()
            .take(most)
            .take_while(|frame| frame.end - begin <= CHUNK);
        let to = from + fits.count().max(1).min(rest.len());
        if to == from {
            return None;
        }
        let mut kept = None;
        for number in from..to {
            let frame = &self.frames[number];
            let text = &self.text[self.begin(number)..frame.end];
            match (goes(&frame.mark), &mut kept) {
                (true, None) => {}
                (true, Some(kept)) => Vec::extend_from_slice(kept, text),
                (false, Some(_)) => {}
                (false, none) => *none = Some(self.text[begin..self.begin(number)].to_vec()),
            }
        }
        Some(Chunk {
            frames: from..to,
            text: begin..self.begin(to),
            kept,
        })
    }

    /// Where a frame begins.
    fn begin(&self, frame: usize) -> usize {
        frame
            .checked_sub(1)
            .map_or(0, |before| self.frames[before].end)
    }

    pub(super) fn text<'b>(&'b self, chunk: &'b Chunk) -> &'b [u8] {
        match &chunk.kept {
            Some(kept) => kept,
            None => &self.text[chunk.text.clone()],
        }
    }

    /// Those of a chunk, also the ones that were left out.
    pub(super) fn marks(&self, chunk: &Chunk) -> impl Iterator<Item = &M> {
        let frames = &self.frames[chunk.frames.clone()];
        frames.iter().map(|frame| &frame.mark)
    }

    /// The room that they had, and where the next ones begin.
    pub(super) fn after(&self, chunk: &Chunk) -> (usize, usize) {
        let frames = &self.frames[chunk.frames.clone()];
        let room = frames.iter().map(|frame| frame.room).sum();
        (room, chunk.frames.end)
    }

    /// Makes room for others.
    pub(super) fn clear(&mut self) {
        self.frames.clear();
        self.text.clear();
        self.text.shrink_to(CHUNK);
        self.frames.shrink_to(CHUNK / EACH);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn put(outbox: &Outbox<usize>, mark: usize, body: &str) {
        let room = outbox.try_room(body.len()).expect("room");
        outbox.push(room, mark, |text| text.extend_from_slice(body.as_bytes()));
    }

    #[tokio::test]
    async fn frames_that_are_not_to_go_out_are_left_out() {
        let outbox = Outbox::new(4 << 20);
        for (mark, body) in ["one", "two", "three", "four"].into_iter().enumerate() {
            put(&outbox, mark, body);
        }
        let mut batch = Batch::default();
        outbox.take(&mut batch).await;
        let even = |mark: &usize| mark.is_multiple_of(2);
        let chunk = batch.chunk(0, 9, even).expect("frames");
        assert_eq!(batch.text(&chunk), b"3:one,5:three,");
        assert_eq!(batch.marks(&chunk).count(), 4);
        let (room, next) = batch.after(&chunk);
        assert_eq!((room, next), (3 + 3 + 5 + 4 + 4 * EACH, 4));
        assert!(batch.chunk(next, 9, even).is_none());
        let odd = |mark: &usize| !mark.is_multiple_of(2);
        let chunk = batch.chunk(0, 9, odd).expect("frames");
        assert_eq!(batch.text(&chunk), b"3:two,4:four,");
    }

    #[tokio::test]
    async fn each_part_is_looked_at_when_it_is_written() {
        let outbox = Outbox::new(4 << 20);
        let large = "x".repeat(CHUNK);
        for body in [&large, "a", "b", &large, "c"] {
            put(&outbox, 0, body);
        }
        let mut batch = Batch::default();
        outbox.take(&mut batch).await;
        let (mut next, mut sizes) = (0, Vec::new());
        while let Some(chunk) = batch.chunk(next, 9, |_| sizes.len() < 3) {
            sizes.push(batch.text(&chunk).len());
            next = batch.after(&chunk).1;
        }
        assert_eq!(sizes, [CHUNK + 7, 8, CHUNK + 7, 0]);
        let one_each = batch.chunk(1, 1, |_| true).expect("a frame");
        assert_eq!(batch.text(&one_each), b"1:a,");
    }

    #[tokio::test]
    async fn what_waits_is_bounded() {
        let outbox = Outbox::<()>::new(4 << 20);
        let mut rooms = 0;
        while outbox.try_room(1 << 20).is_some() {
            rooms += 1;
        }
        assert_eq!(rooms, 3);
        outbox.done(outbox.needed(1 << 20));
        assert!(outbox.room(1 << 20).await.is_some());
        // One that is larger than all waits until it is alone.
        assert!(outbox.try_room(8 << 20).is_none());
        outbox.done(3 * outbox.needed(1 << 20));
        assert!(outbox.try_room(8 << 20).is_some());
    }
}
