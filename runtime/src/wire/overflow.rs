//! What becomes of what comes faster than it is read.

/// What happens when values come faster than the program reads them, and those that wait fill their room.
///
/// Whatever is chosen, one reader that sleeps never holds up what others wait for on the same connection.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Overflow {
    /// The oldest that waits is dropped: what is read is as new as can be.
    #[default]
    DropOldest,
    /// The one that came is dropped: what is read has no gap until the place where it stops.
    DropNewest,
    /// Whoever sends waits until there is room, so that nothing is lost. Only where a wire can hold one sender back alone. WAMP cannot: what one
    /// sender must wait for, all who share the session would wait for. It refuses this before anything is sent.
    /// [`MemoryTransport`](crate::MemoryTransport) has this, whatever is chosen: there the servant waits.
    Wait,
    /// It is an error: what waits is read, then comes `Overflow` with how many were lost, and nothing after it. That holds for what comes while
    /// [`CallStream::finish`](crate::CallStream::finish) waits for the result, too.
    Fail,
}

/// How many values wait for the program, and what happens to more.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub struct Room {
    /// How many may wait, at least 1.
    pub values: usize,
    /// What happens to more.
    pub overflow: Overflow,
}

impl Room {
    /// Room for so many, at least 1.
    #[must_use]
    pub const fn new(values: usize, overflow: Overflow) -> Self {
        Self {
            values: if values == 0 { 1 } else { values },
            overflow,
        }
    }
}
