//! What a stream of events gives.

use std::fmt;
use std::time::{Duration, SystemTime};

use xerus_api::idl;
use xerus_rpc::{Error, Extends, ValueObject};

use super::{Event, EventsError};

/// What a stream of events gives, in the order in which it happened.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub enum Item {
    /// The device has begun to keep events. What was the case before does not come as an event: read it now.
    Started,
    /// Something happened.
    Event(Event),
    /// Events may be missing here, because nobody fetched them from the device. Given when they come again: read the present
    /// state now.
    Gap(Gap),
    /// Events are missing here, because they were not read in time.
    Overflow(Overflow),
    /// The device does not answer as it should. It is asked again, less and less often. Of several in a row that nobody has
    /// read, the last is kept.
    Trouble(Trouble),
    /// The device answers again, and nothing was lost.
    Recovered,
}

impl Item {
    /// The event, if it is one.
    #[must_use]
    pub fn event(&self) -> Option<&Event> {
        match self {
            Self::Event(event) => Some(event),
            _ => None,
        }
    }

    /// The event as an `E`, if it is one.
    #[must_use]
    pub fn downcast<E: ValueObject + Extends<idl::Event>>(&self) -> Option<E> {
        self.event()?.downcast()
    }

    /// Whether events may be missing here.
    #[must_use]
    pub fn is_loss(&self) -> bool {
        matches!(self, Self::Gap(_) | Self::Overflow(_))
    }
}

/// A time in which nobody fetched events from the device.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct Gap {
    /// Since when events may be missing: the last answer that left nothing behind.
    pub since: SystemTime,
    /// How long it lasted, until the device began to keep events again. Measured by a clock that nobody sets.
    pub lasted: Duration,
    /// How it began.
    pub reason: GapReason,
}

/// How a [`Gap`] began.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub enum GapReason {
    /// The device has thrown the channel away, and not because nobody polled it: it was started anew, say.
    ChannelLost(Error),
    /// The channel was not polled for so long: the stream was not read, and nothing drove it.
    NotPolled(Duration),
    /// The answer to a poll was lost or made no sense. The events in it are gone from the device.
    AnswerLost(Error),
    /// The device could not be reached for longer than a channel lives.
    Away(EventsError),
}

impl fmt::Display for Gap {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let seconds = self.lasted.as_secs_f64();
        write!(
            f,
            "events of {seconds:.1} s may be missing: {}",
            self.reason
        )
    }
}

impl fmt::Display for GapReason {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::ChannelLost(error) => write!(f, "the device has given the channel up ({error})"),
            Self::NotPolled(time) => write!(
                f,
                "the stream was not read for {:.1} s, and a channel lives 30 s: read it sooner, or use a driver",
                time.as_secs_f64()
            ),
            Self::AnswerLost(error) => write!(f, "an answer was lost ({error})"),
            Self::Away(error) => write!(f, "the device was away ({error})"),
        }
    }
}

/// What was thrown away because the buffer was full.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct Overflow {
    /// Events that were thrown away.
    pub lost: u64,
    /// Gaps between them. If there are any, more events are missing than were counted.
    pub gaps: u64,
}

impl Overflow {
    pub(super) fn add(&mut self, item: &Item) {
        match item {
            Item::Event(_) => self.lost += 1,
            Item::Gap(_) => self.gaps += 1,
            Item::Overflow(other) => {
                self.lost += other.lost;
                self.gaps += other.gaps;
            }
            Item::Started | Item::Trouble(_) | Item::Recovered => {}
        }
    }
}

impl fmt::Display for Overflow {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "{} events were not read in time and thrown away",
            self.lost
        )?;
        if self.gaps > 0 {
            write!(f, ", and {} gaps between them", self.gaps)?;
        }
        f.write_str(": read faster, or make the buffer larger")
    }
}

/// The device does not answer as it should.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct Trouble {
    /// Since when.
    pub since: SystemTime,
    /// Attempts that failed since then.
    pub attempts: u32,
    /// How the last of them failed.
    pub error: EventsError,
    /// When the next attempt is made.
    pub retry_in: Duration,
}

impl fmt::Display for Trouble {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let seconds = self.retry_in.as_secs_f64();
        write!(
            f,
            "{}; attempt {} failed, the next is made in {seconds:.1} s",
            self.error, self.attempts
        )
    }
}
